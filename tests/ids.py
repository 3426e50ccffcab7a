"""What was told to somebody, without what is drawn by lot."""

import re

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def without_ids(text: str) -> str:
    """The text without its UUIDs: one may hold the digits of a room, where a test would find them once in a while."""
    return _ID.sub("", text)
