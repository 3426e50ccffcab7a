"""Who has to vouch for the trail before it is called witnessed, and what members hand in by hand that they signed.

There is one stream. What a policy and a cosignature say in their formats is found out before they come here; a witness
is named by its key, never by who holds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never
from uuid import UUID

from domain.capacity import HEADS, OUTSIDE, Capacity
from domain.changed import changed
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import refuse_if

WITNESSING_STREAM = UUID("c0b7a1de-6b0e-4c1b-8b57-0d3f5a9e2c41")
NAME, LINE = 255, 600  # characters of a key's name, of a cosignature


@dataclass(frozen=True, slots=True)
class AdoptWitnessPolicy:
    """``lines`` of a policy as it reads back, without remarks; none takes the policy back: nobody has to vouch."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TakeCosignature:
    """``line`` is what the witness signed over the checkpoint of ``size``."""

    size: int
    witness: str = field(metadata={"limit": NAME})
    line: str = field(metadata={"limit": LINE})


Command = AdoptWitnessPolicy | TakeCosignature


@dataclass(frozen=True, slots=True)
class WitnessPolicyAdopted:
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CosignatureTaken:
    size: int
    witness: str
    line: str


Event = WitnessPolicyAdopted | CosignatureTaken


@dataclass(frozen=True)
class Witnessing:
    """``taken`` is the size of the last checkpoint that each witness cosigned by hand."""

    lines: tuple[str, ...] = ()
    taken: Mapping[str, int] = field(default_factory=dict)


def decide(command: Command, state: Witnessing, act: Act) -> Sequence[Event]:
    """Refuses ``cosignature_older``."""
    match command:
        case AdoptWitnessPolicy(lines):
            return [] if lines == state.lines else [WitnessPolicyAdopted(lines)]
        case TakeCosignature(size, witness, line):
            known = state.taken.get(witness, -1)
            refuse_if(size < known, "cosignature_older", size=size, known=known)
            return [] if size == known else [CosignatureTaken(size, witness, line)]
        case _:
            assert_never(command)


def evolve(state: Witnessing, event: Event, act: Act) -> Witnessing:
    match event:
        case WitnessPolicyAdopted(lines):
            return changed(state, lines=lines)
        case CosignatureTaken(size, witness):
            return changed(state, taken={**state.taken, witness: size})
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    AdoptWitnessPolicy: frozenset({Capacity.ADMINISTRATOR}),
    TakeCosignature: HEADS | OUTSIDE | {Capacity.ADMINISTRATOR},
}

WITNESSING: Decider[Command, Witnessing, Event] = Decider(
    name="Witnessing",
    initial=Witnessing(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
