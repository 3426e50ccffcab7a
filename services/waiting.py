"""Keeps the event loop free: what would wait for the database is done in a thread, what need not is done at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

T = TypeVar("T")

_must_not_wait: ContextVar[bool] = ContextVar("must_not_wait", default=False)


class WouldWait(Exception):
    """The answer is not in memory and waiting is not allowed here."""


def about_to_wait() -> None:
    """Said by whatever is going to wait. Raises ``WouldWait`` where that is not allowed."""
    if _must_not_wait.get():
        raise WouldWait


@contextmanager
def without_waiting() -> Iterator[None]:
    """Nothing within may wait."""
    before = _must_not_wait.set(True)
    try:
        yield
    finally:
        _must_not_wait.reset(before)


async def here_or_in_a_thread(do: Callable[[], T]) -> T:
    """``do()`` at once if it needs nothing that must be waited for, else all of it anew in a thread."""
    try:
        with without_waiting():
            return do()
    except WouldWait:
        return await run_in_threadpool(do)
