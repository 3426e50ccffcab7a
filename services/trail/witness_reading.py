"""Who may look at the witnesses, and what lies ready for one of them."""

from domain.capacity import HEADS, OUTSIDE, Capacity
from services.http.who import Allowing
from services.log.not_found import NotFound
from services.product import Product
from services.tlog.policy import Witness
from services.trail.witness_offer import Offer, offer
from services.trail.witness_policy import in_force
from services.trail.witness_records import Evidence, evidence

WITNESS_READING = OUTSIDE | HEADS | {Capacity.ADMINISTRATOR}
witness_reader = Allowing(WITNESS_READING)


def offered(product: Product, key_id: str) -> tuple[Witness, Offer]:
    """What a witness of the policy, known by its key's number, is given to sign. Raises ``NotFound``, ``Forked``."""
    policy = in_force(product).policy
    known = {each.verifier.key_id.hex(): each for each in policy.witnesses} if policy else {}
    witness = known.get(key_id)
    if policy is None or witness is None:
        raise NotFound
    with product.database.lend_by_id() as conn:
        found = offer(product, conn, policy, witness.verifier, product.clock())
    if found is None:
        raise NotFound
    return witness, found


def evidence_of(product: Product, number: int) -> Evidence:
    """Raises ``NotFound``."""
    with product.database.lend_by_id() as conn:
        found = evidence(conn, number)
    if not found:
        raise NotFound
    return found[0]
