"""Fees: accounts, payments, refunds, receipts and invoices."""
