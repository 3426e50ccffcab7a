"""Invoices through the API and the console: asked for, recorded under one number only, reversed red, exported."""

import csv
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from domain.calendar import SHANGHAI, local_date
from domain.capacity import Capacity
from domain.erasure import ErasureGround
from domain.fees import fee_account as fees
from domain.fees.fee_account import ReversalReason, ReversePayment
from domain.money.items import FeeItem
from domain.months import anniversary
from domain.recorded import Act
from domain.register.owner import OWNER, OwnerForgotten, OwnerKind, OwnerRegistered
from projections.fees import invoices
from services.log.event_log import Change
from tests.conftest import FIRST, SECOND, Demo
from tests.fees.fee_ground import carried_out, opened, payment
from tests.fees.till import PARKING, YEAR, Till

TITLE = "=林小梅"  # a name that a spreadsheet would take for a formula


@dataclass(frozen=True)
class Paid:
    dwelling: UUID
    payer: UUID
    payment: UUID

    @property
    def invoices(self) -> str:
        return f"/api/v1/accounts/{self.dwelling}/invoices"


def paid(demo: Demo, amount: int = 643_46, estate: str = FIRST, payer: UUID | None = None) -> Paid:
    dwelling, payer = opened(demo.product, estate), payer or uuid4()
    new = payment(payer, amount, local_date(demo.product.clock()))
    carried_out(demo.product, dwelling, new)
    return Paid(dwelling, payer, new.payment)


def number(demo: Demo, serial: int | None = None) -> str:
    """A number that no other test uses, issued this year."""
    year = local_date(demo.product.clock()).year % 100
    return f"{year:02d}352{(uuid4().int if serial is None else serial) % 10**15:015d}"


def today(demo: Demo) -> str:
    return local_date(demo.product.clock()).isoformat()


def asked(client: TestClient, of: Paid, **said: Any) -> Any:
    body = {"payment": str(of.payment), "rate": 300, "title": TITLE} | said
    return client.post(of.invoices, json=body)


def issued(demo: Demo, client: TestClient, of: Paid, written: str | None = None) -> str:
    invoice = asked(client, of).json()["invoice"]
    body = {"number": written or number(demo), "issued_on": today(demo)}
    answer = client.post(f"{of.invoices}/{invoice}/record", json=body)
    assert answer.status_code == 200, answer.text
    return str(invoice)


def listed(demo: Demo, client: TestClient, stage: str) -> dict[str, dict[str, Any]]:
    demo.caught_up()
    answer = client.get(f"/api/v1/estates/{FIRST}/invoices", params={"stage": stage})
    assert answer.status_code == 200, answer.text
    return {each["invoice"]: each for each in answer.json()}


def test_rates_of_today_are_told_and_the_unconfirmed_one_says_so(demo: Demo) -> None:
    client = demo.sign_in("cashier")
    rates = client.get("/api/v1/tax-rates", params={"day": "2026-11-24"}).json()
    assert [(each["rate"], each["confirmed"]) for each in rates] == [(600, True), (300, True), (100, False)]
    later = client.get("/api/v1/tax-rates", params={"day": "2028-01-01"}).json()
    assert [each["rate"] for each in later] == [600, 300]


def test_an_invoice_is_asked_for_issued_and_reversed(demo: Demo) -> None:
    cashier, accountant, of = demo.sign_in("cashier"), demo.sign_in("accountant"), paid(demo)
    answer = asked(cashier, of, tax_number=" 91350100 m000123456 ", email="lin@example.org")
    assert answer.status_code == 200, answer.text
    invoice = answer.json()["invoice"]
    row = listed(demo, cashier, "REQUESTED")[invoice]
    assert (row["amount"], row["net"], row["tax"], row["rate"]) == (643_46, 624_72, 18_74, 300)
    assert (row["title"], row["tax_number"], row["dwelling"]) == (TITLE, "91350100M000123456", str(of.dwelling))

    written, red = number(demo), number(demo)
    body = {"number": f" {written[:4]} {written[4:]} ", "issued_on": today(demo)}
    assert accountant.post(f"{of.invoices}/{invoice}/record", json=body).status_code == 200
    row = listed(demo, accountant, "ISSUED")[invoice]
    assert (row["number"], row["issued_on"]) == (written, today(demo))

    body = {"red_number": red, "issued_on": today(demo), "text": "抬头写错"}
    assert accountant.post(f"{of.invoices}/{invoice}/reverse", json=body).status_code == 200
    row = listed(demo, accountant, "REVERSED")[invoice]
    assert (row["red_number"], row["number"]) == (red, written)  # nothing is deleted
    assert asked(cashier, of).status_code == 200  # and the payment can be invoiced anew


def test_a_request_is_taken_back(demo: Demo) -> None:
    cashier, of = demo.sign_in("cashier"), paid(demo)
    invoice = asked(cashier, of).json()["invoice"]
    assert cashier.post(f"{of.invoices}/{invoice}/withdraw").status_code == 200
    assert invoice in listed(demo, cashier, "WITHDRAWN")
    assert asked(cashier, of).status_code == 200


def test_invoices_never_exceed_what_was_paid(demo: Demo) -> None:
    cashier, of = demo.sign_in("cashier"), paid(demo)
    assert asked(cashier, of, amount=600_00).status_code == 200
    answer = asked(cashier, of, amount=43_47)
    assert (answer.status_code, answer.json()["code"]) == (422, "invoice_too_much")
    assert asked(cashier, of, amount=43_46).status_code == 200
    answer = asked(cashier, of)
    assert (answer.status_code, answer.json()["code"]) == (409, "invoice_nothing_left")


def test_a_payment_with_an_invoice_is_not_reversed_before_it(demo: Demo) -> None:
    cashier, of = demo.sign_in("cashier"), paid(demo)
    asked(cashier, of)
    reverse = fees.ReversePayment(of.payment, fees.ReversalReason.ENTERED_TWICE)
    with pytest.raises(Exception, match="invoice_first"):
        carried_out(demo.product, of.dwelling, reverse)


def test_invoiced_money_is_refunded_once_the_invoice_is_reversed(demo: Demo) -> None:
    """Whoever asks hears it, and what to do, on the page too."""
    accountant, of = demo.sign_in("accountant"), paid(demo)
    invoice = issued(demo, accountant, of)
    demo.caught_up()
    refunds, page = f"/api/v1/payments/{of.payment}/refunds", f"/payments/{of.payment}"
    body = {"amount": 643_46, "reason": "MOVED_OUT"}
    refused = accountant.post(refunds, json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "refund_invoiced")
    assert "红冲" in refused.json()["detail"] and "643.46" in refused.json()["detail"]
    html = accountant.get(page).text
    assert refused.json()["detail"] in html and f'action="{page}/refund"' not in html
    red = {"red_number": number(demo), "issued_on": today(demo)}
    assert accountant.post(f"{of.invoices}/{invoice}/reverse", json=red).status_code == 200
    demo.caught_up()
    html = accountant.get(page).text
    assert refused.json()["detail"] not in html and f'action="{page}/refund"' in html
    assert accountant.post(refunds, json=body).status_code == 201
    left = asked(accountant, of)  # what is asked back is not invoiced meanwhile
    assert (left.status_code, left.json()["code"]) == (409, "invoice_nothing_left")


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"rate": 500}, 422, "tax_rate"),
        ({"rate": 0}, 422, "tax_rate"),
        ({"rate": "300"}, 422, "invalid"),
        ({"rate": 300.0}, 422, "invalid"),
        ({"amount": 0}, 422, "amount"),
        ({"amount": -1}, 422, "amount"),
        ({"amount": 10**15}, 422, "amount"),
        ({"amount": 1.5}, 422, "invalid"),
        ({"amount": True}, 422, "invalid"),
        ({"title": " "}, 422, "blank_text"),
        ({"title": "长" * 101}, 422, "text_too_long"),
        ({"tax_number": "ABC"}, 422, "tax_number"),
        ({"tax_number": "91350100M00012345"}, 200, None),
        ({"tax_number": "91350100M00012345号"}, 422, "tax_number"),
        ({"tax_number": "=1+1"}, 422, "tax_number"),
        ({"tax_number": " "}, 200, None),
        ({"email": "lin@example"}, 422, "email"),
        ({"email": "lin@example.org,yan@example.org"}, 422, "email"),
        ({"email": "@example.org"}, 422, "email"),
        ({"payment": str(UUID(int=1))}, 409, "unknown_payment"),
        ({"more": 1}, 422, "invalid"),
    ],
)
def test_what_a_request_may_say(demo: Demo, said: dict[str, Any], status: int, code: str | None) -> None:
    answer = asked(demo.sign_in("cashier"), paid(demo), **said)
    assert (answer.status_code, answer.json().get("code")) == (status, code), answer.text


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("123", "invoice_number_digits"),
        ("9" * 20, "invoice_number_year"),
        ("{year}002000000000000001", "invoice_number_province"),
        ("{year}35200000000000000X", "invoice_number_digits"),
    ],
)
def test_a_number_that_cannot_be_one_is_refused(demo: Demo, written: str, code: str) -> None:
    accountant, of = demo.sign_in("accountant"), paid(demo)
    invoice = asked(accountant, of).json()["invoice"]
    body = {"number": written.format(year=today(demo)[2:4]), "issued_on": today(demo)}
    answer = accountant.post(f"{of.invoices}/{invoice}/record", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_number_stands_for_one_invoice_and_may_be_said_again_for_it(demo: Demo) -> None:
    accountant, written = demo.sign_in("accountant"), number(demo)
    issued(demo, accountant, paid(demo), written)
    other = paid(demo)
    invoice = asked(accountant, other).json()["invoice"]
    body = {"number": written, "issued_on": today(demo)}
    answer = accountant.post(f"{other.invoices}/{invoice}/record", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "invoice_number_used")
    assert invoice in listed(demo, accountant, "REQUESTED")  # neither stream changed
    mine = issued(demo, accountant, paid(demo))
    red = {"red_number": written, "issued_on": today(demo)}
    there = listed(demo, accountant, "ISSUED")[mine]
    answer = accountant.post(f"/api/v1/accounts/{there['dwelling']}/invoices/{mine}/reverse", json=red)
    assert (answer.status_code, answer.json()["code"]) == (409, "invoice_number_used")


def test_who_asks_who_issues(demo: Demo) -> None:
    of, accountant = paid(demo), demo.sign_in("accountant")
    invoice = asked(accountant, of).json()["invoice"]
    body = {"number": number(demo), "issued_on": today(demo)}
    for username, may_ask, may_issue in (
        ("cashier", True, False),
        ("accountant", True, True),
        ("head", True, True),
        ("centre", True, True),
        ("clerk", False, False),
        ("repairer", False, False),
        ("committee", False, False),
    ):
        client = demo.sign_in(username)
        assert (asked(client, paid(demo)).status_code == 403) is not may_ask, username
        answer = client.post(f"{of.invoices}/{uuid4()}/record", json=body)
        assert (answer.status_code == 403) is not may_issue, username
        export = client.get(f"/api/v1/estates/{FIRST}/invoices/export")
        assert (export.status_code == 403) is not may_issue, username
    assert invoice in listed(demo, accountant, "REQUESTED")


def test_another_estates_account_is_not_there(demo: Demo) -> None:
    theirs, accountant = paid(demo, estate=SECOND), demo.sign_in("accountant")
    assert asked(accountant, theirs).status_code == 404
    assert asked(accountant, Paid(uuid4(), uuid4(), uuid4())).status_code == 404
    assert accountant.get(f"/api/v1/estates/{SECOND}/invoices").status_code == 404
    assert accountant.get(f"/invoices/{SECOND}").status_code == 404
    assert accountant.get(f"/invoices/{FIRST}/request/{theirs.dwelling}/{theirs.payment}").status_code == 404


def test_the_same_request_sent_twice_is_one_invoice(demo: Demo) -> None:
    cashier, of = demo.sign_in("cashier"), paid(demo)
    body = {"payment": str(of.payment), "rate": 300, "title": TITLE}
    answers = [cashier.post(of.invoices, json=body, headers={"Idempotency-Key": "once"}).json() for _ in range(2)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("where", ["/api/v1/estates/{}/invoices/export", "/invoices/{}/export"])
def test_the_file_for_the_tax_software(demo: Demo, where: str) -> None:
    accountant, of = demo.sign_in("accountant"), paid(demo)
    invoice = asked(accountant, of, rate=600, tax_number="91350100M000123456").json()["invoice"]
    demo.caught_up()
    sheet = accountant.get(where.format(FIRST), params={"format": "xlsx"}).content
    book = CalamineWorkbook.from_filelike(BytesIO(sheet))
    rows = book.get_sheet_by_index(0).to_python()
    mine = next(row for row in rows if row[0] == invoice)
    assert mine[2:4] == [TITLE, "91350100M000123456"] and mine[6:10] == [643.46, "6%", 607.04, 36.42]
    assert rows[-1][6] == pytest.approx(sum(row[6] for row in rows[1:-1]))

    text = accountant.get(where.format(FIRST), params={"format": "csv"}).content.decode("utf-8-sig")
    lines = {row[0]: row for row in csv.reader(StringIO(text))}
    assert lines[invoice][2] == f"'{TITLE}" and lines[invoice][6] == "643.46"
    assert not any(cell[:1] in ("=", "+", "@") for row in lines.values() for cell in row)


def test_the_file_names_what_the_money_went_to(demo: Demo) -> None:
    accountant, till = demo.sign_in("accountant"), Till(demo).opened()
    till.bill()
    till.bill(PARKING, item=FeeItem.PARKING)
    both, ahead = (till.take(amount).payment for amount in (YEAR + PARKING, 1000))
    found = {}
    for taken in (both, ahead):
        body = {"payment": str(taken), "rate": 300, "title": "林小梅"}
        asked_for = accountant.post(f"/api/v1/accounts/{till.dwelling}/invoices", json=body)
        found[asked_for.json()["invoice"]] = taken
    demo.caught_up()
    text = accountant.get(f"/api/v1/estates/{FIRST}/invoices/export", params={"format": "csv"}).content.decode()
    items = {found[row[0]]: row[5] for row in csv.reader(StringIO(text)) if row[0] in found}
    assert items == {both: "物业服务费、车位费", ahead: "物业服务费"}


def test_a_month_is_told_as_the_tax_office_counts_it(demo: Demo) -> None:
    accountant, of, later = demo.sign_in("accountant"), paid(demo), paid(demo)
    reversed_, stands = issued(demo, accountant, of), issued(demo, accountant, later)
    body = {"red_number": number(demo), "issued_on": today(demo)}
    assert accountant.post(f"{of.invoices}/{reversed_}/reverse", json=body).status_code == 200
    demo.caught_up()
    month, where = today(demo)[:7], f"/api/v1/estates/{FIRST}/invoices"

    def numbers_at(stage: str, month: str) -> set[str]:
        answer = accountant.get(f"{where}/export", params={"stage": stage, "month": month, "format": "csv"})
        assert answer.headers["content-disposition"].endswith(f'-{month}.csv"')
        found = {row[0] for row in csv.reader(StringIO(answer.content.decode("utf-8-sig")))}
        listed = accountant.get(where, params={"stage": stage, "month": month}).json()
        assert {each["invoice"] for each in listed} <= found
        return found

    assert {reversed_, stands} <= numbers_at("ISSUED", month)  # reversed or not, it was issued
    assert reversed_ in numbers_at("REVERSED", month) and stands not in numbers_at("REVERSED", month)
    for stage in ("REQUESTED", "ISSUED", "REVERSED", "WITHDRAWN"):
        assert not {reversed_, stands} & numbers_at(stage, "2025-01")
    page = accountant.get(f"/invoices/{FIRST}", params={"stage": "ISSUED", "month": month}).text
    assert f"{reversed_}/reverse" not in page and f"{stands}/reverse" in page
    assert accountant.get(where, params={"month": "2026-13"}).status_code == 422
    assert accountant.get(f"/invoices/{FIRST}?month=x").status_code == 422


def test_a_file_is_never_cut(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    accountant = demo.sign_in("accountant")
    asked(accountant, paid(demo))
    asked(accountant, paid(demo))
    demo.caught_up()
    monkeypatch.setattr("services.fees.invoice_sheets.MOST", 1)
    answer = accountant.get(f"/api/v1/estates/{FIRST}/invoices/export")
    assert (answer.status_code, answer.json()["code"]) == (422, "invoices_too_many")


def test_the_usual_rate_is_the_one_asked_for_last(demo: Demo) -> None:
    cashier, of = demo.sign_in("cashier"), paid(demo)
    for rate in (600, 300):
        asked(cashier, paid(demo), rate=rate)
        demo.caught_up()
        form = cashier.get(f"/invoices/{FIRST}/request/{of.dwelling}/{of.payment}").text
        assert re.search(rf'value="{rate}" required checked', form)


def test_who_has_an_invoice_is_forgotten_after_five_years(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    head, now = demo.sign_in_patient("head"), demo.product.clock()
    new = {"estate": FIRST, "kind": "PERSON", "name": "阮五年"}
    owner = UUID(head.post("/api/v1/owners", json=new).json()["id"])
    of = paid(demo, payer=owner)
    invoice = issued(demo, head, of)
    red = {"red_number": number(demo), "issued_on": today(demo)}
    assert head.post(f"{of.invoices}/{invoice}/reverse", json=red).status_code == 200
    carried_out(demo.product, of.dwelling, ReversePayment(of.payment, ReversalReason.OTHER))
    demo.caught_up()
    forget, ground = f"/api/v1/owners/{owner}/forget-owner", {"ground": "RETENTION_ENDED"}
    answer = head.post(forget, json=ground)
    assert (answer.status_code, answer.json()["code"]) == (409, "invoices_kept")
    until = anniversary(local_date(now), 5)
    assert until.isoformat() in answer.json()["detail"]
    for later, status in ((until - timedelta(days=1), 409), (until, 200)):
        moment = datetime.combine(later, time(12), SHANGHAI)
        monkeypatch.setattr(demo.product.handler, "_clock", lambda moment=moment: moment)
        assert head.post(forget, json=ground).status_code == status, later


def test_titles_are_sealed_in_the_log_and_gone_with_the_payers_key(demo: Demo) -> None:
    now, payer = demo.product.clock(), uuid4()
    act = Act(uuid4(), Capacity.SYSTEM, now, now)
    registered = OwnerRegistered(FIRST, OwnerKind.PERSON, "阮静怡")
    demo.product.log.append([Change(payer, OWNER.name, 0, [registered], act, FIRST, payer)])
    cashier, of = demo.sign_in("cashier"), paid(demo, payer=payer)
    invoice = UUID(asked(cashier, of, title="阮静怡专用抬头").json()["invoice"])
    demo.caught_up()
    with demo.product.database.lend([FIRST]) as conn:
        row = invoices.invoice(conn, invoice)
        assert row is not None and row.payer == of.payer
        assert invoices.made_out(conn, [row])[invoice].title == "阮静怡专用抬头"
    with demo.product.database.follower.connection() as conn:
        (kept,) = conn.execute("SELECT body::text FROM view.invoices WHERE key = %s", (str(invoice),)).fetchone() or (
            "",
        )
    assert "阮静怡" not in kept
    forgotten = OwnerForgotten(ErasureGround.RETENTION_ENDED)
    demo.product.log.append([Change(payer, OWNER.name, 1, [forgotten], act, FIRST, payer)])
    demo.product.vault.destroy(payer)
    assert listed(demo, cashier, "REQUESTED")[str(invoice)]["title"] is None
    assert "阮静怡" not in cashier.get(f"/invoices/{FIRST}").text
