"""Whoever reads an account says the same of it as the account itself, whatever happened on it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings

from domain.closing.ledger import HELD, RECEIVABLE, Ledger
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, fee_account_stream
from domain.fees.fee_account.movements import Movement, moved_by, movements
from domain.recorded import Recorded
from projections.fees.accounts import ACCOUNTS
from projections.fees.bills import BILLS
from projections.fees.payments import PAYMENTS
from projections.fees.refunds import REFUNDS
from projections.projection import View, fold, keyed
from services.account_statements.statement import steps
from services.fees.lines import account_lines, summed
from tests.examples import EVENTS
from tests.fees.examples import ESTATE_CODE
from tests.fees.lives import OWNERS, Happened, lives
from tests.fees.tally import Tally

pytestmark = pytest.mark.slow

STREAM = fee_account_stream(UUID(int=1))


def as_logged(happened: Happened) -> list[Recorded[Any]]:
    """As the log tells it."""
    return [
        Recorded(at, UUID(int=at), STREAM, at, event, act, ESTATE_CODE, STREAM, None)
        for at, (event, act) in enumerate(happened, 1)
    ]


def rows(view: View[Any], history: Sequence[Recorded[Any]]) -> dict[str, Any]:
    """All rows of a view after a history."""
    return {key: row for key, (row, _) in fold(view, {}, keyed(view, history)).written.items()}


@settings(max_examples=60, deadline=None)
@given(lives())
def test_views_say_what_the_account_says(happened: Happened) -> None:
    account, history = FEE_ACCOUNT.fold(happened), as_logged(happened)
    assert {key: (row.paid, row.waived, row.open) for key, row in rows(BILLS, history).items()} == {
        str(id): (bill.paid, bill.waived, bill.open) for id, bill in account.bills.items()
    }
    assert {key: of_payment(row, {each.bill: each.amount for each in row.allocations})
            for key, row in rows(PAYMENTS, history).items()} == {
        str(id): of_payment(payment, payment.allocated) for id, payment in account.payments.items()
    }  # fmt: skip
    assert {key: (row.amount, row.stage) for key, row in rows(REFUNDS, history).items()} == {
        str(id): (refund.amount, refund.stage) for id, refund in account.refunds.items()
    }
    (row,) = rows(ACCOUNTS, history).values()
    assert row.bills == {str(id): bill.open for id, bill in account.open_bills().items()}
    assert row.payments == {str(id): payment.held for id, payment in account.payments.items() if payment.held}


def of_payment(payment: Any, given: Any) -> tuple[Any, ...]:
    return payment.prepaid, payment.overpaid, payment.refunded, bool(payment.reversed), dict(given)


@settings(max_examples=60, deadline=None)
@given(lives())
def test_lines_and_statements_say_what_the_account_says(happened: Happened) -> None:
    account, history = FEE_ACCOUNT.fold(happened), as_logged(happened)
    lines = account_lines(history)
    assert {id: (line.paid, line.waived, line.open) for id, line in lines.bills.items()} == {
        id: (0 if bill.voided else bill.paid, bill.waived, bill.open) for id, bill in account.bills.items()
    }
    assert {id: of_payment(line, summed(line.parts, "bill")) for id, line in lines.payments.items()} == {
        id: of_payment(payment, payment.allocated) for id, payment in account.payments.items()
    }
    for payer in OWNERS:
        assert sum(step.billed - step.received for step in steps(history, payer)) == balance(account, payer)


def balance(account: FeeAccount, payer: UUID) -> int:
    """What a payer owes, less what is held for the payer."""
    held = sum(payment.held for payment in account.payments.values() if payment.payer == payer)
    return sum(bill.open for bill in account.open_bills(payer).values()) - held


@settings(max_examples=60, deadline=None)
@given(lives())
def test_the_books_and_a_count_of_another_kind_say_what_the_account_says(happened: Happened) -> None:
    account, books, tally = FEE_ACCOUNT.fold(happened), Ledger(), Tally()
    receivable, held = Counter[str](), Counter[str]()
    for event, act in happened:
        tally.add(event)
        for entry in books.entries(event, act):
            receivable["all"] += RECEIVABLE.get(entry.kind, 0) * entry.amount
            held["all"] += HELD.get(entry.kind, 0) * entry.amount
    assert (receivable["all"], held["all"]) == (account.open, account.prepaid + account.overpaid)
    assert {id: tally.open(id) for id in account.bills} == {id: bill.open for id, bill in account.bills.items()}
    assert {id: tally.held(id) for id in account.payments} == {id: each.held for id, each in account.payments.items()}


def test_every_event_of_an_account_says_what_it_moves_and_no_other_event_moves_anything() -> None:
    moves: dict[type[Any], tuple[Movement, ...]] = {type(event): moved_by(event) for event in EVENTS}
    assert moves.keys() >= set(FEE_ACCOUNT.events)
    still = {kind.__name__ for kind in FEE_ACCOUNT.events if not moves[kind]}
    noted = {"PaymentFoundOnStatement", "PaymentReleasedFromStatement", "RefundReturnFound"}
    assert still == {"FeeAccountOpened", *noted}
    assert not [kind for kind, moved in moves.items() if moved and kind not in FEE_ACCOUNT.events]
    assert all(movements(event) == moved_by(event) for event in EVENTS if type(event) in FEE_ACCOUNT.events)
