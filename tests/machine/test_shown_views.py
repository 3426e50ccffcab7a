"""A view that stands still is told on the pages and in the answers that show it, and nowhere else."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

import psycopg
import pytest
from fastapi.routing import APIRoute
from psycopg.sql import Composable
from starlette.routing import BaseRoute
from starlette.testclient import TestClient

from projections.catalogue import VIEWS
from projections.estates.estates import ESTATES
from projections.fees.bills import BILLS
from services.database.database import Database
from tests.arrears.debts import Home
from tests.conftest import FIRST, Demo
from tests.reconciliation import files
from tests.reconciliation.files import Paid
from tests.reconciliation.homes import Ledger

NAMES = {view.name for view in VIEWS}
# every page names estates, and looks into their register for whose they are
ALWAYS = {ESTATES.name}
ROLES = ("head", "accountant", "cashier", "repairer", "admin")
_READ = re.compile(rf'\b(?:FROM|JOIN)\s+"?({"|".join(NAMES)})\b', re.IGNORECASE)
# files carry no banner; streams, public pages and forms of files show no view; some look a thing up by the way;
# numbers beside areas leave out what lags, and what an amount pays stands on a page that tells it
LEFT_OUT = re.compile(
    r"/s/|/verify/|/static/|/waits/|/pays$|/live$|/language|/photos/|sample|openapi|^/health|^/metrics|^/$|\.pdf$|/export$|\.{format}$"
    r"|/imports/|/table$|archive\.zip$|/api/v1/session$|/payment-reference$|/closings/next$"
)
FOUND = {"case_words", "dwellings", "notebook", "orders", "owners", "payments", "people"}
SOMETIMES = {  # shown where there is something to show
    "/api/v1/steward/orders": {"orders"},
    "/api/v1/estates/{estate}/arrears": {"payments"},
    "/arrears/{estate}": {"payments"},
    "/bill-runs/{estate}": {"dwellings"},
    "/bills/{bill}": {"orders"},
    "/contracts/{estate}": {"bills", "dwellings"},
    "/register/{estate}/dwellings/{dwelling}": {
        "accounts",
        "bills",
        "case_words",
        "notebook",
        "orders",
        "owners",
        "payments",
    },
    "/api/v1/dwellings/{dwelling}/overview": {
        "accounts",
        "bills",
        "case_words",
        "notebook",
        "orders",
        "owners",
        "payments",
    },
    "/trail/{estate}/cases": {"people"},
    "/trail/{estate}/lines": {"people"},
    "/api/v1/estates/{estate}/trail/lines": {"people"},
    "/search": FOUND,
    "/api/v1/search": FOUND,
}
ASKED = {"/fees/{estate}": "?q=101", "/search": "?q=101"}


class Reading(psycopg.Cursor[Any]):
    """Notes which views are read."""

    seen: ClassVar[set[str]] = set()

    def execute(self, query: Any, *more: Any, **named: Any) -> "Reading":
        if isinstance(query, Composable):
            query = query.as_bytes(self.connection)
        text = query if isinstance(query, str) else query.decode()
        Reading.seen |= {name.lower() for name in _READ.findall(text)}
        super().execute(query, *more, **named)
        return self


@dataclass
class Station:
    """An estate in which there is something of everything, and who looks at it. ``ids`` fill addresses."""

    demo: Demo
    ids: dict[str, str]
    clients: dict[str, TestClient] = field(default_factory=dict)

    def client(self, role: str) -> TestClient:
        if role not in self.clients:
            client = self.demo.sign_in(role)
            client.get("/help")  # the visitor's own name is looked up once
            self.clients[role] = client
        return self.clients[role]

    def seen_by(self, path: str) -> tuple[TestClient, set[str]]:
        """Somebody who may look, and the views that were read for it."""
        for role in ROLES:
            client = self.client(role)
            Reading.seen = set()
            answer = client.get(path, follow_redirects=False)
            if answer.status_code == 200:
                return client, set(Reading.seen)
        raise AssertionError(f"{path}: {answer.status_code} {answer.text[:200]}")


@pytest.fixture(scope="module")
def station(demo: Demo) -> Iterator[Station]:
    head, accountant = demo.sign_in_patient("head"), demo.sign_in_patient("accountant")

    def done(path: str, **body: Any) -> dict[str, Any]:
        answer = accountant.post(f"/api/v1/{path}", json=body)
        assert answer.status_code < 300, answer.text
        posted: dict[str, Any] = answer.json()
        return posted

    home = Home(demo, "101").owed(200, 20)
    ledger = Ledger(demo, "92")  # signs the contract without which nobody pays in advance
    ledger.billed("101", 10000)
    done(f"estates/{FIRST}/drawer/open", change=10000)
    paid = done("payments", dwelling=str(home.dwelling), amount=200000, method="CASH", accept_excess=True)["payment"]
    done(f"payments/{paid}/refunds", amount=100, reason="OVERPAID")
    owned = Home(demo, "102").owed(20)
    owned.pays(64346)
    demo.caught_up()
    done(f"dwellings/{home.dwelling}/statement-links", days=30)
    seen = ledger.upload(accountant, files.wechat([Paid("77", 12345)]).encode())
    ledger.confirm(accountant, seen["id"])
    waits = ledger.upload(accountant, files.wechat([Paid("78", 10000)]).encode())["id"]
    issue = head.post("/api/v1/issues", json={"estate": FIRST, "text": "路灯不亮", "building": "1"}).json()["issue"]
    promoted = head.post(f"/api/v1/issues/{issue}/promote-to-work-order", json={"category": "GREENERY"}).json()
    demo.caught_up()
    ids = {
        "estate": FIRST, "issue": issue, "order": promoted["order"], "dwelling": home.dwelling, "owner": home.owner,
        "payer": home.owner, "payment": paid, "bill": home.bills[0], "file": waits, "id": waits,
        "case": "open",
    }  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        lend = Database.lend

        @contextmanager
        def reading(self: Database, estates: Iterable[str]) -> Iterator[Any]:
            with lend(self, estates) as conn:
                conn.cursor_factory = Reading
                try:
                    yield conn
                finally:
                    conn.cursor_factory = psycopg.Cursor

        patch.setattr(Database, "lend", reading)
        yield Station(demo, {name: str(value) for name, value in ids.items()})


@pytest.fixture
def lag(station: Station, monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Views that are put in here stand still."""
    standing: set[str] = set()
    monkeypatch.setattr(station.demo.product.positions, "behind", lambda view: 60.0 if view in standing else 0.0)
    yield standing


def routes(found: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    for route in found:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes(inner.routes)
        elif isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            yield route


def address(station: Station, route: APIRoute) -> str:
    """The address of something that is there."""
    return re.sub(r"{(\w+)[^}]*}", lambda found: station.ids[found[1]], route.path) + ASKED.get(route.path, "")


def warned(client: TestClient, path: str) -> bool:
    """Whether the answer says that it lags."""
    answer = client.get(path, follow_redirects=False)
    assert answer.status_code == 200, path
    return "x-view-lags" in answer.headers if path.startswith("/api/") else 'class="stale"' in answer.text


def found_wrong(station: Station, route: APIRoute, lag: set[str]) -> list[str]:
    """Views that are shown and not told of, and whether it is told of views that are not shown."""
    path = address(station, route)
    lag.clear()
    client, read = station.seen_by(path)
    wrong = []
    for name in read - ALWAYS:
        lag |= {name}
        if not warned(client, path):
            wrong.append(f"{route.path}: {name} stands still, and nothing is told")
        lag.clear()
    lag |= NAMES - read - ALWAYS - SOMETIMES.get(route.path, set())
    return [*wrong, f"{route.path}: told of what is not shown"] if warned(client, path) else wrong


def visited(station: Station, *, api: bool) -> list[APIRoute]:
    found = [
        route
        for route in routes(station.client("head").app.routes)  # type: ignore[attr-defined]
        if route.path.startswith("/api/") == api
        and not LEFT_OUT.search(route.path)
        and set(re.findall(r"{(\w+)", route.path)) <= station.ids.keys()
    ]
    assert len(found) > 25
    return found


def test_a_page_tells_that_a_view_stands_still_if_it_shows_it(station: Station, lag: set[str]) -> None:
    assert [wrong for route in visited(station, api=False) for wrong in found_wrong(station, route, lag)] == []


def test_programs_are_told_that_a_view_stands_still_if_the_answer_shows_it(station: Station, lag: set[str]) -> None:
    assert [wrong for route in visited(station, api=True) for wrong in found_wrong(station, route, lag)] == []


def test_bills_that_stand_still_are_told_where_bills_are_shown(station: Station, lag: set[str]) -> None:
    lag |= {BILLS.name}
    head, bill, dwelling = station.client("head"), station.ids["bill"], station.ids["dwelling"]
    assert warned(head, f"/bills/{bill}") and warned(head, f"/arrears/{FIRST}") and warned(head, f"/cockpit/{FIRST}")
    assert warned(head, f"/api/v1/bills/{bill}") and warned(head, f"/api/v1/cockpit?estate={FIRST}")
    assert not warned(head, f"/board/{FIRST}") and not warned(head, f"/accounts/{dwelling}")  # the account is the log's
    assert not warned(head, f"/api/v1/stations/{FIRST}/board")


def test_what_was_just_done_is_waited_for_where_it_is_shown(
    station: Station, lag: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not ``behind``, but without what this very person has done."""
    positions = station.demo.product.positions
    monkeypatch.setattr(positions, "position", lambda view, real=positions.position: real(view) * (view != BILLS.name))
    monkeypatch.setattr(positions, "wait", lambda view, position, _: view != BILLS.name or position == 0)
    accountant, bill, drawer = station.client("accountant"), f"/bills/{station.ids['bill']}", f"/drawer/{FIRST}"
    counted = {"denominations": [{"value": 10000, "pieces": 1}]}
    answer = accountant.post(f"/api/v1/estates/{FIRST}/drawer/count", json=counted)
    assert answer.status_code == 200, answer.text
    assert warned(accountant, bill) and warned(accountant, f"/api/v1{bill}")
    assert not warned(accountant, drawer) and not warned(accountant, f"/api/v1/estates/{FIRST}/drawer")
