"""Accounts, bills, payments, refunds and invoices as they stand."""

from projections.fees.accounts import ACCOUNTS
from projections.fees.bills import BILLS
from projections.fees.invoices import INVOICE_PAYERS, INVOICES
from projections.fees.payments import PAYMENTS
from projections.fees.refunds import REFUNDS

VIEWS = (ACCOUNTS, BILLS, INVOICE_PAYERS, INVOICES, PAYMENTS, REFUNDS)
