"""What people want in the simulation: mostly what comes next, sometimes anything at all."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

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
from services.cases import plans as case_plans
from services.cases.plans import NewIssue, Promotion
from services.commands.ask import Ask, Caller
from services.commands.plan import Plan
from services.estates import plans as estate_plans
from services.log.known_states import KnownStates
from services.people import plans as people_plans
from tests.simulation.process import ESTATE, MONDAY, SYSTEM, Clock, Process, Request


class Wishes:
    """What a station tells those who want something."""

    chance: Random
    clock: Clock
    oracle: Process
    requests: list[Request]
    issues: list[UUID]
    orders: list[UUID]
    people: dict[str, UUID]

    def _as_the_log_says(self) -> None:
        """The oracle remembers nothing, so it is right whatever the product does with its memory."""
        self.oracle.log._known = KnownStates()

    def _by(self, name: str, **more: Any) -> Ask:
        capacity = (
            Capacity.STATION_HEAD if name == "head"
            else Capacity.DISPATCHER if "clerk" in name
            else Capacity.RED_STEWARD
        )  # fmt: skip
        return replace(Ask(Caller(self.people[name], capacity, frozenset({ESTATE}))), **more)

    def something_to_want(self) -> tuple[str, Ask, Callable[[], Plan]]:
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

    def open_estate(self) -> None:
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
