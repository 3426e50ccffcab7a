"""The audit trail (留痕): what everybody may see of an event, and when a log that was cosigned goes on as another."""

from domain.trail.going_on import GOING_ON

DECIDERS = (GOING_ON,)
CLEAR = frozenset({"origin", "code", "root"})  # texts that are not personal
