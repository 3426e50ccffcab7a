"""What to do where the way to the log is lost: read again on another connection, or ask people to try later."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from time import monotonic, sleep
from typing import ParamSpec, TypeVar

from eventsourcing.persistence import InterfaceError, OperationalError

from services.database.pulse import Silent
from services.threads.try_later import TryLater
from services.threads.waiting import about_to_wait

R = TypeVar("R")
P = ParamSpec("P")

AGAIN_SECONDS, BETWEEN_SECONDS = 2.0, 0.2  # for which a read is tried again: a server that was killed is back by then


def again_if_lost(read: Callable[P, R]) -> Callable[P, R]:
    """What a recorder only reads is said again on another connection, unless nobody answers at all.

    The append is not: perhaps it happened.
    """

    @wraps(read)
    def persistent(*args: P.args, **kwargs: P.kwargs) -> R:
        until = monotonic() + AGAIN_SECONDS
        while True:
            try:
                return read(*args, **kwargs)
            except (InterfaceError, OperationalError) as lost:
                if monotonic() > until or isinstance(lost.__cause__, Silent):
                    raise
                sleep(BETWEEN_SECONDS)

    return persistent


@contextmanager
def or_try_later() -> Iterator[None]:
    """A database that is away for a moment is nobody's mistake."""
    about_to_wait()
    try:
        yield
    except (OperationalError, InterfaceError) as lost:
        raise TryLater from lost
