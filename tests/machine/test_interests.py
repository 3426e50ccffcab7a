"""What each view says of itself: the kinds of events that touch it are those that it names, no more and no fewer."""

from typing import Any
from uuid import UUID

import pytest

from domain.capacity import Capacity
from domain.catalogue import EVENTS
from domain.recorded import Act, Recorded, Unread
from projections.catalogue import VIEWS
from projections.projection import View
from services.log.envelope import Stored, meant
from tests.clock import START
from tests.examples import EVENTS as EXAMPLES

STREAM = UUID(int=7)
ACT = Act(UUID(int=8), Capacity.DISPATCHER, START, START)


def recorded(event: Any) -> Recorded[Any]:
    return Recorded(1, UUID(int=9), STREAM, 1, event, ACT, "350902002999-001", UUID(int=10), None)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_names_the_events_that_touch_it(view: View[Any]) -> None:
    assert view.events == {type(each) for each in EXAMPLES if [*view.keys(recorded(each))]}


def stored(name: str, category: str | None) -> Stored:
    return Stored(1, STREAM, 1, name, b"broken" if category is None else b'{"category":"%s"}' % category.encode())


def of(*deciders: str) -> set[str]:
    return {name for name, kind in EVENTS.items() if any(f".{each}" in kind.__module__ for each in deciders)}


@pytest.mark.parametrize(
    ("name", "category", "neighbours", "wanted"),
    [
        ("IssueNoted", "Issue", ["AdviceGiven"], {"IssueNoted"}),
        ("IssueNoted", None, [], {"IssueNoted"}),
        ("IssueNoted", "NoSuchKind", [], {"IssueNoted"}),
        ("IssueNoted", "Person", [], {"IssueNoted"} | of("people.person")),
        ("IssueNoted", None, ["PersonRegistered"], {"IssueNoted"} | of("people.person")),
        ("NeverHeardOf", "Person", [], of("people.person")),
        ("NeverHeardOf", None, ["PersonRegistered"], of("people.person")),
        ("NeverHeardOf", "Person", ["BooksClosed", "IssueNoted"], of("people.person", "cases.issue")),
        ("NeverHeardOf", None, [], None),
        ("", "", ["", "NeitherHeardOf"], None),
    ],
)
def test_an_event_that_cannot_be_read_is_taken_for_what_its_name_or_its_stream_says(
    name: str, category: str | None, neighbours: list[str], wanted: set[str] | None
) -> None:
    kinds = meant(stored(name, category), neighbours)
    assert (None if kinds is None else {kind.__name__ for kind in kinds}) == wanted
    unread = Unread(1, STREAM, 1, name, "DecodeError", kinds)
    halted = {view.name for view in VIEWS if unread.may_be(view.events)}
    assert halted == {
        view.name for view in VIEWS if wanted is None or wanted & {kind.__name__ for kind in view.events or ()}
    }
    assert unread.may_be(None)
