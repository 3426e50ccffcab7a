"""Rules over several streams: accounts and what they rest on."""

from domain.cash.drawer import CASH_DRAWER
from domain.contracts.fee_basis import FEE_BASIS
from domain.fees.fee_account import FEE_ACCOUNT
from domain.fees.invoice_number import INVOICE_NUMBER
from domain.fees.provider_number import PROVIDER_NUMBER
from domain.fees.receipt_book import RECEIPT_BOOK
from domain.register.dwelling import DWELLING
from domain.register.owner import OWNER
from services.commands.spanning import Held, SpanningRule

RULES = (
    SpanningRule(
        "SPAN-30",
        "Every dwelling of the register has its account.",
        (DWELLING.name, FEE_ACCOUNT.name),
        (),
        (Held.TOGETHER,),
    ),
    SpanningRule(
        "SPAN-31",
        "A dwelling for which anything was billed or paid stays in the register; so does the ownership of a payer.",
        (DWELLING.name,),
        (FEE_ACCOUNT.name,),
    ),
    SpanningRule(
        "SPAN-32",
        "Nothing is billed, paid, drawn or invoiced for a dwelling that was withdrawn.",
        (FEE_ACCOUNT.name,),
        (DWELLING.name,),
    ),
    SpanningRule(
        "SPAN-33",
        "Nobody is forgotten while anything is owed either way, or an invoice has to be kept.",
        (OWNER.name,),
        (FEE_ACCOUNT.name,),
        (Held.READ, Held.QUIET),
    ),
    SpanningRule(
        "SPAN-34",
        "Nobody is billed, and nobody pays, who was forgotten.",
        (FEE_ACCOUNT.name,),
        (OWNER.name,),
    ),
    SpanningRule(
        "SPAN-35",
        "Every payment has its receipt, and every receipt its payment.",
        (FEE_ACCOUNT.name, RECEIPT_BOOK.name),
        (),
        (Held.TOGETHER,),
    ),
    SpanningRule(
        "SPAN-36",
        "Cash comes and goes through an open drawer.",
        (FEE_ACCOUNT.name, CASH_DRAWER.name),
        (),
        (Held.TOGETHER,),
    ),
    SpanningRule(
        "SPAN-37",
        "No number of the tax office stands for two invoices.",
        (FEE_ACCOUNT.name, INVOICE_NUMBER.name),
        (),
        (Held.TOGETHER,),
    ),
    SpanningRule(
        "SPAN-38",
        "Money is held in advance, and settles debts, as the contract in force says.",
        (FEE_ACCOUNT.name,),
        (FEE_BASIS.name,),
    ),
    SpanningRule(
        "SPAN-45",
        "A provider's number is taken a second time at the desk only by whoever says that it is another payment.",
        (FEE_ACCOUNT.name, PROVIDER_NUMBER.name),
        (),
        (Held.TOGETHER,),
    ),
)
