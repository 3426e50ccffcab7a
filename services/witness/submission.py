"""What a log hands to a witness: the size last cosigned, a consistency proof from there, the signed checkpoint."""

from dataclasses import dataclass
from typing import Self

from services.tlog.checkpoint import Checkpoint
from services.tlog.note import Note, parse_note
from services.tlog.refusals import Malformed
from services.tlog.spelling import base64_hash, base64_text, number, utf8
from services.tlog.tree import EMPTY_ROOT

MOST_HASHES = 63
MOST_BYTES = 131_072  # room for the longest proof and a note with many signatures


@dataclass(frozen=True, slots=True)
class Submission:
    """``old`` is a size, ``proof`` hashes of 32 bytes, ``note`` the checkpoint with its signatures."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    @classmethod
    def parse(cls, raw: bytes | str) -> Self:
        """Raises ``Malformed``."""
        text = utf8(raw, "submission", MOST_BYTES)
        head, gap, note = text.partition("\n\n")
        first, *hashes = head.split("\n")
        if not gap or not first.startswith("old "):
            raise Malformed("not_a_submission", "A line `old`, a proof and a checkpoint are wanted.")
        if len(hashes) > MOST_HASHES:
            raise Malformed("too_many_hashes", f"The proof has {len(hashes)} hashes, more than {MOST_HASHES}.")
        proof = tuple(base64_hash(line, "hash of the proof") for line in hashes)
        return cls(number(first.removeprefix("old "), "old size"), proof, parse_note(note))

    def text(self) -> str:
        """As it is sent by HTTP, in a file or in a code."""
        lines = (f"old {self.old}", *map(base64_text, self.proof), "", self.note.written())
        return "\n".join(lines)

    def checkpoint(self) -> Checkpoint:
        """What the note says, with the root that a tree without entries must have. Raises ``Malformed``."""
        if not self._is_empty():
            return Checkpoint.parse(self.note.text)
        origin, size, root, *rest = self.note.text.split("\n")
        base64_hash(root, "log's root")
        return Checkpoint.parse("\n".join((origin, size, base64_text(EMPTY_ROOT), *rest)))

    def has_impossible_root(self) -> bool:
        """Whether it says of a tree without entries that its root is another one."""
        return self._is_empty() and self.note.text.split("\n")[2] != base64_text(EMPTY_ROOT)

    def _is_empty(self) -> bool:
        lines = self.note.text.split("\n")
        return len(lines) >= 4 and lines[1] == "0"
