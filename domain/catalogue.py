"""All there is: the deciders, and the stored name of every event."""

from typing import Any

from domain.bill_run import BILL_RUN
from domain.books import BOOKS
from domain.cash_drawer import CASH_DRAWER
from domain.decider import Decider
from domain.dunning import DUNNING
from domain.dwelling import DWELLING
from domain.estate import ESTATE
from domain.fee_account import FEE_ACCOUNT
from domain.fee_basis import FEE_BASIS
from domain.invoice_number import INVOICE_NUMBER
from domain.issue import ISSUE
from domain.notebook_import import NOTEBOOK_IMPORT
from domain.owner import OWNER
from domain.person import PERSON
from domain.receipt_book import RECEIPT_BOOK
from domain.register_import import REGISTER_IMPORT
from domain.statement_file import STATEMENT_FILE
from domain.statement_line import STATEMENT_LINE
from domain.statement_link import STATEMENT_LINK
from domain.work_order import WORK_ORDER

DECIDERS: tuple[Decider[Any, Any, Any], ...] = (
    ISSUE,
    WORK_ORDER,
    PERSON,
    ESTATE,
    NOTEBOOK_IMPORT,
    CASH_DRAWER,
    DUNNING,
    DWELLING,
    OWNER,
    REGISTER_IMPORT,
    FEE_ACCOUNT,
    RECEIPT_BOOK,
    FEE_BASIS,
    BILL_RUN,
    BOOKS,
    STATEMENT_LINK,
    INVOICE_NUMBER,
    STATEMENT_FILE,
    STATEMENT_LINE,
)

EVENTS: dict[str, type[Any]] = {event.__name__: event for decider in DECIDERS for event in decider.events}
COMMANDS: dict[str, type[Any]] = {command.__name__: command for decider in DECIDERS for command in decider.commands}
DECIDER_OF: dict[type[Any], Decider[Any, Any, Any]] = {
    kind: decider for decider in DECIDERS for kind in (*decider.commands, *decider.events)
}
