"""A pause says why nobody can go on, until when at the latest, and who is told when that has passed."""

from datetime import datetime, timedelta

from domain.calendar import SHANGHAI
from domain.cases.work_order.commands import ProlongPause, SuspendWork
from domain.cases.work_order.events import PauseProlonged, WorkSuspended
from domain.cases.work_order.state import WorkOrder
from domain.cases.work_order.vocabulary import PauseCause
from domain.recorded import Act
from domain.refusal import reject_if

USUAL_PAUSE = timedelta(days=7)  # where no end is named
LONGEST_PAUSE = timedelta(days=366)


def suspended(command: SuspendWork, act: Act) -> WorkSuspended:
    """Rejects ``blank_text`` where neither a cause nor a reason is named, ``pause_end_past`` and ``too_far``."""
    unnamed = command.cause is PauseCause.OTHER and command.reason is None
    reject_if(unnamed, "blank_text", field="reason")
    until = _ahead(command.until or act.recorded_at + USUAL_PAUSE, act)
    return WorkSuspended(command.reason, command.cause, until, command.tell)


def prolonged(command: ProlongPause, order: WorkOrder, act: Act) -> list[PauseProlonged]:
    """Nothing where it ends then anyway. Rejects ``pause_not_later``, ``pause_end_past`` and ``too_far``."""
    until, before = _ahead(command.until, act), order.pause_until
    if until == before:
        return []
    reject_if(before is not None and until < before, "pause_not_later", field="until")
    return [PauseProlonged(until, command.reason)]


def _ahead(until: datetime, act: Act) -> datetime:
    reject_if(until <= act.recorded_at, "pause_end_past", field="until")
    reject_if(until > act.recorded_at + LONGEST_PAUSE, "too_far", field="until")
    return until.astimezone(SHANGHAI)
