"""Billing (出账): from register, contract and prices to the bills of a period."""

from domain.billing.bill_run import BILL_RUN

DECIDERS = (BILL_RUN,)
