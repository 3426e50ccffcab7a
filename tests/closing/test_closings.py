"""Closing months over HTTP: in order and once, with figures and files that foot to the log."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from domain.books.books import BOOKS, MonthLocked, books_stream
from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, Method
from domain.recorded import Act
from domain.refusal import Refusal
from services.books.plans import books_of
from services.closing import closing
from services.commands.ask import Answer, Ask, Caller
from services.commands.plan import Attempt, Plan, Planned
from services.log.event_log import Change
from services.words.figures import shown
from tests.conftest import FIRST, SECOND, Demo
from tests.fees.examples import ISSUE, PAY
from tests.fees.log import append, expected

HOME = UUID(int=0x9001)
OTHER_HOME = UUID(int=0x9002)
PLACE = f"/api/v1/estates/{FIRST}/closings"


def on(day: date) -> Act:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)
    return Act(UUID(int=1), Capacity.ACCOUNTANT, at, at)


def lived(dwelling: UUID, base: int) -> list[tuple[Any, Act]]:
    """Two bills in September, one paid, a refund and a waiver in October, and a text that would be a formula."""
    bill, other, payment, refund = (UUID(int=base + n) for n in range(4))
    first = replace(ISSUE, bill=bill, number=f"{base}-1", since=date(2026, 9, 1), until=date(2026, 10, 1), amount=20000)
    steps: list[tuple[date, Any]] = [
        (date(2026, 9, 1), fees.OpenFeeAccount(dwelling, FIRST, "3")),
        (date(2026, 9, 1), first),
        (date(2026, 9, 1), replace(first, bill=other, number="=1+1", since=first.until, until=date(2026, 11, 1))),
        (date(2026, 9, 20), replace(
            PAY, payment=payment, amount=25000, bills=(), method=Method.CASH, paid_on=date(2026, 9, 20),
            prepay_limit=0, accept_excess=True, receipt=f"{base}",
        )),
        (date(2026, 10, 2), fees.GrantWaiver(other, 5000, fees.WaiverReason.MEDIATION, "=2+3")),
        (date(2026, 10, 3), fees.VoidBill(bill, fees.VoidReason.WRONG_AREA)),
        (date(2026, 10, 4), fees.RequestRefund(refund, payment, 12000, fees.RefundReason.OVERPAID)),
    ]  # fmt: skip
    account, happened = FEE_ACCOUNT.initial, list[tuple[Any, Act]]()
    for day, command in steps:
        events = [(event, on(day)) for event in FEE_ACCOUNT.consider(command, account, on(day))]
        account, happened = FEE_ACCOUNT.fold(events, account), [*happened, *events]
    return happened


LIVED = [lived(HOME, 0x9100), lived(OTHER_HOME, 0x9200)]


@pytest.fixture(scope="module", autouse=True)
def fees_of_two_dwellings(demo: Demo) -> None:
    for dwelling, body in zip((HOME, OTHER_HOME), LIVED, strict=True):
        append(demo.product, FIRST, dwelling, body)
    demo.caught_up()


@pytest.fixture
def accountant(demo: Demo) -> TestClient:
    return demo.sign_in_patient("accountant")


def close(client: TestClient, month: str, **headers: str) -> Any:
    return client.post(PLACE, json={"month": month}, headers=headers)


def test_1_nothing_closes_out_of_order_or_early(accountant: TestClient) -> None:
    body = accountant.get(PLACE).json()
    assert (body["closed"], body["closed_until"]) == ([], None)
    assert close(accountant, "2099-12").json()["code"] == "month_not_over"
    for month in ("2026-13", "x", "", "2026-09-01"):
        answer = close(accountant, month)
        assert answer.status_code == 422, answer.text


def test_1_figures_are_looked_at_before_anything_is_closed(demo: Demo, accountant: TestClient) -> None:
    seen = accountant.get(f"{PLACE}/next").json()
    want = expected(LIVED, seen["month"])
    figures = {name: seen["figures"][name] for name in ("billed", "receivable_end", "held_end")}
    assert figures == {name: getattr(want, name) for name in figures}
    assert demo.product.log.load(BOOKS, books_stream(FIRST)).version == 0
    page = accountant.get(f"/closing/{FIRST}?look=1").text
    assert shown(want.receivable_end) in page and str(f"{seen['position']:,}") in page
    moved = accountant.post(PLACE, json={"month": seen["month"], "seen": "0" * 16})
    assert (moved.status_code, moved.json()["code"], len(seen["mark"])) == (409, "figures_moved", 16)
    assert demo.product.log.load(BOOKS, books_stream(FIRST)).version == 0  # nothing is locked for it
    committee = demo.sign_in("committee")
    assert committee.get(f"{PLACE}/next").status_code == 403
    assert shown(want.receivable_end) not in committee.get(f"/closing/{FIRST}?look=1").text


def test_2_a_month_closes_with_what_the_log_says(accountant: TestClient) -> None:
    answer = close(accountant, "2026-09", **{"Idempotency-Key": "close-september"})
    assert answer.status_code == 200, answer.text
    figures = answer.json()["figures"]
    want = expected(LIVED, "2026-09")
    assert {name: figures[name] for name in ("billed", "received", "settled", "receivable_end", "held_end")} == {
        "billed": 80000, "received": 50000, "settled": 50000, "receivable_end": 30000, "held_end": 0,
    }  # fmt: skip
    assert figures["by_method"] == [{"of": "CASH", "amount": 50000}] and want.receivable_end == 30000
    again = close(accountant, "2026-09", **{"Idempotency-Key": "close-september"})
    assert (again.status_code, again.json()) == (200, answer.json())
    assert close(accountant, "2026-09").json()["code"] == "month_closed"


def test_3_the_next_month_begins_where_it_ended(accountant: TestClient) -> None:
    assert accountant.get(PLACE).json()["next_month"] == "2026-10"
    assert close(accountant, "2026-11").json()["code"] in ("month_order", "month_not_over")
    figures = close(accountant, "2026-10").json()["figures"]
    assert (figures["receivable_begin"], figures["voided"], figures["waived"]) == (30000, 40000, 10000)
    assert figures["receivable_end"] == expected(LIVED, "2026-10").receivable_end
    body = accountant.get(PLACE).json()
    assert [each["month"] for each in body["closed"]] == ["2026-10", "2026-09"]
    assert body["closed_until"] == "2026-11-01"


def test_3_nothing_is_dated_in_a_closed_month(demo: Demo) -> None:
    """Whatever plan it comes from: the handler asks the books of every change."""
    system = Ask(Caller(UUID(int=0), Capacity.SYSTEM, frozenset({FIRST})))
    stream = fees.fee_account_stream(HOME)

    def given(command: Any, act: Act) -> Plan:
        def make(attempt: Attempt) -> Planned:
            loaded = attempt.at(FEE_ACCOUNT, stream)
            events = FEE_ACCOUNT.consider(command, loaded.state, act)
            change = Change(stream, FEE_ACCOUNT.name, loaded.version, events, act, FIRST, stream)
            return Planned([change], Answer(stream, loaded.version + len(events)))

        return Plan(make)

    late = replace(ISSUE, bill=UUID(int=0x9777), number="x", since=date(2024, 1, 1), until=date(2024, 2, 1))
    pay = replace(PAY, payment=UUID(int=0x9778), bills=(), accept_excess=True, reference=None)
    november = on(date(2026, 11, 2))
    for command, act in (
        (late, on(date(2026, 10, 31))),
        (replace(pay, paid_on=date(2026, 10, 31)), november),
        (fees.GrantWaiver(UUID(int=0x9101), 1, fees.WaiverReason.OTHER, "3"), on(date(2026, 9, 30))),
    ):
        with pytest.raises(Refusal) as refused:
            demo.product.handler.do(system, given(command, act))
        assert (refused.value.code, refused.value.facts) == ("period_closed", {"month": "2026-10"})
    done = demo.product.handler.do(system, given(replace(pay, paid_on=date(2026, 11, 1)), november))
    assert done.position > 0
    demo.caught_up()


def test_4_the_workbook_foots_and_holds_no_formula(accountant: TestClient) -> None:
    answer = accountant.get(f"{PLACE}/2026-10/package.xlsx", headers={"Accept-Language": "en"})
    assert answer.status_code == 200, answer.text
    book = CalamineWorkbook.from_filelike(BytesIO(answer.content))
    names = ["Summary", "Bills", "Payments", "Refunds", "Waivers", "Voided", "Reversed", "Ageing"]
    assert book.sheet_names == names
    pages = {name: book.get_sheet_by_name(name).to_python() for name in names}
    waivers = pages["Waivers"]
    assert [row[-2] for row in waivers[1:3]] == ["=2+3", "=2+3"] and waivers[1][2] == "=1+1"
    for name in names[1:]:
        *_, total = pages[name]
        assert total[-1] == pytest.approx(sum(row[-1] for row in pages[name][1:-1]))
    with ZipFile(BytesIO(answer.content)) as parts:
        written = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(written) == len(names) and not any(b"<f>" in page for page in written)
    want = expected(LIVED, "2026-10")
    assert pages["Ageing"][-1][-1] * 100 == pytest.approx(want.receivable_end)
    assert ["Estate", f"东湖苑 {FIRST}", ""] in pages["Summary"]
    ends = [row[2] for row in pages["Summary"] if row[1] in ("Receivable at the end", "Held at the end")]
    assert [round(end * 100) for end in ends] == [want.receivable_end, want.held_end]


def test_5_the_paper_is_a_pdf(accountant: TestClient) -> None:
    answer = accountant.get(f"{PLACE}/2026-10/package.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_6_who_may_what(demo: Demo) -> None:
    committee = demo.sign_in("committee")
    assert len(committee.get(PLACE).json()["closed"]) == 2
    assert committee.get(f"{PLACE}/2026-10/package.xlsx").status_code == 403
    assert committee.post(PLACE, json={"month": "2026-11"}).status_code == 403
    assert demo.sign_in("cashier").post(PLACE, json={"month": "2026-11"}).status_code == 403
    for username in ("repairer", "clerk", "admin"):
        assert demo.sign_in(username).get(PLACE).status_code == 403
    accountant = demo.sign_in("accountant")
    assert accountant.get(f"{PLACE}/2026-11/package.xlsx").status_code == 404
    assert accountant.get(f"{PLACE}/2026-1/package.xlsx").status_code == 422
    assert accountant.get(f"{PLACE}/2026-10/package.doc").status_code == 422


def test_7_a_package_that_does_not_foot_is_not_given(demo: Demo, accountant: TestClient) -> None:
    """Something dated in a closed month got past every plan: the files say so instead of being wrong."""
    closed = books_of(demo.product.log, FIRST).closed["2026-09"]
    late = replace(ISSUE, bill=UUID(int=0x9999), number="late", since=date(2025, 1, 1), until=date(2025, 2, 1))
    state = demo.product.log.load(FEE_ACCOUNT, fees.fee_account_stream(HOME)).state
    act = on(date(2026, 9, 2))
    position = append(demo.product, FIRST, HOME, [(event, act) for event in FEE_ACCOUNT.consider(late, state, act)])
    demo.caught_up()
    assert closing.package(demo.product, FIRST, "2026-09", closed).foots  # up to its own position all is well
    counted = closing.count(demo.product, FIRST, "2026-09", position)
    assert counted.figures != closed.figures and counted.foots
    moved = replace(closed, position=position)
    with pytest.raises(Refusal, match="package_does_not_foot"):
        closing.package(demo.product, FIRST, "2026-09", moved)


def test_8_a_closing_that_was_interrupted_goes_on(demo: Demo) -> None:
    """The machine went off between the lock and the figures."""
    head, place = demo.sign_in_patient("head2"), f"/api/v1/estates/{SECOND}/closings"
    stream = books_stream(SECOND)
    locked = MonthLocked(SECOND, "2026-09")
    demo.product.log.append([Change(stream, BOOKS.name, 0, [locked], on(date(2026, 10, 1)), SECOND, stream)])
    assert head.get(place).json()["next_month"] == "2026-09"
    assert head.post(place, json={"month": "2026-10"}).json()["code"] == "month_not_closed"
    answer = head.post(place, json={"month": "2026-09"})
    assert (answer.status_code, answer.json()["figures"]["receivable_end"]) == (200, 0)
    assert head.get(place).json()["next_month"] == "2026-10"
