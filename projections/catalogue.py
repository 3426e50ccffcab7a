"""All views there are."""

from typing import Any

from projections.accounts import ACCOUNTS
from projections.bills import BILLS
from projections.drawers import DRAWERS
from projections.dunnings import DUNNINGS
from projections.dwellings import DWELLINGS
from projections.estates import REGISTER
from projections.history import HISTORY
from projections.invoices import INVOICE_PAYERS, INVOICES
from projections.notebook import NOTEBOOK
from projections.orders import ORDERS
from projections.owners import OWNERS
from projections.payments import PAYMENTS
from projections.people import PEOPLE
from projections.projection import View
from projections.refunds import REFUNDS
from projections.statement_lines import STATEMENT_LINES
from projections.statement_links import STATEMENT_LINKS

VIEWS: tuple[View[Any], ...] = (
    NOTEBOOK,
    ORDERS,
    HISTORY,
    PEOPLE,
    REGISTER,
    DRAWERS,
    DUNNINGS,
    INVOICES,
    INVOICE_PAYERS,
    BILLS,
    PAYMENTS,
    ACCOUNTS,
    DWELLINGS,
    OWNERS,
    REFUNDS,
    STATEMENT_LINES,
    STATEMENT_LINKS,
)
