"""``jinlin check``: reads what is new since the last good check, or everything; says what is wrong, and goes on."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from domain.catalogue import DECIDERS, EVENTS
from domain.recorded import Act, Unread, Unreadable
from projections.bookmarks import bookmarks
from projections.catalogue import VIEWS
from projections.fingerprint import sources_at_hand
from projections.projection import Connection
from projections.skipped import Skip, skips
from projections.views import as_following
from services.database.database import Database, as_owner
from services.database.installation import VAULT_KEY
from services.log.envelope import without_personal
from services.log.event_log import EventLog
from services.log.snapshots import fold_of, says
from services.log.vault import Vault
from services.running.checking import of_log, of_rules, of_views
from services.running.checking.finding import LOG, Finding, of_unread
from services.running.checking.of_trail import check_trail
from services.running.checking.of_views import Share, shares, standings
from services.running.checking.work import Task, joined, worked
from services.running.own_keys import read_key
from services.running.upkeep import log_of, no_such_view, others
from services.running.wiring import FOLLOWINGS, utc_now
from services.runtime.progress import Progress
from services.runtime.settings import Settings

RECORD = "check.json"  # in JINLIN_DATA: how the last check of everything ended
PATIENCE_SECONDS = 5.0  # for a follower that is about to show what was just written
MOST_NEW = 0.5  # of a log; where more of it is new, all is folded anew: that is quicker than row by row


@dataclass
class Checked:
    """What a check found; ``fresh`` events were not looked at before."""

    position: int
    fresh: int
    findings: list[Finding] = field(default_factory=list)
    skipped: Sequence[Skip] = ()


def check(settings: Settings, names: Sequence[str] = (), *, whole: bool = False) -> int:
    """Verify log, views and rules that span streams, or the named views alone; prints one line per finding.

    0 where all is whole, 1 where something is not. What is found good is remembered, unless ``whole`` looked anew at
    what was remembered and found it changed.
    """
    views = [view.name for view in VIEWS]
    unknown = [name for name in names if name not in views]
    if unknown:
        return no_such_view(unknown[0])
    began = monotonic()
    with log_of(settings) as (database, log):
        key = read_key(settings.data / VAULT_KEY)
        assert key is not None  # the log is open
        found = Checking(key, database, log, names, whole).run()
        if not names:
            good = 0 if whole else found.position - found.fresh
            found.findings += check_trail(settings.data, Vault(database, key), database, log, good)
        with database.follower.connection() as conn:
            beside = others(conn)
    for finding in found.findings:
        print(finding.text)
    for each in found.skipped:
        since = f"since {each.at:%F %R %Z} by {each.by}"
        called = each.view if each.view in beside else f"view {each.view}"
        print(f"{called}: skips position {each.position} {since}: {each.because}")
    new = "" if found.fresh == found.position else f", {found.fresh} of them new since the last check"
    outcome = f"{len(found.findings)} findings" if found.findings else "all is whole"
    print(f"checked {found.position} events{new}: {outcome}")
    if not names:
        _record(settings.data, utc_now(), found, monotonic() - began)
    return 1 if found.findings else 0


def _record(data: Path, at: datetime, found: Checked, seconds: float) -> None:
    """For whoever watches: when the last check of everything was, and what it found."""
    said = {
        "checked_at": at.isoformat(timespec="seconds"),
        "position": found.position,
        "findings": len(found.findings),
        "seconds": round(seconds, 3),
    }
    draft = data / f"{RECORD}.new"
    draft.write_text(json.dumps(said) + "\n", encoding="utf-8")
    draft.replace(data / RECORD)


class Checking:
    """One check over a database; ``names`` are the only views that are looked at, if there are any."""

    def __init__(self, key: bytes, database: Database, log: EventLog, names: Sequence[str], whole: bool) -> None:
        self._key = key
        self._database = database
        self._log = log
        self._names = names
        self._whole = whole

    def run(self) -> Checked:
        """Everything that is to be looked at."""
        with self._database.follower.connection() as conn:
            conn.execute("SET statement_timeout = 0")
            try:
                return self._run(conn)
            finally:
                conn.execute("RESET statement_timeout")

    def _run(self, conn: Connection) -> Checked:
        last, known = self._log.last_position(), of_log.links(conn)
        good = known[-1].upto if known else 0
        since = 0 if self._whole or good > last else good
        found = Checked(last, last - since, skipped=skips(conn))
        if good > last:
            found.findings.append(
                Finding(LOG, f"log: ends at position {last}, but was good up to {good}: it lost events")
            )
        found.findings += of_log.structure(conn, since)
        if self._whole:
            found.findings += of_log.rewritten(conn, known)
        sound = not found.findings
        reached = of_rules.reached(conn, last, PATIENCE_SECONDS)
        tasks = self._tasks(conn, since, last)
        with closing(Progress("check")) as progress:
            seen = worked(self._key, self._database, self._log, tasks, progress)
        unread = {each.position: each for one in seen for each in one.unread}
        unread |= {each.position: each for each in self._unread_besides(conn, since, known)}
        followings = [*map(as_following, VIEWS), *FOLLOWINGS]
        found.findings += [of_unread(unread[at], followings, found.skipped) for at in sorted(unread)]
        found.findings += [finding for one in seen for finding in one.findings]
        if not self._names:
            found.findings += check_others(conn)
            found.findings += (Finding("snapshots", text) for text in check_snapshots(self._log, since))
            found.findings += of_rules.check_rules(self._database.follower.connection)
        shown = {name: position for one in seen for name, position in one.positions.items()}
        self._remember(found, shown, known if sound else None, reached, [at for at in unread if at > good])
        return found

    def _tasks(self, conn: Connection, since: int, last: int) -> list[Task]:
        """All shares, or those that hold a named view: new events and changed rows alone, where that is less."""
        wanted = [each for each in shares() if not self._names or set(each.views) & set(self._names)]
        begins = [self._begin(conn, share, since, last) for share in wanted]
        rows = conn.execute(
            "SELECT topic, count(*) FROM log.stored_events WHERE notification_id > %s GROUP BY topic",
            (min(begins, default=0),),
        )
        counts: dict[str, int] = dict(rows.fetchall())
        tasks = []
        for share, begin in zip(wanted, begins, strict=True):
            events = sum(counts.get(name, 0) for name in share.names)
            tasks.append(Task(self._narrowed(share), begin, since, last, begin == 0, events))
        return joined(tasks)

    def _begin(self, conn: Connection, share: Share, since: int, last: int) -> int:
        """From which position on a share is looked at."""
        stands = standings(conn, share.views).values()
        begin = min([since, *(each.good for each in stands if each.position)])
        return 0 if self._whole or last - begin > last * MOST_NEW else begin

    def _narrowed(self, share: Share) -> Share:
        return Share(tuple(name for name in share.views if not self._names or name in self._names), share.names)

    def _unread_besides(self, conn: Connection, since: int, known: Sequence[of_log.Link]) -> Iterator[Unread]:
        """What has a name that no event has, and what could not be read before and is not read anew."""
        strange = conn.execute(
            "SELECT notification_id FROM log.stored_events WHERE notification_id > %s AND topic <> ALL(%s)",
            (since, list(EVENTS)),
        ).fetchall()
        before = [at for link in known for at in link.unread if at <= since]
        for position in [*before, *(at for (at,) in strange)]:
            yield from (each for each in self._log.reading(position - 1, 1).unread if each.position == position)

    def _remember(
        self, found: Checked, reached: dict[str, int], known: Sequence[of_log.Link] | None, last: int,
        unread: Sequence[int],
    ) -> None:  # fmt: skip
        """What was found good need not be looked at again."""
        wrong = {finding.about for finding in found.findings}
        good = {name: position for name, position in reached.items() if name not in wrong and position}
        with as_owner(self._database.logins) as conn:
            of_views.remember(conn, good)
            if known is not None and not self._names:
                of_log.remember(conn, known, last, unread)


def check_others(conn: Connection) -> Iterator[Finding]:
    """Where a following that is no view cannot go on."""
    marks = bookmarks(conn)
    for name in others(conn):
        mark = marks.get(name)
        if mark is not None and mark.halted_at is not None:
            yield Finding(name, f"{name}: halted at position {mark.halted_at}")


def check_snapshots(log: EventLog, since: int = 0) -> Iterator[str]:
    """Where the kept state of a long stream that has grown since a position differs from the fold of its events."""
    with sources_at_hand():
        deciders = {fold_of(decider): decider for decider in DECIDERS}
    grown = log.grown_since(since) if since else None
    for fold_name, stream, version, state in log.snapshots.kept():
        if fold_name in deciders and (grown is None or stream in grown):  # another product's is never read
            decider, happened = deciders[fold_name], _happened(log, stream, version)
            if happened is None:
                continue  # an event of it cannot be read, which was said
            if len(happened) != version or not says(decider, state, decider.fold(happened)):
                yield f"snapshot of stream {stream}: differs from its events up to version {version}"


def _happened(log: EventLog, stream: Any, version: int) -> list[tuple[Any, Act]] | None:
    try:
        history = log.history(stream)
    except Unreadable:
        return None
    return [(without_personal(each.event), each.act) for each in history if each.version <= version]
