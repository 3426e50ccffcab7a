"""The console's pages of invoices."""

import re

import pytest

from domain.fees.fee_account import InvoiceStage
from tests.conftest import FIRST, Demo
from tests.fees.test_invoices import asked, number, paid, today


def test_the_pages_of_invoices(demo: Demo) -> None:
    accountant, of = demo.sign_in("accountant"), paid(demo)
    form = accountant.get(f"/invoices/{FIRST}/request/{of.dwelling}/{of.payment}")
    assert form.status_code == 200 and "643.46" in form.text
    rates = accountant.get("/api/v1/tax-rates", params={"day": today(demo)}).json()  # from 2028 all are confirmed
    assert ("政策原文未核实" in form.text) == (not all(each["confirmed"] for each in rates))
    csrf = re.search(r'name="csrf" value="([^"]*)"', form.text)
    assert csrf is not None
    typed = {"csrf": csrf[1], "key": "k1", "title": "林小梅甲", "rate": "300", "amount": "643.46"}
    answer = accountant.post(
        f"/invoices/{FIRST}/request/{of.dwelling}/{of.payment}", data=typed, follow_redirects=False
    )
    assert answer.status_code == 303, answer.text
    demo.caught_up()
    page = accountant.get(f"/invoices/{FIRST}").text
    assert "林小梅甲" in page and "624.72" in page
    found = re.search(rf"/invoices/{FIRST}/{of.dwelling}/([0-9a-f-]{{36}})/record", page)
    assert found is not None
    record = f"/invoices/{FIRST}/{of.dwelling}/{found[1]}/record"
    wrong = accountant.post(record, data={"csrf": csrf[1], "number": "123", "issued_on": today(demo)})
    assert wrong.status_code == 422 and "20 位数字" in wrong.text and 'value="123"' in wrong.text
    right = {"csrf": csrf[1], "number": number(demo), "issued_on": today(demo)}
    assert accountant.post(record, data=right, follow_redirects=False).status_code == 303
    demo.caught_up()
    assert "林小梅甲" in accountant.get(f"/invoices/{FIRST}?stage=ISSUED").text
    assert "没有可开票" in accountant.get(f"/invoices/{FIRST}/request/{of.dwelling}/{of.payment}").text


def test_a_cashier_sees_no_way_to_issue_and_no_file(demo: Demo) -> None:
    cashier, of = demo.sign_in("cashier"), paid(demo)
    asked(cashier, of)
    demo.caught_up()
    page = cashier.get(f"/invoices/{FIRST}").text
    assert "撤回申请" in page and "记发票号码" not in page and "/export" not in page
    assert cashier.get(f"/invoices/{FIRST}/export").status_code == 403


@pytest.mark.parametrize("stage", InvoiceStage)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_stage_has_its_list(demo: Demo, stage: InvoiceStage, language: str) -> None:
    answer = demo.sign_in("head").get(
        f"/invoices/{FIRST}", params={"stage": stage.value}, headers={"Accept-Language": language}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("amount", "rate", "words"), [("-5", "300", "金额"), ("x", "300", "金额"), ("1", "bad", "没有这个税率")]
)
def test_what_was_typed_wrong_is_said_and_kept(demo: Demo, amount: str, rate: str, words: str) -> None:
    cashier, of = demo.sign_in("cashier"), paid(demo)
    where = f"/invoices/{FIRST}/request/{of.dwelling}/{of.payment}"
    csrf = re.search(r'name="csrf" value="([^"]*)"', cashier.get(where).text)
    assert csrf is not None
    answer = cashier.post(where, data={"csrf": csrf[1], "title": "抬头乙", "rate": rate, "amount": amount})
    assert answer.status_code == 422 and words in answer.text and "抬头乙" in answer.text
