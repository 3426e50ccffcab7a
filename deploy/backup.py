"""Save the log and its keys, and put them back, with the settings of the product.

    .venv/bin/python deploy/backup.py take FOLDER               while the product runs or stands still
    .venv/bin/python deploy/backup.py restore FOLDER VAULT_KEY  into a $JINLIN_DATA or database without data

``log-<time>.dump`` holds everything but keys and views: views show names in the clear and are folded anew after a
restore, and in the log they are sealed. ``keys.dump`` holds the wrapped keys and is written over every time, so that
what was forgotten since is forgotten in all older logs of the folder too. The key of the vault is in neither.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from services.database.embedded_postgres import PostgresError, binaries, running_url
from services.running import schema
from services.running.wiring import database_url
from services.runtime.settings import Settings, SettingsError

KEYS = "keys.dump"
# every table of the schema but ``view.skipped``, which says why a view leaves an event out, and holds nothing personal
_NOT_THE_VIEWS = ("--exclude-table-data=view.[^s]*", "--exclude-table-data=view.s[^k]*")


_DATA = ("--schema=log", "--schema=access", "--schema=view")


class BackupError(Exception):
    """Nothing was saved or restored; the text says why."""


def take(url: str, folder: Path, now: datetime) -> Path:
    """Write both files; answers the log's. The product may run meanwhile."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = folder / f"log-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.dump"
    _dump(url, log, *_NOT_THE_VIEWS, "--exclude-table-data=vault.*")
    _dump(url, folder / KEYS, "--data-only", "--schema=vault")  # second: a key is there before what it seals
    return log


def restore(settings: Settings, folder: Path, vault_key: Path) -> Path:
    """Put the newest log and the keys into a database without data; answers the log's file."""
    logs = sorted(folder.glob("log-*.dump"))
    if not logs or not (folder / KEYS).exists():
        raise BackupError(f"{folder} holds no log-*.dump with a {KEYS}")
    key = vault_key.read_bytes()
    if len(key) != 32:
        raise BackupError(f"{vault_key} is no key of a vault")
    kept = settings.data / "vault.key"
    if kept.exists() and kept.read_bytes() != key:
        raise BackupError(f"{kept} is another key; move {settings.data} away first")
    with _database(settings) as url:
        schema.prepare(url, settings.data)
        with psycopg.connect(url) as conn:
            if conn.execute("SELECT 1 FROM log.stored_events LIMIT 1").fetchone():
                raise BackupError("there are data already; restore into a database without")
        run("pg_restore", url, "--data-only", "--single-transaction", *_DATA, str(logs[-1]))  # roles are this one's
        run("pg_restore", url, "--data-only", "--single-transaction", str(folder / KEYS))
    kept.touch(mode=0o600)
    kept.write_bytes(key)
    return logs[-1]


def _dump(url: str, path: Path, *options: str) -> None:
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    run("pg_dump", url, "--format=custom", f"--file={draft}", *options)
    draft.replace(path)


def run(name: str, url: str | None, *options: str) -> str:
    """What one of PostgreSQL's own programs writes."""
    target = [f"--dbname={url}"] if url else []
    done = subprocess.run([binaries() / name, *target, *options], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(f"{name} failed: {done.stderr.strip()[-600:]}")
    return done.stdout


def main(arguments: list[str]) -> int:
    """0 done, 1 not done, 2 called wrongly."""
    try:
        settings = Settings.from_environment()
        match arguments:
            case ["take", folder]:
                if not settings.database_url and not (settings.data / "postgres").exists():
                    raise BackupError(f"no data in {settings.data}; set JINLIN_DATA as the product has it")
                with _database(settings) as url:
                    print(f"saved {take(url, Path(folder), datetime.now(UTC))}")
            case ["restore", folder, vault_key]:
                log = restore(settings, Path(folder), Path(vault_key))
                print(f"restored {log}; start the product, then: jinlin check")
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except (BackupError, PostgresError, SettingsError, OSError, psycopg.Error) as wrong:
        print(f"backup: {wrong}", file=sys.stderr)
        return 1
    return 0


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """The running server of the settings, or one started for this."""
    running = None if settings.database_url else running_url(settings.data / "postgres")
    if running is not None:
        yield running
        return
    with database_url(settings) as (url, _):
        yield url


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
