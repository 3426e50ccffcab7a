"""By what a station promises at a moment: its hours with everything that is known of them by then."""

from datetime import datetime

from domain.calendar import ServiceHours, local_date
from domain.cases.line_promise import LinePromise
from domain.estates.estate import ESTATE, estate_stream
from domain.estates.station_hours import as_promised
from services.commands.plan import Attempt
from services.estates.holidays import PublicHolidays

_CALENDAR = PublicHolidays()


def hours_promised(attempt: Attempt, estate: str, since: datetime) -> ServiceHours:
    """The hours of the station, as they are kept with a promise that counts from then."""
    hours = attempt.at(ESTATE, estate_stream(estate)).state.hours or ServiceHours()
    return as_promised(hours, _CALENDAR, local_date(since))


def line_promised(attempt: Attempt, estate: str) -> LinePromise:
    """By what a line counts that is noted now."""
    return LinePromise(hours_promised(attempt, estate, attempt.act.occurred_at))
