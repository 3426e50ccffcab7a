"""What is laid before a witness, by whatever way: a checkpoint and the proof that it goes on from the last one.

Members who sign by hand sign one and the same checkpoint, or no quorum would ever come of it: as long as one of them
has signed and the quorum is not there, the others are given that one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from projections.projection import Connection
from services.product import Product
from services.tlog.note import Note, Verifier
from services.tlog.policy import Policy
from services.trail.publishing import Publisher
from services.trail.reading import KeptCheckpoint, checkpoint_of, consistency, latest_cosigned
from services.trail.witness_standing import is_witnessed, last_cosigned
from services.witness.submission import Submission

OPEN_FOR = timedelta(days=7)  # a checkpoint that one member signed waits so long for the others


def submission(conn: Connection, kept: KeptCheckpoint, old: int) -> Submission:
    """What a witness is given that cosigned ``old`` entries last. Raises ``Unproven``, ``BrokenTree``."""
    proof: Iterable[bytes] = consistency(conn, old, kept.size) if 0 < old < kept.size else ()
    log_alone = Note(kept.note.text, tuple(each for each in kept.note.signatures if each.name == kept.origin))
    return Submission(old, tuple(proof), log_alone)


@dataclass(frozen=True, slots=True)
class Offer:
    """``signed`` says whether this witness cosigned it already."""

    kept: KeptCheckpoint
    submission: Submission
    signed: bool


def offer(product: Product, conn: Connection, policy: Policy, witness: Verifier, now: datetime) -> Offer | None:
    """What a witness who signs by hand is given now; ``None`` where there is nothing yet. Raises ``Forked``."""
    publisher = product.part(Publisher)
    kept = _waiting(conn, publisher.origin, policy, now)
    if kept is None:
        newest = publisher.newest(conn)
        kept = latest_cosigned(conn, publisher.origin) if _has_others(policy) else None
        kept = kept if kept and (newest is None or now - kept.made_at < OPEN_FOR) else newest
    if kept is None:
        return None
    old, _ = last_cosigned(conn, kept.origin, witness)
    return Offer(kept, submission(conn, kept, min(old, kept.size)), old >= kept.size)


def _waiting(conn: Connection, origin: str, policy: Policy, now: datetime) -> KeptCheckpoint | None:
    """The newest checkpoint that somebody signed by hand and that has no quorum yet."""
    by_hand = [each.verifier.name for each in policy.witnesses if not each.url]
    row = conn.execute(
        "SELECT max(size) FROM trail.cosignature JOIN trail.checkpoint USING (origin, size)"
        " WHERE origin = %s AND witness = ANY(%s) AND made_at > %s",
        (origin, by_hand, now - OPEN_FOR),
    ).fetchone()
    kept = checkpoint_of(conn, origin, row[0]) if row and row[0] is not None else None
    return None if kept is None or is_witnessed(policy, kept) else kept


def _has_others(policy: Policy) -> bool:
    """Whether some witnesses answer by themselves: they have to have signed what members sign."""
    return any(each.url for each in policy.witnesses)
