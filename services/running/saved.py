"""What a folder of backups holds: the files of this format, and those that deploy/backup.py made for older products."""

import re
import subprocess
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from uuid import UUID, uuid4

from services.backup.archive import KEYS_FILE, Archive, BackupError, Manifest, archives
from services.backup.tables import CHUNK
from services.backup.taking import FORMER_KEYS
from services.database.embedded_postgres import binaries
from services.running.restoring import Rows

_FORMER = "log-*.dump"
_NOT_PUT_IN = ("access.sessions", "access.attempts", "log.snapshots", "jinlin.steps", "jinlin.identity")
_ENTRY = re.compile(r"^\d+; \d+ \d+ TABLE DATA (\w+) (\w+) ", re.MULTILINE)
_COPY = re.compile(rb"^COPY [\w.\"]+ \((.*)\) FROM stdin;$")


class Saved:
    """A backup of this format: the log of one moment with the folder's newest keys."""

    def __init__(self, log: Archive, keys: Archive) -> None:
        self.log, self.keys = log, keys
        self._of = {table.name: (archive, table) for archive in (log, keys) for table in archive.manifest.tables}

    @property
    def name(self) -> str:
        return self.log.path.name

    @property
    def manifest(self) -> Manifest:
        return self.log.manifest

    @property
    def installation(self) -> UUID:
        return self.manifest.installation

    @property
    def recovery(self) -> bytes | None:
        told = self.keys.manifest.recovery
        return bytes.fromhex(told) if told else None

    @property
    def steps(self) -> Collection[str]:
        return self.manifest.steps

    @property
    def taken_at(self) -> datetime:
        return self.manifest.taken_at

    @property
    def fingerprints(self) -> dict[str, str]:
        return self.manifest.keys

    def tables(self) -> list[Rows]:
        return [Rows(told.name, told.columns, told.rows, told.sha256) for _, told in self._of.values()]

    def rows(self, table: Rows) -> Iterator[bytes]:
        archive, told = self._of[table.name]
        return archive.rows(told)

    def check(self) -> None:
        """Read all of it once, before anything is touched. Raises ``BackupError``."""
        self.log.check()
        self.keys.check()


@dataclass(frozen=True)
class FormerDump:
    """A backup that deploy/backup.py made: dumps of PostgreSQL, of which only the rows are taken.

    Their definitions name owners and settings that another server does not know, so the tables are made as always.
    """

    path: Path
    keys: Path

    @property
    def name(self) -> str:
        return self.path.name

    @cached_property
    def installation(self) -> UUID:
        return uuid4()

    @property
    def recovery(self) -> bytes | None:
        return None

    @property
    def taken_at(self) -> datetime:
        return datetime.strptime(self.path.name, "log-%Y%m%dT%H%M%SZ.dump").replace(tzinfo=UTC)

    @property
    def fingerprints(self) -> dict[str, str]:
        return {}

    @cached_property
    def steps(self) -> Collection[str]:
        text = b"".join(self._copied(self.path, "jinlin", "steps")).decode()
        columns, *rows = text.splitlines()
        place = columns.split(", ").index("name")
        return [row.split("\t")[place] for row in rows]

    def tables(self) -> list[Rows]:
        found = []
        for path in (self.path, self.keys):
            for schema, table in _ENTRY.findall(_restored_by("--list", str(path)).decode()):
                name = f"{schema}.{table}"
                if name in _NOT_PUT_IN or (schema == "view" and table != "skipped"):
                    continue
                lines = self._copied(path, schema, table)
                columns = next(lines).decode().strip().replace('"', "")
                found.append(Rows(name, tuple(columns.split(", ")), sum(part.count(b"\n") for part in lines), None))
        return found

    def rows(self, table: Rows) -> Iterator[bytes]:
        schema, name = table.name.split(".")
        lines = self._copied(self.keys if schema == "vault" else self.path, schema, name)
        next(lines)
        return lines

    def check(self) -> None:
        if not self.keys.exists():
            raise BackupError(f"{self.keys} is not there; without it nothing personal can be read")

    def _copied(self, path: Path, schema: str, table: str) -> Iterator[bytes]:
        """The columns, a line; then the rows in large pieces."""
        command = [str(binaries() / "pg_restore"), "--data-only", f"--schema={schema}", f"--table={table}", "--file=-"]
        with subprocess.Popen([*command, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
            assert child.stdout is not None and child.stderr is not None
            begun, waiting, size = False, list[bytes](), 0
            for line in child.stdout:
                if not begun:
                    found = _COPY.match(line.rstrip())
                    if found:
                        begun = True
                        yield found[1] + b"\n"
                    continue
                if line == b"\\.\n":
                    break
                waiting.append(line)
                size += len(line)
                if size >= CHUNK:
                    yield b"".join(waiting)
                    waiting, size = [], 0
            if waiting:
                yield b"".join(waiting)
            child.stdout.read()
            if child.wait():
                said = child.stderr.read().decode(errors="replace").strip()
                raise BackupError(f"{path} cannot be read: {said[-300:]}")
            if not begun:
                raise BackupError(f"{path} holds no rows of {schema}.{table}")


def _restored_by(*options: str) -> bytes:
    done = subprocess.run([str(binaries() / "pg_restore"), *options], capture_output=True, check=False)
    if done.returncode:
        raise BackupError(f"{options[-1]} cannot be read: {done.stderr.decode(errors='replace').strip()[-300:]}")
    return done.stdout


def chosen(folder: Path, name: str | None) -> Saved | FormerDump:
    """The newest backup of a folder, or the one of this name. Raises ``BackupError``."""
    if not folder.is_dir():
        raise BackupError(f"there is no folder {folder}; see that it is spelt right and that its disk is mounted")
    ours, former = archives(folder), sorted(folder.glob(_FORMER))
    if name is not None:
        found = [path for path in (*ours, *former) if path.name == Path(name).name]
        if not found:
            there = ", ".join(path.name for path in (*former, *ours)[-5:]) or "none"
            raise BackupError(f"{folder} holds no {name}; the newest there are: {there}")
        path = found[0]
    elif ours or former:
        path = (ours or former)[-1]
    else:
        raise BackupError(f"{folder} holds no backup: neither jinlin-*.zip nor {_FORMER}")
    if path in former:
        return FormerDump(path, folder / FORMER_KEYS)
    if not (folder / KEYS_FILE).exists():
        raise BackupError(f"{folder / KEYS_FILE} is not there; without it nothing personal can be read")
    log, keys = Archive(path), Archive(folder / KEYS_FILE)
    if log.manifest.installation != keys.manifest.installation:
        raise BackupError(f"{path} and {folder / KEYS_FILE} are of two installations; bring the one that belongs here")
    if keys.manifest.position < log.manifest.position:
        raise BackupError(
            f"{folder / KEYS_FILE} is older than {path.name} and does not open all of it; bring the newer one"
            f" (of {log.manifest.taken_at:%F %R} or later), or restore an older backup with --from"
        )
    return Saved(log, keys)


def longest_told(folder: Path) -> tuple[int, str]:
    """The end of the longest log of which the folder tells, and the file that tells of it; 0 where none does."""
    told = [(0, "")]
    for path in [*archives(folder), folder / KEYS_FILE]:
        if path.exists():
            told.append((Archive(path).manifest.position, path.name))
    return max(told)
