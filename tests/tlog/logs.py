"""A log in memory with keys of its own, for tests: entries, tiles, checkpoints, witnesses, receipts."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.tlog.checkpoint import Checkpoint, signed
from services.tlog.cosignature import cosign
from services.tlog.leaf import Disclosure, leaf
from services.tlog.note import COSIGNATURE, Note, Signer
from services.tlog.policy import Policy
from services.tlog.proof import Proof
from services.tlog.tiles import (
    WIDTH,
    TileReader,
    addresses,
    bundle,
    hashes_of,
    root_of_complete,
    tile_of_entries,
    tile_path,
)
from services.tlog.tree import consistency_proof, inclusion_proof, leaf_hash, root_of
from services.tlog.verify import Carried

ORIGIN = "log.wuye.example/xincheng-2026"
TIME = 1_790_000_000


def signer(name: str, kind: int = 1, seed: int = 1) -> Signer:
    return Signer(name, bytes([seed]) * 32, kind)


LOG = signer(ORIGIN)
MEMBERS = tuple(signer(f"weiyuan-{n}.example", COSIGNATURE, 10 + n) for n in (1, 2, 3))
GOVERNMENT = tuple(signer(f"{name}.example", COSIGNATURE, 20 + n) for n, name in enumerate(("jiedao", "shi")))
POLICY_TEXT = "\n".join(
    [
        "# two of the three members, and the sub-district or the city",
        f"log {LOG.verifier.vkey()}",
        *(f"witness m{n} {member.verifier.vkey()}" for n, member in enumerate(MEMBERS, 1)),
        f"witness jiedao {GOVERNMENT[0].verifier.vkey()}",
        f"witness shi {GOVERNMENT[1].verifier.vkey()}",
        "group owners 2 m1 m2 m3",
        "group gov any jiedao shi",
        "group Q all owners gov",
        "quorum Q",
        "",
    ]
)
POLICY = Policy.parse(POLICY_TEXT)
QUORUM = (*MEMBERS[:2], GOVERNMENT[0])


def entry(n: int) -> tuple[bytes, tuple[Disclosure, ...]]:
    """Entry number ``n`` and what can be disclosed of it."""
    salts = [bytes([n % 256, at]) * 8 for at in range(4)]
    disclosures = (Disclosure(salts[0], "name", "欧阳雪"), Disclosure(salts[1], "phone", f"1391000{n:04}"))
    public = {
        "v": 1,
        "type": "IssueReported",
        "at": "2026-12-01T08:00:00Z",
        "stream": f"s{n % 7}",
        "pos": n // 7,
        "fen": n,
    }
    return leaf(public, disclosures, salts[2:]), disclosures


@dataclass
class MemoryLog:
    entries: list[bytes] = field(default_factory=list)
    key: Signer = LOG

    @classmethod
    def of(cls, size: int, key: Signer = LOG) -> "MemoryLog":
        return cls([entry(n)[0] for n in range(size)], key)

    def root(self, size: int) -> bytes:
        return root_of(map(leaf_hash, self.entries[:size]))

    def checkpoint(self, size: int | None = None, witnesses: Iterable[Signer] = (), time: int = TIME) -> Note:
        size = len(self.entries) if size is None else size
        note = signed(Checkpoint(self.key.name, size, self.root(size)), [self.key])
        return note.with_more(cosign(witness, note.text, time + at) for at, witness in enumerate(witnesses))

    def files(self, size: int | None = None) -> dict[str, bytes]:
        """Every tile and bundle of the tree, by its path."""
        size = len(self.entries) if size is None else size
        files: dict[str, bytes] = {}
        for address in addresses(size):
            if address.level is None:
                files[address.path()] = bundle(self._bundled(address.n, size))
            elif not address.level:
                files[address.path()] = tile_of_entries(self._bundled(address.n, size))
            else:
                below = range(address.n * WIDTH, address.n * WIDTH + address.width)
                tiles = (files[tile_path(address.level - 1, n)] for n in below)
                files[address.path()] = b"".join(root_of_complete(hashes_of(tile, WIDTH)) for tile in tiles)
        return files

    def hash_at(self, size: int) -> TileReader:
        return TileReader(self.files(size).__getitem__, size)

    def inclusion(self, index: int, size: int) -> list[bytes]:
        return inclusion_proof(self.hash_at(size).hash_at, index, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        return consistency_proof(self.hash_at(new).hash_at, old, new)

    def receipt(self, index: int, witnesses: Iterable[Signer] = QUORUM) -> Proof:
        data, disclosures = entry(index)
        carried = Carried(data, disclosures[:1])
        size = len(self.entries)
        return Proof(index, tuple(self.inclusion(index, size)), self.checkpoint(witnesses=witnesses), carried.extra())

    def _bundled(self, n: int, size: int) -> list[bytes]:
        return self.entries[n * WIDTH : min((n + 1) * WIDTH, size)]
