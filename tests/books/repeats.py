"""What comes of commands about the books and about private addresses that are given once more."""

from dataclasses import replace
from uuid import UUID

from domain.account_statements import link
from domain.account_statements.link import STATEMENT_LINK
from domain.books import books
from domain.books.books import BOOKS
from tests.books.examples import DWELLING, ESTATE, FIGURES, OWNER
from tests.repeats import Repeat, harmless, refused
from tests.scenario import Scenario

_OPEN = Scenario(BOOKS, BOOKS.initial)
_LOCKED = _OPEN.when(books.LockMonth(ESTATE, "2026-10"))
_NO_LINK = Scenario(STATEMENT_LINK, STATEMENT_LINK.initial)
_ISSUE = link.IssueStatementLink(ESTATE, DWELLING, OWNER, 30)
_ISSUED = _NO_LINK.when(_ISSUE)

REPEATS: tuple[Repeat, ...] = (
    harmless(_OPEN, books.LockMonth(ESTATE, "2026-10"), books.LockMonth(ESTATE, "2026-09")),
    refused(_LOCKED, books.CloseMonth("2026-10", 4711, FIGURES), "month_closed",
            books.CloseMonth("2026-10", 4712, FIGURES)),
    harmless(_NO_LINK, _ISSUE, replace(_ISSUE, owner=UUID(int=0x9001))),
    harmless(_ISSUED, link.RevokeStatementLink()),
    harmless(_ISSUED, link.NoteStatementRead()),
)  # fmt: skip
