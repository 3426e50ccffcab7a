"""Whether the rows of views are what the log says: all of them folded anew, or those that changed since the last check.

Views that take in the same kinds of events make one share of the work, in which each event is read and opened once.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.sql import SQL, Identifier

from domain.catalogue import EVENTS
from domain.recorded import Reading, Recorded, Unread
from projections.catalogue import VIEWS
from projections.follow import Lend
from projections.projection import Connection, View, fold, keyed
from projections.skipped import Skip, passing, skips
from services.database.database import Database
from services.log.event_log import EventLog
from services.running.checking.finding import Finding

BATCH = 2_000  # events
ROWS = 2_000  # fetched at once
MOST_KEPT = 200_000  # events in memory besides, of about a kilobyte

Eye = Callable[[Recorded[Any]], str | None]  # looks at each event; what is wrong with it
Tell = Callable[[int], None]  # so many more events are done


def _nobody(events: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Share:
    """Some views, and the names of all events that touch them; without views, of events that touch none."""

    views: tuple[str, ...]
    names: tuple[str, ...]


class Standing(NamedTuple):
    """How a view stands in one moment; ``good`` is the position at which all its rows were found good."""

    position: int
    halted_at: int | None
    halted_because: str | None
    good: int


class Seen(NamedTuple):
    """What came of a share: what is wrong, what cannot be read, and where each view stood."""

    findings: list[Finding]
    unread: list[Unread]
    positions: dict[str, int]


def shares(views: Sequence[View[Any]] = VIEWS) -> list[Share]:
    """All work there is: every event is in one share."""
    together: list[tuple[list[str], set[str]]] = []
    for view in views:
        names = {name for name, kind in EVENTS.items() if view.events is None or kind in view.events}
        joined = [each for each in together if each[1] & names]
        together = [each for each in together if not each[1] & names]
        together.append(
            ([*(name for each in joined for name in each[0]), view.name], names.union(*(each[1] for each in joined)))
        )
    rest = set(EVENTS) - {name for _, names in together for name in names}
    found = [Share(tuple(each), tuple(sorted(names))) for each, names in together]
    return [*found, Share((), tuple(sorted(rest)))] if rest else found


@contextmanager
def one_moment(lend: Lend, views: Iterable[str]) -> Iterator[Connection]:
    """A connection that sees these views as they stand at one moment, however long it takes."""
    with lend() as conn, conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        conn.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # a long log takes minutes to fold
        conn.execute("SET LOCAL statement_timeout = 0")
        for name in views:  # before the first look: no rebuild switches under it
            conn.execute(SQL("LOCK TABLE view.{} IN ACCESS SHARE MODE").format(Identifier(name)))
        yield conn


def check_views(database: Database, log: EventLog) -> Iterator[str]:
    """Where a view differs from what the log says at the view's position."""
    for share in shares():
        if share.views:
            with one_moment(database.follower.connection, share.views) as conn:
                for finding in whole(conn, log, share, 0).findings:
                    yield finding.text


def whole(
    conn: Connection,
    log: EventLog,
    share: Share,
    until: int,
    eyes: Sequence[tuple[str, Eye]] = (),
    tell: Tell = _nobody,
) -> Seen:
    """Every event of a share read, and every row of its views folded anew, in the moment of the connection.

    Events are read up to a position, or further as far as one of the views has come.
    """
    stands = standings(conn, share.views)
    folding = [_Folding(view, stands[view.name]) for view in _views(share, skips(conn))]
    seen = Seen([*_halted(stands)], [], {name: each.position for name, each in stands.items()})
    until, after = max(until, *(0, *seen.positions.values())), 0
    while (reading := log.reading_some(after, until, share.names, BATCH)).rows:
        after = reading.last
        seen.unread.extend(reading.unread)
        seen.findings.extend(_looked_at(reading, eyes))
        for each in folding:
            each.take(reading.events)
        tell(reading.rows)
    for each in folding:
        seen.findings.extend(each.compared(conn))
    return seen


def since(
    conn: Connection, log: EventLog, share: Share, after: int, until: int, eyes: Sequence[tuple[str, Eye]] = (),
    tell: Tell = _nobody,
) -> Seen:  # fmt: skip
    """As ``whole``, of events after a position and of rows that changed since their view was found good."""
    stands = standings(conn, share.views)
    views = _views(share, skips(conn))
    seen = Seen([*_halted(stands)], [], {name: each.position for name, each in stands.items()})
    touched: dict[str, dict[str, set[UUID]]] = {view.name: {} for view in views}
    begin = min([after, *(each.good for each in stands.values())])
    reached, until = begin, max(until, *(0, *seen.positions.values()))
    known = _Known(log, begin, until)
    while (reading := log.reading_some(reached, until, share.names, BATCH)).rows:
        reached = reading.last
        fresh = reading if begin == after else _after(reading, after)
        seen.unread.extend(fresh.unread)
        seen.findings.extend(_looked_at(fresh, eyes))
        known.keep(reading.events)
        for view in views:
            stand = stands[view.name]
            for recorded, keys in keyed(view, reading.events):
                if stand.good < recorded.position <= stand.position:
                    for key in keys:
                        touched[view.name].setdefault(key, set()).add(recorded.stream)
        tell(fresh.rows)
    for view in views:
        seen.findings.extend(_changed_rows(conn, known, view, stands[view.name], touched[view.name]))
    return seen


class _Known:
    """What was read anyway need not be read again, as long as it is not too much to be kept."""

    def __init__(self, log: EventLog, begin: int, until: int) -> None:
        self._log = log
        self._begin = begin
        self._until = until
        self._fresh: dict[UUID, list[Recorded[Any]]] = {}
        self._older: dict[UUID, list[Recorded[Any]]] = {}
        self._room = MOST_KEPT

    def keep(self, events: Sequence[Recorded[Any]]) -> None:
        """The next that came after ``begin``."""
        self._room -= len(events)
        for recorded in events if self._room > 0 else ():
            self._fresh.setdefault(recorded.stream, []).append(recorded)

    def of(self, streams: Collection[UUID]) -> list[Recorded[Any]]:
        """All events of these streams that can be read, in log order."""
        if self._room <= 0:
            return [*self._log.reading_of(sorted(streams), self._until).events]
        missing = [each for each in streams if each not in self._older and not self._is_new(each)]
        if missing:
            self._older |= {each: [] for each in missing}
            for recorded in self._log.reading_of(sorted(missing), self._begin).events:
                self._older[recorded.stream].append(recorded)
                self._room -= 1
        found = [each for stream in streams for kept in (self._older, self._fresh) for each in kept.get(stream, ())]
        return sorted(found, key=attrgetter("position"))

    def _is_new(self, stream: UUID) -> bool:
        fresh = self._fresh.get(stream)
        return fresh is not None and fresh[0].version == 1


def standings(conn: Connection, names: Sequence[str]) -> dict[str, Standing]:
    """How these views stand; good is only what was found good in the shape that the rows have."""
    rows = conn.execute(
        "SELECT wanted, coalesce(p.position, 0), p.halted_at, p.halted_because, coalesce(c.position, 0)"
        " FROM unnest(%s::text[]) AS wanted LEFT JOIN view.positions p ON p.name = wanted"
        " LEFT JOIN view.checked c ON c.name = wanted AND c.shape = p.shape AND c.position <= p.position",
        (list(names),),
    )
    return {name: Standing(*rest) for name, *rest in rows}


def remember(conn: Connection, positions: Mapping[str, int]) -> None:
    """All rows of these views were good at these positions. As owner."""
    for name, position in positions.items():
        conn.execute(
            "INSERT INTO view.checked (name, position, shape)"
            " SELECT name, %s, shape FROM view.positions WHERE name = %s AND position >= %s"
            " ON CONFLICT (name) DO UPDATE"
            " SET position = excluded.position, shape = excluded.shape, checked_at = excluded.checked_at",
            (position, name, position),
        )


def _views(share: Share, skipped: Sequence[Skip]) -> tuple[View[Any], ...]:
    return passing([view for view in VIEWS if view.name in share.views], skipped)


def _halted(stands: Mapping[str, Standing]) -> Iterator[Finding]:
    for name, each in stands.items():
        if each.halted_at is not None:
            yield Finding(name, f"view {name}: halted at position {each.halted_at} ({each.halted_because})")


def _looked_at(reading: Reading, eyes: Sequence[tuple[str, Eye]]) -> Iterator[Finding]:
    for name, eye in eyes:
        for recorded in reading.events:
            try:
                wrong = eye(recorded)
            except Exception as broken:  # of what it is held against, or of the event: both can be damaged
                wrong = f"cannot be held against it ({type(broken).__name__})"
            if wrong is not None:
                yield Finding(name, f"{name}: position {recorded.position}: {wrong}")


def _after(reading: Reading, position: int) -> Reading:
    return Reading(
        [each for each in reading.events if each.position > position],
        [each for each in reading.unread if each.position > position],
    )


class _Folding:
    """All rows of one view, folded anew up to where it stands."""

    def __init__(self, view: View[Any], stands: Standing) -> None:
        self._view = view
        self._stands = stands
        self._rows: dict[str, Any] = {}
        self._broken: tuple[int, str] | None = None

    def take(self, events: Sequence[Recorded[Any]]) -> None:
        """Up to the position of the view, or to the event that it cannot take in."""
        until = self._stands.position
        if self._broken or not events or events[0].position > until:
            return
        here = events if events[-1].position <= until else [each for each in events if each.position <= until]
        try:
            fold(self._view, self._rows, keyed(self._view, here))
        except Exception as wrong:  # the view took it in once, with other code
            self._broken = here[0].position, type(wrong).__name__

    def compared(self, conn: Connection) -> Iterator[Finding]:
        """Where the rows that are kept are not these."""
        if self._broken:
            yield _cannot_fold(self._view, *self._broken)
            return
        with conn.cursor(name="checked") as rows:
            rows.itersize = ROWS
            rows.execute(SQL("SELECT key, body::text, estates FROM view.{}").format(Identifier(self._view.name)))
            for key, body, estates in rows:
                yield from _difference(self._view, key, self._rows.pop(key, None), body, estates)
        for key in sorted(key for key, row in self._rows.items() if row is not None):
            yield _differs(self._view, key)


def _changed_rows(
    conn: Connection, known: _Known, view: View[Any], stands: Standing, touched: Mapping[str, set[UUID]]
) -> Iterator[Finding]:
    """Where rows that changed since the view was found good are not what their streams say."""
    wanted = sorted(touched)
    for first in range(0, len(wanted), ROWS):
        keys = wanted[first : first + ROWS]
        streams = {stream for key in keys for stream in touched[key]} | _made_of(conn, view, keys)
        events = [each for each in known.of(streams) if each.position <= stands.position]
        rows: dict[str, Any] = {}
        among = frozenset(keys)
        touching = [
            (recorded, here)
            for recorded, all_keys in keyed(view, events)
            if (here := [key for key in all_keys if key in among])
        ]
        try:
            fold(view, rows, touching)
        except Exception as wrong:
            yield _cannot_fold(view, stands.good + 1, type(wrong).__name__)
            continue
        query = SQL("SELECT key, body::text, estates FROM view.{} WHERE key = ANY(%s)").format(Identifier(view.name))
        for key, body, estates in conn.execute(query, (keys,)):
            yield from _difference(view, key, rows.pop(key, None), body, estates)
        for key in sorted(key for key, row in rows.items() if row is not None):
            yield _differs(view, key)


def _made_of(conn: Connection, view: View[Any], keys: Sequence[str]) -> set[UUID]:
    """Streams of whose events these rows are made, beside those that have touched them of late."""
    streams = view.made_of or view.streams
    if not streams or "%(estate_stream)s" in streams:  # then no other stream ever touches them
        return set()
    return {UUID(stream) for (stream,) in conn.execute(streams, {"keys": list(keys)})}


def _difference(view: View[Any], key: str, row: Any, body: str, estates: Sequence[str]) -> Iterator[Finding]:
    try:
        found = view.decode(body)
        same = row is not None and (found == row or found == view.as_kept(row))
    except Exception:  # whatever it is, it is no row
        same = False
    if not same:
        yield _differs(view, key)
    elif list(view.estates(row)) != list(estates):
        yield Finding(view.name, f"view {view.name}: row {key} is shown to other estates than its rebuild")


def _differs(view: View[Any], key: str) -> Finding:
    return Finding(view.name, f"view {view.name}: row {key} differs from its rebuild")


def _cannot_fold(view: View[Any], position: int, because: str) -> Finding:
    return Finding(view.name, f"view {view.name}: cannot take in an event from position {position} on ({because})")
