"""What comes of it where a log is let go on once more, and where somebody vouches for it once more."""

from dataclasses import replace
from uuid import UUID

from domain.capacity import Capacity
from domain.trail.going_on import GOING_ON, ConfirmGoingOn, ProposeGoingOn
from domain.trail.witnessing import WITNESSING, AdoptWitnessPolicy, TakeCosignature
from tests.repeats import Repeat, harmless, refused
from tests.scenario import Scenario
from tests.trail.examples import FORK, LINE, LINES

_UNKNOWN = Scenario(GOING_ON, GOING_ON.initial)
_PROPOSE = ProposeGoingOn(FORK, "机房进水，恢复了昨晚的备份")
_SECOND = _UNKNOWN.when(_PROPOSE).by(UUID(int=0x5EC), Capacity.ADMINISTRATOR)
_NOBODY = Scenario(WITNESSING, WITNESSING.initial)
_TAKE = TakeCosignature(48207, "witness.donghuyuan.example/xu", LINE)

REPEATS: tuple[Repeat, ...] = (
    harmless(_UNKNOWN, _PROPOSE, ProposeGoingOn(replace(FORK, had=9_000), "又恢复了一次")),
    refused(_SECOND, ConfirmGoingOn(FORK), "going_on_confirmed", ConfirmGoingOn(replace(FORK, had=9_000))),
    harmless(_NOBODY, AdoptWitnessPolicy(LINES)),
    harmless(_NOBODY, _TAKE),
)
