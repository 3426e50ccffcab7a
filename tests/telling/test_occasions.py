"""What is worth a word, when it may be sent, and how often it is tried."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.recorded import Act, Recorded
from domain.telling.occasions import BEFORE, PAUSES, Occasion, Quiet, next_try, occasions, of_deadline, of_pause
from tests.conftest import shanghai
from tests.scenario import MONDAY, STEWARD

ORDER, CASE = UUID(int=7), UUID(int=8)


def told(event: object, version: int = 1) -> list[tuple[Occasion, UUID | None]]:
    act = Act(UUID(int=9), Capacity.DISPATCHER, MONDAY, MONDAY)
    recorded = Recorded(1, UUID(int=10), ORDER, version, event, act, "350902002999-001", CASE, None)
    return [(each.what, each.person) for each in occasions(recorded)]


def test_each_event_tells_whom_it_is_for() -> None:
    assert told(orders.WorkOrderDispatched(STEWARD)) == [(Occasion.SENT, STEWARD)]
    assert told(orders.WorkOrderHandedOver(STEWARD, None)) == [(Occasion.SENT, STEWARD)]
    assert told(orders.WorkOrderHandedOver(None, STEWARD)) == []
    assert told(orders.DeadlinesSet(fix_by=MONDAY)) == [(Occasion.PROMISED, None)]
    assert told(orders.DeadlinesSet()) == []
    assert told(orders.WorkOrderClosed()) == [(Occasion.ENDED, None)]
    assert told(issues.AdviceGiven("市政部分")) == [(Occasion.ENDED, None)]
    assert told(orders.StewardArrived()) == []


def test_a_deadline_is_told_of_once_before_and_once_after() -> None:
    due = MONDAY + timedelta(hours=4)
    assert of_deadline("e", CASE, ORDER, due, due - BEFORE - timedelta(seconds=1)) is None
    soon = [of_deadline("e", CASE, ORDER, due, due - left) for left in (BEFORE, timedelta(minutes=1))]
    late = [of_deadline("e", CASE, ORDER, due, due + over) for over in (timedelta(0), timedelta(hours=1))]
    assert len({each.id for each in soon if each}) == len({each.id for each in late if each}) == 1
    moved = of_deadline("e", CASE, ORDER, due + timedelta(hours=1), due + timedelta(hours=1))
    assert moved is not None and late[0] is not None and moved.id != late[0].id


def test_the_end_of_a_pause_is_told_of_once_and_anew_for_another_end() -> None:
    once, again = (of_pause("e", CASE, ORDER, MONDAY) for _ in range(2))
    assert once == again and once.what is Occasion.PAUSE_OVER
    assert of_pause("e", CASE, ORDER, MONDAY + timedelta(days=1)).id != once.id


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23 21:59", None),
        ("2026-11-23 22:00", "2026-11-24 07:00"),
        ("2026-11-24 06:59", "2026-11-24 07:00"),
        ("2026-11-24 07:00", None),
    ],
)
def test_quiet_hours_end_in_the_morning(now: str, until: str | None) -> None:
    expected = None if until is None else shanghai(until)
    assert Quiet().held_until(shanghai(now)) == expected
    assert Quiet(0, 0).held_until(shanghai(now)) is None


def test_pauses_grow_and_end() -> None:
    pauses = [next_try(tries, MONDAY) for tries in range(1, len(PAUSES) + 2)]
    spans = [each - MONDAY for each in pauses if isinstance(each, datetime)]
    assert spans == sorted(set(spans)) and len(spans) == len(PAUSES) and pauses[-1] is None
