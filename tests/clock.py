"""The one clock of the tests: it starts at a fixed moment, whatever the machine's date is, and runs on from there.

``TESTS_START=2027-02-28T23:59 make test`` starts it elsewhere; a moment without an offset is one in Shanghai.
"""

import os
from datetime import UTC, datetime, timedelta
from time import monotonic

from domain.calendar import SHANGHAI

VARIABLE = "TESTS_START"
PATIENCE = 60.0  # seconds after which something that should happen is missing; the machine may be busy
USUAL = "2026-11-25T10:00"  # a Wednesday in service hours, in the last third of a month


def moment(text: str) -> datetime:
    """``2026-11-25T10:00``, in Shanghai where the text says no offset."""
    said = datetime.fromisoformat(text)
    return said if said.tzinfo else said.replace(tzinfo=SHANGHAI)


START = moment(os.environ.get(VARIABLE) or USUAL)


class RunningClock:
    """Every product has a clock of its own, so that what it sees does not depend on how long others took before it."""

    def __init__(self, start: datetime = START, began: float | None = None) -> None:
        self._start = start.astimezone(UTC)
        self.began = monotonic() if began is None else began

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=monotonic() - self.began)

    def passes(self, span: timedelta) -> None:
        """So much more has passed."""
        self.began -= span.total_seconds()


class StandingClock:
    """A clock that stands still until somebody says what passes."""

    def __init__(self, start: datetime = START) -> None:
        self.now = start.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, span: timedelta) -> None:
        self.now += span
