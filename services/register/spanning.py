"""Rules over several streams: dwellings and their owners."""

from domain.people.person import PERSON
from domain.register.dwelling import DWELLING
from domain.register.owner import OWNER
from services.commands.spanning import Held, SpanningRule

RULES = (
    SpanningRule(
        "SPAN-20",
        "Only an owner of the same estate who is not forgotten comes to own a dwelling.",
        (DWELLING.name,),
        (OWNER.name,),
    ),
    SpanningRule(
        "SPAN-21",
        "Nobody is forgotten who owns something in the register.",
        (OWNER.name,),
        (DWELLING.name,),
        (Held.READ, Held.QUIET),
    ),
    SpanningRule(
        "SPAN-22",
        "Only somebody who is registered is named as the owner who works here.",
        (OWNER.name,),
        (PERSON.name,),
    ),
)
