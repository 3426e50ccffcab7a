"""What a check finds: about what, and one line that says where and what it means. Nothing personal stands in it."""

from collections.abc import Sequence
from typing import NamedTuple

from domain.recorded import Unread
from projections.following import Following
from projections.skipped import Skip

LOG = "log"

_MEANINGS = {
    "UnknownName": "no event of this version has that name: a newer version wrote it, or it was changed",
    "UnknownVersion": "its shape is that of a newer version, or of none",
    "Misplaced": "it stands in an envelope of another kind of stream",
    "DecodeError": "its body is broken: it is no JSON",
    "ValidationError": "its body is not what its name says",
    "Tampered": "a sealed text was changed or moved: its seal does not fit",
    "BrokenKey": "the key in the vault that its seal needs is broken",
    "Error": "a sealed text is not written as one",
    "UnicodeDecodeError": "what was sealed is no text",
}


class Finding(NamedTuple):
    """``about`` is a view or another following by its name, a rule, or ``LOG``."""

    about: str
    text: str


def of_unread(unread: Unread, followings: Sequence[Following], skipped: Sequence[Skip]) -> Finding:
    """An event that nobody can read: where, as what, what it means, and who goes on past it or cannot."""
    means = _MEANINGS.get(unread.because, f"reading it fails ({unread.because})")
    passed = {each.view for each in skipped if each.position == unread.position}
    needing = [each.name for each in followings if each.needs(unread)]
    halts = [name for name in needing if name not in passed]
    goes_on = [name for name in needing if name in passed]
    said = [
        *([f"halts {', '.join(halts)}"] if halts else []),
        *([f"skipped by {', '.join(goes_on)}"] if goes_on else []),
    ]
    who = "; ".join(said) or "no view needs it"
    where = f"version {unread.version} of stream {unread.stream}"
    name = unread.name if unread.kinds and unread.name in {kind.__name__ for kind in unread.kinds} else "unknown name"
    return Finding(LOG, f"log: position {unread.position} ({name}, {where}) cannot be read: {means}; {who}")
