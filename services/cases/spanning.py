"""Rules over several streams: lines of the notebook, their orders, and who is sent."""

from domain.cases.issue import ISSUE
from domain.cases.work_order import WORK_ORDER
from domain.people.person import PERSON
from services.commands.spanning import Held, SpanningRule

RULES = (
    SpanningRule(
        "SPAN-10",
        "A line becomes one order, and every order comes of one line; where that was a mistake, both go back.",
        (ISSUE.name, WORK_ORDER.name),
        (),
        (Held.TOGETHER,),
    ),
    SpanningRule(
        "SPAN-11",
        "No case is forgotten while its order is under way.",
        (ISSUE.name,),
        (WORK_ORDER.name,),
    ),
    SpanningRule(
        "SPAN-12",
        "No order is opened again once its case is forgotten.",
        (WORK_ORDER.name,),
        (ISSUE.name,),
    ),
    SpanningRule(
        "SPAN-13",
        "A line is merged into one of its estate that is itself neither merged nor dropped.",
        (ISSUE.name,),
        (ISSUE.name,),
    ),
    SpanningRule(
        "SPAN-14",
        "Only a steward who is attached to the estate, and is there, is sent.",
        (WORK_ORDER.name,),
        (PERSON.name,),
    ),
    SpanningRule(
        "SPAN-15",
        "Nobody's work ends while something is in hand, unless another one takes it over in the same act.",
        (PERSON.name, WORK_ORDER.name, ISSUE.name),
        (WORK_ORDER.name, ISSUE.name, PERSON.name),
        (Held.READ, Held.TOGETHER, Held.QUIET),
    ),
)
