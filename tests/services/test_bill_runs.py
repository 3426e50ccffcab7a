"""Bill runs through the API: reckoned, looked at, confirmed, gone on with after a crash; never anything twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain import fee_basis as basis
from domain.allocation import AllocationOrder
from domain.calendar import local_date
from domain.capacity import Capacity
from domain.dwelling import BeginOwnership, CorrectDwellingAreas, RegisterDwelling, Use
from domain.fee_basis import Charged, FeeMode, ModeGround, Price, ServiceMode, Terms
from domain.fee_formula import months_later
from domain.fee_item import FeeItem
from domain.owner import OwnerKind, RegisterOwner
from services.ask import Answer, Ask, Caller
from services.fee_basis_plans import on_fee_basis
from services.plan import Plan
from services.register_plans import on_dwelling, register_dwelling, register_owner
from tests.conftest import FIRST, SECOND, Demo

FEE = 5362  # 89.37 m² x 0.60 yuan
BUILDING = "9"


class Estate:
    """A few dwellings of the first estate with owners, contract and prices, told by whoever may."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.today = local_date(demo.house.clock())
        self.since = months_later(self.today.replace(day=1), 1)
        self.until = months_later(self.since, 1)
        self.period = f"{self.since:%Y-%m}"
        self.homes: list[UUID] = []
        self.owners: list[UUID] = []
        self.contract = uuid4()

    def do(self, plan: Plan, username: str = "head", capacity: Capacity = Capacity.STATION_HEAD) -> Answer:
        person = UUID(self.demo.sign_in(username).get("/api/v1/session").json()["person"])
        return self.demo.house.handler.do(Ask(Caller(person, capacity, frozenset({FIRST}))), plan)

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


@pytest.fixture
def estate(demo: Demo) -> Iterator[Estate]:
    """New months for every test: what one billed is billed."""
    made = getattr(demo.house.bill_runs, "_tested", None)
    if made is None:
        made = Estate(demo).settle().charge()
        object.__setattr__(demo.house.bill_runs, "_tested", made)
    made.since, made.until = made.until, months_later(made.until, 1)
    made.period = f"{made.since:%Y-%m}"
    yield made


def prepare(estate: Estate, username: str = "accountant", **body: Any) -> Any:
    client = estate.demo.sign_in(username)
    headers = {"Idempotency-Key": body.pop("key")} if "key" in body else {}
    return client.post(
        f"/api/v1/estates/{FIRST}/bill-runs", json={"period": estate.period, "months": 1} | body, headers=headers
    )


def confirmed(estate: Estate, run: str) -> Any:
    client = estate.demo.sign_in("accountant")
    answer = client.post(f"/api/v1/bill-runs/{run}/confirm")
    if answer.status_code == 202:
        estate.demo.house.bill_runs.until_idle()
        estate.demo.caught_up()
        return client.get(f"/api/v1/bill-runs/{run}").json()
    return answer


def test_an_estate_without_contract_and_prices_has_no_bills(demo: Demo) -> None:
    answer = demo.sign_in("centre").post(f"/api/v1/estates/{SECOND}/bill-runs", json={"period": "2027-01", "months": 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_bills_here")


def test_what_was_previewed_is_issued(estate: Estate) -> None:
    answer = prepare(estate)
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["standing"], told["lines"], told["total"], told["obstacles"]) == ("PREPARED", 3, 3 * FEE, 0)
    assert told["items"] == [{"item": "PROPERTY_FEE", "lines": 3, "total": 3 * FEE}]
    done = confirmed(estate, told["run"])
    assert (done["standing"], done["issued"], done["done"]) == ("DONE", 3, 3)
    client = estate.demo.sign_in("accountant")
    rows = client.get(f"/api/v1/bill-runs/{told['run']}/bills").json()
    assert [(row["amount"], row["open"], row["period"]) for row in rows] == [(FEE, FEE, estate.period)] * 3
    assert [row["number"] for row in rows] == [f"{told['number']}-{n:06d}" for n in (1, 2, 3)]
    account = client.get(f"/api/v1/accounts/{estate.homes[0]}").json()
    assert any(bill["number"] == rows[0]["number"] for bill in account["bills"])
    assert prepare(estate).json()["lines"] == 0


def test_confirmed_twice_or_prepared_twice_nothing_is_doubled(estate: Estate) -> None:
    first, second = prepare(estate).json(), prepare(estate).json()
    with ThreadPoolExecutor(2) as two:
        ended = list(two.map(lambda told: confirmed(estate, told["run"]), (first, second)))
    assert sorted(each["issued"] for each in ended) == [0, 3]
    assert confirmed(estate, first["run"])["issued"] in (0, 3)


def test_a_repeated_request_is_the_same_run(estate: Estate) -> None:
    key, runs = uuid4().hex, estate.demo.house.bill_runs
    first = prepare(estate, key=key).json()
    kept = len(runs.of_estate(FIRST, 1000))
    assert prepare(estate, key=key).json() == first
    assert len(runs.of_estate(FIRST, 1000)) == kept
    client = estate.demo.sign_in("accountant")
    client.post(f"/api/v1/bill-runs/{first['run']}/discard")
    assert prepare(estate, key=key).json()["standing"] == "DISCARDED"
    assert client.get(f"/api/v1/bill-runs/{first['run']}").json()["items"] == []


def test_a_preview_of_what_has_changed_since_is_no_basis(estate: Estate) -> None:
    told = prepare(estate).json()
    estate.do(on_dwelling(estate.homes[0], CorrectDwellingAreas(9000, 7500, "产权证")))
    answer = confirmed(estate, told["run"])
    assert (answer.status_code, answer.json()["code"]) == (409, "preview_outdated")
    again = prepare(estate).json()
    changed = next(each for each in again["differences"] if each["dwelling"] == str(estate.homes[0]))
    assert changed["now"] == 5400 and "AREA" in changed["why"]
    estate.do(on_dwelling(estate.homes[0], CorrectDwellingAreas(8937, 7500, "看错了")))


def test_a_run_cut_short_goes_on_where_it_was(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    told = prepare(estate).json()
    runs = estate.demo.house.bill_runs
    monkeypatch.setattr(runs, "_begin", lambda run: None)  # as if the process had died before the first chunk
    client = estate.demo.sign_in("accountant")
    assert client.post(f"/api/v1/bill-runs/{told['run']}/confirm").json()["standing"] == "STOPPED"
    monkeypatch.undo()
    runs.go_on()
    runs.until_idle()
    estate.demo.caught_up()
    assert client.get(f"/api/v1/bill-runs/{told['run']}").json()["issued"] == 3


def test_a_discarded_preview_is_gone(estate: Estate) -> None:
    told = prepare(estate).json()
    client = estate.demo.sign_in("accountant")
    assert client.post(f"/api/v1/bill-runs/{told['run']}/discard").json()["standing"] == "DISCARDED"
    assert client.post(f"/api/v1/bill-runs/{told['run']}/confirm").json()["code"] == "run_discarded"


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
    told = prepare(estate).json()
    for username, status in (("cashier", 403), ("clerk", 403), ("committee", 403), ("head2", 404), ("repairer", 403)):
        client = estate.demo.sign_in(username)
        assert client.get(f"/api/v1/bill-runs/{told['run']}").status_code == status, username
        assert prepare(estate, username).status_code == status, username
    assert estate.demo.sign_in("accountant").get(f"/api/v1/bill-runs/{uuid4()}").status_code == 404


def test_several_months_are_one_line(estate: Estate) -> None:
    told = prepare(estate, months=2).json()
    assert date.fromisoformat(told["until"]) == months_later(estate.since, 2)
    assert told["total"] == 3 * 10724  # 89.37 x 0.60 x 2 = 107.244, rounded once
