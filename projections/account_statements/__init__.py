"""Private addresses of statements that were given out."""

from projections.account_statements.links import STATEMENT_LINKS

VIEWS = (STATEMENT_LINKS,)
