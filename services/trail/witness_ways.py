"""How people come to the page of witnesses."""

from services.console.navigation import Entry, Group
from services.trail.witness_reading import WITNESS_READING

ENTRIES = (
    Entry(
        "witnesses", "/trail/{estate}/witnesses", "shield-check", 16, frozenset(), WITNESS_READING, "witness-title",
        Group.TOGETHER,
    ),
)  # fmt: skip
