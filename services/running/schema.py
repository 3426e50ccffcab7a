"""The database as the product needs it: roles, schemas and tables, made in numbered steps that run once."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from projections.catalogue import VIEWS
from projections.projection import create_table
from services.database.backup_rights import let_read
from services.database.logins import FILE, KeptPasswords, Login, Logins, logins_made, remembered
from services.database.pooler import check_direct
from services.database.pulse import alone
from services.log.event_store import create_log

ROOMS = Path(__file__).parents[1]
_OF_THE_LOG = "003"  # steps before this one come before the log's own tables, all others after them
_SETTING_UP = "setting up"  # the step that stands while a first start is under way
_LOCK = 0x6A696E6C696E  # "jinlin": two starts at once prepare one after the other


def steps() -> tuple[list[Path], list[Path]]:
    """The steps before and after the log's own tables, in the order of their numbers: ``<room>/schema/NNN_what.sql``.

    A database remembers a step by the name of its file, which therefore never changes; the room may.
    """
    found = sorted(ROOMS.glob("*/schema/*.sql"), key=lambda path: path.name)
    return [each for each in found if each.name < _OF_THE_LOG], [each for each in found if each.name >= _OF_THE_LOG]


def prepare(url: str, data: Path, only: Collection[str] | None = None) -> Logins:
    """Bring the database up to date; does nothing where all is there. ``url`` must be allowed to create roles.

    ``only`` these steps are done where what is put in next comes out of an older database, which had done no others.
    Answers the logins of the database, whose passwords are kept in ``data``. Raises ``UnsafeServer``.
    """
    check_direct(url)
    with alone(url) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        logins = logins_made(conn, url, KeptPasswords(data / FILE))
        conn.execute(
            "CREATE TABLE IF NOT EXISTS jinlin.steps (name text PRIMARY KEY, done_at timestamptz DEFAULT now())"
        )
        if _stands(conn, _SETTING_UP):
            _start_over(conn)
        before, after = steps()
        if only is not None:
            before, after = ([step for step in some if step.name in only] for some in (before, after))
        for step in before:
            _once(conn, step, logins)
        create_log(logins)  # under the same lock: two that create a function at once disturb each other
        for step in after:
            _once(conn, step, logins)
        with conn.transaction():
            conn.execute(SQL("SET LOCAL ROLE {}").format(Identifier(logins.role(Login.OWNER))))
            for view in VIEWS if only is None else ():  # they may need what the older one does not have yet
                create_table(conn, view)
        let_read(conn, logins)
    return logins


def standing(url: str, data: Path) -> Logins | None:
    """The logins of a database that lacks nothing, asked for without anybody who may set up; ``None`` otherwise."""
    logins = remembered(url, KeptPasswords(data / FILE))
    if logins is None or Login.FOLLOWER not in logins.passwords:
        return None
    wanted = {step.name for some in steps() for step in some}
    with psycopg.connect(logins.conninfo(Login.FOLLOWER), autocommit=True) as conn:
        try:
            done = {name for (name,) in conn.execute("SELECT name FROM jinlin.steps")}
        except psycopg.errors.InsufficientPrivilege:  # a first start is under way
            return None
        tables = conn.execute(
            "SELECT count(to_regclass('view.' || quote_ident(name))) FROM unnest(%s::text[]) AS name",
            ([view.name for view in VIEWS],),
        ).fetchone()
    whole = wanted <= done and _SETTING_UP not in done and tables == (len(VIEWS),)
    return logins if whole else None


@contextmanager
def setting_up(url: str) -> Iterator[None]:
    """What a first start puts in here is there whole; if it is cut short, the next ``prepare`` begins anew.

    The mark is in the database, so that nothing told after its end can become durable before it is gone.
    """
    with alone(url) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        conn.execute("INSERT INTO jinlin.steps (name) VALUES (%s)", (_SETTING_UP,))
        yield
        conn.execute("DELETE FROM jinlin.steps WHERE name = %s", (_SETTING_UP,))


def start_over(url: str) -> None:
    """Take away what this database was prepared for; only where it holds nothing that anybody needs."""
    with psycopg.connect(url, autocommit=True) as conn:
        if conn.execute("SELECT to_regclass('jinlin.steps')").fetchone() != (None,):
            _start_over(conn)


def _start_over(conn: "Connection[Any]") -> None:
    with conn.transaction():
        conn.execute("DROP SCHEMA IF EXISTS log, view, vault, access, trail CASCADE")
        conn.execute("DROP TABLE IF EXISTS jinlin.identity")
        conn.execute("DELETE FROM jinlin.steps")


def _stands(conn: "Connection[Any]", step: str) -> bool:
    return conn.execute("SELECT 1 FROM jinlin.steps WHERE name = %s", (step,)).fetchone() is not None


def _once(conn: "Connection[Any]", step: Path, logins: Logins) -> None:
    with conn.transaction():
        if _stands(conn, step.name):
            return
        conn.execute(logins.named(step.read_text(encoding="utf-8")).encode())
        conn.execute("INSERT INTO jinlin.steps (name) VALUES (%s)", (step.name,))
