"""How far each view is and where it last changed, told by the database as it happens: nobody has to ask it."""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Condition, Event, Thread
from time import monotonic

import psycopg

from projections.bell import Bell
from projections.bookmarks import bookmarks
from projections.follow import POLL_SECONDS, Listen
from projections.news import CHANNEL, EVERYWHERE, LOG_CHANNEL
from projections.rebuild import BESIDE

QUIET_SECONDS = 5.0  # without news, after which it is found out whether the connection still carries any
_MOST_ENDS = 1_000  # moments remembered at which the log grew

Hear = Callable[[str, int, Sequence[str]], None]


class ViewPositions:
    """For waiting, for pages that are live, and for what is kept as long as nothing changes.

    ``newest`` answers the position of the log's last event.
    """

    def __init__(self, listen: Listen, newest: Callable[[], int]) -> None:
        self._listen = listen
        self._newest = newest
        self._positions: dict[str, int] = {}
        self._changed: dict[tuple[str, str], int] = {}  # by view and estate
        self._anywhere: dict[str, int] = {}
        self._everywhere: dict[str, int] = {}
        self._ends: list[tuple[int, float]] = []  # ends of the log and when they were heard of, rising
        self._moved = Condition()
        self._subscribers: list[Hear] = []
        self._stopping = Event()
        self._bell = Bell()
        self._thread = Thread(target=self._run, name="view-positions", daemon=True)
        self._thread.start()

    def wait(self, view: str, position: int, timeout: float) -> bool:
        """Whether the view has reached ``position``, after at most ``timeout`` seconds."""
        until = monotonic() + timeout
        with self._moved:
            while self._positions.get(view, 0) < position:
                left = until - monotonic()
                if left <= 0 or not self._moved.wait(left):
                    return self._positions.get(view, 0) >= position
        return True

    def position(self, view: str) -> int:
        """The position of a view as last heard."""
        with self._moved:
            return self._positions.get(view, 0)

    def changed(self, view: str, estate: str | None = None) -> int:
        """Position of the last change to the estate's rows (to any rows), or a later one: never an earlier."""
        with self._moved:
            everywhere = self._everywhere.get(view, 0)
            if estate is None:
                return max(everywhere, self._anywhere.get(view, 0))
            return max(everywhere, self._changed.get((view, estate), 0))

    def behind(self, view: str) -> float:
        """For how many seconds the log has held something that the view does not show; 0.0 where it shows all."""
        with self._moved:
            position = self._positions.get(view, 0)
            unseen = bisect_right(self._ends, position, key=lambda end: end[0])
            return monotonic() - self._ends[unseen][1] if unseen < len(self._ends) else 0.0

    @contextmanager
    def subscribed(self, hear: Hear) -> Iterator[None]:
        """``hear(view, position, estates)`` is called on the listening thread while this lasts."""
        with self._moved:
            self._subscribers.append(hear)
        try:
            yield
        finally:
            with self._moved:
                self._subscribers.remove(hear)

    def stop(self) -> None:
        self._stopping.set()
        self._bell.ring()
        self._thread.join(timeout=3)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._listen(CHANNEL) as conn:
                    conn.execute(f'LISTEN "{LOG_CHANNEL}"'.encode())
                    self._begin(conn)
                    quiet = monotonic()
                    while not self._stopping.is_set():
                        if monotonic() - quiet > QUIET_SECONDS:
                            conn.execute("SELECT 1")  # whether the silence means that there is no news
                            quiet = monotonic()
                        for notice in self._bell.notices(conn, POLL_SECONDS):
                            quiet = monotonic()
                            if notice.channel == LOG_CHANNEL:
                                self._grown(int(notice.payload or 0))
                            else:
                                self._heard(
                                    [(n["view"], n["position"], n["estates"]) for n in json.loads(notice.payload)]
                                )
            except Exception:  # the database is away: what it says later is heard later
                self._stopping.wait(POLL_SECONDS)

    def _begin(self, conn: "psycopg.Connection[tuple[object, ...]]") -> None:
        """What was told while nobody listened is not known: anything may have changed."""
        self._grown(self._newest())
        self._heard([(name, mark.position, (EVERYWHERE,)) for name, mark in bookmarks(conn).items()])

    def _grown(self, end: int) -> None:
        with self._moved:
            if not self._ends or end > self._ends[-1][0]:
                self._ends.append((end, monotonic()))
            if len(self._ends) > _MOST_ENDS:
                shown = min(self._positions.values(), default=0)
                del self._ends[: bisect_right(self._ends, shown, key=lambda known: known[0])]
                del self._ends[1:-1:2]  # if that was not enough: less exactly, but not less long ago

    def _heard(self, news: Sequence[tuple[str, int, Sequence[str]]]) -> None:
        """What a batch did to each view: its position, and the estates whose rows changed."""
        seen = [each for each in news if not each[0].endswith(BESIDE)]  # one that is built anew does not serve yet
        with self._moved:
            for view, position, estates in seen:
                self._positions[view] = max(position, self._positions.get(view, 0))
                for estate in estates:
                    if estate == EVERYWHERE:
                        self._everywhere[view] = position
                    else:
                        self._changed[view, estate] = position
                    self._anywhere[view] = position
            self._moved.notify_all()
            subscribers = list(self._subscribers)
        for hear in subscribers:
            for view, position, estates in seen:
                hear(view, position, estates)
