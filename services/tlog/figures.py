"""Figures of reports that anybody can count anew: how many entries of a range say something, or what they add up to."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.tlog.leaf import MOST_INT, Value
from services.tlog.refusals import Malformed, Unproven

MOST_FIGURES = 1_000


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` is the number of entries from index ``begin`` to before ``end`` whose public fields are as ``where``
    has them; with ``of``, the sum of that field over them. ``name`` is the report's."""

    name: str
    begin: int
    end: int
    where: tuple[tuple[str, Value], ...]
    value: int
    of: str | None = None

    def takes(self, index: int, public: Mapping[str, Value]) -> bool:
        return self.begin <= index < self.end and all(
            name in public and public[name] == wanted and type(public[name]) is type(wanted)
            for name, wanted in self.where
        )

    def written(self) -> dict[str, Any]:
        """An element of ``reports/figures.json``."""
        of = {} if self.of is None else {"of": self.of}
        return {
            "name": self.name,
            "from": self.begin,
            "to": self.end,
            "where": dict(self.where),
            **of,
            "is": self.value,
        }


def figures_file(figures: list[Figure]) -> bytes:
    return json.dumps([figure.written() for figure in figures], ensure_ascii=False, indent=1).encode("utf-8")


def figures_of(raw: bytes) -> tuple[Figure, ...]:
    try:
        found = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Malformed("bad_json", "The figures of the reports are not JSON.") from None
    if not isinstance(found, list) or len(found) > MOST_FIGURES:
        raise Malformed("bad_figures", "The figures of the reports are not a list of them.")
    return tuple(_figure(at, each) for at, each in enumerate(found, 1))


def _figure(at: int, found: Any) -> Figure:
    match found:
        case {
            "name": str(name),
            "from": int(begin),
            "to": int(end),
            "where": dict(where),
            "is": int(value),
            **more,
        } if more.keys() <= {"of"} and isinstance(more.get("of", ""), str) and 0 <= begin <= end:
            plain = not any(isinstance(it, bool) for it in (begin, end, value))
            of: Any = more.get("of")
            if plain and all(isinstance(it, str | int | None) for it in where.values()):
                wanted: dict[str, Value] = where
                return Figure(name, begin, end, tuple(sorted(wanted.items())), value, of)
    raise Malformed("bad_figures", f"Figure {at} of the reports does not say what it counts.")


class Tally:
    """Counts figures while the entries go by."""

    def __init__(self, figures: tuple[Figure, ...]) -> None:
        self._figures = figures
        self._counted = [0] * len(figures)

    def count(self, index: int, public: Mapping[str, Value]) -> None:
        for at, figure in enumerate(self._figures):
            if figure.takes(index, public):
                more = 1 if figure.of is None else public.get(figure.of)
                if not isinstance(more, int) or isinstance(more, bool):
                    raise Unproven("other_figure", f"Entry {index} has no number {figure.of!r:.60} to add up.")
                self._counted[at] += more

    def verified(self, size: int) -> tuple[Figure, ...]:
        """All of them. Raises ``Unproven`` for the first one that comes out otherwise."""
        for figure, counted in zip(self._figures, self._counted, strict=True):
            if figure.end > size:
                raise Unproven("not_in_tree", f"{figure.name[:80]!r} counts up to entry {figure.end} of {size}.")
            if counted != figure.value or abs(counted) > MOST_INT:
                raise Unproven(
                    "other_figure", f"{figure.name[:80]!r} says {figure.value}; counted anew it is {counted}."
                )
        return self._figures
