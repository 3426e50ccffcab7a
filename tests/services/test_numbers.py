"""Numbers that people say aloud, on a real PostgreSQL (INV-10)."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from services import schema
from services.database import Database
from services.numbers import Numbers

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture(scope="module")
def numbers(url: str) -> Iterator[Numbers]:
    schema.prepare(url)
    database = Database(url)
    yield Numbers(database)
    database.close()


def test_inv_10_a_number_names_its_day_and_counts_in_four_digits(numbers: Numbers) -> None:
    drawn = [numbers.draw("WO", "SC-format", MONDAY) for _ in range(3)]
    assert drawn == ["WO-20261123-0001", "WO-20261123-0002", "WO-20261123-0003"]
    assert all(re.fullmatch(r"WO-\d{8}-\d{4}", number) for number in drawn)


def test_inv_10_every_centre_kind_and_day_counts_for_itself(numbers: Numbers) -> None:
    numbers.draw("WO", "SC-one", MONDAY)
    assert numbers.draw("WO", "SC-two", MONDAY) == "WO-20261123-0001"
    assert numbers.draw("IS", "SC-one", MONDAY) == "IS-20261123-0001"
    assert numbers.draw("WO", "SC-one", TUESDAY) == "WO-20261124-0001"


def test_inv_10_no_two_at_once_draw_the_same(numbers: Numbers) -> None:
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda _: numbers.draw("WO", "SC-race", MONDAY), range(40)))
    assert sorted(drawn) == [f"WO-20261123-{n:04d}" for n in range(1, 41)]
