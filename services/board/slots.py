"""A drawn board in pieces that are told apart, so that a change is sent as the pieces that changed."""

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property

from markupsafe import Markup

from services.console.drawn import Drawn

SLOT = Markup("\x03")  # stands before and after each piece; no text that was taken in holds it
ASIDE = Markup("\x04")  # what follows stands elsewhere on the page
# what a browser goes on counting by itself is no news
_TICKING = re.compile(r' data-at="\d+" data-rest="-?\d+"| data-open="[^"]*"|(?<=<span class="sla__t">)[^<]*')
_ID = re.compile(r'\bid="([^"]+)"')
_LIST = re.compile(r'\bid="(list-[\w-]+)"')


@dataclass(frozen=True, slots=True)
class Outline:
    """What a page that shows a board has of it: digests of the frame and of each piece, and what each list holds."""

    frame: str
    slots: dict[str, str]
    lists: dict[str, tuple[str, ...]]

    @property
    def name(self) -> str:
        return _digest(repr(self))


@dataclass(frozen=True)
class Sliced:
    """A board as it was drawn with ``SLOT`` around its pieces, each of which is one element with an id."""

    raw: str
    outline: Outline = field(init=False)
    _slots: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        parts = self.raw.replace(ASIDE, "").split(SLOT)
        slots: dict[str, str] = {}
        lists: dict[str, list[str]] = {}
        within: list[str] | None = None
        for frame, slot in zip(parts[::2], [*parts[1::2], ""], strict=True):
            closed = frame.rfind("</ul>")
            within = None if closed >= 0 else within
            for opened in _LIST.finditer(frame):
                held = lists.setdefault(opened[1], [])
                within = held if opened.end() > closed else None
            if slot:
                found = _ID.search(slot)
                assert found, f"a piece has no id: {slot[:80]}"
                slots[found[1]] = slot.strip()
                if within is not None:
                    within.append(found[1])
        frame_said = "".join("".join(parts[::2]).split())
        object.__setattr__(self, "_slots", slots)
        object.__setattr__(
            self,
            "outline",
            Outline(
                _digest(frame_said),
                {name: _digest(slot) for name, slot in slots.items()},
                {name: tuple(ids) for name, ids in lists.items()},
            ),
        )

    @cached_property
    def board(self) -> Markup:
        """The board alone."""
        return Markup(self.raw.partition(ASIDE)[0].replace(SLOT, ""))

    @cached_property
    def whole(self) -> Drawn:
        """The board and what stands beside it."""
        return Drawn(self.raw.replace(ASIDE, "").replace(SLOT, ""))

    def since(self, before: Outline) -> Drawn | None:
        """The pieces that are new or others, and the order of each list that changed; ``None`` if more did."""
        now = self.outline
        if before.frame != now.frame or before.lists.keys() != now.lists.keys():
            return None
        orders = [
            Markup('<ol data-list="{}">{}</ol>').format(name, " ".join(ids))
            for name, ids in now.lists.items()
            if before.lists[name] != ids
        ]
        pieces = [self._slots[name] for name, digest in now.slots.items() if before.slots.get(name) != digest]
        return Drawn("\n".join([*map(str, orders), *pieces]))


def _digest(text: str) -> str:
    return hashlib.sha256(_TICKING.sub("", text).encode()).hexdigest()[:16]
