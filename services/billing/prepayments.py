"""What falls due is paid with what was paid in advance, day by day and without anybody's doing."""

from datetime import date

import structlog

from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.refusal import Refusal
from projections.estates import estates
from projections.fees import accounts
from services.commands.ask import by_itself
from services.fees.plans import draw_prepayment
from services.product import Product
from services.threads.try_later import TryLater

log = structlog.get_logger()


def draw_what_is_due(product: Product, day: date) -> None:
    """Draw for every bill due by ``day`` what its payer holds. Doing it again changes nothing."""
    with product.database.follower.connection() as conn:  # the product itself looks at all estates
        held = accounts.holding(conn, [estate.code for estate in estates.mine(conn)])
    drawn = 0
    for dwelling in (row.dwelling for row in held if row.open):
        known = product.log.readable(FEE_ACCOUNT, fee_account_stream(dwelling))
        account = known.state if known else None
        if (
            account is None
            or account.estate is None
            or not any(bill.due <= day for bill in account.open_bills().values())
        ):
            continue
        ask = by_itself(account.estate)
        try:
            product.handler.do(ask, draw_prepayment(dwelling, day))
        except (Refusal, TryLater):  # it left the register; or the next round comes within the hour
            continue
        drawn += 1
    if drawn:
        log.info("prepayments_drawn", count=drawn)
