"""What was billed for days after a contract's end is taken off; what was paid for them is held, and can be refunded."""

from datetime import date, timedelta

import structlog

from domain.contracts.fee_basis import FEE_BASIS, FeeBasis, fee_basis_stream
from domain.refusal import Refusal
from projections.estates import estates
from projections.fees import bills
from projections.fees.bills import BillRow
from projections.projection import Connection
from services.billing.plans import end_bill
from services.commands.ask import by_itself
from services.product import Product
from services.threads.try_later import TryLater

log = structlog.get_logger()

_LOOKED_AFTER = timedelta(days=366)  # by then everything is taken off, and nothing new is billed


def unserved_bills(conn: Connection, estate: str, basis: FeeBasis, day: date) -> list[BillRow]:
    """The bills of an estate that charge for days after the end of its contracts, which nobody serves."""
    ends = basis.unserved(day - _LOOKED_AFTER, day)
    return [row for number, end in ends.items() for row in bills.beyond(conn, estate, number, end)]


def take_off_unserved(product: Product, day: date) -> None:
    """Shorten or void the bills that reach beyond the end of their contract. Doing it again changes nothing.

    What people have to settle first is left alone: a waived part, a penalty that hangs on it, a closed month.
    """
    with product.database.follower.connection() as conn:  # the product itself looks at all estates
        codes = [estate.code for estate in estates.mine(conn)]
    done = left = 0
    for code in codes:
        basis = product.log.load(FEE_BASIS, fee_basis_stream(code)).state
        with product.database.follower.connection() as conn:
            found = unserved_bills(conn, code, basis, day)
        ask = by_itself(code)
        for row in found:
            try:
                product.handler.do(ask, end_bill(row))
                done += 1
            except (Refusal, TryLater):  # the next round comes within the hour
                left += 1
    if done:
        log.info("unserved_taken_off", count=done)
    if left:
        log.info("unserved_left", count=left)
