"""The journal of accounts: a person reads what happened, nobody's own words stand in it, and a flood stays small."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from domain.capacity import Capacity
from domain.catalogue import POWERS, may
from services.sessions.accounts import IDLE, Accounts
from services.sessions.journal import KEPT, MOST_ADDRESSES, MOST_READ, NOBODY, AccountAct
from services.sessions.member import TooManyTries, WrongCredentials
from services.sessions.place import Place
from services.words.sentences import say
from tests.clock import StandingClock
from tests.conftest import FIRST, SECOND, Demo
from tests.members import member

HERE = Place("198.51.100.40", "Mozilla/5.0 (Windows NT 10.0) Chrome/140 Edg/140")


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def accounts(demo: Demo, clock: StandingClock) -> Iterator[Accounts]:
    with demo.product.database.app.connection() as conn:
        for table in ("sessions", "attempts", "journal"):
            conn.execute(f"DELETE FROM access.{table}")
    made = Accounts(demo.product.database, demo.product.log, clock, demo.product.secret)
    yield made
    made.close()


@pytest.fixture
def somebody(accounts: Accounts) -> tuple[str, str]:
    """A new account with its password."""
    clerk = accounts.account("clerk")
    assert clerk is not None
    username = f"u{uuid4().hex[:10]}"
    return username, accounts.create(username, clerk.person)


def read(demo: Demo, username: str | None = None, **query: Any) -> list[dict[str, Any]]:
    answer = demo.sign_in("admin").get("/api/v1/sign-ins", params=query | ({"username": username} if username else {}))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def test_the_life_of_an_account_can_be_read(
    demo: Demo, accounts: Accounts, clock: StandingClock, somebody: tuple[str, str]
) -> None:
    username, password = somebody
    admin = accounts.account("admin")
    assert admin is not None
    for _ in range(3):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(username, "wrong", HERE)
    first, second = accounts.sign_in(username, password, HERE), accounts.sign_in(username, password, HERE)
    accounts.revoke(username, first.member.session)
    accounts.change_password(second.member, password, "a longer one 7")
    accounts.sign_out(second.token)
    accounts.sign_out(second.token)  # once more: nothing happens
    accounts.sign_in(username, "a longer one 7", HERE)
    clock.passes(IDLE + timedelta(minutes=5))
    accounts.prune()
    accounts.end_sessions(username, admin.person)
    accounts.reset(username, admin.person)
    accounts.disable(username, admin.person)
    accounts.enable(username, admin.person)

    told = read(demo, username)
    assert [each["what"] for each in reversed(told)] == [
        "MADE", "REFUSED", "SIGNED_IN", "SIGNED_IN", "SESSION_ENDED", "PASSWORD_CHANGED", "SIGNED_OUT", "SIGNED_IN",
        "RAN_OUT", "SESSIONS_ENDED", "PASSWORD_RESET", "DISABLED", "ENABLED",
    ]  # fmt: skip
    assert {each["username"] for each in told} == {username}
    by_act = {each["what"]: each for each in told}
    assert (by_act["REFUSED"]["times"], by_act["REFUSED"]["address"]) == (3, "198.51.100.40")
    assert (by_act["SIGNED_IN"]["address"], by_act["SIGNED_IN"]["device"]) == ("198.51.100.40", "Edge, Windows")
    assert {act for act, each in by_act.items() if each["by"] == str(admin.person)} == {
        "SESSIONS_ENDED", "PASSWORD_RESET", "DISABLED", "ENABLED",
    }  # fmt: skip


def test_what_an_administrator_does_names_the_administrator(demo: Demo, accounts: Accounts) -> None:
    clerk, me = accounts.account("clerk"), accounts.account("admin")
    assert clerk is not None and me is not None
    admin, username = demo.sign_in("admin"), f"u{uuid4().hex[:10]}"
    made = admin.post("/api/v1/accounts", json={"username": username, "person": str(clerk.person)})
    assert made.status_code == 201
    for path in ("disable", "enable", "reset-password"):
        assert admin.post(f"/api/v1/accounts/{username}/{path}").status_code in (200, 204)
    assert admin.delete(f"/api/v1/accounts/{username}/sessions").status_code == 204
    told = read(demo, username)
    assert [each["what"] for each in told] == ["SESSIONS_ENDED", "PASSWORD_RESET", "ENABLED", "DISABLED", "MADE"]
    assert {each["by"] for each in told} == {str(me.person)}


def test_a_switch_of_capacity_is_told(demo: Demo, accounts: Accounts, somebody: tuple[str, str]) -> None:
    opened = accounts.sign_in(*somebody, HERE)
    accounts.switch(opened.member, opened.token, Capacity.DISPATCHER)
    assert [each["what"] for each in read(demo, somebody[0])][:2] == ["CAPACITY_CHANGED", "SIGNED_IN"]


def test_a_name_that_no_account_has_is_counted_and_stands_nowhere(demo: Demo, accounts: Accounts) -> None:
    for typed in ("my-secret-password", "another-one", "李桂芳"):
        with pytest.raises(WrongCredentials):
            accounts.sign_in(typed, "x", HERE)
    [told] = read(demo, what="REFUSED")
    assert (told["username"], told["times"]) == (None, 3)
    with demo.product.database.app.connection() as conn:
        kept = str(conn.execute("SELECT * FROM access.journal").fetchall())
    assert "secret" not in kept and "李桂芳" not in kept


def test_a_flood_from_many_addresses_stays_a_few_rows_an_hour(
    demo: Demo, accounts: Accounts, clock: StandingClock, somebody: tuple[str, str]
) -> None:
    for hour in range(2):
        for number in range(MOST_ADDRESSES + 30):
            with pytest.raises(WrongCredentials):
                accounts.sign_in(somebody[0], "wrong", Place(f"203.0.{hour}.{number}"))
        clock.passes(timedelta(hours=1))
    told = read(demo, somebody[0], what="REFUSED")
    assert len(told) == 2 * (MOST_ADDRESSES + 1)
    assert sum(each["times"] for each in told) == 2 * (MOST_ADDRESSES + 30)
    assert [each["times"] for each in told if each["address"] == ""] == [30, 30]


def test_a_try_that_has_to_wait_is_counted_too(demo: Demo, accounts: Accounts, somebody: tuple[str, str]) -> None:
    for _ in range(6):
        with pytest.raises((WrongCredentials, TooManyTries)):
            accounts.sign_in(somebody[0], "wrong", HERE)
    assert [each["times"] for each in read(demo, somebody[0], what="REFUSED")] == [6]


def test_it_is_kept_for_a_year_and_not_longer(
    accounts: Accounts, clock: StandingClock, somebody: tuple[str, str]
) -> None:
    assert timedelta(days=183) < KEPT
    clock.passes(KEPT - timedelta(hours=1))
    accounts.prune()
    assert [each.what for each in accounts.journal([somebody[0]])] == [AccountAct.MADE]
    clock.passes(timedelta(hours=2))
    accounts.prune()
    assert accounts.journal([somebody[0]]) == []


def test_it_is_read_a_piece_at_a_time(demo: Demo, accounts: Accounts, somebody: tuple[str, str]) -> None:
    for _ in range(MOST_READ // 2):
        accounts.disable(somebody[0])
        accounts.enable(somebody[0])
    newest = read(demo, somebody[0])
    assert len(newest) == MOST_READ
    assert [each["what"] for each in read(demo, somebody[0], before=newest[-1]["id"])] == ["MADE"]
    page = demo.sign_in("admin").get("/admin/sign-ins", params={"username": somebody[0]}).text
    assert say("zh", "journal-older") in page and say("zh", "journal-newest") not in page


def test_an_administrator_reads_of_the_own_estates_alone(demo: Demo, accounts: Accounts) -> None:
    admin = demo.sign_in_patient("admin")
    person = admin.post("/api/v1/people", json={"name": "另一位管理员"}).json()["person"]
    post = {"capacity": "ADMINISTRATOR", "estate": SECOND, "since": demo.now.isoformat()}
    assert admin.post(f"/api/v1/people/{person}/appoint", json=post).status_code == 200
    demo.passwords["admin-of-second"] = demo.product.part(Accounts).create("admin-of-second", UUID(person))
    demo.sign_in("clerk"), demo.sign_in("head2")
    theirs = demo.sign_in("admin-of-second")
    names = {each["username"] for each in theirs.get("/api/v1/sign-ins").json()}
    assert "head2" in names and "clerk" not in names
    answer = theirs.get("/api/v1/sign-ins", params={"username": "clerk"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert "clerk" not in theirs.get("/admin/sign-ins", params={"username": "clerk"}).text
    assert NOBODY not in names


def test_an_auditor_reads_it_and_does_nothing(demo: Demo, accounts: Accounts) -> None:
    auditor, body = member(demo, Capacity.AUDITOR), {"estate": FIRST, "text": "试"}
    demo.sign_in("clerk")
    assert "clerk" in {each["username"] for each in auditor.get("/api/v1/sign-ins").json()}
    assert say("zh", "journal-title") in auditor.get("/").text
    assert auditor.get("/admin/sign-ins").status_code == 200
    assert not [command for command in POWERS if may(Capacity.AUDITOR, command)]
    assert auditor.post("/api/v1/issues", json=body).status_code == 403
    for path in ("/admin/accounts", "/admin/views", f"/board/{FIRST}", f"/people/{FIRST}/x", "/api/v1/accounts"):
        assert auditor.get(path).status_code in (403, 404, 405), path


@pytest.mark.parametrize("username", ("head", "clerk", "cashier", "committee"))
def test_nobody_else_reads_it(demo: Demo, username: str) -> None:
    client = demo.sign_in(username)
    assert client.get("/api/v1/sign-ins").status_code == 403
    assert client.get("/admin/sign-ins").status_code == 403


@pytest.mark.parametrize("language", ("zh", "en"))
def test_the_page_tells_it_in_both_languages(
    demo: Demo, accounts: Accounts, somebody: tuple[str, str], language: str
) -> None:
    with pytest.raises(WrongCredentials):
        accounts.sign_in("no such name", "x", HERE)
    accounts.sign_in(*somebody, HERE)
    admin = demo.sign_in("admin")
    admin.cookies.set("language", language)
    page = admin.get("/admin/sign-ins").text
    for word in ("journal-title", "accountact-SIGNED_IN", "accountact-REFUSED", "journal-nobody", "journal-product"):
        assert say(language, word) in page, word
    assert somebody[0] in page and "198.51.100.40" in page and "Edge, Windows" in page and "no such name" not in page
    for odd in ({"before": "x"}, {"before": "9" * 30}, {"what": "x"}, {"username": "x"}, {"before": "1"}):
        assert admin.get("/admin/sign-ins", params=odd).status_code == 200
    assert say(language, "journal-none") in admin.get("/admin/sign-ins", params={"before": "1"}).text
    assert "/admin/sign-ins" in admin.get("/admin/accounts").text


def test_the_log_line_of_a_sign_in_names_whose_it_was(demo: Demo, somebody: tuple[str, str]) -> None:
    clerk = demo.product.part(Accounts).account("clerk")
    assert clerk is not None
    given = {"username": somebody[0], "password": somebody[1]}
    with capture_logs([merge_contextvars]) as lines:
        for json in (given, given | {"password": "wrong"}):
            demo.client().post("/api/v1/session", json=json)
        demo.client().post("/sign-in", data=given, headers={"Origin": "http://station.test"}, follow_redirects=False)
    actors = [line.get("actor") for line in lines if line["event"] == "request"]
    assert actors == [str(clerk.person), None, str(clerk.person)]
    assert somebody[0] not in str(lines) and somebody[1] not in str(lines)
