"""Whatever anybody sends, no answer is the server's fault: a seeded mutator over raw sockets, by every role.

The short form asks some 1,500 times, the drill 100,000 times. What failed is told with its seed, its number and its
bytes; ``FUZZ_SEED=7`` tries another seed.
"""

import os
import re
import socket
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from logging import ERROR
from random import Random
from threading import Thread
from typing import Any

import httpx
import pytest
import structlog
import uvicorn
from fastapi.routing import APIRoute, iter_route_contexts

from services.demo.cast import PEOPLE
from services.http.who import COOKIE
from services.running.app import create_app
from services.running.checking.of_log import check_log
from services.running.checking.of_views import check_views
from tests.access.reached import Things, filled, things
from tests.clock import PATIENCE
from tests.conftest import FIRST, Demo
from tests.fuzz.forms import Form, forms_of
from tests.fuzz.mutator import Asker, Mutator, Operation, Request
from tests.fuzz.wire import Wire

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("FUZZ_SEED", "20261125"))
SHORT, LONG = 1_500, int(os.environ.get("FUZZ_REQUESTS", "100000"))
# they end the session that asks, or somebody's, or have no end themselves: each has a test of its own
LEFT_OUT = re.compile(r"/sessions?(/|$)|/sign-(in|out)|/disable|/password|/language|/stream|/live|/events")
FILES = re.compile(r"{format}|{name}|pdf|xlsx|/print|/paper|/photos|/qr|/export|/static")  # with no form in them
MOST_TOLD = 20
LOOKING = ("head", "accountant", "admin")  # who look at all pages; the others ask for the same
FAMILIAR = ("head", "accountant", "cashier", "clerk", "repairer", "committee", "admin", "centre")


@dataclass
class Served:
    """The demo's product on a port, everybody who asks, and what may be asked."""

    demo: Demo
    port: int
    askers: list[Asker] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    known: dict[str, Sequence[str]] = field(default_factory=dict)
    schemas: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def on_a_port(demo: Demo) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    config = uvicorn.Config(create_app(demo.product), port=port, log_config=None, access_log=False, server_header=False)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    with httpx.Client(transport=httpx.HTTPTransport(retries=20), timeout=PATIENCE) as client:
        while not server.started:
            pass
        assert client.get(f"http://127.0.0.1:{port}/health/live").status_code == 200
    yield port
    server.should_exit = True
    thread.join(20)


@contextmanager
def errors_only() -> Iterator[None]:
    """A line of the log for each of 100,000 requests takes longer than answering it."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(ERROR))
    yield
    structlog.configure(**before)


@pytest.fixture(scope="module")
def served(demo: Demo) -> Iterator[Served]:
    thing = things(demo, "head", FIRST)
    with errors_only(), on_a_port(demo) as port:
        made = Served(demo, port)
        app = demo.client().app
        document = demo.client().get("/api/v1/openapi.json").json()
        made.schemas = document["components"]["schemas"]
        made.operations = [*operations(document), *(pages := list(console(app)))]
        persons = {demo.sign_in(name).get("/api/v1/session").json()["person"] for name in FAMILIAR}
        made.known = ids(demo, thing, persons)
        made.askers = [Asker("nobody"), *(asker(demo, port, name, pages, thing) for name in FAMILIAR)]
        looked = [each for each in made.askers if each.role in LOOKING]
        for each in made.askers:  # nobody takes a post from one of those who ask
            forms = each.forms or [form for one in looked for form in one.forms]
            each.forms = [form for form in forms if not any(name in form.action for name in (*persons, *FAMILIAR))]
            each.pages = each.pages or [page for one in looked for page in one.pages]
        yield made


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """What the document offers."""
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            if LEFT_OUT.search(path):
                continue
            query = tuple(each["name"] for each in said.get("parameters", ()) if each["in"] == "query")
            content = said.get("requestBody", {}).get("content", {})
            body = content.get("application/json", {}).get("schema")
            files = tuple(content.get("multipart/form-data", {}).get("schema", {}).get("properties", ()))
            yield Operation(method.upper(), path, body, query, files)


def console(app: Any) -> Iterator[Operation]:
    """The pages of the console, and where its forms go."""
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and not route.path.startswith("/api/"):
            if LEFT_OUT.search(route.path):
                continue
            for method in (route.methods or set()) - {"HEAD", "OPTIONS"}:
                yield Operation(method, route.path, None, ("q", "page", "after"))


def ids(demo: Demo, thing: Things, persons: Collection[str]) -> dict[str, Sequence[str]]:
    """What is there, by the names under which it is asked for; nobody who asks is among the people."""
    head, place = demo.sign_in("head"), f"/api/v1/stations/{FIRST}"
    issues = [each["issue"] for each in head.get(f"{place}/issues").json()]
    lanes = ("waiting", "sent", "working", "checking", "held", "ended")
    orders = [each["order"] for lane in lanes for each in head.get(f"{place}/work-orders?lane={lane}").json()]
    homes = [each["dwelling"] for each in head.get("/api/v1/dwellings", params={"estate": FIRST}).json()]
    stewards = [each["person"] for each in head.get(f"{place}/stewards").json()]
    known: dict[str, Sequence[str]] = {
        **dict.fromkeys(("issue", "into"), issues),
        **dict.fromkeys(("order", "follows", "reference"), orders),
        **dict.fromkeys(("steward", "by"), stewards),
        **{name: [thing.owner] for name in ("owner", "payer")},
        **{name: [getattr(thing, name)] for name in ("payment", "refund", "photo", "file", "line", "notebook")},
        "register_import": [thing.register_import],
        "person": [each for each in stewards if each not in persons],
        "dwelling": [thing.dwelling, *homes],
        "estate": [FIRST],
        "building": ["1", "2", "3"],
        "stairwell": ["1"],
        "room": ["101", "102"],
        "period": ["2027-01"],
        "month": ["2026-09", "2026-10"],
        "lane": lanes,
        "format": ["xlsx", "pdf"],
        "language": ["zh", "en"],
        "act": ["verify", "take"],
    }
    return {name: found for name, found in known.items() if found}


def asker(demo: Demo, port: int, username: str, pages: Sequence[Operation], thing: Things) -> Asker:
    """Signed in twice, as a program and in a browser; a few have looked at every page that they may see."""
    said = {"username": username, "password": demo.passwords[username]}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
        token = client.post("/api/v1/session", json=said).json()["token"]
        client.post("/sign-in", data=said)
        cookie = client.cookies[COOKIE]
        seen: list[str] = []
        found: dict[tuple[str, tuple[str, ...]], Form] = {}
        csrf = ""
        wanted = pages if username in LOOKING else [each for each in pages if each.path == "/search"]
        for page in (each for each in wanted if each.method == "GET" and not FILES.search(each.path)):
            path = filled(page.path, thing)
            answer = client.get(path)
            if answer.status_code != 200 or "text/html" not in answer.headers["content-type"]:
                continue
            seen.append(path)
            csrf = csrf or next(iter(re.findall(r'name="csrf-token" content="([^"]+)"', answer.text)), "")
            for form in forms_of(path, answer.text):
                found.setdefault((form.action, tuple(form.fields)), form)
    assert csrf, f"{username} sees no page"
    forms = [form for form in found.values() if not LEFT_OUT.search(form.action)]
    if username not in LOOKING:
        forms, seen = [], []
    return Asker(username, {"Authorization": f"Bearer {token}"}, {"Cookie": f"{COOKIE}={cookie}"}, csrf, forms, seen)


def fuzzed(served: Served, requests: int) -> Counter[int]:
    """So many requests by everybody in turn; answers how often each status came. Fails with all that went wrong."""
    chance, counted, wrong = Random(SEED), Counter[int](), list[str]()
    mutator = Mutator(chance, served.operations, served.known, served.schemas)
    wires = [Wire(served.port) for _ in served.askers]
    for number in range(requests):
        if number and number % 10_000 == 0:
            print(f"{number} requests: {dict(sorted(counted.items()))}, {len(wrong)} wrong", flush=True)
        place = number % len(served.askers)
        request = mutator.next(served.askers[place])
        told = f"seed {SEED}, request {number} by {served.askers[place].role}: {shortened(request)}"
        try:
            answer = wires[place].ask(request.said, headless=request.headless, last=request.broken)
        except TimeoutError:
            wrong.append(f"no answer to {told}")
            wires[place].close()
            continue
        counted[answer.status] += 1
        if answer.status >= 500:
            wrong.append(f"{answer.status} to {told}")
        elif not answer.status and not request.broken:
            wrong.append(f"closed without a word: {told}")
    for wire in wires:
        wire.close()
    assert not wrong, f"{len(wrong)} of {requests}\n" + "\n".join(wrong[:MOST_TOLD])
    return counted


def shortened(request: Request) -> str:
    text = repr(request.said)
    return text if len(text) < 3_000 else f"{text[:1_500]} … {text[-500:]}"


def still_well(served: Served, counted: Counter[int]) -> None:
    """Much was let in and done, everybody is still signed in, and every view has taken it all in."""
    served.demo.caught_up()
    with httpx.Client(base_url=f"http://127.0.0.1:{served.port}", timeout=PATIENCE) as client:
        for each in served.askers[1:]:
            assert client.get("/api/v1/session", headers=dict(each.bearer)).status_code == 200, each.role
        assert client.get("/health/ready").status_code == 200
    asked = sum(counted.values())
    done = sum(counted[status] for status in (200, 201, 202, 204, 303))
    assert done > asked / 10 and counted[422] + counted[409] > asked / 10, counted


def test_nothing_that_anybody_sends_is_answered_as_the_servers_fault(served: Served) -> None:
    assert {each.account for each in PEOPLE if each.account} >= set(FAMILIAR)
    still_well(served, fuzzed(served, SHORT))


@pytest.mark.parametrize("said", ["key=%00", "where=a%00b&key=1", "%00=1", "key=" + "k" * 200])
def test_a_form_that_nobody_can_have_sent_is_refused(served: Served, said: str) -> None:
    accountant = next(each for each in served.askers if each.role == "accountant")
    body = f"csrf={accountant.csrf}&accept_excess=yes&{said}".encode()
    path = f"/statements/{FIRST}/lines/{served.known['line'][0]}/match"
    head = f"POST {path} HTTP/1.1\r\nHost: station.test\r\nCookie: {accountant.cookie['Cookie']}\r\n"
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    wire = Wire(served.port)
    assert 400 <= wire.ask((head + kind).encode() + body).status < 500
    wire.close()


@pytest.mark.drill
@pytest.mark.timeout(7_200)
def test_nor_are_a_hundred_thousand_requests(served: Served) -> None:
    counted = fuzzed(served, LONG)
    print(f"{sum(counted.values())} requests: {dict(sorted(counted.items()))}")
    still_well(served, counted)
    assert not [
        *check_log(served.demo.product.database),
        *check_views(served.demo.product.database, served.demo.product.log),
    ]
