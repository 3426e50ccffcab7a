"""Rules over several streams: what debtors are asked for."""

from domain.arrears.dunning import DUNNING
from domain.fees.fee_account import FEE_ACCOUNT
from domain.people.person import PERSON
from domain.register.dwelling import DWELLING
from domain.register.owner import OWNER
from services.commands.spanning import SpanningRule

RULES = (
    SpanningRule(
        "SPAN-70",
        "Only what is open at that moment is claimed, of whoever owes it.",
        (DUNNING.name,),
        (FEE_ACCOUNT.name,),
    ),
    SpanningRule(
        "SPAN-71",
        "Nobody is asked to pay for a dwelling that was withdrawn.",
        (DUNNING.name,),
        (DWELLING.name,),
    ),
    SpanningRule(
        "SPAN-72",
        "A demand is served by somebody of the station.",
        (DUNNING.name,),
        (PERSON.name,),
    ),
    SpanningRule(
        "SPAN-73",
        "No penalty is added to a debt that is disputed.",
        (FEE_ACCOUNT.name,),
        (DUNNING.name,),
    ),
    SpanningRule(
        "SPAN-74",
        "Nobody lets go of what is owed for a dwelling of his own.",
        (FEE_ACCOUNT.name,),
        (DWELLING.name, OWNER.name),
    ),
)
