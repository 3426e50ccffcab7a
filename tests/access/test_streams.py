"""A live stream ends within seconds of the right to hear it: signed out, disabled, relieved of the post, run out."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

import pytest

from services.console import live
from services.sessions.accounts import IDLE, Accounts
from tests.access.attack import served
from tests.clock import PATIENCE
from tests.conftest import FIRST, Demo
from tests.loops import run_apart


@pytest.fixture(scope="module")
def port(demo: Demo) -> Iterator[int]:
    with served(demo) as port:
        yield port


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streams ask within moments here; in earnest within ``live.ASKED_AGAIN`` seconds."""
    assert live.ASKED_AGAIN <= 5
    monkeypatch.setattr(live, "ASKED_AGAIN", 0.1)


class Somebody:
    """A second account of a new dispatcher, signed in."""

    def __init__(self, demo: Demo) -> None:
        self.demo, self.accounts = demo, demo.product.part(Accounts)
        self.admin = demo.sign_in_patient("admin")
        self.person = self.admin.post("/api/v1/people", json={"name": "新来的", "another": True}).json()["person"]
        self.post = {"capacity": "DISPATCHER", "estate": FIRST}
        since = {"since": demo.now.isoformat()}
        assert self.admin.post(f"/api/v1/people/{self.person}/appoint", json=self.post | since).status_code == 200
        self.username = f"u{uuid4().hex[:10]}"
        demo.passwords[self.username] = self.accounts.create(self.username, UUID(self.person))
        self.token = demo.sign_in(self.username).headers["Authorization"].removeprefix("Bearer ")

    def signs_out(self) -> None:
        self.accounts.sign_out(self.token)

    def is_disabled(self) -> None:
        assert self.admin.post(f"/api/v1/accounts/{self.username}/disable").status_code == 204

    def gets_a_new_password(self) -> None:
        assert self.admin.post(f"/api/v1/accounts/{self.username}/reset-password").status_code == 200

    def is_sent_away(self) -> None:
        assert self.admin.delete(f"/api/v1/accounts/{self.username}/sessions").status_code == 204

    def is_relieved(self) -> None:
        body = self.post | {"until": self.demo.now.isoformat()}
        assert self.admin.post(f"/api/v1/people/{self.person}/relieve", json=body).status_code == 200

    def goes_home_without_a_word(self) -> None:
        with self.demo.product.database.app.connection() as conn:
            late = self.demo.product.clock() - IDLE - timedelta(minutes=1)
            conn.execute("UPDATE access.sessions SET seen_at = %s WHERE username = %s", (late, self.username))


async def heard(port: int, token: str, *steps: tuple[bytes, Callable[[], object]], views: str = "") -> str:
    """What a stream says at last. Each step is what it says first, and what is done then."""
    reading, writing = await asyncio.open_connection("127.0.0.1", port)
    ask = f"GET /live?estate={FIRST}&views={views} HTTP/1.1\r\nHost: station.test\r\nAuthorization: Bearer {token}\r\n"
    writing.write(f"{ask}Connection: close\r\n\r\n".encode())
    for said, then in steps:
        await asyncio.wait_for(reading.readuntil(said), PATIENCE)
        await asyncio.to_thread(then)
    rest = await asyncio.wait_for(reading.read(), PATIENCE)
    writing.close()
    return rest.decode()


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    "ends",
    [
        Somebody.signs_out,
        Somebody.is_disabled,
        Somebody.gets_a_new_password,
        Somebody.is_sent_away,
        Somebody.is_relieved,
        Somebody.goes_home_without_a_word,
    ],
    ids=lambda ends: ends.__name__,
)
def test_it_ends_when_the_right_to_hear_it_does(demo: Demo, port: int, ends: Callable[[Somebody], None]) -> None:
    somebody = Somebody(demo)
    said = run_apart(heard(port, somebody.token, (b": here", lambda: ends(somebody))))
    assert "event: over" in said


@pytest.mark.usefixtures("soon")
def test_it_goes_on_telling_of_news_while_the_session_holds(demo: Demo, port: int) -> None:
    somebody, head = Somebody(demo), demo.sign_in("head")
    news = partial(head.post, "/api/v1/issues", json={"estate": FIRST, "text": "有新的"})
    steps = ((b": here", news), (b"event: board", news), (b"event: board", somebody.signs_out))
    assert "event: over" in run_apart(heard(port, somebody.token, *steps))


@pytest.mark.usefixtures("soon")
def test_it_tells_the_time_and_for_when_the_page_s_views_stand_if_they_stand_still(
    demo: Demo, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo.product.positions, "behind", lambda view: 60.0 if view == "orders" else 0.0)
    for views, standing in (("notebook,orders", ["orders"]), ("notebook,nonsense", [])):
        somebody = Somebody(demo)
        demo.caught_up()
        positions = [demo.product.positions.position(view) for view in standing]
        behind = [int(demo.product.log.recorded_at(each).timestamp()) for each in positions]
        said = run_apart(heard(port, somebody.token, (b"here\ndata: ", somebody.signs_out), views=views))
        first = [int(each) for each in said.partition("\n")[0].split()]
        assert first[1:] == behind
        assert 0 <= demo.product.clock().timestamp() - first[0] < PATIENCE


def test_listening_keeps_no_session_from_running_out(demo: Demo) -> None:
    somebody = Somebody(demo)
    with demo.product.database.app.connection() as conn:
        at = demo.product.clock() - timedelta(hours=1)
        conn.execute("UPDATE access.sessions SET seen_at = %s WHERE username = %s", (at, somebody.username))
        demo.product.part(Accounts)._known.forget()
        kept = []
        for used in (False, True):
            assert somebody.accounts.member(somebody.token, used=used) is not None
            (seen_at,) = conn.execute(
                "SELECT seen_at FROM access.sessions WHERE username = %s", (somebody.username,)
            ).fetchone() or (None,)
            kept.append(seen_at == at)
    assert kept == [True, False]
