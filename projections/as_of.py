"""The views of one estate as they stood at an earlier position of the log, for the very queries that read them now.

A row that has not changed since then is what it was; only the others are folded again, from their own streams, by the
same ``evolve``. So a look back costs what has changed since, not what the log holds. Both kinds are put together under
the view's own name for the length of one transaction. What was forgotten since has no key any more and stays empty.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from psycopg.sql import SQL, Identifier, Literal

from domain.estates.estate import estate_stream
from domain.recorded import Reading, Recorded, Unreadable
from projections.catalogue import VIEWS
from projections.projection import Connection, Folded, View, fold, written
from projections.skipped import passing, positions_skipped, skips


class Log(Protocol):
    """What a look back needs of the event log."""

    def reading_of(self, streams: Sequence[UUID], until: int) -> Reading: ...


class Behind(Exception):
    """A view has not yet taken in the position that is asked for."""


LOOKED_BACK = tuple(view for view in VIEWS if view.streams)


def set_back(conn: Connection, log: Log, estate: str, position: int, views: Sequence[View[Any]]) -> None:
    """Let the rest of the transaction see ``views`` of ``estate`` as they stood at ``position``, and no other view.

    The transaction must have begun as ``Database.lend_still`` begins it and see this estate alone. Raises ``Behind``,
    ``Unreadable``.
    """
    wanted = [view for view in LOOKED_BACK if view in views]
    # before the first look: a rebuild that switches tables later waits, so all looks are at the same rows
    conn.execute(SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(SQL(", ").join(map(_table, LOOKED_BACK))))
    _check_reached(conn, position, views)
    changed = {view.name: _changed_since(conn, view, estate, position) for view in wanted}
    streams = {
        UUID(stream)
        for view in wanted
        if changed[view.name]
        for (stream,) in conn.execute(
            view.streams, {"keys": changed[view.name], "estate_stream": str(estate_stream(estate))}
        )
    }
    skipped = skips(conn)
    reading = log.reading_of(sorted(streams), position) if streams else Reading(())
    _check_readable(reading, wanted, positions_skipped(skipped))
    for view in passing(wanted, skipped):
        rows = _folded_again(view, set(changed[view.name]), reading.events, estate)
        _put_together(conn, view, rows, position)
    conn.execute("SET LOCAL search_path = pg_temp")  # a view that was not set back is not found, never shown as it is


def _table(view: View[Any]) -> Identifier:
    return Identifier("view", view.name)


def _check_reached(conn: Connection, position: int, views: Sequence[View[Any]]) -> None:
    names = [view.name for view in views]
    found = conn.execute(
        "SELECT count(*) FROM view.positions WHERE name = ANY(%s) AND position >= %s", (names, position)
    ).fetchone()
    if found is None or found[0] < len(names):
        raise Behind(position)


def _check_readable(reading: Reading, views: Sequence[View[Any]], skipped: Mapping[str, Collection[int]]) -> None:
    """What cannot be read may be missing where a view does not need it, or skips it."""
    for unread in reading.unread:
        for view in views:
            if unread.may_be(view.events) and unread.position not in skipped.get(view.name, ()):
                raise Unreadable(unread)


def _changed_since(conn: Connection, view: View[Any], estate: str, position: int) -> list[str]:
    of_estate = "estate = %s" if "estate" in view.columns else "estates @> ARRAY[%s]"  # rows of one, or of several
    query = SQL("SELECT key FROM {} WHERE {} AND position > %s").format(_table(view), SQL(of_estate))
    return [key for (key,) in conn.execute(query, (estate, position))]


def _folded_again(view: View[Any], wanted: set[str], events: Sequence[Recorded[Any]], estate: str) -> Folded:
    """The rows of ``wanted`` as these events tell of them, if they were the estate's by then."""
    touching = [
        (recorded, keys) for recorded in events if (keys := [key for key in view.keys(recorded) if key in wanted])
    ]
    folded = fold(view, {}, touching)
    return Folded({key: kept for key, kept in folded.written.items() if estate in view.estates(kept[0])}, [])


def _put_together(conn: Connection, view: View[Any], again: Folded, position: int) -> None:
    """What was folded again beside what has not changed since, under the view's own name."""
    names = {"name": Identifier(view.name), "table": _table(view), "again": Identifier("pg_temp", f"{view.name}_again")}
    conn.execute(SQL("CREATE TEMPORARY TABLE {again} (LIKE {table} INCLUDING GENERATED)").format(**names))
    if again.written:
        conn.execute(
            SQL(
                "INSERT INTO {again} (key, estates, position, body) SELECT k, e::text[], p, b::jsonb"
                " FROM unnest(%b::text[], %b::text[], %b::bigint[], %b::text[]) AS n (k, e, p, b)"
            ).format(**names),
            written(view, again),
        )
    conn.execute(
        SQL(
            "CREATE TEMPORARY VIEW {name} AS SELECT * FROM {table} WHERE position <= {position}"
            " UNION ALL SELECT * FROM {again}"
        ).format(position=Literal(position), **names)
    )
