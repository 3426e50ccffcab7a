"""Races over people: who is let go, who takes over, and who is left to let others in."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.capacity import Capacity
from domain.cases import work_order as orders
from domain.cases.issue import ISSUE, IssueNoted
from domain.cases.work_order import WORK_ORDER
from domain.cash.drawer import DrawerOpened, OpenDrawer
from domain.decider import Decider
from domain.people import person as people
from domain.people.person import PERSON, StewardRole
from domain.people.person_duty import AbsenceKind
from domain.recorded import Recorded
from services.cases.plans import NewIssue, note_issue, on_work_order
from services.cash.plans import on_drawer
from services.people.plans import on_person, register_person
from services.sessions.accounts import Accounts
from tests.clock import PATIENCE
from tests.spanning.cases import ordered
from tests.spanning.grounds import Estate, Grounds, Round, exactly_one, never_after, race


def steward(ground: Grounds) -> UUID:
    person, since = uuid4(), ground.product.clock() - timedelta(days=30)
    enrolled = people.StewardEnrolled((StewardRole.REPAIRER,))
    attached = people.StewardAttachedToEstate(ground.estate.code, since)
    ground.tell(None, (PERSON, person, [people.PersonRegistered("红管家"), enrolled, attached]))
    return person


def now(ground: Grounds, decider: Decider[Any, Any, Any], stream: UUID) -> Any:
    """The state as the log has it."""
    return decider.fold([(each.event, each.act) for each in ground.product.log.history(stream)])


def nothing_left(ground: Grounds, person: UUID, *streams: UUID) -> Any:
    """Whoever let the person go left nothing that the person answers for."""

    def holds(happened: Sequence[Recorded[Any]]) -> bool:
        gone = any(isinstance(each.event, people.StewardReleasedFromEstate | people.StationStaffRelieved)
                   for each in happened)  # fmt: skip
        noted = [each.stream for each in happened if isinstance(each.event, IssueNoted)]
        owners = {now(ground, ISSUE, each).owner for each in noted}
        for each in streams:
            state = now(ground, WORK_ORDER, each)
            owners |= {state.owner, state.steward, state.desk}
        return not gone or person not in owners

    return holds


@race("SPAN-14")
def sent_while_leave_is_planned(ground: Grounds) -> Round:
    _, order = ordered(ground)
    who, moment = steward(ground), ground.product.clock()
    leave = people.PlanAbsence(AbsenceKind.LEAVE, moment - timedelta(hours=1), moment + timedelta(days=3))
    return Round(
        ground.head(lambda: on_work_order(order, orders.DispatchSteward(who))),
        ground.head(lambda: on_person(who, leave), there=True),
        never_after(people.AbsencePlanned, orders.WorkOrderDispatched),
    )


@race("SPAN-14", "SPAN-15")
def sent_while_released_with_a_successor(ground: Grounds) -> Round:
    _, order = ordered(ground)
    who, other = steward(ground), steward(ground)
    release = people.ReleaseStewardFromEstate(ground.estate.code, ground.product.clock(), other)
    return Round(
        ground.head(lambda: on_work_order(order, orders.DispatchSteward(who))),
        ground.head(lambda: on_person(who, release), there=True),
        nothing_left(ground, who, order),
    )


@race("SPAN-15")
def taken_on_while_the_successor_leaves(ground: Grounds) -> Round:
    one, two = steward(ground), steward(ground)
    _, order = ordered(ground, orders.WorkOrderDispatched(one))
    moment, code = ground.product.clock(), ground.estate.code

    def holds(happened: Sequence[Recorded[Any]]) -> bool:
        gone = {each.stream for each in happened if isinstance(each.event, people.StewardReleasedFromEstate)}
        return now(ground, WORK_ORDER, order).steward not in gone

    return Round(
        ground.head(lambda: on_person(one, people.ReleaseStewardFromEstate(code, moment, two))),
        ground.head(lambda: on_person(two, people.ReleaseStewardFromEstate(code, moment)), there=True),
        holds,
    )


@race("SPAN-15")
def noted_while_relieved_with_a_successor(ground: Grounds) -> Round:
    clerk, code = ground.person(ground.estate, Capacity.DISPATCHER), ground.estate.code
    relief = people.Relieve(Capacity.DISPATCHER, code, ground.product.clock(), ground.estate.head)
    return Round(
        ground.does(clerk, Capacity.DISPATCHER, lambda: note_issue(NewIssue(code, "路灯不亮"))),
        ground.admin(lambda: on_person(clerk, relief), there=True),
        nothing_left(ground, clerk),
    )


@race("SPAN-39")
def relieved_while_the_drawer_is_opened(ground: Grounds) -> Round:
    clerk, code = ground.person(ground.estate, Capacity.CASHIER), ground.estate.code
    relief = people.Relieve(Capacity.CASHIER, code, ground.product.clock())
    return Round(
        ground.does(clerk, Capacity.CASHIER, lambda: on_drawer(code, OpenDrawer(code, 0))),
        ground.admin(lambda: on_person(clerk, relief), there=True),
        exactly_one_of(DrawerOpened, people.StationStaffRelieved),
    )


def exactly_one_of(*kinds: type[Any]) -> Any:
    return lambda happened: sum(isinstance(each.event, kinds) for each in happened) == 1


def two_administrators(ground: Grounds) -> tuple[Estate, UUID, UUID]:
    """An estate with two who can sign in as its administrators."""
    estate = ground.new_estate()
    both = [ground.person(estate, Capacity.ADMINISTRATOR) for _ in range(2)]
    for each in both:
        ground.product.part(Accounts).create(f"a{each.hex[:12]}", each)
    last = ground.product.log.last_position()
    assert ground.product.positions.wait("people", last, PATIENCE)
    return estate, both[0], both[1]


def one_is_left(ground: Grounds, estate: Estate, *both: UUID) -> Any:
    def holds(happened: Sequence[Recorded[Any]]) -> bool:
        states = [now(ground, PERSON, each) for each in both]
        moment, post = ground.product.clock(), {Capacity.ADMINISTRATOR}
        return any(not each.disabled and each.stays(post, estate.code, moment) for each in states)

    return holds


@race("SPAN-03")
def two_administrators_disable_each_other(ground: Grounds) -> Round:
    estate, one, two = two_administrators(ground)
    post = Capacity.ADMINISTRATOR
    return Round(
        ground.does(one, post, lambda: on_person(two, people.DisablePerson()), estate),
        ground.does(two, post, lambda: on_person(one, people.DisablePerson()), estate, there=True),
        one_is_left(ground, estate, one, two),
    )


@race("SPAN-03")
def two_administrators_leave(ground: Grounds) -> Round:
    estate, one, two = two_administrators(ground)
    post, moment = Capacity.ADMINISTRATOR, ground.product.clock()
    relief = people.Relieve(post, estate.code, moment)
    later = people.Relieve(post, estate.code, moment + timedelta(days=3))  # one that runs out counts as none
    return Round(
        ground.does(one, post, lambda: on_person(one, relief), estate),
        ground.does(two, post, lambda: on_person(two, later), estate, there=True),
        one_is_left(ground, estate, one, two),
    )


@race("SPAN-04")
def registered_twice_by_one_phone(ground: Grounds) -> Round:
    phone = f"139{uuid4().int % 10**8:08d}"
    return Round(
        ground.head(lambda: register_person(people.RegisterPerson("林静怡", phone))),
        ground.head(lambda: register_person(people.RegisterPerson("林小姐", f"+86 {phone}")), there=True),
        exactly_one(people.PersonRegistered),
    )
