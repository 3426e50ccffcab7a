"""The policy by which people check what the trail hands out: its own keys, and the witnesses that are wanted."""

from services.product import Product
from services.tlog.policy import Log, Policy
from services.trail.publishing import Publisher
from services.trail.witness_policy import in_force


def policy_of(product: Product) -> Policy:
    """All keys with which the log ever signed, so that old receipts go on holding. Raises ``TrailKeyMissing``.

    Whoever checks does better to have it from paper: this one comes from whom it is to be checked against. Where no
    witnesses are agreed on it wants none, and nothing is called witnessed.
    """
    logs = tuple(map(Log, product.part(Publisher).keys.verifiers()))
    holds = in_force(product).policy
    return Policy(logs, holds.witnesses, holds.groups, holds.quorum) if holds else Policy(logs, (), (), "none")
