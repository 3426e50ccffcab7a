"""On the days on which calendars are awkward, and over midnight in Shanghai: what depends on the day goes by it."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from domain.arrears.dunning import DunningOpened
from domain.calendar import local_date
from domain.contracts.fee_basis import SHOWN_DAYS
from domain.fees.fee_account import BillIssued, InvoiceReversed, PaymentRecorded
from domain.fees.receipt_book import ReceiptIssued
from domain.months import following, month_of, months_later
from services.demo.cast import PEOPLE
from services.demo.fees import FeeHistory
from services.log.event_log import Change
from services.log.pseudonyms import Pseudonyms
from services.running.app import create_app
from services.running.daily import DAILY
from services.running.run import set_up_demo
from tests.arrears.debts import Home
from tests.billing.test_bill_runs import Estate, confirmed, prepare
from tests.clock import StandingClock, moment
from tests.conftest import FIRST, Demo, a_product
from tests.fees.till import Till
from tests.postgres import new_database

pytestmark = pytest.mark.slow

AWKWARD = {
    "a Sunday on which people work": "2026-09-20T10:00",
    "the first minute of a month": "2026-12-01T00:00",
    "the last minute of a year": "2026-12-31T23:59",
    "the last minute of a February": "2027-02-28T23:59",
    "the 29th of February": "2028-02-29T12:00",
}
PLACE = f"/api/v1/estates/{FIRST}"


@dataclass
class Station:
    """The demo's first estate at a moment of a clock that stands."""

    demo: Demo
    clock: StandingClock
    clients: dict[str, TestClient] = field(default_factory=dict)

    def by(self, username: str) -> TestClient:
        """Somebody at work, signed in once, who sees what was just done."""
        if username not in self.clients:
            self.clients[username] = self.demo.sign_in_patient(username)
        return self.clients[username]

    @property
    def today(self) -> date:
        return local_date(self.clock())


@contextmanager
def station(server: str, data: Path, start: str) -> Iterator[Station]:
    clock = StandingClock(moment(start))
    url = new_database(server)
    with a_product(url, data, clock) as product:
        set_up_demo(product, fees=False)
        accounts = json.loads((data / "demo-accounts.json").read_text(encoding="utf-8"))
        app = create_app(product)

        def client() -> TestClient:
            return TestClient(app, base_url="http://station.test", raise_server_exceptions=False)

        passwords = {each["username"]: each["password"] for each in accounts}
        yield Station(Demo(product, passwords, client, url), clock)


def answered(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


@pytest.mark.parametrize("start", AWKWARD.values(), ids=AWKWARD)
def test_a_station_works_on(server: str, tmp_path: Path, start: str) -> None:
    with station(server, tmp_path, start) as here:
        the_demo_is_told_up_to_now(here)
        estate = Estate(here.demo).settle().charge()
        till, debtor = Till(here.demo).opened(), Home(here.demo, "101").owed(3 * 365 - 30, 400)
        till.bill()
        for _ in range(2):  # before midnight, where the moment lies there, and after it
            what_people_noted_is_of_today(here)
            a_list_is_shown_long_enough(here, estate)
            bills_of_the_coming_month_are_issued_today(here, estate)
            receipts_are_numbered_by_the_year(here, till)
            debts_lapse_some_day_to_come(here, debtor)
            for work in DAILY:
                work(here.demo.product, here.today)
            the_month_that_is_over_closes_and_no_other(here)
            here.clock.passes(timedelta(minutes=2))


def the_demo_is_told_up_to_now(here: Station) -> None:
    body = here.demo.product.log.read(0, 5000)
    assert all(before.act.recorded_at <= after.act.recorded_at for before, after in pairwise(body))
    assert body[-1].act.recorded_at <= here.clock() < body[-1].act.recorded_at + timedelta(days=1)


def what_people_noted_is_of_today(here: Station) -> None:
    clerk = here.by("clerk")
    noted = answered(clerk.post("/api/v1/issues", json={"estate": FIRST, "text": "路灯不亮"}), 201)
    assert noted["number"].startswith(f"IS-{here.today:%Y%m%d}-")
    for place in (f"/board/{FIRST}", f"/fees/{FIRST}", f"/contracts/{FIRST}", f"/board/{FIRST}?asOf={here.today}"):
        assert here.by("head").get(place).status_code == 200, place
    yesterday = here.today - timedelta(days=1)
    board = here.by("head").get(f"/board/{FIRST}", params={"asOf": str(yesterday)}).text
    assert "23:59" in board


def a_list_is_shown_long_enough(here: Station, estate: Estate) -> None:
    """A change of prices bills from the thirtieth day of its display on."""
    price = {"item": "PROPERTY_FEE", "charged": "PER_AREA", "uses": ["RESIDENCE"], "unit_price": 6500, "clause": "8",
             "content": "保洁"}  # fmt: skip
    head, first = here.by("head"), here.today + timedelta(days=SHOWN_DAYS)
    listed = {"contract": str(estate.contract), "prices": [price], "shown_from": str(here.today)}
    early = head.post(f"{PLACE}/price-lists", json={**listed, "valid_from": str(first - timedelta(days=1))})
    assert answered(early, 409)["code"] in ("shown_too_short", "schedule_order")
    yesterday = {"shown_from": str(here.today - timedelta(days=1)), "valid_from": str(months_later(first, 3))}
    assert head.post(f"{PLACE}/price-lists", json=listed | yesterday).json()["code"] == "shown_in_the_past"


def bills_of_the_coming_month_are_issued_today(here: Station, estate: Estate) -> None:
    body = answered(prepare(estate), 201)
    assert body["number"].startswith(f"{here.today:%Y%m%d}-")
    done = confirmed(estate, body["run"])
    assert (done["standing"], done["issued"]) == ("DONE", body["lines"]) and body["lines"] >= len(estate.homes)
    estate.since, estate.until = estate.until, months_later(estate.until, 1)
    estate.period = f"{estate.since:%Y-%m}"


def receipts_are_numbered_by_the_year(here: Station, till: Till) -> None:
    cashier = here.by("cashier")
    paid = answered(cashier.post("/api/v1/payments", json={"dwelling": str(till.dwelling), "amount": 100,
                                                           "method": "WECHAT"}), 201)  # fmt: skip
    year, number = paid["receipt"].split("-")
    others = [each.receipt for each in till.state.payments.values() if each.receipt.startswith(f"{here.today.year}-")]
    assert (int(year), int(number)) == (here.today.year, len(others))
    assert till.state.payments[next(reversed(till.state.payments))].paid_on == here.today


def debts_lapse_some_day_to_come(here: Station, debtor: Home) -> None:
    accountant = here.by("accountant")
    body = answered(accountant.get(f"{PLACE}/arrears"))
    bills = next(each["bills"] for each in body["debtors"] if each["dwelling"] == str(debtor.dwelling))
    first, second = (date.fromisoformat(each["last_day"]) for each in bills[:2])
    assert here.today < first < here.today + timedelta(days=60) < second


def the_month_that_is_over_closes_and_no_other(here: Station) -> None:
    accountant, this = here.by("accountant"), month_of(here.today)
    due = answered(accountant.get(f"{PLACE}/closings"))["next_month"]
    if due < this:
        assert answered(accountant.post(f"{PLACE}/closings", json={"month": due}))["month"] == due
        assert following(due) == this
    early = answered(accountant.post(f"{PLACE}/closings", json={"month": this}), 409)
    assert early["code"] == "month_not_over"


class Written:
    """Stands where the log does, and keeps what the demo's fees were told as."""

    def __init__(self) -> None:
        self.changes: list[Change] = []

    def append(self, changes: Sequence[Change]) -> None:
        self.changes += changes


@pytest.mark.parametrize("start", ["2026-12-31T23:59", "2028-02-29T12:00"])
def test_three_years_of_fees_are_told(start: str) -> None:
    until, written = moment(start), Written()
    people = {someone.key: UUID(int=n) for n, someone in enumerate(PEOPLE, 1)}
    log: Any = written
    FeeHistory(log, Pseudonyms(b"s" * 32), people, until).tell()
    acts = [change.act.recorded_at for change in written.changes]
    assert acts == sorted(acts) and until - timedelta(days=10) < acts[-1] <= until
    body = Counter(type(event) for change in written.changes for event in change.events)
    assert body[BillIssued] > 12 * 600 and body[PaymentRecorded] == body[ReceiptIssued] > 6000
    assert body[DunningOpened] and body[InvoiceReversed]
