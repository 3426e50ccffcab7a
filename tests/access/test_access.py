"""Who may do what: every role on every route, in the own estate, in a foreign one, and for what is not there."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.testclient import TestClient

from domain.capacity import Capacity
from domain.catalogue import COMMANDS, may
from projections.cases import history, notebook, orders, station_board
from projections.catalogue import VIEWS
from projections.estates import estates
from projections.people import people
from services.demo.cast import FIRST, SECOND
from services.http.who import ACTING, READING, is_permission
from services.running.app import create_app
from services.sessions.member import Member
from tests.access.reached import Things, filled, statement, things
from tests.conftest import Demo
from tests.members import CAPACITIES, member

PUBLIC = {
    ("POST", "/api/v1/session"),
    ("GET", "/api/v1/estates/{estate}/prices"),
    ("GET", "/prices/{estate}"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/metrics"),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/language/{language}"),
    ("GET", "/static/{name}"),
    ("GET", "/verify/{token}"),
    ("GET", "/s/{token}"),
    ("GET", "/audit/verify"),
    ("GET", "/audit/verify.html"),
    ("GET", "/audit/policy.txt"),
    ("GET", "/audit/compare"),
    ("POST", "/audit/photo"),
    ("GET", "/wall"),
    ("POST", "/wall"),
    ("GET", "/audit/log/checkpoint"),
    ("GET", "/audit/witness"),
    ("GET", "/audit/witness.html"),
    ("GET", "/audit/receipts/{position}/{token}"),
    ("GET", "/audit/log/{rest:path}"),
}


def routes(demo: Demo) -> Iterator[tuple[str, RouteContext]]:
    """Every route with each of its methods, at the address where it stands in the end."""
    app = demo.client().app
    for route in iter_route_contexts(app.routes):  # type: ignore[attr-defined]
        if isinstance(route.original_route, APIRoute):
            for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
                yield method, route


def demanded(dependant: Dependant) -> set[Any]:
    """Everything that a route demands before it runs."""
    return {dependant.call} | {call for each in dependant.dependencies for call in demanded(each)}


def test_somebody_is_demanded_on_every_route_but_the_public_ones(demo: Demo) -> None:
    seen = {(method, route.path): any(map(is_permission, demanded(route.dependant))) for method, route in routes(demo)}
    assert len(seen) > 60
    assert {route for route, asked in seen.items() if not asked} == PUBLIC


def test_no_route_stands_twice(demo: Demo) -> None:
    seen = [(method, route.path) for method, route in routes(demo)]
    assert len(seen) == len(set(seen))


@pytest.fixture(scope="module")
def own(demo: Demo) -> Things:
    return things(demo, "head", FIRST)


@pytest.fixture(scope="module")
def foreign(demo: Demo) -> Things:
    return things(demo, "head2", SECOND)


_BODIES: dict[str, Any] = {
    "reason": "因为", "note": "说明", "summary": "好了", "advice": "这样", "answer": "那样", "text": "试",
    "category": "GREENERY", "priority": "P2", "to": "MUNICIPAL", "score": 5, "reached": True, "name": "某人",
    "fix_by": "2027-01-01T00:00:00+08:00", "since": "2026-01-01T00:00:00+08:00", "until": "2026-01-01T00:00:00+08:00",
    "ground": "RESIDENT_ASKED", "service": "FIRE_119", "roles": ["REPAIRER"], "party_member": True,
    "capacity": "DISPATCHER",
    "building": "1", "opens": 480, "closes": 1200, "username": "nobody-yet", "old": "x" * 9, "new": "y" * 9,
    "month": "2026-09", "days": 30,
    "change": 0, "left": 0, "denominations": [],
    "pay_by": "2027-01-01", "on": "2026-01-02", "how": "BY_HAND", "evidence": "签收", "urged_by": "NONE_ELECTED",
    "mediator": "RESIDENTS_COMMITTEE", "outcome": "FAILED", "venue": "COURT", "case_number": "1", "payer": str(uuid4()),
    "demand": str(uuid4()), "dispute": str(uuid4()), "bill": str(uuid4()), "amount": 1, "rule": "办法第三条",
    "instalments": [{"due": "2027-01-01", "amount": 1}],
    "method": "CARD", "period": "2027-01", "rate": 300, "title": "某人", "number": "26352000000012345678",
    "red_number": "26352000000012345678", "issued_on": "2026-11-24",
    "kind": "PERSON", "room": "102", "stairwell": "1", "because": "测绘",
    "head": 0, "at": 0,
    "chargeable_area": 9000, "exclusive_area": 7000, "item": "PARKING", "quantity": 1,
}  # fmt: skip


def body_for(route: RouteContext, thing: Things, schema: dict[str, Any]) -> dict[str, Any]:
    """A body with every required field, so that nothing but the permission decides."""
    found = schema["paths"].get(route.path, {}).get("post", {}).get("requestBody")
    if found is None:
        return {}
    kind = next(iter(found["content"].values()))["schema"]
    reference = kind.get("$ref") or next(iter(each["$ref"] for each in kind.get("anyOf", []) if "$ref" in each), None)
    if reference is None:
        return {}
    shape = schema["components"]["schemas"][reference.rsplit("/", 1)[1]]
    ids: dict[str, Any] = {
        "steward": thing.person,
        "photo": thing.photo,
        "into": thing.issue,
        "person": thing.person,
        "estate": thing.estate,
        "owner": thing.owner,
        "dwelling": thing.dwelling,
        "payment": thing.payment,
        "by": "PHONE" if "remind" in route.path else thing.person,
        "debtors": [{"dwelling": thing.dwelling, "payer": thing.owner}],
    }
    if route.path.endswith("/waivers"):
        ids["reason"] = "HARDSHIP"
    elif route.path.endswith("/note-hardship"):
        ids["until"] = "2027-01-01"
    elif route.path.endswith("/end-proceedings"):
        ids["how"] = "WITHDRAWN"
    elif route.path.endswith("/record-hindrance"):
        ids |= {"kind": "OTHER", "since": "2026-01-01"}
    elif route.path.endswith("/set-aside"):
        ids["reason"] = "NOT_FEES"
    elif route.path.endswith(("/reverse", "/refunds", "/void", "/correct")):
        ids["reason"] = "OTHER"
    elif route.path.endswith("/service-mode"):
        ids["ground"] = "CONTRACT"
    elif route.path.endswith("/notice"):
        ids["by"] = "OWNERS"
    given = _BODIES | ids
    return {
        name: given[name] if name in given and _takes(each, schema, given[name]) else _anything(each, schema)
        for name in shape.get("required", [])
        for each in [shape["properties"][name]]
    }


def _takes(property: dict[str, Any], schema: dict[str, Any], given: Any) -> bool:
    """Whether a field of words has this one among them."""
    return "$ref" not in property or given in _named_shape(property, schema).get("enum", [given])


def _named_shape(property: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema["components"]["schemas"][property["$ref"].rsplit("/", 1)[1]]
    return found


def _anything(property: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A value of the kind that a field takes; an object has its own required fields."""
    if "$ref" in property:
        named = _named_shape(property, schema)
        return named["enum"][0] if "enum" in named else _anything(named, schema)
    if property.get("type") == "object":
        return {name: _anything(property["properties"][name], schema) for name in property.get("required", [])}
    by_format = {"uuid": str(uuid4()), "date": "2026-01-02", "date-time": "2026-01-02T08:00:00+08:00"}
    by_type = {"integer": 1, "number": 1, "boolean": False, "array": [], "string": "x"}
    return by_format.get(property.get("format", "")) or by_type[property.get("type", "string")]


def ask(client: TestClient, method: str, route: RouteContext, thing: Things, schema: dict[str, Any]) -> Any:
    path = filled(route.path, thing)
    if route.path.endswith("/photos"):
        return client.post(path, params={"estate": thing.estate}, files={"photo": ("x.jpg", b"x")})
    if method == "POST" and route.path.endswith("/imports"):
        return client.post(path, files={"notebook": ("x.csv", "日期,内容\n2024-03-05,旧事\n".encode())})
    if method == "POST" and route.path.endswith("/statements"):
        return client.post(path, files={"statement": statement(path)})
    if method == "POST" and route.path.endswith("/register-imports"):
        return client.post(path, files={"file": ("x.csv", "房号,面积,业主\n1-2-102,90,某人\n".encode())})
    body = body_for(route, thing, schema) if method in ("POST", "PUT", "PATCH") else None
    return client.request(method, path, json=body)


def api_routes(demo: Demo) -> list[tuple[str, RouteContext]]:
    ending = {("DELETE", "/api/v1/session"), ("POST", "/api/v1/session/capacity"), ("GET", "/live")}
    return [
        (method, route)
        for method, route in routes(demo)
        if route.path.startswith("/api/") and (method, route.path) not in PUBLIC | ending
    ]


def test_nobody_signed_in_gets_nothing(demo: Demo, own: Things) -> None:
    app, schema = demo.client().app, demo.client().get("/api/v1/openapi.json").json()
    for n, (method, route) in enumerate(api_routes(demo)):
        stranger = (f"198.51.{n // 200}.{n % 200}", 50_000)  # each from elsewhere: one of them alone is held up
        client = TestClient(app, base_url="http://station.test", raise_server_exceptions=False, client=stranger)
        answer = ask(client, method, route, own, schema)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), (method, route.path)


@pytest.mark.parametrize("username", ("head", "clerk", "repairer", "adviser", "mediator"))
def test_what_is_foreign_answers_like_what_is_not_there(demo: Demo, foreign: Things, username: str) -> None:
    """A role of the first estate alone gets the same for the second estate as for an estate that does not exist."""
    client, schema = demo.sign_in(username), demo.client().get("/api/v1/openapi.json").json()
    missing = Things(
        "350902002999-999",
        str(uuid4()),
        str(uuid4()),
        str(uuid4()),
        str(uuid4()),
        "nobody",
        *(str(uuid4()) for _ in range(3)),
    )
    for method, route in api_routes(demo):
        if "{" not in route.path and not route.path.endswith(("/issues", "/photos")):
            continue
        theirs, none = ask(client, method, route, foreign, schema), ask(client, method, route, missing, schema)
        assert theirs.status_code == none.status_code, (method, route.path, theirs.text, none.text)
        assert theirs.json() == none.json(), (method, route.path)
        assert theirs.status_code in (403, 404), (method, route.path, theirs.text)


@pytest.mark.parametrize("capacity", CAPACITIES, ids=lambda capacity: capacity.name)
def test_everybody_starts_on_a_page_of_their_own(demo: Demo, capacity: Capacity) -> None:
    assert member(demo, capacity).get("/").status_code == 200


@pytest.mark.parametrize("capacity", CAPACITIES, ids=lambda capacity: capacity.name)
def test_a_role_may_what_its_powers_say_and_no_more(demo: Demo, own: Things, capacity: Capacity) -> None:
    client, schema = member(demo, capacity), demo.client().get("/api/v1/openapi.json").json()
    for method, route in api_routes(demo):
        answer = ask(client, method, route, own, schema)
        assert answer.status_code < 500, (method, route.path, answer.text)
        command = COMMANDS.get(route.name) or COMMANDS.get(_named(route.name))
        if command is not None and method == "POST":
            case = route.path.startswith(("/api/v1/issues", "/api/v1/work-orders"))
            allowed = may(capacity, command) and (not case or capacity in ACTING)
            assert (answer.status_code == 403) is not allowed, (method, route.path, answer.text)
        elif "/accounts" in route.path and "{dwelling}" not in route.path:
            assert (answer.status_code == 403) is not (capacity is Capacity.ADMINISTRATOR), (method, route.path)
        elif method == "GET" and re.search(r"/(issues|work-orders|board|stewards|orders|photos)\b", route.path):
            personal = "photos" in route.path or route.path.endswith("/reporters")  # a picture may be of a home
            reading = ACTING if personal else READING
            assert (answer.status_code == 403) is not (capacity in reading), (method, route.path, answer.text)


def _named(function: str) -> str:
    names = {"promote": "PromoteToWorkOrder", "set_hours": "OpenStation"}
    return names.get(function) or "".join(part.title() for part in function.split("_"))


def test_row_level_security_alone_shows_no_foreign_row(demo: Demo, own: Things, foreign: Things) -> None:
    """Queries without any filter of estates, in a transaction that named only the own one."""
    held = {view.name: demo.number(view.name) for view in VIEWS}
    seen = 0
    with demo.product.database.lend([FIRST]) as conn:
        for view, rows_of_all in held.items():
            rows = conn.execute(f"SELECT key, estates FROM view.{view}").fetchall()
            assert rows or not rows_of_all, view
            assert all(FIRST in where for _, where in rows), view
            seen += len(rows)
        assert notebook.line(conn, foreign_id(foreign.issue)) is None
        assert orders.card(conn, foreign_id(foreign.order)) is None
        assert history.of_case(conn, foreign_id(foreign.issue)) is None
        assert people.person(conn, foreign_id(foreign.person)) is None
        assert [row.code for row in estates.mine(conn)] == [FIRST]
        board = station_board.board(conn, SECOND, demo.product.clock())
        assert (board.inbox, board.inbox_total, board.stewards) == ([], 0, [])
        assert not any(lane.cards for lane in board.lanes)
    assert seen > 50


def test_a_forgotten_estate_sees_nothing(demo: Demo) -> None:
    with demo.product.database.lend([]) as conn, demo.product.database.app.connection() as bare:
        for each in (conn, bare):
            for view in VIEWS:
                assert each.execute(f"SELECT count(*) FROM view.{view.name}").fetchone() == (0,)


def test_the_matrix_holds_with_the_filters_of_the_application_off(
    demo: Demo, foreign: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Routes that forgot to compare estates show nothing: the member claims both estates, the connection names one."""
    app, product = create_app(demo.product), demo.product
    lend = product.database.lend
    monkeypatch.setattr(type(product.database), "lend", lambda self, wanted: lend([FIRST]))
    monkeypatch.setattr(Member, "estates", property(lambda self: frozenset({FIRST, SECOND})))
    client = TestClient(app, base_url="http://station.test", raise_server_exceptions=False)
    client.headers.update(demo.sign_in("clerk").headers)
    with product.database.follower.connection() as conn:
        theirs = {
            key
            for view in VIEWS
            for (key,) in conn.execute(f"SELECT key FROM view.{view.name} WHERE estates = ARRAY[%s]", (SECOND,))
        }
    assert {foreign.issue, foreign.order, foreign.person, foreign.dwelling, foreign.owner} <= theirs
    tried = 0
    for method, route in api_routes(demo):
        if method != "GET" or "photo" in route.path:
            continue
        answer = client.get(filled(route.path, foreign))
        assert answer.status_code in (200, 403, 404), (route.path, answer.text)
        shown = answer.text.replace(f'"estate":"{SECOND}"', "") if route.path.endswith("/board") else answer.text
        assert not [key for key in theirs if key in shown and key != SECOND], (route.path, answer.text)
        tried += 1
    assert tried >= 12


def foreign_id(text: str) -> UUID:
    return UUID(text)
