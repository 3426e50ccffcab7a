"""What people do with the estate's register of buildings and its hours."""

from domain.estates.estate import ESTATE, estate_stream
from domain.estates.estate import Command as EstateCommand
from services.commands.plan import Looking, Plan, Planned


def on_estate(code: str, command: EstateCommand) -> Plan:
    """Something about an estate: its register, its hours."""
    stream = estate_stream(code)

    def make(look: Looking) -> Planned:
        look.check_power(type(command), code)
        loaded = look.at(ESTATE, stream)
        return look.decided(ESTATE, stream, loaded, command, correlation=stream, estate=code)

    return Plan(make)
