"""Values and periods as people read them, on pages, sheets and paper alike."""

from datetime import timedelta

from domain.calendar import ServiceHours
from services.console.render import Voice
from services.trail.desk_periods import Period
from services.trail.desk_report import ReportFigure, Unit
from services.words.figures import shown


def figure_text(voice: Voice, figure: ReportFigure, value: int | None) -> str:
    """A value of a figure."""
    if value is None:
        return "–"
    match figure.unit:
        case Unit.PIECES:
            return f"{value:,}"
        case Unit.RATE:
            return f"{value // 100}.{value % 100 // 10}%"
        case Unit.MINUTES:
            return span(voice, value)
        case Unit.MONEY:
            return shown(value)
        case Unit.POINTS:
            return f"{value // 100}.{value % 100:02d}"


def span(voice: Voice, minutes: int) -> str:
    """So many minutes, by the clock on the wall."""
    return voice.span(timedelta(minutes=minutes), ServiceHours(0, 24 * 60))


def agreement(figure: ReportFigure) -> str:
    """Whether the leaves say what the figure was counted from."""
    if figure.other:
        return "other"
    return "waiting" if figure.waiting else "same" if figure.entries else "none"


def period_title(voice: Voice, wanted: Period) -> str:
    """A month or quarter."""
    year, rest = wanted.name.split("-")
    if wanted.is_quarter:
        return voice.say("trail-quarter", year=year, quarter=rest[1:])
    return voice.say("trail-month", year=year, month=str(int(rest)))
