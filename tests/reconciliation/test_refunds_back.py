"""A refund that comes back by a line of a statement is nobody's payment: matched where only one is meant, or asked."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import Method, fee_account_stream
from domain.recorded import Act
from projections.projection import Connection
from services.log.event_log import Change
from services.reconciliation.checks import lines_and_payments
from tests.conftest import Demo
from tests.reconciliation.homes import NOBODY, Ledger


def bank(*rows: tuple[str, int, str]) -> bytes:
    """Incoming lines of a bank: day, fen, remark."""
    told = [f"{day},{remark},,,{amount / 100:.2f}," for day, amount, remark in rows]
    return "\r\n".join(["交易日期,摘要,对方户名,借方发生额,贷方发生额,余额", *told, ""]).encode()


class Sent:
    """Homes of building 89 whose owners got money back by transfer."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.ledger = demo, Ledger(demo, "89")
        self.accountant = demo.sign_in_patient("accountant")

    def refunded(self, room: str, amount: int, method: Method = Method.BANK_TRANSFER) -> UUID:
        self.ledger.billed(room, 100)
        home, refund, payment = self.ledger.dwellings[room], uuid4(), uuid4()
        day = date(2026, 10, 1)
        paid = fees.RecordPayment(
            payment, self.ledger.owners[room], 100 + amount, method, day, f"R{room}", prepay_limit=amount
        )
        log, stream, state, now = (
            self.demo.product.log,
            fee_account_stream(home),
            self.ledger.account(room),
            self.demo.now,
        )
        events: list[Any] = []
        for actor, command in (
            (NOBODY, paid),
            (uuid4(), fees.RequestRefund(refund, payment, amount, fees.RefundReason.OVERPAID)),
            (NOBODY, fees.ApproveRefund(refund)),
            (NOBODY, fees.PayRefund(refund, method, day)),
        ):
            act = Act(actor, Capacity.ACCOUNTANT, now, now)
            new = fees.FEE_ACCOUNT.consider(command, state, act)
            state = fees.FEE_ACCOUNT.fold([(event, act) for event in new], state)
            events += new
        version = log.load(fees.FEE_ACCOUNT, stream).version
        log.append([Change(stream, "FeeAccount", version, events, act, self.ledger.estate, self.ledger.owners[room])])
        self.demo.caught_up()
        return refund

    def take(self, *rows: tuple[str, int, str]) -> Any:
        """A bank's statement of incoming lines: day, fen, remark."""
        seen = self.ledger.upload(self.accountant, bank(*rows))
        return self.ledger.confirm(self.accountant, seen["id"])

    def line(self, amount: int, stage: str = "QUEUED") -> Any:
        return next(each for each in self.ledger.lines(self.accountant, stage) if each["amount"] == amount)

    def stage(self, room: str, refund: UUID) -> fees.RefundStage:
        found: fees.RefundStage = self.ledger.account(room).refunds[refund].stage
        return found

    def wrong(self) -> list[str]:
        def look(conn: Connection) -> list[str]:
            return [each for each in lines_and_payments(conn) if "refund" in each]

        self.demo.caught_up()
        with self.demo.product.database.follower.connection() as conn:
            return look(conn)


@pytest.fixture(scope="module")
def sent(demo: Demo) -> Iterator[Sent]:
    yield Sent(demo)


def test_the_only_refund_that_can_be_meant_is_back_by_itself(sent: Sent) -> None:
    refund = sent.refunded("101", 41_311)
    done = sent.take(("2026-10-03", 41_311, "退汇 户名不符 89-1-101"))
    assert (done["matched"], done["queued"]) == (1, 0)
    line = sent.line(41_311, "MATCHED")
    assert (line["evidence"], line["refund"]) == ("REFUND_RETURNED", str(refund))
    account = sent.ledger.account("101")
    assert sent.stage("101", refund) is fees.RefundStage.RETURNED
    assert (account.prepaid, len(account.payments)) == (41_311, 1)  # owed again, and no payment of anybody
    assert sent.wrong() == []

    back = sent.accountant.post(f"/api/v1/statement-lines/{line['id']}/return")
    assert back.status_code == 200, back.text
    assert sent.stage("101", refund) is fees.RefundStage.PAID and sent.ledger.account("101").prepaid == 0
    waiting = sent.line(41_311)
    assert waiting["suggestions"][-1]["refund"] == str(refund)
    body = {"dwelling": str(sent.ledger.dwellings["101"]), "refund": str(refund)}
    assert sent.accountant.post(f"/api/v1/statement-lines/{line['id']}/match", json=body).status_code == 200
    assert sent.stage("101", refund) is fees.RefundStage.RETURNED

    out = sent.accountant.post(f"/api/v1/refunds/{refund}/stays-paid")
    assert out.status_code == 200, out.text
    assert sent.line(41_311)["id"] == line["id"]  # the line waits again
    assert sent.wrong() == []


def test_of_two_refunds_a_person_says_which_one(sent: Sent) -> None:
    one, other = sent.refunded("201", 52_701), sent.refunded("202", 52_701)
    done = sent.take(("2026-10-04", 52_701, "汇款退回"))
    assert done["queued"] == 1
    line = sent.line(52_701)
    assert line["waiting"] == "REFUND_BACK"
    assert {each["refund"] for each in line["suggestions"]} == {str(one), str(other)}
    wrong = {"dwelling": str(sent.ledger.dwellings["201"]), "refund": str(other)}
    assert sent.accountant.post(f"/api/v1/statement-lines/{line['id']}/match", json=wrong).status_code == 404
    body = {"dwelling": str(sent.ledger.dwellings["202"]), "refund": str(other)}
    assert sent.accountant.post(f"/api/v1/statement-lines/{line['id']}/match", json=body).status_code == 200
    assert (sent.stage("201", one), sent.stage("202", other)) == (fees.RefundStage.PAID, fees.RefundStage.RETURNED)


def test_what_a_person_noted_before_is_found_on_the_statement(sent: Sent) -> None:
    refund = sent.refunded("301", 63_007)
    noted = sent.accountant.post(f"/api/v1/refunds/{refund}/return", json={"returned_on": "2026-10-02"})
    assert noted.status_code == 200, noted.text
    assert sent.accountant.post(f"/api/v1/refunds/{refund}/return").json()["code"] == "refund_returned"
    assert sent.take(("2026-10-03", 63_007, "退票"))["matched"] == 1
    assert sent.ledger.account("301").prepaid == 63_007  # once
    assert sent.wrong() == []


def test_money_that_may_be_ours_coming_back_is_never_silently_somebodys(sent: Sent) -> None:
    sent.ledger.billed("401", 7_103)
    sent.take(("2026-10-05", 7_103, "退汇 89-1-401"))
    assert sent.line(7_103)["waiting"] == "REFUND_BACK" and sent.ledger.account("401").payments == {}
    sent.ledger.billed("402", 7_205)  # an honest payer's words, and no refund of this amount went out
    assert sent.take(("2026-10-05", 7_205, "89-1-402 上次退回后重交"))["matched"] == 1


def test_another_amount_or_way_is_not_that_refund(sent: Sent) -> None:
    refund = sent.refunded("501", 8_801, Method.WECHAT)
    sent.take(("2026-10-06", 8_801, "退汇"))
    line = sent.line(8_801)
    assert (line["waiting"], line["suggestions"]) == ("REFUND_BACK", [])
    body = {"dwelling": str(sent.ledger.dwellings["501"]), "refund": str(refund)}
    answer = sent.accountant.post(f"/api/v1/statement-lines/{line['id']}/match", json=body)
    assert answer.json()["code"] == "line_other_refund"
