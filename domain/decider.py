"""The shape every aggregate has: decide refuses or returns facts, evolve never refuses."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from domain.capacity import Capacity
from domain.recorded import Act
from domain.words import clean

C = TypeVar("C")
S = TypeVar("S")
E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Decider(Generic[C, S, E]):
    """One kind of stream. ``name`` is stored with it; ``commands`` and ``events`` are all there are of it.

    ``powers`` says which capacities may give each command; that is checked before anything is decided. ``erasure`` is
    the event after which nothing personal can be read any more, in this stream and in those that were told with it.
    """

    name: str
    initial: S
    decide: Callable[[C, S, Act], Sequence[E]]
    evolve: Callable[[S, E, Act], S]
    commands: tuple[type[Any], ...]
    events: tuple[type[Any], ...]
    powers: Mapping[type[Any], frozenset[Capacity]]
    erasure: type[Any] | None = None

    def consider(self, command: C, state: S, act: Act) -> Sequence[E]:
        """New facts, nothing (already so), or a ``Refusal``."""
        return self.decide(clean(command), state, act)

    def fold(self, happened: Iterable[tuple[E, Act]], state: S | None = None) -> S:
        """The state after ``happened``, from ``state`` or from the beginning."""
        now = self.initial if state is None else state
        for event, act in happened:
            now = self.evolve(now, event, act)
        return now
