"""The live part of a board, drawn once for everybody who sees the same of it."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from projections.estates.emergency_contacts import EMERGENCY_LINES
from services.board import facts as board_facts
from services.board.slots import ASIDE, SLOT, Outline, Sliced
from services.cases.as_of import BOARD_VIEWS
from services.console.drawn import Drawn
from services.console.kept_pages import Kept
from services.console.visit import Visit
from services.http.who import own

LIVE_VIEWS = (*BOARD_VIEWS, EMERGENCY_LINES)  # whom to ring is shown now alone, and not looked back at
DRAWN_ANEW = 2.0  # seconds after which an unchanged board is drawn again: its clocks go on
_BOARDS, _OUTLINES, _CHANGES = 40, 400, 200  # kept, of 200, 20 and 10 kB


@dataclass(frozen=True)
class LiveBoard:
    """What the templates were given, and what came of it."""

    context: dict[str, Any]
    sliced: Sliced


class LiveBoards:
    """Boards as they were drawn last, and what pages have of them that show earlier ones."""

    def __init__(self) -> None:
        self._boards: Kept[LiveBoard] = Kept(_BOARDS)
        self._outlines: Kept[Outline] = Kept(_OUTLINES)
        self._changes: Kept[Drawn] = Kept(_CHANGES)

    def of(self, here: Visit, show: str, wall: bool) -> LiveBoard:
        """The board of the present estate as this visitor's capacity sees it. Raises ``NotFound``."""
        estate, viewer = here.viewer.estate or "", here.viewer
        own(estate, here.member)
        changed = here.product.positions.changed
        seen: Hashable = (
            *(changed(view.name, estate) for view in LIVE_VIEWS),
            *(estate, viewer.language, viewer.capacity, show, wall),
            viewer.person if show == "mine" else None,
            int(here.voice.now.timestamp() / DRAWN_ANEW),
        )
        return self._boards.once(seen, lambda: self.anew(here, show, wall))

    def anew(self, here: Visit, show: str, wall: bool, stale: str = "") -> LiveBoard:
        """The same, drawn now."""
        with here.lend() as conn:
            row = here.estate(conn, here.viewer.estate or "")
            context = board_facts.facts(conn, here.viewer, row, here.voice, show, wall)
        marks = {"slot": SLOT, "aside_mark": ASIDE, "stale": stale}
        sliced = Sliced(here.drawn("part/board_fragment.html", "", **marks, **context).text)
        self._outlines.keep(sliced.outline.name, sliced.outline)
        return LiveBoard(context, sliced)

    def since(self, sliced: Sliced, shown: str) -> Drawn | None:
        """What a page has to change that shows this; ``None`` where nobody knows any more what that was."""
        before = self._outlines.get(shown)
        if before is None:
            return None
        key = (shown, sliced.outline.name)
        known = self._changes.get(key)
        if known is None:
            changes = sliced.since(before)
            known = self._changes.keep(key, changes) if changes is not None else None
        return known
