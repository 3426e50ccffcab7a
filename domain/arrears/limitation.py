"""Limitation of claims (诉讼时效): the last day on which a debt may still be claimed (Civil Code 188 to 203).

Three years, counted from the day after the bill fell due or was last interrupted, and never beyond twenty years after
it fell due; the last day moves on to a working day, as far as the days off are published. A demand, an acknowledgement
and a part payment give three years anew, proceedings do so when they end (CC 195); what hinders the claim in its last
six months leaves six more once it has ceased (CC 194); a promise to pay binds also whoever might have refused (CC 192).
Whoever has a calendar of public holidays lends it: the State Council publishes it year by year.

No day told here is later than the law's. What goes on, proceedings or a hindrance, is counted up to the day for which
that is known, and the claim is ``held``: it does not lapse meanwhile, whatever its last day.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, Protocol

from domain.months import months_later

YEARS = 3
MOST_YEARS = 20  # nothing leads beyond: neither interruption nor hindrance
LAST_MONTHS = 6  # of a period, in which a hindrance counts, and that are left once it has ceased
_LONGEST_REST = 60  # no holiday lasts longer: a calendar without working days is a mistake


class WorkingDays(Protocol):
    """A calendar of working days, swapped ones included."""

    def works(self, day: date) -> bool:
        """Whether people work on this day."""

    def published(self, day: date) -> bool:
        """Whether the holidays of its year are published, and not only expected."""

    def __hash__(self) -> int:
        """What was reckoned by it once is kept."""


class Held(Enum):
    """Why a claim cannot lapse at present."""

    PROCEEDINGS = "PROCEEDINGS"
    HINDRANCE = "HINDRANCE"


class LastDay(NamedTuple):
    """The last day of a claim; ``provisional`` while days off that are not published yet may move it further."""

    day: date
    provisional: bool


class Span(NamedTuple):
    """Proceedings or a hindrance: since when, and until which day at the least; ``over`` if it ended on that day."""

    since: date
    sure: date
    over: bool = True


class Limitation(NamedTuple):
    """How the limitation of one claim stands.

    ``since`` is the day after which the last three years run. ``most`` is the end of the twenty years, which a
    hindrance does not move (while a court has the claim before it, they do not matter). ``unhindered`` is the last day
    if there were no hindrance that goes on.
    """

    last_day: LastDay
    since: date
    held: Held | None
    most: date
    unhindered: date

    def at(self, today: date) -> "Limitation":
        """As it stands today: a hindrance that goes on holds nothing before the last six months."""
        early = self.held is Held.HINDRANCE and months_later(today, LAST_MONTHS) <= self.unhindered
        return self._replace(held=None) if early else self

    def lapsed(self, today: date) -> bool:
        """Whether the debtor may refuse to pay because of the time that has passed (CC 192)."""
        match self.held:
            case Held.PROCEEDINGS:
                return False
            case Held.HINDRANCE:
                return self.most < today
            case _:
                return self.last_day.day < today


def reckoned(
    due: date,
    calendar: WorkingDays,
    interrupted: Iterable[date] = (),
    *,
    promised: Iterable[date] = (),
    proceedings: Iterable[Span] = (),
    hindrances: Iterable[Span] = (),
) -> Limitation:
    """The limitation of a claim that fell ``due``.

    What happened before the due day changes nothing. After the last day a demand, an acknowledgement, a suit or a
    hindrance comes too late; a promise to pay does not, within the twenty years.
    """
    most = _after(due, 12 * MOST_YEARS, calendar)
    hindered = sorted(hindrances) if hindrances else ()
    since, held = due, None
    last = _end(since, hindered, most, calendar)
    anew = [
        *((Span(day, day), False, False) for day in interrupted),
        *((Span(day, day), True, False) for day in promised),
        *((span, False, True) for span in proceedings),
    ]
    for span, promise, suit in sorted(anew):
        if span.since < due or span.since > (most.day if promise else last.day):
            continue
        if suit and not span.over:
            held = Held.PROCEEDINGS
        if span.sure > since:
            since = span.sure
            last = _end(since, hindered, most, calendar)
    unhindered = last
    if any(not span.over and span.since <= last.day for span in hindered):
        held = held or Held.HINDRANCE
        unhindered = _end(since, [span for span in hindered if span.over], most, calendar)
    return Limitation(last, since, held, most.day, unhindered.day)


def _end(since: date, hindered: Sequence[Span], most: LastDay, calendar: WorkingDays) -> LastDay:
    """When three years after ``since`` are over; ``hindered`` is in order.

    What ceased before the last six months asks for no question of its own: six months later it is not the end yet.
    What begins while the six months after another run is within the last six months again.
    """
    last = _after(since, 12 * YEARS, calendar)
    for span in hindered:
        if span.since > last.day:
            break
        last = max(last, _after(span.sure, LAST_MONTHS, calendar))
    return min(last, most)


@lru_cache(maxsize=8192)
def _after(day: date, months: int, calendar: WorkingDays) -> LastDay:
    """The end of so many months after ``day``; the bills of an estate fall due on few days.

    It is the first working day from the corresponding one on: a period does not end on a holiday (CC 203). What is not
    published is no holiday: any Saturday may become a working day, so where the days from the corresponding one on are
    not known for certain, that one is told.
    """
    end = months_later(day, months)
    for ahead in range(_LONGEST_REST):
        last = end + timedelta(days=ahead)
        if not calendar.published(last):
            return LastDay(end, True)
        if calendar.works(last):
            return LastDay(last, False)
    raise ValueError(f"no working day within {_LONGEST_REST} days after {end}")
