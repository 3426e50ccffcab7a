"""Examples of closing the books, and of private addresses of statements."""

from datetime import date
from typing import Any
from uuid import UUID

from domain.account_statements import link as statement_link
from domain.books import books
from domain.books.books import MonthFigures, Share

ESTATE = "350902002999-001"
DWELLING, OWNER = UUID(int=0x400), UUID(int=0x401)
FIGURES = MonthFigures(
    receivable_begin=100000,
    billed=50000,
    voided=7000,
    waived=3000,
    unwaived=1000,
    settled=60000,
    unsettled=4000,
    receivable_end=85000,
    held_begin=2000,
    received=70000,
    reversed=3000,
    refunded=1000,
    held_end=12000,
    held_in=12000,
    held_out=2000,
    bills=8,
    payments=3,
    by_method=(Share("CASH", 30000), Share("WECHAT", 40000)),
    reversed_by_method=(Share("CASH", 3000),),
    refunded_by_method=(Share("CASH", 1000),),
    billed_by_item=(Share("PROPERTY_FEE", 50000),),
    settled_by_item=(Share("PROPERTY_FEE", 56000),),
)

COMMANDS: tuple[Any, ...] = (
    books.LockMonth(ESTATE, "2026-10"),
    books.CloseMonth("2026-10", 4711, FIGURES),
    statement_link.IssueStatementLink(ESTATE, DWELLING, OWNER, 30),
    statement_link.RevokeStatementLink(),
    statement_link.NoteStatementRead(),
)

EVENTS: tuple[Any, ...] = (
    books.MonthLocked(ESTATE, "2026-10"),
    books.MonthClosed("2026-10", 4711, FIGURES),
    statement_link.StatementLinkIssued(ESTATE, DWELLING, OWNER, date(2026, 12, 23)),
    statement_link.StatementLinkRevoked(),
    statement_link.StatementRead(),
)
