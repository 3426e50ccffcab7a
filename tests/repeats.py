"""What comes of a command that is given once more: each capability says it of its own, in its ``repeats`` module."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from tests.scenario import Scenario


class Again(Enum):
    """What somebody hears who asks for what is done already."""

    HARMLESS = "HARMLESS"  # nothing, as often as it is said: the same stands already, and nobody acts on the answer
    REFUSED = "REFUSED"  # no, and where it is one act, whose it was
    ANEW = "ANEW"  # yes: it is another act of the same kind


@dataclass(frozen=True)
class Repeat:
    """``command`` is given to ``ground`` once, and then ``again``.

    ``others`` are the same act with another content: they may be refused or be acts of their own, never passed over.
    ``code`` is the refusal; ``told``: it says who was here before. ``why`` it may be done anew.
    """

    ground: Scenario[Any]
    command: Any
    again: Again
    others: tuple[Any, ...] = ()
    code: str = ""
    told: bool = True
    why: str = ""


def harmless(ground: Scenario[Any], command: Any, *others: Any) -> Repeat:
    return Repeat(ground, command, Again.HARMLESS, others)


def refused(ground: Scenario[Any], command: Any, code: str, *others: Any, told: bool = True) -> Repeat:
    return Repeat(ground, command, Again.REFUSED, others, code, told)


def anew(ground: Scenario[Any], command: Any, why: str) -> Repeat:
    return Repeat(ground, command, Again.ANEW, why=why)
