"""One telling example of every command and event of a case, and lives that lead cases to each of their stages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from domain.calendar import ServiceHours
from domain.cases import issue as issues
from domain.cases import notebook_import as imports
from domain.cases import targets
from domain.cases import work_order as orders
from domain.cases.category import Category, Priority
from domain.cases.issue import ISSUE, Channel, Issue, Status
from domain.cases.service_level import Target
from domain.cases.work_order import WORK_ORDER, EmergencyService, ReferredTo, Stage, WorkOrder
from domain.erasure import ErasureGround
from domain.estates.place import Part, Responsibility
from domain.money.repair_costs import RepairCosts
from tests.scenario import CLERK, MONDAY, OTHER_STEWARD, STEWARD, Scenario

ESTATE_CODE = "350902002999-001"
HOURS = ServiceHours(8 * 60, 20 * 60)
ISSUE_ID, ORDER_ID, EARLIER_ORDER, PHOTO, OTHER_ISSUE = (UUID(int=n) for n in range(0x100, 0x105))
NUMBER = "WO-20261123-0001"
OTHER_PHOTO = UUID(int=0x105)
DWELLING, BILL, COSTS = UUID(int=0x202), UUID(int=0x203), RepairCosts(call_out=2000, labour=8000, material=3500)

NOTE = issues.NoteIssue(
    number="IS-20261123-0001",
    estate=ESTATE_CODE,
    text="3栋1单元门口路灯不亮",
    channel=Channel.DESK,
    building="3",
    stairwell="1",
    dwelling="402",
    reporter="邹老师",
    phone="13900000000",
    photos=(PHOTO,),
)


def opening(
    category: Category = Category.PUBLIC_LIGHTING,
    priority: Priority = Priority.P3,
    part: Part = Part.COMMON,
    *,
    accept: bool = True,
) -> orders.OpenWorkOrder:
    """A work order to open."""
    return orders.OpenWorkOrder(
        number=NUMBER,
        issue=ISSUE_ID,
        estate=ESTATE_CODE,
        category=category,
        priority=priority,
        part=part,
        hours=HOURS,
        text="3栋1单元门口路灯不亮",
        building="3",
        stairwell="1",
        dwelling="402",
        accept=accept,
    )


# -- commands and events -----------------------------------------------------------------------------------------

_LATER = MONDAY + timedelta(days=9)
_DAY = _LATER.date()
_TARGET = Target(Priority.P3, 60, 120, 480, 1440)

COMMANDS: tuple[Any, ...] = (
    NOTE,
    issues.AttachPhoto(PHOTO, issues.PhotoKind.AFTER),
    issues.RemovePhoto(PHOTO),
    issues.TriageIssue(Category.PIPE_LEAK),
    issues.PromoteToWorkOrder(ORDER_ID, Category.PUBLIC_LIGHTING),
    issues.UndoPromotion(),
    issues.GiveAdvice("市政道路部分，已报街道"),
    issues.MergeIssue(OTHER_ISSUE),
    issues.UndoMerge(),
    issues.AnswerReporter("灯已修好，谢谢您来说"),
    issues.DropIssue("看错了，灯是好的"),
    issues.UndoDrop(),
    issues.CorrectPlace("4", "2", "301"),
    issues.CorrectReporter("邹老师", "13900000001"),
    issues.ViewContact("回访"),
    issues.HandOverIssue(OTHER_STEWARD),
    issues.ForgetCase(ErasureGround.RESIDENT_ASKED),
    opening(),
    orders.WithdrawWorkOrder(),
    orders.AcceptWorkOrder(),
    orders.UndoAcceptance(),
    orders.RejectWorkOrder("重复报事"),
    orders.ReferWorkOrder(ReferredTo.UTILITY, "表前管道归供水公司"),
    orders.CancelWorkOrder("住户自己修好了"),
    orders.DispatchSteward(STEWARD),
    orders.RecallDispatch(),
    orders.TakeWorkOrder(),
    orders.DeclineWorkOrder("在另一栋抢修"),
    orders.ReassignSteward(OTHER_STEWARD, "换人"),
    orders.HandOverWorkOrder(OTHER_STEWARD, CLERK),
    orders.RecordArrival(),
    orders.ReportNoAccess("敲门无人应，电话未接"),
    orders.StartWork(),
    orders.SuspendWork("轴承要换，厂家明早送到", orders.PauseCause.PARTS, _LATER, orders.PauseTold.STATION_HEAD),
    orders.ProlongPause(_LATER, "厂家说还要两天"),
    orders.ResumeWork(),
    orders.RecordContactRefused("住户不肯签字"),
    orders.CompleteWork("换感应灯头一只，试亮正常", signed_off=True),
    orders.VerifyWork("已看过"),
    orders.RejectWork("还在漏"),
    orders.RecordFollowUp(reached=True, note="满意"),
    orders.RateSatisfaction(5),
    orders.CloseWorkOrder(),
    orders.ReopenWorkOrder("又不亮了"),
    orders.BringBackWorkOrder("市政退回"),
    orders.ChangePriority(Priority.P1, "整个单元都黑了"),
    orders.ExtendDeadline(_LATER, "等配件"),
    orders.CallEmergencyService(EmergencyService.LIFT_MAINTENANCE),
    orders.StateFalseAlarm("没有人在里面"),
    orders.RecordPersonsReleased(),
    orders.OfferQuote("换厨房龙头一只", 2000, 8000, 3500),
    orders.AcceptQuote(orders.Consent.SIGNED),
    orders.DeclineQuote(),
    orders.ChargeRepair(DWELLING, BILL, COSTS),
    orders.ConfirmStatedTime(orders.Counts.FIX),
    targets.SetTarget(ESTATE_CODE, Priority.P3, _DAY, "人手多了", Category.WALL, 60, 120, 480, 1440),
    targets.LiftTarget(ESTATE_CODE, Priority.P3, _DAY, "试行结束", Category.WALL),
    imports.StartNotebookImport(ESTATE_CODE, 1200),
    imports.CompleteNotebookImport(),
)
EVENTS: tuple[Any, ...] = (
    issues.IssueNoted(
        number="IS-20261123-0001",
        estate=ESTATE_CODE,
        text="3栋1单元门口路灯不亮",
        channel=Channel.PHONE,
        building="3",
        stairwell="1",
        dwelling="402",
        reporter="邹老师",
        phone="13900000000",
        photos=(PHOTO,),
        follows=EARLIER_ORDER,
    ),
    issues.PhotoAttached(PHOTO),
    issues.PhotoRemoved(OTHER_PHOTO),
    issues.IssueTriaged(Category.PUBLIC_LIGHTING, Priority.P3, Part.COMMON, Responsibility.ESTATE_COMMON),
    issues.IssuePromotedToWorkOrder(ORDER_ID),
    issues.PromotionUndone(ORDER_ID),
    issues.AdviceGiven("市政道路部分，已报街道"),
    issues.IssueMerged(OTHER_ISSUE),
    issues.MergeUndone(OTHER_ISSUE),
    issues.ReporterAnswered("灯已修好，谢谢您来说"),
    issues.IssueDropped("看错了，灯是好的"),
    issues.DropUndone(),
    issues.PlaceCorrected(ORDER_ID, "4", "2", "301"),
    issues.ReporterCorrected("邹老师", "13900000001"),
    issues.ContactDataViewed("回访"),
    issues.IssueHandedOver(OTHER_STEWARD),
    issues.CaseForgotten(ErasureGround.RESIDENT_ASKED, ORDER_ID),
    orders.WorkOrderOpened(
        number=NUMBER,
        issue=ISSUE_ID,
        estate=ESTATE_CODE,
        category=Category.PUBLIC_LIGHTING,
        priority=Priority.P3,
        part=Part.PRIVATE,
        hours=HOURS,
        text="3栋1单元门口路灯不亮",
        building="3",
        stairwell="1",
        dwelling="402",
        follows=EARLIER_ORDER,
    ),
    orders.DeadlinesSet(
        MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=4), MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)
    ),
    orders.WorkOrderWithdrawn(),
    orders.WorkOrderAccepted(),
    orders.AcceptanceUndone(),
    orders.WorkOrderRejected("重复报事"),
    orders.WorkOrderReferred(ReferredTo.UTILITY, "表前管道归供水公司"),
    orders.WorkOrderCancelled("住户自己修好了"),
    orders.WorkOrderDispatched(STEWARD),
    orders.DispatchRecalled(STEWARD),
    orders.WorkOrderTaken(),
    orders.WorkOrderDeclined("在另一栋抢修"),
    orders.WorkOrderReassigned(OTHER_STEWARD, "换人"),
    orders.WorkOrderHandedOver(OTHER_STEWARD, CLERK),
    orders.StewardArrived(),
    orders.NoAccessReported("敲门无人应，电话未接"),
    orders.WorkStarted(),
    orders.WorkSuspended("轴承要换，厂家明早送到"),
    orders.PauseProlonged(_LATER, "厂家说还要两天"),
    orders.WorkResumed(),
    orders.ContactRefused("住户不肯签字"),
    orders.WorkCompleted("换感应灯头一只，试亮正常", signed_off=True, remote_advice=False),
    orders.WorkVerified("已看过"),
    orders.WorkRejectedByResident("还在漏"),
    orders.FollowUpRecorded(reached=True, note="满意"),
    orders.SatisfactionRated(5),
    orders.WorkOrderClosed(),
    orders.WorkOrderReopened("又不亮了"),
    orders.WorkOrderBroughtBack("市政退回"),
    orders.PriorityChanged(Priority.P1, "整个单元都黑了"),
    orders.DeadlineExtended(_LATER, "等配件"),
    orders.EmergencyServiceCalled(EmergencyService.LIFT_MAINTENANCE),
    orders.FalseAlarmStated("没有人在里面"),
    orders.PersonsReleased(),
    orders.QuoteOffered(COSTS, "换厨房龙头一只"),
    orders.QuoteAccepted(COSTS, orders.Consent.SIGNED),
    orders.QuoteDeclined(COSTS),
    orders.RepairCharged(DWELLING, BILL, COSTS),
    orders.ToldLate(orders.Counts.FIX),
    orders.StatedTimeConfirmed(orders.Counts.FIX, MONDAY),
    targets.TargetSet(ESTATE_CODE, _TARGET, Category.WALL, _DAY, None, "人手多了"),
    targets.TargetLifted(ESTATE_CODE, Priority.P3, Category.WALL, _DAY, "试行结束"),
    imports.NotebookImportStarted(ESTATE_CODE, 1200),
    imports.NotebookImportCompleted(),
)

# -- lives -------------------------------------------------------------------------------------------------------


def order(command: orders.OpenWorkOrder | None = None) -> Scenario[WorkOrder]:
    """An order just opened and accepted by the desk."""
    return Scenario(WORK_ORDER, WORK_ORDER.initial).when(command or opening())


def at_work(command: orders.OpenWorkOrder | None = None, steward: UUID = STEWARD) -> Scenario[WorkOrder]:
    """A steward has arrived and started; he acts next."""
    going = order(command).when(orders.DispatchSteward(steward)).steward(steward)
    return going.when(orders.TakeWorkOrder(), orders.RecordArrival(), orders.StartWork())


def completed(command: orders.OpenWorkOrder | None = None) -> Scenario[WorkOrder]:
    """The work is done and not yet verified; the desk acts next."""
    return at_work(command).when(orders.CompleteWork("换灯头", signed_off=True)).desk()


def closed() -> Scenario[WorkOrder]:
    verified = completed().when(orders.VerifyWork())
    return verified.when(orders.RecordFollowUp(reached=True), orders.CloseWorkOrder())


def sent() -> Scenario[WorkOrder]:
    return order().when(orders.DispatchSteward(STEWARD))


STAGES: dict[Stage, Callable[[], Scenario[WorkOrder]]] = {
    Stage.UNOPENED: lambda: Scenario(WORK_ORDER, WORK_ORDER.initial),
    Stage.REPORTED: lambda: order(opening(accept=False)),
    Stage.ACCEPTED: order,
    Stage.DISPATCHED: sent,
    Stage.TAKEN: lambda: sent().steward().when(orders.TakeWorkOrder()),
    Stage.ON_SITE: lambda: sent().steward().when(orders.TakeWorkOrder(), orders.RecordArrival()),
    Stage.IN_PROGRESS: at_work,
    Stage.SUSPENDED: lambda: at_work().when(orders.SuspendWork("等配件")),
    Stage.COMPLETED: completed,
    Stage.REWORK: lambda: completed().when(orders.RejectWork("还在闪")),
    Stage.VERIFIED: lambda: completed().when(orders.VerifyWork()),
    Stage.FOLLOWED_UP: lambda: completed().when(orders.VerifyWork(), orders.RecordFollowUp(reached=True)),
    Stage.CLOSED: closed,
    Stage.REJECTED: lambda: order(opening(accept=False)).when(orders.RejectWorkOrder("重复")),
    Stage.REFERRED: lambda: order().when(orders.ReferWorkOrder(ReferredTo.MUNICIPAL, "市政路灯")),
    Stage.CANCELLED: lambda: order().when(orders.CancelWorkOrder("不用修了")),
    Stage.WITHDRAWN: lambda: order().when(orders.WithdrawWorkOrder()),
}


def noted(note: issues.NoteIssue = NOTE) -> Scenario[Issue]:
    """A line just noted by the desk."""
    return Scenario(ISSUE, ISSUE.initial).when(note)


STATUSES: dict[Status, Callable[[], Scenario[Issue]]] = {
    Status.UNNOTED: lambda: Scenario(ISSUE, ISSUE.initial),
    Status.NOTED: noted,
    Status.TRIAGED: lambda: noted().when(issues.TriageIssue(Category.PUBLIC_LIGHTING)),
    Status.PROMOTED: lambda: noted().when(issues.PromoteToWorkOrder(ORDER_ID, Category.PUBLIC_LIGHTING)),
    Status.ADVISED: lambda: noted().when(issues.GiveAdvice("已报街道")),
    Status.MERGED: lambda: noted().when(issues.MergeIssue(OTHER_ISSUE)),
    Status.DROPPED: lambda: noted().when(issues.DropIssue("看错了")),
}
