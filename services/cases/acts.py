"""Acts people give on an order or a notebook line: their names in addresses, their fields, and what comes next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, get_args, get_type_hints
from uuid import UUID

from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.cases.category import Category, Priority
from domain.cases.issue import ISSUE, Issue
from domain.cases.work_order import WORK_ORDER, Stage, WorkOrder
from domain.catalogue import POWERS, may
from domain.recorded import Act
from domain.refusal import Refusal, Rejection, reject_if
from domain.words import is_personal, limit_of
from services.cases.plans import Promotion
from services.console.amounts import fen_of
from services.console.visit import moment

ORDER_ACTS: dict[str, type[Any]] = {
    "accept": orders.AcceptWorkOrder,
    "undo-accept": orders.UndoAcceptance,
    "withdraw": orders.WithdrawWorkOrder,
    "reject": orders.RejectWorkOrder,
    "refer": orders.ReferWorkOrder,
    "cancel": orders.CancelWorkOrder,
    "dispatch": orders.DispatchSteward,
    "recall": orders.RecallDispatch,
    "take": orders.TakeWorkOrder,
    "decline": orders.DeclineWorkOrder,
    "reassign": orders.ReassignSteward,
    "arrive": orders.RecordArrival,
    "no-access": orders.ReportNoAccess,
    "start": orders.StartWork,
    "suspend": orders.SuspendWork,
    "prolong": orders.ProlongPause,
    "resume": orders.ResumeWork,
    "contact-refused": orders.RecordContactRefused,
    "complete": orders.CompleteWork,
    "verify": orders.VerifyWork,
    "reject-work": orders.RejectWork,
    "follow-up": orders.RecordFollowUp,
    "rate": orders.RateSatisfaction,
    "close": orders.CloseWorkOrder,
    "reopen": orders.ReopenWorkOrder,
    "bring-back": orders.BringBackWorkOrder,
    "priority": orders.ChangePriority,
    "extend": orders.ExtendDeadline,
    "call": orders.CallEmergencyService,
    "false-alarm": orders.StateFalseAlarm,
    "released": orders.RecordPersonsReleased,
    "quote": orders.OfferQuote,
    "quote-accepted": orders.AcceptQuote,
    "quote-declined": orders.DeclineQuote,
    "confirm-time": orders.ConfirmStatedTime,
}
ISSUE_ACTS: dict[str, type[Any]] = {
    "promote": Promotion,
    "undo-promote": issues.UndoPromotion,
    "triage": issues.TriageIssue,
    "advise": issues.GiveAdvice,
    "merge": issues.MergeIssue,
    "undo-merge": issues.UndoMerge,
    "answer": issues.AnswerReporter,
    "drop": issues.DropIssue,
    "undo-drop": issues.UndoDrop,
    "place": issues.CorrectPlace,
    "reporter": issues.CorrectReporter,
    "remove-photo": issues.RemovePhoto,
    "view-contact": issues.ViewContact,
    "forget": issues.ForgetCase,
}
FINAL = ("reject", "cancel", "refer", "drop", "forget")  # ends a case: drawn apart from the rest

_NEXT: dict[Stage, tuple[str, str | None]] = {
    Stage.REPORTED: ("accept", "reject"),
    Stage.ACCEPTED: ("dispatch", None),
    Stage.DISPATCHED: ("take", "recall"),
    Stage.TAKEN: ("arrive", None),
    Stage.ON_SITE: ("start", "no-access"),
    Stage.IN_PROGRESS: ("complete", "suspend"),
    Stage.SUSPENDED: ("resume", "reassign"),
    Stage.REWORK: ("start", "reassign"),
    Stage.COMPLETED: ("verify", "reject-work"),
    Stage.VERIFIED: ("follow-up", "close"),
    Stage.FOLLOWED_UP: ("close", "rate"),
}


@dataclass(frozen=True, slots=True)
class Control:
    """One field of an act's form: text, line, choice, flag, yes-no, steward, issue, moment, score or money."""

    name: str
    kind: str
    required: bool
    limit: int = 0
    choices: tuple[Enum, ...] = ()


def controls(command: type[Any]) -> tuple[Control, ...]:
    """The fields of a command in the order in which it names them, unless one is to be asked first."""
    hints = get_type_hints(command)
    asked = sorted(fields(command), key=lambda item: not item.metadata.get("first"))
    return tuple(_control(item, hints[item.name]) for item in asked)


def _control(item: Any, hint: Any) -> Control:
    plain = next((each for each in get_args(hint) if each is not type(None)), hint)
    required = item.default is MISSING or bool(item.metadata.get("asked"))
    if isinstance(plain, type) and issubclass(plain, Enum):
        return Control(item.name, "choice", required, choices=tuple(plain))
    if plain is bool:
        return Control(item.name, "flag" if item.default is False else "yes-no", required)
    if plain is UUID:
        return Control(item.name, "steward" if item.name == "steward" else "issue", required)
    if plain is datetime:
        return Control(item.name, "moment", required)
    if plain is int:
        return Control(item.name, "money" if item.metadata.get("money") else "score", required)
    kind = "text" if is_personal(item) and limit_of(item) > 100 else "line"
    return Control(item.name, kind, required, limit_of(item))


def filled(command: type[Any], form: Mapping[str, str]) -> Any:
    """The command as the form says. Refuses ``blank_text`` and ``body`` with the ``field`` they are about."""
    given: dict[str, Any] = {}
    for control in controls(command):
        raw = form.get(control.name, "").strip(" ") if control.kind != "text" else form.get(control.name, "")
        if control.kind == "flag":
            given[control.name] = bool(raw) and raw != "false"
        elif raw or control.required:
            reject_if(not raw.strip(), "blank_text", field=control.name)
            given[control.name] = _value(control, raw)
    return command(**given)


def _value(control: Control, raw: str) -> Any:
    try:
        match control.kind:
            case "choice":
                return type(control.choices[0])(raw)
            case "yes-no":
                return {"true": True, "false": False}[raw]
            case "steward" | "issue":
                return UUID(raw)
            case "moment":
                return moment(raw, control.name)
            case "score":
                return int(raw)
            case "money":
                return fen_of(raw, control.name)
    except (ValueError, KeyError, OverflowError):
        raise Rejection("body", field=control.name) from None
    return raw


# -- what may be done now ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Offer:
    """One act for one person now. ``refusal`` says why not; ``powers`` who may, where the capacity does not."""

    act: str
    controls: tuple[Control, ...]
    refusal: Refusal | None = None
    powers: tuple[Capacity, ...] = ()

    @property
    def open(self) -> bool:
        return self.refusal is None and not self.powers


def order_offers(order: WorkOrder, person: UUID, capacity: Capacity, now: datetime) -> dict[str, Offer]:
    """Every act that the stage of the order allows, tried out dry."""
    act = Act(person, capacity, now, now)
    offers: dict[str, Offer] = {}
    for name, command in ORDER_ACTS.items():
        nothing_late = command is orders.ConfirmStatedTime and all(late.confirmed for late in order.told_late)
        if order.stage in orders.ALLOWED[command] and not nothing_late:
            offer = _offer(name, command, capacity, lambda sample: WORK_ORDER.consider(sample, order, act), now, order)
            if offer is not None:
                offers[name] = offer
    return offers


def issue_offers(issue: Issue, person: UUID, capacity: Capacity, now: datetime) -> dict[str, Offer]:
    """Every act that the status of the line allows, tried out dry."""
    act = Act(person, capacity, now, now)
    offers: dict[str, Offer] = {}
    for name, command in ISSUE_ACTS.items():
        kind = issues.PromoteToWorkOrder if command is Promotion else command
        if issue.status in issues.ALLOWED[kind]:
            offer = _offer(name, command, capacity, lambda sample: _try_issue(sample, issue, act), now)
            if offer is not None:
                offers[name] = offer
    return offers


def _try_issue(sample: Any, issue: Issue, act: Act) -> Sequence[Any]:
    if isinstance(sample, Promotion):
        sample = issues.PromoteToWorkOrder(
            UUID(int=0), sample.category, sample.priority, sample.part, sample.persons_inside
        )
    return ISSUE.consider(sample, issue, act)


def _offer(
    name: str,
    command: type[Any],
    capacity: Capacity,
    attempt: Callable[[Any], Sequence[Any]],
    now: datetime,
    order: WorkOrder | None = None,
) -> Offer | None:
    """The offer of one act; none where it would change nothing."""
    kind = issues.PromoteToWorkOrder if command is Promotion else command
    shown = controls(command)
    if not may(capacity, kind):
        holders = tuple(sorted((c for c in POWERS[kind] if c is not Capacity.SYSTEM), key=lambda c: c.value))
        return Offer(name, shown, powers=holders)
    refusal: Refusal | None = None
    for sample in _samples(command, order, now):
        try:
            if not attempt(sample):
                return None
        except Refusal as refused:
            refusal = refused
        else:
            return Offer(name, shown)
    return Offer(name, shown, refusal)


def _samples(command: type[Any], order: WorkOrder | None, now: datetime) -> list[Any]:
    """Commands as a person might well give them, to ask the rules beforehand."""
    if command is orders.CompleteWork:
        return [orders.CompleteWork("-", signed_off=True), orders.CompleteWork("-", remote_advice=True)]
    if command is orders.ChangePriority and order is not None:
        return [orders.ChangePriority(Priority.P0 if order.priority is not Priority.P0 else Priority.P1, "-")]
    if command is orders.ExtendDeadline and order is not None and order.fix_by is not None:
        return [orders.ExtendDeadline(order.fix_by + timedelta(hours=1), "-")]
    if command is Promotion:
        return [Promotion(), Promotion(Category.PUBLIC_LIGHTING)]
    if command is orders.ConfirmStatedTime and order is not None:
        return [orders.ConfirmStatedTime(late.of) for late in order.told_late if late.confirmed is None]
    if command is orders.ProlongPause:
        return [orders.ProlongPause(now + timedelta(days=365))]
    if command is orders.SuspendWork:
        return [orders.SuspendWork("-")]
    if command is issues.CorrectReporter:
        return [issues.CorrectReporter("-")]
    if command is orders.OfferQuote:
        return [orders.OfferQuote("-", labour=1)]
    given = {control.name: _sample(control) for control in controls(command) if control.required}
    return [command(**given)]


def _sample(control: Control) -> Any:
    match control.kind:
        case "choice":
            return control.choices[0]
        case "yes-no":
            return True
        case "steward" | "issue":
            return UUID(int=0)
        case "moment":
            return datetime.max.replace(tzinfo=SHANGHAI)
        case "score":
            return 5
    return "-"


def next_acts(order: WorkOrder, offers: Mapping[str, Offer]) -> tuple[str | None, str | None]:
    """The one act that comes next, and the other one that is as likely."""
    if order.priority is Priority.P0 and not order.emergency_answered and "call" in offers:
        dispatch = offers.get("dispatch")  # whoever runs there loses no time because somebody still telephones
        return "call", "dispatch" if dispatch is not None and dispatch.open else "false-alarm"
    if order.persons_inside and order.stage in (Stage.ON_SITE, Stage.IN_PROGRESS):
        return "released", "start" if order.stage is Stage.ON_SITE else None
    if order.offered is not None and "quote-accepted" in offers:
        return "quote-accepted", "quote-declined"
    main, second = _NEXT.get(order.stage, (None, None))
    if main == "take" and not (offers.get("recall") and offers["recall"].open):
        second = "decline"
    return main, second
