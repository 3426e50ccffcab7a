"""By what a station promises at a moment: its hours, with everything that is known of them by then, and its targets."""

from datetime import datetime
from typing import NamedTuple

from domain.calendar import ServiceHours, local_date
from domain.cases.category import Category
from domain.cases.line_promise import LinePromise
from domain.cases.service_level import Target
from domain.cases.targets import SERVICE_TARGETS, targets_stream
from domain.estates.estate import ESTATE, Estate, estate_stream
from domain.estates.station_hours import as_promised
from services.commands.plan import Attempt
from services.estates.holidays import PublicHolidays

_CALENDAR = PublicHolidays()


class Basis(NamedTuple):
    """What is kept with a promise: it counts by that, whatever is set later."""

    hours: ServiceHours
    targets: tuple[Target, ...]


def basis_of(attempt: Attempt, estate: str, since: datetime, category: Category | None = None) -> Basis:
    """By what a promise is given that counts from ``since``."""
    day = local_date(since)
    station = attempt.at(ESTATE, estate_stream(estate)).state
    targets = attempt.at(SERVICE_TARGETS, targets_stream(estate)).state
    return Basis(kept_hours(station, since), targets.on(day, category))


def kept_hours(station: Estate, since: datetime) -> ServiceHours:
    """The hours of a station as they are kept with a promise that counts from ``since``."""
    return as_promised(station.hours_on(local_date(since)) or ServiceHours(), _CALENDAR, local_date(since))


def line_promised(attempt: Attempt, estate: str) -> LinePromise:
    """By what a line counts that is noted now."""
    return LinePromise(*basis_of(attempt, estate, attempt.act.occurred_at))
