"""What a measure says: one JSON line on stdout; what a person wants to know meanwhile goes to stderr."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure: ``value`` in ``unit``, beside ``limit``, the raw limit in the same unit measured in the same run.

    ``target`` is a text like ``ratio >= 0.6`` over this line's own facts, ``met`` whether they keep to it.
    """

    measure: str
    value: float | None
    unit: str
    limit: float | None = None
    target: str | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """How much of the raw limit is reached."""
        return None if self.value is None or not self.limit else self.value / self.limit

    def as_json(self) -> dict[str, Any]:
        """The line with everything derived, numbers as short as their noise allows."""
        said: dict[str, Any] = {"measure": self.measure, "value": self.value, "unit": self.unit}
        said |= {"limit": self.limit, "ratio": self.ratio} | self.facts
        if self.target is not None:
            said |= {"target": self.target, "met": _met(self.target, said)}
        return {name: _short(value) for name, value in said.items()}


def tell(said: dict[str, Any]) -> None:
    """Print one line of JSON; what the product itself prints meanwhile goes to stderr, so nothing else stands there."""
    print(json.dumps(said, ensure_ascii=False), file=sys.__stdout__, flush=True)


def progress(text: str) -> None:
    """Say what is going on."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """The value below which this share of an ordered sequence lies; ``None`` of nothing."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else None


def _met(target: str, facts: dict[str, Any]) -> bool:
    """Whether every part of a target such as ``value >= 1000, p99 <= 25`` holds."""
    return all(_holds(*part.split(), facts=facts) for part in target.split(", "))


def _holds(name: str, relation: str, bound: str, *, facts: dict[str, Any]) -> bool:
    value = facts[name]
    if value is None:
        return False
    return bool(value >= float(bound) if relation == ">=" else value <= float(bound))


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _short(each) for name, each in value.items()}
    if not isinstance(value, float):
        return value
    return round(value) if abs(value) >= 1000 else float(f"{value:.3g}")
