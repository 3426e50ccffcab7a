"""Whom the desk is offered first, and why."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.cases.category import USUAL, Category
from domain.cases.dispatch import Candidate, Suggestion, suggest
from domain.people.person import StewardRole

A, B, C, D = (UUID(int=n) for n in range(1, 5))
REPAIR, MEDIATE = (StewardRole.REPAIRER,), (StewardRole.MEDIATOR,)
THREE, NONE = frozenset({"3"}), frozenset[str]()


def test_role_before_building_before_load() -> None:
    offered = suggest(
        Category.PIPE_LEAK,
        "3",
        [
            Candidate(A, MEDIATE, THREE, 0),
            Candidate(B, REPAIR, NONE, 0),
            Candidate(C, REPAIR, THREE, 5),
            Candidate(D, REPAIR, THREE, 1),
        ],
    )
    assert [each.steward for each in offered] == [D, C, B, A]
    assert offered[0] == Suggestion(D, linked=True, fitting=True, load=1)
    assert offered[-1] == Suggestion(A, linked=True, fitting=False, load=0)


def test_one_steward_may_have_several_roles() -> None:
    both = suggest(Category.STAIR_CLUTTER, None, [Candidate(A, (*REPAIR, *MEDIATE), NONE, 0)])
    assert both[0].fitting and not both[0].linked


def test_where_the_desk_leads_a_repairer_goes_before_a_mediator_of_the_building() -> None:
    assert USUAL[Category.LIFT_TRAPPED].role is None
    offered = suggest(Category.LIFT_TRAPPED, "3", [Candidate(A, MEDIATE, THREE, 0), Candidate(B, REPAIR, NONE, 4)])
    assert [(each.steward, each.fitting) for each in offered] == [(B, True), (A, False)]


def test_nobody_there_nobody_offered() -> None:
    assert suggest(Category.WALL, "3", []) == []


candidates = st.lists(
    st.builds(
        Candidate,
        st.uuids(),
        st.lists(st.sampled_from(StewardRole), max_size=3, unique=True).map(tuple),
        st.frozensets(st.sampled_from("1234")),
        st.integers(0, 9),
    ),
    max_size=8,
    unique_by=lambda candidate: candidate.steward,
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(Category), st.sampled_from("1234") | st.none(), candidates)
def test_everybody_is_offered_in_one_order_whoever_comes_first(
    category: Category, building: str | None, stewards: list[Candidate]
) -> None:
    offered = suggest(category, building, stewards)
    assert {each.steward for each in offered} == {each.steward for each in stewards}
    assert offered == suggest(category, building, reversed(stewards))
