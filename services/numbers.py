"""Numbers that people say aloud: WO-20261123-0007, unique per service centre and day (INV-10).

Drawn one by one while it is quiet; under load a process takes a block at once, doubling as long as blocks are used up
within a second, so that a number costs no transaction of its own. What is left at the end is given back; only a crash
under load leaves out some numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from time import monotonic

from services.database import Database
from services.waiting import about_to_wait

LARGEST_BLOCK = 64
USED_UP_SOON = 1.0  # seconds


@dataclass(slots=True)
class _Block:
    """Numbers of one scope that nobody else draws: ``next`` to ``last``."""

    day: date
    next: int
    last: int
    size: int
    taken: float


class Numbers:
    """``now`` is a monotonic clock in seconds."""

    def __init__(self, database: Database, now: Callable[[], float] = monotonic) -> None:
        self._database = database
        self._now = now
        self._blocks: dict[str, _Block] = {}
        self._lock = Lock()
        self._taking = Lock()

    def draw(self, prefix: str, centre: str, day: date) -> str:
        """The next number of the centre's day; a number drawn for a command that then fails is not used again."""
        scope = f"{prefix} {centre}"
        number = self._at_hand(scope, day)
        if number is None:
            number = self._of_new_block(scope, day)
        return f"{prefix}-{day:%Y%m%d}-{number:04d}"

    def close(self) -> None:
        """Give back what was taken and not drawn, unless another process has taken more since."""
        with self._taking, self._lock:
            left = [(scope, block) for scope, block in self._blocks.items() if block.next <= block.last]
            self._blocks.clear()
        for scope, block in left:
            with self._database.app.connection() as conn:
                conn.execute(
                    "UPDATE log.numbers SET last = %s WHERE scope = %s AND day = %s AND last = %s",
                    (block.next - 1, scope, block.day, block.last),
                )

    def _at_hand(self, scope: str, day: date) -> int | None:
        with self._lock:
            block = self._blocks.get(scope)
            if block is None or block.day != day or block.next > block.last:
                return None
            block.next += 1
            return block.next - 1

    def _of_new_block(self, scope: str, day: date) -> int:
        about_to_wait()
        with self._taking:  # one takes, the others find it taken
            number = self._at_hand(scope, day)
            if number is not None:
                return number
            used = self._blocks.get(scope)
            soon = used is not None and self._now() - used.taken < USED_UP_SOON
            size = min(used.size * 2, LARGEST_BLOCK) if used is not None and soon else 1
            last = self._take(scope, day, size)
            with self._lock:
                self._blocks[scope] = _Block(day, last - size + 2, last, size, self._now())
            return last - size + 1

    def _take(self, scope: str, day: date, size: int) -> int:
        with self._database.app.connection() as conn:
            row = conn.execute(
                "INSERT INTO log.numbers AS n (scope, day, last) VALUES (%(scope)s, %(day)s, %(size)s)"
                " ON CONFLICT (scope, day) DO UPDATE SET last = n.last + excluded.last RETURNING last",
                {"scope": scope, "day": day, "size": size},
            ).fetchone()
        assert row is not None
        return int(row[0])
