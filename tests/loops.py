"""A loop of one's own: the browser tests leave one running in the thread of whoever comes after them."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run_apart(work: Coroutine[Any, Any, T]) -> T:
    """``asyncio.run`` in a thread in which no loop runs."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, work).result()
