"""The Merkle tree of RFC 6962: roots, proofs and their verification, over whatever keeps the hashes."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from services.tlog.refusals import Malformed, Unproven
from services.tlog.spelling import HASH

EMPTY_ROOT = sha256(b"").digest()

HashAt = Callable[[int, int], bytes]
"""``hash_at(level, n)``: the hash of the complete subtree number ``n`` of ``2**level`` leaves, both from 0."""


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The complete subtrees that make up a tree of ``size`` leaves, greatest first: what is needed to append to it."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count() or any(len(it) != HASH for it in self.hashes):
            raise Malformed("bad_frontier", f"{len(self.hashes)} hashes are no frontier of {self.size} leaves.")

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> Self:
        """Out of ``packed()``."""
        return cls(size, tuple(packed[at : at + HASH] for at in range(0, len(packed), HASH)))

    def packed(self) -> bytes:
        return b"".join(self.hashes)

    def appended(self, leaf: bytes) -> "Frontier":
        """With one more leaf, given by its hash."""
        return self.extended((leaf,))

    def extended(self, leaves: Iterable[bytes]) -> "Frontier":
        """With more leaves, given by their hashes; cheaper than one by one."""
        size, hashes = self.size, list(self.hashes)
        for leaf in leaves:
            carried, full = leaf, size
            while full & 1:
                carried = node_hash(hashes.pop(), carried)
                full >>= 1
            hashes.append(carried)
            size += 1
        return Frontier(size, tuple(hashes))

    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaves given by their hashes."""
    return Frontier().extended(leaves).root()


def inclusion_proof(hash_at: HashAt, index: int, size: int) -> list[bytes]:
    """The siblings of leaf ``index`` in the tree of ``size`` leaves, the leaf's own first.

    Raises ``Unproven`` where there is no such leaf.
    """
    _refuse_if(not 0 <= index < size, "not_in_tree", f"A tree of {size} leaves has no leaf number {index}.")
    begin, end, proof = 0, size, []
    while end - begin > 1:
        split = begin + _split(end - begin)
        if index < split:
            proof.append(_subtree(hash_at, split, end))
            end = split
        else:
            proof.append(_subtree(hash_at, begin, split))
            begin = split
    return proof[::-1]


def consistency_proof(hash_at: HashAt, old: int, new: int) -> list[bytes]:
    """What shows that the tree of ``new`` leaves begins with the tree of ``old`` leaves.

    Raises ``Unproven`` for an empty old tree, with which every tree is consistent, and for an old one that is larger.
    """
    _refuse_sizes(old, new)
    begin, end, proof = 0, new, []
    while end != old:
        split = begin + _split(end - begin)
        if old <= split:
            proof.append(_subtree(hash_at, split, end))
            end = split
        else:
            proof.append(_subtree(hash_at, begin, split))
            begin = split
    if begin:
        proof.append(_subtree(hash_at, begin, end))
    return proof[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """``leaf`` is a leaf's hash; ``size`` and ``root`` come from a signed checkpoint: a proof alone fixes no size.

    Raises ``Unproven``. (RFC 9162, 2.1.3.2)
    """
    _refuse_if(not 0 <= index < size, "not_in_tree", f"A tree of {size} leaves has no leaf number {index}.")
    at, last, reached = index, size - 1, leaf
    for sibling in proof:
        _refuse_if(not last, "wrong_length", "The proof is longer than the way from the leaf to the root.")
        if at & 1 or at == last:
            reached = node_hash(sibling, reached)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        at, last = at >> 1, last >> 1
    _refuse_if(bool(last), "wrong_length", "The proof is shorter than the way from the leaf to the root.")
    _refuse_if(reached != root, "not_included", "The entry is not in this tree: the proof leads to another root.")


def verify_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raises ``Unproven`` unless the tree of ``new`` leaves begins with that of ``old``. (RFC 9162, 2.1.4.2)"""
    _refuse_sizes(old, new)
    if old == new:
        _refuse_if(bool(proof), "wrong_length", "Two trees of one size need no proof.")
        _refuse_if(old_root != new_root, "other_history", f"There are two different trees of {old} leaves.")
        return
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    _refuse_if(not path, "wrong_length", "The proof is empty.")
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    of_old = of_new = path[0]
    for sibling in path[1:]:
        _refuse_if(not last, "wrong_length", "The proof is too long for these two sizes.")
        if at & 1 or at == last:
            of_old, of_new = node_hash(sibling, of_old), node_hash(sibling, of_new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            of_new = node_hash(of_new, sibling)
        at, last = at >> 1, last >> 1
    _refuse_if(bool(last), "wrong_length", "The proof is too short for these two sizes.")
    _refuse_if(of_old != old_root, "other_history", "The earlier tree is not the beginning of the later one.")
    _refuse_if(of_new != new_root, "other_history", "The later tree does not go on from the earlier one.")


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _subtree(hash_at: HashAt, begin: int, end: int) -> bytes:
    """The hash over leaves ``begin`` to ``end``, of which ``begin`` is where a subtree of this size may begin."""
    parts = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        parts.append(hash_at(level, begin >> level))
        begin += 1 << level
    root = parts[-1]
    for left in reversed(parts[:-1]):
        root = node_hash(left, root)
    return root


def _refuse_sizes(old: int, new: int) -> None:
    _refuse_if(old < 1, "empty_tree", "Nothing is proven by an empty tree: every tree begins with it.")
    _refuse_if(old > new, "shorter", f"The later tree has {new} leaves, fewer than the {old} of the earlier one.")


def _refuse_if(wrong: bool, code: str, sentence: str) -> None:
    if wrong:
        raise Unproven(code, sentence)
