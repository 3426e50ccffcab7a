"""Refunds that a bank sent back: the money is owed to its payer again; and the way back where that was a mistake."""

from datetime import date
from uuid import UUID

from domain.calendar import local_date
from domain.fees.fee_account import FEE_ACCOUNT, ReturnRefund, WithdrawRefundReturn, fee_account_stream
from services.books.plans import check_open
from services.commands.plan import Attempt, Plan, Planned


def return_refund(dwelling: UUID, refund: UUID, returned_on: date | None = None, line: UUID | None = None) -> Plan:
    """A refund that was paid out is back, today unless another day is named; ``line`` of a statement brought it."""

    def make(attempt: Attempt) -> Planned:
        return refund_back(attempt, dwelling, refund, returned_on, line)

    return Plan(make)


def refund_back(attempt: Attempt, dwelling: UUID, refund: UUID, day: date | None, line: UUID | None) -> Planned:
    """What it changes on the account, as part of an attempt."""
    day = day or local_date(attempt.act.occurred_at)
    planned = _on(attempt, dwelling, ReturnRefund(refund, day, line))
    if any(change.events for change in planned.changes):
        check_open(attempt, _estate(attempt, dwelling), day)
    return planned


def withdraw_refund_return(dwelling: UUID, refund: UUID) -> Plan:
    """The refund stays paid out: other money was taken for it. A line that brought it waits in the queue again."""

    def make(attempt: Attempt) -> Planned:
        planned = _on(attempt, dwelling, WithdrawRefundReturn(refund))
        check_open(attempt, _estate(attempt, dwelling), local_date(attempt.act.recorded_at))
        return planned

    return Plan(make)


def _estate(attempt: Attempt, dwelling: UUID) -> str:
    return attempt.own(FEE_ACCOUNT, fee_account_stream(dwelling)).state.estate or ""


def _on(attempt: Attempt, dwelling: UUID, command: ReturnRefund | WithdrawRefundReturn) -> Planned:
    stream = fee_account_stream(dwelling)
    loaded = attempt.own(FEE_ACCOUNT, stream)
    attempt.check_power(type(command), loaded.state.estate)
    found = loaded.state.refunds.get(command.refund)
    payer = loaded.state.payments[found.payment].payer if found else stream
    return attempt.decided(FEE_ACCOUNT, stream, loaded, command, payer)
