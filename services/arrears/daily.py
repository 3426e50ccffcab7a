"""What the passing of days brings to arrears: debts that are paid are settled, and missed instalments are noticed."""

from datetime import date

import structlog

from domain.recorded import Unreadable
from domain.refusal import Refusal
from projections.arrears import dunnings
from projections.estates import estates
from services.arrears.plans import settle
from services.commands.ask import by_itself
from services.product import Product
from services.threads.try_later import TryLater

log = structlog.get_logger()


def look_after_debts(product: Product, day: date) -> None:
    """Settle what is paid and compare instalments with what came in. Doing it again changes nothing.

    Reminders that are due need no event: the list of arrears reckons them on the day somebody looks.
    """
    with product.database.follower.connection() as conn:  # the product itself looks at all estates
        rows = dunnings.of_estates(conn, [estate.code for estate in estates.mine(conn)])
    changed = 0
    for row in rows:
        if all(debt.settled for debt in row.state.debts):
            continue
        ask = by_itself(row.estate)
        try:
            changed += product.handler.do(ask, settle(row.dwelling)).version > row.version
        except (TryLater, Refusal, Unreadable):  # the next round comes within the hour
            continue
    if changed:
        log.info("debts_looked_after", count=changed)
