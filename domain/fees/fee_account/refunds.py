"""Money that goes back: never more than is held, nor what an invoice stands for."""

from uuid import UUID

from domain.calendar import local_date
from domain.fees.fee_account.commands import PayRefund, ReturnRefund
from domain.fees.fee_account.draws import served_open
from domain.fees.fee_account.events import (
    Event,
    PrepaymentRefunded,
    RefundReturned,
    RefundReturnFound,
    RefundReturnWithdrawn,
)
from domain.fees.fee_account.payments import check_paid_on
from domain.fees.fee_account.state import FeeAccount, Refund
from domain.fees.fee_account.vocabulary import LEAVING, Method, RefundReason, RefundStage
from domain.money.amount import yuan
from domain.recorded import Act
from domain.refusal import refuse_done, refuse_if, reject_if


def refund_paid(account: FeeAccount, paid: PayRefund, act: Act) -> list[Event]:
    refund = refund_of(account, paid.refund)
    check_refund(refund, RefundStage.PAID, RefundStage.REJECTED, RefundStage.RETURNED)
    refuse_if(refund.stage is not RefundStage.APPROVED, "refund_not_approved")
    check_paid_on(paid.paid_on, act)
    check_served(account, refund.payment, refund.reason, act)
    check_invoiced(account, refund.payment, refund.amount)
    payment = account.payments[refund.payment]
    overpaid = min(payment.overpaid, refund.amount)
    return [
        PrepaymentRefunded(
            paid.refund, refund.payment, refund.amount, overpaid, paid.method, paid.paid_on, paid.reference
        )
    ]


def refund_returned(account: FeeAccount, back: ReturnRefund, act: Act) -> list[Event]:
    """What a bank sends back is held for its payer again, as it was before it went out.

    What was paid out of money that never came is owed back already (``refund_reclaimed``): money that comes for it
    pays that. Cash is sent back by no bank (``refund_in_cash``): whoever brings it pays it in.
    """
    refund = refund_of(account, back.refund)
    if refund.stage is RefundStage.RETURNED and back.line is not None and refund.line is None:
        return [RefundReturnFound(back.refund, refund.payment, back.line)]
    same = refund.stage is RefundStage.RETURNED and back.line is not None and refund.line == back.line
    if same:
        return []
    refuse_done(refund.told if refund.stage is RefundStage.RETURNED else None, "refund_returned")
    refuse_if(refund.stage is not RefundStage.PAID, "refund_not_paid")
    assert refund.paid_on is not None and refund.method is not None
    refuse_if(refund.method is Method.CASH, "refund_in_cash")
    refuse_if(account.payments[refund.payment].reversed, "refund_reclaimed")
    check_paid_on(back.returned_on, act, "returned_on")
    reject_if(back.returned_on < refund.paid_on, "returned_before_paid", field="returned_on", day=refund.paid_on)
    told = (refund.amount, refund.overpaid, refund.method, back.returned_on)
    return [RefundReturned(back.refund, refund.payment, *told, back.line)]


def return_withdrawn(account: FeeAccount, refund: UUID, act: Act) -> list[Event]:
    """The refund stays paid out. Refuses ``refund_used_again`` where what came back was used since."""
    back = refund_of(account, refund)
    refuse_done(back.told if back.stage is RefundStage.PAID else None, "refund_paid", back.method)
    refuse_if(back.stage is not RefundStage.RETURNED, "refund_not_returned")
    payment = account.payments[back.payment]
    refuse_if(payment.reversed or account.available(back.payment) < back.amount, "refund_used_again")
    check_invoiced(account, back.payment, back.amount)
    assert back.method is not None
    told = (back.amount, min(payment.overpaid, back.amount), back.method, local_date(act.recorded_at))
    return [RefundReturnWithdrawn(refund, back.payment, *told)]


def check_refund(refund: Refund, *over: RefundStage) -> None:
    """Refuse what would be done once more, or against what was decided: whoever hears yes hands out money."""
    stage = refund.stage if refund.stage in over else None
    refuse_done(refund.told if stage is RefundStage.PAID else None, "refund_paid", refund.method)
    refuse_done(refund.told if stage is RefundStage.APPROVED else None, "refund_approved")
    refuse_done(refund.told if stage is RefundStage.RETURNED else None, "refund_returned")
    refuse_done(refund.told if stage is RefundStage.REJECTED else None, "refund_rejected")


def check_served(account: FeeAccount, payment: UUID, reason: RefundReason, act: Act) -> None:
    """Whoever leaves gets back what is left once all that was served is paid. Refuses ``refund_owes_first``."""
    if reason in LEAVING:
        owed = served_open(account, account.payments[payment].payer, local_date(act.recorded_at))
        refuse_if(owed > 0, "refund_owes_first", amount=yuan(owed))


def check_invoiced(account: FeeAccount, payment: UUID, amount: int, *going: RefundStage) -> None:
    """INV-52 after a refund, and others in these stages, are paid out: no invoice exceeds what is kept of a payment."""
    most = account.uninvoiced(payment, *going)
    refuse_if(amount > most, "refund_invoiced", most=yuan(max(most, 0)), invoiced=yuan(account.invoiced(payment)))


def refund_of(account: FeeAccount, refund: UUID) -> Refund:
    refuse_if(refund not in account.refunds, "unknown_refund")
    return account.refunds[refund]
