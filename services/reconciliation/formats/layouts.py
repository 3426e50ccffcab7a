"""What columns are called in the files of providers, and how to find the row in which they stand (``layouts.toml``)."""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

SOUGHT = 100  # rows among which the heading is looked for


@cache
def layouts() -> Mapping[str, Any]:
    """The file of layouts."""
    return tomllib.loads((Path(__file__).parent / "layouts.toml").read_text(encoding="utf-8"))


def plain(cell: str) -> str:
    """A heading as it is compared: usual width, without blanks and the signs that keep Excel from counting."""
    return "".join(unicodedata.normalize("NFKC", cell).split()).strip("`\"'")


def heading(rows: Sequence[Sequence[str]], needs: Sequence[str]) -> int | None:
    """The first row that names all that is needed."""
    wanted = set(needs)
    for place, row in enumerate(rows[:SOUGHT]):
        if wanted <= {plain(cell) for cell in row}:
            return place
    return None


def columns_of(head: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Where each column stands: of several names the first that is there."""
    places = {plain(cell): place for place, cell in reversed(list(enumerate(head)))}
    found = {}
    for column, called in names.items():
        place = next((places[name] for name in called if name in places), None)
        if place is not None:
            found[column] = place
    return found
