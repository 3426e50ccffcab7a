"""What falls due is paid with what was paid in advance, day by day and without anybody's doing."""

from datetime import date

import structlog

from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.refusal import Refusal
from projections.estates import estates
from projections.fees import accounts
from projections.fees.accounts import ACCOUNTS
from projections.fees.bills import BILLS
from projections.fees.payments import PAYMENTS
from services.commands.ask import by_itself
from services.fees.plans import draw_prepayment
from services.http.showing import shows
from services.product import Product
from services.threads.try_later import TryLater

log = structlog.get_logger()

_TOLD = (ACCOUNTS, BILLS, PAYMENTS)  # the views that tell what is drawn


def draw_what_is_due(product: Product, day: date) -> None:
    """Draw for every bill due by ``day`` what its payer holds. Doing it again changes nothing."""
    _drawn(product, day)


def drawn_before_looking(product: Product, day: date) -> None:
    """The same before the first look of a day, which then sees it. Raises ``TryLater`` where views lag behind."""
    if not shows(product, product.log.last_position(), _TOLD):
        raise TryLater
    shows(product, _drawn(product, day), _TOLD)


def _drawn(product: Product, day: date) -> int:
    """Answers the position of the last draw, 0 for none."""
    with product.database.follower.connection() as conn:  # the product itself looks at all estates
        held = accounts.holding(conn, [estate.code for estate in estates.mine(conn)])
    drawn = last = 0
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
            last = max(last, product.handler.do(ask, draw_prepayment(dwelling, day)).position)
        except (Refusal, TryLater):  # it left the register; or the next round comes within the hour
            continue
        drawn += 1
    if drawn:
        log.info("prepayments_drawn", count=drawn)
    return last
