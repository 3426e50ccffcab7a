"""What the passing of days brings to contracts: reminders, indefinite terms, ends."""

from contextlib import suppress
from datetime import date

from domain.contracts.fee_basis import LetTimePass
from domain.recorded import Unreadable
from projections.estates import estates
from services.commands.ask import by_itself
from services.contracts.plans import on_fee_basis
from services.product import Product


def let_contracts_live(product: Product, day: date) -> None:
    """Reminders of terms, indefinite terms and ends of contracts, as far as the calendar has come."""
    with product.database.follower.connection() as conn:  # the product itself looks at all estates
        codes = [estate.code for estate in estates.mine(conn)]
    for code in codes:
        with suppress(Unreadable):  # another estate's calendar goes on
            product.handler.do(by_itself(code), on_fee_basis(code, LetTimePass(day)))
