"""What a file would bring, as pages show it before anything is begun."""

from collections.abc import Sequence
from typing import Any

from services.commands.findings import Findings
from services.console.render import Voice
from services.console.visit import Visit
from services.http.uploads import PREVIEWED
from services.http.uploads import worded as wording
from services.sheets.lines import Aside


def preview(here: Visit, lines: Sequence[object], good: int, wrongs: Findings, aside: Aside) -> dict[str, Any]:
    """What a file would bring and what is wrong with it, as pages show it before anything is begun."""
    return {
        "wrongs": [(each, wording(here.viewer.language, each)) for each in wrongs],
        "wrong_lines": wrongs.lines,
        "preview": lines[:PREVIEWED],
        "lines": good + wrongs.lines,
        "aside": _said(here.voice, aside),
    }


def _said(voice: Voice, aside: Aside) -> list[str]:
    """What the file holds beside its lines, in sentences; nothing where it holds nothing else."""
    comma = voice.say("list-comma")
    sheets = [voice.say("aside-sheet", name=name, n=count) for name, count in aside.sheets.items()]
    said = [
        sheets and voice.say("aside-sheets", n=len(sheets), names=comma.join(sheets)),
        aside.unread and voice.say("aside-unread", names=comma.join(aside.unread)),
        aside.hidden and voice.say("aside-hidden", n=aside.hidden),
    ]
    return [each for each in said if each]
