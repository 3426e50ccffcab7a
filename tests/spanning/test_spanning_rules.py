"""Rules over several streams: all of them stand in one table, and each holds when two act at the same moment.

Two processes act on one log. What has to hold is read from the log afterwards, not from what they were told.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.catalogue import DECIDERS
from services.commands.spanning import EVERY, SpanningRule
from services.log.event_log import EventLog
from services.running.capabilities import all_of
from tests.conftest import Demo
from tests.spanning import cases, debts, money, people, runs  # noqa: F401 they tell their races
from tests.spanning.grounds import RACES, Grounds, Race, two_processes

TABLE = Path(__file__).resolve().parents[2] / "deploy" / "handbook" / "spanning-rules.md"
RULES: tuple[SpanningRule, ...] = all_of(lambda each: each.spanning)
SHORT, LONG = 4, 100  # rounds of each race


@pytest.fixture(scope="module")
def ground(demo: Demo) -> Iterator[Grounds]:
    with two_processes(demo) as made:
        yield made


def told() -> list[tuple[str, ...]]:
    """The rows of the handbook's table."""
    row = re.compile(r"^\| (SPAN-\d\d) \| (.+) \| (.+) \| (.*) \| (.+) \|$", re.MULTILINE)
    return [found.groups() for found in row.finditer(TABLE.read_text(encoding="utf-8"))]


def test_the_handbooks_table_is_what_the_capabilities_name() -> None:
    named = [
        (each.id, each.says, ", ".join(each.written), ", ".join(each.read), ", ".join(how.value for how in each.held))
        for each in sorted(RULES, key=lambda each: each.id)
    ]
    assert told() == named


def test_every_rule_is_about_streams_that_there_are_and_has_a_race() -> None:
    kinds = {each.name for each in DECIDERS} | {EVERY}
    assert all({*each.written, *each.read} <= kinds for each in RULES)
    assert len({each.id for each in RULES}) == len(RULES)
    assert RACES.keys() == {each.id for each in RULES}


def races() -> list[Race]:
    return list(dict.fromkeys(each for rule in sorted(RACES) for each in RACES[rule]))


def tried(ground: Grounds, race: Race, rounds: int) -> None:
    went = [ground.raced(race(ground)) for _ in range(rounds)]
    assert any(map(any, went)), "nobody got anything done"


def name(race: Race) -> str:
    return race.__name__


@pytest.mark.parametrize("race", races(), ids=name)
def test_it_holds_when_two_act_at_once(ground: Grounds, race: Race) -> None:
    tried(ground, race, SHORT)


@pytest.mark.drill
@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("race", races(), ids=name)
def test_it_holds_a_hundred_times(ground: Grounds, race: Race) -> None:
    tried(ground, race, LONG)


@pytest.mark.drill
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_races_would_see_it(ground: Grounds, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without the versions that the append checks beside those it writes, many of the races are lost."""
    prepared = EventLog.prepared
    monkeypatch.setattr(
        EventLog, "prepared", lambda log, changes, answer=None, seen=None: prepared(log, changes, answer)
    )
    lost = set()
    for race in races():
        try:
            tried(ground, race, LONG // 4)
        except AssertionError:
            lost.add(race.__name__)
    assert len(lost) >= 10, sorted(lost)
