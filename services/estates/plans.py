"""What people do with the estate's register of buildings and its hours."""

from domain.estates.estate import ESTATE, estate_stream
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
