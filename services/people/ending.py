"""What ends somebody's work asks on a page of its own first: what follows, what is in hand, and who takes it over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi.responses import Response

from domain.access.account import AccountGround
from domain.capacity import STATION, Capacity
from domain.people import person as posts
from domain.people.person import PERSON, Person
from domain.recorded import Act
from domain.refusal import Refusal
from projections.people import people
from projections.people.people import PersonRow
from services.console.visit import Visit
from services.http.problems import detail, problem_of
from services.http.who import READING
from services.log.not_found import NotFound
from services.people.in_hand import Left, OrdersInHand


@dataclass(frozen=True, slots=True)
class Ending:
    """``act`` names its words: ``ending-ACT`` and ``ending-ACT-follows``. It is sent to ``address`` with ``hidden``.

    ``for_good`` cannot be undone; ``here`` is the entry of the rail that it belongs to.
    """

    act: str
    command: posts.Command
    address: str
    back: str
    hidden: tuple[tuple[str, str], ...] = ()
    for_good: bool = False
    here: str = "people"
    grounds: tuple[AccountGround, ...] = ()  # reasons to choose from


def page_of(visit: Visit, person: UUID, ending: Ending, said: str = "", status: int = 200) -> Response:
    """The page that asks. Raises ``NotFound`` for whom the visitor may not see."""
    now = visit.voice.now
    with visit.lend() as conn:
        row = people.person(conn, person)
        if row is None:
            raise NotFound
        known = people.everybody(conn, sorted(visit.member.estates))
    after = row.state
    try:
        after = _after(row.state, ending.command, visit, now)
    except Refusal as refusal:
        problem = problem_of(refusal)
        said, status = said or detail(visit.viewer.language, problem), problem.status
    estates = sorted({post.estate for post in row.state.posts})
    with visit.product.database.lend(estates) as conn:
        left = visit.product.part(OrdersInHand).left(conn, person, after, estates, now)
    return visit.html(
        "ending.html",
        status=status,
        here=ending.here,
        row=row,
        ending=ending,
        capacity=dict(ending.hidden).get("capacity"),
        said=said,
        left=left,
        shown=visit.member.capacity in READING,
        successors=_successors(known, row.person, left, estates, now),
    )


def _after(person: Person, command: posts.Command, visit: Visit, now: datetime) -> Person:
    act = Act(visit.member.person, visit.member.capacity, now, now)
    return PERSON.fold([(event, act) for event in PERSON.consider(command, person, act)], person)


def _successors(
    known: Sequence[PersonRow], person: UUID, left: Left, estates: Sequence[str], now: datetime
) -> list[PersonRow]:
    """Who could take over: somebody there for that kind of work in one of these estates."""
    wanted = frozenset({Capacity.RED_STEWARD}) if left.steward else frozenset()
    wanted |= STATION if left.desk else frozenset()
    return [
        row
        for row in known
        if row.person != person
        and row.name
        and not row.state.disabled
        and row.state.absent_at(now) is None
        and any(row.state.stays(wanted, estate, now) for estate in estates)
    ]
