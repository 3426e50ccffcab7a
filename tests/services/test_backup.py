"""A copy of a running database, put back elsewhere, holds what was committed before it was taken."""

import importlib.util
import os
from pathlib import Path

import psycopg
import pytest

from services.embedded_postgres import EmbeddedPostgres

pytestmark = pytest.mark.slow

_spec = importlib.util.spec_from_file_location("backup", Path(__file__).resolve().parents[2] / "deploy" / "backup.py")
assert _spec is not None and _spec.loader is not None
backup = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(backup)


def call(data: Path, *arguments: object, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("JINLIN_DATA", str(data))
    code: int = backup.main([str(argument) for argument in arguments])
    return code


def test_taken_while_it_runs_and_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data, copy, again = tmp_path / "data", tmp_path / "copy", tmp_path / "again"
    data.mkdir()
    key = data / "vault.key"
    key.write_bytes(os.urandom(32))
    (data / "product.key").write_bytes(os.urandom(32))
    server = EmbeddedPostgres(data / "postgres")
    try:
        with psycopg.connect(server.start(), autocommit=True) as conn:
            conn.execute("CREATE TABLE kept (value int)")
            conn.execute("INSERT INTO kept VALUES (1)")
            assert call(data, "take", copy, monkeypatch=monkeypatch) == 0
            conn.execute("INSERT INTO kept VALUES (2)")
    finally:
        server.stop()
    assert not (copy / "vault.key").exists()

    assert call(again, "restore", copy, key, monkeypatch=monkeypatch) == 0
    restored = EmbeddedPostgres(again / "postgres")
    try:
        with psycopg.connect(restored.start()) as conn:
            assert conn.execute("SELECT value FROM kept").fetchall() == [(1,)]
    finally:
        restored.stop()
    for name in ("vault.key", "product.key"):
        assert (again / name).read_bytes() == (data / name).read_bytes()
        assert (again / name).stat().st_mode & 0o777 == 0o600

    assert call(again, "restore", copy, key, monkeypatch=monkeypatch) == 1
    assert "is there already" in capsys.readouterr().err
    (copy / "cluster" / "PG_VERSION").write_text("17", encoding="ascii")
    assert call(tmp_path / "third", "restore", copy, key, monkeypatch=monkeypatch) == 1
    assert "PG_VERSION is not as the server sent it" in capsys.readouterr().err
    assert not (tmp_path / "third").exists()


def test_no_copy_of_a_product_that_does_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert call(tmp_path / "data", "take", tmp_path / "copy", monkeypatch=monkeypatch) == 1
    assert "does the product run" in capfd.readouterr().err
