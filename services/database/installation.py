"""Which installation a data folder and a database belong to: each says so, and nothing opens where they differ."""

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg import Connection

FILE = "installation.json"
VAULT_KEY, PRODUCT_KEY = "vault.key", "product.key"
TRAIL_KEY = "trail.key"  # several keys, with the name of the log: ``services.trail.keys``
KEY_BYTES = 32


class Stage(Enum):
    """How far the installation of a data folder is."""

    BEGUN = "begun"  # somebody said that a new one begins here; nothing was told yet
    RESTORING = "restoring"  # a backup is on its way into it
    LIVES = "lives"  # it holds data: whatever is missing now was lost


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a data folder says. ``installation`` is ``None`` for one that an older product left, until it is opened."""

    installation: UUID | None
    stage: Stage


@dataclass(frozen=True, slots=True)
class Identity:
    """What a database says: the fingerprints of both keys, and the public half of the recovery key if there is one."""

    installation: UUID
    vault_key: str
    product_key: str
    recovery: bytes | None = None


def fingerprint(key: bytes) -> str:
    """Tells a key from every other one, and nothing else about it."""
    return hmac.digest(key, b"jinlin fingerprint", hashlib.sha256)[:16].hex()


def belonging(data: Path) -> Belonging | None:
    """What the folder says of itself; ``None`` where it is no installation's, or is not there at all."""
    path = data / FILE
    if path.is_file():
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            return Belonging(UUID(said["installation"]), Stage(said["stage"]))
        except (ValueError, LookupError):  # damaged: the database says it once more
            return Belonging(None, Stage.LIVES)
    if any((data / name).exists() for name in (VAULT_KEY, PRODUCT_KEY, "postgres/cluster")):
        return Belonging(None, Stage.LIVES)
    return None


def say_belonging(data: Path, said: Belonging) -> None:
    """Write it down, whole or not at all."""
    if said.installation is None or belonging(data) == said:
        return
    body = {"installation": str(said.installation), "stage": said.stage.value}
    write_whole(data / FILE, (json.dumps(body) + "\n").encode())


def write_whole(path: Path, content: bytes) -> None:
    """A file of mode 0600 that is there with all its content, durable, or as it was before."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    fsync_folder(path.parent)


def fsync_folder(folder: Path) -> None:
    """Make the names in it durable."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def identity(conn: "Connection[Any]") -> Identity | None:
    """What the database says of itself; ``None`` where it says nothing, as before the first start."""
    if conn.execute("SELECT to_regclass('jinlin.identity')").fetchone() == (None,):
        return None
    row = conn.execute("SELECT installation, vault_key, product_key, recovery FROM jinlin.identity").fetchone()
    return Identity(*row) if row else None


def say_identity(conn: "Connection[Any]", said: Identity) -> None:
    """Write it down, once; what stands there already stands."""
    conn.execute(
        "INSERT INTO jinlin.identity (installation, vault_key, product_key, recovery)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (said.installation, said.vault_key, said.product_key, said.recovery),
    )


def holds_events(conn: "Connection[Any]") -> bool:
    """Whether anything was ever told to this database."""
    if conn.execute("SELECT to_regclass('log.stored_events')").fetchone() == (None,):
        return False
    return conn.execute("SELECT 1 FROM log.stored_events LIMIT 1").fetchone() is not None
