"""The tree: published vectors, random trees beside the definition itself, and whatever is altered of a proof."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.tlog.refusals import Malformed, Unproven
from services.tlog.tiles import TileReader
from services.tlog.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)  # fmt: skip
from tests.tlog import naive
from tests.tlog.logs import MemoryLog

# the eight entries with which implementations of RFC 6962 have been compared since the first one
PUBLISHED = [
    bytes.fromhex(it)
    for it in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
PUBLISHED_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION_OF_THE_FIRST_OF_EIGHT = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]
CONSISTENCY_OF_SIX_AND_EIGHT = [
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
ENTRIES = [n.to_bytes(2, "big") for n in range(300)]


def hash_of(entries: list[bytes]):  # type: ignore[no-untyped-def]
    return lambda level, n: naive.mth(entries[n << level : (n + 1) << level])


def test_the_published_roots_come_out() -> None:
    assert [root_of(map(leaf_hash, PUBLISHED[:n])).hex() for n in range(9)] == PUBLISHED_ROOTS
    assert Frontier().root() == EMPTY_ROOT


def test_the_published_proofs_come_out() -> None:
    hash_at = hash_of(PUBLISHED)
    assert [it.hex() for it in inclusion_proof(hash_at, 0, 8)] == INCLUSION_OF_THE_FIRST_OF_EIGHT
    assert [it.hex() for it in consistency_proof(hash_at, 6, 8)] == CONSISTENCY_OF_SIX_AND_EIGHT
    assert inclusion_proof(hash_at, 0, 1) == consistency_proof(hash_at, 4, 4) == []


def test_every_small_tree_is_as_the_definition_has_it() -> None:
    """Every leaf of every tree, and every pair of trees, up to 20 leaves."""
    for new in range(1, 21):
        entries, root = ENTRIES[:new], naive.mth(ENTRIES[:new])
        for index in range(new):
            proof = inclusion_proof(hash_of(entries), index, new)
            assert proof == naive.path(index, entries)
            verify_inclusion(leaf_hash(entries[index]), index, new, proof, root)
        for old in range(1, new + 1):
            proof = consistency_proof(hash_of(entries), old, new)
            assert proof == naive.proof(old, entries)
            verify_consistency(old, new, proof, naive.mth(ENTRIES[:old]), root)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.binary(max_size=40), min_size=1, max_size=200), st.data())
def test_random_trees_are_as_the_definition_has_them(entries: list[bytes], data: st.DataObject) -> None:
    size = len(entries)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root = naive.mth(entries)
    frontier = Frontier().extended(map(leaf_hash, entries[:old]))
    assert frontier.root() == naive.mth(entries[:old])
    for entry in entries[old:]:
        frontier = frontier.appended(leaf_hash(entry))
    assert frontier.root() == root and Frontier.unpacked(size, frontier.packed()) == frontier
    proof = inclusion_proof(hash_of(entries), index, size)
    assert proof == naive.path(index, entries) and len(proof) <= size.bit_length()
    verify_inclusion(leaf_hash(entries[index]), index, size, proof, root)
    grown = consistency_proof(hash_of(entries), old, size)
    assert grown == naive.proof(old, entries)
    verify_consistency(old, size, grown, naive.mth(entries[:old]), root)


def test_proofs_out_of_tiles_are_those_of_the_tree() -> None:
    """Across the edges of tiles, where a partial one is all that there is."""
    log = MemoryLog(ENTRIES)
    for size in (1, 255, 256, 257, 300):
        hash_at = TileReader(log.files(size).__getitem__, size).hash_at
        for index in {0, size // 2, size - 1}:
            assert inclusion_proof(hash_at, index, size) == naive.path(index, ENTRIES[:size])
            assert consistency_proof(hash_at, index + 1, size) == naive.proof(index + 1, ENTRIES[:size])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 64), st.data())
def test_nothing_altered_of_an_inclusion_proof_is_believed(size: int, data: st.DataObject) -> None:
    entries = ENTRIES[:size]
    index = data.draw(st.integers(0, size - 1))
    root, proof, leaf = naive.mth(entries), naive.path(index, entries), leaf_hash(entries[index])
    others = [*proof, leaf, root, leaf_hash(b"other")]
    altered = [proof[:at] + proof[at + 1 :] for at in range(len(proof))]
    altered += [[*proof[:at], other, *proof[at:]] for at in range(len(proof) + 1) for other in others]
    altered += [[*proof[:at], flipped(it), *proof[at + 1 :]] for at, it in enumerate(proof)]
    altered += [[*proof[:at], b, a, *proof[at + 2 :]] for at, (a, b) in enumerate(pairwise(proof)) if a != b]
    for wrong in altered:
        with pytest.raises(Unproven):
            verify_inclusion(leaf, index, size, wrong, root)
    for at in {0, size - 1, size, size + 5, -1, index ^ 1} - {index}:
        with pytest.raises(Unproven):
            verify_inclusion(leaf, at, size, proof, root)
    for wrong_leaf, wrong_root in (
        (flipped(leaf), root),
        (leaf, flipped(root)),
        (root, leaf) if proof else (root, EMPTY_ROOT),
    ):
        with pytest.raises(Unproven):
            verify_inclusion(wrong_leaf, index, size, proof, wrong_root)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 64), st.data())
def test_nothing_altered_of_a_consistency_proof_is_believed(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    entries = ENTRIES[:new]
    roots, proof = (naive.mth(entries[:old]), naive.mth(entries)), naive.proof(old, entries)
    altered = [proof[:at] + proof[at + 1 :] for at in range(len(proof))]
    altered += [[*proof[:at], other, *proof[at:]] for at in range(len(proof) + 1) for other in (*proof, *roots)]
    altered += [[*proof[:at], flipped(it), *proof[at + 1 :]] for at, it in enumerate(proof)]
    for wrong in altered:
        with pytest.raises(Unproven):
            verify_consistency(old, new, wrong, *roots)
    for wrong_roots in (
        (flipped(roots[0]), roots[1]),
        (roots[0], flipped(roots[1])),
        *([roots[::-1]] if old < new else []),
    ):
        with pytest.raises(Unproven):
            verify_consistency(old, new, proof, *wrong_roots)


@pytest.mark.parametrize(("old", "new", "code"), [(0, 5, "empty_tree"), (-1, 5, "empty_tree"), (6, 5, "shorter")])
def test_no_consistency_with_nothing_or_with_more(old: int, new: int, code: str) -> None:
    with pytest.raises(Unproven) as refused:
        verify_consistency(old, new, [], EMPTY_ROOT, naive.mth(ENTRIES[:5]))
    assert refused.value.code == code
    with pytest.raises(Unproven):
        consistency_proof(hash_of(ENTRIES), old, new)


@pytest.mark.parametrize(("size", "hashes"), [(1, ()), (2, (b"x" * 32,) * 2), (1, (b"x" * 31,)), (-1, (b"x" * 32,))])
def test_a_frontier_of_another_size_is_none(size: int, hashes: tuple[bytes, ...]) -> None:
    with pytest.raises(Malformed):
        Frontier(size, hashes)


def test_an_entry_is_no_node_and_a_node_no_entry() -> None:
    """What two leaves hash to, handed in as one entry, is another leaf."""
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])
