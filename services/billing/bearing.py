"""Which lines of a preview can still be charged when their chunk of a run is appended."""

from collections.abc import Callable, Sequence
from uuid import UUID

from domain.billing.reckoning import ReckonedLine
from domain.register.dwelling import DWELLING
from domain.register.owner import OWNER
from services.log.event_log import EventLog


def bearing(log: EventLog, lines: Sequence[ReckonedLine], seen: dict[UUID, int]) -> Callable[[ReckonedLine], bool]:
    """Whether a line can: its dwelling stands, is or was the payer's, and the payer is not forgotten.

    ``seen`` learns which streams this rests on, and at which version.
    """
    homes = log.remembered_all(DWELLING, list({line.dwelling for line in lines}), keep=False)
    former = {line.payer for line in lines if line.payer != homes[line.dwelling].state.owner}
    owners = log.remembered_all(OWNER, list(former), keep=False)  # who owns it now is not forgotten
    seen.update((stream, loaded.version) for stream, loaded in homes.items())
    seen.update((stream, loaded.version) for stream, loaded in owners.items())

    def can(line: ReckonedLine) -> bool:
        gone = line.payer in former and owners[line.payer].state.forgotten
        return homes[line.dwelling].state.bears(line.payer) and not gone

    return can
