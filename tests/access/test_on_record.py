"""What is done to accounts and with the machine stands in the log: once each, nothing lost, and no flood of it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.access import account as accounts
from domain.access.account import AccountGround
from domain.access.installation import BackupPutBack, EventLeftOut, EventTakenInAgain, SettingsChanged
from domain.access.reading import ContactsRead, DataTaken, Taken
from domain.capacity import Capacity
from domain.recorded import Recorded
from projections.skip import withdraw
from services.access.on_record import NO_ONE, OnRecord, settings_of
from services.commands.handle import Handler
from services.database.database import as_owner
from services.product import Product
from services.sessions.accounts import Accounts
from services.sessions.member import WrongCredentials
from services.sessions.place import Place
from services.threads.try_later import TryLater
from tests.conftest import FIRST, Demo
from tests.members import member

ROOT = Path(__file__).resolve().parents[2]
HERE = Place("198.51.100.40", "Mozilla/5.0 (Windows NT 10.0) Chrome/140 Edg/140")


def since(product: Product, position: int) -> Sequence[Recorded[Any]]:
    return product.log.read(position, 10_000)


def told(product: Product, position: int, *kinds: type[Any]) -> list[Any]:
    return [each.event for each in since(product, position) if isinstance(each.event, kinds)]


@pytest.fixture
def start(demo: Demo) -> int:
    demo.product.part(OnRecord).tell_accounts()
    return demo.product.log.last_position()


def test_what_an_administrator_does_to_an_account_stands_in_the_log_with_why(demo: Demo) -> None:
    admin, username = demo.sign_in("admin"), f"u{uuid4().hex[:10]}"
    me = admin.get("/api/v1/session").json()["person"]
    clerk = demo.product.part(Accounts).account("clerk")
    assert clerk is not None
    start = demo.product.log.last_position()
    body = {"username": username, "person": str(clerk.person), "why": "NEW_STAFF"}
    assert admin.post("/api/v1/accounts", json=body).status_code == 201
    assert admin.post(f"/api/v1/accounts/{username}/disable", json={"why": "SUSPICION"}).status_code == 204
    assert admin.post(f"/api/v1/accounts/{username}/enable?why=BACK").status_code == 204
    assert admin.post(f"/api/v1/accounts/{username}/reset-password?why=LOST_DEVICE").status_code == 200
    assert admin.delete(f"/api/v1/accounts/{username}/sessions").status_code == 204
    wrong = admin.post(f"/api/v1/accounts/{username}/reset-password?why=because")
    assert wrong.status_code == 422
    found = since(demo.product, start)
    assert [(type(each.event).__name__, getattr(each.event, "why", None)) for each in found] == [
        ("AccountMade", AccountGround.NEW_STAFF),
        ("AccountSwitchedOff", AccountGround.SUSPICION),
        ("AccountSwitchedOn", AccountGround.BACK),
        ("PasswordDrawn", AccountGround.LOST_DEVICE),
        ("AccountSessionsEnded", AccountGround.NOT_SAID),
    ]
    assert {(str(each.act.actor), each.act.acting_as) for each in found} == {(me, Capacity.ADMINISTRATOR)}
    assert {each.event.person for each in found} == {clerk.person} and len({each.stream for each in found}) == 1
    with psycopg.connect(demo.url) as conn:
        kept = conn.execute("SELECT state FROM log.stored_events WHERE notification_id > %s", (start,)).fetchall()
    assert username.encode() not in b"".join(bytes(state) for (state,) in kept)  # the name of an account is personal


def test_administrators_and_auditors_who_come_in_are_told_and_nobody_else(demo: Demo, start: int) -> None:
    demo.sign_in("clerk")
    auditor = member(demo, Capacity.AUDITOR)
    start = demo.product.log.last_position()
    demo.sign_in("head"), demo.sign_in("admin")
    auditor.post("/api/v1/session/capacity", json={"capacity": "AUDITOR"})
    found = since(demo.product, start)
    assert [type(each.event) for each in found] == [accounts.AdministratorSignedIn] * 2
    assert [each.act.acting_as for each in found] == [Capacity.ADMINISTRATOR, Capacity.AUDITOR]
    assert [each.event.known for each in found] == [False, True]


def test_a_flood_of_refused_tries_is_one_event_an_hour_and_only_of_administrators(demo: Demo, start: int) -> None:
    product = demo.product
    with product.database.app.connection() as conn:
        conn.execute("DELETE FROM access.journal WHERE what = 'REFUSED'")
    ahead = Accounts(product.database, product.log, lambda: product.clock() - timedelta(hours=3), product.secret)
    for number in range(30):
        for name in ("admin", "clerk", f"nobody{number}"):
            with pytest.raises(WrongCredentials):
                ahead.sign_in(name, "wrong", Place(f"203.0.113.{number}"))
    ahead.close()
    for _ in range(2):  # told once, however often it is looked after
        product.part(OnRecord).tell_refused()
    found = told(product, start, accounts.SignInsRefused)
    assert sorted(each.times for each in found) == [30, 30]  # of the administrator, and of names that nobody has
    assert len({each.stream for each in since(product, start)}) == 2
    with pytest.raises(WrongCredentials):
        product.part(Accounts).sign_in("admin", "wrong", HERE)
    product.part(OnRecord).tell_refused()  # the hour is not over
    assert len(told(product, start, accounts.SignInsRefused)) == 2


def test_what_could_not_be_told_at_once_is_told_later_and_once(demo: Demo, start: int) -> None:
    product, kept = demo.product, demo.product.part(Accounts)
    with patch.object(Handler, "do", side_effect=TryLater):
        kept.disable("clerk")
    kept_as = [each.what.value for each in kept.journal(["clerk"])][:1]
    assert kept_as == ["DISABLED"] and told(product, start, accounts.AccountSwitchedOff) == []
    with patch.object(OnRecord, "_logged", side_effect=TryLater):  # told, and then the database was lost
        product.part(OnRecord).tell()
    kept.enable("clerk")
    assert [type(each) for each in told(product, start, accounts.AccountSwitchedOff, accounts.AccountSwitchedOn)] == [
        accounts.AccountSwitchedOff,
        accounts.AccountSwitchedOn,
    ]


def test_skips_restores_and_settings_are_told_once(demo: Demo) -> None:
    product, record, at = demo.product, demo.product.part(OnRecord), datetime(2026, 10, 5, 9, tzinfo=UTC)
    record.tell_machine()
    start = product.log.last_position()
    with as_owner(product.database.logins) as conn:
        conn.execute(
            "INSERT INTO view.skipped (view, position, because, skipped_by) VALUES ('orders', 3, 'unreadable', 'root')"
        )
        conn.execute("INSERT INTO access.restored VALUES ('r1', %s, 3, %s, 'root')", (at, at))
    record.tell_machine(), record.tell_machine()
    with as_owner(product.database.logins) as conn:
        withdraw(conn, "orders", 3, "root")
        conn.execute("DELETE FROM access.restored")
    record.tell_machine(), record.tell_machine()
    found = told(product, start, EventLeftOut, EventTakenInAgain, BackupPutBack, SettingsChanged)
    assert [type(each) for each in found] == [EventLeftOut, BackupPutBack, EventTakenInAgain]
    assert (found[0].view, found[0].position, found[0].why) == ("orders", 3, "unreadable")
    assert {each.act.actor for each in since(product, start)} == {NO_ONE}


def test_a_setting_that_changed_is_named_and_its_value_is_told_to_nobody(demo: Demo) -> None:
    product, record = demo.product, demo.product.part(OnRecord)
    record.tell_machine()
    start = product.log.last_position()
    now = settings_of(product)
    other = tuple(each if each.name != "public_url" else type(each)(each.name, "0" * 12) for each in now)
    with patch("services.access.on_record.settings_of", return_value=other):
        record.tell_machine()
    record.tell_machine()
    changes = told(product, start, SettingsChanged)
    assert [[each.name for each in change.settings] for change in changes] == [["public_url"], ["public_url"]]
    assert "station.test" not in str(changes)


def test_inv_63_the_numbers_of_a_page_are_one_event_and_none_within_a_quarter_of_an_hour(demo: Demo) -> None:
    head = demo.sign_in("head")
    start = demo.product.log.last_position()
    page = head.get(f"/people/{FIRST}")
    assert 'href="tel:' in page.text
    head.get(f"/people/{FIRST}")
    [told_of] = since(demo.product, start)
    assert isinstance(told_of.event, ContactsRead) and told_of.event.people > 1
    assert (told_of.act.acting_as, told_of.estate) == (Capacity.STATION_HEAD, FIRST)
    assert 'href="tel:' not in demo.sign_in("cashier").get(f"/people/{FIRST}").text
    assert len(since(demo.product, start)) == 1
    with patch.object(Handler, "do", side_effect=TryLater):  # no record, no number
        assert 'href="tel:' not in demo.sign_in("clerk").get(f"/people/{FIRST}").text


def test_whatever_leaves_as_a_file_is_on_record_before_anybody_has_it(demo: Demo) -> None:
    accountant, start = demo.sign_in("accountant"), demo.product.log.last_position()
    answer = accountant.get(f"/api/v1/estates/{FIRST}/invoices/export?format=csv")
    assert answer.status_code == 200, answer.text
    [taken] = since(demo.product, start)
    assert isinstance(taken.event, DataTaken) and taken.event.what is Taken.INVOICES
    assert taken.act.acting_as is Capacity.ACCOUNTANT and taken.estate == FIRST
    assert taken.act.actor == UUID(accountant.get("/api/v1/session").json()["person"])


def test_no_file_is_answered_but_by_who_puts_it_on_record() -> None:
    """Forms to fill in hold nothing; a picture stands on a page that the case's readers see.

    A receipt shows one act to those who did it, or to whoever holds its address, of whom nothing is known; checkpoints
    and the pages that check them are everybody's.
    """
    empty = {"services/cases/import_pages.py", "services/register/import_pages.py", "services/cases/photo_api.py"}
    public = {
        "services/trail/receipt_pages.py",
        "services/trail/sheet_pages.py",
        "services/trail/verify_pages.py",
        "services/trail/witness_pages.py",
        "services/trail/witness_signing.py",
    }
    for path in sorted((ROOT / "services").rglob("*.py")):
        text, name = path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
        if "Content-Disposition" in text and name not in empty | public:
            assert "handed_out(" in text, name
