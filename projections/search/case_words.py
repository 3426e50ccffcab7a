"""What cases are found by: their words, numbers and places, and who reported them, for those who may know it.

Rows change with the words of a case alone, not with every step of its work, and lose them when it is forgotten.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any
from uuid import UUID

from domain.cases.issue import CaseForgotten, IssueNoted, PlaceCorrected, ReporterCorrected
from domain.cases.work_order import WorkOrderOpened
from domain.changed import changed
from domain.estates.places import Place
from domain.recorded import Recorded
from domain.typed import folded
from domain.words import Personal
from projections.projection import OWN_STREAM, Connection, View, from_outside
from projections.register.owners import words_of

_EVENTS = frozenset({IssueNoted, WorkOrderOpened, PlaceCorrected, ReporterCorrected, CaseForgotten})


class Sight(IntEnum):
    """How much of a case somebody may find it by."""

    NUMBERS = 0
    TEXTS = 1
    REPORTERS = 2  # and texts


@dataclass(frozen=True)
class CaseWords:
    """``numbers``, ``words`` and ``who`` as they are compared, each between bars; blanks are left out."""

    issue: UUID
    estate: str
    noted_at: datetime
    numbers: str
    building: str | None = None
    stairwell: str | None = None
    room: Personal = None
    words: Personal = None
    who: Personal = None
    reporter: Personal = None
    phone: Personal = None


def keys(recorded: Recorded[Any]) -> Iterable[str]:
    event = recorded.event
    if isinstance(event, WorkOrderOpened):
        return (str(event.issue),)
    return (str(recorded.stream),) if type(event) in _EVENTS else ()


def evolve(row: CaseWords | None, recorded: Recorded[Any]) -> CaseWords | None:
    event = recorded.event
    if isinstance(event, IssueNoted):
        return CaseWords(
            issue=recorded.stream,
            estate=event.estate,
            noted_at=recorded.act.occurred_at,
            numbers=f"|{folded(event.number)}|",
            building=event.building,
            stairwell=event.stairwell,
            room=event.dwelling,
            words=event.text and f"|{compared(event.text)}|",
            who=who_of(event.reporter, event.phone),
            reporter=event.reporter,
            phone=event.phone,
        )
    if row is None:
        return None
    if isinstance(event, WorkOrderOpened):
        return changed(row, numbers=f"{row.numbers}{folded(event.number)}|")
    if isinstance(event, PlaceCorrected):
        return changed(row, building=event.building, stairwell=event.stairwell, room=event.dwelling)
    if isinstance(event, ReporterCorrected):
        reporter, phone = event.reporter or row.reporter, event.phone or row.phone
        return changed(row, who=who_of(reporter, phone), reporter=reporter, phone=phone)
    return changed(row, room=None, words=None, who=None, reporter=None, phone=None)


def compared(text: str) -> str:
    """A text as it is searched: folded, without blanks."""
    return "".join(folded(text).split())


def who_of(name: str | None, phone: str | None) -> str | None:
    """Name, its initials and sounds, and phone, between bars; ``None`` where nobody is named."""
    digits = "".join(sign for sign in folded(phone or "") if sign.isdigit())
    return words_of(folded(name), phone) if name else (f"|{digits}|" if digits else None)


CASE_WORDS: View[CaseWords] = View(
    name="case_words",
    row=CaseWords,
    keys=keys,
    events=_EVENTS,
    evolve=evolve,
    estates=lambda row: (row.estate,),
    columns={
        "estate": "body->>'estate'",
        "noted_at": "body->>'noted_at'",
        "building": "body->>'building'",
        "stairwell": "body->>'stairwell'",
        "room": "body->>'room'",
        "numbers": "body->>'numbers'",
        "words": "coalesce(body->>'words', '')",
        "who": "coalesce(body->>'who', '')",
    },
    indexes=(
        "(estate, noted_at DESC)",
        "(estate, building, noted_at DESC)",
        "(estate, building, room)",
        "(estate, position)",
        'USING gin (view.grams(numbers || words || who) COLLATE "C")',
    ),
    streams=f"{OWN_STREAM} UNION SELECT key FROM view.orders WHERE issue = ANY(%(keys)s)",
)


def holding(conn: Connection, estates: Sequence[str], said: Sequence[str], sight: Sight, most: int) -> list[UUID]:
    """Cases of these estates that hold every one of the fragments, newest first, by what ``sight`` lets see."""
    query = "SELECT key FROM cases_holding(%s, %s, %s, %s)"
    return [UUID(key) for (key,) in conn.execute(query, (list(estates), _plain(said), _seen(conn, sight), most))]


def at_place(conn: Connection, estate: str, place: Place, said: Sequence[str], sight: Sight, most: int) -> list[UUID]:
    """Cases at a place (or in it, where it names no room) that hold every one of the fragments, newest first."""
    query = "SELECT key FROM cases_at(%s, %s, %s, %s, %s, %s, %s)"
    given = (estate, place.building, place.stairwell, place.room, _plain(said), _seen(conn, sight), most)
    return [UUID(key) for (key,) in conn.execute(query, given)]


def _seen(conn: Connection, sight: Sight) -> int:
    return int(Sight.NUMBERS if from_outside(conn) else sight)


def _plain(said: Sequence[str]) -> list[str]:
    return [plain for each in said if (plain := compared(each).strip("|"))]
