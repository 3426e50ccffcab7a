"""From a seed, a station with everything that goes wrong; and that the simulation would notice if it were wrong.

``--simulate-for 60`` goes on with seeds of its own for so many seconds; ``--simulation-seed N`` replays one.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from time import monotonic

import psycopg
import pytest

from projections.follow import Follower
from services.log.event_log import EventLog
from services.log.event_store import Group, LogRecorder, Outcome
from services.log.known_states import KnownStates
from tests.postgres import drop
from tests.simulation.process import Broken
from tests.simulation.station import Station, a_station
from tests.templates import Templates

STEPS = 300
FIXED = (1, 2, 3)


@contextmanager
def a_database(server: str, templates: Templates) -> Iterator[str]:
    url = templates.empty()
    yield url
    drop(server, url)


def simulate(server: str, templates: Templates, seed: int, steps: int = STEPS) -> Station:
    """The station of a seed, after all is over. Raises ``Broken`` with how to see it again."""
    with a_database(server, templates) as url, a_station(url, server, seed) as station:
        try:
            station.run(steps)
        except Broken as broken:
            again = f'make test PYTEST="tests/simulation --simulation-seed={seed}"'
            raise Broken(f"{broken}\n\nseed {seed}; to see it again: {again}") from broken
        return station


def test_whatever_goes_wrong_each_answer_holds(
    server: str, templates: Templates, request: pytest.FixtureRequest
) -> None:
    given, seconds = request.config.getoption("--simulation-seed"), request.config.getoption("--simulate-for")
    if given is not None:
        simulate(server, templates, given)
        return
    seen: Counter[str] = Counter()
    for seed in (*FIXED, random.SystemRandom().randrange(10**9)):
        seen += simulate(server, templates, seed).counted
    for what in (
        "answered",
        "turned",
        "lost",
        "restart",
        "step cut",
        "together 2",
        "together cut",
        "follow cut",
        "reuse",
        "jump",
    ):
        assert seen[what] > 0, f"nobody {what}: the simulation tries too little"
    until = monotonic() + seconds
    while monotonic() < until:
        simulate(server, templates, random.SystemRandom().randrange(10**9))


def test_the_same_seed_gives_the_same_story(server: str, templates: Templates) -> None:
    one, other = (simulate(server, templates, 11, steps=150).story for _ in range(2))
    assert one == other
    assert simulate(server, templates, 12, steps=150).story != one


# -- what would be found, if it were so --------------------------------------------------------------------------


def _appending(patch: pytest.MonkeyPatch, spoil: Callable[[Group], Group]) -> None:
    append = LogRecorder.append_groups

    def spoilt(self: LogRecorder, groups: Sequence[Group]) -> list[Outcome]:
        return append(self, [spoil(group) for group in groups])

    patch.setattr(LogRecorder, "append_groups", spoilt)


def nobody_checks_what_was_looked_at(patch: pytest.MonkeyPatch) -> None:
    def spoil(group: Group) -> Group:
        written = {event.originator_id for event in group.events}
        return replace(group, standing={s: v for s, v in group.standing.items() if s in written})

    _appending(patch, spoil)


def neighbours_hear_each_others_outcome(patch: pytest.MonkeyPatch) -> None:
    append = LogRecorder.append_groups

    def mixed_up(self: LogRecorder, groups: Sequence[Group]) -> list[Outcome]:
        return append(self, groups)[::-1]

    patch.setattr(LogRecorder, "append_groups", mixed_up)


def answers_are_not_kept(patch: pytest.MonkeyPatch) -> None:
    _appending(patch, lambda group: replace(group, answer=None))


def refusals_are_given_from_memory(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(EventLog, "stands", lambda self, standing: True)


def states_outlive_a_failed_append(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(KnownStates, "forget", lambda self, streams: None)


def rows_and_position_are_written_apart(patch: pytest.MonkeyPatch) -> None:
    catch_up = Follower.catch_up

    def apart(self: Follower) -> None:
        with pytest.MonkeyPatch.context() as within:
            within.setattr(psycopg.Connection, "transaction", lambda self: nullcontext())
            catch_up(self)

    patch.setattr(Follower, "catch_up", apart)


@pytest.mark.parametrize(
    ("planted", "finding"),
    [
        (nobody_checks_what_was_looked_at, "was decided on what no longer stood"),
        (neighbours_hear_each_others_outcome, "where it was said to|was answered|was refused"),
        (answers_are_not_kept, "was "),
        (refusals_are_given_from_memory, "turned away for"),
        (states_outlive_a_failed_append, "never answered"),
        (rows_and_position_are_written_apart, "view"),
    ],
)
def test_a_planted_mistake_is_found(
    server: str, templates: Templates, planted: Callable[[pytest.MonkeyPatch], None], finding: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        planted(patch)
        with pytest.raises(Broken, match=finding):
            for seed in range(25):
                simulate(server, templates, seed)
