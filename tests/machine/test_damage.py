"""Whatever is wrong with a row of the log, the product stands: those who need it halt there by name, nobody else."""

from collections.abc import Iterator
from random import Random

import pytest

from domain.catalogue import DECIDERS
from projections.bookmarks import Bookmark, bookmarks
from projections.catalogue import VIEWS
from projections.skip import skip
from projections.skipped import skips
from services.running.checking.check import Checking
from tests.machine.damage import SPOILS, Damaged
from tests.machine.ground import Ground, a_ground
from tests.templates import Templates

ROUNDS, MANY_ROUNDS = 4, 300
WHY = "damaged on purpose"
EVENTS = {view.name: view.events for view in VIEWS}


@pytest.fixture(scope="module")
def ground(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The demo's week, in which every kind of thing happens, and its keys."""
    data = tmp_path_factory.mktemp("data")
    with a_ground(templates.week(data), (data / "vault.key").read_bytes()) as made:
        yield made


def begin_anew(ground: Ground) -> None:
    with ground.owner() as conn:
        for view in VIEWS:
            conn.execute(f"TRUNCATE view.{view.name}".encode())
        conn.execute("DELETE FROM view.positions")
        conn.execute("DELETE FROM view.skipped")
        conn.execute("DELETE FROM view.checked")


def marks(ground: Ground) -> dict[str, Bookmark]:
    with ground.database.follower.connection() as conn:
        return bookmarks(conn)


def checked(ground: Ground, key: bytes = b"") -> list[str]:
    found = Checking(key, ground.database, ground.log, (), whole=True).run()
    return [finding.text for finding in found.findings]


def one_round(ground: Ground, chance: Random) -> None:
    damaged, last = Damaged(ground.url), ground.log.last_position()
    for position in chance.sample(range(1, last + 1), 3):
        damaged.spoil(position, chance, chance.choice([*SPOILS]))
    try:
        past_all(ground, damaged, last)
    finally:
        damaged.mend()


def past_all(ground: Ground, damaged: Damaged, last: int) -> None:
    """Followed, checked and skipped until nobody is halted any more."""
    begin_anew(ground)
    unread = {each.position: each for each in ground.log.reading(0, last).unread}
    assert unread.keys() <= damaged.before.keys()
    follower, _ = ground.follower()
    while True:
        follower.catch_up()
        stands = marks(ground)
        halted = {name: mark.halted_at for name, mark in stands.items() if mark.halted_at is not None}
        assert all(mark.position == last for name, mark in stands.items() if name not in halted)
        for name, position in halted.items():
            assert position in damaged.before
            if position in unread:
                assert unread[position].may_be(EVENTS[name])
        found = "\n".join(checked(ground))
        assert all(f"log: position {position} (" in found for position in unread)
        assert all(f"view {name}: halted at position {position}" in found for name, position in halted.items())
        if not halted:
            break
        with ground.owner() as conn:
            for name, position in halted.items():
                skip(conn, name, position, WHY, "anna")
    with ground.owner() as conn:
        assert all(each.position in damaged.before for each in skips(conn))
    for decider in DECIDERS:  # whatever a command looks at is read, or refused by its position
        ground.log.readable_of(decider, [each.stream for each in unread.values()])


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_damage_of_any_kind_halts_only_who_needs_it(ground: Ground, seed: int) -> None:
    one_round(ground, Random(seed))


@pytest.mark.slow
@pytest.mark.drill
@pytest.mark.parametrize("seed", range(ROUNDS, MANY_ROUNDS))
def test_damage_of_any_kind_many_times_over(ground: Ground, seed: int) -> None:
    one_round(ground, Random(seed))


@pytest.mark.parametrize("how", SPOILS)
def test_each_kind_of_damage_is_read_past(ground: Ground, how: str) -> None:
    damaged, chance = Damaged(ground.url), Random(how)
    for position in chance.sample(range(1, ground.log.last_position() + 1), 12):
        damaged.spoil(position, chance, how)
    reading = ground.log.reading(0, 10_000)
    assert reading.rows == ground.log.last_position()
    assert {each.position for each in reading.unread} <= damaged.before.keys()
    damaged.mend()
    assert not ground.log.reading(0, 10_000).unread
