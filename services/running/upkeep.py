"""``jinlin rebuild``, ``skip`` and ``check``: make views anew, let one go on, say whether the data are whole."""

import os
import pwd
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier

from domain.catalogue import DECIDERS
from domain.recorded import Act, Recorded, Unreadable
from projections.bookmarks import bookmarks, outgrown
from projections.catalogue import VIEWS
from projections.fingerprint import sources_at_hand
from projections.follow import Log
from projections.projection import Connection, View, fold, keyed
from projections.rebuild import BESIDE, RebuildHalted, RebuildUnderWay, rebuild_view
from projections.skip import CannotSkip, remedy, skip, withdraw
from projections.skipped import passing, skips
from projections.views import as_following
from services.database.database import Database, as_owner
from services.database.installation import VAULT_KEY
from services.log.envelope import without_personal
from services.log.event_log import EventLog
from services.log.snapshots import fold_of, says
from services.log.vault import Vault
from services.running import schema
from services.running.opening import reached
from services.running.own_keys import own_key
from services.runtime.progress import Progress
from services.runtime.settings import Settings
from services.threads.try_later import TryLater

BATCH = 1000
SNAPSHOTS = "snapshots"


def rebuild(settings: Settings, names: Sequence[str]) -> int:
    """Build the named views anew (all, if none is named) while the old ones serve; ``snapshots`` are thrown away."""
    by_name = {view.name: view for view in VIEWS}
    unknown = [name for name in names if name not in by_name and name != SNAPSHOTS]
    if unknown:
        return _no_such_view(unknown[0])
    with _log_of(settings) as (database, log):
        if SNAPSHOTS in names:
            print(f"{SNAPSHOTS}: {log.snapshots.throw_away()} thrown away; made anew when they are needed")
        for name in [name for name in names if name != SNAPSHOTS] if names else by_name:
            progress = Progress(name)
            try:
                position = rebuild_view(
                    database.follower.connection, partial(as_owner, database.logins), log, by_name[name], progress
                )
            except RebuildHalted as halted:
                progress.close()
                print(f"jinlin: {what_halted(halted)}", file=sys.stderr)
                return 1
            except RebuildUnderWay as other:
                print(f"jinlin: {other}", file=sys.stderr)
                return 2
            except (psycopg.OperationalError, TryLater):
                progress.close()
                print(f"jinlin: the database does not answer; `jinlin rebuild {name}` goes on later", file=sys.stderr)
                return 2
            progress.close()
            print(f"{name}: rebuilt to position {position}")
    return 0


def what_halted(halted: RebuildHalted) -> str:
    """What happened and what to do."""
    return f"{halted}; the old one serves on. Repair the code, or leave it out: {remedy(halted.view, halted.position)}"


def renew(database: Database, log: Log) -> None:
    """Build anew what an older product kept in another shape; before anything follows or reads.

    Raises ``RebuildHalted``.
    """
    while outdated := _outgrown(database):
        for view in outdated:
            progress = Progress(f"{view.name}, for this version")
            try:
                rebuild_view(database.follower.connection, partial(as_owner, database.logins), log, view, progress)
            except RebuildUnderWay:  # another process starts too: wait for it
                continue
            finally:
                progress.close()


def _outgrown(database: Database) -> list[View[Any]]:
    with database.follower.connection() as conn:
        names = outgrown(conn, map(as_following, VIEWS))
    return [view for view in VIEWS if view.name in names]


def go_on(settings: Settings, name: str, position: int, because: str | None) -> int:
    """Let a halted following go on past an event for a reason; without one, let a view's next rebuild take it in."""
    views = [view.name for view in VIEWS]
    with _log_of(settings) as (database, _), as_owner(database.logins) as conn:
        others = _others(conn)
        if name not in (*views, *others):
            return _no_such_view(name, others)
        try:
            if because is not None:
                skip(conn, name, position, because, user())
                print(f"{name}: goes on past position {position}")
            elif name in views:
                withdraw(conn, name, position, user())
                print(f"{name}: takes in position {position} with the next `jinlin rebuild {name}`")
            else:
                print(f"jinlin: {name} is past what it skips for good: only a view is built anew", file=sys.stderr)
                return 2
        except (CannotSkip, RebuildUnderWay) as wrong:
            print(f"jinlin: {wrong}", file=sys.stderr)
            return 2
    return 0


def _others(conn: Connection) -> list[str]:
    """The followings beside the views that have come anywhere in the log: each has a bookmark."""
    views = {view.name for view in VIEWS}
    return sorted(name for name in bookmarks(conn) if name.removesuffix(BESIDE) not in views)


def user() -> str:
    """Who gives this command, as the operating system knows it."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    behind = os.environ.get("SUDO_USER")
    return f"{behind} as {name}" if behind and behind != name else name


def _no_such_view(name: str, others: Sequence[str] = ()) -> int:
    there = ", ".join([*(view.name for view in VIEWS), *others])
    print(f"jinlin: no view {name}; there are {there}", file=sys.stderr)
    return 2


def check(settings: Settings) -> int:
    """Verify log and views; prints one line per finding and a closing line."""
    with _log_of(settings) as (database, log):
        findings = [
            *check_log(database),
            *check_events(log),
            *check_snapshots(log),
            *check_views(database, log),
            *check_others(database),
        ]
        for finding in findings:
            print(finding)
        with database.follower.connection() as conn:
            for each in skips(conn):
                since = f"since {each.at:%F %R %Z} by {each.by}"
                called = each.view if each.view in _others(conn) else f"view {each.view}"
                print(f"{called}: skips position {each.position} {since}: {each.because}")
        print(f"checked {log.last_position()} events: " + (f"{len(findings)} findings" if findings else "all is whole"))
    return 1 if findings else 0


def check_log(database: Database) -> Iterator[str]:
    """What is wrong with positions and versions."""
    with database.follower.connection() as conn:
        count, first, last = conn.execute(
            "SELECT count(*), coalesce(min(notification_id), 1), coalesce(max(notification_id), 0)"
            " FROM log.stored_events"
        ).fetchone() or (0, 1, 0)
        if first != 1 or last != count:
            yield f"log: {count} events stand at positions {first} to {last}, so some are missing"
        broken = conn.execute(
            "SELECT originator_id, count(*), max(originator_version) FROM log.stored_events GROUP BY 1"
            " HAVING count(*) <> max(originator_version) OR min(originator_version) <> 1 LIMIT 20"
        ).fetchall()
        for stream, events, version in broken:
            yield f"stream {stream}: {events} events up to version {version}"
        backwards = conn.execute(
            "SELECT count(*) FROM (SELECT notification_id < lag(notification_id) OVER"
            " (PARTITION BY originator_id ORDER BY originator_version) AS wrong"
            " FROM log.stored_events) AS ordered WHERE wrong"
        ).fetchone()
        if backwards and backwards[0]:
            yield f"log: {backwards[0]} events stand before their predecessor"


def check_events(log: Log) -> Iterator[str]:
    """Which events cannot be read."""
    after, last = 0, log.last_position()
    while after < last:
        try:
            batch = log.read(after, BATCH)
        except Unreadable as wrong:
            yield f"log: {wrong}"
            after = wrong.position
        else:
            after = batch[-1].position if batch else last


def check_snapshots(log: EventLog) -> Iterator[str]:
    """Where the kept state of a long stream differs from the fold of its events."""
    with sources_at_hand():
        deciders = {fold_of(decider): decider for decider in DECIDERS}
    for fold_name, stream, version, state in log.snapshots.kept():
        if fold_name in deciders:  # another product's is never read
            decider, happened = deciders[fold_name], _happened(log, stream, version)
            if happened is None:
                continue  # an event of it cannot be read, which was said
            if len(happened) != version or not says(decider, state, decider.fold(happened)):
                yield f"snapshot of stream {stream}: differs from its events up to version {version}"


def _happened(log: EventLog, stream: UUID, version: int) -> list[tuple[Any, Act]] | None:
    try:
        history = log.history(stream)
    except Unreadable:
        return None
    return [(without_personal(each.event), each.act) for each in history if each.version <= version]


def check_views(database: Database, log: Log) -> Iterator[str]:
    """Where a view differs from what the log says at the view's position."""
    with database.follower.connection() as conn, conn.transaction():
        conn.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        conn.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # a long log takes minutes to fold
        conn.execute("SET LOCAL statement_timeout = 0")
        for view in VIEWS:  # before the first look: no rebuild switches under it
            conn.execute(SQL("LOCK TABLE view.{} IN ACCESS SHARE MODE").format(Identifier(view.name)))
        for view in passing(VIEWS, skips(conn)):
            yield from _check_view(conn, log, view)


def check_others(database: Database) -> Iterator[str]:
    """Where a following that is no view cannot go on."""
    with database.follower.connection() as conn:
        for name in _others(conn):
            mark = bookmarks(conn)[name]
            if mark.halted_at is not None:
                yield f"{name}: halted at position {mark.halted_at}"


def _check_view(conn: Connection, log: Log, view: View[Any]) -> Iterator[str]:
    standing = conn.execute(
        "SELECT position, halted_at, halted_because FROM view.positions WHERE name = %s", (view.name,)
    ).fetchone()
    position = standing[0] if standing else 0
    if standing and standing[1] is not None:
        yield f"view {view.name}: halted at position {standing[1]} ({standing[2]})"
    wanted: dict[str, Any] = {}
    for batch in _batches(log, position):
        fold(view, wanted, keyed(view, batch))
    query = SQL("SELECT key, body::text, estates FROM view.{}").format(Identifier(view.name))
    kept = {key: (view.decode(body), estates) for key, body, estates in conn.execute(query)}
    for key in sorted(wanted.keys() | kept.keys()):
        row = wanted.get(key)
        found, estates = kept.get(key, (None, []))
        if (None if row is None else view.as_kept(row)) != found:
            yield f"view {view.name}: row {key} differs from its rebuild"
        elif row is not None and list(view.estates(row)) != estates:
            yield f"view {view.name}: row {key} is shown to other estates than its rebuild"


def _batches(log: Log, until: int) -> Iterator[list[Recorded[Any]]]:
    """What can be read of the log up to a position: what cannot, every view at that position has skipped."""
    after = 0
    while after < until:
        try:
            batch: Sequence[Recorded[Any]] = log.read(after, BATCH)
            reached = batch[-1].position if batch else until
        except Unreadable as wrong:
            batch, reached = wrong.before, wrong.position
        yield [recorded for recorded in batch if recorded.position <= until]
        after = reached


@contextmanager
def _log_of(settings: Settings) -> Iterator[tuple[Database, EventLog]]:
    """The log of the settings: of the server that runs, or of one started for this."""
    with reached(settings) as url:
        logins = schema.prepare(url, settings.data)
        key = own_key(settings.data, url, VAULT_KEY)
        with closing(Database(logins)) as database:
            vault = Vault(database, key)
            vault.check()
            with closing(EventLog(logins, vault)) as log:
                yield database, log
