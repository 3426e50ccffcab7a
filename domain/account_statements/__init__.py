"""Statements of account (对账单) that owners read by a private address."""

from domain.account_statements.link import STATEMENT_LINK

DECIDERS = (STATEMENT_LINK,)
