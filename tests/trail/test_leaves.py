"""A leaf tells everybody what may be told, and can prove every other field to whoever is shown it."""

import json
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.capacity import Capacity
from domain.cases.issue import IssueNoted
from domain.catalogue import DECIDER_OF
from domain.recorded import Act, Recorded
from domain.trail.crowd import ENOUGH, Coarseness, Crowds
from domain.words import is_personal
from services.tlog import leaf as formats
from services.trail.leaves import EVERY, Namer, Salted, Salting, disclosures, leaf_of, public_part, skipped_leaf
from tests.examples import EVENTS

AT = datetime(2026, 11, 30, 23, 59, 58, 765432, tzinfo=UTC)
NAMER = Namer(b"n" * 32)
SALTED = Salted(Salting(b"s" * 32))


def recorded(event: Any, version: int = 3, subject: int = 7, at: datetime = AT) -> Recorded[Any]:
    act = Act(UUID(int=1), Capacity.DISPATCHER, at, at)
    return Recorded(9, UUID(int=2), UUID(int=3), version, event, act, "350902002999-001", UUID(int=subject), None)


@pytest.mark.parametrize("coarse", Coarseness)
@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_event_makes_a_leaf_of_the_public_profile(event: Any, coarse: Coarseness) -> None:
    """The quick way of making leaves gives the bytes that the plain one gives."""
    one = recorded(event)
    made = leaf_of(one, coarse, SALTED, NAMER)
    shown = disclosures(one, coarse, SALTED)
    opened = formats.check(made, shown)
    assert len(opened.disclosed) == len(shown) >= len(fields(event))
    assert (opened.shut + len(shown)) % EVERY == 0
    public, digests = formats.read(made)
    assert public == public_part(one, coarse, NAMER)
    assert {each.digest() for each in shown} <= set(digests)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_no_field_of_an_event_stands_in_its_leaf(event: Any) -> None:
    made = leaf_of(recorded(event), Coarseness.NONE, SALTED, NAMER).decode()
    for item in fields(event):
        value = getattr(event, item.name)
        if is_personal(item) and isinstance(value, str) and len(value) > 3:
            assert value not in made
    public = json.loads(made).keys() - {"_sd", "_sd_alg"}
    assert public <= {"v", "type", "recorded", "stated", "stream", "pos", "as", "cost"}
    assert str(UUID(int=3)) not in made and "350902" not in made


@given(some.text(alphabet=some.characters(exclude_categories=["Cs"]), max_size=60), some.integers())
def test_any_text_can_be_shown(text: str, number: int) -> None:
    one = recorded(IssueNoted(str(number), "350902002999-001", text))
    made = leaf_of(one, Coarseness.NONE, SALTED, NAMER)
    assert formats.check(made, disclosures(one, Coarseness.NONE, SALTED)).disclosed["number"] == str(number)


def test_of_a_destroyed_key_nothing_is_behind_the_digests() -> None:
    one = recorded(IssueNoted("IS-1", "350902002999-001", None))
    lost = NAMER.lost(one.correlation)
    made = leaf_of(one, Coarseness.NONE, lost, NAMER)
    assert disclosures(one, Coarseness.NONE, lost) == []
    assert formats.check(made).shut == len(json.loads(leaf_of(one, Coarseness.NONE, SALTED, NAMER))["_sd"])


def test_the_leaf_of_a_skipped_event_is_one_of_the_profile() -> None:
    assert formats.check(skipped_leaf()).public == {"v": 1, "type": "EventSkipped"}


def test_a_rare_kind_is_not_told_before_enough_others_have_it() -> None:
    crowds = Crowds({})
    noted = [recorded(IssueNoted(f"IS-{n}", "350902002999-001", "路灯不亮"), subject=n) for n in range(ENOUGH + 1)]
    told = [crowds.coarseness(each, DECIDER_OF[IssueNoted].name) for each in noted]
    assert told == [Coarseness.ALL] * (ENOUGH - 1) + [Coarseness.NONE] * 2


def test_one_household_is_no_crowd_however_often_it_comes() -> None:
    crowds = Crowds({})
    again = [recorded(IssueNoted(f"IS-{n}", "350902002999-001", "路灯不亮")) for n in range(20)]
    assert {crowds.coarseness(each, "Issue") for each in again} == {Coarseness.ALL}
    assert len(crowds.new) == 2  # of the kind and of the kind of stream, once each


def test_the_month_before_counts_and_the_one_before_that_does_not() -> None:
    def of_month(month: int, subject: int) -> Recorded[Any]:
        return recorded(IssueNoted("IS-1", "e", "x"), subject=subject, at=datetime(2026, month, 15, tzinfo=UTC))

    crowds = Crowds({})
    for subject in range(ENOUGH - 1):
        crowds.coarseness(of_month(9, subject), "Issue")
    assert crowds.coarseness(of_month(10, 90), "Issue") is Coarseness.NONE
    assert crowds.coarseness(of_month(11, 91), "Issue") is Coarseness.ALL


def test_what_is_coarse_says_so_and_less() -> None:
    one = recorded(IssueNoted("IS-1", "350902002999-001", "路灯不亮"))
    kind, everything = (public_part(one, each, NAMER) for each in (Coarseness.KIND, Coarseness.ALL))
    assert (kind["type"], kind["recorded"], kind["coarse"]) == ("Issue", "2026-12-01", "kind")  # the day in Shanghai
    assert (everything["type"], everything["stated"], everything["coarse"]) == ("event", "2026-12", "all")
    assert "as" not in kind and "as" not in everything
    shown = {each.name: each.value for each in disclosures(one, Coarseness.ALL, SALTED)}
    assert (shown["@type"], shown["@recorded"], shown["@as"]) == ("IssueNoted", "2026-11-30T23:59:58Z", "DISPATCHER")
