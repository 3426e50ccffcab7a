"""What people do with the estate's register of buildings and its hours."""

from dataclasses import replace
from datetime import date

from domain.calendar import ServiceHours, local_date
from domain.estates.estate import ESTATE, OpenStation, estate_stream
from domain.estates.estate import Command as EstateCommand
from services.commands.plan import Attempt, Plan, Planned


def on_estate(code: str, command: EstateCommand) -> Plan:
    """Something about an estate: its register, its hours."""
    stream = estate_stream(code)

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(type(command), code)
        loaded = attempt.at(ESTATE, stream)
        return attempt.decided(ESTATE, stream, loaded, command, correlation=stream, estate=code)

    return Plan(make)


def open_station(code: str, hours: ServiceHours, since: date | None, kept: frozenset[str]) -> Plan:
    """The station's hours from now or that day on; fields that are ``kept`` stay as they are then."""
    stream = estate_stream(code)

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(OpenStation, code)
        loaded = attempt.at(ESTATE, stream)
        before = loaded.state.hours_on(since or local_date(attempt.act.recorded_at)) or ServiceHours()
        command = OpenStation(replace(hours, **{name: getattr(before, name) for name in kept}), since)
        return attempt.decided(ESTATE, stream, loaded, command, correlation=stream, estate=code)

    return Plan(make)
