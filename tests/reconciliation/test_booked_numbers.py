"""Money that a statement brought is asked about at the desk under every number that the statement has of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Demo
from tests.reconciliation import files
from tests.reconciliation.files import Paid
from tests.reconciliation.homes import Ledger


@pytest.fixture(scope="module")
def ledger(demo: Demo) -> Iterator[Ledger]:
    made = Ledger(demo, "98")
    for n, amount in enumerate((7110, 7120, 7130, 7140), 1):
        made.billed(f"10{n}", amount)
    accountant = demo.sign_in_patient("accountant")
    demo.caught_up()
    for text in (
        files.wechat([Paid("N1", 7110, "98-1-101", reference="T9980001")]).encode(),
        files.ccb([Paid("N200", 7120, "98-1-102"), Paid("N300", 7777, "谢谢")]).encode("gb18030"),
    ):
        made.confirm(accountant, made.upload(accountant, text)["id"])
    demo.caught_up()
    yield made


def asked(ledger: Ledger, room: str, reference: str, method: str = "WECHAT", **more: Any) -> str:
    body = {"dwelling": str(ledger.dwellings[room]), "amount": 7140, "method": method, "reference": reference}
    answer = ledger.demo.sign_in_patient("cashier").post("/api/v1/payments", json=body | more)
    return str(answer.json().get("code", "taken")) + " " + str(answer.json().get("detail", ""))


@pytest.mark.parametrize(
    ("reference", "method", "room"),
    [
        ("42000N1", "WECHAT", "101"), (" ４２０００-n1", "WECHAT", "103"), ("42000N1", "BANK_TRANSFER", "104"),
        ("t998-0001", "WECHAT", "104"), ("11-n200", "BANK_TRANSFER", "102"), ("１１N200", "CARD", "104"),
    ],
)  # fmt: skip
def test_whatever_way_it_is_typed(ledger: Ledger, reference: str, method: str, room: str) -> None:
    said = asked(ledger, room, reference, method)
    home, amount = ("98-1-102", "71.20") if reference.lower().endswith("n200") else ("98-1-101", "71.10")
    assert said.startswith("reference_booked ") and home in said and amount in said and "2026-10-05" in said


def test_what_waits_in_the_queue_is_on_no_account_yet_and_what_was_matched_by_hand_is(ledger: Ledger) -> None:
    accountant = ledger.demo.sign_in_patient("accountant")
    line = next(each for each in ledger.lines(accountant) if each["amount"] == 7777)
    body = {"dwelling": str(ledger.dwellings["103"]), "accept_excess": True}
    matched = accountant.post(f"/api/v1/statement-lines/{line['id']}/match", json=body)
    assert matched.status_code == 200, matched.text
    ledger.demo.caught_up()
    assert asked(ledger, "104", "11N300").startswith("reference_booked")
    back = accountant.post(f"/api/v1/payments/{matched.json()['payment']}/reverse", json={"reason": "WRONG_DWELLING"})
    assert back.status_code == 200, back.text  # before any view has heard of it
    assert asked(ledger, "104", "11N300").startswith("taken")


def test_whoever_says_that_it_is_other_money_takes_it(ledger: Ledger) -> None:
    assert asked(ledger, "103", "42000N1", again=True, accept_excess=True).startswith("taken")
    assert asked(ledger, "103", "42000N1").startswith("reference_taken")
