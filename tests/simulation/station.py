"""A station simulated from one seed: people, two processes over one PostgreSQL, followers, and all that goes wrong.

One thread, no sleep, no clock but its own. Commands are walked step by step, so that any two may meet anywhere between
looking and appending; a fault hits one statement of one step. The same seed gives the same story.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from domain.recorded import Recorded
from projections import views
from services.cases.plans import Promoted
from services.commands import handle
from services.commands.ask import Answer, KeyReused
from services.commands.plan import Attempt, Planned
from services.database.database import Database
from services.log import event_log
from services.running.checking.check import check_snapshots
from services.running.checking.of_log import check_log
from services.running.checking.of_views import check_views
from tests.postgres import logins_of
from tests.simulation.faults import Crashed, Cut, When, Whose, cut
from tests.simulation.process import (
    LOST,
    MONDAY,
    TURNED_AWAY,
    AtOnce,
    Broken,
    Clock,
    Delivery,
    Process,
    Request,
    Try,
    done_now,
    fault_in_words,
    reason_of,
    settle_together,
    versions_at,
)
from tests.simulation.wishes import Wishes

LONG = 3  # events: so that most states are kept and begun from
BATCH = 5  # events: small, so that a follower has something before and after
UNDER_WAY = 6  # commands at once


class Station(Wishes):
    """The whole of it. ``chance`` decides everything; ``story`` is what happened, line by line."""

    def __init__(self, url: str, server: str, seed: int) -> None:
        self.url, self.server, self.chance = url, server, Random(seed)
        self.story: list[str] = []
        self.counted: Counter[str] = Counter()
        self.clock = Clock()
        self.database = Database(logins_of(url))
        self.gone: list[Process] = []
        self.oracle = Process(self.database, self.clock, "oracle")
        self.processes = [
            Process(self.database, self.clock, "left"),
            Process(self.database, self.clock, "right"),
        ]
        self.requests: list[Request] = []
        self.under_way: list[Delivery] = []
        self.issues: list[UUID] = []
        self.orders: list[UUID] = []
        self.people: dict[str, UUID] = {}
        self.open_estate()
        self.begun_at = self.position = self.oracle.log.last_position()

    def close(self) -> None:
        for process in (*self.processes, *self.gone, self.oracle):
            process.log.close()
        self.database.close()

    # -- the schedule --------------------------------------------------------------------------------------------

    def run(self, steps: int) -> None:
        """So many things happen, then the faults end, everything is said again until it is answered, and all must be
        as it should. Raises ``Broken``."""
        for _ in range(steps):
            self._one_thing()
        self._heal()
        self._check()

    def _one_thing(self) -> None:
        happenings: list[tuple[int, Callable[[], None]]] = [
            (60, self._step),
            (30, self._begin),
            (14, self._step_that_is_cut),
            (10, self._append_together),
            (5, self._append_together_cut),
            (6, self._follow),
            (4, self._follow_cut),
            (4, self._say_again),
            (2, self._reuse_a_key),
            (2, self._restart),
            (2, self._jump),
        ]
        weights, what = zip(*happenings, strict=True)
        self.chance.choices(what, weights)[0]()

    def _tell(self, line: str, about: str | None = None) -> None:
        self.counted[about or line.split()[0]] += 1
        self.story.append(f"{len(self.story):4d} {line}")

    def _begin(self) -> None:
        if len(self.under_way) < UNDER_WAY:
            number = len(self.requests)
            words, ask, plan = self.something_to_want()
            key = ask.key or f"key-{number}"
            fingerprint = words.encode()
            self.requests.append(Request(number, words, replace(ask, key=key, fingerprint=fingerprint), plan))
            self._deliver(self.requests[-1], self.chance.choice(self.processes))

    def _say_again(self) -> None:
        if self.requests and len(self.under_way) < UNDER_WAY:
            self._deliver(self.chance.choice(self.requests), self.chance.choice(self.processes))

    def _reuse_a_key(self) -> None:
        """Another request under a key that was answered is told so, by whichever process."""
        answered = [request for request in self.requests if request.answer is not None]
        if not answered:
            return
        first, process = self.chance.choice(answered), self.chance.choice(self.processes)
        self._tell(f"reuse the key of {first.number} at {process.name}")
        try:
            process.handler.do(replace(first.ask, fingerprint=b"another"), first.plan())
            outcome = "answered"
        except KeyReused:
            return
        except TURNED_AWAY as why:
            outcome = reason_of(why)
        raise self._broken(f"request {first.number}: another one under its key was told {outcome}")

    def _restart(self) -> None:
        self._dies(self.chance.choice(self.processes))

    def _jump(self) -> None:
        by = timedelta(minutes=self.chance.choice([-60, -1, 1, 60, 60 * 24]))
        self.clock.now = max(self.clock.now + by, MONDAY - timedelta(days=2))
        self._tell(f"jump to {self.clock.now:%d %H:%M}")

    def _follow(self) -> None:
        process = self.chance.choice(self.processes)
        self._tell(f"follow at {process.name}")
        process.follower.catch_up()

    def _follow_cut(self) -> None:
        process = self.chance.choice(self.processes)
        with self._fault(40) as fault, suppress(*LOST):
            try:
                process.follower.catch_up()
            except Crashed:
                self._dies(process)
        self._tell(f"follow at {process.name}, {fault_in_words(fault)}", "follow cut")

    @contextmanager
    def _fault(self, statements: int, whose: Whose | None = None) -> Iterator[Cut]:
        when, whose = self.chance.choice(list(When)), whose or self.chance.choice(list(Whose))
        at = min(self.chance.randrange(statements) for _ in range(2))  # rather an early one: many steps are short
        with cut(self.server, at, when, whose) as fault:
            yield fault

    def _dies(self, process: Process) -> None:
        """What was in its memory is gone, and whoever waited for it hears nothing."""
        self._tell(f"restart {process.name}")
        self.under_way = [delivery for delivery in self.under_way if delivery.process is not process]
        self.gone.append(process)
        self.processes[self.processes.index(process)] = Process(self.database, self.clock, process.name)

    # -- a command's course --------------------------------------------------------------------------------------

    def _deliver(self, request: Request, process: Process) -> None:
        self._tell(f"say {request.number}: {request.words} at {process.name}")
        plan = request.plan()

        def make(attempt: Attempt) -> Planned:
            tried = Try(attempt.act.recorded_at, attempt.seen, self.position)
            request.tries.append(tried)
            tried.planned = plan.make(attempt)
            return tried.planned

        course = process.handler._course(request.ask, replace(plan, make=make))
        self.under_way.append(Delivery(request, process, course))

    def _step(self) -> None:
        looking = [each for each in self.under_way if not isinstance(each.step, handle._Append)]
        if looking or self.under_way:  # so that those who want to append gather
            self._advance(self.chance.choice(looking or self.under_way))

    def _step_that_is_cut(self) -> None:
        if not self.under_way:
            return
        delivery = self.chance.choice(self.under_way)
        try:
            self._advance(delivery, cut_among=4)
        except Crashed:
            self._dies(delivery.process)

    def _append_together(self, cut_among: int = 0) -> None:
        """What asks to be appended while a commit is under way goes in together as the next one."""
        process = self.chance.choice(self.processes)
        asking = [each for each in self.under_way if each.process is process and isinstance(each.step, handle._Append)]
        if not asking:
            return
        self.position = self.oracle.log.last_position()
        self._tell(f"append together {[each.request.number for each in asking]}", f"together {len(asking)}")
        with self._fault(cut_among, Whose.CONNECTION) if cut_among else nullcontext() as fault:
            settle_together(process.log, asking)
        if fault is not None and fault.happened:
            self._tell(fault_in_words(fault), "together cut")
        for delivery in asking:
            self._go_on(delivery)

    def _append_together_cut(self) -> None:
        self._append_together(cut_among=2)

    def _advance(self, delivery: Delivery, cut_among: int = 0) -> None:
        """One step of its course, as ``Handler.do`` walks it; one of its first ``cut_among`` statements is cut."""
        self.position = self.oracle.log.last_position()
        if delivery.step is not None:
            delivery.done, delivery.wrong = None, None
            try:
                delivery.done = self._done(delivery, cut_among)
            except Exception as error:
                delivery.wrong = error
        self._go_on(delivery)

    def _go_on(self, delivery: Delivery) -> None:
        request, course = delivery.request, delivery.course
        try:
            delivery.step = course.throw(delivery.wrong) if delivery.wrong else course.send(delivery.done)
            self._tell(f"step {request.number} to {type(delivery.step).__name__.strip('_').lower()}")
            return
        except StopIteration as ended:
            self._answered(request, ended.value)
        except TURNED_AWAY as why:
            self._turned_away(delivery, why)
        except LOST:
            self._tell(f"lost {request.number}")
        self.under_way.remove(delivery)

    def _done(self, delivery: Delivery, cut_among: int) -> Any:
        if not cut_among:
            return done_now(delivery)
        with self._fault(cut_among) as fault:
            try:
                return done_now(delivery)
            finally:
                if fault.happened:
                    self._tell(f"{fault_in_words(fault)} of {delivery.request.number}", "step cut")

    def _answered(self, request: Request, answer: Answer) -> None:
        said = getattr(answer, "number", None)
        self._tell(f"answered {request.number}: version {answer.version}, position {answer.position}, {said}")
        if request.answer is not None and answer != request.answer:
            raise self._broken(f"request {request.number} was answered {request.answer} first, then {answer}")
        if request.answer is None:
            request.answer = answer
            if request.words.startswith("note"):
                self.issues.append(answer.stream)
            if isinstance(answer, Promoted):
                self.orders.append(answer.order)

    def _turned_away(self, delivery: Delivery, why: Exception) -> None:
        """It must be for a reason that the log gives, whatever the process remembered."""
        request, tried = delivery.request, delivery.request.tries[-1]
        self._tell(f"turned {request.number}: {reason_of(why)}")
        if request.answer is not None:
            raise self._broken(f"request {request.number} was answered first, then turned away: {reason_of(why)}")
        request.turned_away, tried.turned_at = True, self.oracle.log.last_position()
        if tried.turned_at == tried.begun_at:  # nothing has happened since it looked
            self._look_as_if_for_the_first_time(request, tried, why)

    def _look_as_if_for_the_first_time(self, request: Request, tried: Try, why: Exception) -> None:
        self._as_the_log_says()
        truly = "nothing"
        try:
            request.plan().make(Attempt(self.oracle.reach, request.ask, tried.recorded_at))
        except TURNED_AWAY as reason:
            truly = reason_of(reason)
        if truly != reason_of(why):
            raise self._broken(f"request {request.number}: turned away for {reason_of(why)}, truly {truly}") from why

    # -- the end -------------------------------------------------------------------------------------------------

    def _heal(self) -> None:
        """No more faults: what was begun is finished, what was never answered is said again, views catch up."""
        self._tell("heal")
        for _ in range(3):
            while self.under_way:
                self._advance(self.under_way[0])
            unanswered = [request for request in self.requests if not request.settled]
            if not unanswered:
                break
            for request in unanswered:
                self._deliver(request, self.chance.choice(self.processes))
        else:
            raise self._broken(f"never answered: {[request.number for request in unanswered]}")
        self._follow()

    def _check(self) -> None:
        """What must be true of the log, of the views, and of every answer given."""
        for finding in (
            *check_log(self.database),
            *check_snapshots(self.oracle.log),
            *check_views(self.database, self.oracle.log),
        ):
            raise self._broken(finding)
        log = self.oracle.log.read(0, 100_000)
        stood = versions_at(log)
        by_moment: dict[datetime, list[Recorded[Any]]] = {}
        for each in log[self.begun_at :]:
            by_moment.setdefault(each.act.recorded_at, []).append(each)
        for request in self.requests:
            kept = [tried for tried in request.tries if tried.recorded_at in by_moment]
            self._check_request(request, kept, by_moment, stood)
            for tried in kept:
                by_moment.pop(tried.recorded_at, None)
        if by_moment:
            raise self._broken(f"{len(by_moment)} times something was appended that nobody asked for")

    def _check_request(
        self,
        request: Request,
        kept: Sequence[Try],
        by_moment: dict[datetime, list[Recorded[Any]]],
        stood: Sequence[dict[UUID, int]],
    ) -> None:
        name = f"request {request.number} ({request.words})"
        for tried in request.tries:
            if tried.turned_at is not None and not any(map(tried.stood, stood[tried.begun_at : tried.turned_at + 1])):
                raise self._broken(f"{name} was turned away for what was not so while it was asked")
        if request.answer is None:
            if kept:
                raise self._broken(f"{name} was refused and yet stands in the log")
            return
        if len(kept) > 1:
            raise self._broken(f"{name} was done {len(kept)} times")
        if not kept:
            idle = [tried for tried in request.tries if tried.planned and not tried.events]
            if not idle:
                raise self._broken(f"{name} was answered and is not in the log")
            if not any(tried.stood(stood[request.answer.position]) for tried in idle):
                raise self._broken(f"{name} was decided on what no longer stood")
            return
        [tried] = kept
        found = by_moment[tried.recorded_at]
        if [(each.stream, each.version, type(each.event).__name__) for each in found] != tried.events:
            raise self._broken(f"{name} is not in the log as it was decided")
        last = request.answer.position
        if [each.position for each in found] != list(range(last - len(found) + 1, last + 1)):
            raise self._broken(f"{name} does not stand together where it was said to")
        if not tried.stood(stood[last - len(found)]):
            raise self._broken(f"{name} was decided on what no longer stood")

    def _broken(self, finding: str) -> Broken:
        return Broken("\n".join([*self.story[-40:], "", finding]))


@contextmanager
def a_station(url: str, server: str, seed: int) -> Iterator[Station]:
    """A station over a prepared database, with small batches and states that do not age by the clock on the wall."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "BATCH", BATCH)
        patch.setattr(event_log, "monotonic", lambda: 0.0)
        patch.setattr(event_log, "LONG", LONG)
        patch.setattr(event_log, "Background", AtOnce)
        station = Station(url, server, seed)
        try:
            yield station
        finally:
            station.close()
