"""One telling example of every command and event: who vouches for the trail, and a log that goes on anew."""

from typing import Any

from domain.trail.going_on import ConfirmGoingOn, Fork, GoingOnConfirmed, GoingOnProposed, ProposeGoingOn
from domain.trail.witnessing import AdoptWitnessPolicy, CosignatureTaken, TakeCosignature, WitnessPolicyAdopted

FORK = Fork("log.test/xincheng", "shorter", 7_301, 7_288, "7f" * 32)

KEY = "witness.donghuyuan.example/xu+4c1c2b1a+BCnXj1bq0x7o6yB8mX2y0S0mQm0xg1bB0m8Zb4nqT3wT"
LINES = (f"witness m1 {KEY}", "quorum m1")
LINE = "— witness.donghuyuan.example/xu TBwrGgAAAABqu6DAAAAA"

COMMANDS: tuple[Any, ...] = (
    ProposeGoingOn(FORK, "机房进水，恢复了昨晚的备份"),
    ConfirmGoingOn(FORK),
    AdoptWitnessPolicy(LINES),
    TakeCosignature(48207, "witness.donghuyuan.example/xu", LINE),
)
EVENTS: tuple[Any, ...] = (
    GoingOnProposed(FORK, "机房进水，恢复了昨晚的备份"),
    GoingOnConfirmed(FORK),
    WitnessPolicyAdopted(LINES),
    CosignatureTaken(48207, "witness.donghuyuan.example/xu", LINE),
)
