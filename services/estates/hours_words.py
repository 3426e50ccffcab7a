"""Hours and targets as people write them in a form: 08:00-12:00, 13:30-17:30; 20:00-08:00; 2027-02-15 休; 4 小时."""

import re
import unicodedata
from datetime import date, timedelta

from domain.calendar import DAY, DaysApart, Shift, Shifts
from domain.refusal import Rejection, reject_if

_TIME = r"(\d{1,2})\s*(?:[:点时]\s*(\d{1,2})?\s*分?)?"
_TO = r"\s*(?:-|~|—|–|―|至|到)+\s*"
_SHIFT = re.compile(_TIME + _TO + r"(?:次日|第二天)?\s*" + _TIME)
_DATE = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
_DAYS = re.compile(rf"{_DATE}(?:{_TO}{_DATE})?\s*[::,]?\s*(.*)")
_SPAN = re.compile(r"(\d{1,6}(?:\.\d{1,2})?)\s*(分钟|分|min|m|小时|个小时|时|h)?", re.IGNORECASE)
_CLOSED = {"", "休", "休息", "关", "不开", "关门", "-", "closed", "off"}
_ALWAYS = {"全天", "24小时", "24h"}
_LONGEST = 2_000  # characters of a field
_LONGEST_STRETCH = 366  # days in one line


def _plain(text: str, field: str) -> str:
    reject_if(len(text) > _LONGEST, "text_too_long", field=field, limit=_LONGEST)
    return unicodedata.normalize("NFKC", text).strip()


def shifts_in(text: str, field: str) -> Shifts:
    """The shifts of a day; one that ends no later than it began goes on past midnight. Rejects ``hours_unreadable``."""
    said = _plain(text, field)
    if said.lower() in _CLOSED:
        return ()
    if said.lower() in _ALWAYS:
        return (Shift(0, DAY),)
    reject_if(bool(re.sub(r"[\s,;、。和]+", "", _SHIFT.sub("", said))), "hours_unreadable", field=field)
    found = [_shift(*match.groups(), field=field) for match in _SHIFT.finditer(said)]
    reject_if(not found, "hours_unreadable", field=field)
    return tuple(found)


def _shift(hour: str, minute: str | None, to_hour: str, to_minute: str | None, *, field: str) -> Shift:
    opens, closes = int(hour) * 60 + int(minute or 0), int(to_hour) * 60 + int(to_minute or 0)
    wrong = opens >= DAY or closes > DAY or int(minute or 0) > 59 or int(to_minute or 0) > 59
    reject_if(wrong, "hours_unreadable", field=field)
    return Shift(opens, closes if closes > opens else closes + DAY)


def days_in(text: str, field: str) -> tuple[DaysApart, ...]:
    """Days with shifts of their own, a day or a stretch of days a line; what follows the date is as for a day."""
    groups: dict[Shifts, list[date]] = {}
    reject_if(len(text) > _LONGEST * 10, "text_too_long", field=field, limit=_LONGEST * 10)
    for line in unicodedata.normalize("NFKC", text).splitlines():
        if not line.strip():
            continue
        match = _DAYS.fullmatch(line.strip())
        reject_if(match is None, "hours_unreadable", field=field)
        assert match is not None
        first, last = _day(*match.groups()[:3], field=field), None
        if match.group(4):
            last = _day(*match.groups()[3:6], field=field)
        length = ((last or first) - first).days
        reject_if(not 0 <= length < _LONGEST_STRETCH, "hours_unreadable", field=field)
        stretch = [first + timedelta(days=number) for number in range(length + 1)]
        groups.setdefault(shifts_in(match.group(7), field), []).extend(stretch)
    return tuple(DaysApart(tuple(days), shifts) for shifts, days in groups.items())


def _day(year: str, month: str, day: str, *, field: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Rejection("hours_unreadable", field=field) from None


def minutes_in(text: str, field: str) -> int | None:
    """A span in minutes, if one is named. Rejects ``span_unreadable``."""
    said = _plain(text, field)
    if not said:
        return None
    match = _SPAN.fullmatch(said)
    reject_if(match is None, "span_unreadable", field=field)
    assert match is not None
    hours = (match.group(2) or "").lower() in ("小时", "个小时", "时", "h")
    return round(float(match.group(1)) * (60 if hours else 1))


def shifts_text(shifts: Shifts) -> str:
    """As ``shifts_in`` reads it."""
    return ", ".join(f"{_time(opens)}-{_time(closes - DAY if closes > DAY else closes)}" for opens, closes in shifts)


def days_text(apart: tuple[DaysApart, ...], closed: str) -> str:
    """As ``days_in`` reads it, days that follow one another together."""
    by_day = {day: group.shifts for group in apart for day in group.days}
    lines: list[tuple[date, date, Shifts]] = []
    for day in sorted(by_day):
        if lines and lines[-1][1] + timedelta(days=1) == day and lines[-1][2] == by_day[day]:
            lines[-1] = (lines[-1][0], day, by_day[day])
        else:
            lines.append((day, day, by_day[day]))
    return "\n".join(
        f"{first.isoformat()}{'' if first == last else f' ~ {last.isoformat()}'} {shifts_text(shifts) or closed}"
        for first, last, shifts in lines
    )


def _time(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
