"""Numbers that people say aloud: WO-20261123-0007, unique per service centre and day (INV-10).

Drawn one by one while it is quiet. Under load a process takes a block at once, doubling as long as blocks are used up
within a second, and the next one before the last is used up: a number costs no transaction of its own, and nobody
waits for one. What is left at the end is given back; only a crash under load leaves out some numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from threading import Lock
from time import monotonic

from services.database.database import Database
from services.threads.background import Background
from services.threads.waiting import about_to_wait

LARGEST_BLOCK = 256
USED_UP_SOON = 1.0  # seconds
_WORTH_TAKING_AHEAD = 8


@dataclass(slots=True)
class _Block:
    """Numbers of one day that nobody else draws: ``next`` to ``last``, then ``spare``, if there is one."""

    day: date
    next: int
    last: int
    size: int
    taken: float
    spare: tuple[int, int] | None = None

    def drawn(self) -> int | None:
        """The next number; ``None`` when all are used up."""
        if self.next > self.last and self.spare is not None:
            (self.next, self.last), self.spare = self.spare, None
        if self.next > self.last:
            return None
        self.next += 1
        return self.next - 1

    def low(self) -> bool:
        return self.size >= _WORTH_TAKING_AHEAD and self.spare is None and self.last - self.next < self.size / 2


class Numbers:
    """``now`` is a monotonic clock in seconds."""

    def __init__(self, database: Database, now: Callable[[], float] = monotonic) -> None:
        self._database = database
        self._now = now
        self._background = Background("numbers")
        self._blocks: dict[str, _Block] = {}
        self._lock = Lock()
        self._taking = Lock()

    def draw(self, prefix: str, centre: str, day: date) -> str:
        """The next number of the centre's day; a number drawn for a command that then fails is not used again."""
        scope = f"{prefix} {centre}"
        number = self._at_hand(scope, day)
        while number is None:
            self._take(scope, day)
            number = self._at_hand(scope, day)
        return f"{prefix}-{day:%Y%m%d}-{number:04d}"

    def close(self) -> None:
        """Give back what was taken and not drawn, unless another process has taken more since."""
        self._background.close()
        with self._taking, self._lock:
            blocks, self._blocks = self._blocks, {}
        for scope, block in blocks.items():
            left = [block.spare, (block.next, block.last)]  # the newest first: only they can be given back
            for first, last in [each for each in left if each is not None and each[0] <= each[1]]:
                with self._database.app.connection() as conn:
                    conn.execute(
                        "UPDATE log.numbers SET last = %s WHERE scope = %s AND day = %s AND last = %s",
                        (first - 1, scope, block.day, last),
                    )

    def _at_hand(self, scope: str, day: date) -> int | None:
        with self._lock:
            block = self._blocks.get(scope)
            number = block.drawn() if block is not None and block.day == day else None
            low = number is not None and block is not None and block.low()
        if low:
            self._background.soon(scope, partial(self._take_ahead, scope, day))
        return number

    def _take(self, scope: str, day: date) -> None:
        """A block, where there is none."""
        about_to_wait()
        with self._taking:  # one takes, the others find it taken
            used = self._blocks.get(scope)
            if used is not None and used.day == day and (used.spare or used.next <= used.last):
                return
            size = min(used.size * 2, LARGEST_BLOCK) if used is not None and self._used_up_soon(used) else 1
            first, last = self._taken(scope, day, size)
            with self._lock:
                self._blocks[scope] = _Block(day, first, last, size, self._now())

    def _take_ahead(self, scope: str, day: date) -> None:
        """The block after the present one, if that is being used up fast."""
        with self._taking:
            used = self._blocks.get(scope)
            if used is None or used.day != day or used.spare or not self._used_up_soon(used):
                return
            size = min(used.size * 2, LARGEST_BLOCK)
            spare = self._taken(scope, day, size)
            with self._lock:
                used.spare, used.size, used.taken = spare, size, self._now()

    def _used_up_soon(self, block: _Block) -> bool:
        return self._now() - block.taken < USED_UP_SOON

    def _taken(self, scope: str, day: date, size: int) -> tuple[int, int]:
        with self._database.app.connection() as conn:
            row = conn.execute(
                "INSERT INTO log.numbers AS n (scope, day, last) VALUES (%(scope)s, %(day)s, %(size)s)"
                " ON CONFLICT (scope, day) DO UPDATE SET last = n.last + excluded.last RETURNING last",
                {"scope": scope, "day": day, "size": size},
            ).fetchone()
        assert row is not None
        return int(row[0]) - size + 1, int(row[0])
