"""The shape every view has: keys of the rows that an event touches, and the fold of a row.

A row is a frozen dataclass kept as JSON in ``view.<name>`` with the estates that may see it; row-level security lets a
reader's transaction see only rows of the estates it named. Queries name tables without a schema: ``view`` unless a
transaction was set back to an earlier position (``as_of``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Generic, TypeVar
from weakref import WeakSet

import msgspec
import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from domain.catalogue import EVENTS
from domain.recorded import Recorded
from projections.fingerprint import fingerprint

R = TypeVar("R")

OWN_STREAM = "SELECT unnest(%(keys)s::text[])"  # each row is made of the events of the stream that is its key
# what may happen next and by whom, not what happened
NEVER_FOLDED = frozenset({"Decider.decide", "Decider.commands", "Decider.powers", "Decider.erasure"})

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class View(Generic[R]):
    """One view. ``evolve`` gives the next row for each key of an event; ``None`` removes the row.

    ``columns`` are texts taken out of ``body`` by SQL: what rows are found, sorted and counted by. Under row-level
    security no condition over ``body`` itself may use an index, as JSON operators might tell of rows that stay unseen.
    ``indexes`` are what ``CREATE INDEX ON table`` is followed by: columns in brackets, perhaps ``WHERE``.
    ``streams`` lets the view be looked back at (``as_of``): SQL from ``%(keys)s`` of rows to ids of the streams whose
    events they are made of, perhaps with ``%(estate_stream)s``. It may say so only if its rows are never removed and
    never leave an estate: a row that was there then is there now.
    ``stands_for`` is the view whose rows these are, where another one only leaves something out.
    ``events`` are the kinds that touch it (``None``: perhaps any): what cannot be read and may be none of them is
    nothing to it. ``made_of`` is SQL as of ``streams`` for a view that may not be looked back at, where its rows are
    made of more streams than one.
    ``withheld`` are the fields of ``body`` that readers outside the station never see, nor are rows found by them;
    ``None``: they see no row at all. ``shortened`` takes out of such a row what lies deeper.
    """

    name: str
    row: type[R]
    keys: Callable[[Recorded[Any]], Iterable[str]]
    evolve: Callable[[R | None, Recorded[Any]], R | None]
    estates: Callable[[R], Sequence[str]]
    indexes: tuple[str, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    streams: str = ""
    stands_for: "View[R] | None" = None
    events: frozenset[type[Any]] | None = None
    made_of: str = ""
    withheld: tuple[str, ...] | None = None
    shortened: Callable[[R], R] | None = None

    @cached_property
    def _decoder(self) -> "msgspec.json.Decoder[R]":
        return msgspec.json.Decoder(self.row)

    @cached_property
    def shape(self) -> str:
        """Changes whenever fields, columns, indexes or the fold do: a table of another shape is built anew."""
        if self.stands_for is not None:
            return self.stands_for.shape
        return meaning(self.row, self.keys, self.evolve, self.estates, dict(self.columns), self.indexes)

    def decode(self, body: str | bytes) -> R:
        """A row from its JSON."""
        return self._decoder.decode(body)

    def as_kept(self, row: R) -> R:
        """The row as it reads once it has been kept: JSON knows lists where Python has tuples."""
        return self.decode(_encode(row))


def meaning(*fold: object) -> str:
    """The fingerprint of a fold: whatever is made of events under another one is made anew."""
    return fingerprint(*fold, stored=_names_of_events(), without=NEVER_FOLDED)


@cache
def _names_of_events() -> Mapping[type[Any], str]:
    return {kind: name for name, kind in EVENTS.items()}


_encode = msgspec.json.Encoder(order="deterministic").encode


_from_outside: WeakSet[Any] = WeakSet()  # connections lent to readers outside the station


@contextmanager
def seen_from_outside(conn: Connection) -> Iterator[None]:
    """For so long ``fetch`` and ``select`` show what readers outside the station may see, and find by nothing else."""
    _from_outside.add(conn)
    try:
        yield
    finally:
        _from_outside.discard(conn)


def from_outside(conn: Connection) -> bool:
    """Whether a connection is lent to a reader outside the station."""
    return conn in _from_outside


def shown(conn: Connection, view: View[Any]) -> Composable:
    """What a query reads from, under the view's own name: from outside a view without what is withheld."""
    if conn not in _from_outside:
        return Identifier(view.name)
    names = {"name": Identifier(view.name)}
    if view.withheld is None:
        return SQL("(SELECT * FROM {name} WHERE false) AS {name}").format(**names)
    columns = SQL("").join(SQL(", {}").format(Identifier(column)) for column in view.columns)
    body = SQL("body - {}::text[]").format(Literal(list(view.withheld)))
    query = SQL("(SELECT key, estates, position, {body} AS body{columns} FROM {name}) AS {name}")
    return query.format(body=body, columns=columns, **names)


def read(conn: Connection, view: View[R], body: str) -> R:
    """A row of ``shown`` from its JSON."""
    row = view.decode(body)
    return view.shortened(row) if view.shortened and conn in _from_outside else row


def fetch(conn: Connection, view: View[R], key: str) -> R | None:
    """One row, if it is there and may be seen."""
    query = SQL("SELECT body::text FROM {} WHERE key = %s").format(shown(conn, view))
    found = conn.execute(query, (key,)).fetchone()
    return read(conn, view, found[0]) if found else None


def select(conn: Connection, view: View[R], where: str, parameters: Sequence[object] | Mapping[str, object]) -> list[R]:
    """Rows by a condition (with order and limit) over ``key``, ``estates``, ``position``, ``body`` and the columns."""
    query = SQL("SELECT body::text FROM {} WHERE {}").format(
        shown(conn, view),
        SQL(where),  # conditions are written in queries of this package, never by users
    )
    return [read(conn, view, body) for (body,) in conn.execute(query, parameters)]


def create_table(conn: Connection, view: View[Any], table: str | None = None, *, indexed: bool = True) -> None:
    """Create the view's table with row-level security and, if ``indexed``, its indexes, where it is not there yet.

    As the installation's owner: whom else it is for is told by his name.
    """
    table = table or view.name
    names = {"table": Identifier(table), **_roles(conn)}
    if conn.execute("SELECT to_regclass(%s)", (f'view."{table}"',)).fetchone() != (None,):
        return
    columns = [
        SQL(', {} text COLLATE "C" GENERATED ALWAYS AS ({}) STORED').format(Identifier(name), SQL(expression))
        for name, expression in view.columns.items()
    ]
    conn.execute(
        SQL(
            "CREATE TABLE view.{table} (key text PRIMARY KEY, estates text[] NOT NULL,"
            " position bigint NOT NULL, body jsonb NOT NULL{columns})"
        ).format(columns=Composed(columns), **names)
    )
    if indexed:
        create_indexes(conn, view, table)
    for statement in _PROTECTION:
        conn.execute(SQL(statement).format(**names))


def create_indexes(conn: Connection, view: View[Any], table: str) -> None:
    """Create what the view's queries search by."""
    for index in view.indexes:
        conn.execute(SQL("CREATE INDEX ON view.{} {}").format(Identifier(table), SQL(index)))


def _roles(conn: Connection) -> dict[str, Identifier]:
    """The installation's roles differ in their last word alone (``services.database.logins``)."""
    row = conn.execute("SELECT current_user").fetchone()
    stem = str(row[0]).removesuffix("owner") if row else ""
    return {name: Identifier(stem + name) for name in ("owner", "web", "follower", "backup")}


_PROTECTION = (
    "ALTER TABLE view.{table} ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE view.{table} FORCE ROW LEVEL SECURITY",
    "GRANT SELECT ON view.{table} TO {web}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON view.{table} TO {follower}",
    "GRANT SELECT ON view.{table} TO {backup}",  # of which no policy shows it a row: names stand here in the clear
    "CREATE POLICY own_estates ON view.{table} FOR SELECT TO {web} USING"
    " (estates && string_to_array(nullif(current_setting('jinlin.estates', true), ''), ','))",
    "CREATE POLICY follower ON view.{table} TO {follower} USING (true) WITH CHECK (true)",
    "CREATE POLICY owner ON view.{table} TO {owner} USING (true) WITH CHECK (true)",
)


@dataclass(frozen=True, slots=True)
class Folded:
    """What a batch does to a view: rows to write by key with the position of their last change, and keys to remove."""

    written: Mapping[str, tuple[Any, int]]
    removed: Sequence[str]


Keyed = Sequence[tuple[Recorded[Any], Sequence[str]]]


def keyed(view: View[Any], batch: Iterable[Recorded[Any]]) -> Keyed:
    """What of a batch touches the view, each event with the keys of the rows that it touches."""
    events = view.events
    wanted = batch if events is None else [recorded for recorded in batch if type(recorded.event) in events]
    return [(recorded, keys) for recorded in wanted if (keys := tuple(view.keys(recorded)))]


def keys_of(touching: Keyed) -> list[str]:
    """All keys that are touched."""
    return list(dict.fromkeys(key for _, keys in touching for key in keys))


def fold(view: View[R], rows: dict[str, R | None], touching: Keyed) -> Folded:
    """Fold what touches the view into ``rows`` (the rows of all its keys as they stand); pure."""
    touched: dict[str, int] = {}
    for recorded, keys in touching:
        for key in keys:
            before = rows.get(key)
            after = view.evolve(before, recorded)
            if after is not before:
                rows[key] = after
                touched[key] = recorded.position
    written = {key: (rows[key], position) for key, position in touched.items() if rows[key] is not None}
    return Folded(written, [key for key in touched if rows[key] is None])


def read_rows(conn: Connection, view: View[R], table: str, keys: Sequence[str]) -> dict[str, R | None]:
    """The rows of these keys, whatever estate they belong to (as the follower)."""
    query = SQL("SELECT key, body::text FROM view.{} WHERE key = ANY(%s)").format(Identifier(table))
    return {key: view.decode(body) for key, body in conn.execute(query, (list(keys),))}


def write_rows(conn: Connection, view: View[R], table: str, folded: Folded) -> None:
    """Write what a batch did, in the caller's transaction."""
    if folded.written:
        conn.execute(_upsert(table), written(view, folded))
    if folded.removed:
        conn.execute(SQL("DELETE FROM view.{} WHERE key = ANY(%s)").format(Identifier(table)), (list(folded.removed),))


def written(view: View[R], folded: Folded) -> tuple[list[str], list[str], list[int], list[str]]:
    """What a batch writes, as it is sent: keys, estates, positions, bodies."""
    keys, estates, positions, bodies = [], [], [], []
    for key, (row, position) in folded.written.items():
        keys.append(key)
        estates.append("{" + ",".join(f'"{estate}"' for estate in view.estates(row)) + "}")
        positions.append(position)
        bodies.append(_encode(row).decode())
    return keys, estates, positions, bodies


def _upsert(table: str) -> Composed:
    """In binary: arrays of JSON sent as text are escaped sign by sign, which takes longer than all the rest."""
    return SQL(
        "INSERT INTO view.{} AS t (key, estates, position, body)"
        " SELECT k, e::text[], p, b::jsonb"
        " FROM unnest(%b::text[], %b::text[], %b::bigint[], %b::text[]) AS n (k, e, p, b)"
        " ON CONFLICT (key) DO UPDATE"
        " SET estates = excluded.estates, position = excluded.position, body = excluded.body"
    ).format(Identifier(table))
