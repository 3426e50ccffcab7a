"""Proceedings that are pending and what hinders a claim: what limitation is reckoned from, stated with its proof."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.arrears.dunning.ladder import check_day, check_named
from domain.arrears.dunning.state import Dunning, Hindered
from domain.arrears.dunning.vocabulary import Hindrance
from domain.refusal import Refusal, refuse_done, refuse_if, reject_if

MOST_HINDRANCES = 100


def check_pending(dunning: Dunning, payer: UUID, bills: Sequence[UUID], on: date, today: date) -> None:
    """Proceedings about all of these bills are pending, and were so before the day on which they ended."""
    check_named(bills)
    pending = {bill: each.filed_on for each in dunning.pending(payer) for bill in each.bills}
    if any(bill not in pending for bill in bills):
        over = [
            each.told for each in dunning.suits if each.payer == payer and each.ended_on and {*bills} & {*each.bills}
        ]
        refuse_done(over[-1] if over else None, "no_proceedings")
        raise Refusal("no_proceedings")
    check_day(on, today)
    filed_on = max(pending[bill] for bill in bills)
    refuse_if(on < filed_on, "ended_before_filed", field="on", day=filed_on)


def check_hindrance(
    dunning: Dunning, payer: UUID, kind: Hindrance, since: date, until: date | None, today: date
) -> None:
    reject_if(since > today, "day_ahead", field="since")
    if until is not None:
        reject_if(until > today, "day_ahead", field="until")
        refuse_if(until < since, "ended_before_began", field="until", day=since)
    same = [each for each in dunning.hindrances if each.payer == payer and each.kind is kind and each.until is None]
    refuse_done(same[0].told if until is None and same else None, "hindrance_goes_on")
    refuse_if(len(dunning.hindrances) >= MOST_HINDRANCES, "hindrances_many", most=MOST_HINDRANCES)


def hindrance_going_on(dunning: Dunning, hindrance: UUID, on: date, today: date) -> Hindered:
    found = dunning.hindrance(hindrance)
    if found is None:
        raise Refusal("unknown_hindrance")
    refuse_done(found.told if found.until else None, "hindrance_ended", day=found.until)
    reject_if(on > today, "day_ahead", field="on")
    refuse_if(on < found.since, "ended_before_began", field="on", day=found.since)
    return found
