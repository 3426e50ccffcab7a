"""What a file would bring, as pages show it before anything is begun."""

from collections.abc import Sequence
from typing import Any

from services.commands.sealed_uploads import Wrong
from services.console.visit import Visit
from services.http.uploads import MOST_WRONGS, PREVIEWED, wrong_lines_of
from services.http.uploads import worded as wording


def preview(here: Visit, lines: Sequence[object], wrongs: Sequence[Wrong]) -> dict[str, Any]:
    """What a file would bring and what is wrong with it, as pages show it before anything is begun."""
    wrong_lines = wrong_lines_of(wrongs)
    return {
        "wrongs": [(each, wording(here.viewer.language, each)) for each in wrongs[:MOST_WRONGS]],
        "wrong_lines": wrong_lines,
        "preview": lines[:PREVIEWED],
        "lines": len(lines) + wrong_lines,
    }
