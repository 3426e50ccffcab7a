"""How a backup reaches the database: in this one place."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Literal

from services.backup.archive import BackupUnderWay
from services.backup.tables import spelt_alike
from services.database.database import Database
from services.database.logins import Login

_LOCK = 7_305_036  # of the advisory lock: one backup at a time


@dataclass(frozen=True, slots=True)
class Still:
    """Two looks at one moment: ``tables`` reads all but the views, ``views`` their rows of every estate."""

    tables: "Connection[Any]"
    views: "Connection[Any]"


@contextmanager
def standing_still(database: Database) -> Iterator[Still]:
    """Whatever is read here is as it was when this began, while the product goes on. Raises ``BackupUnderWay``."""
    with (
        psycopg.connect(database.logins.conninfo(Login.BACKUP)) as tables,
        psycopg.connect(database.logins.conninfo(Login.FOLLOWER)) as views,
    ):
        tables.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        if tables.execute("SELECT pg_try_advisory_xact_lock(%s)", (_LOCK,)).fetchone() != (True,):
            raise BackupUnderWay("another backup of this database is under way; wait for its end")
        spelt_alike(tables)
        row = tables.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        views.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        views.execute(SQL("SET TRANSACTION SNAPSHOT {}").format(Literal(row[0])))
        spelt_alike(views)
        yield Still(tables, views)
