"""Keeps the event loop free: what would wait for the database is done in a thread, what need not is done at once."""

from collections.abc import Callable
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


async def here_or_in_a_thread(do: Callable[[], T]) -> T:
    """``do()`` at once if it needs nothing that must be waited for, else all of it anew in a thread."""
    before = _must_not_wait.set(True)
    try:
        return do()
    except WouldWait:
        pass
    finally:
        _must_not_wait.reset(before)
    return await run_in_threadpool(do)
