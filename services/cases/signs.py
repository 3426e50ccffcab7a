"""How cases show by which way they came, and which hours count for them."""

from domain.calendar import ServiceHours
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
    """The hours that count, as people say them."""
    if hours.minutes_a_day == 24 * 60:
        return voice.say("hours-round-the-clock")
    opens, closes = (f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in (hours.opens, hours.closes))
    return voice.say("hours-station", opens=opens, closes=closes)
