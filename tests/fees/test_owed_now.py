"""What is owed now is of bills that are due, wherever it is told; what falls due later stands apart."""

import re
from datetime import date, timedelta

from domain.money.items import FeeItem
from tests.clock import RunningClock
from tests.conftest import FIRST, Demo
from tests.fees.till import YEAR, Till


def figure(page: str, id: str) -> str:
    found = re.search(rf'id="{id}">([^<]*)<', page)
    assert found is not None, id
    return found[1]


def test_what_is_not_due_is_in_no_figure_of_what_is_owed(demo: Demo) -> None:
    till = Till(demo)
    till.owned((till.owner, date(2020, 1, 1)))
    till.opened()
    till.bill(since=(till.today - timedelta(days=1)).replace(year=till.today.year - 1))
    till.bill(5000, since=till.today, item=FeeItem.PARKING)
    demo.caught_up()
    cashier = demo.sign_in_patient("cashier")

    desk = cashier.get(f"/fees/{FIRST}/{till.dwelling}").text
    assert figure(desk, "balance") == "¥643.46" and "¥50.00" in figure(desk, "later")
    assert re.search(r'id="amount"[^>]*value="643\.46" data-whole="64346" data-later="5000"', desk)
    ledger = cashier.get(f"/accounts/{till.dwelling}").text
    assert (figure(ledger, "account-owed"), figure(ledger, "account-later")) == ("¥643.46", "¥50.00")
    beside = cashier.get(f"/register/{FIRST}/dwellings/{till.dwelling}").text
    assert '<dd class="num">¥643.46</dd>' in beside and '<dd class="num">¥50.00</dd>' in beside
    assert "¥693.46" not in beside
    told = cashier.get(f"/api/v1/dwellings/{till.dwelling}/overview").json()
    assert (told["owed_now"], told["not_due"], told["open"]) == (YEAR, 5000, YEAR + 5000)
    account = cashier.get(f"/api/v1/accounts/{till.dwelling}").json()
    assert (account["owed_now"], account["not_due"]) == (YEAR, 5000)
    arrears = demo.sign_in_patient("accountant").get(f"/api/v1/estates/{FIRST}/arrears").text
    assert str(till.dwelling) in arrears and str(YEAR + 5000) not in arrears

    paid = cashier.post("/api/v1/payments", json={"dwelling": str(till.dwelling), "amount": YEAR, "method": "WECHAT"})
    answer = paid.json()
    assert (answer["owed_now"], answer["not_due"], answer["balance"]) == (0, 5000, 5000)
    demo.caught_up()
    receipt = cashier.get(f"/fees/{FIRST}/{till.dwelling}/{answer['payment']}").text
    assert figure(receipt, "balance") == "¥0.00" and "¥50.00" in figure(receipt, "later")
    assert isinstance(demo.product.clock, RunningClock)
    demo.product.clock.passes(timedelta(minutes=6))  # nobody takes the next payment by a stray key
    coming = cashier.get(f"/fees/{FIRST}/{till.dwelling}").text  # whoever wants to pay what comes may
    assert figure(coming, "balance") == "¥0.00" and 'value="50.00"' in coming
