"""A backup on disk: one zip file of tables as text with a manifest that tells what is in it, whole or not there at all.

``jinlin-<time>.zip`` holds everything but keys and views. ``keys.zip`` holds the wrapped keys and is replaced at every
backup, so that what was forgotten since is forgotten in all older ones of the folder too; with them lie the vault's and
the product's own keys, sealed for the recovery key. Formats are only added to: every later product reads this one.
"""

import json
import os
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.backup.tables import CHUNK, Counted
from services.database.installation import fsync_folder

FORMAT = 1
MANIFEST = "manifest.json"
SEALED = "own-keys.sealed"
KEYS_FILE = "keys.zip"
_NAME = re.compile(r"jinlin-\d{8}T\d{6}Z\.zip")
_QUICKLY = 1  # of nine: the log is sealed, and gets hardly smaller with more
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, LookupError, EOFError)


class BackupError(Exception):
    """Nothing was saved or restored; the text says why and what to do."""


class BackupUnderWay(BackupError):
    """Somebody else takes one just now: there is nothing wrong with that."""


@dataclass(frozen=True, slots=True)
class TableTold:
    """``sha256`` is of the rows as text, in the order of their key."""

    name: str
    columns: tuple[str, ...]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ViewTold:
    """``mac`` is keyed with the product's key: rows show names and phones, which nobody shall guess by trying."""

    name: str
    position: int
    shape: str
    rows: int
    mac: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a file of a backup says of itself. ``steps`` are those of the schema that its tables had, ``end`` a digest
    of the log's last event: a log that was restored and went on has another one at that position.
    """

    installation: UUID
    taken_at: datetime
    position: int
    product: str
    steps: tuple[str, ...]
    keys: dict[str, str]
    tables: tuple[TableTold, ...] = ()
    views: tuple[ViewTold, ...] = ()
    figures: dict[str, Any] = field(default_factory=dict)
    recovery: str | None = None
    end: str | None = None

    def body(self) -> bytes:
        told = {"format": FORMAT, **asdict(self)}
        told["installation"], told["taken_at"] = str(self.installation), self.taken_at.isoformat()
        return json.dumps(told, ensure_ascii=False, indent=1).encode()

    @classmethod
    def of(cls, body: bytes) -> "Manifest":
        told = json.loads(body)
        if told["format"] > FORMAT:
            raise BackupError(f"it was made by Jinlin {told['product']}, which is newer; restore it with that one")
        return cls(
            installation=UUID(told["installation"]),
            taken_at=datetime.fromisoformat(told["taken_at"]),
            position=told["position"],
            product=told["product"],
            steps=tuple(told["steps"]),
            keys=told["keys"],
            tables=tuple(TableTold(t["name"], tuple(t["columns"]), t["rows"], t["sha256"]) for t in told["tables"]),
            views=tuple(ViewTold(**each) for each in told["views"]),
            figures=told["figures"],
            recovery=told["recovery"],
            end=told.get("end"),
        )


class Writer:
    """Fills a zip file."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.tables: list[TableTold] = []

    def table(self, name: str, columns: Sequence[str], chunks: Iterable[bytes]) -> None:
        counted = Counted()
        with self._file.open(name, "w", force_zip64=True) as entry:
            for chunk in counted.through(chunks):
                entry.write(chunk)
        self.tables.append(TableTold(name, tuple(columns), counted.rows, counted.digest.hexdigest()))

    def whole(self, name: str, content: bytes) -> None:
        self._file.writestr(name, content)


@contextmanager
def written(path: Path, see: Callable[[Path], object]) -> Iterator[Writer]:
    """A new file in the place of whatever was there, once it is durable and ``see`` has nothing to say against it."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    try:
        with draft.open("r+b") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=_QUICKLY) as file:
                yield Writer(file)
            raw.flush()
            os.fsync(raw.fileno())
        see(draft)
        draft.replace(path)
        fsync_folder(path.parent)
    finally:
        draft.unlink(missing_ok=True)


class Archive:
    """A file of a backup, read. Raises ``BackupError`` where it is damaged."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with zipfile.ZipFile(path) as file:
                self.manifest = Manifest.of(file.read(MANIFEST))
        except FileNotFoundError:
            raise BackupError(f"{path} is not there") from None
        except BackupError as newer:
            raise BackupError(f"{path}: {newer}") from None
        except _BROKEN as broken:
            raise BackupError(f"{path} is damaged or no backup ({type(broken).__name__}); take another one") from None

    def rows(self, table: TableTold) -> Iterator[bytes]:
        """The rows of a table, checked against the manifest when all have been read."""
        counted = Counted()
        try:
            with zipfile.ZipFile(self.path) as file, file.open(table.name) as entry:
                yield from counted.through(iter(lambda: entry.read(CHUNK), b""))
        except _BROKEN as broken:
            raise BackupError(f"{self.path} is damaged at {table.name} ({type(broken).__name__})") from None
        if (counted.rows, counted.digest.hexdigest()) != (table.rows, table.sha256):
            raise BackupError(f"{self.path} is damaged: {table.name} is not what its manifest tells")

    def sealed(self) -> bytes | None:
        """The own keys, sealed; ``None`` where they are not in it."""
        try:
            with zipfile.ZipFile(self.path) as file:
                return file.read(SEALED) if SEALED in file.namelist() else None
        except _BROKEN as broken:
            raise BackupError(f"{self.path} is damaged at {SEALED} ({type(broken).__name__})") from None

    def check(self) -> None:
        """Read all of it once. Raises ``BackupError``."""
        for table in self.manifest.tables:
            for _ in self.rows(table):
                pass


def seen_whole(path: Path) -> None:
    """Raises ``BackupError`` where what was just written cannot be read back."""
    Archive(path).check()


def name_at(now: datetime) -> str:
    return f"jinlin-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.zip"


def archives(folder: Path) -> list[Path]:
    """The backups of a folder, the oldest first."""
    return sorted(path for path in folder.glob("jinlin-*.zip") if _NAME.fullmatch(path.name))
