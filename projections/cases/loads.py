"""How much each steward has in hand, in all estates together: there is one pair of hands."""

from collections.abc import Sequence
from uuid import UUID

from projections.people.people import PersonRow
from projections.projection import Connection


def loads(conn: Connection, squad: Sequence[PersonRow]) -> dict[UUID, int]:
    """Orders in hand by steward.

    For the count alone the transaction looks at the estates of each, which whoever asks may not all see.
    """
    estates = sorted({estate for row in squad for estate in row.estates})
    seen = conn.execute("SELECT current_setting('jinlin.estates', true)").fetchone()
    conn.execute("SELECT set_config('jinlin.estates', %s, true)", (",".join(estates),))
    found = conn.execute(
        "SELECT steward, count(*) FROM orders WHERE steward = ANY(%s) AND lane IN ('sent', 'working', 'held')"
        " GROUP BY steward",
        ([str(row.person) for row in squad],),
    ).fetchall()
    conn.execute("SELECT set_config('jinlin.estates', %s, true)", ((seen and seen[0]) or "",))
    return {UUID(steward): int(count) for steward, count in found}
