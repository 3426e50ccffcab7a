"""When somebody is there for the work of a post: absences planned ahead, and shifts by the week or for one day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from itertools import pairwise

from domain.calendar import SHANGHAI
from domain.refusal import reject_if

LONGEST_ABSENCE = timedelta(days=366)
MOST_SHIFTS = 4  # of one day
DAY = 24 * 60
LONGEST_SHIFT = DAY
FURTHEST = timedelta(days=366)  # ahead, that a single day is planned
_KEPT = timedelta(days=31)  # plans of single days that are over, and absences, are no more of use to any decision


class AbsenceKind(Enum):
    """What an absence is told to be. Why somebody is on leave is nobody's business here."""

    LEAVE = "LEAVE"  # 请假、休假
    TRAINING = "TRAINING"  # 学习、培训
    OUTSIDE = "OUTSIDE"  # 外出办事
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Hours:
    """From ``opens`` to ``closes``, minutes after midnight; past ``DAY`` they lie in the following day."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class WeeklyShift:
    """Hours on one day of the week, 1 being Monday; a night shift stands on the day on which it begins."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Absence:
    """From ``since`` (included) to ``until`` (excluded); ``number`` counts those of the person from 1."""

    number: int
    kind: AbsenceKind
    since: datetime
    until: datetime
    cancelled: bool = False

    def at(self, moment: datetime) -> bool:
        return not self.cancelled and self.since <= moment < self.until


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What holds on one day in place of the week's shifts; no shifts: off duty all day."""

    estate: str
    day: date
    shifts: tuple[Hours, ...]


def checked_absence(since: datetime, until: datetime) -> None:
    """Refuses what is no span of time, or longer than a year."""
    reject_if(until <= since, "absence_backwards", field="until")
    reject_if(until - since > LONGEST_ABSENCE, "absence_too_long", field="until", days=LONGEST_ABSENCE.days)


def overlapping(absences: Iterable[Absence], since: datetime, until: datetime) -> Absence | None:
    """One that holds at some moment of this span."""
    return next((each for each in absences if not each.cancelled and each.since < until and since < each.until), None)


def absent_at(absences: Iterable[Absence], moment: datetime) -> Absence | None:
    """The absence of that moment."""
    return next((each for each in absences if each.at(moment)), None)


def checked_week(shifts: Sequence[WeeklyShift]) -> tuple[WeeklyShift, ...]:
    """The shifts in order. Refuses days that there are not, and shifts that overlap, also over midnight and Sunday."""
    reject_if(any(not 1 <= each.weekday <= 7 for each in shifts), "shift_weekday", field="shifts")
    for day in range(1, 8):
        checked_day([Hours(each.opens, each.closes) for each in shifts if each.weekday == day])
    spans = sorted(((each.weekday - 1) * DAY + each.opens, (each.weekday - 1) * DAY + each.closes) for each in shifts)
    round_again = [*spans, *((opens + 7 * DAY, closes + 7 * DAY) for opens, closes in spans[:1])]
    _apart(round_again)
    return tuple(sorted(shifts, key=lambda each: (each.weekday, each.opens)))


def checked_day(shifts: Sequence[Hours]) -> tuple[Hours, ...]:
    """The shifts in order. Refuses what is no span of a day, too many of them, and shifts that overlap."""
    reject_if(len(shifts) > MOST_SHIFTS, "shift_too_many", field="shifts", most=MOST_SHIFTS)
    wrong = (not 0 <= each.opens < DAY or not 0 < each.closes - each.opens <= LONGEST_SHIFT for each in shifts)
    reject_if(any(wrong), "shift_hours", field="shifts")
    ordered = sorted(shifts, key=lambda each: each.opens)
    _apart([(each.opens, each.closes) for each in ordered])
    return tuple(ordered)


def _apart(spans: Sequence[tuple[int, int]]) -> None:
    overlap = any(later[0] < earlier[1] for earlier, later in pairwise(spans))
    reject_if(overlap, "shift_overlaps", field="shifts")


def shifts_on(
    weekly: Mapping[str, tuple[WeeklyShift, ...]], days: Iterable[DayPlan], estate: str, day: date
) -> tuple[Hours, ...] | None:
    """The shifts that begin on a day; ``None`` where nothing is planned at all."""
    planned = next((each.shifts for each in days if (each.estate, each.day) == (estate, day)), None)
    if planned is not None:
        return planned
    week = weekly.get(estate, ())
    if not week:
        return None
    return tuple(Hours(each.opens, each.closes) for each in week if each.weekday == day.isoweekday())


def on_shift(
    weekly: Mapping[str, tuple[WeeklyShift, ...]], days: Sequence[DayPlan], estate: str, moment: datetime
) -> bool | None:
    """Whether a shift lasts at that moment; ``None`` where nothing is planned for that day or the night before."""
    local = moment.astimezone(SHANGHAI)
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    begun = {day: shifts_on(weekly, days, estate, day) for day in (yesterday, today)}
    if any(_within(day, shifts or (), local) for day, shifts in begun.items()):
        return True
    return None if begun[today] is None else False


def _within(day: date, shifts: Iterable[Hours], moment: datetime) -> bool:
    midnight = datetime.combine(day, time(0), SHANGHAI)
    return any(
        midnight + timedelta(minutes=each.opens) <= moment < midnight + timedelta(minutes=each.closes)
        for each in shifts
    )


def still_of_use(days: Iterable[DayPlan], today: date) -> tuple[DayPlan, ...]:
    """The plans of single days that a later decision may read."""
    return tuple(each for each in days if each.day >= today - _KEPT)
