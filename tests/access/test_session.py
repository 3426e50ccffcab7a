"""Signing in over HTTP: tokens and cookies, forms of others, passwords, and many wrong tries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from services.product import Product
from services.running.app import create_app
from services.runtime.settings import Settings
from services.sessions.accounts import ABSOLUTE, IDLE, Accounts
from services.sessions.member import TooManyTries, WrongCredentials
from services.sessions.passwords import Passwords
from services.sessions.place import Place
from tests.clock import StandingClock
from tests.conftest import FIRST, Demo


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def accounts(demo: Demo, clock: StandingClock) -> Accounts:
    """The accounts of the demo, seen by a clock of the test's own; nobody has kept how late it was in another test."""
    with demo.product.database.app.connection() as conn:
        conn.execute("DELETE FROM access.sessions")
    return Accounts(demo.product.database, demo.product.log, clock, demo.product.secret)


def sign_in(client: TestClient, username: str, password: str, **headers: str) -> Any:
    return client.post("/api/v1/session", json={"username": username, "password": password}, headers=headers)


def with_token(demo: Demo, username: str, password: str) -> TestClient:
    client = demo.client()
    token = sign_in(client, username, password).json()["token"]
    client.cookies.clear()
    client.headers["Authorization"] = f"Bearer {token}"
    return client


# -- in and out ------------------------------------------------------------------------------------------------------


def test_a_token_says_who_i_am_until_it_is_ended(demo: Demo) -> None:
    client = demo.client()
    opened = sign_in(client, "head", demo.passwords["head"]).json()
    client.cookies.clear()
    bearer = {"Authorization": f"Bearer {opened['token']}"}
    me = client.get("/api/v1/session", headers=bearer).json()
    assert me == opened["me"]
    assert (me["username"], me["acting_as"], me["estates"]) == ("head", "STATION_HEAD", [FIRST])
    assert client.delete("/api/v1/session", headers=bearer).status_code == 204
    gone = client.get("/api/v1/session", headers=bearer)
    assert (gone.status_code, gone.json()["code"], gone.headers["WWW-Authenticate"]) == (401, "not_signed_in", "Bearer")


def test_a_token_is_drawn_anew_each_time_and_not_kept(demo: Demo) -> None:
    tokens = {sign_in(demo.client(), "head", demo.passwords["head"]).json()["token"] for _ in range(2)}
    assert len(tokens) == 2
    assert min(len(token) for token in tokens) >= 43  # 256 bits
    with demo.product.database.app.connection() as conn:
        kept = str(conn.execute("SELECT * FROM access.sessions").fetchall())
    assert not [token for token in tokens if token in kept]


@pytest.mark.parametrize(
    "wrong", ["", "head2x", "hea\x00d", "head' OR '1'='1", "名", "x" * 200, "HEAD ", "head\n"], ids=repr
)
def test_an_unknown_name_and_a_wrong_password_answer_alike(demo: Demo, wrong: str) -> None:
    answer = sign_in(demo.client(), wrong, "not the password")
    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")
    known = sign_in(demo.client(), "head", "not the password")
    assert answer.json() == known.json()
    assert "set-cookie" not in answer.headers
    with demo.product.database.app.connection() as conn:
        conn.execute("DELETE FROM access.attempts")


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer ", "Bearer x y", "Basic aGVhZDp4", "Bearer \xff", "bearer é"])
def test_what_is_no_token_signs_nobody_in(demo: Demo, given: str) -> None:
    answer = demo.client().get("/api/v1/session", headers={"Authorization": given.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


# -- the cookie and forms of other sites -----------------------------------------------------------------------------


@pytest.fixture
def browser(demo: Demo) -> tuple[TestClient, str]:
    """A client that has the cookie alone, and the token its forms carry."""
    client = demo.client()
    return client, sign_in(client, "head", demo.passwords["head"]).json()["csrf"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(demo: Demo) -> None:
    cookie, device = sign_in(demo.client(), "head", demo.passwords["head"]).headers.get_list("set-cookie")
    assert device.startswith("jinlin-device=") and {"HttpOnly", "SameSite=lax"} <= set(device.split("; "))
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert cookie.startswith("jinlin=")
    assert {"httponly", "samesite=lax", "path=/"} <= parts
    assert "secure" not in parts  # plain http: a browser would drop it


def test_over_tls_the_cookie_is_secure_and_of_this_host_alone(demo: Demo) -> None:
    product = demo.product
    settings = Settings(data=product.settings.data, public_url="https://station.test")
    parts = {name: getattr(product, name) for name in Product.__slots__} | {"settings": settings}
    client = TestClient(create_app(Product(**parts)), base_url="https://station.test")
    answer = sign_in(client, "head", demo.passwords["head"])
    cookie, device = answer.headers.get_list("set-cookie")
    assert device.startswith("__Host-jinlin-device=") and {"HttpOnly", "Secure"} <= set(device.split("; "))
    assert cookie.startswith("__Host-jinlin=")
    assert {"httponly", "secure", "path=/"} <= {part.strip().lower() for part in cookie.split(";")[1:]}
    assert "domain" not in cookie.lower()
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert client.get("/api/v1/session").status_code == 200


def test_reading_needs_only_the_cookie(browser: tuple[TestClient, str]) -> None:
    client, _ = browser
    assert client.get("/api/v1/session").status_code == 200


def test_changing_with_a_cookie_needs_the_sessions_own_token(demo: Demo, browser: tuple[TestClient, str]) -> None:
    client, csrf = browser
    other = sign_in(demo.client(), "head", demo.passwords["head"]).json()["csrf"]
    body = {"estate": FIRST, "text": "试"}
    for given in ({}, {"X-CSRF-Token": ""}, {"X-CSRF-Token": other}, {"X-CSRF-Token": csrf[:-1]}):
        answer = client.post("/api/v1/issues", json=body, headers=given)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_our_form"), given
    assert client.post("/api/v1/issues", json=body, headers={"X-CSRF-Token": csrf}).status_code == 201


@pytest.mark.parametrize(
    "sent",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.test"},
        {"Origin": "null"},
        {"Origin": "http://station.test.evil.test"},
    ],
    ids=str,
)
def test_another_site_changes_nothing_even_with_the_token(
    demo: Demo, browser: tuple[TestClient, str], sent: dict[str, str]
) -> None:
    client, csrf = browser
    answer = client.delete("/api/v1/session", headers=sent | {"X-CSRF-Token": csrf})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_our_form")
    assert client.get("/api/v1/session").status_code == 200
    assert sign_in(demo.client(), "head", demo.passwords["head"], **sent).status_code == 403


def test_our_own_pages_do(browser: tuple[TestClient, str]) -> None:
    client, csrf = browser
    ours = {"Sec-Fetch-Site": "same-origin", "Origin": "http://station.test", "X-CSRF-Token": csrf}
    assert client.delete("/api/v1/session", headers=ours).status_code == 204


# -- how long a session holds ----------------------------------------------------------------------------------------


def test_a_session_ends_when_nobody_uses_it(
    accounts: Accounts, clock: StandingClock, somebody: tuple[str, str]
) -> None:
    token = accounts.sign_in(*somebody, Place("1.1.1.1")).token
    clock.passes(IDLE - timedelta(minutes=5))
    assert accounts.member(token) is not None
    clock.passes(IDLE - timedelta(minutes=5))
    assert accounts.member(token) is not None, "its use keeps it"
    clock.passes(IDLE + timedelta(minutes=1))
    assert accounts.member(token) is None
    assert accounts.sessions(somebody[0]) == []


def test_a_session_ends_after_a_week_in_any_case(
    accounts: Accounts, clock: StandingClock, somebody: tuple[str, str]
) -> None:
    token = accounts.sign_in(*somebody, Place("1.1.1.1")).token
    for _ in range(ABSOLUTE // timedelta(hours=10)):
        assert accounts.member(token) is not None
        clock.passes(timedelta(hours=10))
    clock.passes(timedelta(hours=10))
    assert accounts.member(token) is None


def test_my_sessions_are_mine_to_end(demo: Demo, somebody: tuple[str, str]) -> None:
    here, there = with_token(demo, *somebody), with_token(demo, *somebody)
    listed = here.get("/api/v1/sessions").json()
    assert len(listed) == 2
    other = next(each["session"] for each in listed if not each["present"])
    assert demo.sign_in("head").delete(f"/api/v1/sessions/{other}").status_code == 404
    assert here.delete(f"/api/v1/sessions/{other}").status_code == 204
    assert there.get("/api/v1/session").status_code == 401
    assert here.delete(f"/api/v1/sessions/{other}").status_code == 404
    assert here.get("/api/v1/session").status_code == 200


def test_a_new_password_ends_the_other_sessions(demo: Demo, somebody: tuple[str, str]) -> None:
    username, password = somebody
    here, there = with_token(demo, username, password), with_token(demo, username, password)
    for new, refused in (
        ("short", "password_too_short"),
        ("x" * 257, "password_too_long"),
        (username, "password_common"),
    ):
        answer = here.post("/api/v1/session/password", json={"old": password, "new": new})
        assert (answer.status_code, answer.json()["code"]) == (422, refused)
    wrong = here.post("/api/v1/session/password", json={"old": "wrong one", "new": "long enough 1"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
    assert here.post("/api/v1/session/password", json={"old": password, "new": "long enough 1"}).status_code == 204
    assert here.get("/api/v1/session").status_code == 200
    assert there.get("/api/v1/session").status_code == 401
    assert sign_in(demo.client(), username, password).status_code == 401
    assert sign_in(demo.client(), username, "long enough 1").status_code == 200


def test_an_open_session_does_not_let_passwords_be_tried(demo: Demo, somebody: tuple[str, str]) -> None:
    here = with_token(demo, *somebody)
    codes = [
        here.post("/api/v1/session/password", json={"old": f"guess {n}", "new": "long enough 1"}).status_code
        for n in range(6)
    ]
    assert codes[0] == 401
    assert codes[-1] == 429


def test_the_administrator_ends_everything_of_an_account(demo: Demo, somebody: tuple[str, str]) -> None:
    username, password = somebody
    here, admin = with_token(demo, username, password), demo.sign_in("admin")
    assert admin.delete(f"/api/v1/accounts/{username}/sessions").status_code == 204
    assert here.get("/api/v1/session").status_code == 401
    drawn = admin.post(f"/api/v1/accounts/{username}/reset-password").json()["password"]
    assert sign_in(demo.client(), username, password).status_code == 401
    here = with_token(demo, username, drawn)
    assert admin.post(f"/api/v1/accounts/{username}/disable").status_code == 204
    assert here.get("/api/v1/session").status_code == 401
    assert sign_in(demo.client(), username, drawn).json()["code"] == "wrong_credentials"
    assert admin.post(f"/api/v1/accounts/{username}/enable").status_code == 204
    assert sign_in(demo.client(), username, drawn).status_code == 200


def test_an_account_is_made_for_somebody_of_the_own_estates(demo: Demo) -> None:
    admin = demo.sign_in("admin")
    steward = demo.sign_in("head").get(f"/api/v1/stations/{FIRST}/stewards").json()[0]["person"]
    made = admin.post("/api/v1/accounts", json={"username": "zheng.second", "person": steward})
    assert made.status_code == 201
    assert sign_in(demo.client(), "zheng.second", made.json()["password"]).status_code == 200
    again = admin.post("/api/v1/accounts", json={"username": "zheng.second", "person": steward})
    assert (again.status_code, again.json()["code"]) == (409, "username_taken")
    odd = admin.post("/api/v1/accounts", json={"username": "Zheng Two", "person": steward})
    assert (odd.status_code, odd.json()["code"]) == (422, "username_shape")
    nobody = admin.post("/api/v1/accounts", json={"username": "nobody", "person": str(uuid4())})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "not_found")


# -- many wrong tries ------------------------------------------------------------------------------------------------


def test_each_wrong_try_makes_the_next_one_wait_longer(
    accounts: Accounts, clock: StandingClock, somebody: tuple[str, str]
) -> None:
    username, _ = somebody
    waits = []
    for _ in range(9):
        try:
            accounts.sign_in(username, "wrong", Place("9.9.9.1"))
        except TooManyTries as tired:
            waits.append(tired.seconds)
            clock.passes(timedelta(seconds=tired.seconds))
        except WrongCredentials:
            pass
    assert len(waits) >= 2
    assert waits == sorted(set(waits)), "growing"
    with pytest.raises(TooManyTries):
        for _ in range(3):
            with pytest.raises(WrongCredentials):
                accounts.sign_in(username, "wrong", Place("9.9.9.1"))


def test_an_outsider_locks_nobody_out(accounts: Accounts, somebody: tuple[str, str]) -> None:
    username, password = somebody
    for _ in range(4):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(username, "wrong", Place("9.9.9.2"))
    with pytest.raises(TooManyTries):
        accounts.sign_in(username, "wrong", Place("9.9.9.2"))
    assert accounts.sign_in(username, password, Place("9.9.9.3")).member.username == username


def test_an_address_that_tries_many_names_is_left_one_try_at_each_and_shut_to_none(
    accounts: Accounts, clock: StandingClock, somebody: tuple[str, str]
) -> None:
    for number in range(30):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(f"guess{number}", "wrong", Place("9.9.9.4"))
    for raised in (WrongCredentials, TooManyTries):
        with pytest.raises(raised):
            accounts.sign_in("another", "wrong", Place("9.9.9.4"))
    assert accounts.sign_in(*somebody, Place("9.9.9.4")).member.username == somebody[0]
    clock.passes(timedelta(hours=2))
    for _ in range(3):
        with pytest.raises(WrongCredentials):
            accounts.sign_in("another", "wrong", Place("9.9.9.4"))


def test_a_clock_that_is_set_back_makes_nobody_wait_longer(
    accounts: Accounts, clock: StandingClock, somebody: tuple[str, str]
) -> None:
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(somebody[0], "wrong", Place("9.9.9.5"))
        clock.passes(timedelta(seconds=2))
    clock.passes(-timedelta(days=3))
    with pytest.raises(TooManyTries) as waiting:
        accounts.sign_in(*somebody, Place("9.9.9.5"))
    assert waiting.value.seconds <= 10


def test_too_many_tries_say_when_to_come_back(demo: Demo, somebody: tuple[str, str]) -> None:
    client = demo.client()
    answers = [sign_in(client, somebody[0], f"wrong {n}") for n in range(6)]
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (429, "too_many_tries")
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert answers[-1].headers["Retry-After"] in answers[-1].json()["detail"]
    with demo.product.database.app.connection() as conn:
        conn.execute("DELETE FROM access.attempts")


def test_passwords_are_argon2id_with_the_cost_that_was_measured(demo: Demo) -> None:
    with demo.product.database.app.connection() as conn:
        hashes = [each for (each,) in conn.execute("SELECT password_hash FROM access.accounts")]
    assert all(each.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for each in hashes)


# -- what ends while something begins --------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", [Accounts.reset, Accounts.disable], ids=lambda ends: ends.__name__)
def test_no_session_begins_by_a_password_that_stopped_to_hold_meanwhile(
    accounts: Accounts, somebody: tuple[str, str], monkeypatch: pytest.MonkeyPatch, ends: Callable[..., object]
) -> None:
    verified = Passwords.verified

    def and_then_it_ends(*given: Any, **more: Any) -> bool:
        right = verified(*given, **more)
        ends(accounts, somebody[0])
        return right

    monkeypatch.setattr(Passwords, "verified", and_then_it_ends)
    with pytest.raises(WrongCredentials):
        accounts.sign_in(*somebody, Place("1.1.1.1"))
    assert accounts.sessions(somebody[0]) == []


def test_a_session_that_was_just_ended_is_not_exchanged_for_a_new_one(
    accounts: Accounts, somebody: tuple[str, str]
) -> None:
    opened = accounts.sign_in(*somebody, Place("1.1.1.1"))
    accounts.end_sessions(somebody[0])
    with pytest.raises(WrongCredentials):
        accounts.switch(opened.member, opened.token, opened.member.capacity)
    assert accounts.sessions(somebody[0]) == []
