"""Rules over several streams: private addresses of statements."""

from domain.account_statements.link import STATEMENT_LINK
from domain.register.dwelling import DWELLING
from services.commands.spanning import SpanningRule

RULES = (
    SpanningRule(
        "SPAN-80",
        "An address is given to whoever owns a dwelling of the register now.",
        (STATEMENT_LINK.name,),
        (DWELLING.name,),
    ),
)
