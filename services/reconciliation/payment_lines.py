"""What payments do to lines of statements: none is booked twice, and a reversed one gives its line back."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from domain.fees.fee_account import FEE_ACCOUNT, PaymentRecorded, PaymentReversed, RefundReturnWithdrawn
from domain.fees.provider_number import ProviderNumberTaken
from domain.reconciliation.line import STATEMENT_LINE, ReturnLine
from domain.refusal import Refusal
from projections.reconciliation import lines as statement_lines
from services.commands.plan import Attempt
from services.database.database import Database
from services.fees.provider_numbers import standing_payment, told_of
from services.log.event_log import Change
from services.reconciliation.desk_payments import METHODS
from services.reconciliation.surroundings import firm


def not_booked_before(attempt: Attempt, changes: Sequence[Change]) -> None:
    """Refuses ``reference_booked``: a statement brought money under this number, and nobody said that this is other."""
    taken = {
        event.payment: (change.stream, event.again)
        for change in changes
        for event in change.events
        if isinstance(event, ProviderNumberTaken)
    }
    for change in changes:
        for event in change.events:
            if isinstance(event, PaymentRecorded) and event.payment in taken:
                number, again = taken[event.payment]
                if not again:
                    _check_number(attempt, number, event)


def _check_number(attempt: Attempt, number: UUID, paid: PaymentRecorded) -> None:
    for dwelling, payment in _booked(attempt, number, paid):
        if standing_payment(attempt, dwelling, payment):
            raise Refusal("reference_booked", **told_of(attempt, dwelling, payment))


def _booked(attempt: Attempt, number: UUID, paid: PaymentRecorded) -> Iterator[tuple[UUID, UUID]]:
    """Dwellings and payments that statements brought under a number."""
    database = attempt.reach.database
    with database.lend(firm(database)) as conn:
        rows = statement_lines.under_number(conn, number)
    yield from ((row.dwelling, row.payment) for row in rows if row.dwelling and row.payment)
    provider = next((each for each, method in METHODS.items() if method is paid.method), None)
    if provider is not None and paid.reference:  # lines of older logs have no numbers
        line = attempt.reach.pseudonyms.of("statement-line", provider.value, f"{paid.reference.strip()}/")
        state = attempt.at(STATEMENT_LINE, line).state
        if state.dwelling and state.payment:
            yield state.dwelling, state.payment


def lines_returned(attempt: Attempt, changes: Sequence[Change]) -> Sequence[Change]:
    """The line of a payment that is taken back waits in the queue again, for its money is still somebody's.

    So does the line of a refund that did not come back after all.
    """
    there = {change.stream for change in changes}
    found: list[Change] = []
    for change in changes:
        for event in change.events:
            if isinstance(event, PaymentReversed):
                found += _returned(attempt, change, event.payment)
            elif isinstance(event, RefundReturnWithdrawn):
                line = attempt.at(FEE_ACCOUNT, change.stream).state.refunds[event.refund].line
                if line is not None and line not in there:
                    brought = attempt.at(STATEMENT_LINE, line)
                    events = STATEMENT_LINE.consider(ReturnLine(), brought.state, attempt.act)
                    of, estate = STATEMENT_LINE.name, brought.state.estate
                    found.append(Change(line, of, brought.version, events, attempt.act, estate, line))
    return found


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
