"""A backup gives the whole log back, shows nothing personal, forgets what was forgotten, and says what it lacks."""

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from domain.capacity import Capacity
from domain.people.person import RegisterPerson
from projections.skipped import Skip, skips
from services.backup.archive import KEYS_FILE, MANIFEST, BackupError, archives
from services.backup.connections import standing_still
from services.backup.custody import KeyRefused, Pair, RecoveryKey
from services.backup.schedule import Backups
from services.backup.taking import Taken, take
from services.commands.ask import Ask, Caller
from services.database.installation import PRODUCT_KEY, TRAIL_KEY, VAULT_KEY, Belonging, Stage, belonging, identity
from services.demo.week import SYSTEM
from services.people import plans as people_plans
from services.product import Product
from services.running.backup_commands import put_back, put_keys_back
from services.running.checking.of_log import check_log
from services.running.checking.of_views import check_views
from services.running.key_sources import KeysGiven, keys_for
from services.running.opening import NotOpened, see_database, see_folder
from services.running.restoring import restore
from services.running.saved import chosen
from services.running.wiring import built
from services.runtime.settings import Settings
from tests.clock import PATIENCE, START, StandingClock
from tests.conftest import FIRST, a_product
from tests.postgres import drop, new_database
from tests.templates import Templates

pytestmark = pytest.mark.slow

FORMER = Path(__file__).parent / "former"
NAME, FORGOTTEN = "Lin Jingyi", "He Wanqing"


@dataclass
class Living:
    """An installation with a few events, and its recovery key."""

    product: Product
    data: Path
    url: str
    recovery: RecoveryKey

    @property
    def pair(self) -> Pair:
        return Pair.kept_in(self.data)

    def take(self, folder: Path, days: int = 0) -> Taken:
        folder.mkdir(mode=0o700, exist_ok=True)
        return take(self.product.database, self.pair, folder, START + timedelta(days=days))

    def register(self, name: str) -> None:
        ask = Ask(Caller(SYSTEM, Capacity.SYSTEM, frozenset({FIRST})))
        self.product.handler.do(ask, people_plans.register_person(RegisterPerson(name, "13900000101")))

    def caught_up(self) -> None:
        for name in ("people", "trail"):
            assert self.product.positions.wait(name, self.product.log.last_position(), PATIENCE)


@pytest.fixture
def living(templates: Templates, tmp_path: Path) -> Iterator[Living]:
    url, data = templates.empty(), tmp_path / "living"
    with a_product(url, data) as product:
        recovery = RecoveryKey.new()
        with psycopg.connect(url) as conn:
            conn.execute("UPDATE jinlin.identity SET recovery = %s", (recovery.public,))
        made = Living(product, data, url, recovery)
        made.register(NAME)
        made.caught_up()
        yield made


@contextmanager
def elsewhere(server: str, tmp_path: Path, name: str = "fresh") -> Iterator[Settings]:
    """A data folder that is not there yet, and a database without anything."""
    url = new_database(server)
    yield Settings(data=tmp_path / name, database_url=url)
    drop(server, url)


def given(living: Living, tmp_path: Path) -> KeysGiven:
    """The recovery key as a person brings it."""
    path = tmp_path / "recovery"
    path.write_text(living.recovery.text.lower().replace("-", " "), encoding="utf-8")
    return KeysGiven(recovery=str(path))


def test_restored_without_what_was_forgotten_since(living: Living, server: str, tmp_path: Path) -> None:
    folder, product = tmp_path / "folder", living.product
    ask = Ask(Caller(SYSTEM, Capacity.SYSTEM, frozenset({FIRST})))
    gone = product.handler.do(ask, people_plans.register_person(RegisterPerson(FORGOTTEN, "13900000102"))).stream
    living.caught_up()
    written = product.log.read(0, 100)
    with psycopg.connect(living.url) as conn:
        conn.execute("INSERT INTO view.skipped VALUES ('orders', 1, 'no code yet', 'anna', %s)", (START,))
        conn.execute("INSERT INTO view.positions VALUES ('feed', 1, ''), ('people__new', 1, '')")
        conn.execute("INSERT INTO access.accounts (username, person, password_hash) VALUES ('lin', %s, 'x')", (gone,))
        conn.execute(
            "INSERT INTO access.sessions (session, token_hash, username, address, agent, made_at, seen_at)"
            " VALUES (%s, '\\x00', 'lin', '', '', %s, %s)",
            (gone, START, START),
        )
    first = living.take(folder)
    product.vault.destroy(gone)
    second = living.take(folder, days=1)
    for path in (first.path, second.path, folder / KEYS_FILE):
        assert path.stat().st_mode & 0o777 == 0o600
        with zipfile.ZipFile(path) as file:
            plain = b"".join(map(file.read, file.namelist()))
        for word in (NAME, FORGOTTEN, living.pair.vault.hex(), living.pair.product.hex()):
            assert word.encode() not in plain and word.encode().hex().encode() not in plain
        assert living.pair.vault not in plain and living.pair.product not in plain

    with elsewhere(server, tmp_path) as fresh:  # the older log, the newer keys
        assert put_back(fresh, folder, first.path.name, given(living, tmp_path)) == 0
        assert fresh.database_url is not None
        see_folder(fresh)
        see_database(fresh, fresh.database_url)
        with a_product(fresh.database_url, fresh.data) as back:
            assert back.positions.wait("people", len(written), PATIENCE)
            read = back.log.read(0, 100)
            assert [each.event_id for each in read] == [each.event_id for each in written]
            assert [each.event.name for each in read] == [NAME, None]
            assert [*check_log(back.database), *check_views(back.database, back.log)] == []
            with back.database.follower.connection() as conn:
                assert skips(conn) == [Skip("orders", 1, "no code yet", "anna", START)]
            with psycopg.connect(fresh.database_url) as conn:
                assert conn.execute("SELECT count(*) FROM access.accounts").fetchone() == (1,)
                assert conn.execute("SELECT count(*) FROM access.sessions").fetchone() == (0,)
                marks = conn.execute("SELECT name FROM view.positions WHERE name IN ('feed', 'people__new')").fetchall()
                assert marks == [("feed",)]  # where what is no view goes on; what is one is folded anew
                found = identity(conn)
                assert found is not None and found.recovery == living.recovery.public
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    conn.execute("DELETE FROM log.stored_events")
        with pytest.raises(BackupError, match="holds data"):
            put_back(fresh, folder, None, given(living, tmp_path))


@pytest.mark.parametrize("release", ["0.1.0", "0.2.0"])
def test_what_older_products_saved_comes_back(server: str, tmp_path: Path, release: str) -> None:
    saved = chosen(FORMER / release, None)
    with elsewhere(server, tmp_path) as fresh:
        pair = keys_for(saved, KeysGiven(folder=FORMER / release), fresh.data)
        assert restore(fresh, saved, pair, lambda line: None).position == 528
        assert fresh.database_url is not None and belonging(fresh.data) == Belonging(saved.installation, Stage.LIVES)
        with built(fresh, fresh.database_url) as back:
            assert [*check_log(back.database), *back.log.reading(0, 10_000).unread] == []
            people = [
                each.event.name for each in back.log.read(0, 528) if type(each.event).__name__ == "PersonRegistered"
            ]
            assert people and all(people)  # opened with the keys of then
            with psycopg.connect(fresh.database_url) as conn:
                assert conn.execute("SELECT count(*) > 0 FROM access.accounts").fetchone() == (True,)


def test_a_wrong_or_missing_key_is_refused_with_what_would_be_lost(living: Living, server: str, tmp_path: Path) -> None:
    folder, keys, other, short = (tmp_path / name for name in ("folder", "keys", "other", "short"))
    living.take(folder)
    keys.mkdir()
    other.write_text(RecoveryKey.new().text)
    short.write_text("AAAA-BBBB")
    with elsewhere(server, tmp_path) as fresh:

        def is_refused(how: KeysGiven, why: str) -> None:
            with pytest.raises(KeyRefused, match=why):
                put_back(fresh, folder, None, how)
            assert not fresh.data.exists()

        is_refused(KeysGiven(), "names, phones.*--recovery-key FILE")
        is_refused(KeysGiven(recovery=str(other)), "sealed for another one")
        is_refused(KeysGiven(recovery=str(short)), "no recovery key")
        is_refused(KeysGiven(folder=keys), "names, phones")
        (keys / VAULT_KEY).write_bytes(living.pair.vault)
        is_refused(KeysGiven(folder=keys), "product.key is not there.*booked twice")
        (keys / PRODUCT_KEY).write_bytes(bytes(32))
        is_refused(KeysGiven(folder=keys), "product.key out of .* is not the key of .*booked twice")
        (keys / PRODUCT_KEY).unlink()
        with pytest.raises(KeyRefused, match=r"trail.key is not there.*--without-trail-key"):
            put_back(fresh, folder, None, KeysGiven(folder=keys, without_product=True))
        assert put_back(fresh, folder, None, KeysGiven(folder=keys, without_product=True, without_trail=True)) == 0
        assert fresh.database_url is not None
        with built(fresh, fresh.database_url) as back:
            assert back.secret != living.pair.product


def test_lost_keys_come_back_alone(living: Living, tmp_path: Path) -> None:
    folder, lost = tmp_path / "folder", Settings(data=living.data, database_url=living.url)
    living.take(folder)
    before = living.pair
    for name in (VAULT_KEY, PRODUCT_KEY, TRAIL_KEY):
        (living.data / name).unlink()
    assert put_keys_back(lost, folder, None, given(living, tmp_path)) == 0
    assert living.pair == before
    with pytest.raises(BackupError, match="holds no installation"):
        put_keys_back(Settings(data=tmp_path / "nowhere"), folder, None, given(living, tmp_path))


def test_a_log_that_is_shorter_than_what_was_told_is_said(
    living: Living, server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "folder"
    first = living.take(folder)
    for number in range(3):
        living.register(f"Later {number}")
    living.take(folder, days=1)
    with elsewhere(server, tmp_path) as fresh:
        put_back(fresh, folder, first.path.name, given(living, tmp_path))
        assert "tells of a log up to position 4, so 3 events after" in capsys.readouterr().out
        assert fresh.database_url is not None
        with a_product(fresh.database_url, fresh.data) as back:  # whose keys are fewer than the folder's
            pair = Pair.kept_in(fresh.data)
            for number in range(5):  # also when it has become longer than what it lost
                with pytest.raises(BackupError, match="must not replace"):
                    take(back.database, pair, folder, START + timedelta(days=2))
                replace(living, product=back).register(f"Other {number}")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def _flipped(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    at = whole.index(b"vault.keys" if path.name == KEYS_FILE else b"log.stored_events") + 60  # in its rows
    whole[at : at + 20] = bytes(20)
    path.write_bytes(whole)


def _newer(path: Path) -> None:
    with zipfile.ZipFile(path) as file:
        told = json.loads(file.read(MANIFEST))
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(MANIFEST, json.dumps(told | {"format": 2, "product": "9.0.0"}))


SPOILT: list[tuple[str, Callable[[Path], object], str]] = [
    ("log", _cut, "damaged"),
    ("log", _flipped, "damaged"),
    ("log", lambda path: path.write_bytes(b""), "damaged"),
    ("log", _newer, "made by Jinlin 9.0.0, which is newer"),
    ("log", lambda path: path.unlink(), "holds no backup"),
    ("keys", _cut, "damaged"),
    ("keys", _flipped, "damaged"),
    ("keys", lambda path: path.unlink(), "nothing personal can be read"),
]


def test_a_damaged_backup_is_refused_before_anything_is_touched(living: Living, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    path = living.take(folder).path
    fresh = Settings(data=tmp_path / "fresh", database_url="postgresql://nobody@127.0.0.1:1/x")
    for number, (which, spoil, says) in enumerate(SPOILT):
        spoilt = tmp_path / f"spoilt-{number}"
        shutil.copytree(folder, spoilt)
        spoil(spoilt / (path.name if which == "log" else KEYS_FILE))
        with pytest.raises(BackupError, match=says):
            put_back(fresh, spoilt, None, given(living, tmp_path))
        assert not fresh.data.exists()


def test_a_restore_that_is_cut_short_leaves_nothing_that_is_taken_for_whole(
    living: Living, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    living.take(folder)
    with elsewhere(server, tmp_path) as fresh, monkeypatch.context() as patched:
        patched.setattr("services.running.restoring._see_vault_opens", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            put_back(fresh, folder, None, given(living, tmp_path))
        with pytest.raises(NotOpened, match="cut short"):
            see_folder(fresh)
        patched.undo()
        assert put_back(fresh, folder, None, given(living, tmp_path)) == 0
        see_folder(fresh)


def test_a_folder_of_another_installation_or_of_older_dumps_is_no_place(living: Living, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    living.take(folder)
    with psycopg.connect(living.url) as conn:
        conn.execute("UPDATE jinlin.identity SET installation = gen_random_uuid()")
    with pytest.raises(BackupError, match="another installation"):
        living.take(folder)
    with pytest.raises(BackupError, match=r"deploy/backup\.py made"):
        living.take(FORMER / "0.1.0")


def test_the_schedule_takes_keeps_and_copies(living: Living, tmp_path: Path) -> None:
    folder, copy, seen = tmp_path / "mount", tmp_path / "copy", tmp_path / "seen"
    clock = StandingClock()
    settings = Settings(data=living.data, backup=folder, backup_copy=copy, backup_keep=2, backup_then=f"touch {seen}")
    with built(settings, living.url, clock) as product:
        at_work = product.part(Backups)

        def noted() -> dict[str, object]:
            at_work.take()
            return state()

        def state() -> dict[str, object]:
            found: dict[str, object] = json.loads((living.data / "backup.json").read_text())
            assert list(found) == ["taken_at", "position", "folder", "seconds", "failed_at"]
            return found

        assert at_work.due(clock.now.date())
        assert noted() | {"failed_at": 1} == dict.fromkeys(noted()) | {"failed_at": 1}  # nothing is mounted there
        assert not folder.exists()
        for each in (folder, copy):
            living.take(each, days=-1)
        for _ in range(3):
            clock.passes(timedelta(days=1))
            at_it = at_work.see_to(clock.now.date())
            assert at_it is not None
            at_it.join(PATIENCE)
            assert at_work.see_to(clock.now.date()) is None
            found = state()
            assert (found["position"], found["folder"], found["failed_at"]) == (1, str(folder), None)
            assert found["taken_at"] == clock.now.isoformat()
            assert not at_work.due(clock.now.date())
        names = [path.name for path in archives(folder)]
        assert len(names) == 2 and names == [path.name for path in archives(copy)] and seen.exists()
        assert (copy / KEYS_FILE).read_bytes() == (folder / KEYS_FILE).read_bytes()
        taken_at = found["taken_at"]
        clock.passes(timedelta(days=1))
        with standing_still(product.database):  # another process takes one: nothing failed
            assert noted()["failed_at"] is None
        kept = (copy / KEYS_FILE).read_bytes()
        with zipfile.ZipFile(copy / KEYS_FILE) as file:
            told = json.loads(file.read(MANIFEST)) | {"installation": str(uuid4())}
        with zipfile.ZipFile(copy / KEYS_FILE, "w") as file:
            file.writestr(MANIFEST, json.dumps(told))
        others = (copy / KEYS_FILE).read_bytes()
        assert noted()["failed_at"] is not None and (copy / KEYS_FILE).read_bytes() == others != kept
        (copy / KEYS_FILE).unlink()  # as where its disk is not mounted any more
        clock.passes(timedelta(days=1))
        found = noted()
        assert found["failed_at"] == clock.now.isoformat() and found["taken_at"] == taken_at
        assert at_work.due(clock.now.date())


def test_a_recovery_key_is_read_however_it_was_typed() -> None:
    key = RecoveryKey.new()
    assert RecoveryKey.read(f" {key.text.lower().replace('-', ' ')}\n").public == key.public
    for typed in ("", key.text[:-1], key.text.replace(key.text[0], "A" if key.text[0] != "A" else "B"), "密钥"):
        with pytest.raises(KeyRefused, match="look again"):
            RecoveryKey.read(typed)
