"""Two persons let a log go on that is not the one that was cosigned, and what they saw is what they confirm."""

from dataclasses import replace
from uuid import UUID

from domain.capacity import Capacity
from domain.trail.going_on import GOING_ON, ConfirmGoingOn, GoingOnConfirmed, GoingOnProposed, ProposeGoingOn
from tests.scenario import Scenario
from tests.trail.examples import FORK

NOBODY_YET = Scenario(GOING_ON, GOING_ON.initial)
PROPOSED = NOBODY_YET.when(ProposeGoingOn(FORK, "备份只有这么新"))
SECOND = PROPOSED.by(UUID(int=0x5EC), Capacity.STATION_HEAD)


def test_one_proposes_and_another_confirms() -> None:
    PROPOSED.then(GoingOnProposed(FORK, "备份只有这么新"))
    SECOND.when(ConfirmGoingOn(FORK)).then(GoingOnConfirmed(FORK))


def test_nobody_confirms_alone() -> None:
    PROPOSED.refused(ConfirmGoingOn(FORK), "same_person")
    NOBODY_YET.refused(ConfirmGoingOn(FORK), "nothing_proposed")


def test_what_is_confirmed_is_what_was_proposed() -> None:
    SECOND.refused(ConfirmGoingOn(replace(FORK, had=8_000)), "fork_changed")
    SECOND.refused(ConfirmGoingOn(replace(FORK, root="00" * 32)), "fork_changed")
    grown = replace(FORK, has=FORK.has + 1)  # the proposal is on record itself
    SECOND.when(ConfirmGoingOn(grown)).then(GoingOnConfirmed(grown))
