"""Several people do the same act at once, over HTTP: one of them hears yes, the others whose act it was."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from domain.calendar import SHANGHAI, local_date
from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import Method, RefundStage
from domain.months import following, month_of
from domain.reconciliation.line import STATEMENT_LINE, LineFacts, Provider, StatementLineQueued, Waiting
from services.fees.invoice_plans import NewInvoice, request_invoice
from services.fees.plans import on_refund, request_refund
from tests.conftest import FIRST, Demo
from tests.fees.till import YEAR, Till

ROUNDS = 5
METHODS = ("CASH", "WECHAT", "BANK_TRANSFER", "ALIPAY")
Act = tuple[str, list[dict[str, Any]]]  # an address, and what each of the crowd sends there


@pytest.fixture(scope="module")
def crowd(demo: Demo) -> list[TestClient]:
    """Four heads of the station, each a person of their own."""
    return [_another_head(demo, number) for number in range(4)]


def _another_head(demo: Demo, number: int) -> TestClient:
    admin, username = demo.sign_in_patient("admin"), f"head-{number}"
    person = admin.post("/api/v1/people", json={"name": f"站长{number}"}).json()["person"]
    post = {"capacity": Capacity.STATION_HEAD.value, "estate": FIRST, "since": demo.now.isoformat()}
    assert admin.post(f"/api/v1/people/{person}/appoint", json=post).status_code == 200
    made = admin.post("/api/v1/accounts", json={"username": username, "person": person})
    demo.passwords[username] = made.json()["password"]
    return demo.sign_in(username)


def at_once(crowd: Sequence[TestClient], send: Callable[[int, TestClient], Any]) -> list[Any]:
    together = Barrier(len(crowd))

    def go(number: int) -> Any:
        together.wait()
        return send(number, crowd[number])

    with ThreadPoolExecutor(len(crowd)) as people:
        return list(people.map(go, range(len(crowd))))


def only_one(crowd: Sequence[TestClient], address: str, bodies: Sequence[dict[str, Any]]) -> None:
    answers = at_once(crowd, lambda number, client: client.post(address, json=bodies[number % len(bodies)]))
    done = [number for number, answer in enumerate(answers) if answer.is_success]
    assert len(done) == 1, [(answer.status_code, answer.text) for answer in answers]
    winner = crowd[done[0]].get("/api/v1/session").json()
    for number, answer in enumerate(answers):
        if number != done[0]:
            body = answer.json()
            assert answer.status_code == 409, body
            assert (body["done"]["by"], body["done"]["acting_as"]) == (winner["person"], "STATION_HEAD"), body
            assert body["done"]["name"] and f"已由{body['done']['name']}（站长）于" in body["detail"]


# -- money -----------------------------------------------------------------------------------------------------------


def approved(till: Till) -> UUID:
    """A refund that somebody asked for and the head of the demo approved."""
    refund = asked(till)
    till.do("head", on_refund(till.dwelling, fees.ApproveRefund(refund)))
    till.demo.caught_up()
    return refund


def asked(till: Till) -> UUID:
    till.bill()
    payment = till.take(YEAR + 5000).payment
    wanted = request_refund(till.dwelling, payment, 5000, fees.RefundReason.OVERPAID)
    refund = till.do("cashier", wanted).refund
    till.demo.caught_up()
    return refund


def paying_out(till: Till) -> Act:
    """By as many methods as there are people; nobody's drawer pays what another one's did."""
    return f"/api/v1/refunds/{approved(till)}/pay", [{"method": method} for method in METHODS[1:]]


def approving(till: Till) -> Act:
    return f"/api/v1/refunds/{asked(till)}/approve", [{}]


def rejecting(till: Till) -> Act:
    return f"/api/v1/refunds/{asked(till)}/reject", [{}]


def reversing(till: Till) -> Act:
    till.bill()
    payment = till.take(YEAR).payment
    till.demo.caught_up()
    return f"/api/v1/payments/{payment}/reverse", [{"reason": "BOUNCED"}, {"reason": "OTHER", "text": "记错"}]


def voiding(till: Till) -> Act:
    till.owned((till.owner, date(2020, 1, 1)))
    bill = till.bill()
    till.demo.caught_up()
    return f"/api/v1/bills/{bill}/void", [{"reason": "WRONG_AREA"}, {"reason": "OTHER", "text": "记错"}]


def _invoice(till: Till) -> UUID:
    till.bill()
    payment = till.take(YEAR).payment
    return till.do("cashier", request_invoice(till.dwelling, payment, NewInvoice(300, "林小梅"))).invoice


def withdrawing_an_invoice(till: Till) -> Act:
    return f"/api/v1/accounts/{till.dwelling}/invoices/{_invoice(till)}/withdraw", [{}]


def recording_an_invoice(till: Till) -> Act:
    def number() -> str:
        return f"{till.today:%y}35{uuid4().int % 10**16:016d}"

    bodies = [{"number": number(), "issued_on": till.today.isoformat()} for _ in METHODS]
    return f"/api/v1/accounts/{till.dwelling}/invoices/{_invoice(till)}/record", bodies


def adopting_a_line(till: Till) -> Act:
    till.bill()
    line, at = uuid4(), datetime(2026, 11, 20, 9, tzinfo=SHANGHAI)
    facts = LineFacts(FIRST, Provider.WECHAT, YEAR, at, uuid4(), 2, 0)
    till.tell(STATEMENT_LINE, line, StatementLineQueued(facts, Waiting.NO_TRACE))
    till.demo.caught_up()
    return f"/api/v1/statement-lines/{line}/match", [{"dwelling": str(till.dwelling)}]


MONEY = (
    paying_out, approving, rejecting, reversing, voiding, withdrawing_an_invoice, recording_an_invoice, adopting_a_line,
)  # fmt: skip


@pytest.mark.parametrize("begin", MONEY, ids=lambda begin: begin.__name__)
def test_money_moves_once_and_one_person_is_told_so(
    demo: Demo, crowd: list[TestClient], begin: Callable[[Till], Act]
) -> None:
    address, bodies = begin(Till(demo).opened())
    only_one(crowd, address, bodies)


@pytest.mark.drill
@pytest.mark.parametrize("turn", range(ROUNDS * 20))
@pytest.mark.parametrize("begin", MONEY, ids=lambda begin: begin.__name__)
def test_money_moves_once_round_after_round(
    demo: Demo, crowd: list[TestClient], begin: Callable[[Till], Act], turn: int
) -> None:
    test_money_moves_once_and_one_person_is_told_so(demo, crowd, begin)


def test_cash_leaves_one_drawer(demo: Demo, crowd: list[TestClient]) -> None:
    """Each has cash in a drawer of their own, and only one of them pays the refund out of it."""
    till = Till(demo).opened()
    refund = approved(till)
    for client in crowd:
        payment = {"dwelling": str(till.dwelling), "amount": 9000, "method": "CASH"}
        till.bill(9000, since=date(2010 + len(till.bills), 1, 1))
        assert client.post("/api/v1/payments", json=payment).status_code == 201
    demo.caught_up()
    only_one(crowd, f"/api/v1/refunds/{refund}/pay", [{"method": "CASH"}])
    demo.caught_up()
    drawers = [client.get(f"/api/v1/estates/{FIRST}/drawer").json() for client in crowd]
    assert sorted(each["expected"] for each in drawers) == [4000, 9000, 9000, 9000]
    assert till.state.refunds[refund].stage is RefundStage.PAID
    assert till.state.refunds[refund].method is Method.CASH


def test_the_same_key_of_the_same_person_gets_the_first_answer(demo: Demo, crowd: list[TestClient]) -> None:
    refund = approved(Till(demo).opened())
    address, key = f"/api/v1/refunds/{refund}/pay", {"Idempotency-Key": "pay-once"}
    answers = [crowd[0].post(address, json={"method": "WECHAT"}, headers=key) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.text for answer in answers}) == 1
    other = crowd[1].post(address, json={"method": "WECHAT"}, headers=key)
    assert (other.status_code, other.json()["code"], other.json()["done"]["how"]) == (409, "refund_paid", "WECHAT")
    mine = crowd[0].post(address, json={"method": "CASH"}, headers={"Idempotency-Key": "pay-again"})
    assert mine.status_code == 409 and "已由您本人于" in mine.json()["detail"] and "微信" in mine.json()["detail"]


def test_the_page_says_who_it_was(demo: Demo, crowd: list[TestClient]) -> None:
    refund = approved(Till(demo).opened())
    forms = [{"method": method} for method in METHODS[1:]]
    where = f"/refunds/{FIRST}/{refund}/pay"
    answers = at_once(crowd, lambda number, client: client.post(where, data=forms[number % 3], follow_redirects=False))
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    paid = next(number for number, answer in enumerate(answers) if answer.status_code == 303)
    for number, answer in enumerate(answers):
        if number != paid:
            assert f"这笔退款已经付出。已由站长{paid}（站长）于" in answer.text
    english = crowd[(paid + 1) % 4].post(where, data=forms[0], headers={"Accept": "application/json"})
    assert (english.status_code, english.json()["done"]["acting_as"]) == (409, "STATION_HEAD")


# -- cases -----------------------------------------------------------------------------------------------------------


def _noted(client: TestClient) -> str:
    return str(client.post("/api/v1/issues", json={"estate": FIRST, "text": "路灯不亮"}).json()["issue"])


def test_an_order_is_sent_taken_and_done_by_one(demo: Demo, crowd: list[TestClient]) -> None:
    """From the notebook to the end of the order, everybody does every step at once."""
    stewards = [each["person"] for each in crowd[0].get(f"/api/v1/stations/{FIRST}/stewards").json()[:2]]
    issue = _noted(crowd[0])
    only_one(crowd, f"/api/v1/issues/{issue}/promote-to-work-order", [{"category": "GREENERY"}])
    demo.caught_up()
    order = crowd[0].get(f"/api/v1/issues/{issue}").json()["order"]
    done = {"summary": "修好了", "signed_off": True}
    steps: list[Act] = [
        ("dispatch-steward", [{"steward": each} for each in stewards]),
        ("recall-dispatch", [{}]),
        ("dispatch-steward", [{"steward": stewards[0]}]),
        ("take-work-order", [{}]),
        ("record-arrival", [{}]),
        ("start-work", [{}]),
        ("complete-work", [done, done | {"summary": "换好了"}]),
    ]
    for act, bodies in steps:
        only_one(crowd, f"/api/v1/work-orders/{order}/{act}", bodies)
    verifier = demo.sign_in("clerk")
    assert verifier.post(f"/api/v1/work-orders/{order}/verify-work").status_code == 200
    last: list[Act] = [("record-follow-up", [{"reached": True}]), ("close-work-order", [{}])]
    for act, bodies in last:
        only_one(crowd, f"/api/v1/work-orders/{order}/{act}", bodies)


def test_a_closed_case_that_many_report_again_is_opened_once_and_keeps_them_all(
    demo: Demo, crowd: list[TestClient]
) -> None:
    head, issue = crowd[0], _noted(crowd[0])
    said = {"category": "GREENERY"}
    order = head.post(f"/api/v1/issues/{issue}/promote-to-work-order", json=said).json()["order"]
    demo.caught_up()
    steward = head.get(f"/api/v1/stations/{FIRST}/stewards").json()[0]["person"]
    steps: list[tuple[TestClient, str, dict[str, Any]]] = [
        (head, "dispatch-steward", {"steward": steward}), (head, "take-work-order", {}), (head, "record-arrival", {}),
        (head, "start-work", {}), (head, "complete-work", {"summary": "修好了", "signed_off": True}),
        (demo.sign_in("clerk"), "verify-work", {}), (head, "record-follow-up", {"reached": True}),
        (head, "close-work-order", {}),
    ]  # fmt: skip
    for client, act, body in steps:
        assert client.post(f"/api/v1/work-orders/{order}/{act}", json=body).status_code == 200, act
    lines = [_noted(each) for each in crowd[1:]]

    def again(number: int, client: TestClient) -> Any:
        if number:
            return client.post(f"/api/v1/issues/{lines[number - 1]}/merge-issue", json={"into": issue})
        return client.post("/api/v1/issues", json={"estate": FIRST, "text": "又坏了", "into": issue})

    answers = at_once(crowd, again)
    assert [each.status_code for each in answers] == [201, 200, 200, 200], [each.text for each in answers]
    demo.caught_up()
    history = head.get(f"/api/v1/work-orders/{order}/history").json()
    assert sum(each["event"] == "WorkOrderReopened" for each in history) == 1
    merged = [*lines, answers[0].json()["issue"]]
    assert {head.get(f"/api/v1/issues/{each}").json()["merged_into"] for each in merged} == {issue}


def test_a_case_ends_by_one(crowd: list[TestClient]) -> None:
    for act, body in (("drop-issue", {"reason": "看错了"}), ("give-advice", {"advice": "已报街道"})):
        only_one(crowd, f"/api/v1/issues/{_noted(crowd[0])}/{act}", [body])


# -- the books, which close behind all that is above -------------------------------------------------------------------


def test_a_month_is_closed_by_one(demo: Demo, crowd: list[TestClient]) -> None:
    month = following(month_of(local_date(demo.now)), -1)
    only_one(crowd, f"/api/v1/estates/{FIRST}/closings", [{"month": month}])
