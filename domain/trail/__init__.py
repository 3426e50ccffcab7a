"""The audit trail (留痕): what everybody may see of an event, who vouches for it, when it goes on anew."""

from domain.trail.going_on import GOING_ON
from domain.trail.witnessing import WITNESSING

DECIDERS = (GOING_ON, WITNESSING)
CLEAR = frozenset({"origin", "code", "root", "line", "lines", "witness"})  # texts that are not personal
