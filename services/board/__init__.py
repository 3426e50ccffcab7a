"""The station board (看板) and what stands around it."""

from domain.capacity import CASES, HEADS, OUTSIDE, STATION, Capacity
from services.board import capture, help, pages, steward, wall_api, walls, ways
from services.board.steward import HANDS
from services.capability import Capability
from services.console.navigation import Entry, Group

_STEWARDS = frozenset({Capacity.RED_STEWARD})
_WATCHERS = STATION | OUTSIDE

_WALL_KEEPERS = HEADS | {Capacity.ADMINISTRATOR}

CAPABILITY = Capability(
    api=(wall_api.router,),
    pages=(pages.router, capture.router, help.router, steward.router, walls.router, ways.router),
    entries=(
        Entry(
            "walls",
            "/walls/{estate}",
            "device-tv",
            48,
            frozenset({Capacity.ADMINISTRATOR}),
            _WALL_KEEPERS,
            "walls-title",
            letter="k",
        ),
        Entry(
            "mine", "/mine", "clipboard-check", 10, _STEWARDS, _STEWARDS, "rail-mine", Group.SITE, "y", waiting=HANDS
        ),
        Entry(
            "board",
            "/board/{estate}",
            "layout-kanban",
            20,
            _WATCHERS,
            _WATCHERS | CASES,
            "board-title",
            Group.SITE,
            "b",
        ),
        Entry("wall", "/board/{estate}?wall=1", "device-tv", 49, frozenset(), STATION, "rail-wall", letter="v"),
    ),
)
