"""How cases show by which way they came, and which hours count for them."""

from domain.calendar import DAY, ServiceHours, Shift
from domain.cases.issue import Channel
from services.console.render import Voice

CHANNEL_SIGNS = {
    Channel.DESK: "walk",
    Channel.PHONE: "phone",
    Channel.HOTLINE: "headset",
    Channel.PATROL: "clipboard-check",
    Channel.QR: "qrcode",
    Channel.WECHAT: "message-2",
}


def hours_text(hours: ServiceHours, voice: Voice) -> str:
    """The hours that count, as people say them; where the days differ, that they do."""
    days = set(hours.week) or {(Shift(hours.opens, hours.closes),)}
    if days == {(Shift(0, DAY),)}:
        return voice.say("hours-round-the-clock")
    if len(days) > 1:
        return voice.say("hours-by-calendar")
    return voice.say("hours-of", hours=voice.say("list-comma").join(shift_text(shift) for shift in days.pop()))


def shift_text(shift: Shift) -> str:
    """``08:00-12:00``; a shift past midnight ends at the hour of the next day."""
    opens, closes = (f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in (shift.opens, _hour(shift.closes)))
    return f"{opens}-{closes}"


def _hour(minutes: int) -> int:
    return minutes - DAY if minutes > DAY else minutes
