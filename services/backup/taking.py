"""Takes a backup: the log, what belongs to it, and the keys, all of one moment, while the product goes on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import Any

from psycopg import Connection

from projections.catalogue import VIEWS
from services.backup.archive import (
    KEYS_FILE,
    MANIFEST,
    SEALED,
    Archive,
    BackupError,
    Manifest,
    TableTold,
    Writer,
    archives,
    name_at,
    seen_whole,
    written,
)
from services.backup.connections import standing_still
from services.backup.custody import Pair, seal
from services.backup.tables import KEYS, Table, as_owner_of, rows_out, tables
from services.backup.told import figures_told, views_told
from services.database.database import Database
from services.database.installation import Identity, identity

FORMER_KEYS = "keys.dump"
_NAMES = [view.name for view in VIEWS]


@dataclass(frozen=True, slots=True)
class Taken:
    """``seconds`` is how long it took."""

    path: Path
    position: int
    taken_at: datetime
    seconds: float


def take(
    database: Database, pair: Pair, folder: Path, now: datetime, stopping: Callable[[], bool] = lambda: False
) -> Taken:
    """Write both files into a folder that is there. Raises ``BackupError``, ``Stopped``."""
    began = monotonic()
    with standing_still(database) as still:
        said = identity(still.tables)
        position = _end(still.tables)
        if said is None or not position:
            raise BackupError("nothing was told to this installation yet")
        if said.recovery is None:
            raise BackupError(
                "there is no recovery key yet, for which the keys are sealed: give `jinlin backup FOLDER` once by hand,"
                " which makes and shows one"
            )
        if {"vault.key": said.vault_key, "product.key": said.product_key} != pair.fingerprints:
            raise BackupError("the keys of the data folder are not those of this database")
        see_folder(folder, said, position, partial(_event_at, still.tables))
        steps = still.tables.execute("SELECT name FROM jinlin.steps ORDER BY name").fetchall()
        common = Manifest(
            said.installation,
            now,
            position,
            version("jinlin"),
            tuple(name for (name,) in steps),
            pair.fingerprints,
            end=_event_at(still.tables, position),
        )
        found = tables(still.tables)
        with written(folder / KEYS_FILE, seen_whole) as file:  # first: a key is there before what it seals
            told = _put(still.tables, file, [table for table in found if table.name == KEYS], stopping)
            file.whole(SEALED, seal(pair, said.recovery, said.installation))
            manifest = replace(common, tables=tuple(told), recovery=said.recovery.hex())
            file.whole(MANIFEST, manifest.body())
        path = folder / name_at(now)
        with written(path, seen_whole) as file:
            told = _put(still.tables, file, [table for table in found if table.name != KEYS], stopping)
            manifest = replace(
                common,
                tables=tuple(told),
                views=views_told(still.views, pair.product, stopping),
                figures=figures_told(still.views, pair.product),
            )
            file.whole(MANIFEST, manifest.body())
    return Taken(path, position, now, monotonic() - began)


def see_folder(folder: Path, said: Identity, position: int, event_at: Callable[[int], str | None]) -> None:
    """Raise ``BackupError`` where a folder is not for these backups, since the keys of its older ones are replaced.

    ``event_at`` answers the digest of the event at a position.
    """
    if (folder / FORMER_KEYS).exists():
        raise BackupError(
            f"{folder} holds backups that deploy/backup.py made, whose {FORMER_KEYS} would never be renewed; use a new"
            " folder, and delete the old one when the new one has what you need"
        )
    for path in [*archives(folder)[-1:], folder / KEYS_FILE]:
        if not path.exists():
            continue
        there = Archive(path).manifest
        if there.installation != said.installation:
            raise BackupError(f"{folder} holds backups of another installation; use a folder of its own for each")
        if there.position > position or there.end not in (None, event_at(there.position)):
            raise BackupError(
                f"{folder} tells of a log up to position {there.position}, whose end is not in this one, up to"
                f" {position}: it was restored from an older backup. Its keys must not replace those of what it lost;"
                " use another folder"
            )


def _event_at(conn: "Connection[Any]", position: int) -> str | None:
    """A digest of the event at a position; ``None`` where there is none."""
    for table in tables(conn):
        if table.name == "log.stored_events":
            as_owner_of(conn, table, "SELECT")
    row = conn.execute(
        "SELECT encode(sha256(convert_to(originator_id || '|' || originator_version || '|' || topic, 'UTF8') || state),"
        " 'hex') FROM log.stored_events WHERE notification_id = %s",
        (position,),
    ).fetchone()
    conn.execute("RESET ROLE")
    return str(row[0]) if row else None


def _end(conn: "Connection[Any]") -> int:
    """Position of the log's last event. Raises ``BackupError`` where not all of it can be seen."""
    for table in tables(conn):
        if table.name == "log.stored_events":
            as_owner_of(conn, table, "SELECT")
    count, last = conn.execute(
        "SELECT count(*), coalesce(max(notification_id), 0) FROM log.stored_events"
    ).fetchone() or (0, 0)
    conn.execute("RESET ROLE")
    if count != last:
        raise BackupError(f"the log ends at position {last} and shows {count} events: give `jinlin check`")
    return int(last)


def _put(conn: "Connection[Any]", file: Writer, some: list[Table], stopping: Callable[[], bool]) -> list[TableTold]:
    for table in some:
        as_owner_of(conn, table, "SELECT")
        file.table(table.name, table.columns, rows_out(conn, table.select(table.columns, _NAMES), stopping))
    conn.execute("RESET ROLE")
    return file.tables
