"""The page behind a receipt's code: true for whoever holds the paper, silent about who it is."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import pytest

from domain.fees import fee_account as fees
from services.fees.receipt_tokens import ReceiptTokens
from services.sessions.throttle import Throttle
from tests.conftest import FIRST, Demo
from tests.fees.fee_ground import carried_out, opened, payment

PAID_ON = date(2026, 11, 20)


@dataclass(frozen=True)
class Paid:
    dwelling: UUID
    payer: UUID
    payment: UUID
    token: str


def paid(demo: Demo) -> Paid:
    dwelling, payer = opened(demo.product, FIRST), uuid4()
    new = payment(payer, 643_46, PAID_ON, receipt="2026-000123", reference="42000024682026")
    carried_out(demo.product, dwelling, new)
    token = ReceiptTokens(demo.product.secret).of(dwelling, new.payment)
    return Paid(dwelling, payer, new.payment, token)


def ask(demo: Demo, token: str, address: str = "203.0.113.1", language: str = "zh") -> tuple[int, str]:
    client = demo.client()
    client._transport.client = (address, 4000)  # type: ignore[attr-defined]
    answer = client.get(f"/verify/{token}", headers={"Accept-Language": language})
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.text


@pytest.mark.parametrize(("language", "stands"), [("zh", "这张收据有效"), ("en", "This receipt stands")])
def test_a_receipt_that_stands_says_number_amount_and_day(demo: Demo, language: str, stands: str) -> None:
    status, page = ask(demo, paid(demo).token, language=language)
    assert status == 200 and stands in page
    assert "2026-000123" in page and "643.46" in page
    assert ("2026年11月20日" if language == "zh" else "20 Nov 2026") in page


def test_nobody_and_no_dwelling_is_named(demo: Demo) -> None:
    receipt = paid(demo)
    _, page = ask(demo, receipt.token)
    for secret in (receipt.payer, receipt.dwelling, receipt.payment):
        assert str(secret) not in page and secret.hex not in page
    assert "42000024682026" not in page


def test_a_reversed_payment_voids_its_receipt(demo: Demo) -> None:
    receipt = paid(demo)
    carried_out(demo.product, receipt.dwelling, fees.ReversePayment(receipt.payment, fees.ReversalReason.ENTERED_TWICE))
    status, page = ask(demo, receipt.token)
    assert status == 200 and "这张收据已作废" in page and "这张收据有效" not in page


def test_what_was_given_back_is_told(demo: Demo) -> None:
    receipt, refund = paid(demo), uuid4()
    carried_out(
        demo.product, receipt.dwelling, fees.RequestRefund(refund, receipt.payment, 43_46, fees.RefundReason.MOVED_OUT)
    )
    carried_out(demo.product, receipt.dwelling, fees.ApproveRefund(refund), actor=uuid4())
    carried_out(demo.product, receipt.dwelling, fees.PayRefund(refund, fees.Method.CASH, PAID_ON))
    status, page = ask(demo, receipt.token)
    assert status == 200 and "43.46" in page and "这张收据有效" in page


def test_a_made_up_or_changed_address_is_no_receipt(demo: Demo) -> None:
    token = paid(demo).token
    other = ReceiptTokens(demo.product.secret).of(uuid4(), uuid4())
    for place, wrong in enumerate((token[:-2], "A" + token[1:] if token[0] != "A" else "B" + token[1:], "x", other)):
        status, page = ask(demo, wrong, f"203.0.113.{10 + place}")
        assert status == 404 and "没有这张收据" in page, wrong


def test_guessing_is_slowed_down_and_a_genuine_receipt_is_not(demo: Demo) -> None:
    receipt = paid(demo)
    answers = [ask(demo, f"guess{n}", "203.0.113.77")[0] for n in range(25)]
    assert answers[:20] == [404] * 20 and answers[-1] == 429
    assert ask(demo, receipt.token, "203.0.113.77")[0] == 200  # whoever shares the address with somebody who guesses
    assert ask(demo, receipt.token, "203.0.113.78")[0] == 200
    throttle = Throttle(demo.product.database, demo.product.clock, demo.product.secret)
    throttle.check("|203.0.113.77")  # nothing is held against signing in
