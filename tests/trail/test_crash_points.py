"""Cut short between any two statements, the trail goes on where it was: each event has one leaf, and the same one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.machine.ground import Ground, a_ground
from tests.templates import Templates
from tests.trail.growing import follower_over, tree_of

NOTES = 257  # so that a tile is filled on the way


@pytest.fixture
def ground(templates: Templates) -> Iterator[Ground]:
    with a_ground(templates.empty()) as made:
        yield made


class Cut:
    """Ends the connection's server process before statement number ``at`` that is about the trail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, server: str, at: int) -> None:
        self.left = at
        self.cut = False
        execute = psycopg.Connection.execute

        def counted(conn: "psycopg.Connection[Any]", query: Any, *rest: Any, **more: Any) -> Any:
            text = query if isinstance(query, str) else repr(query)
            if not self.cut and ("trail." in text or "view.positions" in text):
                self.left -= 1
                if self.left < 0:
                    self.cut = True
                    with psycopg.connect(server, autocommit=True) as other:
                        execute(other, "SELECT pg_terminate_backend(%s)", (conn.info.backend_pid,))
            return execute(conn, query, *rest, **more)

        monkeypatch.setattr(psycopg.Connection, "execute", counted)


def test_between_any_two_statements(
    ground: Ground, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    for number in range(NOTES):
        ground.note(number)
    follower, at = follower_over(ground, tmp_path), 0
    while True:
        with monkeypatch.context() as patched:
            cut = Cut(patched, server, at)
            try:
                follower.catch_up()
            except psycopg.OperationalError:
                assert cut.cut
        if not cut.cut:
            break
        at += 1
        ground.note(NOTES + at)  # there is always something more to take in
    assert at > 8  # so many statements a batch takes
    follower.catch_up()
    grown, entries = tree_of(ground)
    assert grown.size == ground.log.last_position() == len(entries)
    with ground.owner() as conn:
        for table in ("entry", "tile", "subject", "crowd", "head"):
            conn.execute(f"ALTER TABLE trail.{table} DISABLE TRIGGER USER; DELETE FROM trail.{table}".encode())
        conn.execute("DELETE FROM view.positions WHERE name = 'trail'")
    follower_over(ground, tmp_path).catch_up()
    assert tree_of(ground)[0] == grown
