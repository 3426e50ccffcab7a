"""One act is one line of the story: what it wrote besides is folded into it, and nothing that somebody said is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from domain.capacity import Capacity
from projections.cases.history import Entry
from services.cases.story import StoryEntry, folded
from tests.conftest import shanghai

NOW = shanghai("2026-12-01 09:00")
SOMEBODY = uuid4()
BESIDE = ("IssueTriaged", "WorkOrderOpened", "WorkOrderAccepted", "DeadlinesSet", "ToldLate")
OWN = ("IssueNoted", "IssuePromotedToWorkOrder", "WorkOrderDispatched", "WorkSuspended", "PriorityChanged")


def told(events: Sequence[tuple[str, int]]) -> list[StoryEntry]:
    """The story of these events, each with the minute of its act; newest first."""
    entries = [
        Entry(n, uuid4(), uuid4(), 1, event, SOMEBODY, Capacity.DISPATCHER, at, at, {}, {})
        for n, (event, minute) in enumerate(events, 1)
        for at in [NOW + timedelta(minutes=minute)]
    ]
    return [StoryEntry(each, each.event, "", "", "", "", "", "", ()) for each in reversed(entries)]


def names(lines: Sequence[StoryEntry]) -> list[tuple[str, list[str]]]:
    return [(line.sentence, [each.sentence for each in line.beside]) for line in lines]


def test_five_events_of_one_act_are_one_line() -> None:
    act = [("IssueTriaged", 1), ("IssuePromotedToWorkOrder", 1), ("WorkOrderOpened", 1), ("WorkOrderAccepted", 1)]
    lines = folded(told([("IssueNoted", 0), *act, ("DeadlinesSet", 1)]))
    beside = ["DeadlinesSet", "WorkOrderAccepted", "WorkOrderOpened", "IssueTriaged"]
    assert names(lines) == [("IssuePromotedToWorkOrder", beside), ("IssueNoted", [])]


def test_an_act_of_its_own_keeps_its_line_whatever_it_is() -> None:
    assert names(folded(told([("WorkOrderAccepted", 1), ("DeadlinesSet", 2)]))) == [
        ("DeadlinesSet", []),
        ("WorkOrderAccepted", []),
    ]


def test_entries_that_do_not_follow_one_another_are_no_single_act() -> None:
    first, second = told([("WorkOrderDispatched", 1), ("DeadlinesSet", 1)])
    apart = replace(first, entry=replace(first.entry, position=first.entry.position + 5))
    assert [line.beside for line in folded([apart, second])] == [(), ()]


@given(st.lists(st.tuples(st.sampled_from(BESIDE + OWN), st.integers(0, 3)), max_size=12))
def test_every_entry_is_told_once_and_in_order_and_what_people_did_stays_in_sight(
    events: list[tuple[str, int]],
) -> None:
    story = told(sorted(events, key=lambda each: each[1]))
    lines = folded(story)
    everything = [each for line in lines for each in (replace(line, beside=()), *line.beside)]
    assert sorted(each.entry.position for each in everything) == sorted(each.entry.position for each in story)
    assert all(a.entry.position > b.entry.position for a, b in pairwise(lines))
    assert all(each.sentence in BESIDE for line in lines for each in line.beside)
    for line in lines:
        assert {each.entry.recorded_at for each in line.beside} <= {line.entry.recorded_at}
