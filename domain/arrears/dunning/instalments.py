"""Plans of instalments: how they may be agreed, and when they are broken."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from domain.arrears.dunning.events import Event, InstalmentPlanBroken
from domain.arrears.dunning.state import Dunning
from domain.arrears.dunning.vocabulary import Instalment
from domain.refusal import reject_if

LONGEST_PLAN = timedelta(days=3 * 366)
MOST_INSTALMENTS = 36


def check_instalments(instalments: Sequence[Instalment], total: int, today: date) -> None:
    days = [each.due for each in instalments]
    reject_if(not 1 <= len(days) <= MOST_INSTALMENTS, "instalment_count", field="instalments", most=MOST_INSTALMENTS)
    in_order = all(before < after for before, after in pairwise(days))
    within = today <= days[0] and days[-1] <= today + LONGEST_PLAN
    reject_if(not (in_order and within), "instalment_days", field="instalments")
    reject_if(any(each.amount <= 0 for each in instalments), "amount", field="instalments")
    planned = sum(each.amount for each in instalments)
    reject_if(planned != total, "instalment_sum", field="instalments", planned=planned, total=total)


def instalments_checked(dunning: Dunning, plan: UUID, still_open: int, today: date) -> Sequence[Event]:
    found = next((each for each in dunning.running_plans() if each.plan == plan), None)
    if found is None:
        return []
    paid, expected = found.total - still_open, 0
    for each in found.instalments:
        expected += each.amount
        if each.due < today and paid < expected:
            due_by_now = sum(other.amount for other in found.instalments if other.due < today)
            return [InstalmentPlanBroken(plan, each.due, due_by_now - paid)]
    return []
