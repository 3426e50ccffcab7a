"""Proofs that travel alone (C2SP tlog-proof): the way from one entry to a checkpoint, and the checkpoint itself."""

from dataclasses import dataclass
from typing import Self

from services.tlog.note import Note, parse_note
from services.tlog.refusals import Malformed
from services.tlog.spelling import base64_bytes, base64_hash, base64_text, number, utf8

MOST_PROOF = 1_500_000  # bytes
MOST_HASHES = 63
SUFFIX = ".tlog-proof"
_FIRST = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """``hashes`` begin with the leaf's sibling. ``extra`` is proven by nothing: it is checked, never believed."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    @classmethod
    def parse(cls, raw: bytes | str) -> Self:
        head, gap, checkpoint = utf8(raw, "proof", MOST_PROOF).partition("\n\n")
        lines = head.split("\n")
        if not gap or lines.pop(0) != _FIRST or not lines:
            raise Malformed("not_a_proof", f"This is no proof: its first line is to be {_FIRST}.")
        extra = None
        if lines[0].startswith("extra "):
            extra = base64_bytes(lines.pop(0).removeprefix("extra "), "extra data")
        if not lines or not lines[0].startswith("index "):
            raise Malformed("not_a_proof", "The proof does not say which entry it is about.")
        index = number(lines.pop(0).removeprefix("index "), "entry's number")
        if len(lines) > MOST_HASHES:
            raise Malformed("not_a_proof", "The proof has more hashes than any tree is high.")
        return cls(
            index, tuple(base64_hash(line, "hash in the proof") for line in lines), parse_note(checkpoint), extra
        )

    def text(self) -> str:
        extra = [] if self.extra is None else [f"extra {base64_text(self.extra)}"]
        lines = [_FIRST, *extra, f"index {self.index}", *(base64_text(it) for it in self.hashes), ""]
        return "".join(f"{line}\n" for line in lines) + self.note.written()
