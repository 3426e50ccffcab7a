"""Bulk append: thousands of events at once, such as all bills of a month, by the one way into the log.

A run is a list of items, cut into chunks. The events of a chunk are appended in one transaction with an answer under
the run's own id, so a run can be begun as often as anybody likes: what is durable is left out, what is missing is
added, and nothing is there twice. The next chunk is sealed while one is being committed; between two chunks the
commands of people get their turn.
"""

import hashlib
import hmac
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from time import sleep
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec

from services.log.event_log import AnsweredBefore, Appended, Change, EventLog, Prepared, VersionConflict
from services.log.event_store import StoredAnswer
from services.threads.try_later import TryLater

T = TypeVar("T")

CHUNK = 500  # items
ATTEMPTS = 8  # at one chunk

_encoder = msgspec.msgpack.Encoder()


class RunDiffers(Exception):
    """Other items were appended under this run's id before."""


@dataclass(frozen=True, slots=True)
class Run(Generic[T]):
    """What is to be appended: the same ``items``, plain data, in the same order whenever the run is begun.

    ``plan`` says what some of the items change. It is asked chunk by chunk, only for what is not yet durable, and anew
    when a stream was changed by others meanwhile; so it may look at streams and draw numbers. ``standing`` names, after
    each plan, streams that it rests on and leaves as they are, with the versions it saw.
    """

    id: UUID
    items: Sequence[T]
    plan: Callable[[Sequence[T]], Sequence[Change]]
    chunk: int = CHUNK
    standing: Callable[[], Mapping[UUID, int]] = dict


def run_of(id: UUID, changes: Sequence[Change]) -> Run[Change]:
    """A run of changes that are known beforehand."""
    return Run(id, changes, lambda some: some)


@dataclass(frozen=True, slots=True)
class _Chunk(Generic[T]):
    """Some of a run's items, and the answer that says that they are in the log."""

    run: Run[T]
    items: Sequence[T]
    answer: StoredAnswer

    def position(self, kept: StoredAnswer) -> int:
        """Where the chunk ends in the log, as told under its key. Raises ``RunDiffers``."""
        if kept.fingerprint != self.answer.fingerprint or kept.answer["of"] != len(self.run.items):
            raise RunDiffers
        return int(kept.answer["position"])


@dataclass(frozen=True, slots=True)
class _UnderWay(Generic[T]):
    """A chunk that is being committed."""

    chunk: _Chunk[T]
    prepared: Prepared
    appended: "Future[Appended]"

    def brings_a_key_of(self, changes: Sequence[Change]) -> bool:
        """Whether something here is sealed under a key that this chunk brings along."""
        return not {key.subject for key in self.prepared.keys}.isdisjoint(change.correlation for change in changes)


class BulkAppend:
    """``secret`` keys the fingerprints of chunks: they stand on what may be personal."""

    def __init__(self, log: EventLog, secret: bytes) -> None:
        self._log = log
        self._secret = secret

    def append(self, run: Run[T], progress: Callable[[int, int], None] = lambda done, total: None) -> int:
        """Append what is not yet durable; answers the position of the run's last event.

        ``progress`` hears after every chunk how many items of how many are durable; what it raises ends the run there.
        Raises ``RunDiffers``, ``TryLater``, ``VersionConflict`` and what ``run.plan`` raises. In any case what is
        durable stays, and the same run may be begun again.
        """
        kept = {answer.key: answer for answer in self._log.answers(run.id)}
        done = position = 0

        def count(chunk: _Chunk[T], at: int) -> None:
            nonlocal done, position
            done, position = done + len(chunk.items), max(position, at)
            progress(done, len(run.items))

        with ThreadPoolExecutor(1, thread_name_prefix="bulk-append") as committing:
            under_way: _UnderWay[T] | None = None
            for chunk in self._chunks(run):
                if chunk.answer.key in kept:
                    count(chunk, chunk.position(kept[chunk.answer.key]))
                    continue
                changes = run.plan(chunk.items)
                if under_way and under_way.brings_a_key_of(changes):  # none may be used before it is durable
                    count(under_way.chunk, self._settled(under_way))
                    under_way = None
                # while the chunk before is being committed
                prepared = self._log.prepared(changes, chunk.answer, run.standing())
                if under_way:
                    count(under_way.chunk, self._settled(under_way))
                under_way = _UnderWay(chunk, prepared, committing.submit(self._log.append_prepared, prepared))
            if under_way:
                count(under_way.chunk, self._settled(under_way))
        return position

    def done(self, run: UUID) -> int:
        """How many items of a run are durable."""
        return sum(kept.answer["items"] for kept in self._log.answers(run))

    def _chunks(self, run: Run[T]) -> Iterator[_Chunk[T]]:
        for number, at in enumerate(range(0, len(run.items), run.chunk), 1):
            items = run.items[at : at + run.chunk]
            contents = _encoder.encode([_content(item) for item in items])
            fingerprint = hmac.digest(self._secret, contents, hashlib.sha256)
            said = {"items": len(items), "of": len(run.items)}
            yield _Chunk(run, items, StoredAnswer(run.id, f"chunk {number}", fingerprint, said))

    def _settled(self, under_way: _UnderWay[T]) -> int:
        """Wait until a chunk is durable; answers its position. What others came in between is planned anew."""
        chunk = under_way.chunk
        attempt: Callable[[], Appended] = under_way.appended.result
        for number in range(1, ATTEMPTS + 1):
            try:
                return attempt().position
            except (AnsweredBefore, VersionConflict, TryLater):  # another process was first, or it was, and was lost
                kept = self._log.answered(chunk.run.id, chunk.answer.key)
                if kept is not None:
                    return chunk.position(kept)
                if number == ATTEMPTS:
                    raise
            sleep(random.uniform(0, 0.005 * 2**number))  # jitter: who met once shall not meet again
            attempt = partial(self._append_anew, chunk)
        raise AssertionError("left by return or raise")

    def _append_anew(self, chunk: _Chunk[T]) -> Appended:
        changes = chunk.run.plan(chunk.items)
        return self._log.append(changes, chunk.answer, chunk.run.standing())


def _content(item: Any) -> Any:
    """What tells two items apart; an event's fields do not say what happened, its name does."""
    return ([type(event).__name__ for event in item.events], item) if isinstance(item, Change) else item
