"""The handbook's table of a run: ``make bench > lines; python -m tests.bench.table < lines``."""

import json
import sys
from collections.abc import Iterable, Iterator
from typing import Any


def rows(lines: Iterable[str]) -> Iterator[str]:
    """The Markdown of a run's JSON lines; a first run also says on the same output what it installs."""
    yield "| Measure | Value | p50 / p99 ms | Raw limit | Ratio | Target |"
    yield "|---|---|---|---|---|---|"
    for line in filter(_is_json, lines):
        said: dict[str, Any] = json.loads(line)
        if "measure" not in said:
            continue
        times = " / ".join("–" if said.get(name) is None else _number(said[name]) for name in ("p50", "p99"))
        unit = said["unit"].split(",")[0].split(" (")[0]
        limit, ratio = said["limit"], said["ratio"]
        cells = [
            f"`{said['measure']}`",
            f"{_number(said['value'])} {unit}",
            times if "p50" in said else "",
            "" if limit is None else _number(limit),
            "" if ratio is None else _number(ratio),
            f"{said['target']}: {'met' if said['met'] else 'missed'}" if "target" in said else "",
        ]
        yield "| " + " | ".join(cells) + " |"


def _is_json(line: str) -> bool:
    return line.startswith("{")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    print("\n".join(rows(sys.stdin)))
