"""Copies with some fields changed."""

from dataclasses import dataclass, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases.issue import Issue
from domain.cases.work_order import WorkOrder
from domain.changed import changed


@dataclass(frozen=True)
class Lamp:
    lit: bool = False
    place: str = "3栋"


@given(st.booleans(), st.text())
def test_it_says_what_replace_says(lit: bool, place: str) -> None:
    lamp = Lamp()
    assert changed(lamp, lit=lit) == replace(lamp, lit=lit)
    assert changed(lamp, lit=lit, place=place) == Lamp(lit, place)
    assert lamp == Lamp()


def test_a_field_that_is_none_is_refused() -> None:
    with pytest.raises(TypeError, match="Lamp has no dark"):
        changed(Lamp(), dark=True)


@pytest.mark.parametrize("state", [Issue(), WorkOrder()])
def test_states_can_be_changed(state: Issue | WorkOrder) -> None:
    for item in fields(state):
        assert getattr(changed(state, **{item.name: "new"}), item.name) == "new"
