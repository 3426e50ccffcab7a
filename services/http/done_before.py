"""Of an act that is done already: whose it was, when and how, as far as whoever asks may see people."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import psycopg
from fastapi import Request
from psycopg_pool import PoolTimeout, TooManyRequests

from domain.recorded import Act
from domain.told_late import is_told_late
from projections.people import people
from services.product import Product
from services.threads.try_later import TryLater
from services.words.sentences import has
from services.words.time_words import TimeWords


@dataclass(frozen=True, slots=True)
class DoneBefore:
    """``how`` is the manner, where there are several. Whom it is told to, and at what time, is known with ``asked``.

    ``name`` is ``None`` where whoever asks may not see that person, or the person is forgotten.
    """

    act: Act
    how: Enum | None = None
    name: str | None = None
    asked: UUID | None = None
    now: datetime | None = None


def known_to(request: Request, done: DoneBefore) -> DoneBefore:
    """With the name, if it is one of those that this member sees on pages too."""
    product: Product = request.app.state.product
    name = _name(product, getattr(request.state, "estates", frozenset()), done.act.actor)
    return replace(done, name=name, asked=getattr(request.state, "person", None), now=product.clock())


def _name(product: Product, estates: frozenset[str], person: UUID) -> str | None:
    try:
        with product.database.lend(estates) as conn:
            return people.named(conn, [person]).get(person)
    except (psycopg.Error, PoolTimeout, TooManyRequests, TryLater):  # a refusal stands without a name
        return None


def said_of_it(language: str, said: str, done: DoneBefore) -> str:
    """``said``, and by whom it was done; only ``said`` as long as it is not known whom it is told to."""
    if done.now is None:
        return said
    words = TimeWords(language, done.now)
    capacity = words.say(f"capacity-{done.act.acting_as.value}")
    if done.act.actor == done.asked:
        who = words.say("done-before-you")
    else:
        who = words.say("done-before-person", name=done.name, capacity=capacity) if done.name else capacity
    time = words.when(done.act.occurred_at)
    if is_told_late(done.act):
        time = words.say("told-late", time=time, told=words.when(done.act.recorded_at))
    how = _how(words, done.how)
    if not how:
        return words.say("done-before", said=said, who=who, time=time)
    return words.say("done-before-how", said=said, who=who, time=time, how=how)


def _how(words: TimeWords, how: Enum | None) -> str:
    if how is None:
        return ""
    key = f"{type(how).__name__.lower()}-{how.value}"
    return words.say(key) if has(words.language, key) else str(how.value)


def told(done: DoneBefore) -> dict[str, Any]:
    """The same for programs."""
    return {
        "by": str(done.act.actor),
        "name": done.name,
        "acting_as": done.act.acting_as.value,
        "at": done.act.occurred_at.isoformat(),
        "recorded_at": done.act.recorded_at.isoformat(),
        "how": done.how.value if done.how else None,
    }
