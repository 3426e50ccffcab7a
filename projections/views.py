"""The views as followings: one group, so that one reading of the log and one commit serve all of them."""

from collections.abc import Sequence
from typing import Any

from projections.fingerprint import sources_at_hand
from projections.following import Batch, Following, Group
from projections.projection import Connection, View, fold, keyed, keys_of, read_rows, write_rows

GROUP = "views"
BATCH = 2_000  # events: few enough to be visible soon, and never more than twice these in memory


def as_following(view: View[Any], table: str | None = None) -> Following:
    """Folds batches into the rows of ``table``: the view's own, or one beside it that goes by its own name."""
    name = table or view.name

    def take(conn: Connection, batch: Batch) -> set[str]:
        """Answers the estates whose rows changed."""
        touching = keyed(view, batch)
        keys = keys_of(touching)
        if not keys:
            return set()
        folded = fold(view, read_rows(conn, view, name, keys), touching)
        write_rows(conn, view, name, folded)
        return {estate for row, _ in folded.written.values() for estate in view.estates(row)}

    return Following(name, take, BATCH, view.shape, view.events)


def together(views: Sequence[View[Any]]) -> Group:
    """All views in one go."""
    with sources_at_hand():
        return Group(GROUP, tuple(map(as_following, views)), BATCH)
