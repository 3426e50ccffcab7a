"""Waiting for notices: whoever is told or woken goes on at once, whatever else was to be waited for."""

from concurrent.futures import ThreadPoolExecutor

import psycopg

from projections.bell import Bell
from tests.clock import PATIENCE

FOR_EVER = 10 * PATIENCE


def test_a_ring_ends_the_wait_and_whatever_was_told_is_kept(url: str) -> None:
    bell = Bell()
    with psycopg.connect(url, autocommit=True) as conn, ThreadPoolExecutor() as pool:
        conn.execute("LISTEN here")
        waits = pool.submit(bell.notices, conn, FOR_EVER)
        bell.ring()
        assert waits.result(PATIENCE) == []
        conn.execute("NOTIFY here, 'one'")
        assert [notice.payload for notice in bell.notices(conn, FOR_EVER)] == ["one"]


def test_what_was_told_during_something_else_is_not_waited_for(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as conn, psycopg.connect(url, autocommit=True) as other:
        conn.execute("LISTEN here")
        other.execute("NOTIFY here, 'one'")
        conn.execute("SELECT 1")  # the notice comes with its answer
        assert [notice.payload for notice in Bell().notices(conn, FOR_EVER)] == ["one"]


def test_what_is_told_while_somebody_waits_ends_the_wait(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as conn, psycopg.connect(url, autocommit=True) as other:
        conn.execute("LISTEN here")
        with ThreadPoolExecutor() as pool:
            waits = pool.submit(Bell().notices, conn, FOR_EVER)
            other.execute("NOTIFY here, 'one'")
            assert [notice.payload for notice in waits.result(PATIENCE)] == ["one"]
