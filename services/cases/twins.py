"""What was reported already: lines that wait, and orders under way or closed of late, that tell of the same thing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from domain.cases.category import Category, Priority
from domain.cases.work_order import Stage
from projections.cases import notebook_lists, orders
from projections.cases.notebook import IssueLine
from projections.cases.orders import OrderCard
from projections.projection import Connection
from services.cases import guess
from services.cases.guess import Guess

CLOSED_OF_LATE = timedelta(days=14)
MOST = 3
_LOOKED_AT = 60  # lines, and orders
_ALIKE = 0.5  # of the pairs of signs of the shorter text


@dataclass(frozen=True, slots=True)
class Twin:
    """A case into which a report may be merged by its ``issue``; ``stage`` is that of its order, if it has one."""

    issue: UUID
    number: str
    text: str
    at: datetime
    building: str | None
    stairwell: str | None
    dwelling: str | None
    order: UUID | None = None
    stage: Stage | None = None

    @property
    def closed(self) -> bool:
        """Merging opens it again."""
        return self.stage is Stage.CLOSED


def twins(
    conn: Connection, estate: str, text: str, seen: Guess, now: datetime, but: UUID | None = None, most: int = MOST
) -> list[Twin]:
    """The likeliest first; none for what may cost a life: that is never only the same as another."""
    if seen.priority is Priority.P0:
        return []
    since = now - CLOSED_OF_LATE
    lines = notebook_lists.inbox(conn, estate, now, _LOOKED_AT)
    cards = orders.alike(conn, estate, seen.category, seen.building, since, _LOOKED_AT)
    found = [
        (likeness, twin)
        for likeness, twin in (
            *((_likeness(text, seen, line, guess.of_line(line)[0]), _of_line(line)) for line in lines),
            *((_likeness(text, seen, card, card.state.category), _of_card(card)) for card in cards),
        )
        if likeness > 0 and twin.issue != but
    ]
    found.sort(key=lambda each: (-each[0], each[1].closed, -each[1].at.timestamp()))
    return [twin for _, twin in found[:most]]


def of_line(conn: Connection, line: IssueLine, now: datetime, most: int = MOST) -> list[Twin]:
    """Twins of a line that stands in the notebook already."""
    category, priority = guess.of_line(line)
    seen = Guess(line.building, line.stairwell, line.dwelling, category, priority)
    return twins(conn, line.estate, line.text or "", seen, now, line.issue, most)


def of_lines(lines: Iterable[IssueLine]) -> list[Twin]:
    """Lines as something that one may merge into."""
    return [_of_line(line) for line in lines]


def _likeness(text: str, seen: Guess, other: IssueLine | OrderCard, category: Category | None) -> float:
    """0 for another thing. A place that contradicts, or another kind of thing, makes it one."""
    if other.text is None:
        return 0
    for here, there in ((seen.building, other.building), (seen.stairwell, other.stairwell)):
        if here is not None and there is not None and here != there:
            return 0
    alike = _shared(text, other.text)
    same_kind = seen.category is not None and seen.category is category
    same_place = seen.building is not None and seen.building == other.building
    if not (same_place and same_kind) and alike < _ALIKE:
        return 0
    return alike + same_kind + same_place + (seen.stairwell is not None and seen.stairwell == other.stairwell)


def _shared(one: str, other: str) -> float:
    """How many of the pairs of signs of the shorter text the longer one has as well, from 0 to 1."""
    ours, theirs = _pairs(one), _pairs(other)
    return len(ours & theirs) / min(len(ours), len(theirs)) if len(ours) > 2 and len(theirs) > 2 else 0


def _pairs(text: str) -> set[str]:
    plain = "".join(sign for sign in text.lower() if sign.isalnum())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def _of_line(line: IssueLine) -> Twin:
    place = line.building, line.stairwell, line.dwelling
    return Twin(line.issue, line.number, line.text or "", line.noted_at, *place)


def _of_card(card: OrderCard) -> Twin:
    place = card.building, card.stairwell, card.dwelling
    return Twin(card.issue, card.number, card.text or "", card.opened_at, *place, card.order, card.state.stage)
