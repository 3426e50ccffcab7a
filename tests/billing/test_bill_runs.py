"""Bill runs through the API: reckoned, looked at, confirmed, gone on with after a crash; never anything twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.calendar import local_date
from domain.capacity import Capacity
from domain.contracts import fee_basis as basis
from domain.contracts.fee_basis import Charged, FeeMode, ModeGround, Price, ServiceMode, Terms
from domain.fees.fee_account import FEE_ACCOUNT, BillIssued, fee_account_stream
from domain.money.allocation import AllocationOrder
from domain.money.items import FeeItem
from domain.months import months_later
from domain.register.dwelling import (
    DWELLING,
    BeginOwnership,
    CorrectDwellingAreas,
    DwellingWithdrawn,
    OwnershipWithdrawn,
    RegisterDwelling,
    Use,
)
from domain.register.owner import OwnerKind, RegisterOwner
from projections.fees import bills
from services.billing.pages import lapsed
from services.billing.runs import BillRuns
from services.commands.ask import Answer, Ask, Caller
from services.commands.plan import Plan
from services.contracts.plans import on_fee_basis
from services.log.event_log import Change
from services.register.plans import on_dwelling, register_dwelling, register_owner
from services.words.sentences import say
from tests.conftest import FIRST, SECOND, Demo
from tests.machine.damage import Damaged

FEE = 5362  # 89.37 m² x 0.60 yuan
BUILDING = "9"


class Estate:
    """A few dwellings of the first estate with owners, contract and prices, told by whoever may."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.today = local_date(demo.product.clock())
        self.since = months_later(self.today.replace(day=1), 1)
        self.until = months_later(self.since, 1)
        self.period = f"{self.since:%Y-%m}"
        self.billed = False
        self.homes: list[UUID] = []
        self.owners: list[UUID] = []
        self.contract = uuid4()

    def do(self, plan: Plan, username: str = "head", capacity: Capacity = Capacity.STATION_HEAD) -> Answer:
        person = UUID(self.demo.sign_in(username).get("/api/v1/session").json()["person"])
        return self.demo.product.handler.do(Ask(Caller(person, capacity, frozenset({FIRST}))), plan)

    def settle(self) -> "Estate":
        for room in ("101", "102", "201"):
            home = RegisterDwelling(FIRST, BUILDING, "1", room, 8937, 7500, Use.RESIDENCE)
            self.homes.append(self.do(register_dwelling(home)).stream)
            owner = self.do(register_owner(RegisterOwner(FIRST, OwnerKind.PERSON, "邹老师", None))).stream
            self.owners.append(owner)
            self.do(on_dwelling(self.homes[-1], BeginOwnership(owner, date(2015, 1, 1))))
        return self

    def charge(self) -> "Estate":
        terms = Terms(AllocationOrder.PRINCIPAL_FIRST)
        fee = Price(FeeItem.PROPERTY_FEE, Charged.PER_AREA, (Use.RESIDENCE,), 6000, "8", "保洁、秩序")
        card = Price(FeeItem.KEY_CARD, Charged.PER_PIECE, (Use.RESIDENCE,), 150_000, "11", "门禁卡")
        begins = self.today.replace(day=1)
        signed = basis.SignContract(
            FIRST, self.contract, f"C-{uuid4().hex[:6]}", FeeMode.LUMP_SUM, begins, months_later(begins, 36), terms
        )
        mode = basis.ChangeServiceMode(FIRST, ServiceMode.CONTRACTED, begins, ModeGround.CONTRACT, signed.number)
        adopted = basis.AdoptFeeSchedule(uuid4(), self.contract, (fee, card), self.today, begins)
        for command in (signed, mode, adopted):
            self.do(on_fee_basis(FIRST, command))
        return self


def ready(demo: Demo) -> Estate:
    """A new month after every test that billed one: what is billed is billed."""
    made = getattr(demo.product.part(BillRuns), "_tested", None)
    if made is None:
        made = Estate(demo).settle().charge()
        object.__setattr__(demo.product.part(BillRuns), "_tested", made)
    if made.billed:
        made.since, made.until, made.billed = made.until, months_later(made.until, 1), False
    made.period = f"{made.since:%Y-%m}"
    return made


@pytest.fixture
def estate(demo: Demo) -> Estate:
    return ready(demo)


def prepare(estate: Estate, username: str = "accountant", **body: Any) -> Any:
    client = estate.demo.sign_in(username)
    headers = {"Idempotency-Key": body.pop("key")} if "key" in body else {}
    return client.post(
        f"/api/v1/estates/{FIRST}/bill-runs", json={"period": estate.period, "months": 1} | body, headers=headers
    )


def confirmed(estate: Estate, run: str) -> Any:
    client = estate.demo.sign_in("accountant")
    estate.billed = True
    answer = client.post(f"/api/v1/bill-runs/{run}/confirm")
    if answer.status_code == 202:
        estate.demo.product.part(BillRuns).until_idle()
        estate.demo.caught_up()
        return client.get(f"/api/v1/bill-runs/{run}").json()
    return answer


def test_an_estate_without_contract_and_prices_has_no_bills(demo: Demo) -> None:
    answer = demo.sign_in("centre").post(f"/api/v1/estates/{SECOND}/bill-runs", json={"period": "2027-01", "months": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_bills_here")


def test_what_is_no_run_is_not_found(estate: Estate) -> None:
    client, home = estate.demo.sign_in("accountant"), estate.homes[0]
    for path in (f"/api/v1/bill-runs/{home}", f"/api/v1/bill-runs/{home}/bills", f"/bill-runs/{FIRST}/{home}"):
        assert client.get(path).status_code == 404, path
    assert client.post(f"/api/v1/bill-runs/{home}/confirm").status_code == 404


def test_a_preview_that_is_refused_takes_no_number(estate: Estate) -> None:
    before = prepare(estate).json()["number"]
    client, body = estate.demo.sign_in("accountant"), {"period": estate.period, "months": 1}
    stale = client.post(f"/api/v1/estates/{FIRST}/bill-runs", json=body, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    after = prepare(estate).json()["number"]
    last = int(before[-4:]) if after[:-4] == before[:-4] else 0  # each day has numbers of its own
    assert int(after[-4:]) == last + 1


def test_what_was_previewed_is_issued(estate: Estate) -> None:
    answer = prepare(estate)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["standing"], body["lines"], body["total"], body["obstacles"]) == ("PREPARED", 3, 3 * FEE, 0)
    assert body["items"] == [{"item": "PROPERTY_FEE", "lines": 3, "total": 3 * FEE}]
    done = confirmed(estate, body["run"])
    assert (done["standing"], done["issued"], done["done"]) == ("DONE", 3, 3)
    client = estate.demo.sign_in("accountant")
    rows = client.get(f"/api/v1/bill-runs/{body['run']}/bills").json()
    assert [(row["amount"], row["open"], row["period"]) for row in rows] == [(FEE, FEE, estate.period)] * 3
    assert [row["number"] for row in rows] == [f"{body['number']}-{n:06d}" for n in (1, 2, 3)]
    account = client.get(f"/api/v1/accounts/{estate.homes[0]}").json()
    assert any(bill["number"] == rows[0]["number"] for bill in account["bills"])
    assert prepare(estate).json()["lines"] == 0


def test_an_account_that_cannot_be_read_leaves_the_others_their_bills(estate: Estate) -> None:
    product, stream = estate.demo.product, fee_account_stream(estate.homes[1])
    run = prepare(estate).json()
    position = product.log.reading_of([stream], product.log.last_position()).events[0].position
    damaged = Damaged(estate.demo.url)
    damaged.spoil(position, Random(1), "empty")
    product.log._known.forget([stream])
    done = confirmed(estate, run["run"])
    assert (done["standing"], done["issued"]) == ("DONE", 2)
    assert estate.demo.sign_in("accountant").get(f"/api/v1/estates/{FIRST}/bill-runs").status_code == 200
    damaged.mend()
    again = prepare(estate).json()  # once it can be read, the next run brings what is missing
    assert (again["lines"], confirmed(estate, again["run"])["issued"]) == (1, 1)


def test_confirmed_twice_or_prepared_twice_nothing_is_doubled(estate: Estate) -> None:
    first, second = prepare(estate).json(), prepare(estate).json()
    with ThreadPoolExecutor(2) as two:
        ended = list(two.map(lambda body: confirmed(estate, body["run"]), (first, second)))
    assert sorted(each["issued"] for each in ended) == [0, 3]
    assert confirmed(estate, first["run"]).json()["code"] == "run_confirmed"


def test_a_repeated_request_is_the_same_run(estate: Estate) -> None:
    key, runs = uuid4().hex, estate.demo.product.part(BillRuns)
    first = prepare(estate, key=key).json()
    kept = len(runs.of_estate(FIRST, 1000))
    assert prepare(estate, key=key).json() == first
    assert len(runs.of_estate(FIRST, 1000)) == kept
    client = estate.demo.sign_in("accountant")
    client.post(f"/api/v1/bill-runs/{first['run']}/discard")
    assert prepare(estate, key=key).json()["standing"] == "DISCARDED"
    assert client.get(f"/api/v1/bill-runs/{first['run']}").json()["items"] == []


def test_a_preview_of_what_has_changed_since_is_no_basis(estate: Estate) -> None:
    body = prepare(estate).json()
    estate.do(on_dwelling(estate.homes[0], CorrectDwellingAreas(9000, 7500, "产权证")))
    answer = confirmed(estate, body["run"])
    assert (answer.status_code, answer.json()["code"]) == (409, "preview_outdated")
    again = prepare(estate).json()
    changed = next(each for each in again["differences"] if each["dwelling"] == str(estate.homes[0]))
    assert changed["now"] == 5400 and "AREA" in changed["why"]
    estate.do(on_dwelling(estate.homes[0], CorrectDwellingAreas(8937, 7500, "看错了")))


def test_a_run_cut_short_goes_on_where_it_was(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    body = prepare(estate).json()
    estate.billed = True
    runs = estate.demo.product.part(BillRuns)
    monkeypatch.setattr(runs, "_begin", lambda run: None)  # as if the process had died before the first chunk
    client = estate.demo.sign_in("accountant")
    assert client.post(f"/api/v1/bill-runs/{body['run']}/confirm").json()["standing"] == "STOPPED"
    monkeypatch.undo()
    runs.go_on()
    runs.until_idle()
    estate.demo.caught_up()
    assert client.get(f"/api/v1/bill-runs/{body['run']}").json()["issued"] == 3


def test_a_discarded_preview_is_gone(estate: Estate) -> None:
    body = prepare(estate).json()
    client = estate.demo.sign_in("accountant")
    assert client.post(f"/api/v1/bill-runs/{body['run']}/discard").json()["standing"] == "DISCARDED"
    assert client.post(f"/api/v1/bill-runs/{body['run']}/confirm").json()["code"] == "run_discarded"


def test_the_page_says_what_is_billed_and_which_preview_is_no_more(estate: Estate) -> None:
    client, where = estate.demo.sign_in("accountant"), f"/bill-runs/{FIRST}"

    def row(run: str) -> str:
        """The line of a run in the list."""
        return str(client.get(where).text.split(f"{where}/{run}")[1].split("</li>")[0])

    first = prepare(estate).json()["run"]
    assert say("zh", "runstanding-PREPARED") in row(first)
    second = prepare(estate, months=2).json()["run"]
    assert say("zh", "run-lapsed") in row(first) and say("zh", "runstanding-PREPARED") in row(second)
    client.post(f"/api/v1/bill-runs/{second}/discard")
    assert say("zh", "runstanding-PREPARED") in row(first)
    confirmed(estate, first)
    shown = client.get(where).text
    assert say("zh", "run-billed-until", day=str(estate.until - timedelta(days=1)), n=3) in shown
    assert f'<option value="{estate.until:%Y-%m}" selected>' in shown  # the first month that is not billed
    run = estate.demo.product.part(BillRuns).one(UUID(prepare(estate).json()["run"]))
    assert lapsed([run], run.prepared_at + timedelta(days=6)) == set()
    assert lapsed([run], run.prepared_at + timedelta(days=8)) == {run.id}


def test_a_bill_is_voided_and_corrected(estate: Estate) -> None:
    done = confirmed(estate, prepare(estate).json()["run"])
    client = estate.demo.sign_in("accountant")
    first, second, _ = client.get(f"/api/v1/bill-runs/{done['run']}/bills").json()
    wrong = client.post(f"/api/v1/bills/{first['bill']}/correct", json={"reason": "WRONG_AREA", "amount": FEE})
    assert wrong.json()["code"] == "correction_same"
    corrected = client.post(f"/api/v1/bills/{first['bill']}/correct", json={"reason": "WRONG_AREA", "amount": 5000})
    assert corrected.status_code == 200 and corrected.json()["number"]
    voided = client.post(f"/api/v1/bills/{second['bill']}/void", json={"reason": "NOT_SERVED", "text": "整月未服务"})
    assert voided.status_code == 200
    estate.demo.caught_up()
    account = client.get(f"/api/v1/accounts/{first['dwelling']}").json()
    stand = {bill["number"]: (bill["amount"], bill["voided"]) for bill in account["bills"]}
    assert stand[first["number"]] == (FEE, True) and stand[corrected.json()["number"]] == (5000, False)
    with estate.demo.product.database.lend([FIRST]) as conn:
        rows = [bills.by_number(conn, FIRST, number) for number in (first["number"], corrected.json()["number"])]
    grounds = {(row.contract, row.clause, row.schedule) for row in rows if row}
    assert len(grounds) == 1 and None not in grounds.pop()


def test_a_key_card_is_charged_at_the_displayed_price(estate: Estate) -> None:
    client = estate.demo.sign_in("accountant")
    where = f"/api/v1/accounts/{estate.homes[1]}/charges"
    assert client.post(where, json={"item": "KEY_CARD", "quantity": 2}).status_code == 201
    account = client.get(f"/api/v1/accounts/{estate.homes[1]}").json()
    assert any(bill["item"] == "KEY_CARD" and bill["amount"] == 3000 for bill in account["bills"])
    assert client.post(where, json={"item": "OTHER"}).json()["code"] == "no_price_shown"
    assert client.post(where, json={"item": "KEY_CARD", "quantity": 0}).json()["code"] == "quantity"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"period": "2026-13"}, 422, None), ({"period": "12-2026"}, 422, None), ({"months": 13}, 422, "run_months"),
        ({"months": 0}, 422, "run_months"), ({"months": "1"}, 422, None), ({"months": 1.5}, 422, None),
        ({"period": "2020-01"}, 409, "no_bills_here"),
    ],
)  # fmt: skip
def test_nonsense_is_answered_in_words(estate: Estate, body: dict[str, Any], status: int, code: str | None) -> None:
    answer = prepare(estate, **body)
    assert answer.status_code == status and code in (None, answer.json()["code"])
    assert answer.json()["detail"]


def test_who_may(estate: Estate) -> None:
    body = prepare(estate).json()
    for username, status in (("cashier", 403), ("clerk", 403), ("committee", 403), ("head2", 404), ("repairer", 403)):
        client = estate.demo.sign_in(username)
        assert client.get(f"/api/v1/bill-runs/{body['run']}").status_code == status, username
        assert prepare(estate, username).status_code == status, username
    assert estate.demo.sign_in("accountant").get(f"/api/v1/bill-runs/{uuid4()}").status_code == 404


def test_a_void_bill_is_billed_anew_and_nothing_else_is_different(estate: Estate) -> None:
    done = confirmed(estate, prepare(estate).json()["run"])
    client = estate.demo.sign_in("accountant")
    bill = client.get(f"/api/v1/bill-runs/{done['run']}/bills").json()[0]
    client.post(f"/api/v1/bills/{bill['bill']}/void", json={"reason": "WRONG_AREA"})
    again = prepare(estate).json()
    assert (again["lines"], again["total"]) == (1, bill["amount"])
    assert [each["dwelling"] for each in again["differences"]] in ([], [bill["dwelling"]])
    confirmed(estate, again["run"])
    estate.since, estate.until = estate.until, months_later(estate.until, 1)
    estate.period, estate.billed = f"{estate.since:%Y-%m}", False
    following = prepare(estate).json()  # beside the whole month, although the newest run would be one line
    assert following["lines"] == 3 and not [each for each in following["differences"] if each["why"] == ["NEW"]]


def test_a_preview_is_told_line_by_line(estate: Estate) -> None:
    run = prepare(estate).json()["run"]
    client = estate.demo.sign_in("accountant")
    rows = client.get(f"/api/v1/bill-runs/{run}/lines").json()
    assert [row["dwelling"] for row in rows] == [str(home) for home in estate.homes]
    assert {(row["amount"], row["item"], row["basis"]["unit_price"]) for row in rows} == {(FEE, "PROPERTY_FEE", 6000)}
    assert client.get(f"/api/v1/bill-runs/{run}/lines?page=2").json() == []
    assert estate.demo.sign_in("cashier").get(f"/api/v1/bill-runs/{run}/lines").status_code == 403
    client.post(f"/api/v1/bill-runs/{run}/discard")
    assert client.get(f"/api/v1/bill-runs/{run}/lines").status_code == 404


def test_a_correction_keeps_what_is_not_corrected(estate: Estate) -> None:
    done = confirmed(estate, prepare(estate).json()["run"])
    client = estate.demo.sign_in("accountant")
    bill = client.get(f"/api/v1/bill-runs/{done['run']}/bills").json()[2]
    home = estate.homes[2]
    buyer = estate.do(register_owner(RegisterOwner(FIRST, OwnerKind.PERSON, "新业主", None))).stream
    where = f"/api/v1/bills/{bill['bill']}/correct"
    stranger = client.post(where, json={"reason": "WRONG_PAYER", "payer": str(buyer)})
    assert (stranger.status_code, stranger.json()["code"]) == (422, "unknown_payer")
    estate.do(on_dwelling(home, BeginOwnership(buyer, estate.today)))
    assert client.post(where, json={"reason": "WRONG_PAYER", "payer": str(buyer)}).status_code == 200
    estate.demo.caught_up()
    body = [each.event for each in estate.demo.product.log.history(fee_account_stream(home))]
    issued = {event.bill: event for event in body if isinstance(event, BillIssued)}
    old, new = issued[UUID(bill["bill"])], list(issued.values())[-1]
    assert (new.corrects, new.payer, new.amount) == (old.bill, buyer, old.amount)
    kept = ("basis", "contract", "clause", "schedule", "since", "until", "due", "item")
    assert all(getattr(new, name) == getattr(old, name) for name in kept)


@pytest.mark.parametrize("amount", [0, -1, 10**12, 10**15, 53.62, "5362"])
def test_no_bill_is_corrected_to_nonsense(estate: Estate, amount: Any) -> None:
    client = estate.demo.sign_in("accountant")
    bills = client.get(f"/api/v1/accounts/{estate.homes[0]}").json()["bills"]
    bill = next(each for each in bills if not each["voided"])
    answer = client.post(f"/api/v1/bills/{bill['bill']}/correct", json={"reason": "OTHER", "amount": amount})
    assert answer.status_code == 422 and answer.json()["detail"]
    assert client.get(f"/api/v1/accounts/{estate.homes[0]}").json()["bills"] == bills


def test_a_far_year_is_mistyped(estate: Estate) -> None:
    answer = prepare(estate, period="2062-12")
    assert (answer.status_code, answer.json()["code"]) == (422, "run_too_far")


def test_several_months_are_one_line(estate: Estate) -> None:
    body = prepare(estate, months=2).json()
    assert date.fromisoformat(body["until"]) == months_later(estate.since, 2)
    assert body["total"] == 3 * 10724  # 89.37 x 0.60 x 2 = 107.244, rounded once


def test_what_left_the_register_after_the_preview_is_left_out(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the run goes on after a restart: a chunk rests on the dwellings as they stand when it is appended."""
    body, runs, log = prepare(estate).json(), estate.demo.product.part(BillRuns), estate.demo.product.log
    estate.billed = True
    monkeypatch.setattr(runs, "_begin", lambda run: None)  # as if the process had died before the first chunk
    client = estate.demo.sign_in("accountant")
    assert client.post(f"/api/v1/bill-runs/{body['run']}/confirm").status_code == 202
    monkeypatch.undo()
    gone, other = estate.homes[0], estate.homes[1]
    for home, event in ((gone, DwellingWithdrawn()), (other, OwnershipWithdrawn(estate.owners[1], date(2015, 1, 1)))):
        act, version = log.history(home)[-1].act, log.load(DWELLING, home).version
        log.append([Change(home, DWELLING.name, version, [event], act, FIRST, home)])
    runs.go_on()
    runs.until_idle()
    estate.demo.caught_up()
    assert client.get(f"/api/v1/bill-runs/{body['run']}").json()["issued"] == 1
    for home in (gone, other):
        bills_of = log.load(FEE_ACCOUNT, fee_account_stream(home)).state.bills.values()
        assert all(bill.number[:-7] != body["number"] for bill in bills_of)
