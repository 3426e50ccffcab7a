"""Whether the log is gapless and every stream contiguous, and whether it is still what was found good before."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from projections.projection import Connection
from services.database.database import Database
from services.running.checking.finding import LOG, Finding

MOST = 20  # streams named
RANGE = 20_000  # events under one link of the chain

_FINGERPRINT = (
    "SELECT count(*), sha256(coalesce(string_agg(int8send(notification_id) || uuid_send(originator_id)"
    " || int8send(originator_version) || int4send(octet_length(topic)) || convert_to(topic, 'UTF8') || state,"
    " ''::bytea ORDER BY notification_id), ''::bytea))"
    " FROM log.stored_events WHERE notification_id > %s AND notification_id <= %s"
)


class Link(NamedTuple):
    """What was found good up to a position, with what could not be read of it then."""

    upto: int
    link: bytes
    unread: Sequence[int]


def check_log(database: Database, since: int = 0) -> Iterator[str]:
    """What is wrong with positions and versions of what stands after a position."""
    with database.follower.connection() as conn:
        for each in structure(conn, since):
            yield each.text


def structure(conn: Connection, since: int = 0) -> Iterator[Finding]:
    """As ``check_log``, in the connection of the caller."""
    count, first, last = conn.execute(
        "SELECT count(*), coalesce(min(notification_id), %s + 1), coalesce(max(notification_id), %s)"
        " FROM log.stored_events WHERE notification_id > %s",
        (since, since, since),
    ).fetchone() or (0, since + 1, since)
    if first != since + 1 or last != since + count:
        yield Finding(LOG, f"log: {count} events stand at positions {first} to {last}, so some are missing")
    if since:
        yield from _torn_since(conn, since)
        return
    torn, backwards = conn.execute(
        "SELECT count(*) FILTER (WHERE originator_version <> place), count(*) FILTER (WHERE notification_id < before)"
        " FROM (SELECT originator_version, notification_id, row_number() OVER streams AS place,"
        " lag(notification_id) OVER streams AS before FROM log.stored_events"
        " WINDOW streams AS (PARTITION BY originator_id ORDER BY originator_version)) AS ordered"
    ).fetchone() or (0, 0)
    if torn:
        yield from _torn(conn)
    if backwards:
        yield Finding(LOG, f"log: {backwards} events stand before their predecessor")


def _torn(conn: Connection) -> Iterator[Finding]:
    """Streams that have not every version once."""
    broken = conn.execute(
        "SELECT originator_id, count(*), max(originator_version) FROM log.stored_events GROUP BY 1"
        f" HAVING count(*) <> max(originator_version) OR min(originator_version) <> 1 LIMIT {MOST}"
    )
    for stream, events, version in broken.fetchall():
        yield Finding(LOG, f"stream {stream}: {events} events up to version {version}")


def _torn_since(conn: Connection, since: int) -> Iterator[Finding]:
    """Events without the one that must stand before them in their stream and in the log."""
    torn = conn.execute(
        "SELECT e.originator_id, e.originator_version, e.notification_id FROM log.stored_events e"
        " LEFT JOIN log.stored_events b"
        " ON b.originator_id = e.originator_id AND b.originator_version = e.originator_version - 1"
        " WHERE e.notification_id > %s AND e.originator_version <> 1"
        f" AND (b.notification_id IS NULL OR b.notification_id > e.notification_id) LIMIT {MOST}",
        (since,),
    ).fetchall()
    for stream, version, position in torn:
        yield Finding(LOG, f"stream {stream}: version {version} at position {position} has no predecessor before it")


def links(conn: Connection) -> list[Link]:
    """What was found good so far."""
    return [Link(*row) for row in conn.execute("SELECT upto, link, unread FROM log.checked ORDER BY upto")]


def rewritten(conn: Connection, known: Sequence[Link]) -> Iterator[Finding]:
    """Where the log is no longer what it was when it was found good."""
    before = Link(0, b"", ())
    for each in known:
        count, print_ = _fingerprint(conn, before.upto, each.upto)
        if count < each.upto - before.upto or _next(before.link, print_) != each.link:
            between = f"positions {before.upto + 1} to {each.upto}"
            yield Finding(LOG, f"log: {between} are not what they were when they were found good: they were changed")
        before = each


def remember(conn: Connection, known: Sequence[Link], until: int, unread: Sequence[int]) -> None:
    """What stands after the last link is good up to a position, but for what is ``unread``. As owner."""
    before = known[-1] if known else Link(0, b"", ())
    while before.upto < until:
        upto = min(before.upto + RANGE, until)
        link = _next(before.link, _fingerprint(conn, before.upto, upto)[1])
        here = [position for position in unread if before.upto < position <= upto]
        conn.execute("INSERT INTO log.checked (upto, link, unread) VALUES (%s, %s, %s)", (upto, link, here))
        before = Link(upto, link, here)


def _fingerprint(conn: Connection, after: int, upto: int) -> tuple[int, bytes]:
    row = conn.execute(_FINGERPRINT, (after, upto)).fetchone()
    assert row is not None
    return row[0], bytes(row[1])


def _next(link: bytes, fingerprint: bytes) -> bytes:
    return hashlib.sha256(link + fingerprint).digest()
