"""How far the trail is vouched for: each witness's lane, the checkpoint with a quorum, and the tail beyond it."""

from dataclasses import dataclass
from datetime import datetime

from projections.projection import Connection
from services.product import Product
from services.tlog.note import Verifier
from services.tlog.policy import Policy
from services.tlog.refusals import Unproven
from services.trail.keys import TrailKeyMissing
from services.trail.publishing import Publisher
from services.trail.reading import KeptCheckpoint, checkpoint_of
from services.trail.witness_policy import InForce, in_force
from services.trail.witness_records import Evidence, WitnessRecord, evidence, records


@dataclass(frozen=True, slots=True)
class WitnessLane:
    """``id`` is the number of its key, ``name`` what the policy calls it, ``called`` the key's own name.

    ``size`` is of the largest checkpoint that it cosigned, ``at`` when, by its own clock.
    """

    id: str
    name: str
    called: str
    key: str
    url: str
    size: int
    at: datetime | None
    last: WitnessRecord | None


@dataclass(frozen=True, slots=True)
class WitnessStanding:
    """``recorded`` events are in the log; a quorum cosigned ``witnessed``, ``None`` where none did.

    ``tail_since`` is when the first event was recorded that no quorum vouches for.
    """

    holds: InForce
    lanes: tuple[WitnessLane, ...]
    witnessed: KeptCheckpoint | None
    recorded: int
    tail_since: datetime | None
    evidence: tuple[Evidence, ...]

    @property
    def size(self) -> int:
        return self.witnessed.size if self.witnessed else 0

    @property
    def tail(self) -> int:
        """Events that no quorum vouches for."""
        return max(0, self.recorded - self.size)

    def tail_seconds(self, now: datetime) -> float:
        """The age of the oldest of them; 0.0 where there is none."""
        return max(0.0, (now - self.tail_since).total_seconds()) if self.tail_since else 0.0


def witness_standing(product: Product, conn: Connection, now: datetime) -> WitnessStanding:
    """As it is now."""
    holds = in_force(product)
    recorded = product.log.last_position()
    try:
        origin = product.part(Publisher).origin
    except TrailKeyMissing:
        return WitnessStanding(holds, (), None, recorded, None, ())
    witnessed = witnessed_checkpoint(conn, origin, holds.policy) if holds.policy else None
    reached = witnessed.size if witnessed else 0
    return WitnessStanding(
        holds=holds,
        lanes=lanes(conn, origin, holds.policy) if holds.policy else (),
        witnessed=witnessed,
        recorded=recorded,
        tail_since=_recorded_at(product, reached + 1) if reached < recorded else None,
        evidence=tuple(evidence(conn)),
    )


def lanes(conn: Connection, origin: str, policy: Policy) -> tuple[WitnessLane, ...]:
    """One for each witness of the policy, in its order."""
    known = records(conn)
    rows = conn.execute(
        "SELECT DISTINCT ON (witness) witness, size, at FROM trail.cosignature WHERE origin = %s"
        " ORDER BY witness, size DESC, at DESC",
        (origin,),
    )
    last = {name: (size, at) for name, size, at in rows}
    found = []
    for each in policy.witnesses:
        key = each.verifier
        size, at = last.get(key.name, (0, None))
        number, vkey = key.key_id.hex(), key.vkey()
        found.append(WitnessLane(number, each.name, key.name, vkey, each.url or "", size, at, known.get(vkey)))
    return tuple(found)


def witnessed_checkpoint(conn: Connection, origin: str, policy: Policy) -> KeptCheckpoint | None:
    """The newest checkpoint that a quorum of the policy cosigned; ``None`` too where the policy asks for nobody."""
    called = {each.verifier.name: each.name for each in policy.witnesses}
    rows = conn.execute(
        "SELECT size, array_agg(DISTINCT witness) FROM trail.cosignature WHERE origin = %s AND witness = ANY(%s)"
        " GROUP BY size HAVING count(DISTINCT witness) >= %s ORDER BY size DESC",
        (origin, list(called), fewest(policy)),
    )
    for size, names in rows:
        if policy.is_met_by(called[name] for name in names):
            kept = checkpoint_of(conn, origin, size)
            if kept is not None and is_witnessed(policy, kept):
                return kept
    return None


def fewest(policy: Policy) -> int:
    """How many witnesses it takes at least."""
    needed = {each.name: 1 for each in policy.witnesses} | {"none": 0}
    for group in policy.groups:  # members stand before their groups
        needed[group.name] = sum(sorted(needed[member] for member in group.members)[: group.wanted])
    return max(1, needed[policy.quorum])


def is_witnessed(policy: Policy, kept: KeptCheckpoint) -> bool:
    """Whether a quorum did cosign it: every signature is checked once more."""
    try:
        return policy.met(kept.note).witnessed
    except Unproven:
        return False


def last_cosigned(conn: Connection, origin: str, witness: Verifier) -> tuple[int, str]:
    """The size of the largest checkpoint that a witness cosigned, and the note with its line; 0 and nothing before."""
    row = conn.execute(
        "SELECT max(size) FROM trail.cosignature WHERE origin = %s AND witness = %s", (origin, witness.name)
    ).fetchone()
    kept = checkpoint_of(conn, origin, row[0]) if row and row[0] is not None else None
    return (kept.size, kept.note.written()) if kept else (0, "")


def _recorded_at(product: Product, position: int) -> datetime | None:
    try:
        return product.log.recorded_at(position)
    except LookupError:
        return None
