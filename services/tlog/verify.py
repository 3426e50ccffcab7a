"""The one way to verify: a signed checkpoint, a policy, a proof and an entry go in; what is proven comes out.

There is no way to hand in a size and a root that nobody signed: a proof alone does not fix the size of a tree.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import rfc8785

from services.tlog import leaf as leaves
from services.tlog.checkpoint import Checkpoint
from services.tlog.leaf import Disclosure, Value
from services.tlog.note import Note
from services.tlog.policy import Believed, Policy, Quorum
from services.tlog.proof import Proof
from services.tlog.refusals import Malformed
from services.tlog.spelling import base64_bytes, base64_text
from services.tlog.tree import leaf_hash, verify_consistency, verify_inclusion


@dataclass(frozen=True, slots=True)
class Proven:
    """Entry number ``index`` of the log said this when the checkpoint was signed, and was not changed since.

    Only ``quorum.witnessed`` tells whether others than the log vouch for it.
    """

    checkpoint: Checkpoint
    quorum: Quorum
    index: int
    public: Mapping[str, Value]
    disclosed: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Carried:
    """What a receipt carries in its proof's extra data: the entry itself, and disclosures of it."""

    leaf: bytes
    disclosures: tuple[Disclosure, ...] = ()

    def extra(self) -> bytes:
        return rfc8785.dumps({"leaf": base64_text(self.leaf), "disclosures": [it.text() for it in self.disclosures]})

    @classmethod
    def parse(cls, extra: bytes | None) -> Self:
        try:
            match json.loads(extra or b"null"):
                case {"leaf": str(leaf), "disclosures": [*texts]} if all(isinstance(it, str) for it in texts):
                    return cls(base64_bytes(leaf, "entry"), tuple(Disclosure.parse(it) for it in texts))
        except (UnicodeError, RecursionError, json.JSONDecodeError):
            pass
        raise Malformed("no_entry", "The receipt does not carry the entry that it is about.")


def verify(policy: Policy, proof: Proof, leaf: bytes, disclosures: Sequence[Disclosure] = ()) -> Proven:
    """Raises ``Malformed`` or ``Unproven``."""
    believed = policy.believed(proof.note)
    checkpoint = believed.checkpoint
    verify_inclusion(leaf_hash(leaf), proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    opened = leaves.check(leaf, disclosures)
    return Proven(checkpoint, believed.quorum, proof.index, opened.public, opened.disclosed)


def verify_receipt(policy: Policy, raw: bytes | str) -> Proven:
    """A ``.tlog-proof`` that carries its entry."""
    proof = Proof.parse(raw)
    carried = Carried.parse(proof.extra)
    return verify(policy, proof, carried.leaf, carried.disclosures)


def verify_growth(policy: Policy, old: Note, new: Note, proof: Sequence[bytes]) -> tuple[Believed, Believed]:
    """That the log of the new checkpoint goes on from the old one, both signed by the same log."""
    before, after = policy.believed(old), policy.believed(new)
    verify_goes_on(before.checkpoint, after, proof)
    return before, after


def verify_goes_on(remembered: Checkpoint, now: Believed, proof: Sequence[bytes]) -> None:
    """That the log goes on from what somebody remembers of it, signed or not: a sheet of paper, a photograph."""
    if remembered.origin != now.checkpoint.origin:
        raise Malformed("other_log", f"This is of another log: {remembered.origin[:80]}.")
    verify_consistency(remembered.size, now.checkpoint.size, proof, remembered.root, now.checkpoint.root)
