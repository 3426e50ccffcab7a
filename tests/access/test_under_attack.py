"""Nobody is kept out by another's wrong passwords: known browsers, first-comers, and what tells them from strangers."""

import asyncio
from collections.abc import Iterator
from ipaddress import ip_network
from random import Random
from threading import Event
from uuid import uuid4

import pytest

from services.http.slots import Pace
from services.sessions.accounts import Accounts
from services.sessions.devices import DeviceTokens
from services.sessions.member import TooManyTries, WrongCredentials
from services.sessions.place import Place
from services.sessions.sieve import Sieve
from services.threads.try_later import TryLater
from services.threads.turns import Turns
from tests.access.attack import Siege, besieged, served
from tests.conftest import Demo
from tests.loops import run_apart
from tests.settled import settled

ONE, OTHER = b"1" * 32, b"2" * 32


@pytest.fixture(autouse=True)
def nothing_held_against_anybody(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "demo" in request.fixturenames:
        with request.getfixturevalue("demo").product.database.app.connection() as conn:
            conn.execute("DELETE FROM access.attempts")


def attacked(demo: Demo, tries: int) -> Siege:
    with served(settled(demo, proxies=(ip_network("127.0.0.0/8"),))) as port:
        return run_apart(besieged(port, demo.passwords, tries))


def nobody_was_kept_out(siege: Siege) -> None:
    assert set(siege.strangers) <= {401, 429}
    assert {status for _, status, _ in siege.honest} == {200}
    assert siege.slowest(known=True) and siege.slowest(known=False)


def test_honest_people_sign_in_while_strangers_try_passwords_from_everywhere(demo: Demo) -> None:
    nobody_was_kept_out(attacked(demo, 60))


@pytest.mark.drill
@pytest.mark.slow
def test_honest_people_sign_in_through_a_long_siege(demo: Demo) -> None:
    """As fast as the machine lets strangers try; an attack of fifty a second once refused three of four of them."""
    siege = attacked(demo, 6_000)
    for known in (True, False):
        times = siege.slowest(known=known)
        print(f"known={known}: {len(times)} sign-ins, median {times[len(times) // 2]:.3f} s, slowest {times[-1]:.3f} s")
    print(f"{siege.strangers.total()} wrong tries at {siege.rate:.0f}/s: {dict(siege.strangers)}")
    nobody_was_kept_out(siege)


# -- known browsers --------------------------------------------------------------------------------------------------


@pytest.fixture
def somebody(demo: Demo) -> tuple[str, str]:
    """A new account with its password."""
    username, accounts = f"u{uuid4().hex[:10]}", demo.product.part(Accounts)
    clerk = accounts.account("clerk")
    assert clerk is not None
    return username, accounts.create(username, clerk.person)


def test_a_browser_that_signed_in_before_is_not_slowed_by_tries_from_its_own_address(
    demo: Demo, somebody: tuple[str, str]
) -> None:
    username, password = somebody
    client, other = demo.client(), demo.client()
    assert client.post("/api/v1/session", json={"username": username, "password": password}).status_code == 200
    wrong = {"username": username, "password": "guessed wrongly"}
    assert [other.post("/api/v1/session", json=wrong).status_code for _ in range(6)][-1] == 429
    assert other.post("/api/v1/session", json={"username": username, "password": password}).status_code == 429
    client.cookies.delete("jinlin")
    assert client.post("/api/v1/session", json={"username": username, "password": password}).status_code == 200
    assert [client.post("/api/v1/session", json=wrong).status_code for _ in range(6)][-1] == 429, "it may not guess"


def test_a_browser_is_known_for_those_who_signed_in_with_it_and_until_the_password_is_set_anew(
    demo: Demo, somebody: tuple[str, str]
) -> None:
    username, password = somebody
    accounts, device = demo.product.part(Accounts), uuid4().bytes
    accounts.sign_in(username, password, Place("198.51.100.1", device=device))
    assert accounts.knows(username, device) and not accounts.knows("clerk", device)
    accounts.reset(username)
    assert not accounts.knows(username, device)


def test_what_a_browser_keeps_is_drawn_signed_and_says_nothing() -> None:
    ours, theirs = DeviceTokens(ONE), DeviceTokens(OTHER)
    token = ours.new()
    assert token != ours.new() and len(token) == 48
    assert ours.digest(token) is not None and theirs.digest(token) is None
    changed = ("B" if token[0] == "A" else "A") + token[1:]
    for wrong in (None, "", "x", token[:-1], token + "A", changed, "é" * 48, "=" * 48, "\0" * 48):
        assert ours.digest(wrong) is None


def test_a_made_up_cookie_makes_nobody_known(demo: Demo, somebody: tuple[str, str]) -> None:
    made_up, given = DeviceTokens(OTHER).new(), {"username": somebody[0], "password": somebody[1]}
    answer = demo.client().post("/api/v1/session", json=given, headers={"Cookie": f"jinlin-device={made_up}"})
    assert answer.status_code == 200
    assert answer.cookies["jinlin-device"] != made_up
    assert DeviceTokens(demo.product.secret).digest(answer.cookies["jinlin-device"]) is not None


def test_a_known_browser_is_let_in_where_no_stranger_is(demo: Demo) -> None:
    """Everybody comes from one address, whose pace and slots strangers have used up."""
    there = settled(demo)
    given = {"username": "head", "password": demo.passwords["head"]}
    known = there.client().post("/api/v1/session", json=given).cookies["jinlin-device"]
    slots = there.client().app.state.slots  # type: ignore[attr-defined]
    slots.crowd.of_network, slots.strangers.most = Pace(0.0, 0), 0
    sent = {"Cookie": f"jinlin-device={known}"}
    assert there.client().post("/api/v1/session", json=given).status_code == 429
    assert there.client().post("/api/v1/session", json=given, headers=sent).status_code == 200
    made_up = {"Cookie": f"jinlin-device={DeviceTokens(OTHER).new()}"}
    assert there.client().post("/api/v1/session", json=given, headers=made_up).status_code == 429


# -- the sieve -------------------------------------------------------------------------------------------------------


def test_the_sieve_stops_most_wrong_passwords_and_never_the_right_one() -> None:
    sieve, chance = Sieve(ONE), Random(1)
    kept = sieve.of("head", "right")
    assert sieve.passes(kept, "head", "right")
    through = sum(sieve.passes(kept, "head", f"{chance.random()}") for _ in range(4_000))
    at_nobody = sum(sieve.passes(sieve.nobodys("none"), "none", f"{chance.random()}") for _ in range(4_000))
    assert 150 < through < 350 and 150 < at_nobody < 350  # one of sixteen, whether there is such an account or not


def test_without_a_sieve_of_its_own_secret_argon2_alone_tells() -> None:
    kept = Sieve(OTHER).of("head", "right")
    for given in (None, kept):
        assert not Sieve(ONE).made(given) and Sieve(ONE).passes(given, "head", "anything")


def test_a_right_password_brings_back_its_sieve_after_the_secret_was_lost(
    demo: Demo, somebody: tuple[str, str]
) -> None:
    username, password = somebody
    after = Accounts(demo.product.database, demo.product.log, demo.product.clock, OTHER)
    with pytest.raises(WrongCredentials):
        after.sign_in(username, "guessed wrongly", Place("198.51.100.2"))
    assert after.sign_in(username, password, Place("198.51.100.2")).member.username == username
    with demo.product.database.app.connection() as conn:
        (kept,) = conn.execute("SELECT sieve FROM access.accounts WHERE username = %s", (username,)).fetchone() or ()
    assert Sieve(OTHER).made(kept)


def test_what_is_kept_of_tries_names_nobody(demo: Demo) -> None:
    with pytest.raises((WrongCredentials, TooManyTries)):
        demo.product.part(Accounts).sign_in("my own password", "x", Place("198.51.100.3"))
    with demo.product.database.app.connection() as conn:
        kept = str(conn.execute("SELECT * FROM access.attempts").fetchall())
    assert "my own password" not in kept and "198.51.100.3" not in kept


# -- queues ----------------------------------------------------------------------------------------------------------


def test_who_waits_in_one_queue_holds_up_nobody_in_another() -> None:
    strangers, known, gate = Turns("strangers", 1, 1), Turns("known", 1, 1), Event()

    async def all_at_once() -> None:
        waiting = [asyncio.ensure_future(strangers.taken(gate.wait)) for _ in range(3)]
        assert await known.taken(lambda: "in") == "in"
        assert not any(each.done() and each.exception() is None for each in waiting)
        gate.set()
        ends = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(end) for end in ends] == [bool, bool, TryLater]  # no room for a third
        assert await strangers.taken(lambda: "in") == "in"

    run_apart(all_at_once())
    strangers.close()
    known.close()


def test_a_turn_that_does_not_come_is_not_waited_for_without_end() -> None:
    turns, gate, done = Turns("strangers", 1, 3, patience=0.02), Event(), list[str]()

    async def all_at_once() -> None:
        first = asyncio.ensure_future(turns.taken(gate.wait))
        await asyncio.sleep(0)  # it takes its turn
        with pytest.raises(TryLater):
            await turns.taken(lambda: done.append("late"))
        gate.set()
        assert await first is True, "whose turn has come is served, however long it takes"

    run_apart(all_at_once())
    turns.close()
    assert done == []
