"""A station's own hours and targets: as people write them, over HTTP, and in every promise that is given by them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import DAY, SHANGHAI, DaysApart, ServiceHours, Shift, after, between
from domain.capacity import Capacity
from domain.cases.category import Category, Priority
from domain.cases.service_level import Target
from domain.cases.targets import SERVICE_TARGETS, LiftTarget, ServiceTargets, SetTarget
from domain.estates.estate import OpenStation
from domain.estates.station_hours import as_promised, check_hours
from domain.refusal import Rejection
from services.estates.holidays import LAST_YEAR, PublicHolidays
from services.estates.hours_words import days_in, days_text, minutes_in, shifts_in, shifts_text
from tests.cases.examples import ESTATE_CODE
from tests.conftest import FIRST, Demo
from tests.members import member
from tests.scenario import MONDAY, Scenario

CALENDAR = PublicHolidays()
TODAY = MONDAY.date()
WORKDAYS = ServiceHours(week=((Shift(480, 720), Shift(810, 1050)),) * 5 + ((), ()), holidays=())


# -- as people write them ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shifts"),
    [
        ("08:00-12:00, 13:30-17:30", ((480, 720), (810, 1050))),
        ("８：００－１２：００，１３：３０－１７：３０", ((480, 720), (810, 1050))),
        ("8点到12点、13点30分至17点", ((480, 720), (810, 1020))),
        ("20:00-08:00", ((1200, 1920),)),
        ("20:00~次日8:00", ((1200, 1920),)),
        ("9-18", ((540, 1080),)),
        ("全天", ((0, DAY),)),
        ("0:00-24:00", ((0, DAY),)),
        ("", ()),
        ("休", ()),
        (" Closed ", ()),
    ],
)  # fmt: skip
def test_hours_are_read_as_people_write_them(text: str, shifts: tuple[tuple[int, int], ...]) -> None:
    assert shifts_in(text, "day-0") == tuple(Shift(*each) for each in shifts)


@pytest.mark.parametrize("text", ["早上", "25:00-26:00", "08:61-09:00", "8", "08:00-12:00 后门", "<b>", "-" * 3000])
def test_what_is_no_hours_is_told_at_its_field(text: str) -> None:
    with pytest.raises(Rejection) as refused:
        shifts_in(text, "day-3")
    assert refused.value.facts["field"] == "day-3"


@given(st.text(max_size=60))
def test_any_text_is_read_or_rejected(text: str) -> None:
    for read in (shifts_in, days_in, minutes_in):
        try:
            read(text, "x")
        except Rejection as refused:
            assert refused.facts["field"] == "x"


def test_days_apart_read_back_as_they_are_shown() -> None:
    text = "2027-02-15 ~ 2027-02-17 休\n2027-03-01 09:00-12:00\n\n2027年5月1日 休"
    apart = days_in(text, "apart")
    assert apart == (
        DaysApart((date(2027, 2, 15), date(2027, 2, 16), date(2027, 2, 17), date(2027, 5, 1))),
        DaysApart((date(2027, 3, 1),), (Shift(540, 720),)),
    )
    assert days_in(days_text(apart, "休"), "apart") == apart
    assert shifts_in(shifts_text((Shift(1200, 1920),)), "x") == (Shift(1200, 1920),)
    for wrong in ("2027-02-30 休", "2027-02-15 ~ 2027-02-01 休", "春节 休"):
        with pytest.raises(Rejection):
            days_in(wrong, "apart")


def test_spans_are_minutes_or_hours() -> None:
    assert [minutes_in(text, "fix") for text in ("30", "30 分钟", "4小时", "1.5h", "")] == [30, 30, 240, 90, None]


# -- the calendar ------------------------------------------------------------------------------------------------


def test_public_holidays_and_swapped_days_are_those_of_the_library() -> None:
    hours = as_promised(WORKDAYS, CALENDAR, date(2026, 9, 28))
    before, after_ = datetime(2026, 9, 30, 17, tzinfo=SHANGHAI), datetime(2026, 10, 8, 9, tzinfo=SHANGHAI)
    assert between(before, after_, hours) == timedelta(hours=1.5)  # half an hour before, an hour after the holiday
    saturday = datetime(2026, 10, 10, 8, tzinfo=SHANGHAI)  # swapped for the holiday
    assert between(saturday, saturday + timedelta(hours=4), hours) == timedelta(hours=4)
    assert hours.known_until == date(LAST_YEAR, 12, 31)


def test_what_reaches_into_a_year_not_published_is_provisional() -> None:
    since = datetime(LAST_YEAR, 12, 30, 16, tzinfo=SHANGHAI)
    hours = as_promised(WORKDAYS, CALENDAR, since.date())
    due = after(since, timedelta(hours=24), hours)
    assert due.year == LAST_YEAR + 1 and hours.provisional(due) and not hours.provisional(since)
    assert not as_promised(ServiceHours(), CALENDAR, since.date()).provisional(due)  # open whatever day it is


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        (ServiceHours(week=((Shift(480, 720),),) * 6), "station_week"),
        (ServiceHours(week=((Shift(480, 720), Shift(700, 800)),) * 7), "station_shifts"),
        (ServiceHours(week=((Shift(480, 480 + DAY + 1),),) * 7), "station_shifts"),
        (ServiceHours(week=((),) * 7), "station_never_open"),
        (ServiceHours(apart=(DaysApart((TODAY, TODAY)),)), "station_days"),
        (ServiceHours(holidays=(Shift(-1, 5),)), "station_shifts"),
    ],
)
def test_hours_that_make_no_sense_are_refused(hours: ServiceHours, code: str) -> None:
    with pytest.raises(Rejection) as refused:
        check_hours(hours)
    assert refused.value.code == code
    assert OpenStation(hours).hours is hours


# -- targets -----------------------------------------------------------------------------------------------------


def station() -> Scenario[ServiceTargets]:
    return Scenario(SERVICE_TARGETS, SERVICE_TARGETS.initial).head()


def promise(priority: Priority = Priority.P3, **more: object) -> SetTarget:
    given_ = {"since": TODAY, "reason": "人手多了", "accept": 60, "fix": 600} | more
    return SetTarget(ESTATE_CODE, priority, **given_)  # type: ignore[arg-type]


def test_a_target_holds_on_its_days_and_the_category_before_the_general_one() -> None:
    state = station().when(
        promise(until=TODAY + timedelta(days=9)), promise(category=Category.WALL, fix=900), promise(fix=500)
    ).state  # fmt: skip
    assert state.on(TODAY) == (Target(Priority.P3, 60, None, None, 500),)
    assert state.on(TODAY, Category.WALL)[0].fix == 900
    assert state.on(TODAY - timedelta(days=1)) == ()
    lifted = station().when(promise()).later(days=5)
    ends = lifted.when(LiftTarget(ESTATE_CODE, Priority.P3, TODAY + timedelta(days=5), "试行结束")).state
    assert ends.on(TODAY + timedelta(days=4)) and not ends.on(TODAY + timedelta(days=5))


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (promise(since=TODAY - timedelta(days=1)), "target_past"),
        (promise(until=TODAY - timedelta(days=1)), "target_until"),
        (promise(accept=0), "target_minutes"),
        (promise(accept=None), "target_missing"),
        (promise(Priority.P0), "target_missing"),
        (promise(accept=600, fix=60), "target_order"),
        (promise(arrive=90, next_day=True), "target_arrive"),
        (promise(reason=" "), "blank_text"),
    ],
)
def test_targets_that_make_no_sense_are_refused(command: SetTarget, code: str) -> None:
    station().refused(command, code)


# -- in the product ----------------------------------------------------------------------------------------------


def test_a_head_sets_hours_and_targets_and_no_promise_moves(demo: Demo) -> None:
    head, desk = demo.sign_in_patient("head"), member(demo, Capacity.DISPATCHER)
    place = f"/api/v1/stations/{FIRST}"

    def opened() -> tuple[str, dict[str, str]]:
        issue = head.post("/api/v1/issues", json={"estate": FIRST, "text": "楼道灯不亮"}).json()["issue"]
        made = head.post(f"/api/v1/issues/{issue}/promote-to-work-order", json={"category": "PUBLIC_LIGHTING"}).json()
        return made["order"], head.get(f"/api/v1/work-orders/{made['order']}").json()["deadlines"]

    old, before = opened()
    today = demo.now.astimezone(SHANGHAI).date().isoformat()
    target = {"priority": "P3", "accept": 60, "dispatch": 90, "fix": 120, "since": today, "reason": "试行"}
    assert desk.post(f"{place}/targets", json=target).status_code == 403
    assert head.post(f"{place}/targets", json=target).status_code == 200
    night = {"opens": 480, "closes": 1200, "week": [[[0, 1440]]] * 7, "holidays": []}
    night["apart"] = [{"days": ["2027-02-15"], "shifts": []}]
    was = head.get(f"/api/v1/estates/{FIRST}").json()
    assert head.post(f"{place}/hours", json=night).status_code == 200
    shown = head.get(f"/api/v1/estates/{FIRST}").json()
    assert shown["apart"] == [{"days": ["2027-02-15"], "shifts": []}] and shown["holidays"] == []
    assert head.get(f"/api/v1/work-orders/{old}").json()["deadlines"] == before  # INV-29
    _, now = opened()
    assert datetime.fromisoformat(now["fix_by"]) - datetime.fromisoformat(now["accept_by"]) == timedelta(hours=1)
    page = head.get(f"/station/{FIRST}")
    assert page.status_code == 200 and "2027-02-15 休" in page.text and "00:00-00:00" not in page.text
    assert head.get(f"{place}/targets").json()[3]["fix"] == 120
    assert desk.get(f"/station/{FIRST}").status_code == 403
    kept = {"opens": was["opens"], "closes": was["closes"]}
    assert head.post(f"{place}/hours", json=kept).status_code == 200  # as programs of today say it
    assert head.get(f"/api/v1/estates/{FIRST}").json()["apart"] == shown["apart"]
    plain = kept | {"holidays": None, "apart": []}
    assert head.post(f"{place}/hours", json=plain).status_code == 200
    lift = {"priority": "P3", "since": today, "reason": "试行结束"}
    assert head.post(f"{place}/targets/lift", json=lift).status_code == 200
    for wrong in ({"week": [[[0, 1]]] * 3}, {"week": [[[5, 2000]]] * 7}, {"apart": [{"days": ["x"]}]}):
        assert head.post(f"{place}/hours", json=kept | wrong).status_code == 422


def test_the_form_of_the_station_says_what_it_does_not_understand(demo: Demo) -> None:
    head = demo.sign_in_patient("head")
    page = head.get(f"/station/{FIRST}").text
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    days = {f"day-{day}": "08:00-20:00" for day in range(7)}
    wrong = head.post(f"/station/{FIRST}/hours", data={"csrf": csrf, **days, "day-2": "早八晚五", "holidays": "any"})
    assert wrong.status_code == 422 and "早八晚五" in wrong.text and "时间没看懂" in wrong.text
    right = head.post(f"/station/{FIRST}/hours", data={"csrf": csrf, **days, "holidays": "any"}, follow_redirects=False)
    assert right.status_code == 303
    late = head.post(f"/station/{FIRST}/target", data={"csrf": csrf, "priority": "P9", "reason": "x"})
    assert late.status_code == 422
