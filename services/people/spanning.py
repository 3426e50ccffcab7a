"""Rules over several streams: what an act needs of the people and of the place."""

from domain.estates.estate import ESTATE
from domain.people.person import PERSON
from services.commands.spanning import EVERY, Held, SpanningRule

RULES = (
    SpanningRule(
        "SPAN-01",
        "Whoever does something holds the post for it, in that estate, when it happens and when it is told.",
        (EVERY,),
        (PERSON.name,),
    ),
    SpanningRule(
        "SPAN-02",
        "Whatever is about a place names one on the map of its estate, which only grows.",
        (EVERY,),
        (ESTATE.name,),
    ),
    SpanningRule(
        "SPAN-04",
        "Nobody is registered a second time under a phone that is known.",
        (PERSON.name,),
        (PERSON.name,),
        (Held.READ, Held.QUIET),
    ),
)
