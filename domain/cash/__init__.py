"""Cash (现金): the drawer of one cashier, counted down to the fen."""

from domain.cash.drawer import CASH_DRAWER

DECIDERS = (CASH_DRAWER,)
