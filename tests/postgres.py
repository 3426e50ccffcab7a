"""The database server of a run of the tests, its files in memory where there is room, and databases of one's own.

Workers of one run share a server, so that whatever one of them has told can be cloned by all.
"""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier

from services.database.embedded_postgres import EmbeddedPostgres
from services.database.logins import FILE, KeptPasswords, Login, Logins, address_of

MEMORY = Path("/dev/shm")  # a file system of Linux on which whatever is written is safe at once, and gone at the end
ROOM = 4 << 30  # bytes that have to be free there
PREFIX = "jinlin-tests-"
CONNECTIONS = 500  # of several workers, each with products that may hold some dozens
ALIVE = "alive"  # in each folder: locked as long as its run goes on


@contextmanager
def a_server(run: Path) -> Iterator[str]:
    """The URL of an embedded PostgreSQL with the product's own settings: durable, but no commit waits for a disk.

    ``run`` is a folder on disk that the workers of a run share. The first one starts the server and, at its own end,
    waits for the others; on machines without room in memory the server's files are in ``run`` too.
    """
    told = run / "server"
    with ExitStack() as held:
        users = held.enter_context((run / "server.users").open("w"))
        with alone(run / "server.turn"):
            fcntl.flock(users, fcntl.LOCK_SH)
            if mine := not told.exists():
                embedded = EmbeddedPostgres(held.enter_context(_in_memory()) or run / "postgres", CONNECTIONS)
                told.write_text(embedded.start(), encoding="utf-8")
        yield told.read_text(encoding="utf-8")
        if mine:
            with alone(run / "server.turn"):  # whoever comes now starts a server of its own
                fcntl.flock(users, fcntl.LOCK_EX)
                told.unlink()
                embedded.stop()


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """One at a time over a file, whichever process."""
    with path.open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


@contextmanager
def _in_memory() -> Iterator[Path | None]:
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        yield None
        return
    with ExitStack() as held:
        with alone(MEMORY / f"{PREFIX}turn"):  # runs start at once: nobody clears away what another one makes
            for left in MEMORY.glob(f"{PREFIX}*/"):
                if _deserted(left):
                    shutil.rmtree(left, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=MEMORY))
            fcntl.flock(held.enter_context((folder / ALIVE).open("w")), fcntl.LOCK_EX)
        held.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)  # where tests run as root, PostgreSQL does not and has to get in
        yield folder / "server"


def _deserted(folder: Path) -> bool:
    """Whether a run that was killed left this: nobody holds the lock that it held as long as it lived."""
    try:
        with (folder / ALIVE).open("rb") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def new_database(server: str, template: str = "template1") -> str:
    """The URL of a database of one's own."""
    name = f"t_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    if template != "template1":
        with psycopg.connect(url) as conn:  # a clone shares the logins of its template, unlike what is copied anew
            conn.execute(
                "UPDATE jinlin.installation SET database = (SELECT oid FROM pg_database WHERE datname = %s)", (name,)
            )
    return url


_passwords: dict[str, dict[Login, str]] = {}  # by installation


def remember(data: Path) -> None:
    """Know the passwords that lie in a data folder."""
    kept = KeptPasswords(data / FILE)
    _passwords.update((installation, kept.of(installation)) for installation in kept.installations())


def logins_of(url: str) -> Logins:
    """The logins of a database that was prepared in a folder which is remembered, or cloned from such a one."""
    with psycopg.connect(url) as conn:
        ((installation,),) = conn.execute("SELECT id FROM jinlin.installation").fetchall()
    return Logins(address_of(url), installation, _passwords[installation])


def keep_logins(url: str, data: Path) -> None:
    """Put the passwords of a database into a data folder that has none."""
    with psycopg.connect(url) as conn:
        prepared = conn.execute("SELECT to_regclass('jinlin.installation')").fetchone() != (None,)
    if prepared and not (data / FILE).exists():
        logins = logins_of(url)
        KeptPasswords(data / FILE).keep(logins.installation, logins.passwords)


def name_of(url: str) -> str:
    """The database's name."""
    return urlsplit(url).path.removeprefix("/")


def drop(server: str, url: str) -> None:
    """Remove a database, whoever is still connected."""
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name_of(url))))
