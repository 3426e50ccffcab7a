"""How people come to the page of witnesses: a page of the audit desk, and for administrators by its name."""

from domain.capacity import Capacity
from services.console.navigation import Entry, Group, Rhythm, Tab
from services.trail.desk_access import DESK_READING

ENTRIES = (
    Entry(
        "witnesses", "/trail/{estate}/witnesses", "shield-check", 16, frozenset(), frozenset({Capacity.ADMINISTRATOR}),
        "witness-title", Group.TOGETHER,
    ),
)  # fmt: skip
TABS = (Tab("trail-witnesses", "/trail/{estate}/witnesses", 15, DESK_READING, Rhythm.TODAY, area="trail"),)
