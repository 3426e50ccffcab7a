"""The one way in: one answer per command, unique numbers, capacities held when the thing happened."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest

from domain.calendar import ServiceHours
from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.cases.category import Category
from domain.cases.work_order import WORK_ORDER, Stage
from domain.erasure import ErasureGround
from domain.estates.estate import ESTATE, OpenStation, RegisterBuilding, RegisterEstate, Stairwell, estate_stream
from domain.people.person import Appoint, AttachStewardToEstate, EnrolSteward, RegisterPerson, Relieve, StewardRole
from domain.refusal import Refusal
from services.cases import plans as case_plans
from services.cases.plans import NewIssue, Promotion
from services.commands import handle
from services.commands.ask import Ask, Caller, Forbidden, KeyReused, Stale
from services.commands.handle import Handler
from services.estates import plans as estate_plans
from services.log.not_found import NotFound
from services.people import plans as people_plans
from services.product import Product
from tests.conftest import FIRST, SECOND, a_product, shanghai
from tests.templates import Templates

SYSTEM = Ask(Caller(UUID(int=0), Capacity.SYSTEM, frozenset({FIRST, SECOND})))
MONDAY = shanghai("2026-11-23 08:40")


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Station:
    """An estate with its people, and a clock that stands."""

    product: Product
    clock: Clock
    handler: Handler
    people: dict[str, UUID] = field(default_factory=dict)

    def by(self, name: str, **more: object) -> Ask:
        capacity = {"head": Capacity.STATION_HEAD, "clerk": Capacity.DISPATCHER}.get(name, Capacity.RED_STEWARD)
        return replace(Ask(Caller(self.people[name], capacity, frozenset({FIRST}))), **more)  # type: ignore[arg-type]

    def order(self) -> UUID:
        noted = self.handler.do(self.by("clerk"), case_plans.note_issue(NewIssue(FIRST, "路灯不亮")))
        order = self.handler.do(
            self.by("clerk"), case_plans.promote(noted.stream, Promotion(Category.PUBLIC_LIGHTING))
        ).order
        assert order is not None
        return order

    def stage(self, order: UUID) -> Stage:
        return self.product.log.load(WORK_ORDER, order).state.stage


@pytest.fixture(scope="module")
def station(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    data: Path = tmp_path_factory.mktemp("station")
    with a_product(templates.empty(), data) as product:
        clock = Clock(MONDAY - timedelta(days=30))
        handler = Handler(product.handler.reach, clock)
        made = Station(product, clock, handler)
        for code in (FIRST, SECOND):
            handler.do(SYSTEM, estate_plans.on_estate(code, RegisterEstate(code, "SC-001", "东湖苑", "荷塘社区")))
            handler.do(SYSTEM, estate_plans.on_estate(code, RegisterBuilding("3", (Stairwell("1", ("101", "102")),))))
            handler.do(SYSTEM, estate_plans.on_estate(code, OpenStation(ServiceHours())))
        for name, capacity in (("head", Capacity.STATION_HEAD), ("clerk", Capacity.DISPATCHER)):
            made.people[name] = handler.do(SYSTEM, people_plans.register_person(RegisterPerson(name))).stream
            handler.do(SYSTEM, people_plans.on_person(made.people[name], Appoint(capacity, FIRST, clock.now)))
        made.people["steward"] = handler.do(SYSTEM, people_plans.register_person(RegisterPerson("steward"))).stream
        enrol = EnrolSteward((StewardRole.REPAIRER,), party_member=True)
        handler.do(SYSTEM, people_plans.on_person(made.people["steward"], enrol))
        handler.do(SYSTEM, people_plans.on_person(made.people["steward"], AttachStewardToEstate(FIRST, clock.now)))
        clock.now = MONDAY
        yield made


def test_inv_10_numbers_are_unique_per_centre_and_day_however_many_ask(station: Station) -> None:
    ask = station.by("clerk")
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(
                lambda _: station.handler.do(ask, case_plans.note_issue(NewIssue(FIRST, "路灯不亮"))).number, range(200)
            )
        )
    assert len(set(answers)) == 200
    assert all(number is not None and number.startswith("IS-20261123-") for number in answers)
    order = station.handler.do(
        station.by("clerk"),
        case_plans.promote(
            station.handler.do(ask, case_plans.note_issue(NewIssue(FIRST, "又不亮"))).stream,
            Promotion(Category.PUBLIC_LIGHTING),
        ),
    )
    assert order.number.startswith("WO-20261123-")


def test_two_clicks_at_once_under_one_key_are_one_command(station: Station) -> None:
    ask, start = station.by("clerk", key=uuid4().hex, fingerprint=b"same"), Barrier(2)
    before = station.product.log.last_position()

    def click(_: int) -> tuple[UUID, str | None, int]:
        start.wait()
        answer = station.handler.do(ask, case_plans.note_issue(NewIssue(FIRST, "门坏了")))
        return answer.stream, answer.number, answer.version

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(click, range(2))
    assert first == second
    assert station.product.log.last_position() == before + 1


def test_one_key_for_two_things_is_refused(station: Station) -> None:
    ask = station.by("clerk", key=uuid4().hex, fingerprint=b"one")
    station.handler.do(ask, case_plans.note_issue(NewIssue(FIRST, "门坏了")))
    with pytest.raises(KeyReused):
        station.handler.do(replace(ask, fingerprint=b"other"), case_plans.note_issue(NewIssue(FIRST, "窗坏了")))


def test_a_version_that_is_not_the_newest_is_told_with_who_changed_it(station: Station) -> None:
    order = station.order()
    steward = orders.DispatchSteward(station.people["steward"])
    station.handler.do(station.by("head"), case_plans.on_work_order(order, steward))
    with pytest.raises(Stale) as stale:
        station.handler.do(
            station.by("clerk", expected_version=3), case_plans.on_work_order(order, orders.RecallDispatch())
        )
    assert (stale.value.version, stale.value.actor) == (4, station.people["head"])
    station.handler.do(
        station.by("clerk", expected_version=4), case_plans.on_work_order(order, orders.RecallDispatch())
    )
    assert station.stage(order) is Stage.ACCEPTED


def test_a_lost_race_is_decided_anew_where_no_version_was_named(station: Station) -> None:
    """Eight clerks dispatch at once: one does it, the others hear that it is done, nobody gets an error of ours."""
    order, start = station.order(), Barrier(8)

    def send(_: int) -> str:
        start.wait()
        try:
            command = orders.DispatchSteward(station.people["steward"])
            station.handler.do(station.by("clerk"), case_plans.on_work_order(order, command))
        except Refusal as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(send, range(8))) == ["done"] + ["stage"] * 7


def test_promoting_changes_the_line_and_the_order_together(station: Station) -> None:
    noted = station.handler.do(station.by("clerk"), case_plans.note_issue(NewIssue(FIRST, "路灯不亮", building="3")))
    start = Barrier(4)

    def promote(_: int) -> str:
        start.wait()
        try:
            station.handler.do(
                station.by("clerk"), case_plans.promote(noted.stream, Promotion(Category.PUBLIC_LIGHTING))
            )
        except Refusal as refused:
            return refused.code
        return "done"

    before = len(
        [each for each in station.product.log.read(0, 100_000) if type(each.event).__name__ == "WorkOrderOpened"]
    )
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(promote, range(4))) == ["done"] + ["status"] * 3
    events = [each.event for each in station.product.log.read(0, 100_000)]
    opened = [event for event in events if isinstance(event, orders.WorkOrderOpened)]
    assert len(opened) == before + 1
    assert (opened[-1].text, opened[-1].building, opened[-1].issue) == ("路灯不亮", "3", noted.stream)


def test_everybody_who_meets_at_one_stream_gets_through(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    people, each = 12, 5
    monkeypatch.setattr(handle, "ATTEMPTS", people * each)  # whoever has to try again, somebody else got through
    start = Barrier(people)
    before = station.product.log.load(ESTATE, estate_stream(FIRST)).version

    def change(person: int) -> None:
        start.wait()
        for turn in range(each):
            hours = ServiceHours(60 + person * each + turn, 1200)
            station.handler.do(SYSTEM, estate_plans.on_estate(FIRST, OpenStation(hours)))

    with ThreadPoolExecutor(people) as pool:
        list(pool.map(change, range(people)))  # raises what anybody was told instead of an answer
    assert station.product.log.load(ESTATE, estate_stream(FIRST)).version == before + people * each
    station.handler.do(SYSTEM, estate_plans.on_estate(FIRST, OpenStation(ServiceHours())))  # as the other tests have it


def test_inv_05_the_capacity_must_have_been_held_when_it_happened(station: Station) -> None:
    early = station.by("clerk", occurred_at=MONDAY - timedelta(days=31))
    with pytest.raises(Refusal) as refused:
        station.handler.do(early, case_plans.note_issue(NewIssue(FIRST, "路灯不亮")))
    assert refused.value.code == "capacity_not_held_then"
    borrowed = Ask(Caller(station.people["clerk"], Capacity.STATION_HEAD, frozenset({FIRST})))
    with pytest.raises(Forbidden):
        station.handler.do(borrowed, case_plans.note_issue(NewIssue(FIRST, "路灯不亮")))


def test_inv_05_a_post_that_ended_gives_no_power(station: Station) -> None:
    left = station.handler.do(SYSTEM, people_plans.register_person(RegisterPerson("left"))).stream
    station.handler.do(
        SYSTEM, people_plans.on_person(left, Appoint(Capacity.DISPATCHER, FIRST, MONDAY - timedelta(days=9)))
    )
    ask = Ask(Caller(left, Capacity.DISPATCHER, frozenset({FIRST})))
    station.handler.do(ask, case_plans.note_issue(NewIssue(FIRST, "路灯不亮")))
    station.handler.do(SYSTEM, people_plans.on_person(left, Relieve(Capacity.DISPATCHER, FIRST, MONDAY)))
    with pytest.raises(Forbidden):
        station.handler.do(ask, case_plans.note_issue(NewIssue(FIRST, "路灯不亮")))


def test_what_happened_earlier_is_kept_beside_when_it_was_written_down(station: Station) -> None:
    happened = MONDAY - timedelta(hours=2)
    ask = station.by("clerk", occurred_at=happened.astimezone(UTC))
    noted = station.handler.do(ask, case_plans.note_issue(NewIssue(FIRST, "夜里漏水")))
    act = station.product.log.history(noted.stream)[0].act
    assert (act.occurred_at, act.recorded_at) == (happened, MONDAY)
    assert act.occurred_at.utcoffset() == timedelta(hours=8)


def test_the_future_is_refused_but_a_fast_clock_is_not(station: Station) -> None:
    with pytest.raises(Refusal) as refused:
        ask = station.by("clerk", occurred_at=MONDAY + timedelta(minutes=3))
        station.handler.do(ask, case_plans.note_issue(NewIssue(FIRST, "路灯不亮")))
    assert refused.value.code == "future"
    fast = station.by("clerk", occurred_at=MONDAY + timedelta(seconds=90))
    noted = station.handler.do(fast, case_plans.note_issue(NewIssue(FIRST, "路灯不亮")))
    assert station.product.log.history(noted.stream)[0].act.occurred_at == MONDAY


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"building": "9"}, "unknown_building"),
        ({"building": "3", "stairwell": "7"}, "unknown_stairwell"),
        ({"building": "3", "stairwell": "1", "dwelling": "999"}, "unknown_dwelling"),
        ({"stairwell": "1"}, "building_missing"),
    ],
)
def test_places_must_be_of_the_estate(station: Station, place: dict[str, str], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        station.handler.do(station.by("clerk"), case_plans.note_issue(NewIssue(FIRST, "路灯不亮", **place)))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_steward_is_sent_only_where_attached(station: Station) -> None:
    order = station.order()
    with pytest.raises(Refusal) as refused:
        station.handler.do(
            station.by("head"), case_plans.on_work_order(order, orders.DispatchSteward(station.people["clerk"]))
        )
    assert refused.value.code == "steward_not_attached"


def test_foreign_and_missing_are_not_found_alike(station: Station) -> None:
    order = station.order()
    foreign = Ask(Caller(station.people["head"], Capacity.STATION_HEAD, frozenset({SECOND})))
    for stream in (order, uuid4()):
        with pytest.raises(NotFound):
            station.handler.do(foreign, case_plans.on_work_order(stream, orders.AcceptWorkOrder()))
    with pytest.raises(NotFound):
        station.handler.do(station.by("clerk"), case_plans.note_issue(NewIssue(SECOND, "路灯不亮")))


def test_inv_19_a_merged_issue_keeps_its_own_reporter_and_gets_its_own_answer(station: Station) -> None:
    clerk = station.by("clerk")
    first = station.handler.do(clerk, case_plans.note_issue(NewIssue(FIRST, "单杠松动", reporter="甲"))).stream
    second = station.handler.do(clerk, case_plans.note_issue(NewIssue(FIRST, "单杠要倒", reporter="乙"))).stream
    station.handler.do(clerk, case_plans.on_issue(second, issues.MergeIssue(first)))
    station.handler.do(clerk, case_plans.on_issue(second, issues.AnswerReporter("已修好，谢谢您")))
    noted, merged, answered = [each.event for each in station.product.log.history(second)]
    assert (noted.reporter, merged.into, answered.answer) == ("乙", first, "已修好，谢谢您")
    for wrong, code in ((second, "merge_into_itself"), (uuid4(), None)):
        third = station.handler.do(clerk, case_plans.note_issue(NewIssue(FIRST, "单杠"))).stream
        with pytest.raises(Refusal if code else NotFound):
            station.handler.do(
                clerk, case_plans.on_issue(third, issues.MergeIssue(third if wrong == second else wrong))
            )


def test_a_case_is_not_forgotten_while_its_order_is_open(station: Station) -> None:
    noted = station.handler.do(station.by("clerk"), case_plans.note_issue(NewIssue(FIRST, "路灯不亮"))).stream
    station.handler.do(station.by("clerk"), case_plans.promote(noted, Promotion(Category.PUBLIC_LIGHTING)))
    with pytest.raises(Refusal) as refused:
        command = issues.ForgetCase(ErasureGround.RESIDENT_ASKED)
        station.handler.do(station.by("head"), case_plans.on_issue(noted, command))
    assert refused.value.code == "order_under_way"


def test_the_order_of_a_forgotten_case_is_not_opened_again(station: Station) -> None:
    clerk, steward = station.by("clerk"), station.by("steward")
    noted = station.handler.do(clerk, case_plans.note_issue(NewIssue(FIRST, "路灯不亮"))).stream
    order = station.handler.do(clerk, case_plans.promote(noted, Promotion(Category.PUBLIC_LIGHTING))).order
    assert order is not None
    station.handler.do(clerk, case_plans.on_work_order(order, orders.DispatchSteward(station.people["steward"])))
    for command in (orders.TakeWorkOrder(), orders.RecordArrival(), orders.StartWork(), orders.CompleteWork("换灯头")):
        station.handler.do(steward, case_plans.on_work_order(order, command))
    for command in (orders.VerifyWork(), orders.RecordFollowUp(reached=True), orders.CloseWorkOrder()):
        station.handler.do(clerk, case_plans.on_work_order(order, command))
    station.handler.do(station.by("head"), case_plans.on_issue(noted, issues.ForgetCase(ErasureGround.RESIDENT_ASKED)))
    with pytest.raises(Refusal) as refused:
        station.handler.do(clerk, case_plans.on_work_order(order, orders.ReopenWorkOrder("又不亮了")))
    assert refused.value.code == "case_forgotten"
