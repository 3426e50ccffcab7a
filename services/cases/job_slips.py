"""Job slips (派工单): a page for each order with lines to sign; contact data only on record, for who may see them."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from domain.cases import issue as issues
from domain.cases.issue import ViewContact
from domain.catalogue import may
from domain.masks import masked_name
from projections.cases import notebook, orders
from projections.cases.notebook import IssueLine
from projections.cases.orders import OrderCard
from projections.estates import estates
from projections.people import people
from services.cases import plans as case_plans
from services.commands.ask import Answer, Forbidden
from services.commands.plan import PlanFor
from services.console.render import Voice
from services.log.not_found import NotFound
from services.paper.press import pressed, said_in
from services.product import Product
from services.sessions.member import Member

TEMPLATE = "cases/job_slip.typ"
_LONGEST = 600  # signs of a text that stay on one page

Viewing = Callable[[UUID, PlanFor[Any]], Answer]


def printed(
    product: Product, who: Member, estate: str, wanted: Sequence[UUID], language: str, view: Viewing | None
) -> bytes:
    """The slips of these orders of the estate as one PDF, in the order in which they are named.

    ``view`` puts it on record that contact data of a line are looked at; ``None`` prints them masked.
    Raises ``NotFound`` for an order of others, ``Forbidden`` where contact data are asked for that one may not see.
    """
    if view is not None and not may(who.capacity, ViewContact):
        raise Forbidden("capacity", capacity=who.capacity)
    with product.lend(who) as conn:
        cards = orders.of_orders(conn, wanted)
        if any(each not in cards or cards[each].estate != estate for each in wanted):
            raise NotFound
        lines = notebook.of_issues(conn, [card.issue for card in cards.values()])
        row = estates.estate(conn, estate)
        names = people.named(conn, [who.person, *(card.state.steward for card in cards.values() if card.state.steward)])
    voice = Voice(language, product.clock())
    seen = set()
    for line in lines.values():
        if view is not None and (line.phone or line.reporter):
            view(line.issue, case_plans.on_issue(line.issue, issues.ViewContact(voice.say("slips-why"))))
            seen.add(line.issue)
    name = row.name if row else estate
    facts = [_facts(cards[each], lines.get(cards[each].issue), name, names, who, voice, seen) for each in wanted]
    return pressed(TEMPLATE, facts, {word: voice.say(f"jobslip-{word}") for word in said_in(TEMPLATE)})


def _facts(
    card: OrderCard,
    line: IssueLine | None,
    estate: str,
    names: dict[UUID, str | None],
    who: Member,
    voice: Voice,
    seen: set[UUID],
) -> dict[str, Any]:
    text = card.text or voice.say("text-forgotten")
    shown = line is not None and line.issue in seen
    reporter, phone = (line.reporter, line.phone) if line else (None, None)
    steward = card.state.steward
    return {
        "number": card.number,
        "printed": voice.moment(voice.now),
        "place": voice.place(card),
        "inside": card.state.persons_inside,
        "estate": estate,
        "priority": voice.name(card.state.priority),
        "category": voice.name(card.state.category),
        "opened": voice.moment(card.opened_at),
        "steward": (names.get(steward) or voice.say("person-forgotten")) if steward else "–",
        "arrive": voice.moment(card.deadlines.arrive_by) if card.deadlines.arrive_by else "–",
        "by": names.get(who.person) or "",
        "fix": voice.moment(card.deadlines.fix_by) if card.deadlines.fix_by else "–",
        "reporter": (reporter if shown else masked_name(reporter)) or "–",
        "phone": (phone if shown else voice.masked(phone)) or "–",
        "text": text if len(text) <= _LONGEST else text[:_LONGEST] + "…",
    }
