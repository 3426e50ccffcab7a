"""Rules over several streams: each is told once, with the kinds of streams it spans and how it is held together.

No rule is left to luck between two commands: whatever a command rests on is in what its append checks under the order
lock. The rules themselves stand where they are decided; a capability names its own, so that all of them can be told,
compared with the handbook's table and tried against each other.
"""

from dataclasses import dataclass
from enum import Enum


class Held(Enum):
    """How a rule is held together while others change the same streams."""

    READ = "read"  # the streams read are named with their versions: if one has moved, the command is decided anew
    TOGETHER = "together"  # all the streams are written in one append, or none
    QUIET = "quiet"  # nothing of that kind may have come since the position up to which all of it is known


@dataclass(frozen=True, slots=True)
class SpanningRule:
    """What is ``written`` on the strength of what is ``read``, by the names of the kinds of streams.

    ``EVERY`` kind may be written. Where the streams are held together, all of them are ``written``.
    """

    id: str
    says: str
    written: tuple[str, ...]
    read: tuple[str, ...] = ()
    held: tuple[Held, ...] = (Held.READ,)


EVERY = "every"
