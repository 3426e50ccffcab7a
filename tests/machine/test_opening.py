"""Nothing opens by mistake: what is not what was meant is refused in one sentence, and nothing is made there."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from domain.register.dwelling import DWELLING
from domain.register.dwelling.events import DwellingRegistered
from services.__main__ import main
from services.backup.keeping import BackupState, note
from services.database.installation import FILE, Belonging, Stage, belonging, identity, say_belonging
from services.log.event_log import Change
from services.running import schema
from services.running.opening import say_if_shorter
from tests.conftest import FIRST, a_product
from tests.machine.ground import ACT
from tests.postgres import drop, new_database
from tests.templates import Templates

COMMANDS = (["run"], ["check"], ["rebuild"], ["rebuild", "orders"], ["skip", "orders", "1", "--because", "x"])
pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]  # what is opened by mistake would serve for ever


@dataclass
class Operator:
    """Somebody who types a command: ``says`` answers its one sentence and how it ended."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def set(self, data: Path, url: str = "") -> None:
        self.monkeypatch.setenv("JINLIN_DATA", str(data))
        self.monkeypatch.setenv("JINLIN_DATABASE_URL", url)
        self.monkeypatch.setenv("PORT", "61347")
        self.capsys.readouterr()

    def is_refused(self, *command: str) -> str:
        assert main(command) == 2, command
        said = self.capsys.readouterr()
        sentences = [line for line in said.err.splitlines() if not line.startswith("{")]  # the others are the log's
        assert said.out == "" and len(sentences) == 1 and "Traceback" not in said.err, said
        return sentences[0]


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(monkeypatch, capsys)


@pytest.fixture
def living(server: str, templates: Templates, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Data folder and database of an installation that has lived."""
    data = tmp_path / "living"
    url = templates.week(data)
    with psycopg.connect(url) as conn:  # a copy with logins of its own, since some of its passwords are made anew here
        conn.execute("UPDATE jinlin.installation SET database = 0")
    schema.prepare(url, data)
    with psycopg.connect(url) as conn:
        found = identity(conn)
    assert found is not None
    say_belonging(data, Belonging(found.installation, Stage.LIVES))
    yield data, url
    drop(server, url)


def tables(url: str) -> int:
    with psycopg.connect(url) as conn:
        row = conn.execute("SELECT count(*) FROM pg_tables WHERE schemaname NOT LIKE 'pg\\_%%'").fetchone()
    assert row is not None
    return int(row[0]) - 4  # of information_schema


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_folder_that_is_not_there_or_empty(operator: Operator, tmp_path: Path, command: list[str]) -> None:
    operator.set(tmp_path / "mistyped")
    said = operator.is_refused(*command)
    assert "there is no folder" in said and "JINLIN_DATA is spelt right" in said and "jinlin begin" in said
    assert not (tmp_path / "mistyped").exists()
    operator.set(tmp_path)
    assert "holds no installation" in operator.is_refused(*command)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    operator.set(tmp_path / "file")
    assert "there is no folder" in operator.is_refused(*command)


@pytest.mark.parametrize("command", COMMANDS[:3], ids=" ".join)
def test_a_database_that_is_lost_empty_or_somebody_elses(
    operator: Operator, living: tuple[Path, str], server: str, templates: Templates, tmp_path: Path, command: list[str]
) -> None:
    data, url = living
    operator.set(data)
    assert "the database of " in operator.is_refused(*command)  # the embedded one, of which there is nothing
    assert not (data / "postgres").exists()
    empty = new_database(server)
    operator.set(data, empty)
    assert "the database is empty" in operator.is_refused(*command)
    assert tables(empty) == 0
    with_tables = templates.empty()
    operator.set(data, with_tables)
    assert "the database is empty" in operator.is_refused(*command)
    begun = tmp_path / "begun"
    operator.set(begun, url)
    assert main(["begin"]) == 0
    operator.capsys.readouterr()
    assert "data of another installation" in operator.is_refused(*command)
    assert not (begun / "vault.key").exists()
    shutil.copy(data / "vault.key", begun)
    shutil.copy(data / "product.key", begun)
    operator.set(begun, url)
    assert "data of another installation" in operator.is_refused(*command)
    (begun / FILE).unlink()  # with the keys and nothing else, as on a second machine, it is this installation
    assert main(["check"]) == 0
    for each in (empty, with_tables):
        drop(server, each)


@pytest.mark.parametrize(
    ("name", "break_it", "says"),
    [
        ("vault.key", lambda path: path.unlink(), "vault.key is missing"),
        ("product.key", lambda path: path.unlink(), "product.key is missing"),
        ("vault.key", lambda path: path.write_bytes(bytes(32)), "vault.key is the key of another installation"),
        ("product.key", lambda path: path.write_bytes(bytes(32)), "product.key is the key of another installation"),
        ("vault.key", lambda path: path.write_bytes(b""), "vault.key holds 0 bytes"),
        ("product.key", lambda path: path.write_bytes(bytes(31)), "product.key holds 31 bytes"),
    ],
)
def test_a_lost_or_wrong_key(
    operator: Operator, living: tuple[Path, str], name: str, break_it: Callable[[Path], object], says: str
) -> None:
    data, url = living
    break_it(data / name)
    before = sorted((path.name, path.read_bytes()) for path in data.iterdir())
    operator.set(data, url)
    said = operator.is_refused("run")
    assert says in said and "jinlin restore FOLDER --keys-only" in said
    assert ("names, phones" if name == "vault.key" else "booked twice") in said
    assert sorted((path.name, path.read_bytes()) for path in data.iterdir()) == before  # no key is made over data
    if name == "vault.key":
        assert says in operator.is_refused("check")


@pytest.mark.parametrize(
    ("name", "says"), [("vault.key", "does not open this database's vault"), ("product.key", "names its dwellings")]
)
def test_a_wrong_key_is_found_out_of_the_log_of_an_older_product(
    operator: Operator, server: str, templates: Templates, tmp_path: Path, name: str, says: str
) -> None:
    url = templates.week(tmp_path)
    with a_product(url, tmp_path) as product:
        home = product.pseudonyms.dwelling(FIRST, "3", "1", "101")
        told = Change(home, DWELLING.name, 0, [DwellingRegistered(FIRST, "3", "1", "101")], ACT, FIRST, home)
        product.log.append([told])
    with psycopg.connect(url) as conn:
        conn.execute("DROP TABLE jinlin.identity")
        conn.execute("DELETE FROM jinlin.steps WHERE name LIKE '035%'")
    (tmp_path / FILE).unlink()
    right = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(bytes(32))
    operator.set(tmp_path, url)
    assert says in operator.is_refused("run")
    (tmp_path / name).write_bytes(right)
    with a_product(url, tmp_path):  # the right one is known from now on
        assert belonging(tmp_path) != Belonging(None, Stage.LIVES)
    drop(server, url)


def test_the_database_of_one_with_the_folder_of_another(
    operator: Operator, living: tuple[Path, str], server: str, tmp_path: Path
) -> None:
    data, url = living
    other = tmp_path / "other"
    shutil.copytree(data, other)
    (other / FILE).write_text('{"installation": "00000000-0000-4000-8000-000000000000", "stage": "lives"}')
    operator.set(other, url)
    assert "leads to the wrong one of two" in operator.is_refused("run")


def test_a_database_that_does_not_answer(operator: Operator, living: tuple[Path, str]) -> None:
    data, _ = living
    operator.set(data, "postgresql://nobody@127.0.0.1:1/nothing")
    for command in COMMANDS:
        assert "the database does not answer: connection" in operator.is_refused(*command)


def test_a_new_installation_begins_once_and_where_nothing_else_is(operator: Operator, tmp_path: Path) -> None:
    data = tmp_path / "new disk"
    (data / "lost+found").mkdir(parents=True)
    operator.set(data)
    assert main(["begin"]) == 0 and main(["begin"]) == 0
    assert "JINLIN_DATA='" in operator.capsys.readouterr().out
    assert "nothing was told to it yet" in operator.is_refused("check")
    assert not (data / "postgres").exists()
    (data / "vault.key").touch()
    (data / FILE).write_text("{")  # damaged: taken for one that holds data
    assert "holds an installation already" in operator.is_refused("begin")
    elsewhere = tmp_path / "home"
    (elsewhere / "Documents").mkdir(parents=True)
    operator.set(elsewhere)
    assert "files that are not Jinlin's" in operator.is_refused("begin")


def test_a_log_that_ends_before_what_was_saved_of_it_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note(tmp_path, BackupState(taken_at="2026-11-24T01:00:00+08:00", position=12_000, folder="/backup"))
    say_if_shorter(tmp_path, 12_000)
    assert capsys.readouterr().err == ""
    say_if_shorter(tmp_path, 11_000)
    said = capsys.readouterr().err
    assert "ends at position 11,000, and the backup of 2026-11-24" in said and "held 12,000" in said
