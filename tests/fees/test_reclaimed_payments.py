"""Over HTTP and on paper: a transfer of which something was refunded, and which the bank then takes back."""

from datetime import date
from typing import Any

from projections.cockpit import collection
from projections.fees.bills import BILLS
from services.account_statements.paper import account_statements
from services.account_statements.statement import account_statement_paper
from tests.conftest import FIRST, Demo
from tests.fees.till import YEAR, Till
from tests.machine.test_paper import texts


def refunded(demo: Demo, till: Till, amount: int, method: str) -> str:
    """A transfer of a year's fee and ``amount`` more, which two people paid back."""
    cashier, accountant, head = (demo.sign_in_patient(name) for name in ("cashier", "accountant", "head"))
    till.bill()
    paid = {"dwelling": str(till.dwelling), "amount": YEAR + amount, "method": "BANK_TRANSFER"}
    payment = cashier.post("/api/v1/payments", json=paid).json()["payment"]
    body = {"amount": amount, "reason": "OVERPAID"}
    refund = accountant.post(f"/api/v1/payments/{payment}/refunds", json=body).json()["refund"]
    waits = accountant.post(f"/api/v1/payments/{payment}/reverse", json={"reason": "BOUNCED"})
    assert (waits.status_code, waits.json()["code"]) == (409, "refund_first")
    assert head.post(f"/api/v1/refunds/{refund}/approve").status_code == 200
    assert cashier.post(f"/api/v1/refunds/{refund}/pay", json={"method": method}).status_code == 200
    return str(payment)


def test_a_transfer_that_bounces_after_a_refund_has_a_way_back(demo: Demo) -> None:
    till = Till(demo)
    till.owned((till.owner, date(2020, 1, 1)))
    till.opened()
    cashier, accountant = demo.sign_in_patient("cashier"), demo.sign_in_patient("accountant")
    other = Till(demo).opened()
    other.bill()
    cash = {"dwelling": str(other.dwelling), "amount": YEAR, "method": "CASH"}
    assert cashier.post("/api/v1/payments", json=cash).status_code == 201  # so that something lies in the drawer
    payment = refunded(demo, till, 5000, "CASH")
    inside, where = till.drawer("cashier").expected, f"/api/v1/payments/{payment}/reverse"
    assert cashier.post(where, json={"reason": "BOUNCED"}).status_code == 403
    back = accountant.post(
        where, json={"reason": "BOUNCED", "text": "银行退票"}, headers={"Idempotency-Key": "bounced"}
    )
    assert back.status_code == 200, back.text
    again = accountant.post(where, json={"reason": "BOUNCED"})
    assert (again.status_code, again.json()["code"]) == (409, "payment_reversed")
    told: dict[str, Any] = cashier.get(f"/api/v1/accounts/{till.dwelling}").json()
    [claim] = [bill for bill in told["bills"] if bill["item"] == "RECLAIMED_REFUND"]
    [refund] = till.state.refunds
    assert (claim["open"], claim["payer"], claim["refund"]) == (5000, str(till.owner), str(refund))
    assert (told["balance"], told["owed_now"]) == (YEAR + 5000, YEAR + 5000)
    assert till.drawer("cashier").expected == inside  # the transfer never was in it; the refund went out of it
    for act, more in (("void", {}), ("correct", {"amount": 1})):
        answer = accountant.post(f"/api/v1/bills/{claim['bill']}/{act}", json={"reason": "OTHER"} | more)
        assert (answer.status_code, answer.json()["code"]) == (409, "reclaim_stands"), answer.text

    paper = account_statement_paper(demo.product, frozenset({FIRST}), till.dwelling, till.owner, date(2020, 1, 1), "zh")
    assert paper.before + sum(each.billed - each.received for each in paper.movements) == YEAR + 5000
    (text,) = texts(account_statements([paper], "zh"))
    assert "退款追回" in text and till.state.payments[next(iter(till.state.payments))].receipt in text
    body = {"dwelling": str(till.dwelling), "amount": 5000, "method": "WECHAT", "bills": [claim["bill"]]}
    paid = cashier.post("/api/v1/payments", json=body).json()
    assert paid["allocations"] == [{"bill": claim["bill"], "amount": 5000}] and paid["balance"] == YEAR
    receipt = cashier.get(f"/api/v1/payments/{paid['payment']}/receipt.pdf")
    assert "退款追回" in texts(receipt.content)[0]


def test_what_is_owed_back_counts_in_no_collection_rate(demo: Demo) -> None:
    till = Till(demo).opened()
    payment = refunded(demo, till, 5000, "BANK_TRANSFER")
    month = f"{till.today:%Y-%m}"

    def billed() -> int:
        assert demo.product.positions.wait(BILLS.name, demo.product.log.last_position(), 10)
        with demo.product.database.lend([FIRST]) as conn:
            return sum(row.billed for row in collection.collected(conn, [FIRST], month, month))

    before = billed()
    accountant = demo.sign_in_patient("accountant")
    assert accountant.post(f"/api/v1/payments/{payment}/reverse", json={"reason": "BOUNCED"}).status_code == 200
    assert till.state.open == YEAR + 5000 and billed() == before
    listed = accountant.get(f"/cockpit/{FIRST}/cases/open")
    assert (
        listed.status_code == 200 and "退款追回" not in listed.text
    )  # the list behind the figure is of the same bills
