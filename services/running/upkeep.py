"""``jinlin rebuild`` and ``skip``: make views anew, let one go on; and the log as a command opens it."""

import os
import pwd
import sys
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import psycopg

from projections.bookmarks import bookmarks, outgrown
from projections.catalogue import VIEWS
from projections.follow import Log
from projections.projection import Connection, View
from projections.rebuild import BESIDE, RebuildHalted, RebuildUnderWay, fill_beside, rebuild_view, serve_halted
from projections.skip import CannotSkip, remedy, skip, withdraw
from projections.views import as_following
from services.database.database import Database, as_owner
from services.database.installation import VAULT_KEY
from services.log.event_log import EventLog
from services.log.vault import Vault
from services.running import schema
from services.running.opening import reached
from services.running.own_keys import own_key
from services.running.wiring import FOLLOWINGS
from services.runtime.progress import Progress
from services.runtime.settings import Settings
from services.threads.try_later import TryLater
from services.trail.following import TRAIL
from services.trail.whole import NotTheSame, rebuilt

SNAPSHOTS = "snapshots"
ALSO = (SNAPSHOTS, TRAIL.name)  # what is no view and can be made anew


def rebuild(settings: Settings, names: Sequence[str]) -> int:
    """Build the named views anew (all, if none is named) while the old ones serve; ``snapshots`` are thrown away.

    The tree of the audit trail (``trail``) is made anew of its entries, if it is named.
    """
    by_name = {view.name: view for view in VIEWS}
    unknown = [name for name in names if name not in by_name and name not in ALSO]
    if unknown:
        return no_such_view(unknown[0], ALSO)
    with log_of(settings) as (database, log):
        if SNAPSHOTS in names:
            print(f"{SNAPSHOTS}: {log.snapshots.throw_away()} thrown away; made anew when they are needed")
        if TRAIL.name in names and (wrong := _rebuild_trail(database)):
            print(f"jinlin: {wrong}", file=sys.stderr)
            return 1
        wanted = [by_name[name] for name in dict.fromkeys(names) if name not in ALSO] if names else [*VIEWS]
        try:
            _fill_together(database, log, wanted)
        except (psycopg.OperationalError, TryLater):
            print("jinlin: the database does not answer; `jinlin rebuild` goes on later", file=sys.stderr)
            return 2
        for name in (view.name for view in wanted):
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


def _rebuild_trail(database: Database) -> str | None:
    """Make the trail's tree anew of its stored entries; what is wrong with those, if anything is."""
    progress = Progress(TRAIL.name)
    try:
        with as_owner(database.logins) as conn, conn.transaction():
            done = rebuilt(conn, progress)
    except NotTheSame as wrong:
        return f"the entries of the audit trail are not those that were signed ({wrong}); nothing was made of them"
    finally:
        progress.close()
    print(f"{TRAIL.name}: {done.size} entries lead to the root {b64encode(done.root).decode()}")
    return None


def _fill_together(database: Database, log: Log, views: Sequence[View[Any]], why: str = "") -> None:
    """As far as they can be filled in one reading of the log; one alone is filled where it is built."""
    if len(views) < 2:
        return
    progress = Progress(f"{len(views)} views{why}")
    try:
        fill_beside(database.follower.connection, partial(as_owner, database.logins), log, views, progress)
    finally:
        progress.close()


def what_halted(halted: RebuildHalted) -> str:
    """What happened and what to do."""
    return f"{halted}; the old one serves on. {_how_it_goes_on(halted)}"


def _how_it_goes_on(halted: RebuildHalted) -> str:
    return f"Repair the code, or leave it out: {remedy(halted.view, halted.position)}"


def renew(database: Database, log: Log) -> None:
    """Build anew what an older product kept in another shape; before anything follows or reads.

    A view that cannot take in an event stands halted there, and stops nobody from starting.
    """
    while outdated := _outgrown(database):
        _fill_together(database, log, outdated, ", for this version")
        for view in outdated:
            progress = Progress(f"{view.name}, for this version")
            try:
                rebuild_view(database.follower.connection, partial(as_owner, database.logins), log, view, progress)
            except RebuildUnderWay:  # another process starts too: wait for it
                continue
            except RebuildHalted as halted:  # nobody can read the rows of the other shape
                serve_halted(partial(as_owner, database.logins), view)
                print(f"\njinlin: {halted}, and shows what was before it: {_how_it_goes_on(halted)}", file=sys.stderr)
            finally:
                progress.close()


def _outgrown(database: Database) -> list[View[Any]]:
    with database.follower.connection() as conn:
        names = outgrown(conn, map(as_following, VIEWS))
    return [view for view in VIEWS if view.name in names]


def go_on(settings: Settings, name: str, position: int, because: str | None) -> int:
    """Let a halted following go on past an event for a reason; without one, let a view's next rebuild take it in."""
    views = [view.name for view in VIEWS]
    with log_of(settings) as (database, log), as_owner(database.logins) as conn:
        beside = others(conn)
        if name not in (*views, *beside):
            return no_such_view(name, beside)
        try:
            if because is not None:
                skip(conn, name, position, because, user(), unreadable=_unreadable(log, name, position))
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


def _unreadable(log: EventLog, name: str, position: int) -> bool:
    """Whether what stands there cannot be read, and the following may need it."""
    if not 0 < position <= log.last_position():
        return False
    events = {each.name: each.events for each in (*map(as_following, VIEWS), *FOLLOWINGS)}.get(name)
    return any(each.position == position and each.may_be(events) for each in log.reading(position - 1, 1).unread)


def others(conn: Connection) -> list[str]:
    """The followings beside the views: those of this product, and those that have a bookmark in the log."""
    views = {view.name for view in VIEWS}
    known = {each.name for each in FOLLOWINGS} | set(bookmarks(conn))
    return sorted(name for name in known if name.removesuffix(BESIDE) not in views)


def user() -> str:
    """Who gives this command, as the operating system knows it."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    behind = os.environ.get("SUDO_USER")
    return f"{behind} as {name}" if behind and behind != name else name


def no_such_view(name: str, others: Sequence[str] = ()) -> int:
    """Say which there are."""
    there = ", ".join([*(view.name for view in VIEWS), *others])
    print(f"jinlin: no view {name}; there are {there}", file=sys.stderr)
    return 2


@contextmanager
def log_of(settings: Settings) -> Iterator[tuple[Database, EventLog]]:
    """The log of the settings: of the server that runs, or of one started for this."""
    with reached(settings) as url:
        logins = schema.prepare(url, settings.data)
        key = own_key(settings.data, url, VAULT_KEY)
        with closing(Database(logins)) as database:
            vault = Vault(database, key)
            vault.check()
            with closing(EventLog(logins, vault)) as log:
                yield database, log
