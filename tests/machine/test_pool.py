"""Connections at hand: one reader goes on using the same, however many were wanted once."""

from contextlib import ExitStack

from tests.conftest import FIRST, Demo


def test_a_single_reader_uses_the_connection_that_came_back_last(demo: Demo) -> None:
    database = demo.product.database
    with ExitStack() as many:
        wanted = [many.enter_context(database.app.connection()) for _ in range(4)]
        pids = [conn.info.backend_pid for conn in wanted]
    assert len({*pids}) == 4
    served = []
    for _ in range(6):
        with database.lend([FIRST]) as conn:
            served.append(conn.info.backend_pid)
    assert pids[0] in served  # which was given back last
    assert len({*served}) <= 2  # somebody else may have been lent it for a moment
