"""What a clock on a page carries for the browser, which goes on counting it as long as nothing new comes."""

from datetime import datetime, timedelta
from functools import lru_cache

from markupsafe import Markup

from domain.calendar import SHANGHAI, ServiceHours, open_times
from projections.cases.order_clock import RUNNING, Clock
from services.words.time_words import TimeWords

TICKED = timedelta(hours=72)  # for so long the browser counts on by itself


def ticking(voice: TimeWords, found: Clock, hours: ServiceHours, what: str, *, still: bool) -> Markup:
    """Markup of attributes: the time left or over now, and when the station is open from now on.

    None of a clock that stands, nor of one that is shown ``still``, as it was.
    """
    if found.due is None or found.kind not in RUNNING or still:
        return Markup("")
    said = voice.say("clock-by", time=voice.when(found.due), what=what)
    rest = int(found.span.total_seconds())
    return Markup(
        ' datetime="{}" data-due="{}" data-at="{}" data-rest="{}" data-soon="{}" data-day="{}"{} data-open="{}"'
        ' title="{}"'
    ).format(
        found.due.astimezone(SHANGHAI).isoformat(timespec="minutes"),
        int(found.due.timestamp()),
        int(voice.now.timestamp()),
        -rest if found.kind == "late" else rest,
        int(found.soon_below.total_seconds()),
        hours.minutes_a_day,
        Markup(" data-provisional") if found.provisional else "",
        _open_for(hours, voice.now.replace(second=0, microsecond=0)),
        voice.say("clock-provisional-why", clock=said) if found.provisional else said,
    )


@lru_cache(maxsize=256)
def _open_for(hours: ServiceHours, now: datetime) -> str:
    """When a station is open from now on, as the browser reads it: seconds of the epoch, from-to, in a row."""
    times = open_times(now, now + TICKED, hours)
    return " ".join(f"{int(start.timestamp())}-{int(end.timestamp())}" for start, end in times)
