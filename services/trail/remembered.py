"""What the data folder remembers of the log, outside the database: the largest checkpoint that was cosigned.

It lies beside the keys. A database that was put back to an earlier state knows nothing of what came after; this does.
"""

from pathlib import Path

from services.database.installation import write_whole
from services.tlog.checkpoint import Checkpoint
from services.tlog.note import Note, parse_note
from services.tlog.refusals import Malformed

FILE = "trail.cosigned"
RESTORED = "trail.restored"


def remembered(data: Path, origin: str) -> tuple[Checkpoint, Note] | None:
    """The largest cosigned checkpoint of this log that the folder knows of. Raises ``Forgotten``."""
    path = data / FILE
    if not path.exists():
        return None
    try:
        note = parse_note(path.read_bytes())
        checkpoint = Checkpoint.parse(note.text)
    except (Malformed, UnicodeError):
        raise Forgotten(f"{path} cannot be read: nobody knows what was cosigned last") from None
    return (checkpoint, note) if checkpoint.origin == origin else None


def remember(data: Path, note: Note) -> None:
    """Keep a cosigned checkpoint, unless a larger one of the same log is kept already."""
    checkpoint = Checkpoint.parse(note.text)
    try:
        kept = remembered(data, checkpoint.origin)
    except Forgotten:
        kept = None
    if kept is None or kept[0].size < checkpoint.size:
        write_whole(data / FILE, note.written().encode())


class Forgotten(Exception):
    """The file that remembers is damaged."""


def restored(data: Path) -> None:
    """A backup was put back into the folder: whether its log is the last one is to be shown."""
    write_whole(data / RESTORED, b"")


def is_restored(data: Path) -> bool:
    """Whether that was not shown yet."""
    return (data / RESTORED).exists()


def proven(data: Path) -> None:
    """It was shown, or two persons have said that it goes on."""
    (data / RESTORED).unlink(missing_ok=True)
