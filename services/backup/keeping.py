"""What becomes of a backup: noted, copied elsewhere, and the oldest ones removed."""

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from services.backup.archive import KEYS_FILE, Archive, BackupError, BackupUnderWay, archives, seen_whole
from services.backup.custody import Pair
from services.backup.tables import Stopped
from services.backup.taking import Taken, take
from services.database.database import Database
from services.database.installation import fsync_folder, write_whole
from services.runtime.settings import Settings

STATE = "backup.json"
_GLANCE = 0.5  # seconds between looks at whether a command has ended


@dataclass(frozen=True, slots=True)
class BackupState:
    """How the backups of this machine stand; times are ISO with their offset, ``failed_at`` is gone after a success."""

    taken_at: str | None = None
    position: int | None = None
    folder: str | None = None
    seconds: float | None = None
    failed_at: str | None = None


def state_of(data: Path) -> BackupState:
    """What the last backups came to; nothing where none was ever tried, or where the note cannot be read."""
    try:
        return BackupState(**json.loads((data / STATE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return BackupState()


def note(data: Path, state: BackupState) -> None:
    """For whoever watches, and for the schedule."""
    write_whole(data / STATE, (json.dumps(asdict(state)) + "\n").encode())


def back_up(
    settings: Settings,
    database: Database,
    pair: Pair,
    folder: Path,
    clock: Callable[[], datetime],
    stopping: Callable[[], bool] = lambda: False,
    see: Callable[[Path], object] = lambda folder: None,
) -> Taken:
    """Take one and note how it went, unless ``see`` raises why not.

    Raises ``BackupError``, ``Stopped`` and what the database raises.
    """
    try:
        see(folder)
        taken = take(database, pair, folder, clock(), stopping)
        if folder == settings.backup:
            elsewhere(settings, folder, stopping)
            for path in archives(folder)[: -settings.backup_keep]:
                path.unlink()
    except (Stopped, BackupUnderWay):
        raise
    except Exception:
        before = asdict(state_of(settings.data))
        note(settings.data, BackupState(**before | {"failed_at": clock().isoformat()}))
        raise
    note(
        settings.data,
        BackupState(taken.taken_at.isoformat(), taken.position, str(folder), round(taken.seconds, 3)),
    )
    return taken


def see_made(folder: Path) -> None:
    """Raise ``BackupError`` unless there are backups: a disk that is not mounted is no new folder for them."""
    if not (folder / KEYS_FILE).exists():
        raise BackupError(
            f"{folder} holds no backups; see that its disk is mounted, or make it one for them, once:"
            f" jinlin backup {shlex.quote(str(folder))}"
        )


def elsewhere(settings: Settings, folder: Path, stopping: Callable[[], bool]) -> None:
    """Bring what is new to the second folder, and let the command of the settings do what it does."""
    if settings.backup_copy is not None:
        _copy(folder, settings.backup_copy, settings.backup_keep)
    if settings.backup_then is not None:
        _call(settings.backup_then, folder, stopping)


def _copy(folder: Path, other: Path, keep: int) -> None:
    """The keys first, as always; then the logs, the newest of which are wanted."""
    see_made(other)
    theirs, ours = Archive(other / KEYS_FILE).manifest, Archive(folder / KEYS_FILE).manifest
    if theirs.installation != ours.installation or theirs.position > ours.position:
        raise BackupError(f"{other} holds backups of another installation or of a longer log; use another folder")
    there = {path.name for path in archives(other)}
    wanted = [path for path in archives(folder)[-keep:] if path.name not in there]
    for path in [folder / KEYS_FILE, *wanted]:
        draft = other / f".{path.name}.new"
        shutil.copyfile(path, draft)
        draft.chmod(0o600)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        seen_whole(draft)
        draft.replace(other / path.name)
    fsync_folder(other)
    for path in archives(other)[:-keep]:
        path.unlink()


def _call(command: str, folder: Path, stopping: Callable[[], bool]) -> None:
    words = shlex.split(command)
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, env=os.environ | {"JINLIN_BACKUP": str(folder)}) as child:
        while True:
            try:
                ended = child.wait(_GLANCE)
                break
            except subprocess.TimeoutExpired:
                if stopping():
                    child.terminate()
                    raise Stopped from None
    if ended:
        raise BackupError(f"the backup was taken, and JINLIN_BACKUP_THEN ({words[0]}) ended with {ended}")
