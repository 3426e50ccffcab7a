"""Group commit: what many commands ask for at the same time is appended in one transaction.

Whoever finds nobody appending appends at once, alone and in its own thread; what arrives meanwhile waits together and
goes in as one. Each command hears its own outcome, and only when it is durable. A command that touches a stream which
an earlier one of the same batch writes waits for the next batch, so that order within a stream holds; so does one
for which the log has to be quiet, since what comes before it in a batch is not seen.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from threading import Condition, Thread
from typing import Protocol
from uuid import UUID

from services.log.event_store import Group, Outcome

MOST_EVENTS = 2_000  # of a batch: more gain nothing and keep others waiting
MOST_WAITING = 2_000  # commands; beyond them it is better to say so at once
PATIENCE = 4.0  # seconds for which one waits to hear; what is still in the queue by then is not appended any more

Append = Callable[[Sequence[Group]], Sequence[Outcome]]


class _Asker(Protocol):
    """Who hears an outcome: a future of a thread or of an event loop. Who ``gave_up`` hears none."""

    gave_up: bool

    def done(self) -> bool: ...

    def set_running_or_notify_cancel(self) -> bool: ...

    def set_result(self, outcome: Outcome, /) -> None: ...

    def set_exception(self, error: Exception, /) -> None: ...


_Waiting = tuple[Group, _Asker]


class Overloaded(Exception):
    """More commands wait than can be served soon."""


class GroupCommit:
    """``append`` writes a batch in one transaction; what it raises for a batch is found out group by group."""

    def __init__(self, append: Append, passing: tuple[type[Exception], ...], patience: float = PATIENCE) -> None:
        self._append = append
        self._patience = patience
        self._passing = passing  # errors of the whole database: nobody's fault, no use trying one by one
        self._waiting: deque[_Waiting] = deque()
        self._changed = Condition()
        self._leading = False
        self._handed_over = False
        self._promised = False
        self._closing = False
        self._news: _News | None = None
        self._standby = Thread(target=self._stand_by, name="group-commit", daemon=True)
        self._standby.start()

    def commit(self, group: Group) -> Outcome:
        """Append, and wait until it is durable.

        Raises ``Overloaded``, what the database says, or ``TimeoutError`` where nobody can tell whether it is appended.
        """
        future = InThread()
        if self._enqueue(group, future):
            self._lead(future)
        try:
            return future.result(self._patience)
        except TimeoutError:
            future.gave_up = True
            raise

    async def committing(self, group: Group) -> Outcome:
        """The same without holding up the event loop."""
        loop = asyncio.get_running_loop()
        if self._news is None or self._news.loop is not loop:
            self._news = _News(loop)
        asker = _OnLoop(loop.create_future(), self._news)
        if self._enqueue(group, asker):
            self._promised = True
            loop.call_soon(self._keep_promise)  # after the commands that are ready now: they go along
        try:
            async with asyncio.timeout(self._patience):
                return await asker.future
        except TimeoutError:
            asker.gave_up = True
            raise

    def waiting(self) -> int:
        """How many commands wait for the batch under way."""
        with self._changed:
            return len(self._waiting)

    def close(self) -> None:
        """Append what waits, then take no more."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._keep_promise()  # of an event loop that has stopped since
        self._standby.join(timeout=5)

    def _enqueue(self, group: Group, asker: _Asker) -> bool:
        """Whether nobody was appending: then the asker must see to it."""
        with self._changed:
            if self._closing or len(self._waiting) >= MOST_WAITING:
                raise Overloaded
            self._waiting.append((group, asker))
            leads, self._leading = not self._leading, True
        return leads

    def _lead(self, own: "InThread | None") -> None:
        """Append batch after batch; a command that leads hands over once it has its own answer."""
        while True:
            with self._changed:
                if not self._waiting:
                    self._leading = False
                    self._changed.notify_all()
                    return
                if own is None or not own.done():
                    batch = self._next_batch()
                else:
                    self._handed_over = True
                    self._changed.notify_all()
                    return
            self._settle(batch)

    def _hand_over(self) -> None:
        with self._changed:
            self._handed_over = True
            self._changed.notify_all()

    def _keep_promise(self) -> None:
        with self._changed:
            promised, self._promised = self._promised, False
        if promised:
            self._hand_over()

    def _stand_by(self) -> None:
        while True:
            with self._changed:
                while not self._handed_over:
                    if self._closing and not self._leading:
                        return
                    self._changed.wait()
                self._handed_over = False
            self._lead(None)

    def _next_batch(self) -> list[_Waiting]:
        """From the front, in order; what touches a stream or a key that the batch writes stays for the next."""
        batch: list[_Waiting] = []
        later: list[_Waiting] = []
        written: set[UUID] = set()
        said: set[tuple[UUID, str]] = set()
        events = 0
        while self._waiting and (not batch or events + len(self._waiting[0][0].events) <= MOST_EVENTS):
            group, future = self._waiting.popleft()
            if future.gave_up:
                continue
            writes = {_stream(event.originator_id) for event in group.events}
            key = (group.answer.actor, group.answer.key) if group.answer else None
            behind = not written.isdisjoint(writes) or not written.isdisjoint(group.standing) or key in said
            if behind or (written and group.quiet_since):
                later.append((group, future))
            else:
                batch.append((group, future))
                events += len(group.events)
            written |= writes  # also of those that wait: who comes after them waits behind them
            if key:
                said.add(key)
        self._waiting.extendleft(reversed(later))
        return batch

    def _settle(self, batch: Sequence[_Waiting]) -> None:
        if not batch:  # all of them have given up
            return
        try:
            outcomes = self._append([group for group, _ in batch])
        except Exception as error:
            if len(batch) == 1 or isinstance(error, self._passing):
                for _, future in batch:
                    if future.set_running_or_notify_cancel():
                        future.set_exception(error)
            else:
                for each in batch:  # one of them is broken: each for itself
                    self._settle([each])
            return
        except BaseException:  # this thread is being ended: another one goes on
            for _, future in batch:  # perhaps appended, perhaps not
                if future.set_running_or_notify_cancel():
                    future.set_exception(Overloaded())
            self._hand_over()
            raise
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if future.set_running_or_notify_cancel():
                future.set_result(outcome)


class InThread(Future[Outcome]):
    """An asker that waits in a thread."""

    gave_up = False


class _News:
    """Outcomes on their way to an event loop, which is woken once for all that come together."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._told: deque[tuple[asyncio.Future[Outcome], Outcome | Exception]] = deque()
        self._on_its_way = False

    def tell(self, future: "asyncio.Future[Outcome]", outcome: Outcome | Exception) -> None:
        self._told.append((future, outcome))
        if not self._on_its_way:
            self._on_its_way = True
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self.loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._on_its_way = False  # before looking: what is told from here on wakes the loop again
        while self._told:
            future, outcome = self._told.popleft()
            if future.done():  # given up meanwhile
                continue
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)


class _OnLoop:
    """An asker on an event loop, told from another thread."""

    __slots__ = ("_news", "future", "gave_up")

    def __init__(self, future: "asyncio.Future[Outcome]", news: _News) -> None:
        self.future = future
        self.gave_up = False
        self._news = news

    def done(self) -> bool:
        return self.future.done()

    def set_running_or_notify_cancel(self) -> bool:
        return not self.future.cancelled()

    def set_result(self, outcome: Outcome, /) -> None:
        self._news.tell(self.future, outcome)

    def set_exception(self, error: Exception, /) -> None:
        self._news.tell(self.future, error)


def _stream(identity: UUID | str) -> UUID:
    return identity if isinstance(identity, UUID) else UUID(identity)
