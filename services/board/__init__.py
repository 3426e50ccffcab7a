"""The station board (看板) and what stands around it."""

from domain.capacity import CASES, OUTSIDE, STATION, Capacity
from services.board import capture, help, pages, steward
from services.capability import Capability
from services.console.navigation import Entry

_STEWARDS = frozenset({Capacity.RED_STEWARD})
_WATCHERS = STATION | OUTSIDE

CAPABILITY = Capability(
    pages=(pages.router, capture.router, help.router, steward.router),
    entries=(
        Entry("mine", "/mine", "clipboard-check", 10, _STEWARDS, _STEWARDS, "rail-mine"),
        Entry("board", "/board/{estate}", "layout-kanban", 20, _WATCHERS, _WATCHERS | CASES, "board-title"),
    ),
)
