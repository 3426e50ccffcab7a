"""Time that never runs backwards, for what must not come to life again; and how far the machine's clock has run back.

As long as the clock goes forward it is the clock's own time. Set back, it goes on from where it was, second by second,
until the clock has caught up.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

import structlog

log = structlog.get_logger()

JUMP = timedelta(minutes=1)  # what a clock is corrected by in passing is no jump


class SteadyClock:
    """``clock`` is the product's."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._last: tuple[datetime, float] | None = None
        self._behind = timedelta()

    def __call__(self) -> datetime:
        with self._lock:
            said, ticks = self._clock(), monotonic()
            before, then = self._last or (said, ticks)
            behind = before + timedelta(seconds=ticks - then) - said
            jumped = behind > JUMP
            now = said + behind if jumped else max(said, before)
            told = jumped and self._behind <= JUMP
            self._behind = behind if jumped else timedelta()
            self._last = (now, ticks)
        if told:
            log.warning("clock_ran_backwards", count=round(behind.total_seconds()))
        return now

    def at_least(self, moment: datetime) -> None:
        """It was this late already, as somebody has kept it."""
        self()
        with self._lock:
            if self._last is not None and moment > self._last[0]:
                self._last = (moment, monotonic())
        self()

    def behind(self) -> float:
        """Seconds by which the clock is behind what it said before; 0 where it is not."""
        self()
        return self._behind.total_seconds()

    def notes(self) -> list[str]:
        """What those who run it should know."""
        behind = round(self.behind())
        return [f"the clock was set back: it is {behind} seconds behind what it said before"] if behind else []
