"""What comes of commands about cases that are given once more."""

from datetime import timedelta
from uuid import UUID

from domain.cases import issue as issues
from domain.cases import notebook_import as imports
from domain.cases import targets
from domain.cases import work_order as orders
from domain.cases.category import Category, Priority
from domain.cases.issue import Status
from domain.cases.notebook_import import NOTEBOOK_IMPORT
from domain.cases.targets import SERVICE_TARGETS
from domain.cases.work_order import Counts, EmergencyService, ReferredTo, Stage
from domain.erasure import ErasureGround
from domain.estates.place import Part
from tests.cases.examples import (
    BILL,
    COSTS,
    DWELLING,
    ESTATE_CODE,
    NOTE,
    ORDER_ID,
    OTHER_ISSUE,
    PHOTO,
    STAGES,
    STATUSES,
    opening,
    order,
)  # fmt: skip
from tests.repeats import Repeat, anew, harmless, refused
from tests.scenario import MONDAY, OTHER_STEWARD, STEWARD, Scenario

_NOTED, _WAITS = STATUSES[Status.NOTED](), STAGES[Stage.REPORTED]()
_TWO_PHOTOS = _NOTED.when(issues.AttachPhoto(UUID(int=0x9001)))
_TRAPPED = order(opening(Category.LIFT_TRAPPED, Priority.P0))
_PRIVATE = opening(part=Part.PRIVATE)
_HOME = order(_PRIVATE)
_QUOTED = _HOME.when(orders.OfferQuote("换龙头", 2000, 8000, 3500))
_INSIDE = _HOME.when(orders.DispatchSteward(STEWARD)).steward().when(orders.TakeWorkOrder(), orders.RecordArrival())
_AGREED = _QUOTED.when(orders.AcceptQuote(orders.Consent.SIGNED), orders.DispatchSteward(STEWARD)).steward()
_REPAIRED = _AGREED.when(
    orders.TakeWorkOrder(), orders.RecordArrival(), orders.StartWork(), orders.CompleteWork("换好", signed_off=True)
)
_AT_WORK = STAGES[Stage.IN_PROGRESS]()
_LATE = _AT_WORK.when(
    orders.CompleteWork("换灯头", signed_off=True),
    act=_AT_WORK.act._replace(recorded_at=_AT_WORK.clock + timedelta(hours=2)),
)
_TARGETS = Scenario(SERVICE_TARGETS, SERVICE_TARGETS.initial)
_SET = targets.SetTarget(ESTATE_CODE, Priority.P3, MONDAY.date(), "人手多了", accept=60)
_IMPORT = Scenario(NOTEBOOK_IMPORT, NOTEBOOK_IMPORT.initial)

REPEATS: tuple[Repeat, ...] = (
    refused(STATUSES[Status.UNNOTED](), NOTE, "status"),
    harmless(_NOTED, issues.AttachPhoto(UUID(int=0x9001)), issues.AttachPhoto(UUID(int=0x9002))),
    harmless(_NOTED, issues.TriageIssue(Category.PIPE_LEAK), issues.TriageIssue(Category.PUBLIC_LIGHTING)),
    refused(_NOTED, issues.PromoteToWorkOrder(ORDER_ID, Category.PUBLIC_LIGHTING), "status",
            issues.PromoteToWorkOrder(UUID(int=0x9003), Category.PUBLIC_LIGHTING)),
    refused(STATUSES[Status.PROMOTED](), issues.UndoPromotion(), "status"),
    refused(_NOTED, issues.GiveAdvice("已报街道"), "status", issues.GiveAdvice("别的")),
    refused(_NOTED, issues.MergeIssue(OTHER_ISSUE), "status", issues.MergeIssue(UUID(int=0x9004))),
    refused(STATUSES[Status.MERGED](), issues.UndoMerge(), "status"),
    refused(STATUSES[Status.DROPPED](), issues.UndoDrop(), "status"),
    anew(_NOTED, issues.CorrectPlace("4", "2", "301"), "the place is told anew"),
    anew(_NOTED, issues.CorrectReporter("邹老师"), "the reporter is told anew"),
    harmless(_TWO_PHOTOS, issues.RemovePhoto(PHOTO), issues.RemovePhoto(UUID(int=0x9001))),
    anew(STATUSES[Status.MERGED](), issues.AnswerReporter("修好了"), "what is said now was not said before"),
    refused(_NOTED, issues.DropIssue("看错了"), "status", issues.DropIssue("别的")),
    anew(_NOTED, issues.ViewContact("回访"), "each look is on record"),
    harmless(_NOTED, issues.HandOverIssue(OTHER_STEWARD)),
    harmless(STATUSES[Status.DROPPED](), issues.ForgetCase(ErasureGround.RESIDENT_ASKED),
             issues.ForgetCase(ErasureGround.RETENTION_ENDED)),
    refused(STAGES[Stage.UNOPENED](), opening(), "stage"),
    refused(order(), orders.WithdrawWorkOrder(), "stage"),
    refused(_WAITS, orders.AcceptWorkOrder(), "stage"),
    refused(order(), orders.UndoAcceptance(), "stage"),
    refused(_WAITS, orders.RejectWorkOrder("重复报事"), "stage", orders.RejectWorkOrder("别的")),
    refused(_WAITS, orders.ReferWorkOrder(ReferredTo.UTILITY, "归供水公司"), "stage",
            orders.ReferWorkOrder(ReferredTo.MUNICIPAL, "市政")),
    refused(_WAITS, orders.CancelWorkOrder("自己修好了"), "stage", orders.CancelWorkOrder("别的")),
    refused(order(), orders.DispatchSteward(STEWARD), "stage", orders.DispatchSteward(OTHER_STEWARD)),
    refused(STAGES[Stage.DISPATCHED](), orders.RecallDispatch(), "stage"),
    refused(STAGES[Stage.DISPATCHED](), orders.TakeWorkOrder(), "stage"),
    refused(STAGES[Stage.DISPATCHED](), orders.DeclineWorkOrder("在抢修"), "stage", orders.DeclineWorkOrder("别的")),
    harmless(STAGES[Stage.DISPATCHED](), orders.HandOverWorkOrder(OTHER_STEWARD)),
    refused(STAGES[Stage.DISPATCHED](), orders.ReassignSteward(OTHER_STEWARD, "换人"), "steward_same",
            orders.ReassignSteward(OTHER_STEWARD, "别的")),
    refused(STAGES[Stage.TAKEN]().desk(), orders.RecordArrival(), "stage"),
    refused(STAGES[Stage.ON_SITE]().desk(), orders.ReportNoAccess("没人应"), "stage", orders.ReportNoAccess("别的")),
    refused(STAGES[Stage.ON_SITE]().desk(), orders.StartWork(), "stage"),
    refused(STAGES[Stage.IN_PROGRESS]().desk(), orders.SuspendWork("等配件"), "stage", orders.SuspendWork("别的")),
    harmless(STAGES[Stage.SUSPENDED]().desk(), orders.ProlongPause(MONDAY + timedelta(days=30), "还没到货"),
             orders.ProlongPause(MONDAY + timedelta(days=31))),
    refused(STAGES[Stage.SUSPENDED]().desk(), orders.ResumeWork(), "stage"),
    anew(_INSIDE.desk(), orders.RecordContactRefused("不肯签"), "two refusals stand for the signature"),
    refused(STAGES[Stage.IN_PROGRESS]().desk(), orders.CompleteWork("换灯头", signed_off=True), "stage",
            orders.CompleteWork("别的", signed_off=True)),
    refused(STAGES[Stage.COMPLETED](), orders.VerifyWork("已看过"), "stage", orders.VerifyWork("别的")),
    refused(STAGES[Stage.COMPLETED](), orders.RejectWork("还在漏"), "stage", orders.RejectWork("别的")),
    refused(STAGES[Stage.VERIFIED](), orders.RecordFollowUp(reached=True), "stage",
            orders.RecordFollowUp(reached=False)),
    harmless(STAGES[Stage.COMPLETED](), orders.RateSatisfaction(5), orders.RateSatisfaction(4)),
    refused(STAGES[Stage.FOLLOWED_UP](), orders.CloseWorkOrder(), "stage"),
    refused(STAGES[Stage.CLOSED](), orders.ReopenWorkOrder("又坏了"), "stage", orders.ReopenWorkOrder("别的")),
    refused(STAGES[Stage.REFERRED](), orders.BringBackWorkOrder("市政退回"), "stage",
            orders.BringBackWorkOrder("别的")),
    harmless(order(), orders.ChangePriority(Priority.P1, "黑了"), orders.ChangePriority(Priority.P2, "黑了")),
    refused(order(), orders.ExtendDeadline(MONDAY + timedelta(days=9), "等配件"), "deadline_extended",
            orders.ExtendDeadline(MONDAY + timedelta(days=8), "等配件")),
    anew(_TRAPPED, orders.CallEmergencyService(EmergencyService.LIFT_MAINTENANCE), "a second call is one more call"),
    anew(_TRAPPED, orders.StateFalseAlarm("没有人"), "two people may have looked"),
    harmless(_TRAPPED, orders.RecordPersonsReleased()),
    anew(_HOME, orders.OfferQuote("换龙头", 2000, 8000, 3500), "the last price that was told is what holds"),
    refused(_QUOTED, orders.AcceptQuote(orders.Consent.SIGNED), "quote_none"),
    refused(_QUOTED, orders.DeclineQuote(), "quote_none"),
    refused(_LATE.head(), orders.ConfirmStatedTime(Counts.FIX), "time_confirmed"),
    anew(_REPAIRED, orders.ChargeRepair(DWELLING, BILL, COSTS), "its account refuses a second bill while one stands"),
    harmless(_TARGETS, _SET),
    harmless(_TARGETS.when(_SET), targets.LiftTarget(ESTATE_CODE, Priority.P3, MONDAY.date(), "试行结束")),
    harmless(_IMPORT, imports.StartNotebookImport(ESTATE_CODE, 1200), imports.StartNotebookImport(ESTATE_CODE, 3)),
    harmless(_IMPORT.when(imports.StartNotebookImport(ESTATE_CODE, 1200)), imports.CompleteNotebookImport()),
)  # fmt: skip
