"""What a head registers of the firms that are rung in an emergency."""

from domain.estates.emergency_contacts import EMERGENCY_CONTACTS, Command, contacts_stream
from services.commands.plan import Attempt, Plan, Planned


def on_contacts(command: Command) -> Plan:
    """Something about whom to ring on an estate."""
    stream = contacts_stream(command.estate)

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(type(command), command.estate)
        attempt.estate(command.estate)
        loaded = attempt.at(EMERGENCY_CONTACTS, stream)
        return attempt.decided(EMERGENCY_CONTACTS, stream, loaded, command, correlation=stream, estate=command.estate)

    return Plan(make)
