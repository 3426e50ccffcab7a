"""Money that goes back: never more than is held, nor what an invoice stands for."""

from uuid import UUID

from domain.calendar import local_date
from domain.fees.fee_account.commands import PayRefund
from domain.fees.fee_account.draws import served_open
from domain.fees.fee_account.events import Event, PrepaymentRefunded
from domain.fees.fee_account.payments import check_paid_on
from domain.fees.fee_account.state import FeeAccount, Refund
from domain.fees.fee_account.vocabulary import LEAVING, RefundReason, RefundStage
from domain.money.amount import yuan
from domain.recorded import Act
from domain.refusal import refuse_done, refuse_if


def refund_paid(account: FeeAccount, paid: PayRefund, act: Act) -> list[Event]:
    refund = refund_of(account, paid.refund)
    check_refund(refund, RefundStage.PAID, RefundStage.REJECTED)
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


def check_refund(refund: Refund, *over: RefundStage) -> None:
    """Refuse what would be done once more, or against what was decided: whoever hears yes hands out money."""
    stage = refund.stage if refund.stage in over else None
    refuse_done(refund.told if stage is RefundStage.PAID else None, "refund_paid", refund.method)
    refuse_done(refund.told if stage is RefundStage.APPROVED else None, "refund_approved")
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
