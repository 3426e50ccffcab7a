"""Numbers that people say aloud, on a real PostgreSQL (INV-10)."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from services.database.database import Database
from services.log.numbers import Numbers
from tests.postgres import logins_of

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture(scope="module")
def numbers(url: str) -> Iterator[Numbers]:
    database = Database(logins_of(url))
    drawing = Numbers(database)
    yield drawing
    drawing.close()
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


class Clock:
    """Monotonic seconds as a test wants them."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def last_taken(database: Database, scope: str) -> int:
    with database.app.connection() as conn:
        row = conn.execute("SELECT last FROM log.numbers WHERE scope = %s AND day = %s", (scope, MONDAY)).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(logins_of(url))
    yield database
    database.close()


def test_while_it_is_quiet_no_number_is_taken_before_it_is_drawn(database: Database) -> None:
    clock = Clock()
    numbers = Numbers(database, clock)
    for n in range(1, 6):
        assert numbers.draw("WO", "SC-quiet", MONDAY).endswith(f"-{n:04d}")
        assert last_taken(database, "WO SC-quiet") == n
        clock.seconds += 60
    numbers.close()


def test_under_load_numbers_are_taken_in_blocks_and_given_back_at_the_end(database: Database) -> None:
    numbers = Numbers(database, Clock())  # all within a moment
    drawn = [numbers.draw("WO", "SC-load", MONDAY) for _ in range(300)]
    assert drawn == [f"WO-20261123-{n:04d}" for n in range(1, 301)]
    assert last_taken(database, "WO SC-load") > 300
    numbers.close()
    assert last_taken(database, "WO SC-load") == 300
    again = Numbers(database, Clock())
    assert again.draw("WO", "SC-load", MONDAY) == "WO-20261123-0301"
    again.close()


def test_inv_10_two_processes_under_load_never_draw_the_same(database: Database) -> None:
    both = [Numbers(database, Clock()) for _ in range(2)]
    with ThreadPoolExecutor(8) as threads:
        drawn = list(threads.map(lambda n: both[n % 2].draw("WO", "SC-two-processes", MONDAY), range(1000)))
    for each in both:
        each.close()
    assert len(set(drawn)) == 1000


def test_only_the_newest_numbers_are_given_back(database: Database) -> None:
    first, second = Numbers(database, Clock()), Numbers(database, Clock())
    early = [first.draw("WO", "SC-back", MONDAY) for _ in range(20)]  # holds a block that is not used up
    late = second.draw("WO", "SC-back", MONDAY)
    first.close()
    after = second.draw("WO", "SC-back", MONDAY)
    second.close()
    assert len({*early, late, after}) == 22
