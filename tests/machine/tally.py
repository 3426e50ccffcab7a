"""A following that is no view, as a capability would bring one: it counts events into a table of its own.

``python -m tests.machine.tally`` is a ``jinlin follow`` that knows it.
"""

import sys

import psycopg

from projections.following import Batch, Following
from projections.projection import Connection
from services.database.logins import Login
from services.running.following import follow
from services.runtime.settings import Settings
from tests.postgres import logins_of

NAME = "tally"


def create_table(url: str) -> None:
    """What a schema step of the capability would do."""
    with psycopg.connect(url, autocommit=True) as conn:
        follower = logins_of(url).role(Login.FOLLOWER)
        conn.execute("CREATE SCHEMA tally")
        conn.execute("CREATE TABLE tally.events (position bigint PRIMARY KEY, name text NOT NULL)")
        conn.execute(f"GRANT USAGE ON SCHEMA tally TO {follower}")
        conn.execute(f"GRANT SELECT, INSERT ON tally.events TO {follower}")


def take(conn: Connection, batch: Batch) -> None:
    """An event taken in twice breaks the primary key."""
    conn.execute(
        "INSERT INTO tally.events SELECT * FROM unnest(%s::bigint[], %s::text[])",
        ([each.position for each in batch], [type(each.event).__name__ for each in batch]),
    )


TALLY = Following(NAME, take, batch=7)


if __name__ == "__main__":
    sys.exit(follow(Settings.from_environment(), (TALLY,)))
