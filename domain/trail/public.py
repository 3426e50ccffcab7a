"""What the public part of a leaf may say besides when and what: an allow-list, and nothing that is not on it."""

from collections.abc import Callable, Mapping
from typing import Any

from domain.cases.work_order.events import QuoteAccepted, QuoteDeclined, QuoteOffered, RepairCharged

COST = "cost"  # in fen


def _costs(event: QuoteOffered | QuoteAccepted | QuoteDeclined | RepairCharged) -> int:
    return event.costs.total


# What the firm asks for its work. What a household pays, owes or gets back is nobody else's business.
COSTS: Mapping[type[Any], Callable[[Any], int]] = {
    QuoteOffered: _costs,
    QuoteAccepted: _costs,
    QuoteDeclined: _costs,
    RepairCharged: _costs,
}


def public_facts(event: Any) -> dict[str, int]:
    """What of an event's fields may be seen by everybody, by its public name."""
    cost = COSTS.get(type(event))
    return {} if cost is None else {COST: cost(event)}
