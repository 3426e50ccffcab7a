"""Checkpoints (C2SP tlog-checkpoint): a log's size and root at one moment, as the text of a signed note."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from services.tlog.note import MOST_NOTE, Note, Signer
from services.tlog.refusals import Malformed
from services.tlog.spelling import HASH, MOST_NUMBER, base64_hash, base64_text, number, utf8
from services.tlog.tree import EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """``root`` is the hash over the log's first ``size`` entries. ``extensions`` are lines that nobody vouches for."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.origin or "\n" in self.origin or not all(line and "\n" not in line for line in self.extensions):
            raise Malformed("not_a_checkpoint", "A checkpoint's lines are one line each, and none is empty.")
        if not 0 <= self.size <= MOST_NUMBER or len(self.root) != HASH:
            raise Malformed("not_a_checkpoint", "A checkpoint has a size and a root of 32 bytes.")
        if not self.size and self.root != EMPTY_ROOT:
            raise Malformed("not_a_checkpoint", "A checkpoint of no entries has the root of the empty tree.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Out of the text of a note, which ends in a newline. Raises ``Malformed``."""
        lines = utf8(text, "checkpoint", MOST_NOTE).split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise Malformed("not_a_checkpoint", "A checkpoint has three lines: the log's name, its size, its root.")
        origin, size, root, *extensions = lines
        return cls(origin, number(size, "log's size"), base64_hash(root, "log's root"), tuple(extensions))

    def text(self) -> str:
        return "".join(f"{line}\n" for line in (self.origin, self.size, base64_text(self.root), *self.extensions))


def signed(checkpoint: Checkpoint, signers: Iterable[Signer]) -> Note:
    """With a signature by each signer: more than one while a key is handed over to the next."""
    text = checkpoint.text()
    return Note(text, tuple(signer.signed(text) for signer in signers))
