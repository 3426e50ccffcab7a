"""Nobody's post for money ends, and nobody is forgotten, whose drawer is open: its cash is counted first."""

from collections.abc import Sequence

from domain.capacity import MONEY
from domain.cash.drawer import CASH_DRAWER, drawer_stream
from domain.people.person import PERSON, PersonForgotten, StationStaffRelieved
from domain.refusal import refuse_if
from services.commands.plan import Attempt
from services.commands.spanning import SpanningRule
from services.log.event_log import Change

RULES = (
    SpanningRule(
        "SPAN-39",
        "Nobody's post for money ends while the drawer is open.",
        (PERSON.name,),
        (CASH_DRAWER.name,),
    ),
)


def drawer_closed(attempt: Attempt, changes: Sequence[Change]) -> None:
    """Refuses ``drawer_left_open``. Whoever keeps the accounts may count and close what somebody left open."""
    for change in changes:
        ending = any(isinstance(each, StationStaffRelieved | PersonForgotten) for each in change.events)
        if change.category != PERSON.name or not ending:
            continue
        before = attempt.at(PERSON, change.stream).state
        after = PERSON.fold([(event, change.act) for event in change.events], before)
        for estate in sorted({post.estate for post in before.posts if post.capacity in MONEY}):
            if after.forgotten is None and after.stays(MONEY, estate, change.act.recorded_at):
                continue
            drawer = attempt.at(CASH_DRAWER, drawer_stream(estate, change.stream)).state
            refuse_if(drawer.opened_at is not None, "drawer_left_open")
