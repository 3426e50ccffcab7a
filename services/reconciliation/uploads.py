"""Statement files while nobody has started them: sealed under a key of their own, with the table that they are."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.types.json import Jsonb

from services.database.database import ANY_ESTATE, Database
from services.log.not_found import NotFound
from services.log.vault import Vault
from services.reconciliation.formats import mapping
from services.reconciliation.formats.entry import ProviderStatement
from services.reconciliation.formats.mapping import Mapping as Columns
from services.reconciliation.formats.reading import Understood, Unknown

_SELECT = "SELECT file, estate, uploaded_at, key, sealed FROM log.statement_files"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is sealed of a file: its statement, and the table of a bank, with what its columns seem to be.

    ``wrong`` is why it was not read so, as a code with its facts.
    """

    statement: ProviderStatement | None = None
    rows: list[list[str]] = field(default_factory=list)
    head: int = 0
    guess: dict[str, Any] = field(default_factory=dict)
    wrong: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it lies there; ``sealed`` is ``None`` once all of it is in the log."""

    id: UUID
    estate: str
    uploaded_at: datetime
    key: UUID
    sealed: bytes | None


def kept_of(found: ProviderStatement | Understood | Unknown) -> Kept:
    """What is kept of a file that was looked into."""
    match found:
        case Understood(statement, rows, head, guess):
            return Kept(statement, [list(row) for row in rows], head, guess)
        case Unknown(rows, head, guess, wrong):
            return Kept(None, [list(row) for row in rows], head, guess, wrong)
        case _:
            return Kept(found)


class Uploads:
    """The files, and what people said of the columns in layouts that nobody knew."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._holding = Lock()

    def add(self, upload: Upload, person: UUID) -> None:
        """Keep a file; the same one twice is kept once."""
        with self._database.lend([upload.estate]) as conn:
            conn.execute(
                "INSERT INTO log.statement_files (file, estate, uploaded_by, uploaded_at, key, sealed)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (upload.id, upload.estate, person, upload.uploaded_at, upload.key, upload.sealed),
            )

    def sealed(self, id: UUID, key: UUID, kept: Kept) -> bytes:
        """A file under its key."""
        sealer = self._vault.sealer(key)
        if sealer is None:
            raise NotFound
        return sealer.seal(zlib.compress(msgspec.json.encode(kept), 1), _bound(id))

    def opened(self, upload: Upload) -> Kept:
        """What is kept of a file; nothing once it is in the log, or forgotten."""
        opener = self._vault.openers({upload.key}).get(upload.key)
        if upload.sealed is None or opener is None:
            return Kept()
        return msgspec.json.decode(zlib.decompress(opener.open(upload.sealed, _bound(upload.id))), type=Kept)

    def mappings(self, estate: str, prints: Sequence[str]) -> dict[str, Columns]:
        """What was said of headings, by their fingerprints."""
        with self._database.lend([estate]) as conn:
            found = conn.execute(
                "SELECT fingerprint, columns FROM log.statement_mappings WHERE estate = %s AND fingerprint = ANY(%s)",
                (estate, list(prints)),
            ).fetchall()
        return {fingerprint: mapping.mapping_of(columns) for fingerprint, columns in found}

    def remember(self, conn: "psycopg.Connection[Any]", estate: str, head: Sequence[str], columns: Columns,
                 person: UUID, at: datetime) -> None:  # fmt: skip
        """Files with this heading are read so from now on."""
        conn.execute(
            "INSERT INTO log.statement_mappings (estate, fingerprint, columns, chosen_by, chosen_at)"
            " VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT (estate, fingerprint) DO UPDATE SET columns = excluded.columns,"
            " chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at",
            (estate, mapping.fingerprint(head), Jsonb(msgspec.to_builtins(asdict(columns))), person, at),
        )

    def one(self, id: UUID) -> Upload | None:
        """A file, if it is there."""
        return next(iter(self.those("file = %s", (id,))), None)

    def those(self, where: str, parameters: tuple[Any, ...], estates: Iterable[str] = ANY_ESTATE) -> list[Upload]:
        """Files by a condition."""
        with self._database.lend(estates) as conn:
            return [Upload(*row) for row in conn.execute(f"{_SELECT} WHERE {where}".encode(), parameters).fetchall()]

    @contextmanager
    def held(self, id: UUID) -> Iterator[tuple["psycopg.Connection[tuple[Any, ...]]", Upload]]:
        """A file that nobody else starts, reads or discards meanwhile. Raises ``NotFound``."""
        with self._holding, self._database.lend_by_id() as conn:
            row = conn.execute(f"{_SELECT} WHERE file = %s FOR UPDATE".encode(), (id,)).fetchone()
            if row is None:
                raise NotFound
            yield conn, Upload(*row)


def _bound(id: UUID) -> bytes:
    return f"statement|{id}".encode()
