"""The last administrator of an estate cannot be lost: nobody could give posts and accounts there any more.

One counts who holds the post without an end, is not disabled, and has an account to sign in with. Accounts are switched
off only with the person (``switching``), so that what counts stands in the log.
"""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from domain.capacity import Capacity
from domain.people.person import PERSON, Person, PersonDisabled, PersonForgotten, StationStaffRelieved
from domain.recorded import Act
from domain.refusal import refuse_if
from projections.people import people
from services.commands.plan import Attempt
from services.commands.spanning import SpanningRule
from services.log.event_log import Change

RULES = (
    SpanningRule(
        "SPAN-03",
        "Every estate that has an administrator who can sign in keeps one.",
        (PERSON.name,),
        (PERSON.name,),
    ),
)
_ENDING = (StationStaffRelieved, PersonDisabled, PersonForgotten)
_POST = frozenset({Capacity.ADMINISTRATOR})


def administrator_stays(attempt: Attempt, changes: Sequence[Change]) -> None:
    """Refuses ``last_administrator``."""
    for change in changes:
        if change.category != PERSON.name or not any(isinstance(each, _ENDING) for each in change.events):
            continue
        before = attempt.at(PERSON, change.stream).state
        after = PERSON.fold([(event, change.act) for event in change.events], before)
        lost = _estates(before, change.act) - _estates(after, change.act)
        if lost and _with_account(attempt, [change.stream]):
            for estate in sorted(lost):
                refuse_if(not _others(attempt, estate, change), "last_administrator")


def _others(attempt: Attempt, estate: str, change: Change) -> bool:
    """Whether somebody else is there; of every one who is asked, the version read is checked by the append."""
    with attempt.reach.database.lend([estate]) as conn:
        rows = people.everybody(conn, [estate])
    able = _with_account(attempt, [row.person for row in rows if row.person != change.stream])
    return any(estate in _estates(attempt.at(PERSON, each).state, change.act) for each in sorted(able))


def _estates(person: Person, act: Act) -> frozenset[str]:
    """Where this person is an administrator for good."""
    if person.disabled or person.forgotten is not None:
        return frozenset()
    estates = {post.estate for post in person.posts}
    return frozenset(each for each in estates if person.stays(_POST, each, act.recorded_at))


def _with_account(attempt: Attempt, people: Iterable[UUID]) -> Collection[UUID]:
    """Which of these can sign in."""
    with attempt.reach.database.app.connection() as conn:
        rows = conn.execute(
            "SELECT DISTINCT person FROM access.accounts WHERE person = ANY(%s) AND disabled_at IS NULL",
            (list(people),),
        )
        return {person for (person,) in rows}
