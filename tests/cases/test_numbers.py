"""Numbers add up: each figure, tab, badge and counter is the length of the list that it opens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import Any, get_args
from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from domain.calendar import SHANGHAI
from domain.cases.category import Category, Priority
from domain.cases.issue import Channel, Issue, IssueTriaged, Status
from domain.cases.work_order import Stage, WorkOrder
from domain.estates.place import Part, Responsibility
from projections.cases import notebook_lists, order_lists, station_board
from projections.cases.notebook import NOTEBOOK, IssueLine
from projections.cases.notebook_lists import LinesOnly, LineSort
from projections.cases.order_clock import clock
from projections.cases.order_lists import LISTS, NOBODY, Only, Sort
from projections.cases.orders import LANE_OF, ORDERS, OrderCard
from projections.projection import Connection, Folded, View, written
from services.board.shared import DRAWN_ANEW
from services.cases.narrowing import LineListName, OrderListName
from tests.clock import START, RunningClock
from tests.conftest import FIRST, Demo
from tests.numbers_on_pages import numbers_that_lie

NOW = START.astimezone(SHANGHAI)
STEWARDS = [UUID(int=number) for number in (11, 12, 13)]
PAGES = (f"/board/{FIRST}", f"/orders-of/{FIRST}", f"/notebook/{FIRST}", f"/people/{FIRST}")


def a_moment(chance: Random) -> datetime:
    return NOW + timedelta(minutes=chance.randint(-90 * 24 * 60, 3 * 24 * 60))


def a_card(chance: Random) -> OrderCard:
    """An order in any stage with any moments, possible or not: the lists only compare."""
    stage = chance.choice([each for each in Stage if each is not Stage.UNOPENED])
    lane = LANE_OF[stage]
    due = a_moment(chance) if lane in ("waiting", "sent", "working") and chance.random() < 0.8 else None
    over = lane in ("checking", "ended")
    return OrderCard(
        order=UUID(int=chance.getrandbits(128)),
        issue=UUID(int=chance.getrandbits(128)),
        estate=FIRST,
        number="WO-1",
        lane=lane,
        state=WorkOrder(
            stage=stage,
            promised_at=a_moment(chance),
            priority=chance.choice(list(Priority)),
            category=chance.choice([Category.PUBLIC_LIGHTING, Category.LIFT_FAULT]),
            steward=chance.choice([None, *STEWARDS]),
            owner=chance.choice([None, *STEWARDS]),
            suspended_at=NOW - timedelta(days=9) if lane == "held" else None,
            pause_until=chance.choice([None, a_moment(chance)]) if lane == "held" else None,
        ),
        version=1,
        opened_at=a_moment(chance),
        changed_at=NOW,
        changed_by=STEWARDS[0],
        building=chance.choice([None, "1", "12-1", "A"]),
        due=due,
        soon=None if due is None else due - timedelta(minutes=chance.randint(0, 600)),
        completed_at=a_moment(chance) if over and chance.random() < 0.6 else None,
        ended_at=a_moment(chance) if lane == "ended" else None,
        on_time=chance.choice([None, True, False]) if over else None,
    )


def a_line(chance: Random) -> IssueLine:
    """A line in any status."""
    status = chance.choice([each for each in Status if each is not Status.UNNOTED])
    triage = None
    if status is not Status.NOTED:
        kind, priority = chance.choice([Category.SEWAGE, Category.LIFT_TRAPPED]), chance.choice(list(Priority))
        triage = IssueTriaged(kind, priority, Part.COMMON, Responsibility.ESTATE_COMMON)
    danger = chance.choice([None, None, Category.LIFT_TRAPPED])
    return IssueLine(
        issue=UUID(int=chance.getrandbits(128)),
        estate=FIRST,
        number="IS-1",
        channel=chance.choice(list(Channel)),
        noted_at=a_moment(chance),
        state=Issue(
            status=status,
            triage=triage,
            danger=danger,
            owner=chance.choice(STEWARDS),
            answer_by=(due := a_moment(chance)),
            answer_soon=due - timedelta(minutes=chance.randint(0, 600)),
        ),
        version=1,
        changed_at=NOW,
        building=chance.choice([None, "1", "12-1", "A"]),
    )


@st.composite
def several(draw: st.DrawFn, make: Callable[[Random], Any], least: int = 0, most: int = 25) -> list[Any]:
    """So many of them, all out of one number, so that a failure is told by a number."""
    chance = Random(draw(st.integers(0, 2**32)))
    return [make(chance) for _ in range(draw(st.integers(least, most)))]


orders_only = st.builds(
    Only,
    priority=st.none() | st.sampled_from(Priority),
    category=st.none() | st.just(Category.LIFT_FAULT),
    steward=st.none() | st.sampled_from([*STEWARDS, NOBODY]),
    building=st.none() | st.sampled_from(["1", "A"]),
    state=st.none() | st.sampled_from(["overdue", "soon", "due-today", "urgent"]),
    age=st.none() | st.sampled_from([1, 30]),
    mine=st.none() | st.sampled_from(STEWARDS),
)
lines_only = st.builds(
    LinesOnly,
    building=st.none() | st.just("1"),
    channel=st.none() | st.sampled_from(Channel),
    age=st.none() | st.sampled_from([1, 30]),
    urgent=st.booleans(),
    mine=st.none() | st.sampled_from(STEWARDS),
)


@contextmanager
def kept(url: str, view: View[Any], rows: list[Any], keys: list[UUID]) -> Iterator[Connection]:
    """A connection that sees these rows of the view alone, until it is left."""
    with psycopg.connect(url) as conn:
        conn.execute("SET LOCAL search_path TO view")
        put(conn, view, rows, keys)
        yield conn
        conn.rollback()


def put(conn: Connection, view: View[Any], rows: list[Any], keys: list[UUID]) -> None:
    """Have these rows in the view and no others."""
    conn.execute(f"DELETE FROM view.{view.name}")
    conn.execute(
        f"INSERT INTO view.{view.name} (key, estates, position, body) SELECT k, e::text[], p, b::jsonb"
        " FROM unnest(%b::text[], %b::text[], %b::bigint[], %b::text[]) AS n (k, e, p, b)",
        written(view, Folded({str(key): (row, 1) for key, row in zip(keys, rows, strict=True)}, [])),
    )


@settings(max_examples=40)
@given(several(a_card), orders_only, st.sampled_from(Sort))
def test_for_any_orders_each_number_is_the_length_of_its_list(
    url: str, found: list[OrderCard], only: Only, sort: Sort
) -> None:
    with kept(url, ORDERS, list(found), [card.order for card in found]) as conn:
        lengths = {
            name: [card.order for card in order_lists.listed(conn, FIRST, name, NOW, 100, 0, only, sort)]
            for name in LISTS
        }
        sizes = order_lists.sizes(conn, FIRST, tuple(LISTS), NOW, only)
        tally = order_lists.tally(conn, FIRST, NOW, only)
        board = station_board.board(conn, FIRST, NOW, 3, only)
        whole = order_lists.sizes(conn, FIRST, tuple(LISTS), NOW)
    assert sizes == {name: len(rows) for name, rows in lengths.items()}
    for name in ("overdue", "due-today", "soon", "urgent", "alarms", "in-hand", "under-way", "pause-over"):
        assert tally.of(name) == sizes[name], name
    assert {lane.name: (lane.total, lane.total + lane.hidden) for lane in board.lanes} == {
        lane: (sizes[lane], whole[lane]) for lane in order_lists.OPEN
    }
    assert all(len(lane.cards) == min(lane.total, 3) for lane in board.lanes)
    figures = board.figures
    assert (figures.waiting, figures.under_way, figures.due_today, figures.overdue, figures.done_today) == tuple(
        whole[name] for name in ("waiting", "under-way", "due-today", "overdue", "done-today")
    )
    assert (figures.missed, figures.promised) == (whole["missed"], whole["promised"])
    assert whole["missed"] == whole["overdue"] + whole["late"]
    assert figures.on_time == (whole["kept"] * 1000 // whole["promised"] if whole["promised"] else None)


@settings(max_examples=40)
@given(several(a_card))
def test_a_list_holds_what_the_cards_say_themselves(url: str, found: list[OrderCard]) -> None:
    """The clock on a card and the lists by lateness are one: nothing is overdue here and not there."""
    with kept(url, ORDERS, list(found), [card.order for card in found]) as conn:
        listed = {
            name: {card.order for card in order_lists.listed(conn, FIRST, name, NOW, 100)}
            for name in ("overdue", "soon", "pause-over")
        }
    clocks = {card.order: clock(card, NOW).kind for card in found}
    assert listed["overdue"] == {order for order, kind in clocks.items() if kind == "late"}
    assert listed["pause-over"] == {order for order, kind in clocks.items() if kind == "overdue"}
    assert listed["soon"] == {order for order, kind in clocks.items() if kind in ("late", "soon")}


@settings(max_examples=40)
@given(several(a_line), lines_only, st.sampled_from(LineSort))
def test_for_any_lines_each_number_is_the_length_of_its_list(
    url: str, found: list[IssueLine], only: LinesOnly, sort: LineSort
) -> None:
    with kept(url, NOTEBOOK, list(found), [line.issue for line in found]) as conn:
        names = tuple(notebook_lists.LISTS)
        lengths = {name: len(notebook_lists.listed(conn, FIRST, name, NOW, 100, 0, only, sort)) for name in names}
        sizes = notebook_lists.sizes(conn, FIRST, names, NOW, only)
        board = station_board.board(conn, FIRST, NOW, 3, lines_only=only)
        burning = notebook_lists.size(conn, FIRST, "danger", NOW)
        waiting = notebook_lists.size(conn, FIRST, "waiting", NOW)
    assert sizes == lengths
    assert (board.inbox_total, board.inbox_total + board.inbox_hidden) == (sizes["waiting"], waiting)
    assert sizes["danger"] == burning  # whatever it is narrowed to
    assert len(board.inbox) == max(min(sizes["waiting"], 3), burning)
    assert sum(line.danger is not None for line in board.inbox) == burning


def test_lists_over_http_are_those_of_pages() -> None:
    assert set(get_args(OrderListName)) == set(LISTS)
    assert set(get_args(LineListName)) == set(notebook_lists.LISTS)


@pytest.fixture(scope="module")
def head(demo: Demo) -> TestClient:
    return demo.sign_in_patient("head")


@pytest.mark.parametrize("more", ["", "?show=soon", "?show=urgent", "?show=mine"])
def test_every_number_on_the_board_is_the_length_of_the_list_it_opens(head: TestClient, more: str) -> None:
    assert numbers_that_lie(head, f"/board/{FIRST}{more}") == []


def test_every_number_of_lists_and_people_is_the_length_of_the_list_it_opens(head: TestClient) -> None:
    known: dict[str, int] = {}
    for page in PAGES[1:]:
        for more in ("", "?lane=all&state=overdue", "?lane=all&priority=P3&age=1", "?show=waiting&building=3"):
            assert numbers_that_lie(head, page + more, known) == []


FIGURES = {
    "waiting": "waiting",
    "under_way": "under-way",
    "due_today": "due-today",
    "overdue": "overdue",
    "done_today": "done-today",
    "promised": "promised",
    "missed": "missed",
}


@settings(max_examples=2)
@given(st.integers(0, 2**32))
def test_for_any_state_pages_and_api_agree(demo: Demo, head: TestClient, seed: int) -> None:
    chance = Random(seed)
    found = [a_card(chance) for _ in range(50)]
    noted = [a_line(chance) for _ in range(45)]
    demo.caught_up()
    with psycopg.connect(demo.url) as conn:
        put(conn, ORDERS, list(found), [card.order for card in found])
        put(conn, NOTEBOOK, list(noted), [line.issue for line in noted])
    assert isinstance(demo.product.clock, RunningClock)
    demo.product.clock.passes(timedelta(seconds=DRAWN_ANEW))  # no event told of it, so boards are kept that long
    known: dict[str, int] = {}
    for show in ("all", "soon", "urgent", "mine"):
        assert numbers_that_lie(head, f"/board/{FIRST}?show={show}", known) == []
    board = head.get(f"/api/v1/stations/{FIRST}/board").json()
    for figure, name in FIGURES.items():
        assert board["figures"][figure] == listed_over_http(head, "work-orders", "lane", name), figure
    assert board["inbox_total"] == listed_over_http(head, "issues", "show", "waiting")
    for lane in board["lanes"]:
        assert lane["total"] == listed_over_http(head, "work-orders", "lane", lane["lane"])
    for mate in board["stewards"]:
        asked = {"lane": "in-hand", "steward": mate["person"]}
        assert mate["load"] == len(head.get(f"/api/v1/stations/{FIRST}/work-orders", params=asked).json())


def listed_over_http(client: TestClient, what: str, by: str, name: str) -> int:
    """How many the list over HTTP holds, which says so itself."""
    answer = client.get(f"/api/v1/stations/{FIRST}/{what}", params={by: name, "limit": 200})
    assert answer.status_code == 200, answer.text
    assert int(answer.headers["X-Total-Count"]) == len(answer.json())
    return len(answer.json())
