"""Who has cosigned how much of the trail: a lane for each witness, and what a quorum vouches for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from projections.projection import Connection
from services.product import Product
from services.trail.reading import KeptCheckpoint
from services.trail.witness_standing import witness_standing


@dataclass(frozen=True, slots=True)
class Lane:
    """``size`` is the largest checkpoint that this witness cosigned, ``at`` when it did by its own clock."""

    name: str
    size: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Vouched:
    """``witnessed`` is the newest checkpoint that the quorum of the ``policy`` cosigned, if there is one.

    ``evidence``: how often a witness and the log were found to say different things.
    """

    lanes: Sequence[Lane]
    witnessed: KeptCheckpoint | None
    policy: bool
    evidence: int


def vouched(product: Product, conn: Connection) -> Vouched:
    """As it is now."""
    stands = witness_standing(product, conn, product.clock())
    found = [Lane(each.name, each.size, each.at) for each in stands.lanes]
    asks = stands.holds.policy is not None and bool(stands.lanes)
    return Vouched(found, stands.witnessed, asks, len(stands.evidence))
