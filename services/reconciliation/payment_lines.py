"""What payments do to lines of statements: none is booked twice, and a reversed one gives its line back."""

from collections.abc import Sequence
from uuid import UUID

from domain.fees.fee_account import FEE_ACCOUNT, PaymentRecorded, PaymentReversed
from domain.reconciliation.line import STATEMENT_LINE, LineStage, ReturnLine
from domain.refusal import refuse_if
from projections.reconciliation import lines as statement_lines
from services.commands.plan import Attempt
from services.database.database import Database
from services.log.event_log import Change
from services.reconciliation.desk_payments import METHODS


def not_booked_before(attempt: Attempt, changes: Sequence[Change]) -> None:
    """Refuses ``reference_booked``: a statement brought this very transaction, and its money is on an account."""
    for change in changes:
        for event in change.events:
            if isinstance(event, PaymentRecorded) and event.line is None:
                _check_reference(attempt, event)


def _check_reference(attempt: Attempt, paid: PaymentRecorded) -> None:
    provider = next((each for each, method in METHODS.items() if method is paid.method), None)
    if provider is None or not paid.reference:
        return
    line = attempt.reach.pseudonyms.of("statement-line", provider.value, f"{paid.reference.strip()}/")
    refuse_if(attempt.at(STATEMENT_LINE, line).state.stage is LineStage.MATCHED, "reference_booked", field="reference")


def lines_returned(attempt: Attempt, changes: Sequence[Change]) -> Sequence[Change]:
    """The line of a payment that is taken back waits in the queue again, for its money is still somebody's."""
    return [
        returned
        for change in changes
        for event in change.events
        if isinstance(event, PaymentReversed)
        for returned in _returned(attempt, change, event.payment)
    ]


def _returned(attempt: Attempt, change: Change, payment: UUID) -> Sequence[Change]:
    noted = attempt.at(FEE_ACCOUNT, change.stream).state.payments[payment].line
    line = noted or _found(attempt.reach.database, change.estate, payment)
    brought = attempt.at(STATEMENT_LINE, line) if line is not None else None
    if line is None or brought is None or brought.state.payment != payment:
        return []
    events = STATEMENT_LINE.consider(ReturnLine(), brought.state, attempt.act)
    return [Change(line, STATEMENT_LINE.name, brought.version, events, attempt.act, brought.state.estate, line)]


def _found(database: Database, estate: str | None, payment: UUID) -> UUID | None:
    """The line that was found for a payment of the desk: accounts have noted it only lately."""
    with database.lend([estate] if estate else []) as conn:
        return statement_lines.of_desk(conn, [payment]).get(payment)
