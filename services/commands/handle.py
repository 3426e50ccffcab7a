"""The one way a command enters: plan, append, answer; each command is answered once.

Every answer, also a refusal, is given on states that still stood when it was given. The course of a command is written
once, as steps; ``do`` walks it in a thread that may wait, ``doing`` on the event loop.
"""

import asyncio
import random
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Sequence
from dataclasses import fields, replace
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

import msgspec

from domain.refusal import Refusal
from services.commands.ask import Answer, Ask, Forbidden, KeyReused, Stale
from services.commands.plan import Attempt, Companion, Guard, PlanFor, PlannedAs, Reach, completed, made
from services.log.event_log import AnsweredBefore, Appended, Change, VersionConflict
from services.log.event_store import StoredAnswer
from services.log.not_found import NotFound
from services.log.seen import Seen
from services.threads.try_later import TryLater
from services.threads.waiting import about_to_wait, here_or_in_a_thread

ATTEMPTS = 16
LONGEST_PAUSE = 0.1  # seconds between two of them
REMEMBERED_ANSWERS = 20_000  # of about a kilobyte


class _Read(NamedTuple):
    """Something to find out, perhaps from the database."""

    do: Callable[[], Any]


class _Append(NamedTuple):
    """Something to make durable."""

    changes: Sequence[Change]
    answer: StoredAnswer | None
    seen: Seen


class _Pause(NamedTuple):
    """Out of another command's way."""

    seconds: float


_Step = _Read | _Append | _Pause
_Course = Generator[_Step, Any, Answer]
A = TypeVar("A", bound=Answer)


class Handler:
    """``clock`` gives the time of recording, with an offset.

    ``guards`` are asked about every plan, so that none can forget them; ``companions`` say what changes with it.
    """

    def __init__(
        self,
        reach: Reach,
        clock: Callable[[], datetime],
        guards: Sequence[Guard] = (),
        companions: Sequence[Companion] = (),
    ) -> None:
        self._log = reach.log
        self.reach = reach
        self._clock = clock
        self._guards = tuple(guards)
        self._companions = tuple(companions)
        self._answers = _Answers()

    def by(self, clock: Callable[[], datetime]) -> "Handler":
        """The same way in, for what happens by another clock."""
        return Handler(self.reach, clock, self._guards, self._companions)

    def do(self, ask: Ask, plan: PlanFor[A]) -> A:
        """Do what ``plan`` says, durably.

        Raises ``Refusal``, ``Forbidden``, ``NotFound``, ``Stale``, ``KeyReused`` or ``TryLater``.
        """
        about_to_wait()  # before anything is done: what is begun where nobody may wait would be done once more
        course, done, wrong = self._course(ask, plan), None, None
        try:
            while True:
                step = course.throw(wrong) if wrong else course.send(done)
                done, wrong = None, None
                try:
                    match step:
                        case _Read(read):
                            done = read()
                        case _Append(changes, answer, seen):
                            done = self._log.append(changes, answer, seen)
                        case _Pause(seconds):
                            time.sleep(seconds)
                except Exception as error:
                    wrong = error
        except StopIteration as ended:
            done_so: A = ended.value
            return done_so

    async def doing(self, ask: Ask, plan: PlanFor[A]) -> A:
        """``do`` for the event loop: nothing blocks it."""
        course, done, wrong = self._course(ask, plan), None, None
        try:
            while True:
                step = course.throw(wrong) if wrong else course.send(done)
                done, wrong = None, None
                try:
                    match step:
                        case _Read(read):
                            done = await here_or_in_a_thread(read)
                        case _Append(changes, answer, seen):
                            done = await self._log.appending(changes, answer, seen)
                        case _Pause(seconds):
                            await asyncio.sleep(seconds)
                except Exception as error:
                    wrong = error
        except StopIteration as ended:
            done_so: A = ended.value
            return done_so

    def completed(self, attempt: Attempt, changes: Sequence[Change]) -> Sequence[Change]:
        """The changes with all that changes beside them, for whoever appends by himself. Refuses what guards refuse."""
        return completed(attempt, changes, self._guards, self._companions)

    # -- the course of a command ---------------------------------------------------------------------------------

    def _course(self, ask: Ask, plan: PlanFor[A]) -> _Course:
        answer = yield from self._answered(ask, plan)
        if plan.afterwards is not None:
            yield _Read(partial(plan.afterwards, self.reach))
        return answer

    def _answered(self, ask: Ask, plan: PlanFor[A]) -> _Course:
        """Decide and append; what was decided on states that no longer stand is decided anew."""
        for turn in range(ATTEMPTS):
            before = self._answers.first(ask, plan.answers)
            if before is not None:
                return before
            attempt = Attempt(self.reach, ask, self._clock())
            try:
                planned: PlannedAs[A] = yield _Read(partial(made, plan, attempt, self._guards, self._companions))
                assert isinstance(planned.answer, plan.answers)
                changes = [change for change in planned.changes if change.events]
                if changes or ask.key is not None:
                    kept = _kept(ask, planned.answer)
                    appended: Appended = yield _Append(changes, kept, attempt.seen)
                    return self._answers.keep(ask, replace(planned.answer, position=appended.position))
                if (yield _Read(partial(self._log.stands, attempt.seen))):
                    return replace(planned.answer, position=(yield _Read(self._log.last_position)))
            except VersionConflict:
                longest = min(0.005 * 2**turn, LONGEST_PAUSE)
                yield _Pause(random.uniform(0, longest))  # jitter: the same two shall not meet again
            except (Refusal, Forbidden, NotFound, Stale):
                if (yield _Read(partial(self._log.stands, attempt.seen))):
                    first = yield from self._first_answer(ask, plan.answers)
                    if first is None:
                        raise
                    return first
            except (AnsweredBefore, TryLater):  # it was; or perhaps it was, and the database was lost before it said so
                first = yield from self._first_answer(ask, plan.answers)
                if first is None:
                    raise
                return first
        raise TryLater

    def _first_answer(self, ask: Ask, kind: type[Answer]) -> Generator[_Step, Any, Answer | None]:
        """What the log says was answered under the key of this request."""
        if ask.key is None:
            return None
        kept: StoredAnswer | None = yield _Read(partial(self._log.answered, ask.caller.person, ask.key))
        return None if kept is None else self._answers.keep(ask, _as_answered(kept, kind), kept.fingerprint)


class _Answers:
    """First answers under idempotency keys, as far as this process remembers them; all of them are in the log."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[tuple[UUID, str], tuple[bytes, Answer]] = OrderedDict()

    def first(self, ask: Ask, kind: type[Answer]) -> Answer | None:
        """The answer to this very request. Raises ``KeyReused`` if the key came with another one."""
        if ask.key is None:
            return None
        with self._lock:
            kept = self._kept.get((ask.caller.person, ask.key))
        if kept is not None and (kept[0] != ask.fingerprint or not isinstance(kept[1], kind)):
            raise KeyReused
        return kept[1] if kept else None

    def keep(self, ask: Ask, answer: Answer, fingerprint: bytes | None = None) -> Answer:
        """Remember ``answer``, given first to a request with ``fingerprint``; answers it. Raises ``KeyReused``."""
        if ask.key is None:
            return answer
        with self._lock:
            self._kept[ask.caller.person, ask.key] = (fingerprint or ask.fingerprint, answer)
            while len(self._kept) > REMEMBERED_ANSWERS:
                self._kept.popitem(last=False)
        if fingerprint is not None and fingerprint != ask.fingerprint:
            raise KeyReused
        return answer


def _kept(ask: Ask, answer: Answer) -> StoredAnswer | None:
    if ask.key is None:
        return None
    body: dict[str, Any] = msgspec.to_builtins(answer)
    del body["position"]  # the store adds it
    return StoredAnswer(ask.caller.person, ask.key, ask.fingerprint, body)


# answers of up to version 0.3 had two fields for whatever they told, and counted in text
_ONCE = {
    "payment": "order",
    "refund": "order",
    "invoice": "order",
    "made": "order",
    "receipt": "number",
    "count": "number",
}


def _as_answered(kept: StoredAnswer, kind: type[Answer]) -> Answer:
    """What was answered then. Raises ``KeyReused`` where it is no answer of this kind."""
    said = kept.answer
    answer = {each.name: said.get(each.name, said.get(_ONCE.get(each.name, ""))) for each in fields(kind)}
    try:
        return msgspec.convert(answer, kind, strict=False)
    except msgspec.ValidationError:
        raise KeyReused from None
