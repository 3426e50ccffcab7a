"""The next state of a thing: a copy with some fields changed, as every ``evolve`` makes one per event."""

from typing import Any, TypeVar

S = TypeVar("S")


def changed(thing: S, **fields: Any) -> S:
    """A copy of a frozen dataclass without slots, with these fields changed.

    ``dataclasses.replace`` says the same six times slower: it runs ``__init__`` over all fields anew. Raises
    ``TypeError`` for a field that the thing does not have.
    """
    copy = object.__new__(type(thing))
    values = copy.__dict__
    values.update(thing.__dict__)
    values.update(fields)
    if len(values) != len(thing.__dict__):
        raise TypeError(f"{type(thing).__name__} has no {', '.join(sorted(fields.keys() - thing.__dict__.keys()))}")
    return copy
