"""The log that the bench fills is one that commands could have written: the product finds nothing wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.capacity import Capacity
from domain.cases import work_order as orders
from services.cases import plans as case_plans
from services.commands.ask import Ask, Caller
from services.product import Product
from services.running.checking.of_log import check_log
from services.running.checking.of_views import check_views
from services.running.wiring import built
from services.runtime.settings import Settings
from tests.bench.commands import SHORT
from tests.bench.full_log import OPEN_ORDERS, YEARS, Filled, fill
from tests.bench.ground import Ground
from tests.bench.station import a_station, staff_of
from tests.clock import RunningClock
from tests.templates import Templates

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Filling:
    """A product and the URL of its database."""

    product: Product
    url: str


@pytest.fixture(scope="module")
def filling(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filling]:
    """The demo's week alone: what is filled in are issues and orders, no fees."""
    data = tmp_path_factory.mktemp("data")
    url = templates.week(data)
    with built(Settings(data=data), url, RunningClock()) as product:
        yield Filling(product, url)


@pytest.fixture
def product(filling: Filling) -> Product:
    return filling.product


def filled(filling: Filling, events: int, mix: dict[str, int]) -> Filled:
    product = filling.product
    before = product.log.last_position()
    done = fill(filling.url, product.vault, staff_of(product), events, mix, product.clock())
    assert product.log.last_position() == before + done.events >= before + events
    return done


def test_a_filled_log_is_whole_and_every_view_takes_it_in(filling: Filling, product: Product) -> None:
    filled(filling, 1500, YEARS)
    filled(filling, 500, OPEN_ORDERS)
    product.follower.catch_up()
    assert [*check_log(product.database), *check_views(product.database, product.log)] == []
    with product.database.follower.connection() as conn:
        found = conn.execute("SELECT count(*), count(body->>'text') FROM view.orders").fetchone()
    assert found is not None and found[0] == found[1] > 40  # every personal text can be opened


def test_a_log_that_holds_more_than_was_asked_for_is_not_filled(filling: Filling) -> None:
    with pytest.raises(ValueError, match="it holds more than was asked for"):
        filled(filling, -1, YEARS)


def test_what_a_short_log_is_filled_from_is_shorter(server: str, tmp_path: Path) -> None:
    """Else a log of ten thousand events has the demo's years in it, which no measure counts."""
    with a_station(Ground(tmp_path, server, 1, 1, full=False, huge=False)).product() as product:
        assert 0 < product.log.last_position() < SHORT / 10


def test_commands_go_on_where_a_filled_life_stopped(filling: Filling, product: Product) -> None:
    staff = staff_of(product)
    order = filled(filling, 10, {"accepted": 1}).orders["accepted"][0]
    ask = Ask(Caller(staff.clerk, Capacity.DISPATCHER, frozenset({staff.estate})))
    answer = product.handler.do(ask, case_plans.on_work_order(order, orders.DispatchSteward(staff.stewards[0])))
    assert answer.version > 1 and answer.position == product.log.last_position()
