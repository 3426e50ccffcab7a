"""Who is not signed in keeps nobody waiting: what one connection may, how many there may be, and who goes first."""

import logging
from collections.abc import Iterator
from threading import Event
from time import monotonic

import pytest

from services.http import arriving
from services.http.admission import OF_STRANGERS
from services.http.door import Bounds
from tests.clock import PATIENCE
from tests.conftest import FIRST, Demo
from tests.machine.served import Client, Heard, Served, head, served

HASTY = Bounds(
    head_seconds=0.3, idle_seconds=1, stalled_seconds=0.3, linger_seconds=0.3, sweep_seconds=0.1, of_network=30,
    opened_at_once=10_000, held_seconds=0.05,
)  # fmt: skip
FORM = {"Content_Type": "application/x-www-form-urlencoded"}
BOARD = f"/board/{FIRST}"


@pytest.fixture(scope="module")
def door(demo: Demo) -> Iterator[Served]:
    with served(demo.client().app, HASTY) as made:
        yield made


@pytest.fixture(scope="module")
def calm(demo: Demo) -> Iterator[Served]:
    """With the bounds of every product."""
    with served(demo.client().app) as made:
        yield made


@pytest.fixture(autouse=True)
def unhurried(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Strangers may ask as fast as they like, where it is not about that."""
    slots = demo.client().app.state.slots  # type: ignore[attr-defined]
    for crowd in (slots.crowd, slots.probing):
        for pace in (crowd.of_network, crowd.of_all):
            monkeypatch.setattr(pace, "at_once", 100_000)


@pytest.fixture(scope="module")
def token(demo: Demo) -> str:
    return demo.sign_in("clerk").headers["Authorization"]


# -- what one connection may -----------------------------------------------------------------------------------------


ENDLESS = {
    "a header": (b"GET / HTTP/1.1\r\nX: " + b"y" * 400_000, 431, "head_too_large"),
    "headers": (b"GET / HTTP/1.1\r\n" + b"".join(b"x-%d: y\r\n" % each for each in range(20_000)), 431, None),
    "an address": (b"GET /" + b"a" * 400_000, 431, "head_too_large"),
    "an address that ends": (head("GET", "/" + "a" * 9_000), 414, "target_too_long"),
    "a name": (b"GET / HTTP/1.1\r\n" + b"y" * 400_000, 431, "head_too_large"),
    "empty lines": (b"\r\n" * 200_000, 431, "head_too_large"),
    "a method": (b"G" * 400_000, 400, "unreadable"),
    "a trailer": (head("POST", "/sign-in", Transfer_Encoding="chunked") + b"0\r\nX: " + b"y" * 400_000, 400, None),
    "an extension": (head("POST", "/sign-in", Transfer_Encoding="chunked") + b"1;" + b"y" * 400_000, None, None),
}


@pytest.mark.parametrize(("said", "status", "why"), ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_cut_short(door: Served, said: bytes, status: int | None, why: str | None) -> None:
    before = door.told.total()
    with door.calls() as stranger:
        try:
            stranger.say(said)
            heard = stranger.hear()
        except ConnectionError:  # closed while we were still sending
            heard = None
        assert stranger.is_closed()
    assert heard is None or status is None or heard.status == status
    assert door.told.total() > before and (why is None or door.told[why])


@pytest.mark.parametrize("said", [b"", b"G", b"GET / HTTP/1.1\r\nHost: st", b"\r\n"])
def test_a_head_has_to_come_in_time(door: Served, said: bytes) -> None:
    with door.calls() as stranger:
        assert stranger.say(said).is_closed()


def test_a_second_request_has_to_come_in_time_too(door: Served) -> None:
    with door.calls() as stranger:
        assert stranger.ask("GET", "/sign-in").status == 200
        assert stranger.say(b"GET /sign-in HTTP/1.1\r\nX-Slow: ").hear().status == 408
        assert stranger.is_closed()


def test_an_idle_connection_is_closed(door: Served) -> None:
    with door.calls() as stranger:
        assert stranger.ask("GET", "/sign-in").status == 200
        assert stranger.is_closed()


@pytest.mark.parametrize("path", ["/sign-in", "/api/v1/session"])
def test_a_body_has_to_come_in_time(door: Served, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(arriving, "PATIENCE_SECONDS", 0.2)
    kind = {"Content_Type": "application/json"} if path.startswith("/api/") else FORM
    with door.calls() as stranger:
        heard = stranger.say(head("POST", path, Content_Length="900", **kind) + b"a").hear()
        assert (heard.status, heard.headers["connection"]) == (408, "close")
        assert stranger.is_closed()


def test_a_strangers_body_is_small(door: Served) -> None:
    chunk = b"%x\r\n" % OF_STRANGERS + b"a" * OF_STRANGERS + b"\r\n"
    with door.calls() as stranger:
        assert stranger.say(head("POST", "/sign-in", Content_Length="20001", **FORM)).hear().status == 413
    with door.calls() as stranger:
        stranger.say(head("POST", "/sign-in", Transfer_Encoding="chunked", **FORM) + chunk * 2)
        assert stranger.hear().status == 413
        assert stranger.is_closed()


def test_an_answer_that_nobody_takes_is_given_up(door: Served) -> None:
    with door.calls() as stranger:
        stranger.say(head("GET", "/api/v1/openapi.json") * 8 + head("GET", "/static/none"))
        told = door.told["answer_not_taken"]
        with door.calls("127.0.0.9") as other:
            while door.told["answer_not_taken"] == told and len(door.door) > 1:
                assert other.ask("GET", "/health/live").status == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_websockets_are_refused(calm: Served, method: str) -> None:
    with calm.calls() as stranger:
        stranger.say(head(method, "/live", Connection="Upgrade", Upgrade="websocket", Sec_WebSocket_Version="13"))
        assert stranger.hear().status == 400
        assert stranger.is_closed()


def test_another_protocol_that_is_offered_is_let_be(calm: Served) -> None:
    with calm.calls() as program:
        heard = program.ask("GET", "/health/live", Connection="Upgrade, HTTP2-Settings", Upgrade="h2c")
        assert (heard.status, heard.headers["connection"]) == (200, "close")


def test_requests_behind_one_another_are_answered_in_order_and_not_too_many(calm: Served) -> None:
    with calm.calls() as program:
        program.say(head("GET", "/health/live") + head("GET", "/sign-in") + head("HEAD", "/sign-in"))
        assert [program.hear().status, len(program.hear().body) > 100, program.hear(True).status] == [200, True, 200]
    with calm.calls() as stranger:
        assert stranger.say(head("GET", "/sign-in") * 1_000).is_closed()
    assert calm.told["pipelined"]


def test_who_is_still_sending_can_read_what_was_answered(door: Served) -> None:
    """Also a browser in the midst of a large file: the answer comes before the connection goes."""
    kind = {"Content_Type": "multipart/form-data; boundary=edge"}
    with door.calls() as stranger:
        stranger.say(head("POST", f"/imports/{FIRST}", Content_Length="4000000", **kind) + b"a" * 300_000)
        heard = stranger.hear()
        assert (heard.status, heard.headers["connection"]) == (303, "close")
        assert stranger.is_closed()


# -- how many there may be -------------------------------------------------------------------------------------------


def answered(clerk: Client, token: str) -> Heard:
    heard = clerk.ask("GET", BOARD, Authorization=token)
    assert heard.status == 200
    return heard


def test_connections_of_one_network_push_out_one_another_and_nobody_who_is_signed_in(door: Served, token: str) -> None:
    with door.calls("127.0.0.2") as clerk:
        answered(clerk, token)
        crowd = [door.calls("127.0.0.2").say(b"G") for _ in range(3 * HASTY.of_network)]
        answered(clerk, token)
        with door.calls("127.0.0.2") as late:  # from where the crowd is, and not yet known
            answered(late, token)
        for each in crowd[: 2 * HASTY.of_network]:
            assert each.is_closed()
        assert door.told["of_one_network"] >= 2 * HASTY.of_network


def test_those_who_take_no_answer_make_room_for_whoever_comes(demo: Demo, token: str) -> None:
    with served(demo.client().app, Bounds(of_network=5, opened_at_once=1_000)) as door:
        asked = head("GET", "/api/v1/openapi.json") * 8
        crowd = [door.calls("127.0.0.2").say(asked) for _ in range(5)]
        until = monotonic() + PATIENCE
        while sum(each.is_untaken for each in list(door.door._of)) < 5 and monotonic() < until:
            Event().wait(0.01)  # until their answers lie there
        with door.calls("127.0.0.2") as late:
            answered(late, token)
        for each in crowd:
            each.sock.close()


def test_where_all_are_taken_the_largest_crowd_makes_room(demo: Demo, token: str) -> None:
    bounds = Bounds(connections=40, of_network=20, opened_at_once=1_000)
    with served(demo.client().app, bounds) as door, door.calls("127.0.0.2") as clerk:
        answered(clerk, token)
        crowd = [door.calls(f"127.0.0.{3 + place % 4}").say(b"G") for place in range(80)]
        with door.calls("127.0.0.2") as neighbour:
            answered(neighbour, token)
        answered(clerk, token)
        assert len(door.door) <= 40 and door.told["full"]
        for each in crowd:
            each.sock.close()


def test_a_proxy_may_hold_many_and_each_of_those_behind_it_as_many_as_elsewhere(demo: Demo, token: str) -> None:
    bounds = Bounds(of_network=10, opened_at_once=1_000, held_seconds=0.05)

    def unfinished(door: Served, address: str) -> Client:
        return door.calls().say(head("POST", "/sign-in", X_Forwarded_For=address, Content_Length="9", **FORM))

    with served(demo.client().app, bounds, proxy="127.0.0.1") as door:
        crowd = [unfinished(door, "203.0.113.7") for _ in range(30)]
        for each in crowd[:20]:
            assert each.is_closed()
        with door.calls() as clerk:
            assert clerk.ask("GET", BOARD, Authorization=token, X_Forwarded_For="203.0.113.7").status == 200
        other = unfinished(door, "203.0.113.8").say(b"username=")
        assert other.hear().status == 401
        for each in [*crowd, other]:
            each.sock.close()


def test_who_is_sent_away_is_held_back_and_nobody_else_is(demo: Demo, token: str) -> None:
    """Told at once they would be back at once, and reading and refusing would leave no time for anybody else."""
    bounds = Bounds(of_network=3, opened_at_once=1_000, held_seconds=3_600.0, held_of_network=5)
    with served(demo.client().app, bounds) as door:
        refused = door.calls("127.0.0.2").say(b"GET / HTTP/1.1\r\nX: " + b"y" * 40_000)
        crowd = [door.calls("127.0.0.2").say(b"G") for _ in range(6)]
        for address in ("127.0.0.2", "127.0.0.3"):
            with door.calls(address) as clerk:
                answered(clerk, token)
        for each in (refused, *crowd[:3]):
            each.sock.setblocking(False)
            with pytest.raises(BlockingIOError):
                each.sock.recv(1)
            each.sock.setblocking(True)
        more = [door.calls("127.0.0.2").say(b"G") for _ in range(2)]
        assert refused.is_closed(), "the oldest of those held back goes where they are too many"
        for each in (refused, *crowd, *more):
            each.sock.close()


def test_who_opens_very_many_is_read_a_little_later(demo: Demo) -> None:
    with served(demo.client().app, Bounds(opened_at_once=5, opened_a_second=0.0)) as door:
        callers = [door.calls("127.0.0.2") for _ in range(8)]
        assert [each.ask("GET", "/health/live").status for each in callers] == [200] * 8
        assert door.told["too_many_opened"] == 3
        for each in callers:
            each.sock.close()


# -- HEAD ------------------------------------------------------------------------------------------------------------


LOOKED_AT = (
    "/", "/sign-in", "/health/live", "/metrics", "/nothing", "/static/none", "/api/v1/nothing", BOARD, f"{BOARD}/live",
    "/api/v1/openapi.json", "/api/v1/session", f"/api/v1/estates/{FIRST}", f"/imports/{FIRST}/sample.csv",
)  # fmt: skip


def test_head_is_answered_like_get_everywhere(
    demo: Demo, calm: Served, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    varying = ("date", "etag", "content-length")
    with calm.calls() as known, calm.calls() as stranger, caplog.at_level(logging.WARNING):
        for client, headers in ((known, {"Authorization": token}), (stranger, {})):
            for path in LOOKED_AT:
                got, asked = client.ask("GET", path, **headers), client.ask("HEAD", path, **headers)
                assert asked.status == got.status and not asked.body, path
                assert asked.headers.keys() == got.headers.keys(), path
                same = {name: value for name, value in got.headers.items() if name not in varying}
                assert {name: value for name, value in asked.headers.items() if name not in varying} == same, path
        assert known.ask("HEAD", f"/live?estate={FIRST}", Authorization=token).status == 200  # a stream would never end
        assert known.ask("GET", "/health/live").status == 200
    assert not [each for each in caplog.records if each.levelno >= logging.ERROR]
