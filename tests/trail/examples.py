"""One telling example of every command and event of a log that is not the one that was cosigned."""

from typing import Any

from domain.trail.going_on import ConfirmGoingOn, Fork, GoingOnConfirmed, GoingOnProposed, ProposeGoingOn

FORK = Fork("log.test/xincheng", "shorter", 7_301, 7_288, "7f" * 32)

COMMANDS: tuple[Any, ...] = (
    ProposeGoingOn(FORK, "机房进水，恢复了昨晚的备份"),
    ConfirmGoingOn(FORK),
)
EVENTS: tuple[Any, ...] = (
    GoingOnProposed(FORK, "机房进水，恢复了昨晚的备份"),
    GoingOnConfirmed(FORK),
)
