"""What the view of dunning keeps of everything that can happen, as JSON has it."""

from typing import Any
from uuid import UUID

from domain.arrears.dunning import DUNNING, Dunning, dunning_stream
from domain.recorded import Recorded
from projections.arrears.dunnings import DUNNINGS, DunningRow
from projections.projection import fold, keyed
from tests.arrears.examples import DWELLING, ESTATE_CODE, EVENTS
from tests.scenario import MONDAY, at


def test_the_row_is_the_state_of_the_stream_whatever_happened() -> None:
    state, kept, stream = Dunning(), None, dunning_stream(DWELLING)
    for version, event in enumerate(EVENTS, 1):
        recorded: Recorded[Any] = Recorded(
            version, UUID(int=version), stream, version, event, at(MONDAY), ESTATE_CODE, DWELLING, None
        )
        state = DUNNING.evolve(state, event, recorded.act)
        written = fold(DUNNINGS, {str(stream): kept}, keyed(DUNNINGS, [recorded])).written
        kept = DUNNINGS.as_kept(written[str(stream)][0])
        assert kept == DunningRow(DWELLING, ESTATE_CODE, version, state)
    assert kept is not None and kept.state.debts and kept.state.plans and kept.state.pauses


def test_what_was_never_begun_has_no_row() -> None:
    recorded: Recorded[Any] = Recorded(
        1, UUID(int=1), dunning_stream(DWELLING), 1, EVENTS[1], at(MONDAY), ESTATE_CODE, DWELLING, None
    )
    assert DUNNINGS.evolve(None, recorded) is None
