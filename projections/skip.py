"""Let a halted following go on past the event that it cannot take in, for a reason that stays on record."""

from psycopg.sql import SQL, Identifier

from projections.bookmarks import UNREAD, Bookmark, bookmarks
from projections.news import news, tell
from projections.projection import Connection
from projections.rebuild import alone_beside, beside

LONGEST_REASON = 500


def remedy(name: str, position: int) -> str:
    """The command that lets the following go on."""
    return f'jinlin skip {name} {position} --because "..."'


class CannotSkip(Exception):
    """Nothing was changed; the text says why."""


def skip(conn: Connection, name: str, position: int, because: str, by: str, *, unreadable: bool = False) -> None:
    """Let a following, or the rebuild of a view, that halted at ``position`` go on past that event. As owner.

    What is ``unreadable`` for everybody may be skipped before the following has come there. Raises ``CannotSkip``
    unless it halted there or will, ``RebuildUnderWay``.
    """
    because = _reason(because)
    with alone_beside(conn, name), conn.transaction():
        marks = _held(conn, name)
        halted = [each for each, mark in marks.items() if mark.halted_at == position]
        comes_there = unreadable and marks.get(name, UNREAD).position < position
        if not halted and not comes_there:
            raise CannotSkip(_not_there(_called(conn, name), name, position, marks))
        conn.execute(
            "INSERT INTO view.skipped (view, position, because, skipped_by) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (name, position, because, by),
        )
        conn.execute(
            "UPDATE view.positions SET position = %s, halted_at = NULL, halted_because = NULL WHERE name = ANY(%s)",
            (position, halted),
        )
        if beside(name) not in halted:
            _drop_what_took_it_in(conn, name, position, marks)
        if name in halted:
            tell(conn, [news(name, position, ())])


def withdraw(conn: Connection, name: str, position: int, by: str) -> None:
    """The skip holds no longer: the next rebuild takes the event in. As owner. Raises as ``skip`` does."""
    with alone_beside(conn, name), conn.transaction():
        withdrawn = conn.execute(
            "UPDATE view.skipped SET withdrawn_by = %s, withdrawn_at = now()"
            " WHERE view = %s AND position = %s AND withdrawn_at IS NULL",
            (by, name, position),
        )
        if not withdrawn.rowcount:
            raise CannotSkip(f"{_called(conn, name)} has no skip at position {position}")
        _drop_what_took_it_in(conn, name, position, _held(conn, name))


def _reason(because: str) -> str:
    because = " ".join(because.split())
    if not because:
        raise CannotSkip("say why: the reason is what others will find here")
    if len(because) > LONGEST_REASON:
        raise CannotSkip(f"the reason may have {LONGEST_REASON} characters")
    return because


def _held(conn: Connection, name: str) -> dict[str, Bookmark]:
    """The bookmarks of the following and of its rebuild, which nobody moves until the transaction ends."""
    names = [name, beside(name)]
    conn.execute("SELECT FROM view.positions WHERE name = ANY(%s) ORDER BY name FOR UPDATE", (names,))
    return {each: mark for each, mark in bookmarks(conn).items() if each in names}


def _called(conn: Connection, name: str) -> str:
    """A view as a view, and any other following by its bare name."""
    row = conn.execute("SELECT to_regclass(%s)", (f'view."{name}"',)).fetchone()
    return name if row == (None,) else f"view {name}"


def _not_there(called: str, name: str, position: int, marks: dict[str, Bookmark]) -> str:
    mark, rebuilt = marks.get(name, UNREAD), marks.get(beside(name), UNREAD)
    if mark.halted_at is not None:
        return f"{called} is halted at position {mark.halted_at}, not at {position}"
    if rebuilt.halted_at is not None:
        return f"the rebuild of {called} is halted at position {rebuilt.halted_at}, not at {position}"
    return f"{called} is not halted: it stands at position {mark.position} and goes on"


def _drop_what_took_it_in(conn: Connection, view: str, position: int, marks: dict[str, Bookmark]) -> None:
    """An unfinished rebuild that is past the event was folded under the other rule: the next one begins anew."""
    if marks.get(beside(view), UNREAD).position >= position:
        conn.execute(SQL("DROP TABLE view.{}").format(Identifier(beside(view))))
        conn.execute("DELETE FROM view.positions WHERE name = %s", (beside(view),))
