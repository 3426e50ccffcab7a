"""Statements of account (对账单): on paper, on a page, and by a private address."""

from services.account_statements import api, pages, paper_api
from services.account_statements.spanning import RULES
from services.capability import Capability

CAPABILITY = Capability(
    api=(api.router, paper_api.router),
    pages=(pages.router,),
    spanning=RULES,
)
