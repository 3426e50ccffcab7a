"""A payment that the desk took down and the lines of statements about it: one line for it, whoever comes at once."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import ReversalReason, fee_account_stream
from domain.money.evidence import Evidence
from domain.reconciliation.line import STATEMENT_LINE, LineStage, ReturnLine, StatementLineMatched
from domain.recorded import Act
from domain.refusal import Refusal
from services.commands.ask import Answer, Ask, Caller
from services.commands.plan import Attempt, Plan, Planned
from services.fees.plans import reverse_payment
from services.log.event_log import Change
from services.reconciliation import files as statement_imports
from services.reconciliation.desk_payments import DeskPayments
from services.reconciliation.plans import found_at_desk, on_line
from tests.clock import PATIENCE
from tests.conftest import FIRST, Demo
from tests.reconciliation import files
from tests.reconciliation.files import Paid
from tests.reconciliation.homes import Ledger


class PaymentDesk:
    """Two lines wait that are about as much money as one payment of the desk."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.ledger = demo, Ledger(demo, "92")
        self.cashier, self.accountant = demo.sign_in_patient("cashier"), demo.sign_in_patient("accountant")
        self.person = UUID(self.accountant.get("/api/v1/session").json()["person"])

    def taken(self, room: str, amount: int, reference: str | None = None) -> UUID:
        """What the desk takes down for a dwelling that owes this twice."""
        self.ledger.billed(room, amount, amount)
        body = {
            "dwelling": str(self.ledger.dwellings[room]), "amount": amount, "method": "WECHAT",
            "reference": reference, "paid_on": "2026-10-06",
        }  # fmt: skip
        answer = self.cashier.post("/api/v1/payments", json=body)
        assert answer.status_code == 201, answer.text
        self.demo.caught_up()
        return UUID(answer.json()["payment"])

    def waiting(self, *lines: Paid) -> list[UUID]:
        """Lines that are taken over and left to a person."""
        seen = self.ledger.upload(self.accountant, files.wechat(lines).encode())
        done = self.ledger.confirm(self.accountant, seen["id"])
        assert done["queued"] == len(lines)
        amounts = {each.amount for each in lines}
        return [UUID(each["id"]) for each in self.ledger.lines(self.accountant) if each["amount"] in amounts]

    def do(self, plan: Plan) -> Answer:
        ask = Ask(Caller(self.person, Capacity.ACCOUNTANT, frozenset({FIRST})))
        return self.demo.product.handler.do(ask, plan)

    def line(self, line: UUID) -> Any:
        return self.demo.product.log.load(STATEMENT_LINE, line).state

    def payment(self, room: str, payment: UUID) -> fees.Payment:
        found: fees.Payment = self.ledger.account(room).payments[payment]
        return found


@pytest.fixture(scope="module")
def desk(demo: Demo) -> Iterator[PaymentDesk]:
    yield PaymentDesk(demo)


def meeting(plan: Plan, at: Barrier) -> Plan:
    """``plan``, whose first attempt is appended only when everybody has made up their mind."""
    made = []

    def make(attempt: Attempt) -> Planned:
        planned = plan.make(attempt)
        if not made:
            made.append(True)
            at.wait(PATIENCE)
        return planned

    return replace(plan, make=make)


def outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except Refusal as refusal:
        return refusal.code
    return "done"


def test_two_people_match_two_lines_to_one_payment_at_once(desk: PaymentDesk) -> None:
    payment, home = desk.taken("101", 5100), desk.ledger.dwellings["101"]
    lines = desk.waiting(Paid("G0001", 5100), Paid("G0002", 5100))
    both = Barrier(2)
    plans = [meeting(found_at_desk(line, home, payment), both) for line in lines]
    with ThreadPoolExecutor(2) as people:
        said = list(people.map(lambda plan: outcome(lambda: desk.do(plan)), plans))
    assert sorted(said) == ["done", "payment_on_statement"]
    won, lost = sorted(lines, key=lambda line: said[lines.index(line)])
    assert desk.line(won).payment == payment and desk.line(lost).stage is LineStage.QUEUED
    assert desk.payment("101", payment).line == won
    assert outcome(lambda: desk.do(found_at_desk(won, home, payment))) == "line_matched"
    assert len(desk.ledger.account("101").payments) == 1
    desk.demo.caught_up()
    body = desk.accountant.get(f"/api/v1/payments/{payment}").json()
    assert body["line"] == str(won)
    page = desk.accountant.get(f"/payments/{payment}").text
    assert "对账单" in page and "微信支付" in page
    history = desk.accountant.get(f"/accounts/{home}/history").text
    assert "对账单上查到这笔收款" in history


def test_a_line_goes_back_and_another_takes_its_place(desk: PaymentDesk) -> None:
    """The person tapped the wrong one of two. The desk's payment stands all the while, with its receipt."""
    payment, home = desk.taken("102", 5200), desk.ledger.dwellings["102"]
    first, second = desk.waiting(Paid("G0003", 5200), Paid("G0004", 5200))
    desk.do(found_at_desk(first, home, payment))
    desk.do(on_line(first, ReturnLine()))
    assert desk.line(first).stage is LineStage.QUEUED and desk.payment("102", payment).line is None
    desk.do(found_at_desk(second, home, payment))
    assert desk.payment("102", payment).line == second
    assert outcome(lambda: desk.do(found_at_desk(first, home, payment))) == "payment_on_statement"
    assert len(desk.ledger.account("102").payments) == 1


def test_a_reversal_gives_the_line_back_that_only_the_account_knows_of(desk: PaymentDesk) -> None:
    """No view has to be asked, and none can be behind."""
    payment, home = desk.taken("201", 5300), desk.ledger.dwellings["201"]
    first, second = desk.waiting(Paid("G0005", 5300), Paid("G0006", 5300))
    desk.do(found_at_desk(first, home, payment))
    desk.do(reverse_payment(home, payment, ReversalReason.ENTERED_TWICE))
    assert [desk.line(line).stage for line in (first, second)] == [LineStage.QUEUED] * 2
    assert desk.payment("201", payment).line is None
    assert outcome(lambda: desk.do(found_at_desk(second, home, payment))) == "line_other_payment"


def test_what_was_found_before_accounts_noted_it_stays_found(desk: PaymentDesk) -> None:
    """A log of before: only the line names the payment."""
    payment, home = desk.taken("202", 5400), desk.ledger.dwellings["202"]
    first, second = desk.waiting(Paid("G0007", 5400), Paid("G0008", 5400))
    product = desk.demo.product
    act = Act(desk.person, Capacity.ACCOUNTANT, product.clock(), product.clock())
    old = StatementLineMatched(home, payment, Evidence.AT_DESK)
    version = product.log.versions([first])[first]
    product.log.append([Change(first, STATEMENT_LINE.name, version, [old], act, FIRST, first)])
    desk.demo.caught_up()
    body = {"dwelling": str(home), "payment": str(payment)}
    late = desk.accountant.post(f"/api/v1/statement-lines/{second}/match", json=body)
    assert (late.status_code, late.json()["code"]) == (409, "payment_on_statement")
    assert "对账单" in desk.accountant.get(f"/payments/{payment}").text
    assert desk.accountant.post(f"/api/v1/statement-lines/{first}/return").status_code == 200
    assert desk.accountant.post(f"/api/v1/statement-lines/{second}/match", json=body).status_code == 200
    assert desk.payment("202", payment).line == second


def test_a_file_meets_a_person_who_is_at_the_same_payment(desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk's payments were looked up for the whole file; then somebody matches one to another line."""
    payment, home = desk.taken("301", 5500, "42000H0001"), desk.ledger.dwellings["301"]
    [other] = desk.waiting(Paid("H0002", 5500))
    seen = desk.ledger.upload(desk.accountant, files.wechat([Paid("H0001", 5500)]).encode())
    assert [each["why"] for each in seen["look"]["matched"]] == ["AT_DESK"]

    def looked_up(*known: Any) -> DeskPayments:
        found = DeskPayments(*known)
        desk.do(found_at_desk(other, home, payment))
        return found

    monkeypatch.setattr(statement_imports, "DeskPayments", looked_up)
    done = desk.ledger.confirm(desk.accountant, seen["id"])
    assert (done["matched"], done["queued"]) == (0, 1)
    assert desk.payment("301", payment).line == other and len(desk.ledger.account("301").payments) == 1


def test_a_file_meets_the_desk_that_takes_the_same_money_down(
    desk: PaymentDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not booked twice: a person is asked, with that payment beside it."""
    desk.ledger.billed("501", 5800, 5800)
    desk.demo.caught_up()
    seen = desk.ledger.upload(desk.accountant, files.wechat([Paid("H0005", 5800, "92-1-501")]).encode())
    assert seen["look"]["waiting"] == []
    body = {
        "dwelling": str(desk.ledger.dwellings["501"]), "amount": 5800, "method": "WECHAT", "paid_on": "2026-10-05",
        "reference": "42000H0005",
    }  # fmt: skip

    def looked_up(*known: Any) -> DeskPayments:
        found = DeskPayments(*known)
        assert desk.cashier.post("/api/v1/payments", json=body).status_code == 201
        return found

    monkeypatch.setattr(statement_imports, "DeskPayments", looked_up)
    done = desk.ledger.confirm(desk.accountant, seen["id"])
    assert (done["matched"], done["queued"]) == (0, 1)
    [line] = [each for each in desk.ledger.lines(desk.accountant) if each["amount"] == 5800]
    [payment] = desk.ledger.account("501").payments
    assert (line["waiting"], line["suggestions"][0]["payment"]) == ("AT_DESK", str(payment))


def test_a_file_notes_on_the_account_what_the_desk_took_down(desk: PaymentDesk) -> None:
    payment = desk.taken("302", 5600, "42000H0003")
    seen = desk.ledger.upload(desk.accountant, files.wechat([Paid("H0003", 5600)]).encode())
    desk.ledger.confirm(desk.accountant, seen["id"])
    body = [each.event for each in desk.demo.product.log.history(fee_account_stream(desk.ledger.dwellings["302"]))]
    line = desk.payment("302", payment).line
    assert body[-1] == fees.PaymentFoundOnStatement(payment, line or uuid4())
    assert line is not None and desk.line(line).payment == payment


def test_a_tap_on_the_page_can_be_undone(desk: PaymentDesk) -> None:
    payment, home = desk.taken("401", 5700), desk.ledger.dwellings["401"]
    [line] = desk.waiting(Paid("H0004", 5700))
    page = desk.accountant.get(f"/statements/{FIRST}").text
    csrf = re.findall(r'name="csrf" value="([^"]*)"', page)[-1]
    form = {"csrf": csrf, "key": "tap", "dwelling": str(home), "payment": str(payment)}
    where = f"/statements/{FIRST}/lines/{line}"
    sent = desk.accountant.post(f"{where}/match", data=form, headers={"HX-Request": "true"})
    assert sent.status_code in (200, 204) and desk.payment("401", payment).line == line
    undone = desk.accountant.post(f"{where}/return", data={"csrf": csrf, "key": "undo"}, headers={"HX-Request": "true"})
    assert undone.status_code in (200, 204) and desk.payment("401", payment).line is None
