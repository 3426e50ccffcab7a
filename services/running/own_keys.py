"""The two keys in the data folder: made once, before there are data, and used only with the data they belong to."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import Connection

from domain.recorded import Unreadable
from domain.register.dwelling.events import DwellingRegistered
from services.database.installation import (
    KEY_BYTES,
    PRODUCT_KEY,
    VAULT_KEY,
    Belonging,
    Identity,
    Stage,
    belonging,
    fingerprint,
    holds_events,
    identity,
    say_belonging,
    say_identity,
    write_whole,
)
from services.database.pulse import bounded
from services.log.event_log import EventLog
from services.log.pseudonyms import Pseudonyms
from services.log.vault import WrongKey
from services.runtime.settings import Settings
from services.trail.keys import TrailKeys, mark_in, origin_for, own_keys

LOST = {
    VAULT_KEY: "names, phones, dwellings and texts in the log cannot be read by anybody",
    PRODUCT_KEY: "receipts already given are called forged, links already given lead nowhere, the same statement file"
    " can be booked twice and the same dwelling registered twice",
}
_END = 2**62  # no position is there yet
_ASKED = 20  # dwellings of an older log that are asked whether their ids were made with the key


class MissingKey(Exception):
    """A key is not there, or is none; the text says which, what would be lost, and what to do."""


@dataclass(frozen=True, slots=True)
class OwnKeys:
    vault: bytes
    product: bytes


def read_key(path: Path) -> bytes | None:
    """The key in a file; ``None`` where there is no file. Raises ``MissingKey`` where it holds none."""
    if not path.exists():
        return None
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise MissingKey(f"{path} holds {len(key)} bytes, and a key has {KEY_BYTES}. {_remedy(path.name)}")
    return key


def own_key(data: Path, url: str, name: str) -> bytes:
    """The key of this name, the one that belongs to the database; made now only where nothing was ever told there.

    Raises ``MissingKey``, ``WrongKey``.
    """
    with psycopg.connect(bounded(url)) as conn:
        said, held = identity(conn), holds_events(conn)
    key = read_key(data / name)
    if key is None:
        if held or said is not None:
            raise MissingKey(f"{data / name} is missing, and the database holds data. {_remedy(name)}")
        key = secrets.token_bytes(KEY_BYTES)
        write_whole(data / name, key)
        return key
    wanted = said and (said.vault_key if name == VAULT_KEY else said.product_key)
    if wanted is not None and fingerprint(key) != wanted:
        raise WrongKey(f"{data / name} is the key of another installation, not of this database. {_remedy(name)}")
    return key


def _remedy(name: str) -> str:
    return (
        f"Without the right one {LOST[name]}, so no other one is made or used. Put the file back from where it is kept,"
        " or out of a backup: jinlin restore FOLDER --keys-only"
    )


def both_keys(data: Path, url: str) -> OwnKeys:
    """What a product needs. Raises ``MissingKey``, ``WrongKey``."""
    return OwnKeys(own_key(data, url, VAULT_KEY), own_key(data, url, PRODUCT_KEY))


def trail_keys(settings: Settings, url: str, now: datetime) -> TrailKeys:
    """The keys of the audit trail, made where it was not begun yet. Raises ``TrailKeyMissing``."""
    with psycopg.connect(bounded(url)) as conn:
        said = identity(conn)
        return own_keys(
            settings.data, mark_in(conn), origin_for(settings.public_url, said.installation if said else None), now
        )


def belong_together(data: Path, url: str, keys: OwnKeys, log: EventLog) -> None:
    """Note in data folder and database that they belong together. Raises ``WrongKey`` where an older log says no."""
    with psycopg.connect(bounded(url)) as conn:
        said, held = identity(conn), holds_events(conn)
        if said is None:
            if held and not named_with(log, conn, Pseudonyms(keys.product)):
                raise WrongKey(
                    f"{data / PRODUCT_KEY} is not the key with which this database names its dwellings."
                    f" {_remedy(PRODUCT_KEY)}"
                )
            kept = belonging(data)
            mine = kept.installation if kept and kept.installation else uuid4()
            say_identity(conn, Identity(mine, fingerprint(keys.vault), fingerprint(keys.product)))
            conn.commit()
            said = identity(conn)
        assert said is not None
    if held:
        say_belonging(data, Belonging(said.installation, Stage.LIVES))


def named_with(log: EventLog, conn: "Connection[Any]", pseudonyms: Pseudonyms) -> bool:
    """Whether the log's first dwellings have the ids that the key gives them, as far as they can still be read."""
    rows = conn.execute(
        "SELECT originator_id FROM log.stored_events WHERE topic = %s ORDER BY notification_id LIMIT %s",
        (DwellingRegistered.__name__, _ASKED),
    ).fetchall()
    readable = 0
    for (stream,) in rows:
        event = _read(log, stream)
        if isinstance(event, DwellingRegistered) and event.room is not None:
            readable += 1
            if pseudonyms.dwelling(event.estate, event.building, event.stairwell, event.room) == stream:
                return True
    return readable == 0


def _read(log: EventLog, stream: UUID) -> object:
    """The first event of a stream; ``None`` where it cannot be read."""
    with suppress(Unreadable):
        for recorded in log.of_streams([stream], _END):
            return recorded.event
    return None
