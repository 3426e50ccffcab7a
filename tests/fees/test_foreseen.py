"""Before money is taken the desk tells which bills it will pay: exactly those that it then pays."""

import re
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest

from services.words.figures import shown
from tests.conftest import FIRST, Demo
from tests.fees.till import YEAR, Till


@pytest.fixture
def till(demo: Demo) -> Iterator[Till]:
    till = Till(demo).opened()
    till.owned((till.owner, date(2020, 1, 1)))
    for year in (2022, 2023, 2025):  # of 2024 there is none: two rows
        till.bill(since=date(year, 1, 1))
    demo.caught_up()
    yield till


@pytest.mark.parametrize("amount", [1, YEAR - 1, YEAR, YEAR + 1, 2 * YEAR, 2 * YEAR + 5000, 3 * YEAR, 3 * YEAR + 100])
@pytest.mark.parametrize("named", [None, 2])
def test_what_is_foretold_is_what_is_done(demo: Demo, till: Till, amount: int, named: int | None) -> None:
    cashier = demo.sign_in("cashier")
    bills = {} if named is None else {f"bill-{till.bills[named]}": "1"}
    query = {"amount": f"{amount / 100:.2f}"} | bills
    told = cashier.get(f"/fees/{FIRST}/{till.dwelling}/pays", params=query)
    assert told.status_code == 200, told.text
    sums = re.findall(r'<b class="num">([^<]*)</b>', told.text)
    left = re.findall(r'pays__part">.*?(¥[\d,.]+)', told.text)
    body = {"dwelling": str(till.dwelling), "amount": amount, "method": "WECHAT", "bills": []}
    body["bills"] = [str(till.bills[named])] if named is not None else []
    done = cashier.post("/api/v1/payments", json=body)
    assert done.status_code == 201, done.text
    paid = {UUID(each["bill"]): each["amount"] for each in done.json()["allocations"]}
    whole = [bill for bill in paid if not till.state.bills[bill].open]
    first = [paid[bill] for bill in till.bills[:2] if bill in whole]  # these two follow each other: one row
    rows = [sum(first)] if first else []
    rows += [amount for bill, amount in paid.items() if bill not in till.bills[:2] or bill not in whole]
    held = done.json()["prepaid"]
    assert sorted(sums) == sorted(shown(each) for each in [*rows, *([held] if held else [])])
    assert left == [shown(till.state.bills[bill].open) for bill in paid if till.state.bills[bill].open]


def test_what_cannot_be_taken_is_said_before_it_is_tried(demo: Demo, till: Till) -> None:
    cashier, where = demo.sign_in("cashier"), f"/fees/{FIRST}/{till.dwelling}/pays"
    for amount in ("abc", "-1", "1.005", "0", "9" * 13, "9" * 400):
        told = cashier.get(where, params={"amount": amount})
        assert (told.status_code, "pays__wrong" in told.text) == (200, True), amount
    assert "pays__wrong" not in cashier.get(where).text
    assert cashier.get(where, params={"amount": "1", "bill-nonsense": "1"}).status_code == 200
    assert cashier.get(f"/fees/{FIRST}/{UUID(int=9)}/pays", params={"amount": "1"}).status_code == 404
    assert demo.sign_in("clerk").get(where, params={"amount": "1"}).status_code in (403, 404)
