"""Rules over several streams: closed months."""

from domain.billing.bill_run import BILL_RUN
from domain.books.books import BOOKS
from domain.fees.fee_account import FEE_ACCOUNT
from services.commands.spanning import SpanningRule

RULES = (
    SpanningRule(
        "SPAN-50",
        "Nothing that moves money is dated in a closed month.",
        (FEE_ACCOUNT.name, BILL_RUN.name),
        (BOOKS.name,),
    ),
)
