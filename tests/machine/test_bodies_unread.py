"""Nothing of a body is read before it is known who sends it where: every route is tried with bodies that never come."""

import asyncio
from collections.abc import Iterator, Mapping
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from services.http.directory import Directory, Place
from services.http.door import Bounds
from services.http.slots import Slots, Turns
from services.sessions.member import csrf_token
from services.sessions.tokens import Tokens
from tests.conftest import FIRST, Demo
from tests.loops import run_apart
from tests.machine.served import Client, Heard, Served, csrf_of, head, served
from tests.machine.test_door import FORM, unhurried

__all__ = ["unhurried"]

CHANGING = ("POST", "PUT", "PATCH", "DELETE")
EDGE = {"Content_Type": "multipart/form-data; boundary=edge"}
JSON = {"Content_Type": "application/json"}
UPLOAD = f"/imports/{FIRST}"
_FILE = b'--edge\r\nContent-Disposition: form-data; name="notebook"; filename="n.csv"\r\n\r\nline\r\n'


@pytest.fixture(scope="module")
def door(demo: Demo) -> Iterator[Served]:
    with served(demo.client().app, Bounds(opened_at_once=100_000, held_seconds=0.05)) as made:
        yield made


@pytest.fixture(scope="module")
def places(demo: Demo) -> list[tuple[str, str, Place]]:
    """Every route that may change something: method, address, what answers there."""
    found = Directory(demo.client().app.router).places  # type: ignore[attr-defined]
    return [(method, _filled(each.path), each) for each in found for method in each.methods & {*CHANGING}]


def _filled(path: str) -> str:
    names = {"estate": FIRST, "act": "close", "capacity": "HEAD", "username": "head", "view": "orders"}
    parts = (part[1:-1] if part.startswith("{") else None for part in path.split("/"))
    return "/".join(
        part if name is None else names.get(name, str(uuid4()))
        for name, part in zip(parts, path.split("/"), strict=True)
    )


def announced(door: Served, method: str, path: str, **headers: str) -> Heard:
    """What is answered to a body that was announced and never comes; the connection has to go with it."""
    with door.calls() as client:
        heard = client.say(head(method, path, Content_Length="900", Expect="100-continue", **headers)).hear()
        assert heard.status == 100 or heard.headers["connection"] == "close"
        return heard


def _kinds(path: str) -> list[Mapping[str, str]]:
    return [JSON, EDGE] if path.startswith("/api/") else [FORM, EDGE]


# where something is shown by which one becomes known, and where anybody shows a photograph of the notice board
PUBLIC = ("/sign-in", "/api/v1/session", "/wall", "/audit/photo")


def test_nothing_that_a_stranger_sends_is_read_where_somebody_has_to_be_signed_in(
    door: Served, places: list[tuple[str, str, Place]]
) -> None:
    assert len(places) > 150
    made_up = Tokens(b"k" * 32).draw()
    for method, path, place in places:
        for kind, known in zip(_kinds(path), ({}, {"Cookie": f"jinlin={made_up}"}), strict=True):
            heard = announced(door, method, path, **kind, **known)
            if place.permissions:
                assert heard.status in (303, 401, 415), (method, path, kind, heard)
            else:
                assert path in PUBLIC, path


def test_nothing_is_read_that_another_site_makes_a_browser_send(
    demo: Demo, door: Served, places: list[tuple[str, str, Place]]
) -> None:
    token = demo.sign_in("head").headers["Authorization"].removeprefix("Bearer ")
    for method, path, _ in places:
        elsewhere = ({"Origin": "https://elsewhere.test"}, {"Sec_Fetch_Site": "cross-site"})
        for kind, site in zip(_kinds(path), elsewhere, strict=True):
            heard = announced(door, method, path, Cookie=f"jinlin={token}", **kind, **site)
            assert heard.status in (100, 403, 415), (method, path, kind, heard)
            assert heard.status != 100 or path in PUBLIC


def test_nothing_is_read_of_who_may_not_do_it_or_sends_too_much(demo: Demo, door: Served) -> None:
    steward = demo.sign_in("repairer").headers["Authorization"]
    assert announced(door, "POST", f"/statements/{FIRST}", Authorization=steward, **EDGE).status == 403
    head_of_station = demo.sign_in("head").headers["Authorization"]
    for path, kind in (("/api/v1/issues", JSON), (f"/board/{FIRST}/notes", FORM), (UPLOAD, EDGE)):
        with door.calls() as client:
            client.say(head("POST", path, Content_Length="50000000", Authorization=head_of_station, **kind))
            assert client.hear().status == 413


# -- a form's token stands before its file ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(demo: Demo) -> Mapping[str, str]:
    """What the browser of the head sends with everything."""
    token = demo.sign_in("head").headers["Authorization"].removeprefix("Bearer ")
    return {"Cookie": f"jinlin={token}", "X": csrf_token(token)}


def _field(token: str) -> bytes:
    return f'--edge\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'.encode()


@pytest.mark.parametrize("before", [b"", _field("wrong")], ids=["none", "wrong"])
def test_a_file_is_not_read_where_the_token_of_its_form_is_missing(
    door: Served, browser: Mapping[str, str], before: bytes
) -> None:
    with door.calls() as client:
        client.say(head("POST", UPLOAD, Content_Length="900000", Cookie=browser["Cookie"], **EDGE))
        assert client.say(before + _FILE).hear().status == 403  # although the most of it never comes


def test_a_file_behind_the_token_of_its_form_is_read(door: Served, browser: Mapping[str, str]) -> None:
    with door.calls() as client:
        page = client.ask("GET", UPLOAD, Cookie=browser["Cookie"]).body
        assert csrf_of(page) == browser["X"]
        heard = client.ask(
            "POST", UPLOAD, _field(browser["X"]) + _FILE + b"--edge--\r\n", Cookie=browser["Cookie"], **EDGE
        )
        assert heard.status in (303, 422)
        assert client.ask("GET", "/health/live").status == 200  # all of it was read, so the connection goes on


def test_a_token_of_ours_is_known_without_asking_the_database() -> None:
    ours, theirs = Tokens(b"k" * 32), Tokens(b"j" * 32)
    token = ours.draw()
    assert ours.is_ours(token) and not theirs.is_ours(token)
    changed = ("a" if token[0] != "a" else "b") + token[1:]
    assert not any(
        map(ours.is_ours, (changed, token[:-1], token + "x", token[:43], token[:43] + "名" * 16, "", "\ud800" * 59))
    )


# -- slots -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def slots(demo: Demo) -> Slots:
    found: Slots = demo.client().app.state.slots  # type: ignore[attr-defined]
    return found


def test_strangers_take_no_slot_of_people_signed_in(demo: Demo, slots: Slots, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = demo.sign_in("clerk")
    monkeypatch.setattr(slots.strangers, "most", 0)
    assert demo.client().get("/sign-in").status_code == 503
    made_up = demo.client()
    made_up.cookies["jinlin"] = "made-up"
    assert made_up.get(f"/board/{FIRST}").status_code == 503
    assert clerk.get(f"/board/{FIRST}").status_code == 200


def test_whoever_is_still_sending_holds_no_slot(
    demo: Demo, door: Served, slots: Slots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots.strangers, "most", 1)
    crowd = [door.calls(f"127.0.0.{place}") for place in range(20, 25)]
    for each in crowd:
        assert (
            each.say(head("POST", "/sign-in", Content_Length="9", Expect="100-continue", **FORM)).hear().status == 100
        )
    with door.calls() as other:
        assert other.ask("GET", "/sign-in").status == 200
    assert [each.say(b"username=").hear().status for each in crowd] == [401] * 5
    assert slots.strangers.taken == 0


def test_a_stranger_who_asks_too_fast_waits_and_nobody_else_does(
    demo: Demo, slots: Slots, door: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = demo.sign_in("clerk").headers["Authorization"]
    monkeypatch.setattr(slots.crowd.of_network, "at_once", 3)
    monkeypatch.setattr(slots.crowd.of_network, "a_second", 0.0)
    with door.calls("127.0.0.7") as hasty, door.calls("127.0.0.8") as other:
        heard = [hasty.ask("GET", "/sign-in") for _ in range(5)]
        assert [each.status for each in heard] == [200, 200, 200, 429, 429]
        assert heard[-1].headers["retry-after"] == "1"
        assert (
            hasty.ask("GET", "/api/v1/session", Accept_Language="en").headers["content-type"].endswith("problem+json")
        )
        assert hasty.ask("GET", f"/board/{FIRST}", Authorization=clerk).status == 200
        assert other.ask("GET", "/sign-in").status == 200


def test_looking_how_it_stands_takes_nothing_from_anybody(
    demo: Demo, slots: Slots, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = demo.sign_in("clerk")
    monkeypatch.setattr(slots.probes, "most", 0)
    assert [demo.client().get(path).status_code for path in ("/health/ready", "/metrics")] == [503, 503]
    assert [clerk.get(path).status_code for path in ("/health/live", f"/board/{FIRST}")] == [200, 200]
    monkeypatch.setattr(slots.probing.of_network, "at_once", 0)
    assert demo.client().get("/health/live").status_code == 429
    assert clerk.get(f"/board/{FIRST}").status_code == 200


def test_strangers_who_come_at_once_take_turns_in_their_order() -> None:
    async def taken() -> list[tuple[int, float]]:
        turns, came = Turns(0.002), []

        async def one(number: int) -> None:
            await turns.mine()
            came.append((number, asyncio.get_running_loop().time()))

        await asyncio.gather(*map(one, range(5)))
        return came

    came = run_apart(taken())
    assert [number for number, _ in came] == [0, 1, 2, 3, 4]
    assert came[-1][1] - came[0][1] >= 4 * 0.002 - 0.001  # a timer may ring a little early


def test_strangers_let_those_go_first_who_are_at_work_and_wait_no_longer_than_patience() -> None:
    async def waited(at_work: int, done_after: int) -> tuple[int, float]:
        looks = 0

        def look() -> int:
            nonlocal looks
            looks += 1
            return at_work if looks <= done_after else 0

        turns = Turns(0.0, patience=0.05)
        began = asyncio.get_running_loop().time()
        await turns.mine(look)
        return looks, asyncio.get_running_loop().time() - began

    looks, _ = run_apart(waited(1, 3))
    assert looks == 4  # it goes as soon as nobody is at work
    _, seconds = run_apart(waited(1, 1_000_000))
    assert seconds >= 0.05 - 0.001


def test_however_many_ask_everybody_is_left_a_little(demo: Demo, slots: Slots, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = slots.crowd
    monkeypatch.setattr(crowd.of_all, "at_once", 0)
    assert [crowd.allows("198.51.100.1", 100.0) for _ in range(5)] == [True] * 3 + [False] * 2
    assert crowd.allows("198.51.100.2", 100.0)


def test_files_on_their_way_in_are_bounded_by_their_size(
    demo: Demo, door: Served, slots: Slots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots.files, "of_one", 1_000_000)
    head_of_station = demo.sign_in("head").headers["Authorization"]

    def begins(client: Client) -> int:
        asked = head(
            "POST", UPLOAD, Content_Length="600000", Expect="100-continue", Authorization=head_of_station, **EDGE
        )
        return client.say(asked).hear().status

    with door.calls() as first, door.calls() as second:
        assert [begins(first), begins(second)] == [100, 503]


def test_streams_of_one_session_are_bounded(
    demo: Demo, door: Served, slots: Slots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots.streams, "of_one", 2)
    clerk = demo.sign_in("clerk").headers["Authorization"]
    path = f"/live?estate={FIRST}"
    listening = [door.calls() for _ in range(3)]
    assert [each.say(head("GET", path, Authorization=clerk)).hear().status for each in listening] == [200, 200, 503]
    other = demo.sign_in("head").headers["Authorization"]
    with door.calls() as another:
        assert another.say(head("GET", path, Authorization=other)).hear().status == 200
    for each in listening:
        each.sock.close()


# -- what is read nonetheless ----------------------------------------------------------------------------------------


def test_what_was_written_stands_on_the_page_that_says_that_the_session_is_over(demo: Demo) -> None:
    client: TestClient = demo.client()
    token = demo.sign_in("clerk").headers["Authorization"].removeprefix("Bearer ")
    demo.product.sessions.sign_out(token)  # type: ignore[attr-defined]
    client.cookies["jinlin"] = token
    answer = client.post(f"/board/{FIRST}/notes", data={"text": "3栋门口路灯不亮", "csrf": csrf_token(token)})
    assert answer.status_code == 401 and "3栋门口路灯不亮" in answer.text
