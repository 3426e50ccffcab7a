"""How far the trail is, who vouches for how much of it, and what of that holds for one event.

A tick is given for what was found just now: the leaf of the event is there, says the same kind and place in its stream,
and lies in the tree of a checkpoint. ``WITNESSED`` is said only at the quorum of the policy.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from domain.catalogue import DECIDER_OF, EVENTS
from projections.projection import Connection
from services.product import Product
from services.tlog.checkpoint import Checkpoint
from services.tlog.refusals import Malformed, Unproven
from services.tlog.spelling import base64_text
from services.tlog.tree import leaf_hash, verify_inclusion
from services.trail import reading
from services.trail.desk_witnesses import Lane, vouched
from services.trail.growing import BrokenTree
from services.trail.keys import TrailKeyMissing
from services.trail.publishing import Forked, Publisher
from services.trail.reading import KeptCheckpoint

SHOWN_ROOT = 44  # characters of a root as text


class Tick(Enum):
    """What is known of one event in the trail."""

    WITNESSED = "WITNESSED"  # in the tree of a checkpoint that a quorum cosigned
    SIGNED = "SIGNED"  # in the tree of a checkpoint that the log signed, and nobody else yet
    KEPT = "KEPT"  # in the tree, in no checkpoint yet
    WAITING = "WAITING"  # not in the tree yet
    WRONG = "WRONG"  # there is something else in its place


@dataclass(frozen=True, slots=True)
class Standing:
    """``recorded`` events are in the log, ``size`` of them in the tree; ``witnessed`` is the size a quorum cosigned.

    ``root`` is that of the newest checkpoint, as text. ``tail_since`` is when the first event was recorded that nobody
    vouches for; ``last_at`` when the last one was.
    """

    recorded: int
    size: int
    signed: KeptCheckpoint | None
    witnessed: KeptCheckpoint | None
    lanes: tuple[Lane, ...]
    policy: bool
    last_at: datetime | None
    tail_since: datetime | None
    evidence: int = 0  # of a witness and the log saying different things
    forked: str = ""  # how the tree is no longer the one that was signed, where it is not

    @property
    def witnessed_size(self) -> int:
        return self.witnessed.size if self.witnessed else 0

    @property
    def tail(self) -> int:
        """How many events no quorum has vouched for."""
        return self.recorded - self.witnessed_size

    @property
    def root(self) -> str:
        return base64_text(Checkpoint.parse(self.signed.note.text).root) if self.signed else ""

    @property
    def whole(self) -> bool:
        """Every event of the log has its leaf."""
        return self.size == self.recorded


def standing(product: Product, conn: Connection) -> Standing:
    """As it is now. ``conn`` is of whoever reads."""
    recorded, forked = product.log.last_position(), ""
    try:
        with product.database.app.connection() as writing:  # whoever looks has a new checkpoint signed
            product.part(Publisher).newest(writing)
    except Forked as fork:
        forked = fork.code
    except (TrailKeyMissing, BrokenTree):
        forked = "different"
    size = reading.head(conn).size
    says = vouched(product, conn)
    known = says.witnessed.size if says.witnessed else 0
    return Standing(
        recorded=recorded,
        size=size,
        signed=reading.latest(conn),
        witnessed=says.witnessed,
        lanes=tuple(says.lanes),
        policy=says.policy,
        evidence=says.evidence,
        last_at=product.log.recorded_at(recorded) if recorded else None,
        tail_since=product.log.recorded_at(known + 1) if known < recorded else None,
        forked=forked,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """An event whose leaf is asked for."""

    position: int
    event: str
    version: int


def ticks(conn: Connection, stands: Standing, asked: Sequence[Asked]) -> dict[int, Tick]:
    """By position, each proven to lead to the root of the newest checkpoint that it is in."""
    found, proofs = leaves(conn, asked), _Proofs(conn, stands)
    return {each.position: _tick(each, found.get(each.position), proofs) for each in asked}


def agree(conn: Connection, asked: Sequence[Asked]) -> tuple[int, int]:
    """How many have their leaf with the same kind and place, and how many have another one. Without proofs."""
    found = leaves(conn, asked)
    there = [each for each in asked if each.position in found]
    right = sum(_says(found[each.position], each) for each in there)
    return right, len(there) - right


def leaves(conn: Connection, asked: Iterable[Asked]) -> dict[int, bytes]:
    """The entries of these events, by position, as far as they are in the tree."""
    indexes = [reading.index_of(each.position) for each in asked]
    rows = conn.execute("SELECT idx, entry FROM trail.entry WHERE idx = ANY(%s)", (indexes,))
    shift = 1 - reading.index_of(1)
    return {idx + shift: bytes(entry) for idx, entry in rows}


def _says(entry: bytes, asked: Asked) -> bool:
    try:
        said: Mapping[str, object] = json.loads(entry)
    except ValueError:
        return False
    kind = EVENTS[asked.event]
    names = (asked.event, DECIDER_OF[kind].name, "event")  # a rare kind may be left open
    return said.get("pos") == asked.version and said.get("type") in names


def _tick(asked: Asked, entry: bytes | None, proofs: "_Proofs") -> Tick:
    if entry is None:
        return Tick.WAITING
    return proofs.tick(asked.position, entry) if _says(entry, asked) else Tick.WRONG


class _Proofs:
    """Of the checkpoint that a quorum cosigned, and for what is not in it of the newest that was signed."""

    def __init__(self, conn: Connection, stands: Standing) -> None:
        self._conn = conn
        self._of = [
            (tick, Checkpoint.parse(kept.note.text))
            for tick, kept in ((Tick.WITNESSED, stands.witnessed), (Tick.SIGNED, stands.signed))
            if kept is not None
        ]

    def tick(self, position: int, entry: bytes) -> Tick:
        index = reading.index_of(position)
        for tick, checkpoint in self._of:
            if index < checkpoint.size:
                try:
                    proof = reading.inclusion(self._conn, index, checkpoint.size)
                    verify_inclusion(leaf_hash(entry), index, checkpoint.size, proof, checkpoint.root)
                except (Unproven, Malformed, BrokenTree):
                    return Tick.WRONG
                return tick
        return Tick.KEPT
