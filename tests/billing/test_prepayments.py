"""What was paid in advance pays for what falls due, by itself."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.fees.fee_account import PrepaymentDrawn, fee_account_stream
from services.billing.prepayments import draw_what_is_due
from tests.conftest import SECOND, Demo
from tests.fees.till import YEAR, Till


@pytest.fixture
def till(demo: Demo) -> Iterator[Till]:
    yield Till(demo).opened()


def test_what_is_due_is_drawn_from_what_is_held_and_only_once(demo: Demo, till: Till) -> None:
    year = till.today.year
    till.bill(since=till.today.replace(year=year - 1, month=1, day=1))
    till.take(YEAR + 40000)
    coming = till.bill(since=till.today.replace(month=1, day=1))
    due = till.state.bills[coming].due
    demo.caught_up()
    draw_what_is_due(demo.product, due - timedelta(days=1))
    assert (till.state.bills[coming].open, till.state.prepaid) == (YEAR, 40000)
    for _ in range(2):
        draw_what_is_due(demo.product, due)
        demo.caught_up()
    assert (till.state.bills[coming].open, till.state.prepaid) == (YEAR - 40000, 0)
    history = demo.product.log.history(fee_account_stream(till.dwelling))
    assert len([each for each in history if isinstance(each.event, PrepaymentDrawn)]) == 1
    assert history[-1].act.acting_as.value == "SYSTEM"


def test_it_is_done_in_every_estate_and_leaves_alone_what_owes_nothing(demo: Demo) -> None:
    there, settled = Till(demo, estate=SECOND).opened(), Till(demo).opened()
    settled.bill(since=settled.today.replace(year=settled.today.year - 1, month=1, day=1))
    settled.take(YEAR + 100)
    before = settled.version
    there.bill()
    demo.caught_up()
    draw_what_is_due(demo.product, settled.today)
    assert (settled.version, settled.state.prepaid, there.version) == (before, 100, 2)
