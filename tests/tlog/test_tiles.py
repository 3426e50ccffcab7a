"""Names and contents of tiles and bundles, as C2SP tlog-tiles has them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tlog.refusals import Malformed
from services.tlog.tiles import (
    MOST_ENTRY,
    WIDTH,
    Address,
    TileReader,
    addresses,
    bundle,
    entries_path,
    hashes_of,
    parse,
    root_of_complete,
    tile_path,
    unbundle,
)  # fmt: skip
from services.tlog.tree import leaf_hash, root_of
from tests.tlog.logs import MemoryLog


def test_the_specifications_examples() -> None:
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert entries_path(5, 112) == "tile/entries/005.p/112"
    assert [address.path() for address in addresses(256)] == ["tile/0/000", "tile/entries/000", "tile/1/000.p/1"]
    of_70000 = addresses(70_000)
    assert sum(it.level == 0 and it.width == WIDTH for it in of_70000) == 273
    assert [(it.level, it.n, it.width) for it in of_70000 if it.width < WIDTH] == [
        (0, 273, 112), (None, 273, 112), (1, 1, 17), (2, 0, 1),
    ]  # fmt: skip
    assert addresses(0) == []


@given(st.one_of(st.none(), st.integers(0, 63)), st.integers(0, 10**12), st.integers(1, 256))
def test_a_path_names_one_tile(level: int | None, n: int, width: int) -> None:
    address = Address(level, n, width)
    assert parse(address.path()) == address


@pytest.mark.parametrize(
    "path",
    ["", "tile", "tile/0", "tile/0/", "tile/0/1", "tile/0/0001", "tile/00/001", "tile/64/001", "tile/-1/001",
     "tile/0/001/002", "tile/0/x001", "tile/0/x000/001", "tile/0/001.p/0", "tile/0/001.p/256", "tile/0/001.p/01",
     "tile/0/001.p/", "tile/0/001.p", "tile/entry/001", "/tile/0/001", "tile/0/001/", "tile/0/../001", "tile/0/٠٠١",
     "tile/0/001\n", "tile/0/" + "x001/" * 20 + "001", "tile/entries/001.p/999", "TILE/0/001"],
)  # fmt: skip
def test_no_other_path_names_one(path: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse(path)
    assert refused.value.code == "bad_path"


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert unbundle(bundle(entries)) == entries


def test_a_bundle_that_was_cut_is_refused_wherever_that_was() -> None:
    whole = bundle([b"one", b"", b"three"])
    for at in range(1, len(whole)):
        try:
            assert len(unbundle(whole[:at])) < 3
        except Malformed as refusal:
            assert refusal.code == "bad_bundle"


def test_an_entry_is_as_long_as_its_length_can_say() -> None:
    assert unbundle(bundle([b"x" * MOST_ENTRY])) == [b"x" * MOST_ENTRY]
    with pytest.raises(Malformed):
        bundle([b"x" * (MOST_ENTRY + 1)])


def test_a_full_tile_hashes_to_what_stands_above_it() -> None:
    log = MemoryLog([bytes([n % 256]) for n in range(512)])
    files = log.files()
    above = hashes_of(files["tile/1/000.p/2"], 2)
    assert above == tuple(root_of_complete(hashes_of(files[tile_path(0, n)], WIDTH)) for n in (0, 1))
    assert root_of_complete(above) == log.root(512) == root_of(map(leaf_hash, log.entries))


@pytest.mark.parametrize(("size", "level", "n"), [(5, 0, 5), (5, 3, 0), (256, 8, 1), (256, 9, 0)])
def test_what_a_tree_does_not_have_is_not_read_from_its_tiles(size: int, level: int, n: int) -> None:
    log = MemoryLog([b"x"] * size)
    with pytest.raises(Malformed):
        TileReader(log.files().__getitem__, size).hash_at(level, n)


def test_a_tile_of_another_length_is_refused() -> None:
    log = MemoryLog([b"x"] * 5)
    for cut in (lambda tile: tile[:-1], lambda tile: tile + b"x" * 32, lambda tile: b""):
        with pytest.raises(Malformed) as refused:
            TileReader(lambda path, cut=cut: cut(log.files()[path]), 5).hash_at(0, 0)  # type: ignore[misc]
        assert refused.value.code == "bad_tile"
