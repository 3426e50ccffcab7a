"""A backup gives the whole log back, shows nothing personal, and forgets what the product forgot since."""

import importlib.util
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from domain.capacity import Capacity
from domain.people.person import RegisterPerson
from projections.skipped import Skip, skips
from services.commands.ask import Ask, Caller
from services.demo.week import SYSTEM
from services.people import plans as people_plans
from services.running.checking.of_log import check_log
from services.running.checking.of_views import check_views
from services.runtime.settings import Settings
from tests.clock import PATIENCE
from tests.conftest import FIRST, a_product
from tests.postgres import new_database

pytestmark = pytest.mark.slow

_spec = importlib.util.spec_from_file_location("backup", Path(__file__).resolve().parents[2] / "deploy" / "backup.py")
assert _spec is not None and _spec.loader is not None
backup = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(backup)

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NAME, FORGOTTEN = "Lin Jingyi", "He Wanqing"


def test_restored_without_what_was_forgotten_since(server: str, tmp_path: Path) -> None:
    url, data, folder = new_database(server), tmp_path / "data", tmp_path / "folder"
    with a_product(url, data) as product:
        ask = Ask(Caller(SYSTEM, Capacity.SYSTEM, frozenset({FIRST})))
        product.handler.do(ask, people_plans.register_person(RegisterPerson(NAME, "13900000101")))
        gone = product.handler.do(ask, people_plans.register_person(RegisterPerson(FORGOTTEN, "13900000102"))).stream
        written = product.log.read(0, 100)
        assert product.positions.wait("people", len(written), PATIENCE)
        with psycopg.connect(url) as conn:
            conn.execute("INSERT INTO view.skipped VALUES ('orders', 1, 'no code yet', 'anna', %s)", (NOW,))
        first = backup.take(url, folder, NOW)
        product.vault.destroy(gone)
        second = backup.take(url, folder, NOW + timedelta(days=1))
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        plain = backup.run("pg_restore", None, "--file=-", str(path))
        assert not [word for word in (NAME, FORGOTTEN) if word in plain or word.encode().hex() in plain]
    second.unlink()  # the older log with the newer keys

    fresh = Settings(data=tmp_path / "fresh", database_url=new_database(server))
    fresh.data.mkdir()
    shutil.copy(data / "product.key", fresh.data)
    assert backup.restore(fresh, folder, data / "vault.key") == first
    assert fresh.database_url is not None
    with a_product(fresh.database_url, fresh.data) as product:
        assert product.positions.wait("people", len(written), PATIENCE)
        read = product.log.read(0, 100)
        assert [each.event_id for each in read] == [each.event_id for each in written]
        assert [each.event.name for each in read] == [NAME, None]
        assert [*check_log(product.database), *check_views(product.database, product.log)] == []
        with product.database.follower.connection() as conn:
            assert skips(conn) == [Skip("orders", 1, "no code yet", "anna", NOW)]
        with psycopg.connect(fresh.database_url) as conn, pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("DELETE FROM log.stored_events")
    with pytest.raises(backup.BackupError, match="data already"):
        backup.restore(fresh, folder, data / "vault.key")


def test_from_the_command_line_with_the_embedded_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JINLIN_DATA", str(tmp_path / "data"))
    key = tmp_path / "vault.key"
    key.write_bytes(bytes(31))
    assert backup.main(["restore", str(tmp_path), str(key)]) == 1
    assert "holds no log" in capsys.readouterr().err
    assert backup.main(["take", str(tmp_path / "folder")]) == 1
    assert "no data" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()
    assert backup.main([]) == 2
