"""What a file would bring, as pages show it before anything is begun."""

from collections.abc import Sequence
from typing import Any

from services.commands.findings import Findings
from services.console.visit import Visit
from services.http.uploads import PREVIEWED
from services.http.uploads import worded as wording


def preview(here: Visit, lines: Sequence[object], good: int, wrongs: Findings) -> dict[str, Any]:
    """What a file would bring and what is wrong with it, as pages show it before anything is begun."""
    return {
        "wrongs": [(each, wording(here.viewer.language, each)) for each in wrongs],
        "wrong_lines": wrongs.lines,
        "preview": lines[:PREVIEWED],
        "lines": good + wrongs.lines,
    }
