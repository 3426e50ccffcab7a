"""What the view of refunds keeps of each."""

from datetime import date
from typing import Any
from uuid import UUID

from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, Method, fee_account_stream
from domain.money.items import FeeItem
from domain.recorded import Recorded
from projections.fees.refunds import REFUNDS, RefundRow
from projections.projection import fold, keyed
from tests.fees.examples import ESTATE_CODE
from tests.scenario import MONDAY, Scenario

DWELLING, OWNER, BILL, COMING, PAYMENT, REFUND = (UUID(int=n) for n in range(0x800, 0x806))
ACCOUNT = fee_account_stream(DWELLING)
TODAY = MONDAY.date()


def issued(bill: UUID, year: int) -> fees.IssueBill:
    since, until = date(year, 1, 1), date(year + 1, 1, 1)
    return fees.IssueBill(bill, f"B-{year}", FeeItem.PROPERTY_FEE, since, until, OWNER, 64346, date(year, 6, 30))


PAID = (
    fees.OpenFeeAccount(DWELLING, ESTATE_CODE, "3"),
    issued(BILL, 2025),
    fees.RecordPayment(PAYMENT, OWNER, 100000, Method.CASH, TODAY, "2026-000001", prepay_limit=64346),
)
ASKED = fees.RequestRefund(REFUND, PAYMENT, 5000, fees.RefundReason.MOVED_OUT, "已搬走")


def refund(*commands: Any) -> RefundRow:
    """The refund as it reads once it has been kept, each step of it kept as well."""
    now: Scenario[FeeAccount] = Scenario(FEE_ACCOUNT, FEE_ACCOUNT.initial)
    kept: dict[str, Any] = {}
    position = 0
    for command in commands:
        now = now.head() if isinstance(command, fees.ApproveRefund) else now
        now = now.when(command)
        for event in now.outcome:
            position += 1
            recorded = Recorded(
                position, UUID(int=position), ACCOUNT, position, event, now.act, ESTATE_CODE, OWNER, None
            )
            found = fold(REFUNDS, kept, keyed(REFUNDS, [recorded]))
            kept |= {key: REFUNDS.as_kept(row) for key, (row, _) in found.written.items()}
    row: RefundRow = kept[str(REFUND)]
    return row


def test_a_refund_is_told_without_its_words() -> None:
    asked = refund(*PAID, ASKED)
    assert (asked.stage, asked.amount, asked.payment, asked.account) == (
        fees.RefundStage.REQUESTED, 5000, PAYMENT, ACCOUNT,
    )  # fmt: skip
    assert "已搬走" not in repr(asked)


def test_a_refund_is_told_with_its_people() -> None:
    done = refund(*PAID, ASKED, fees.ApproveRefund(REFUND), fees.PayRefund(REFUND, Method.CASH, TODAY))
    assert done.decided is not None and done.paid is not None
    assert (done.stage, done.method, done.asked.who == done.decided.who) == (fees.RefundStage.PAID, Method.CASH, False)
    assert refund(*PAID, ASKED, fees.RejectRefund(REFUND)).stage is fees.RefundStage.REJECTED
