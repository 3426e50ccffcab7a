"""Days and moments as people and their programs write them: year first, or in an order that can be no other.

``03/04/2026`` is the 3rd of April or the 4th of March, ``05-10-26`` may be three days: they are refused with their
readings, unless the caller knows in which ``order`` its file writes them.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from enum import Enum

from domain.calendar import SHANGHAI
from domain.refusal import Rejection, reject_if
from domain.typed import one_line

LONGEST = 60  # signs of a moment, with the day of the week beside it
_TIME = (
    r"(?:[ t]*(?P<half>上午|下午|中午|晚上|am|pm)? *(?P<hour>[0-9]{1,2})[:时点](?P<minute>[0-9]{1,2})"
    r"(?:[:分](?P<second>[0-9]{1,2})(?:[.,][0-9]+)?秒?)?分? *(?P<behind>am|pm)?)?"
)
_TIGHT_TIME = r"(?:[ t-]*(?P<hour6>[0-9]{2})\.?(?P<minute6>[0-9]{2})\.?(?P<second6>[0-9]{2})(?:[.,][0-9]+)?)?"
_TIGHT = re.compile(rf"(?P<year>[0-9]{{4}})(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})(?:{_TIGHT_TIME}|{_TIME})")
_APART = r" ?[-/.年月,_] ?| "
_THREE = re.compile(
    rf"(?P<a>[0-9]{{1,4}})(?:{_APART})(?P<b>[0-9]{{1,2}})(?:{_APART})(?P<c>[0-9]{{1,4}})日? ?(?:{_TIGHT_TIME}|{_TIME})"
)
_NAMED = re.compile(
    rf"(?:(?P<d1>[0-9]{{1,2}})(?:st|nd|rd|th)?[ -](?P<m1>[a-z]{{3,9}})\.?"
    rf"|(?P<m2>[a-z]{{3,9}})\.?[ -](?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?),?[ -](?P<y>[0-9]{{4}}) ?{_TIME}"
)
_WHOLE = re.compile(r"^([0-9]{8})\.0+$")  # how some programs write a number that is whole
_ZONED = re.compile(  # a time of day, and how far its clock is from that of Greenwich
    r"(.*[0-9]:[0-9]{2}(?::[0-9]{2})?(?:[.,][0-9]+)?|[0-9]{8}[ t]*[0-9]{6}(?:[.,][0-9]+)?) ?"
    r"\(?(?:(?:utc|gmt)?([-+])([0-9]{1,2})(?::?([0-9]{2}))?|z|utc|gmt)\)?"
)
_WEEKDAY = re.compile(r"[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?|\b(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? ")
_COUNTED = re.compile(r"([1-7][0-9]{4})(?:\.([0-9]{1,12}))?")  # a day as a sheet counts it, where its format was lost
_USUAL = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2}:[0-9]{2})?")  # what most cells hold
_ZERO = datetime(1899, 12, 30, tzinfo=SHANGHAI)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FARTHEST = timedelta(hours=14)  # that any clock is from that of Greenwich
_MINUS = dict.fromkeys((*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63), "-") | {0x3002: "."}


class DayOrder(Enum):
    """In which order a file writes its days."""

    YMD = "YMD"
    DMY = "DMY"
    MDY = "MDY"


def day(text: str, unreadable: str = "register_date", *, order: DayOrder | None = None, **facts: object) -> date:
    """A day; a time beside it is not looked at. Refuses ``unreadable`` and ``two_readings``, both with ``facts``."""
    return moment(text, unreadable, order=order, **facts).date()


def moment(text: str, unreadable: str = "register_date", *, order: DayOrder | None = None, **facts: object) -> datetime:
    """A day or a moment in Shanghai, whose time it is unless another one is named. Refuses as ``day`` does."""
    if _USUAL.fullmatch(text):
        try:
            return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
        except ValueError:
            raise Rejection(unreadable, **facts) from None
    plain = " ".join(unicodedata.normalize("NFKC", one_line(text)).translate(_MINUS).casefold().split())
    reject_if(len(plain) > LONGEST, unreadable, **facts)
    plain = " ".join(_WEEKDAY.sub(" ", plain + " ").split())
    if zoned := _ZONED.fullmatch(plain):
        ahead = timedelta(hours=int(zoned[3] or 0), minutes=int(zoned[4] or 0))
        reject_if(ahead > _FARTHEST, unreadable, **facts)
        there = timezone(-ahead if zoned[2] == "-" else ahead)
        at = moment(zoned[1], unreadable, order=order, **facts)
        return at.replace(tzinfo=there).astimezone(SHANGHAI)
    try:
        if counted := _COUNTED.fullmatch(plain):
            behind = (counted[2] or "0")[:9]
            return _ZERO + timedelta(days=int(counted[1]), seconds=86_400 * int(behind) // 10 ** len(behind))
        if tight := _TIGHT.fullmatch(_WHOLE.sub(r"\1", plain)):
            return _at(tight, date(int(tight["year"]), int(tight["month"]), int(tight["day"])))
        if named := _NAMED.fullmatch(plain):
            month = _MONTHS.index((named["m1"] or named["m2"])[:3]) + 1
            return _at(named, date(int(named["y"]), month, int(named["d1"] or named["d2"])))
        three = _THREE.fullmatch(plain)
        days = _days(three["a"], three["b"], three["c"], order) if three else []
        if three and len(days) == 1:
            return _at(three, days[0])
    except (ValueError, OverflowError):
        raise Rejection(unreadable, **facts) from None
    reject_if(not days, unreadable, **facts)
    raise Rejection("two_readings", said=plain, one=str(days[0]), other=str(days[1]), **facts)


def _days(a: str, b: str, c: str, order: DayOrder | None) -> list[date]:
    """The days that three numbers may mean, each once."""
    if len(a) >= 3:
        meant = [(a, b, c)]
    elif len(c) >= 3:
        meant = [(c, b, a), (c, a, b)] if order is None else [(c, b, a) if order is DayOrder.DMY else (c, a, b)]
    else:
        either = {DayOrder.YMD: (a, b, c), DayOrder.DMY: (c, b, a), DayOrder.MDY: (c, a, b)}
        meant = [each for key, each in either.items() if order in (None, key)]
    found: dict[date, None] = {}
    for year, month, on in meant:
        try:
            found[date(int(year) + (2000 if len(year) < 3 else 0), int(month), int(on))] = None
        except ValueError:
            continue
    return list(found)


def _at(found: "re.Match[str]", on: date) -> datetime:
    told = found.groupdict()
    hour, minute, second = (int(told.get(name) or told.get(f"{name}6") or 0) for name in ("hour", "minute", "second"))
    half = told.get("half") or told.get("behind") or ""
    if half in ("下午", "晚上", "pm", "中午") and hour < 12:
        hour += 12
    elif half in ("上午", "am") and hour == 12:
        hour = 0
    return datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=SHANGHAI)
