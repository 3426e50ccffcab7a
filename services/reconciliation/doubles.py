"""Of one file one line at most is an earlier line, whoever says so at once; and all that wait of a file in one act."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from domain.reconciliation.line import (
    STATEMENT_LINE,
    DoubtLine,
    LineStage,
    ReturnLine,
    SetAsideReason,
    SetLineAside,
    StatementLine,
    StatementLineSetAside,
    TellLineApart,
    Waiting,
)
from domain.refusal import refuse_if
from projections.reconciliation import lines as statement_lines
from services.commands.ask import Answer
from services.commands.plan import Attempt, PlanFor, PlannedAs
from services.log.event_log import Change
from services.log.known_states import Loaded

MOST_AT_ONCE = 500


def check_free(attempt: Attempt, line: UUID, state: StatementLine, same: UUID | None) -> None:
    """Refuses ``line_same_taken`` where another line of the same file is that earlier one already.

    What the view does not show yet is read in the log, and the append checks that nothing has come since.
    """
    wanted = [same] if same is not None else state.twins
    file = state.told.file if state.told is not None else None
    if len(wanted) == 1:
        refuse_if(bool(_doubles(attempt, wanted, file) - {line}), "line_same_taken", field="same")


def _doubles(attempt: Attempt, earlier: Collection[UUID], file: UUID | None) -> set[UUID]:
    """Lines of a file that are one of these earlier ones, as everything stands when this is appended."""
    return {line for lines in _doubles_of(attempt, earlier, file).values() for line in lines}


def _doubles_of(attempt: Attempt, earlier: Collection[UUID], file: UUID | None) -> Mapping[UUID, set[UUID]]:
    log, database = attempt.reach.log, attempt.reach.database
    with database.follower.connection() as conn:
        shown = statement_lines.shown_up_to(conn)
        known = {row.line for rows in statement_lines.doubles(conn, earlier).values() for row in rows}
    end = max(shown, log.last_position())
    quiet, name = attempt.seen.quiet_since, StatementLineSetAside.__name__
    quiet[name] = min(end, quiet.get(name, end))
    known |= {stream for stream, same in log.told(StatementLineSetAside, "same", shown, end) if same}
    found: dict[UUID, set[UUID]] = {}
    for line in known:
        state = attempt.at(STATEMENT_LINE, line).state
        if state.same is not None and state.same in earlier and state.told is not None and state.told.file == file:
            found.setdefault(state.same, set()).add(line)
    return found


# -- all that wait of a file ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ManySettled(Answer):
    """How many lines of a file were settled in one act."""

    lines: int = 0


def settle_doubles(file: UUID, estate: str, counted: int, *, same: bool) -> PlanFor[ManySettled]:
    """Every line of a file that may be an earlier one is it, each another, or all are money of their own: one act.

    At most ``MOST_AT_ONCE`` in their order; where no earlier line is left, a line goes on waiting. Refuses
    ``doubles_moved`` with the count where it is not the one that somebody saw.
    """

    def make(attempt: Attempt) -> PlannedAs[ManySettled]:
        attempt.check_power(SetLineAside if same else TellLineApart, estate)
        waiting = _waiting(attempt, file, estate)
        refuse_if(len(waiting) != counted, "doubles_moved", n=len(waiting))
        twins = {each for _, line in waiting for each in line.state.twins}
        taken = set(_doubles_of(attempt, twins, file)) if same else set()
        changes: list[Change] = []
        for id, line in waiting:
            free = next((each for each in line.state.twins if each not in taken), None)
            if same and free is None:
                continue
            taken |= {free} if free else set()
            command = SetLineAside(SetAsideReason.SAME_LINE, None, free) if same else TellLineApart()
            changes += attempt.decided(STATEMENT_LINE, id, line, command, id, estate).changes
        return PlannedAs(changes, ManySettled(file, 0, lines=len(changes)))

    return PlanFor(make, answers=ManySettled)


def undo_doubles(file: UUID, estate: str, last: int, lines: int) -> PlanFor[ManySettled]:
    """So many lines of a file, the last of which was settled at a position, wait as they did; others are left alone."""

    def make(attempt: Attempt) -> PlannedAs[ManySettled]:
        attempt.check_power(ReturnLine, estate)
        with attempt.reach.database.lend([estate]) as conn:
            rows = [row for row in statement_lines.of_file(conn, file) if last - lines < row.changed_at <= last]
        changes: list[Change] = []
        for row in rows[:MOST_AT_ONCE]:
            line = attempt.own(STATEMENT_LINE, row.line)
            apart = line.state.stage is LineStage.QUEUED and bool(line.state.apart_from)
            if line.version != row.version or not (apart or line.state.reason is SetAsideReason.SAME_LINE):
                continue
            command = DoubtLine() if apart else ReturnLine()
            changes += attempt.decided(STATEMENT_LINE, row.line, line, command, row.line, estate).changes
        return PlannedAs(changes, ManySettled(file, 0, lines=len(changes)))

    return PlanFor(make, answers=ManySettled)


def _waiting(attempt: Attempt, file: UUID, estate: str) -> list[tuple[UUID, Loaded[StatementLine]]]:
    with attempt.reach.database.lend([estate]) as conn:
        rows = statement_lines.of_file(conn, file, Waiting.TWIN)
    lines = [(row.line, attempt.own(STATEMENT_LINE, row.line)) for row in rows[:MOST_AT_ONCE] if row.estate == estate]
    return [(id, line) for id, line in lines if line.state.stage is LineStage.QUEUED and line.state.twins]
