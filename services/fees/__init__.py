"""Fees (收费): accounts, payments, refunds, receipts and invoices."""

from domain.capacity import MONEY
from services.capability import Capability
from services.console.navigation import Rhythm, Tab
from services.fees import api, invoice_api, invoice_pages, receipt_api, refund_api, verify_pages
from services.fees.checks import MONEY_AND_DWELLINGS, RECEIPTS_AND_PAYMENTS
from services.fees.dwelling_accounts import account_opened, billed_stays, names_kept, put_on_what_stands
from services.fees.spanning import RULES
from services.fees.waiting import TO_MAKE_OUT

CAPABILITY = Capability(
    api=(invoice_api.router, api.router, refund_api.router, receipt_api.router),
    pages=(invoice_pages.router, verify_pages.router),
    tabs=(Tab("invoices", "/invoices/{estate}", 70, MONEY, Rhythm.MONTH, TO_MAKE_OUT),),
    guards=(put_on_what_stands, billed_stays, names_kept),
    companions=(account_opened,),
    spanning=RULES,
    checks=(MONEY_AND_DWELLINGS, RECEIPTS_AND_PAYMENTS),
)
