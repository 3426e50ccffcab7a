"""How people come to the audit desk: its area, and its pages."""

from domain.capacity import OUTSIDE
from services.console.navigation import Entry, Group, Rhythm, Tab
from services.trail.desk_access import DESK_READING

ENTRIES = (
    Entry("trail", "/trail/{estate}", "shield-check", 15, OUTSIDE, DESK_READING, "trail-title", Group.TOGETHER, "l"),
)
TABS = tuple(
    Tab(key, f"/trail/{{estate}}{path}", place, DESK_READING, rhythm, area="trail")
    for key, path, place, rhythm in (
        ("trail-desk", "", 10, Rhythm.TODAY),
        ("trail-report", "/report", 20, Rhythm.MONTH),
        ("trail-lines", "/lines", 30, Rhythm.WATCH),
        ("trail-posts", "/posts", 40, Rhythm.WATCH),
        ("trail-cases", "/cases", 50, Rhythm.LOOK_UP),
        ("trail-export", "/export", 60, Rhythm.LOOK_UP),
    )
)
