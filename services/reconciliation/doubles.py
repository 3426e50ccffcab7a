"""Of one file one line at most is an earlier line, whoever says so at once; and all that wait of a file in one act."""

from collections.abc import Collection, Mapping
from uuid import UUID

from domain.reconciliation.line import (
    STATEMENT_LINE,
    StatementLine,
    StatementLineSetAside,
)
from domain.refusal import refuse_if
from projections.reconciliation import lines as statement_lines
from services.commands.plan import Attempt


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
