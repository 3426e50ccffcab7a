"""A first start that is cut short leaves nothing behind that the next one trips over."""

from pathlib import Path

import pytest

from domain.capacity import Capacity
from domain.estate import RegisterEstate
from services import schema
from services.ask import Ask, Caller
from services.demo.stories import CENTRE, COMMUNITY, ESTATES
from services.demo.week import SYSTEM
from tests.conftest import FIRST, a_house, new_database


class PowerCut(Exception):
    pass


def tell_something(url: str, data: Path, *, cut: bool) -> int:
    """A first start with one event; answers the log's last position before it."""
    with a_house(url, data) as house:
        before = house.log.last_position()
        with schema.setting_up(url):
            ask = Ask(Caller(SYSTEM, Capacity.SYSTEM, frozenset({FIRST})))
            house.handler.on_estate(ask, FIRST, RegisterEstate(FIRST, CENTRE, ESTATES[FIRST], COMMUNITY))
            if cut:
                raise PowerCut
    return before


def test_a_first_start_that_was_cut_short_begins_anew(server: str, tmp_path: Path) -> None:
    url = new_database(server)
    with pytest.raises(PowerCut):
        tell_something(url, tmp_path, cut=True)
    assert tell_something(url, tmp_path, cut=False) == 0


def test_a_first_start_that_was_finished_is_kept(server: str, tmp_path: Path) -> None:
    url = new_database(server)
    tell_something(url, tmp_path, cut=False)
    schema.prepare(url)
    with a_house(url, tmp_path) as house:
        assert house.log.last_position() == 1
