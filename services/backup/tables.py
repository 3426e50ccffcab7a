"""What a backup takes of a database: tables of these schemas by name, as text that any PostgreSQL reads."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier, Literal

CHUNK = 1 << 18  # bytes, about
_SCHEMAS = ("log", "access", "vault", "trail")
KEYS = "vault.keys"
# sessions shall not live again, attempts are of the moment, snapshots are made anew of the log
_LEFT_OUT = {"access.sessions", "access.attempts", "log.snapshots"}
_SKIPPED, _POSITIONS = "view.skipped", "view.positions"  # of the views, which are folded anew, there is only this
# as texts read alike on every server and in every session
_SPELLING = (
    "SET LOCAL client_encoding = 'UTF8'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL bytea_output = 'hex'",
    "SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN"
    " ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')",  # the last one since 17
)
_TABLES = """
SELECT n.nspname || '.' || c.relname, pg_get_userbyid(c.relowner),
    array(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped
          AND attgenerated = '' ORDER BY attnum),
    array(SELECT a.attname::text FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
          WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY array_position(i.indkey::int2[], a.attnum)),
    array(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attcollation <> 0),
    array(SELECT DISTINCT fn.nspname || '.' || f.relname FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
          JOIN pg_namespace fn ON fn.oid = f.relnamespace WHERE k.conrelid = c.oid AND k.contype = 'f')
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relpersistence = 'p' AND NOT c.relispartition
AND (n.nspname = ANY(%s) OR n.nspname || '.' || c.relname = ANY(%s))
ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Table:
    """``key`` are the columns it is sorted by, of which those in ``texts`` are compared byte by byte."""

    name: str
    owner: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    texts: frozenset[str]
    after: frozenset[str]  # tables that have to be there before it

    @property
    def place(self) -> Identifier:
        return Identifier(*self.name.split(".", 1))

    def select(self, columns: Sequence[str], views: Iterable[str]) -> Composed:
        """All rows in an order that is the same on every server. Of positions only those of what is no view."""
        order = [
            SQL('{} COLLATE "C"').format(Identifier(name)) if name in self.texts else Identifier(name)
            for name in self.key
        ]
        where: Composed | SQL = SQL("")
        if self.name == _POSITIONS:
            where = SQL(" WHERE regexp_replace(name, '__new$', '') <> ALL ({})").format(Literal(list(views)))
        return SQL("SELECT {} FROM {} AS t{} ORDER BY {}").format(
            SQL(", ").join(map(Identifier, columns)),
            self.place,
            where,
            SQL(", ").join(order) if order else SQL('t::text COLLATE "C"'),
        )


def spelt_alike(conn: "Connection[Any]") -> None:
    """Have this transaction write and read texts as every other one of this file does."""
    for statement in _SPELLING:
        conn.execute(statement)


def tables(conn: "Connection[Any]") -> list[Table]:
    """All there are, each after those that it refers to."""
    rows = conn.execute(_TABLES, (list(_SCHEMAS), [_SKIPPED, _POSITIONS])).fetchall()
    found = {
        name: Table(name, owner, tuple(columns), tuple(key), frozenset(texts), frozenset(after) - {name})
        for name, owner, columns, key, texts, after in rows
        if name not in _LEFT_OUT
    }
    order = TopologicalSorter({name: table.after & found.keys() for name, table in found.items()}).static_order()
    return [found[name] for name in order]


@dataclass
class Counted:
    """What went through: rows, and a digest of all of it."""

    rows: int = 0
    digest: Any = None

    def __post_init__(self) -> None:
        self.digest = hashlib.sha256()

    def through(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.rows += chunk.count(b"\n")  # one ends each row; those within a text are written as \n
            self.digest.update(chunk)
            yield chunk


def rows_out(conn: "Connection[Any]", query: Composed, stopping: Callable[[], bool] = lambda: False) -> Iterator[bytes]:
    """The rows of a query as PostgreSQL writes them, in large pieces. Raises ``Stopped``."""
    waiting: list[bytes] = []
    size = 0
    with conn.cursor() as cursor, cursor.copy(SQL("COPY ({}) TO STDOUT").format(query)) as copy:
        for row in copy:
            waiting.append(bytes(row))
            size += len(row)
            if size >= CHUNK:
                if stopping():
                    raise Stopped
                yield b"".join(waiting)
                waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


class Stopped(Exception):
    """Whoever asked for it wants no more."""


def rows_in(conn: "Connection[Any]", table: Table, columns: Sequence[str], chunks: Iterable[bytes]) -> None:
    """Put rows into a table. Raises what the driver raises."""
    names = SQL(", ").join(map(Identifier, columns))
    with conn.cursor() as cursor, cursor.copy(SQL("COPY {} ({}) FROM STDIN").format(table.place, names)) as copy:
        for chunk in chunks:
            copy.write(chunk)


def as_owner_of(conn: "Connection[Any]", table: Table, right: str) -> None:
    """Act as the table's owner for what follows, unless one may as oneself: no superuser is needed."""
    conn.execute("RESET ROLE")
    row = conn.execute(
        "SELECT rolsuper OR has_table_privilege(%s::regclass, %s) FROM pg_roles WHERE rolname = current_user",
        (table.name, right),
    ).fetchone()
    if row != (True,):
        conn.execute(SQL("SET LOCAL ROLE {}").format(Identifier(table.owner)))


def counters_go_on(conn: "Connection[Any]", table: Table) -> None:
    """Sequences of a table's columns go on after what was put in."""
    for column in table.columns:
        row = conn.execute("SELECT pg_get_serial_sequence(%s, %s)", (table.name, column)).fetchone()
        if row and row[0]:
            conn.execute(
                SQL("SELECT setval({}, coalesce((SELECT max({}) FROM {}), 1))").format(
                    Literal(row[0]), Identifier(column), table.place
                )
            )
