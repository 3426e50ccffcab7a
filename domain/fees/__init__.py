"""Fees (收费): the account of a dwelling with its bills, payments, refunds, receipts and invoices."""

from domain.fees.fee_account import FEE_ACCOUNT
from domain.fees.invoice_number import INVOICE_NUMBER
from domain.fees.provider_number import PROVIDER_NUMBER
from domain.fees.receipt_book import RECEIPT_BOOK

DECIDERS = (FEE_ACCOUNT, INVOICE_NUMBER, PROVIDER_NUMBER, RECEIPT_BOOK)
CLEAR = frozenset({"contract", "clause", "receipt", "rule", "red_number"})  # texts that are not personal
