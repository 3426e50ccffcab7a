"""``jinlin restore``: puts a backup into a data folder and a database without data, with the keys that belong to it."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any, Protocol
from uuid import UUID

import psycopg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import Connection

from projections.catalogue import VIEWS
from services.backup.archive import BackupError
from services.backup.custody import KeyRefused, Pair
from services.backup.tables import Counted, Table, as_owner_of, counters_go_on, rows_in, rows_out, spelt_alike, tables
from services.database.installation import (
    PRODUCT_KEY,
    TRAIL_KEY,
    VAULT_KEY,
    Belonging,
    Identity,
    Stage,
    belonging,
    holds_events,
    identity,
    say_belonging,
    say_identity,
    write_whole,
)
from services.log.randomness import new_id
from services.log.vault import NONCE_BYTES
from services.running import schema
from services.running.own_keys import read_key
from services.running.upkeep import user
from services.running.wiring import built, database_url, utc_now
from services.runtime.settings import Settings
from services.trail.keys import TrailKeyMissing, TrailKeys, keep_keys, kept_keys
from services.trail.remembered import restored

_NAMES = [view.name for view in VIEWS]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a table that are to be put in; ``sha256`` is ``None`` where nobody noted it."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str | None


class Source(Protocol):
    """A backup of whatever age."""

    @property
    def name(self) -> str: ...

    @property
    def taken_at(self) -> datetime: ...

    @property
    def installation(self) -> UUID: ...

    @property
    def recovery(self) -> bytes | None: ...

    @property
    def steps(self) -> Collection[str]: ...

    def tables(self) -> list[Rows]: ...

    def rows(self, table: Rows) -> Any: ...


@dataclass(frozen=True, slots=True)
class Restored:
    """``seconds`` is how long it took."""

    position: int
    seconds: float


def restore(
    settings: Settings,
    source: Source,
    pair: Pair,
    told: Callable[[str], object] = print,
    *,
    new_product: bool = False,
    new_trail: bool = False,
) -> Restored:
    """Put it in, all or nothing. ``new_product`` says that the product's key is another one than it was, ``new_trail``
    that another audit trail begins, since nobody has the keys of the one that is in it.

    Raises ``BackupError``, ``KeyRefused`` and what the database raises.
    """
    began = monotonic()
    unknown = sorted(set(source.steps) - {step.name for some in schema.steps() for step in some})
    if unknown:
        raise BackupError(
            f"{source.name} was made by a newer Jinlin ({unknown[0]} is unknown here); restore it with that"
        )
    _see_room(settings, source.installation, pair)
    if not new_trail:
        _see_trail_keys(settings, source, pair)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with database_url(settings) as (url, _):
        with psycopg.connect(url) as conn:
            if identity(conn) is not None or holds_events(conn):
                raise BackupError("the database holds data; restore into one without, and a data folder of its own")
        say_belonging(settings.data, Belonging(source.installation, Stage.RESTORING))
        for name, key in ((VAULT_KEY, pair.vault), (PRODUCT_KEY, pair.product)):
            if read_key(settings.data / name) != key:
                write_whole(settings.data / name, key)
        put_trail_keys(settings.data, pair)
        schema.start_over(url)
        schema.prepare(url, settings.data, only=frozenset(source.steps))
        with psycopg.connect(url) as conn:
            position = _put_in(conn, source, pair, told, new_trail)
        if any(rows.name == "trail.cosignature" and rows.rows for rows in source.tables()) and not new_trail:
            restored(settings.data)
        if new_product:
            _take_for_its_own(settings, url, source, pair)
        try:
            with built(settings, url):  # brings the schema up to date, and asks an older log for its keys
                _remember(url, source, position)
        except BaseException:
            schema.start_over(url)
            raise
    say_belonging(settings.data, Belonging(source.installation, Stage.LIVES))
    return Restored(position, monotonic() - began)


def _see_trail_keys(settings: Settings, source: Source, pair: Pair) -> None:
    """Raise ``KeyRefused`` where a trail would come back without what it is signed and explained with."""
    if pair.trail or (settings.data / TRAIL_KEY).exists():
        return
    if any(rows.name == "trail.head" and rows.rows for rows in source.tables()):
        raise KeyRefused(
            f"{TRAIL_KEY} is not there, and without it receipts given so far cannot be explained and the audit trail"
            " cannot go on. Give it by --recovery-key FILE or --keys FOLDER; where it is gone for good, and that is"
            " accepted: --without-trail-key, which begins another trail"
        )


def put_trail_keys(data: Path, pair: Pair) -> None:
    """Bring the keys of the audit trail back, unless they are there: those may have been exchanged since."""
    if not pair.trail:
        return
    saved = TrailKeys.read(pair.trail)
    with suppress(TrailKeyMissing):  # what is damaged there is nobody's any more
        there = kept_keys(data)
        if there is not None and there.mark == saved.mark:
            return
    keep_keys(data, saved)


def _remember(url: str, source: Source, position: int) -> None:
    """For the log to tell, once it may be written again."""
    with psycopg.connect(url) as conn:
        conn.execute(
            "INSERT INTO access.restored (entry, at, position, taken_at, put_back_by) VALUES (%s, %s, %s, %s, %s)",
            (f"r{new_id().hex[:12]}", utc_now(), position, source.taken_at, user()),
        )


def _take_for_its_own(settings: Settings, url: str, source: Source, pair: Pair) -> None:
    """An older log would be asked for the product's key, and say that it is another one."""
    schema.prepare(url, settings.data)
    with psycopg.connect(url) as conn:
        say_identity(conn, _identity(source, pair))


def _identity(source: Source, pair: Pair) -> Identity:
    prints = pair.fingerprints
    return Identity(source.installation, prints[VAULT_KEY], prints[PRODUCT_KEY], source.recovery)


def _see_room(settings: Settings, installation: UUID, pair: Pair) -> None:
    """Raise unless the data folder is new, or one whose database was lost and whose keys are those of the backup."""
    data, said = settings.data, belonging(settings.data)
    if said is not None and said.stage is Stage.LIVES:
        if not settings.database_url and (data / "postgres" / "cluster" / "PG_VERSION").exists():
            raise BackupError(f"{data} holds data; set JINLIN_DATA to another folder, or move this one away first")
        if said.installation not in (None, installation):
            raise BackupError(f"{data} is the folder of another installation than the backup's; set JINLIN_DATA anew")
        for name, key in ((VAULT_KEY, pair.vault), (PRODUCT_KEY, pair.product)):
            if read_key(data / name) not in (None, key):
                raise KeyRefused(f"{data / name} is not the key of this backup; move {data} away first")


def _put_in(conn: "Connection[Any]", source: Source, pair: Pair, told: Callable[[str], object], new_trail: bool) -> int:
    """Everything in one transaction; answers the position of the log's end."""
    spelt_alike(conn)
    there = {table.name: table for table in tables(conn)}
    given = {rows.name: rows for rows in source.tables()}
    if new_trail:
        given = {name: rows for name, rows in given.items() if not name.startswith("trail.")}
    lost = sorted(given.keys() - there.keys())
    if lost:
        raise BackupError(f"{source.name} holds {lost[0]}, for which this version has no place")
    for name, table in there.items():
        if name in given:
            _put(conn, table, given[name], source)
            if given[name].rows:
                told(f"  {name}: {given[name].rows:,} rows")
    conn.execute("RESET ROLE")
    if new_trail:
        conn.execute("DELETE FROM view.positions WHERE name = 'trail'")
    _see_vault_opens(conn, there["vault.keys"], pair.vault)
    if conn.execute("SELECT to_regclass('jinlin.identity')").fetchone() != (None,):
        say_identity(conn, _identity(source, pair))
    as_owner_of(conn, there["log.stored_events"], "SELECT")
    count, last = conn.execute(
        "SELECT count(*), coalesce(max(notification_id), 0) FROM log.stored_events"
    ).fetchone() or (0, 0)
    if count != last or not last:
        raise BackupError(f"{source.name} is not whole: its log ends at position {last} and holds {count} events")
    conn.execute("RESET ROLE")
    return int(last)


def _put(conn: "Connection[Any]", table: Table, rows: Rows, source: Source) -> None:
    as_owner_of(conn, table, "INSERT")
    rows_in(conn, table, rows.columns, source.rows(rows))
    counters_go_on(conn, table)
    if rows.sha256 is None:
        return
    as_owner_of(conn, table, "SELECT")
    counted = Counted()
    for _ in counted.through(rows_out(conn, table.select(rows.columns, _NAMES))):
        pass
    if (counted.rows, counted.digest.hexdigest()) != (rows.rows, rows.sha256):
        raise BackupError(f"{table.name} reads otherwise after it was put in than it was saved; nothing was restored")


def _see_vault_opens(conn: "Connection[Any]", keys: Table, vault: bytes) -> None:
    """Raise ``KeyRefused`` unless the key opens what was just put in."""
    as_owner_of(conn, keys, "SELECT")
    row = conn.execute("SELECT subject, wrapped FROM vault.keys WHERE wrapped IS NOT NULL LIMIT 1").fetchone()
    conn.execute("RESET ROLE")
    if row is None:
        return
    subject, wrapped = row
    try:
        AESGCM(vault).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], subject.bytes)
    except InvalidTag:
        raise KeyRefused(
            "vault.key is not the one of this backup: names, phones, dwellings and texts could be read by nobody"
        ) from None
