"""Paid work in a home: the price is known and agreed to before the work begins (INV-22)."""

from collections.abc import Sequence

from domain.cases.work_order.commands import OfferQuote
from domain.cases.work_order.events import Event, QuoteOffered
from domain.cases.work_order.state import WorkOrder
from domain.estates.place import Part
from domain.money.amount import yuan
from domain.money.repair_costs import RepairCosts, check_costs
from domain.refusal import Refusal, refuse_if


def quote_offered(command: OfferQuote, order: WorkOrder) -> Sequence[Event]:
    """INV-22: only what is the resident's own is paid for, and the price is known before the work begins."""
    refuse_if(order.part is not Part.PRIVATE, "quote_common")
    refuse_if(order.charged is not None, "repair_charged")
    not_begun_for_nothing(order)
    costs = check_costs(RepairCosts(command.call_out, command.labour, command.material))
    return [QuoteOffered(costs, command.text)]


def not_begun_for_nothing(order: WorkOrder) -> None:
    """INV-22: work that began without an agreed quote is free, also after it was opened again or given to others.

    Help by telephone is no beginning: who has to come after all may still quote before.
    """
    refuse_if(order.begun and order.quote is None, "quote_after_start")


def quote_answered(order: WorkOrder) -> None:
    """INV-22: who was told a price has agreed to one before anybody goes on."""
    refuse_if(order.offered is not None, "quote_open")


def check_quoted(order: WorkOrder, costs: RepairCosts) -> None:
    """INV-22. Refuses ``quote_missing``, and ``over_quote`` for more than the resident agreed to."""
    if order.quote is None:
        raise Refusal("quote_missing")
    refuse_if(costs.total > order.quote.total, "over_quote", most=yuan(order.quote.total))
