"""The trail over a log of a test's own: what follows it, and what its tree says."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from projections.follow import Follower
from projections.following import Following
from services.capability import Within
from services.log.vault import Vault
from services.tlog.tree import leaf_hash, root_of
from services.trail import reading
from services.trail.following import TRAIL, bound
from services.trail.reading import TreeHead
from tests.machine.ground import Ground

KEY = b"k" * 32
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def trail_over(ground: Ground, data: Path, key: bytes = KEY) -> Following:
    """The following, with keys that are made in ``data``."""
    within = Within(data, Vault(ground.database, key), "log.test/xincheng", lambda: NOW)
    return Following(TRAIL.name, bound(within), batch=TRAIL.batch)


def follower_over(ground: Ground, data: Path) -> Follower:
    return ground.follower(followings=[trail_over(ground, data)])[0]


def tree_of(ground: Ground) -> tuple[TreeHead, list[bytes]]:
    """Its head and all its entries; the head is what the entries make it."""
    with ground.database.follower.connection() as conn:
        head = reading.head(conn)
        entries = reading.entries(conn, 0, head.size)
        assert reading.root_at(conn, head.size) == head.root
    assert root_of(map(leaf_hash, entries)) == head.root
    return head, entries


def rows(ground: Ground, query: str) -> list[tuple[Any, ...]]:
    with ground.database.follower.connection() as conn:
        return conn.execute(query.encode()).fetchall()
