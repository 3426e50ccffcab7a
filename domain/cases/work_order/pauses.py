"""A pause says why nobody can go on, until when at the latest, and who is told when that has passed."""

from datetime import timedelta

from domain.calendar import SHANGHAI
from domain.cases.work_order.commands import SuspendWork
from domain.cases.work_order.events import WorkSuspended
from domain.cases.work_order.vocabulary import PauseCause
from domain.recorded import Act
from domain.refusal import reject_if

USUAL_PAUSE = timedelta(days=7)  # where no end is named
LONGEST_PAUSE = timedelta(days=366)


def suspended(command: SuspendWork, act: Act) -> WorkSuspended:
    """Rejects ``blank_text`` where neither a cause nor a reason is named, ``pause_end_past`` and ``too_far``."""
    unnamed = command.cause is PauseCause.OTHER and command.reason is None
    reject_if(unnamed, "blank_text", field="reason")
    until = command.until or act.recorded_at + USUAL_PAUSE
    reject_if(until <= act.recorded_at, "pause_end_past", field="until")
    reject_if(until > act.recorded_at + LONGEST_PAUSE, "too_far", field="until")
    return WorkSuspended(command.reason, command.cause, until.astimezone(SHANGHAI), command.tell)
