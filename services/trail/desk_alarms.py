"""What somebody has to look at: gaps, leaves that say something else, a tail that nobody vouches for, skips."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from projections.trail.lines import TrailLine
from services.trail.desk_report import Report
from services.trail.desk_standing import Standing

TAIL = timedelta(minutes=60)  # so long a tail may be without a quorum
BEHIND = timedelta(minutes=5)  # so long the tree may be behind the log


class AlarmKind(Enum):
    """In the order of how bad it is."""

    FORKED = "FORKED"
    EVIDENCE = "EVIDENCE"
    OTHER_LEAF = "OTHER_LEAF"
    GAP = "GAP"
    NO_POLICY = "NO_POLICY"
    TAIL = "TAIL"
    SKIPPED = "SKIPPED"
    RESTORED = "RESTORED"


@dataclass(frozen=True, slots=True)
class Alarm:
    """``n`` things, or minutes of a tail. ``bad``: it cannot be explained by waiting."""

    kind: AlarmKind
    n: int
    bad: bool


def alarms(stands: Standing, made: Report, machine: Sequence[TrailLine], now: datetime) -> list[Alarm]:
    """``machine`` are the installation's own lines of the period, the newest first."""
    found = [Alarm(AlarmKind.FORKED, stands.signed.size if stands.signed else 0, True)] if stands.forked else []
    if stands.evidence:
        found.append(Alarm(AlarmKind.EVIDENCE, stands.evidence, True))
    other = sum(figure.other for figure in made.figures)
    if other:
        found.append(Alarm(AlarmKind.OTHER_LEAF, other, True))
    if is_behind(stands, now):
        found.append(Alarm(AlarmKind.GAP, stands.recorded - stands.size, True))
    if not stands.policy:
        found.append(Alarm(AlarmKind.NO_POLICY, 0, False))
    elif stands.tail_since is not None and now - stands.tail_since > TAIL:
        found.append(Alarm(AlarmKind.TAIL, int((now - stands.tail_since).total_seconds()) // 60, False))
    left_out = {line.facts.get("entry", line.position) for line in machine if line.event == "EventLeftOut"}
    back = sum(line.event == "EventTakenInAgain" for line in machine)
    if len(left_out) > back:
        found.append(Alarm(AlarmKind.SKIPPED, len(left_out) - back, False))
    restored = sum(line.event == "BackupPutBack" for line in machine)
    if restored:
        found.append(Alarm(AlarmKind.RESTORED, restored, False))
    return found


def is_behind(stands: Standing, now: datetime) -> bool:
    """Whether events are without their leaves for longer than the tree needs to grow."""
    return not stands.whole and stands.last_at is not None and now - stands.last_at > BEHIND
