"""A station simulated from one seed: people, two processes over one PostgreSQL, followers, and all that goes wrong.

One thread, no sleep, no clock but its own. Commands are walked step by step, so that any two may meet anywhere between
looking and appending; a fault hits one statement of one step. The same seed gives the same story.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from domain.calendar import ServiceHours
from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.cases.category import Category, Priority
from domain.cases.issue import Channel
from domain.erasure import ErasureGround
from domain.estates.estate import OpenStation, RegisterBuilding, RegisterEstate, Stairwell
from domain.people.person import (
    PERSON,
    Appoint,
    AttachStewardToEstate,
    EnrolSteward,
    RegisterPerson,
    ReleaseStewardFromEstate,
    Relieve,
    StewardRole,
)
from domain.recorded import Recorded
from domain.refusal import Refusal
from projections import views
from projections.catalogue import VIEWS
from projections.follow import Follower
from projections.views import together
from services.cases import plans as case_plans
from services.cases.plans import NewIssue, Promoted, Promotion
from services.commands import handle
from services.commands.ask import Answer, Ask, Caller, Forbidden, KeyReused, Stale
from services.commands.handle import Handler
from services.commands.plan import Looking, Plan, Planned, Reach
from services.database.database import Database, listening
from services.estates import plans as estate_plans
from services.log import event_log
from services.log.event_log import EventLog, Prepared
from services.log.event_store import Outcome
from services.log.known_states import KnownStates
from services.log.not_found import NotFound
from services.log.numbers import Numbers
from services.log.photo_store import PhotoStore
from services.log.pseudonyms import Pseudonyms
from services.log.vault import Vault
from services.people import plans as people_plans
from services.running.upkeep import check_log, check_snapshots, check_views
from services.threads.try_later import TryLater
from tests.conftest import shanghai
from tests.simulation.faults import Crashed, Cut, When, Whose, cut

ESTATE = "350902002999-001"
SYSTEM = Ask(Caller(UUID(int=0), Capacity.SYSTEM, frozenset({ESTATE})))
MONDAY = shanghai("2026-11-23 08:40")
LONG = 3  # events: so that most states are kept and begun from
BATCH = 5  # events: small, so that a follower has something before and after
UNDER_WAY = 6  # commands at once
TURNED_AWAY = (Refusal, Forbidden, NotFound, Stale)
LOST = (TryLater, PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError)  # said as 503: try again


class Broken(AssertionError):
    """Something that must never be; the story up to it is in ``story``."""


@dataclass
class Attempt:
    """One look at the streams for a command: what it saw, what it would have done, or when it was turned away.

    ``begun_at`` and ``turned_at`` are positions of the log.
    """

    recorded_at: datetime
    seen: dict[UUID, int]
    begun_at: int
    planned: Planned | None = None
    turned_at: int | None = None

    def stood(self, versions: dict[UUID, int]) -> bool:
        """Whether what it saw is so where streams stand at these versions."""
        return all(versions.get(stream, 0) == version for stream, version in self.seen.items())

    @property
    def events(self) -> list[tuple[UUID, int, str]]:
        return [
            (change.stream, version, type(event).__name__)
            for change in (self.planned.changes if self.planned else ())
            for version, event in enumerate(change.events, change.expected_version + 1)
        ]


@dataclass
class Request:
    """What somebody wants, however often it has to be said. ``answer`` is the first one heard."""

    number: int
    words: str
    ask: Ask
    plan: Callable[[], Plan]
    attempts: list[Attempt] = field(default_factory=list)
    answer: Answer | None = None
    turned_away: bool = False  # the last time it was said

    @property
    def settled(self) -> bool:
        return self.answer is not None or self.turned_away


@dataclass
class Delivery:
    """A request on its way through one process."""

    request: Request
    process: "Process"
    course: Any
    step: Any = None
    done: Any = None
    wrong: Exception | None = None


class Process:
    """What one process of the product keeps in memory."""

    def __init__(self, station: "Station", name: str) -> None:
        self.name = name
        database = station.database
        self.vault = Vault(database, b"k" * 32)
        self.log = EventLog(station.url, self.vault, size=2)
        ticks = iter(range(0, 10**9, 10))  # nobody ever draws numbers fast
        self.numbers = Numbers(database, lambda: next(ticks))
        self.photos = PhotoStore(database, self.vault)
        pseudonyms = Pseudonyms(b"p" * 32)
        self.handler = Handler(self.log, self.vault, self.numbers, self.photos, pseudonyms, station.clock)
        self.reach = Reach(self.log, self.vault, self.numbers, self.photos, pseudonyms)
        self.follower = Follower(
            database.follower.connection, partial(listening, station.url), self.log, [together(VIEWS)], _Nobody()
        )


class _Nobody:
    """Hears every alarm and says nothing; a halted view is found by ``check_views``."""

    def halted(self, following: str, position: int, because: str) -> None: ...
    def disturbed(self, group: str, because: str) -> None: ...
    def leads(self, group: str) -> None: ...
    def stands_by(self, group: str) -> None: ...
    def lags(self, following: str, events: int) -> None: ...


class _AtOnce:
    """What would be done in the background, done here, as its moment must not be left to chance."""

    def __init__(self, name: str) -> None:
        self.name = name

    def soon(self, about: object, do: Callable[[], object]) -> None:
        with suppress(Exception):
            do()

    def close(self) -> None: ...


class Clock:
    """Jumps when told; never tells the same moment twice, so that a moment names an attempt."""

    def __init__(self) -> None:
        self.now = MONDAY
        self._told = 0

    def __call__(self) -> datetime:
        self._told += 1
        return self.now + timedelta(microseconds=self._told)


class Station:
    """The whole of it. ``chance`` decides everything; ``story`` is what happened, line by line."""

    def __init__(self, url: str, server: str, seed: int) -> None:
        self.url, self.server, self.chance = url, server, Random(seed)
        self.story: list[str] = []
        self.counted: Counter[str] = Counter()
        self.clock = Clock()
        self.database = Database(url)
        self.gone: list[Process] = []
        self.oracle = Process(self, "oracle")
        self.processes = [Process(self, "left"), Process(self, "right")]
        self.requests: list[Request] = []
        self.under_way: list[Delivery] = []
        self.issues: list[UUID] = []
        self.orders: list[UUID] = []
        self.people: dict[str, UUID] = {}
        self._open()
        self.begun_at = self.position = self.oracle.log.last_position()

    def close(self) -> None:
        for process in (*self.processes, *self.gone, self.oracle):
            process.log.close()
        self.database.close()

    def _open(self) -> None:
        """The estate and its people, a month ago."""
        handler = self.oracle.handler
        self.clock.now = MONDAY - timedelta(days=30)
        since = self.clock.now
        handler.do(SYSTEM, estate_plans.on_estate(ESTATE, RegisterEstate(ESTATE, "SC-001", "东湖苑", "荷塘社区")))
        handler.do(SYSTEM, estate_plans.on_estate(ESTATE, RegisterBuilding("3", (Stairwell("1", ("101", "102")),))))
        handler.do(SYSTEM, estate_plans.on_estate(ESTATE, OpenStation(ServiceHours())))
        for name, capacity in (
            ("head", Capacity.STATION_HEAD), ("clerk", Capacity.DISPATCHER), ("other clerk", Capacity.DISPATCHER)
        ):  # fmt: skip
            self.people[name] = handler.do(SYSTEM, people_plans.register_person(RegisterPerson(name))).stream
            handler.do(SYSTEM, people_plans.on_person(self.people[name], Appoint(capacity, ESTATE, since)))
        for name in ("steward", "other steward"):
            self.people[name] = handler.do(SYSTEM, people_plans.register_person(RegisterPerson(name))).stream
            handler.do(
                SYSTEM,
                people_plans.on_person(self.people[name], EnrolSteward((StewardRole.REPAIRER,), party_member=True)),
            )
            handler.do(SYSTEM, people_plans.on_person(self.people[name], AttachStewardToEstate(ESTATE, since)))
        self.clock.now = MONDAY

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
            words, ask, plan = self._something_to_want()
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
            told = "answered"
        except KeyReused:
            return
        except TURNED_AWAY as why:
            told = _reason(why)
        raise self._broken(f"request {first.number}: another one under its key was told {told}")

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
        self._tell(f"follow at {process.name}, {_said(fault)}", "follow cut")

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
        self.processes[self.processes.index(process)] = Process(self, process.name)

    # -- a command's course --------------------------------------------------------------------------------------

    def _deliver(self, request: Request, process: Process) -> None:
        self._tell(f"say {request.number}: {request.words} at {process.name}")
        plan = request.plan()

        def make(look: Looking) -> Planned:
            attempt = Attempt(look.act.recorded_at, look.seen, self.position)
            request.attempts.append(attempt)
            attempt.planned = plan.make(look)
            return attempt.planned

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
            _settle_together(process.log, asking)
        if fault is not None and fault.happened:
            self._tell(_said(fault), "together cut")
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
            return _do(delivery)
        with self._fault(cut_among) as fault:
            try:
                return _do(delivery)
            finally:
                if fault.happened:
                    self._tell(f"{_said(fault)} of {delivery.request.number}", "step cut")

    def _answered(self, request: Request, answer: Answer) -> None:
        self._tell(f"answered {request.number}: version {answer.version}, position {answer.position}, {answer}")
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
        request, attempt = delivery.request, delivery.request.attempts[-1]
        self._tell(f"turned {request.number}: {_reason(why)}")
        if request.answer is not None:
            raise self._broken(f"request {request.number} was answered first, then turned away: {_reason(why)}")
        request.turned_away, attempt.turned_at = True, self.oracle.log.last_position()
        if attempt.turned_at == attempt.begun_at:  # nothing has happened since it looked
            self._look_as_if_for_the_first_time(request, attempt, why)

    def _look_as_if_for_the_first_time(self, request: Request, attempt: Attempt, why: Exception) -> None:
        self._as_the_log_says()
        truly = "nothing"
        try:
            request.plan().make(Looking(self.oracle.reach, request.ask, attempt.recorded_at))
        except TURNED_AWAY as reason:
            truly = _reason(reason)
        if truly != _reason(why):
            raise self._broken(f"request {request.number}: turned away for {_reason(why)}, truly {truly}") from why

    def _as_the_log_says(self) -> None:
        """The oracle remembers nothing, so it is right whatever the product does with its memory."""
        self.oracle.log._known = KnownStates()

    # -- what people want ----------------------------------------------------------------------------------------

    def _by(self, name: str, **more: Any) -> Ask:
        capacity = (
            Capacity.STATION_HEAD if name == "head"
            else Capacity.DISPATCHER if "clerk" in name
            else Capacity.RED_STEWARD
        )  # fmt: skip
        return replace(Ask(Caller(self.people[name], capacity, frozenset({ESTATE}))), **more)

    def _something_to_want(self) -> tuple[str, Ask, Callable[[], Plan]]:
        roll = self.chance.random()
        if roll < 0.18 or not self.issues:
            name = self.chance.choice(["clerk", "other clerk", "other clerk", "steward"])
            text = f"第{len(self.requests)}件"
            building = self.chance.choice([None, "3", "3", "9"])
            new = NewIssue(ESTATE, text, self.chance.choice(list(Channel)), building)
            return f"note by {name}", self._by(name), partial(case_plans.note_issue, new)
        if roll < 0.3:
            return self._about_people()
        if roll < 0.55 or not self.orders:
            return self._about_an_issue()
        return self._about_an_order()

    def _about_people(self) -> tuple[str, Ask, Callable[[], Plan]]:
        """Posts come and go: whoever looked a moment ago may be wrong."""
        name = self.chance.choice(["other clerk", "other clerk", "other steward"])
        now, capacity = self.clock.now, self._by(name).caller.capacity
        self._as_the_log_says()
        held = self.oracle.log.load(PERSON, self.people[name]).state.holds(capacity, ESTATE, now)
        command: Any
        if name == "other clerk":
            command = Relieve(capacity, ESTATE, now) if held else Appoint(capacity, ESTATE, now)
        else:
            command = ReleaseStewardFromEstate(ESTATE, now) if held else AttachStewardToEstate(ESTATE, now)
        plan = partial(people_plans.on_person, self.people[name], command)
        return f"{type(command).__name__} {name}", SYSTEM, plan

    def _about_an_issue(self) -> tuple[str, Ask, Callable[[], Plan]]:
        issue = self._recent(self.issues)
        name = self.chance.choice(["clerk", "other clerk", "head"])
        choices: list[tuple[int, Any]] = [
            (6, Promotion(self.chance.choice([Category.PUBLIC_LIGHTING, Category.LIFT_FAULT]))),
            (3, issues.TriageIssue(Category.PUBLIC_LIGHTING)),
            (3, issues.GiveAdvice("先关阀门")),
            (1, issues.AnswerReporter("已修好")),
            (1, issues.DropIssue("看错了")),
            (1, issues.MergeIssue(self.chance.choice(self.issues))),
            (1, issues.ForgetCase(ErasureGround.RESIDENT_ASKED)),
        ]
        weights, commands = zip(*choices, strict=True)
        command = self.chance.choices(commands, weights)[0]
        words = f"{type(command).__name__} {self.issues.index(issue)} by {name}"
        if isinstance(command, Promotion):
            return words, self._by(name), partial(case_plans.promote, issue, command)
        return words, self._by(name), partial(case_plans.on_issue, issue, command)

    def _about_an_order(self) -> tuple[str, Ask, Callable[[], Plan]]:
        order = self._recent(self.orders)
        steward = self.chance.choice(["steward", "other steward"])
        desk: list[Any] = [
            orders.DispatchSteward(self.people[steward]),
            orders.RecallDispatch(),
            orders.ReassignSteward(self.people[steward], "换人"),
            orders.VerifyWork(),
            orders.RecordFollowUp(reached=True),
            orders.CloseWorkOrder(),
            orders.ReopenWorkOrder("又坏了"),
            orders.CancelWorkOrder("不用了"),
            orders.ChangePriority(self.chance.choice(list(Priority)), "估错了"),
        ]
        on_site: list[Any] = [
            orders.TakeWorkOrder(),
            orders.DeclineWorkOrder("忙"),
            orders.RecordArrival(),
            orders.StartWork(),
            orders.SuspendWork("等配件"),
            orders.ResumeWork(),
            orders.CompleteWork("换灯头"),
        ]
        if self.chance.random() < 0.7:  # what comes next, as anybody knows who looks
            self._as_the_log_says()
            stage = self.oracle.log.load(orders.WORK_ORDER, order).state.stage
            sensible = {
                orders.Stage.ACCEPTED: desk[0], orders.Stage.DISPATCHED: on_site[0], orders.Stage.TAKEN: on_site[2],
                orders.Stage.ON_SITE: on_site[3], orders.Stage.IN_PROGRESS: on_site[6],
                orders.Stage.COMPLETED: desk[3], orders.Stage.VERIFIED: desk[4], orders.Stage.FOLLOWED_UP: desk[5],
            }.get(stage, desk[6])  # fmt: skip
            command = sensible
        else:
            command = self.chance.choice(desk + on_site)
        name = steward if any(command is each for each in on_site) else self.chance.choice(["clerk", "other clerk"])
        seen = self.chance.choice([None, None, None, self.chance.randint(1, 8)])
        words = f"{type(command).__name__} {self.orders.index(order)} by {name}"
        return words, self._by(name, expected_version=seen), partial(case_plans.on_work_order, order, command)

    def _recent(self, streams: Sequence[UUID]) -> UUID:
        return self.chance.choice(streams[-4:])  # so that people meet at the same things

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
        stood = _versions_at(log)
        by_moment: dict[datetime, list[Recorded[Any]]] = {}
        for each in log[self.begun_at :]:
            by_moment.setdefault(each.act.recorded_at, []).append(each)
        for request in self.requests:
            kept = [attempt for attempt in request.attempts if attempt.recorded_at in by_moment]
            self._check_request(request, kept, by_moment, stood)
            for attempt in kept:
                by_moment.pop(attempt.recorded_at, None)
        if by_moment:
            raise self._broken(f"{len(by_moment)} times something was appended that nobody asked for")

    def _check_request(
        self,
        request: Request,
        kept: Sequence[Attempt],
        by_moment: dict[datetime, list[Recorded[Any]]],
        stood: Sequence[dict[UUID, int]],
    ) -> None:
        name = f"request {request.number} ({request.words})"
        for attempt in request.attempts:
            if attempt.turned_at is not None and not any(
                map(attempt.stood, stood[attempt.begun_at : attempt.turned_at + 1])
            ):
                raise self._broken(f"{name} was turned away for what was not so while it was asked")
        if request.answer is None:
            if kept:
                raise self._broken(f"{name} was refused and yet stands in the log")
            return
        if len(kept) > 1:
            raise self._broken(f"{name} was done {len(kept)} times")
        if not kept:
            idle = [attempt for attempt in request.attempts if attempt.planned and not attempt.events]
            if not idle:
                raise self._broken(f"{name} was answered and is not in the log")
            if not any(attempt.stood(stood[request.answer.position]) for attempt in idle):
                raise self._broken(f"{name} was decided on what no longer stood")
            return
        [attempt] = kept
        found = by_moment[attempt.recorded_at]
        if [(each.stream, each.version, type(each.event).__name__) for each in found] != attempt.events:
            raise self._broken(f"{name} is not in the log as it was decided")
        last = request.answer.position
        if [each.position for each in found] != list(range(last - len(found) + 1, last + 1)):
            raise self._broken(f"{name} does not stand together where it was said to")
        if not attempt.stood(stood[last - len(found)]):
            raise self._broken(f"{name} was decided on what no longer stood")

    def _broken(self, finding: str) -> Broken:
        return Broken("\n".join([*self.story[-40:], "", finding]))


def _settle_together(log: EventLog, asking: Sequence[Delivery]) -> None:
    """``EventLog.append`` of each, as when somebody else's commit is under way; the commits are real ones."""
    commits = log._commits
    with commits._changed:
        commits._leading = True
    waiting: list[tuple[Delivery, Prepared, Future[Outcome]]] = []
    for delivery in asking:
        delivery.done, delivery.wrong = None, None
        assert isinstance(delivery.step, handle._Append)
        try:
            prepared = log.prepared(delivery.step.changes, delivery.step.answer, delivery.step.seen)
            outcome: Future[Outcome] = Future()
            commits._enqueue(prepared.group, outcome)
            waiting.append((delivery, prepared, outcome))
        except Exception as error:
            delivery.wrong = error
    commits._lead(None)
    for delivery, prepared, outcome in waiting:
        try:
            with log._told_apart(prepared.group):
                told = outcome.result(0)
            delivery.done = log._appended(prepared, told)
        except Exception as error:
            delivery.wrong = error


def _do(delivery: Delivery) -> Any:
    match delivery.step:
        case handle._Read(read):
            return read()
        case handle._Append(changes, answer, seen):
            return delivery.process.log.append(changes, answer, seen)
    return None  # a pause


def _versions_at(log: Sequence[Recorded[Any]]) -> list[dict[UUID, int]]:
    """The version of every stream after each position, from 0."""
    found: list[dict[UUID, int]] = [{}]
    for each in log:
        found.append({**found[-1], each.stream: each.version})
    return found


def _reason(why: Exception) -> str:
    return f"{type(why).__name__} {getattr(why, 'code', '')}".strip()


def _said(fault: Cut) -> str:
    if not fault.happened:
        return "no fault met"
    return f"cut {fault.when.value} statement {fault.at}, {fault.whose.value}"


@contextmanager
def a_station(url: str, server: str, seed: int) -> Iterator[Station]:
    """A station over a prepared database, with small batches and states that do not age by the clock on the wall."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(views, "BATCH", BATCH)
        patch.setattr(event_log, "monotonic", lambda: 0.0)
        patch.setattr(event_log, "LONG", LONG)
        patch.setattr(event_log, "Background", _AtOnce)
        station = Station(url, server, seed)
        try:
            yield station
        finally:
            station.close()
