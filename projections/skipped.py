"""Events that a following goes on past, as they are recorded: for whoever reads the log for it.

A skip moves the halted following itself (``skip.py``). The record is for a rebuild, a check, and a follower that
begins anew after a restore.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.recorded import Recorded
from projections.projection import Connection, View


@dataclass(frozen=True, slots=True)
class Skip:
    """``view`` names a view or another following; ``because`` is for those who run the machine; ``by`` a user there."""

    view: str
    position: int
    because: str
    by: str
    at: datetime


def skips(conn: Connection) -> list[Skip]:
    """All skips that hold, in log order."""
    rows = conn.execute(
        "SELECT view, position, because, skipped_by, skipped_at FROM view.skipped WHERE withdrawn_at IS NULL"
        " ORDER BY position, view"
    )
    return [Skip(*row) for row in rows]


def positions_skipped(recorded: Iterable[Skip]) -> dict[str, frozenset[int]]:
    """What each following leaves out, by its name."""
    found: dict[str, set[int]] = {}
    for each in recorded:
        found.setdefault(each.view, set()).add(each.position)
    return {name: frozenset(positions) for name, positions in found.items()}


def passing(views: Iterable[View[Any]], skipped: Sequence[Skip]) -> tuple[View[Any], ...]:
    """The views as they are folded: a skipped event touches none of the view's rows."""
    left_out = positions_skipped(skipped)
    return tuple(_passing(view, left_out.get(view.name, frozenset())) for view in views)


def _passing(view: View[Any], positions: frozenset[int]) -> View[Any]:
    if not positions:
        return view

    def keys(recorded: Recorded[Any]) -> Iterable[str]:
        return () if recorded.position in positions else view.keys(recorded)

    return replace(view, keys=keys, stands_for=view)
