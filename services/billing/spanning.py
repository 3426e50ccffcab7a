"""Rules over several streams: what is charged, and on what ground."""

from domain.billing.bill_run import BILL_RUN
from domain.cases.work_order import WORK_ORDER
from domain.contracts.fee_basis import FEE_BASIS
from domain.fees.fee_account import FEE_ACCOUNT
from domain.register.dwelling import DWELLING
from services.commands.spanning import Held, SpanningRule

RULES = (
    SpanningRule(
        "SPAN-40",
        "Nothing is charged but by a contract and prices that are in force.",
        (FEE_ACCOUNT.name,),
        (FEE_BASIS.name,),
    ),
    SpanningRule(
        "SPAN-41",
        "A run is confirmed only on the contract and prices of its preview.",
        (BILL_RUN.name,),
        (FEE_BASIS.name,),
    ),
    SpanningRule(
        "SPAN-42",
        "Only whoever owns or owned a dwelling is charged for it.",
        (FEE_ACCOUNT.name,),
        (DWELLING.name,),
    ),
    SpanningRule(
        "SPAN-43",
        "Work in a home is charged once, to one dwelling.",
        (FEE_ACCOUNT.name, WORK_ORDER.name),
        (),
        (Held.TOGETHER,),
    ),
    SpanningRule(
        "SPAN-44",
        "A bill for work in a home is never corrected beyond what was agreed to.",
        (FEE_ACCOUNT.name,),
        (WORK_ORDER.name,),
    ),
)
