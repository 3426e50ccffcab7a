"""Rules over several streams: lines of statements and payments."""

from domain.fees.fee_account import FEE_ACCOUNT
from domain.reconciliation.line import STATEMENT_LINE
from services.commands.spanning import Held, SpanningRule

RULES = (
    SpanningRule(
        "SPAN-62",
        "An earlier line is one line at most of each file that holds it again.",
        (STATEMENT_LINE.name,),
        (STATEMENT_LINE.name,),
        (Held.READ, Held.QUIET),
    ),
    SpanningRule(
        "SPAN-60",
        "A line of a statement is about one payment, or one refund that came back, and each of them about one line.",
        (STATEMENT_LINE.name, FEE_ACCOUNT.name),
        (),
        (Held.TOGETHER,),
    ),
    SpanningRule(
        "SPAN-61",
        "A matched line waits again only with its refund, or once its payment is reversed, or is one of the desk.",
        (STATEMENT_LINE.name,),
        (FEE_ACCOUNT.name,),
    ),
)
