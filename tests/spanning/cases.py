"""Races over people, cases and the register: two acts at the same moment, of which a rule allows one."""

from datetime import timedelta
from uuid import UUID, uuid4

from domain.calendar import ServiceHours
from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.cases.category import Category, Priority
from domain.cases.issue import ISSUE, IssueNoted
from domain.cases.work_order import WORK_ORDER, WorkOrderOpened
from domain.erasure import ErasureGround
from domain.estates import estate as estates
from domain.estates.place import Part, Responsibility
from domain.fees.fee_account import FeeAccountOpened
from domain.people import person as people
from domain.people.person import PERSON, StewardRole
from domain.register.dwelling import BeginOwnership, DwellingRegistered, OwnershipBegan, RegisterDwelling
from domain.register.owner import (
    OWNER,
    ForgetOwner,
    NameOwnerStaff,
    OwnerForgotten,
    OwnerIsStaff,
    OwnerKind,
    OwnerRegistered,
)
from services.cases.plans import NewIssue, Promotion, note_issue, on_issue, on_work_order, promote
from services.commands.plan import Attempt, Plan, Planned
from services.estates.plans import on_estate
from services.log.known_states import Loaded
from services.people.plans import on_person
from services.register.plans import on_dwelling, on_owner, register_dwelling
from tests.spanning.grounds import Grounds, Round, exactly_one, never_after, not_both, race

GONE = ErasureGround.RETENTION_ENDED


def noted(ground: Grounds) -> UUID:
    """A line of the notebook."""
    line = uuid4()
    ground.tell(ground.estate.code, (ISSUE, line, [IssueNoted(f"IS-{line.hex[:6]}", ground.estate.code, "路灯不亮")]))
    return line


def ordered(ground: Grounds, *events: object, part: Part = Part.COMMON) -> tuple[UUID, UUID]:
    """A line that has become an order, and the order."""
    line, order, code = noted(ground), uuid4(), ground.estate.code
    category = Category.PUBLIC_LIGHTING if part is Part.COMMON else Category.APPLIANCE
    triaged = issues.IssueTriaged(category, Priority.P3, part, Responsibility.ESTATE_COMMON)
    opened = WorkOrderOpened(f"WO-{order.hex[:6]}", line, code, category, Priority.P3, part, ServiceHours(), "路灯不亮")
    ground.tell(
        code,
        (ISSUE, line, [triaged, issues.IssuePromotedToWorkOrder(order)]),
        (WORK_ORDER, order, [opened, orders.WorkOrderAccepted(), *events]),
    )
    return line, order


# -- people and places ---------------------------------------------------------------------------------------------


@race("SPAN-01")
def relieved_while_acting(ground: Grounds) -> Round:
    clerk, code = ground.person(ground.estate, Capacity.DISPATCHER), ground.estate.code
    relief = people.Relieve(Capacity.DISPATCHER, code, ground.product.clock())
    return Round(
        ground.does(clerk, Capacity.DISPATCHER, lambda: note_issue(NewIssue(code, "路灯不亮"))),
        ground.admin(lambda: on_person(clerk, relief), there=True),
        never_after(people.StationStaffRelieved, IssueNoted),
    )


@race("SPAN-02")
def named_while_it_is_being_built(ground: Grounds) -> Round:
    code, building = ground.estate.code, uuid4().hex[:6].upper()
    built = estates.RegisterBuilding(building, (estates.Stairwell("1", ("101",)),))
    return Round(
        ground.head(lambda: note_issue(NewIssue(code, "路灯不亮", building=building))),
        ground.accountant(lambda: on_estate(code, built), there=True),
        never_after(IssueNoted, estates.BuildingRegistered),
    )


# -- cases ---------------------------------------------------------------------------------------------------------


@race("SPAN-10")
def promoted_twice(ground: Grounds) -> Round:
    line = noted(ground)
    both = [ground.head(lambda: promote(line, Promotion(Category.GREENERY)), there=there) for there in (False, True)]
    return Round(
        *both,
        lambda happened: (
            exactly_one(WorkOrderOpened)(happened) and exactly_one(issues.IssuePromotedToWorkOrder)(happened)
        ),
    )


@race("SPAN-10")
def withdrawn_while_it_is_cancelled(ground: Grounds) -> Round:
    line, order = ordered(ground)
    return Round(
        ground.head(lambda: on_issue(line, issues.UndoPromotion())),
        ground.head(lambda: on_work_order(order, orders.CancelWorkOrder("不用修了")), there=True),
        lambda happened: (
            not_both(issues.PromotionUndone, orders.WorkOrderCancelled)(happened)
            and exactly_one(orders.WorkOrderWithdrawn)(happened) is exactly_one(issues.PromotionUndone)(happened)
        ),
    )


@race("SPAN-11", "SPAN-12")
def forgotten_while_it_is_opened_again(ground: Grounds) -> Round:
    line, order = ordered(ground, orders.WorkOrderClosed())
    return Round(
        ground.head(lambda: on_issue(line, issues.ForgetCase(GONE))),
        ground.head(lambda: on_work_order(order, orders.ReopenWorkOrder("又不亮")), there=True),
        not_both(issues.CaseForgotten, orders.WorkOrderReopened),
    )


@race("SPAN-13")
def merged_into_each_other(ground: Grounds) -> Round:
    one, two = noted(ground), noted(ground)
    return Round(
        ground.head(lambda: on_issue(one, issues.MergeIssue(two))),
        ground.head(lambda: on_issue(two, issues.MergeIssue(one)), there=True),
        exactly_one(issues.IssueMerged),
    )


@race("SPAN-13")
def merged_into_what_is_dropped(ground: Grounds) -> Round:
    one, two = noted(ground), noted(ground)
    return Round(
        ground.head(lambda: on_issue(one, issues.MergeIssue(two))),
        ground.head(lambda: on_issue(two, issues.DropIssue("看错了")), there=True),
        never_after(issues.IssueDropped, issues.IssueMerged),
    )


@race("SPAN-14")
def sent_while_released(ground: Grounds) -> Round:
    _, order = ordered(ground)
    steward, code, now = uuid4(), ground.estate.code, ground.product.clock()
    attached = people.StewardAttachedToEstate(code, now - timedelta(days=30))
    enrolled = people.StewardEnrolled((StewardRole.REPAIRER,))
    ground.tell(None, (PERSON, steward, [people.PersonRegistered("红管家"), enrolled, attached]))
    return Round(
        ground.head(lambda: on_work_order(order, orders.DispatchSteward(steward))),
        ground.head(lambda: on_person(steward, people.ReleaseStewardFromEstate(code, now)), there=True),
        never_after(people.StewardReleasedFromEstate, orders.WorkOrderDispatched),
    )


# -- the register --------------------------------------------------------------------------------------------------


@race("SPAN-20", "SPAN-21")
def owning_while_forgotten(ground: Grounds) -> Round:
    home, spare = ground.home(), uuid4()
    ground.tell(home.estate.code, (OWNER, spare, [OwnerRegistered(home.estate.code, OwnerKind.PERSON, "汪又来")]))
    return Round(
        ground.accountant(lambda: on_dwelling(home.dwelling, BeginOwnership(spare, ground.today))),
        ground.head(lambda: on_owner(spare, ForgetOwner(GONE)), there=True),
        not_both(OwnershipBegan, OwnerForgotten),
    )


@race("SPAN-22")
def named_while_registered(ground: Grounds) -> Round:
    home, person = ground.home(), uuid4()

    def registering(attempt: Attempt) -> Planned:
        new = people.RegisterPerson("某")
        return attempt.decided(PERSON, person, Loaded(PERSON.initial, 0), new, correlation=person)

    return Round(
        ground.head(lambda: on_owner(home.owner, NameOwnerStaff(person))),
        ground.head(lambda: Plan(registering), there=True),
        never_after(OwnerIsStaff, people.PersonRegistered),
    )


@race("SPAN-30")
def registered_twice(ground: Grounds) -> Round:
    room = next(ground.estate.rooms)
    place = RegisterDwelling(ground.estate.code, "3", "1", room, 8937, 7100)
    both = [ground.accountant(lambda: register_dwelling(place), there=there) for there in (False, True)]
    return Round(
        *both,
        lambda happened: exactly_one(DwellingRegistered)(happened) and exactly_one(FeeAccountOpened)(happened),
    )
