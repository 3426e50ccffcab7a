"""What is opened is what was meant: a data folder with its own database, or nothing, and one sentence that says why."""

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import structlog

from services.backup.archive import BackupError
from services.backup.custody import KeyRefused
from services.backup.keeping import state_of
from services.database.embedded_postgres import EmbeddedPostgres, PostgresError, running_url
from services.database.installation import Belonging, Stage, belonging, holds_events, identity, say_belonging
from services.database.pulse import bounded
from services.database.unsafe_server import UnsafeServer
from services.log.vault import WrongKey
from services.running.follow_port import CannotListen
from services.running.own_keys import MissingKey
from services.running.wiring import database_url
from services.runtime.settings import Settings
from services.trail.keys import TrailKeyMissing

log = structlog.get_logger()

_REFUSED_ENTRY = "the database cannot be used as it is"


class NotOpened(Exception):
    """Data folder or database are not what was meant; the text says which and what to do."""


@contextmanager
def opened(settings: Settings, *, first: bool = False) -> Iterator[tuple[str, EmbeddedPostgres | None]]:
    """The URL of the folder's own database, its server started for as long as this lasts where it is the embedded one.

    ``first`` lets what was only begun be opened. Nothing is made where nothing is opened. Raises ``NotOpened``.
    """
    see_folder(settings, first=first)
    with database_url(settings) as (url, embedded):
        see_database(settings, url, first=first)
        yield url, embedded


@contextmanager
def reached(settings: Settings) -> Iterator[str]:
    """As ``opened``, or the URL of the server that another process runs over the folder."""
    url = None if settings.database_url else running_url(settings.data / "postgres")
    if url is None:
        with opened(settings) as (started, _):
            yield started
        return
    see_database(settings, url)
    yield url


def see_folder(settings: Settings, *, first: bool = False) -> None:
    """Raise ``NotOpened`` unless the data folder is an installation's, with its database in it if that is its place."""
    data = settings.data
    said = belonging(data)
    if said is None:
        what = f"{data} holds no installation of Jinlin" if data.is_dir() else f"there is no folder {data}"
        raise NotOpened(
            f"{what}. If there should be one, see that JINLIN_DATA is spelt right and that its disk is mounted;"
            f" to begin a new one there: {_call(data, 'begin')}"
        )
    if said.stage is Stage.RESTORING:
        raise NotOpened(f"a restore into {data} was cut short; give the same jinlin restore again")
    if settings.database_url or (data / "postgres" / "cluster" / "PG_VERSION").exists():
        return
    if said.stage is Stage.LIVES:
        raise NotOpened(
            f"the database of {data} is gone: {data / 'postgres' / 'cluster'} holds none. See that its disk is mounted,"
            " or that JINLIN_DATABASE_URL is set if it was; out of a backup it comes back by: jinlin restore FOLDER"
        )
    if not first:
        raise NotOpened(_nothing_told(data))


def see_database(settings: Settings, url: str, *, first: bool = False) -> None:
    """Raise ``NotOpened`` unless the database belongs to the data folder, before anything is made in it."""
    data, kept = settings.data, belonging(settings.data)
    with psycopg.connect(bounded(url)) as conn:
        said, held = identity(conn), holds_events(conn)
    if kept is None:
        raise NotOpened(f"{data} holds no installation of Jinlin")
    if kept.stage is Stage.BEGUN:
        if said is None and not held:
            if first:
                return
            raise NotOpened(_nothing_told(data))
        if said is None or said.installation != kept.installation:
            raise NotOpened(
                f"the database holds data of another installation, and {data} was only begun. Set JINLIN_DATA to the"
                " folder with the keys of that database, or JINLIN_DATABASE_URL to a database without data"
            )
        if not held and not first:
            raise NotOpened(_nothing_told(data))
        return
    if said is not None and kept.installation is not None and said.installation != kept.installation:
        raise NotOpened(
            f"the database belongs to installation {said.installation}, and {data} to {kept.installation}: JINLIN_DATA"
            " or JINLIN_DATABASE_URL leads to the wrong one of two"
        )
    if not held:
        raise NotOpened(
            f"the database is empty, and {data} belongs to one that holds data. See that JINLIN_DATABASE_URL is right;"
            " if the database was lost, it comes back out of a backup: jinlin restore FOLDER"
        )


def say_if_shorter(data: Path, end: int) -> None:
    """Tell those who run it where the log ends before what this folder remembers to have saved of it."""
    saved = state_of(data)
    if saved.position is not None and saved.position > end:
        print(
            f"jinlin: the log ends at position {end:,}, and the backup of {saved.taken_at} held {saved.position:,}:"
            f" what came after is lost, or in {saved.folder}. Tell the stations, or restore that backup",
            file=sys.stderr,
            flush=True,
        )
        log.error("log_shorter_than_backup", position=end)


def lives(data: Path) -> None:
    """Note that the installation holds data from now on."""
    said = belonging(data)
    if said is not None:
        say_belonging(data, Belonging(said.installation, Stage.LIVES))


def begin(settings: Settings) -> int:
    """Note that a new installation begins in the data folder; the first ``jinlin run`` tells its demo."""
    data = settings.data
    said = belonging(data)
    if said is not None and said.stage is not Stage.BEGUN:
        raise NotOpened(f"{data} holds an installation already; start it: {_call(data, 'run')}")
    if said is None:
        if data.is_dir() and any(not _is_no_matter(path) for path in data.iterdir()):
            raise NotOpened(f"{data} holds files that are not Jinlin's; give it a folder of its own")
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        say_belonging(data, Belonging(uuid4(), Stage.BEGUN))
    print(f"a new installation begins in {data}; start it: {_call(data, 'run')}")
    return 0


def in_words(wrong: Exception) -> str | None:
    """What kept a command from its work, in a sentence; ``None`` for what nobody expected."""
    match wrong:
        case NotOpened() | MissingKey() | WrongKey() | TrailKeyMissing() | PostgresError() | UnsafeServer():
            return str(wrong)
        case BackupError() | KeyRefused() | CannotListen():
            return str(wrong)
        case psycopg.OperationalError():
            return f"the database does not answer: {_first_line(wrong)}"
        case psycopg.Error():
            return f"{_REFUSED_ENTRY}: {_first_line(wrong)}"
        case OSError():
            return f"{wrong.filename or 'a file'}: {wrong.strerror or wrong}"
    return None


def _first_line(wrong: Exception) -> str:
    return next(iter(str(wrong).strip().splitlines()), type(wrong).__name__)


def _is_no_matter(path: Path) -> bool:
    """What a new disk or the runbook puts into a folder before there are data."""
    return path.name in ("lost+found", "ballast") or path.name.startswith(".")


def _nothing_told(data: Path) -> str:
    return f"the installation in {data} was begun, and nothing was told to it yet: {_call(data, 'run')}"


def _call(data: Path, command: str) -> str:
    """The command as it has to be typed to mean this folder."""
    default = Settings.from_environment({}).data
    return f"jinlin {command}" if data == default else f"JINLIN_DATA={shlex.quote(str(data))} jinlin {command}"
