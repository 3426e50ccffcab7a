"""What a head sets for the station: what it promises per priority and category."""

from domain.cases.targets import SERVICE_TARGETS, Command, targets_stream
from services.commands.plan import Attempt, Plan, Planned


def on_targets(command: Command) -> Plan:
    """Something about the targets of an estate's station."""
    stream = targets_stream(command.estate)

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(type(command), command.estate)
        attempt.estate(command.estate)
        loaded = attempt.at(SERVICE_TARGETS, stream)
        return attempt.decided(SERVICE_TARGETS, stream, loaded, command, correlation=stream, estate=command.estate)

    return Plan(make)
