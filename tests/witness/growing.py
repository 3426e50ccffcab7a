"""A small log of the tests that grows, signs checkpoints, and can be made to tell two histories."""

from dataclasses import dataclass, field

from services.tlog.checkpoint import Checkpoint, signed
from services.tlog.note import Note, Signer
from services.tlog.tree import consistency_proof, leaf_hash, root_of
from services.witness.submission import Submission

ORIGIN = "log.donghuyuan.example/2026"
SEED = bytes(range(32))


@dataclass
class Log:
    """``leaves`` are hashes."""

    leaves: list[bytes] = field(default_factory=list)
    signer: Signer = field(default_factory=lambda: Signer(ORIGIN, SEED))

    def grow(self, count: int, mark: str = "") -> "Log":
        self.leaves += [leaf_hash(f"{mark}{len(self.leaves) + more}".encode()) for more in range(count)]
        return self

    def other(self, at: int) -> "Log":
        """The same up to entry ``at``, which says something else."""
        return Log([*self.leaves[:at], leaf_hash(b"another"), *self.leaves[at + 1 :]], self.signer)

    def checkpoint(self, size: int | None = None) -> Note:
        count = len(self.leaves) if size is None else size
        return signed(Checkpoint(self.signer.name, count, root_of(self.leaves[:count])), [self.signer])

    def proof(self, old: int, new: int | None = None) -> tuple[bytes, ...]:
        count = len(self.leaves) if new is None else new
        return tuple(consistency_proof(self._hash_at, old, count)) if 0 < old < count else ()

    def submission(self, old: int, new: int | None = None) -> Submission:
        return Submission(old, self.proof(old, new), self.checkpoint(new))

    def body(self, old: int, new: int | None = None) -> bytes:
        return self.submission(old, new).text().encode()

    def _hash_at(self, level: int, n: int) -> bytes:
        return root_of(self.leaves[n << level : (n + 1) << level])
