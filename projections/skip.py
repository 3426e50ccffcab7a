"""Let a halted view go on past the event that it cannot take in, for a reason that stays on record."""

from psycopg.sql import SQL, Identifier

from projections.follow import tell
from projections.projection import Connection
from projections.rebuild import alone_beside, beside

LONGEST_REASON = 500


def remedy(view: str, position: int) -> str:
    """The command that lets the view go on."""
    return f'jinlin skip {view} {position} --because "..."'


class CannotSkip(Exception):
    """Nothing was changed; the text says why."""


def skip(conn: Connection, view: str, position: int, because: str, by: str) -> None:
    """Let a view, or its rebuild, that halted at ``position`` go on past that event. As owner.

    Raises ``CannotSkip`` unless it halted there, ``RebuildUnderWay``.
    """
    because = _reason(because)
    with alone_beside(conn, view), conn.transaction():
        standing = _standing(conn, view)
        halted = [name for name, (_, halted_at) in standing.items() if halted_at == position]
        if not halted:
            raise CannotSkip(_not_there(view, position, standing))
        conn.execute(
            "INSERT INTO view.skipped (view, position, because, skipped_by) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (view, position, because, by),
        )
        conn.execute(
            "UPDATE view.positions SET position = %s, halted_at = NULL, halted_because = NULL WHERE name = ANY(%s)",
            (position, halted),
        )
        if beside(view) not in halted:
            _drop_what_took_it_in(conn, view, position, standing)
        if view in halted:
            tell(conn, view, position, ())


def withdraw(conn: Connection, view: str, position: int, by: str) -> None:
    """The skip holds no longer: the next rebuild takes the event in. As owner. Raises as ``skip`` does."""
    with alone_beside(conn, view), conn.transaction():
        withdrawn = conn.execute(
            "UPDATE view.skipped SET withdrawn_by = %s, withdrawn_at = now()"
            " WHERE view = %s AND position = %s AND withdrawn_at IS NULL",
            (by, view, position),
        )
        if not withdrawn.rowcount:
            raise CannotSkip(f"view {view} has no skip at position {position}")
        _drop_what_took_it_in(conn, view, position, _standing(conn, view))


def _reason(because: str) -> str:
    because = " ".join(because.split())
    if not because:
        raise CannotSkip("say why: the reason is what others will find here")
    if len(because) > LONGEST_REASON:
        raise CannotSkip(f"the reason may have {LONGEST_REASON} characters")
    return because


def _standing(conn: Connection, view: str) -> dict[str, tuple[int, int | None]]:
    """Position and halt of the view and of its rebuild, held until the transaction ends."""
    rows = conn.execute(
        "SELECT name, position, halted_at FROM view.positions WHERE name = ANY(%s) ORDER BY name FOR UPDATE",
        ([view, beside(view)],),
    )
    return {name: (position, halted_at) for name, position, halted_at in rows}


def _not_there(view: str, position: int, standing: dict[str, tuple[int, int | None]]) -> str:
    stood, halted_at = standing.get(view, (0, None))
    if halted_at is not None:
        return f"view {view} is halted at position {halted_at}, not at {position}"
    _, rebuild_halted_at = standing.get(beside(view), (0, None))
    if rebuild_halted_at is not None:
        return f"the rebuild of view {view} is halted at position {rebuild_halted_at}, not at {position}"
    return f"view {view} is not halted: it stands at position {stood} and goes on"


def _drop_what_took_it_in(
    conn: Connection, view: str, position: int, standing: dict[str, tuple[int, int | None]]
) -> None:
    """An unfinished rebuild that is past the event was folded under the other rule: the next one begins anew."""
    stood, _ = standing.get(beside(view), (0, None))
    if stood >= position:
        conn.execute(SQL("DROP TABLE view.{}").format(Identifier(beside(view))))
        conn.execute("DELETE FROM view.positions WHERE name = %s", (beside(view),))
