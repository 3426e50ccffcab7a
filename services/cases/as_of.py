"""Looking back (截至): which point of the log somebody means, and the views of an estate as they stood there.

What counts is when things were recorded: what was written down late is not seen before it was.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from domain.calendar import SHANGHAI
from domain.estates.estate import estate_stream
from domain.refusal import Rejection, reject_if
from projections.as_of import Behind, set_back
from projections.cases.history import HISTORY
from projections.cases.notebook import NOTEBOOK
from projections.cases.orders import ORDERS
from projections.estates import estates
from projections.estates.estates import ESTATES
from projections.people.people import PEOPLE
from projections.projection import Connection, View
from services.http.showing import shows
from services.product import Product
from services.sessions.member import Member
from services.threads.try_later import TryLater

FIELD = "asOf"
LONGEST = 40  # characters of a moment or a position
BOARD_VIEWS: tuple[View[Any], ...] = (NOTEBOOK, ORDERS, PEOPLE, ESTATES)
CASE_VIEWS: tuple[View[Any], ...] = (NOTEBOOK, ORDERS, HISTORY, PEOPLE, ESTATES)
_POSITION = re.compile(r"[0-9]{1,18}")
_PLUS_LOST = re.compile(r"(.*T[0-9:.]+) ([0-9:]+)")  # a plus sign in an address reads as a space


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the log: everything up to ``position``, which was all that was recorded at ``moment``."""

    position: int
    moment: datetime


def point(product: Product, said: str, zone: tzinfo | None = None) -> Point:
    """The point meant by a position, or by an ISO 8601 moment; without an offset it is one of ``zone``, if any.

    Refuses ``as_of_unreadable``, ``offset_missing``, ``as_of_future`` and ``as_of_before`` with the ``field``.
    """
    said = said.strip()
    if _POSITION.fullmatch(said):
        position, last = int(said), product.log.last_position()
        reject_if(position > last, "as_of_unwritten", field=FIELD, last=last)
        reject_if(position < 1, "as_of_unreadable", field=FIELD)
        return Point(position, product.log.recorded_at(position))
    moment = _moment(said, zone)
    reject_if(moment > product.clock(), "as_of_future", field=FIELD)
    return Point(product.log.position_at(moment), moment)


def _moment(said: str, zone: tzinfo | None) -> datetime:
    if lost := _PLUS_LOST.fullmatch(said):
        said = f"{lost[1]}+{lost[2]}"
    try:
        found = datetime.fromisoformat(said[:LONGEST])
        if found.tzinfo is None:
            reject_if(zone is None, "offset_missing", field=FIELD)
            found = found.replace(tzinfo=zone)
        return found.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        raise Rejection("as_of_unreadable", field=FIELD) from None


@contextmanager
def looking_back(
    product: Product, who: Member, estate: str, point: Point, views: Sequence[View[Any]] = BOARD_VIEWS
) -> Iterator[Connection]:
    """A connection that sees these views (the register among them) of this estate as they stood, and nothing else; from
    outside the station nothing personal either.

    Refuses ``as_of_before`` where the estate was not yet registered; raises ``TryLater`` where views lag behind.
    """
    shows(product, point.position, views)
    with product.database.lend_still([estate], outside=who.outside) as conn:
        try:
            set_back(conn, product.log, estate, point.position, views)
        except Behind as behind:
            raise TryLater from behind
        if estates.estate(conn, estate) is None:
            began = beginning(product, estate)
            raise Rejection("as_of_before", field=FIELD, began=began and began.strftime("%Y-%m-%d %H:%M"))
        yield conn


def beginning(product: Product, estate: str) -> datetime | None:
    """When the estate was registered, in Shanghai; ``None`` where it never was."""
    first = product.log.first(estate_stream(estate))
    return first.act.recorded_at.astimezone(SHANGHAI) if first else None
