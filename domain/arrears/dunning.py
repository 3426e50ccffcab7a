"""Dunning (催交) of one dwelling: the ladder from a friendly word to a suit, bill by bill, and what stops it.

Reminder, written demand, committee, mediation, suit: no rung is left out, and nobody sues before a demand was served
and its period has run out (INV-50, CC 944). What keeps a claim from lapsing is kept with its proof. There is no rung on
which anything is taken from anybody's home: no command of the product can do that (INV-48).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import pairwise
from typing import assert_never
from uuid import UUID, uuid5

from domain.arrears.limitation import Limitation, Span, WorkingDays, reckoned
from domain.calendar import local_date
from domain.changed import changed
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import Refusal, refuse_if
from domain.words import Personal, personal

_STREAMS = UUID("0f3e9f5c-6a0a-4d0e-9c55-5e3f7b0d2a91")  # namespace of dunning streams
REMINDER_AFTER = timedelta(days=7)  # after the due day
DEMAND_AFTER = timedelta(days=30)
DEMAND_LEAVES = timedelta(days=15)  # the least time a demand gives, also after it was served
LONGEST_PAUSE = timedelta(days=366)
LONGEST_PLAN = timedelta(days=3 * 366)
MOST_INSTALMENTS = 36
MOST_HINDRANCES = 100
MOST_BILLS = 600  # fifty years of months
RATE_UNITS = 1_000_000  # a penalty rate of 500 is 0.05 % a day


def dunning_stream(dwelling: UUID) -> UUID:
    """The stream of a dwelling's dunning."""
    return uuid5(_STREAMS, str(dwelling))


class Rung(Enum):
    """How far a bill has come; in order."""

    NONE = "NONE"
    REMINDED = "REMINDED"  # 提醒
    DEMANDED = "DEMANDED"  # 催款函已送达
    COMMITTEE = "COMMITTEE"  # 业主委员会督促
    MEDIATION = "MEDIATION"  # 调解
    SUIT = "SUIT"  # 诉讼或仲裁


RUNGS = tuple(Rung)


class RemindedBy(Enum):
    """How somebody was reminded: always the debtor alone, never in public."""

    PHONE = "PHONE"
    MESSAGE = "MESSAGE"
    VISIT = "VISIT"
    SEALED_NOTE = "SEALED_NOTE"


class DeliveredBy(Enum):
    """How a demand reached the debtor."""

    BY_HAND = "BY_HAND"
    REGISTERED_POST = "REGISTERED_POST"
    LEFT_WITH_WITNESS = "LEFT_WITH_WITNESS"


class UrgedBy(Enum):
    """Who urges an owner to pay (PMR 64); where no committee is elected, that is stated."""

    OWNERS_COMMITTEE = "OWNERS_COMMITTEE"
    RESIDENTS_COMMITTEE = "RESIDENTS_COMMITTEE"
    NONE_ELECTED = "NONE_ELECTED"


class Mediator(Enum):
    RESIDENTS_COMMITTEE = "RESIDENTS_COMMITTEE"
    MEDIATOR_STEWARD = "MEDIATOR_STEWARD"
    PEOPLES_MEDIATION = "PEOPLES_MEDIATION"


class MediationOutcome(Enum):
    AGREED = "AGREED"
    FAILED = "FAILED"
    NOT_ATTENDED = "NOT_ATTENDED"


class Venue(Enum):
    COURT = "COURT"
    ARBITRATION = "ARBITRATION"


class InterruptedBy(Enum):
    """What gives a claim its three years anew (CC 195); a promise to pay does so also after it has lapsed (CC 192)."""

    DEMAND = "DEMAND"
    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"
    SUIT = "SUIT"
    PROMISE = "PROMISE"


class EndedBy(Enum):
    """How proceedings ended."""

    JUDGMENT = "JUDGMENT"  # 裁判生效
    SETTLEMENT = "SETTLEMENT"  # 调解书生效
    WITHDRAWN = "WITHDRAWN"  # 撤诉
    OTHER = "OTHER"


class Hindrance(Enum):
    """Why a claim cannot be raised at present (CC 194)."""

    FORCE_MAJEURE = "FORCE_MAJEURE"  # 不可抗力
    NO_REPRESENTATIVE = "NO_REPRESENTATIVE"  # 没有法定代理人
    HEIRS_UNDETERMINED = "HEIRS_UNDETERMINED"  # 继承开始后未确定继承人或者遗产管理人
    CONTROLLED = "CONTROLLED"  # 权利人被义务人或者其他人控制
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Claim:
    """What of a bill is open, in fen, and when it fell due."""

    bill: UUID
    amount: int
    due: date


@dataclass(frozen=True, slots=True)
class Instalment:
    due: date
    amount: int


@dataclass(frozen=True, slots=True)
class OpenDunning:
    """Begin the dunning of a dwelling; nothing if it has begun."""

    dwelling: UUID
    estate: str


@dataclass(frozen=True, slots=True)
class SendReminder:
    """Remind the debtor, at the earliest 7 days after the due day."""

    payer: UUID
    claims: tuple[Claim, ...]
    by: RemindedBy
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class WriteDemand:
    """Write a demand for bills at least 30 days overdue; it is open until ``pay_by``, at the least 15 days."""

    demand: UUID
    number: str
    payer: UUID
    claims: tuple[Claim, ...]
    pay_by: date


@dataclass(frozen=True, slots=True)
class ServeDemand:
    """State how a demand was served: ``by`` whom, ``on`` which day, and what proves it."""

    demand: UUID
    how: DeliveredBy
    on: date
    by: UUID
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class AskCommittee:
    """Have the committee urge the debtor once the period of the demand has run out."""

    payer: UUID
    bills: tuple[UUID, ...]
    urged_by: UrgedBy
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class RecordMediation:
    """State how a mediation ended."""

    payer: UUID
    bills: tuple[UUID, ...]
    mediator: Mediator
    outcome: MediationOutcome
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class FileSuit:
    """State that a court or board of arbitration was called, on which day and under which number."""

    payer: UUID
    bills: tuple[UUID, ...]
    venue: Venue
    on: date
    case_number: Personal = personal(64)


@dataclass(frozen=True, slots=True)
class EndProceedings:
    """State how and on which day proceedings about bills ended: by what was decided, or because they were given up."""

    payer: UUID
    bills: tuple[UUID, ...]
    how: EndedBy
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class RecordAcknowledgement:
    """The debtor has acknowledged the debt, provably; ``promised``: and agreed to pay it."""

    payer: UUID
    claims: tuple[Claim, ...]
    on: date
    evidence: Personal = personal()
    promised: bool = False


@dataclass(frozen=True, slots=True)
class RecordHindrance:
    """State what hinders the claims against a debtor, ``since`` when, and ``until`` which day if it has ceased."""

    hindrance: UUID
    payer: UUID
    kind: Hindrance
    since: date
    evidence: Personal = personal()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ConfirmHindrance:
    """A hindrance still went on ``on`` that day."""

    hindrance: UUID
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class EndHindrance:
    """A hindrance ceased ``on`` that day."""

    hindrance: UUID
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class WithdrawHindrance:
    """A hindrance was written down by mistake: it counts no more."""

    hindrance: UUID
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class DisputeDebt:
    """The debtor says that bills are wrong."""

    dispute: UUID
    payer: UUID
    claims: tuple[Claim, ...]
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class UpholdDispute:
    """The debtor is right: the bills leave the ladder and bear no penalty."""

    dispute: UUID
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class RejectDispute:
    """The bills are right: the ladder goes on."""

    dispute: UUID
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class AgreeInstalments:
    """The debtor pays by instalments that add up to the claims; meanwhile the ladder rests."""

    plan: UUID
    payer: UUID
    claims: tuple[Claim, ...]
    instalments: tuple[Instalment, ...]
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class CheckInstalments:
    """Compare a plan with what is still ``open`` of its bills."""

    plan: UUID
    open: int


@dataclass(frozen=True, slots=True)
class NoteHardship:
    """Let the ladder rest until a day, for a reason nobody else needs to know."""

    payer: UUID
    until: date
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class SettleDebts:
    """Nothing of these bills is open any more."""

    bills: tuple[UUID, ...]


Command = (
    OpenDunning
    | SendReminder
    | WriteDemand
    | ServeDemand
    | AskCommittee
    | RecordMediation
    | FileSuit
    | EndProceedings
    | RecordAcknowledgement
    | RecordHindrance
    | ConfirmHindrance
    | EndHindrance
    | WithdrawHindrance
    | DisputeDebt
    | UpholdDispute
    | RejectDispute
    | AgreeInstalments
    | CheckInstalments
    | NoteHardship
    | SettleDebts
)


@dataclass(frozen=True, slots=True)
class DunningOpened:
    dwelling: UUID
    estate: str


@dataclass(frozen=True, slots=True)
class ReminderSent:
    payer: UUID
    claims: tuple[Claim, ...]
    by: RemindedBy
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class DemandWritten:
    demand: UUID
    number: str
    payer: UUID
    claims: tuple[Claim, ...]
    pay_by: date


@dataclass(frozen=True, slots=True)
class DemandServed:
    """``runs_out`` is the last day of the period that the debtor was given."""

    demand: UUID
    how: DeliveredBy
    on: date
    by: UUID
    runs_out: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class CommitteeAsked:
    payer: UUID
    bills: tuple[UUID, ...]
    urged_by: UrgedBy
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class MediationHeld:
    payer: UUID
    bills: tuple[UUID, ...]
    mediator: Mediator
    outcome: MediationOutcome
    text: Personal = personal(default=None)


@dataclass(frozen=True, slots=True)
class SuitFiled:
    payer: UUID
    bills: tuple[UUID, ...]
    venue: Venue
    on: date
    case_number: Personal = personal(64)


@dataclass(frozen=True, slots=True)
class ProceedingsEnded:
    payer: UUID
    bills: tuple[UUID, ...]
    how: EndedBy
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class HindranceRecorded:
    hindrance: UUID
    payer: UUID
    kind: Hindrance
    since: date
    evidence: Personal = personal()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class HindranceConfirmed:
    hindrance: UUID
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class HindranceEnded:
    hindrance: UUID
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class HindranceWithdrawn:
    hindrance: UUID
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class DebtAcknowledged:
    payer: UUID
    claims: tuple[Claim, ...]
    on: date
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class LimitationInterrupted:
    """The limitation of these claims begins anew after ``on``; ``proof`` is the demand or the plan, if it is one.

    Where it had run out before, only by a promise, and a plan that was agreed is one.
    """

    bills: tuple[UUID, ...]
    on: date
    ground: InterruptedBy
    proof: UUID | None


@dataclass(frozen=True, slots=True)
class DebtDisputed:
    dispute: UUID
    payer: UUID
    claims: tuple[Claim, ...]
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class DisputeUpheld:
    dispute: UUID
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class DisputeRejected:
    dispute: UUID
    text: Personal = personal()


@dataclass(frozen=True, slots=True)
class InstalmentPlanAgreed:
    plan: UUID
    payer: UUID
    claims: tuple[Claim, ...]
    instalments: tuple[Instalment, ...]
    evidence: Personal = personal()


@dataclass(frozen=True, slots=True)
class InstalmentPlanBroken:
    """``missing`` fen of what was to be paid up to and with the instalment of ``due``."""

    plan: UUID
    due: date
    missing: int


@dataclass(frozen=True, slots=True)
class HardshipNoted:
    payer: UUID
    until: date
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class DebtSettled:
    bills: tuple[UUID, ...]


Event = (
    DunningOpened
    | ReminderSent
    | DemandWritten
    | DemandServed
    | CommitteeAsked
    | MediationHeld
    | SuitFiled
    | ProceedingsEnded
    | HindranceRecorded
    | HindranceConfirmed
    | HindranceEnded
    | HindranceWithdrawn
    | DebtAcknowledged
    | LimitationInterrupted
    | DebtDisputed
    | DisputeUpheld
    | DisputeRejected
    | InstalmentPlanAgreed
    | InstalmentPlanBroken
    | HardshipNoted
    | DebtSettled
)


@dataclass(frozen=True)
class Debt:
    """One bill on the ladder. ``runs_out`` is the last day of the period of its latest served demand."""

    bill: UUID
    payer: UUID
    due: date
    rung: Rung = Rung.NONE
    since: date | None = None  # when it came to this rung
    runs_out: date | None = None
    interrupted: tuple[date, ...] = ()
    promised: tuple[date, ...] = ()
    dispute: UUID | None = None  # not yet decided
    upheld: date | None = None  # the day a dispute was raised that turned out right
    settled: bool = False


@dataclass(frozen=True)
class Demand:
    demand: UUID
    number: str
    payer: UUID
    claims: tuple[Claim, ...]
    written_on: date
    pay_by: date
    served_on: date | None = None


@dataclass(frozen=True)
class Suit:
    """Proceedings about some bills of a debtor; those for which they have ended are told apart from those left."""

    payer: UUID
    bills: tuple[UUID, ...]
    venue: Venue
    filed_on: date
    ended_on: date | None = None
    ended_by: EndedBy | None = None

    @property
    def span(self) -> Span:
        """As limitation counts it: what is pending might turn out to have been given up on the day it began."""
        return Span(self.filed_on, self.ended_on or self.filed_on, self.ended_on is not None)


@dataclass(frozen=True)
class Hindered:
    """What hinders the claims against a debtor; ``known`` is the last day for which it is told that it goes on."""

    hindrance: UUID
    payer: UUID
    kind: Hindrance
    since: date
    known: date
    until: date | None = None

    @property
    def span(self) -> Span:
        return Span(self.since, self.until or self.known, self.until is not None)


@dataclass(frozen=True)
class Dispute:
    """``upheld`` is ``None`` until somebody decided."""

    dispute: UUID
    payer: UUID
    bills: tuple[UUID, ...]
    raised_on: date
    upheld: bool | None = None


@dataclass(frozen=True)
class InstalmentPlan:
    plan: UUID
    payer: UUID
    bills: tuple[UUID, ...]
    agreed_on: date
    instalments: tuple[Instalment, ...]
    broken_on: date | None = None

    @property
    def total(self) -> int:
        return sum(each.amount for each in self.instalments)


@dataclass(frozen=True)
class Pause:
    """The ladder of a debtor rests up to and with ``until``."""

    payer: UUID
    until: date


@dataclass(frozen=True)
class Dunning:
    """All that was said and done about what is owed for a dwelling; its debtors may be several, one after another."""

    dwelling: UUID | None = None
    estate: str | None = None
    debts: tuple[Debt, ...] = ()
    demands: tuple[Demand, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    plans: tuple[InstalmentPlan, ...] = ()
    pauses: tuple[Pause, ...] = ()
    suits: tuple[Suit, ...] = ()
    hindrances: tuple[Hindered, ...] = ()

    def debt(self, bill: UUID) -> Debt | None:
        return next((each for each in self.debts if each.bill == bill), None)

    def demand(self, demand: UUID) -> Demand | None:
        return next((each for each in self.demands if each.demand == demand), None)

    def hindrance(self, hindrance: UUID) -> Hindered | None:
        return next((each for each in self.hindrances if each.hindrance == hindrance), None)

    def suits_about(self, bill: UUID) -> list[Suit]:
        """Proceedings about a bill, the first first."""
        return [each for each in self.suits if bill in each.bills]

    def pending(self, payer: UUID) -> list[Suit]:
        """Proceedings against a debtor that have not ended."""
        return [each for each in self.suits if each.payer == payer and each.ended_on is None]

    def limitation(self, debt: Debt, calendar: WorkingDays, paid_on: Iterable[date] = ()) -> Limitation:
        """How the limitation of a debt stands; whoever pays a part has acknowledged the rest (CC 195)."""
        return reckoned(
            debt.due,
            calendar,
            (*debt.interrupted, *paid_on),
            promised=debt.promised,
            proceedings=[each.span for each in self.suits_about(debt.bill)] if self.suits else (),
            hindrances=[each.span for each in self.hindrances if each.payer == debt.payer],
        )

    def paused(self, payer: UUID, day: date) -> date | None:
        """Until when the ladder of a debtor rests, if it does on that day."""
        return next((each.until for each in self.pauses if each.payer == payer and day <= each.until), None)

    def running_plan(self, bill: UUID) -> InstalmentPlan | None:
        """The plan by which a bill is being paid."""
        return next((each for each in self.running_plans() if bill in each.bills), None)

    def running_plans(self) -> list[InstalmentPlan]:
        """Plans that are neither broken nor paid."""
        settled = {each.bill for each in self.debts if each.settled}
        return [each for each in self.plans if each.broken_on is None and not settled.issuperset(each.bills)]


def penalty(spans: Iterable[tuple[int, int]], rate: int) -> int:
    """Fen of a contractual penalty (违约金): principal in fen and days of each span, ``rate`` in millionths a day.

    Rounded half up, once. On principal only: whoever calls it leaves out what is itself penalty or cost.
    """
    owed = sum(principal * days for principal, days in spans) * rate
    return (2 * owed + RATE_UNITS) // (2 * RATE_UNITS)


def decide(command: Command, dunning: Dunning, act: Act) -> Sequence[Event]:
    today = local_date(act.occurred_at)
    match command:
        case OpenDunning(dwelling, estate):
            return [] if dunning.dwelling is not None else [DunningOpened(dwelling, estate)]
        case SendReminder(payer, claims, by, text):
            _check_claims(dunning, payer, claims)
            _check_free(dunning, payer, _bills(claims), today)
            _check_overdue(claims, REMINDER_AFTER, today)
            return [ReminderSent(payer, claims, by, text)]
        case WriteDemand(demand, number, payer, claims, pay_by):
            _check_claims(dunning, payer, claims)
            _check_free(dunning, payer, _bills(claims), today)
            _check_rung(dunning, payer, _bills(claims), Rung.REMINDED)
            _check_overdue(claims, DEMAND_AFTER, today)
            earliest = today + DEMAND_LEAVES
            refuse_if(pay_by < earliest, "demand_period", field="pay_by", earliest=earliest)
            refuse_if(pay_by > today + LONGEST_PAUSE, "demand_period_long", field="pay_by")
            return [DemandWritten(demand, number, payer, claims, pay_by)]
        case ServeDemand(demand, how, on, by, evidence):
            return _served(dunning, demand, DemandServed(demand, how, on, by, on, evidence), today)
        case AskCommittee(payer, bills, urged_by, text):
            _check_step(dunning, payer, bills, Rung.DEMANDED, today)
            return [CommitteeAsked(payer, bills, urged_by, text)]
        case RecordMediation(payer, bills, mediator, outcome, text):
            _check_step(dunning, payer, bills, Rung.COMMITTEE, today)
            return [MediationHeld(payer, bills, mediator, outcome, text)]
        case FileSuit(payer, bills, venue, on, case_number):
            _check_step(dunning, payer, bills, Rung.MEDIATION, min(on, today))
            _check_day(on, today)
            refuse_if(
                any(set(bills).intersection(each.bills) for each in dunning.pending(payer)), "proceedings_pending"
            )
            return [
                SuitFiled(payer, bills, venue, on, case_number),
                LimitationInterrupted(bills, on, InterruptedBy.SUIT, None),
            ]
        case EndProceedings(payer, bills, how, on, evidence):
            _check_pending(dunning, payer, bills, on, today)
            return [
                ProceedingsEnded(payer, bills, how, on, evidence),
                LimitationInterrupted(bills, on, InterruptedBy.SUIT, None),
            ]
        case RecordHindrance(hindrance, payer, kind, since, evidence, until):
            _check_hindrance(dunning, payer, kind, since, until, today)
            return [HindranceRecorded(hindrance, payer, kind, since, evidence, until)]
        case ConfirmHindrance(hindrance, on, evidence):
            going_on = _going_on(dunning, hindrance, on, today)
            refuse_if(on <= going_on.known, "hindrance_known", field="on", day=going_on.known)
            return [HindranceConfirmed(hindrance, on, evidence)]
        case EndHindrance(hindrance, on, evidence):
            _going_on(dunning, hindrance, on, today)
            return [HindranceEnded(hindrance, on, evidence)]
        case WithdrawHindrance(hindrance, text):
            refuse_if(dunning.hindrance(hindrance) is None, "unknown_hindrance")
            return [HindranceWithdrawn(hindrance, text)]
        case RecordAcknowledgement(payer, claims, on, evidence, promised):
            _check_claims(dunning, payer, claims)
            _check_day(on, today)
            earliest = min(each.due for each in claims)
            refuse_if(on < earliest, "acknowledged_before_due", field="on", earliest=earliest)
            ground = InterruptedBy.PROMISE if promised else InterruptedBy.ACKNOWLEDGEMENT
            return [
                DebtAcknowledged(payer, claims, on, evidence),
                LimitationInterrupted(_bills(claims), on, ground, None),
            ]
        case DisputeDebt(dispute, payer, claims, text):
            _check_claims(dunning, payer, claims)
            _check_undisputed(dunning, _bills(claims))
            return [DebtDisputed(dispute, payer, claims, text)]
        case UpholdDispute(dispute, text):
            _check_undecided(dunning, dispute)
            return [DisputeUpheld(dispute, text)]
        case RejectDispute(dispute, text):
            _check_undecided(dunning, dispute)
            return [DisputeRejected(dispute, text)]
        case AgreeInstalments(plan, payer, claims, instalments, evidence):
            _check_claims(dunning, payer, claims)
            _check_undisputed(dunning, _bills(claims))
            _check_unplanned(dunning, _bills(claims))
            _check_instalments(instalments, sum(each.amount for each in claims), today)
            return [
                InstalmentPlanAgreed(plan, payer, claims, instalments, evidence),
                LimitationInterrupted(_bills(claims), today, InterruptedBy.ACKNOWLEDGEMENT, plan),
            ]
        case CheckInstalments(plan, still_open):
            return _checked(dunning, plan, still_open, today)
        case NoteHardship(payer, until, reason):
            latest = today + LONGEST_PAUSE
            refuse_if(not today < until <= latest, "hardship_day", field="until", latest=latest)
            return [HardshipNoted(payer, until, reason)]
        case SettleDebts(bills):
            owed = tuple(each.bill for each in dunning.debts if each.bill in bills and not each.settled)
            return [DebtSettled(owed)] if owed else []
        case _:
            assert_never(command)


def _bills(claims: Iterable[Claim]) -> tuple[UUID, ...]:
    return tuple(each.bill for each in claims)


def _check_claims(dunning: Dunning, payer: UUID, claims: Sequence[Claim]) -> None:
    _check_named(_bills(claims))
    refuse_if(any(each.amount <= 0 for each in claims), "bill_not_open")
    for each in claims:
        known = dunning.debt(each.bill)
        refuse_if(known is not None and known.payer != payer, "other_debtor")


def _check_named(bills: Sequence[UUID]) -> None:
    refuse_if(not bills or len(set(bills)) < len(bills) or len(bills) > MOST_BILLS, "bills_named", field="bills")


def _check_overdue(claims: Iterable[Claim], span: timedelta, today: date) -> None:
    earliest = max(each.due for each in claims) + span
    refuse_if(today < earliest, "not_overdue_enough", earliest=earliest)


def _check_free(dunning: Dunning, payer: UUID, bills: Sequence[UUID], today: date) -> None:
    """Nothing keeps the ladder at rest: no hardship, no open dispute or one that was right, no plan being paid."""
    until = dunning.paused(payer, today)
    refuse_if(until is not None, "ladder_paused", until=until)
    _check_undisputed(dunning, bills)
    _check_unplanned(dunning, bills)


def _check_undisputed(dunning: Dunning, bills: Sequence[UUID]) -> None:
    for bill in bills:
        debt = dunning.debt(bill)
        refuse_if(debt is not None and debt.dispute is not None, "debt_disputed")
        refuse_if(debt is not None and debt.upheld is not None, "dispute_upheld")


def _check_unplanned(dunning: Dunning, bills: Sequence[UUID]) -> None:
    refuse_if(any(dunning.running_plan(bill) for bill in bills), "instalments_running")


def _check_rung(dunning: Dunning, payer: UUID, bills: Sequence[UUID], needed: Rung) -> None:
    for bill in bills:
        debt = dunning.debt(bill)
        refuse_if(debt is not None and debt.payer != payer, "other_debtor")
        rung = debt.rung if debt else Rung.NONE
        refuse_if(RUNGS.index(rung) < RUNGS.index(needed), "ladder_skips", needed=needed)


def _check_step(dunning: Dunning, payer: UUID, bills: Sequence[UUID], needed: Rung, day: date) -> None:
    """A rung after the demand: reached in order, and never before the period of the demand has run out."""
    _check_named(bills)
    _check_free(dunning, payer, bills, day)
    _check_rung(dunning, payer, bills, needed)
    for bill in bills:
        debt = dunning.debt(bill)
        assert debt is not None and debt.runs_out is not None  # DEMANDED means served
        refuse_if(day <= debt.runs_out, "demand_running", until=debt.runs_out)


def _check_day(on: date, today: date) -> None:
    refuse_if(on > today, "day_ahead", field="on")


def _check_pending(dunning: Dunning, payer: UUID, bills: Sequence[UUID], on: date, today: date) -> None:
    """Proceedings about all of these bills are pending, and were so before the day on which they ended."""
    _check_named(bills)
    pending = {bill: each.filed_on for each in dunning.pending(payer) for bill in each.bills}
    refuse_if(any(bill not in pending for bill in bills), "no_proceedings")
    _check_day(on, today)
    filed_on = max(pending[bill] for bill in bills)
    refuse_if(on < filed_on, "ended_before_filed", field="on", day=filed_on)


def _check_hindrance(
    dunning: Dunning, payer: UUID, kind: Hindrance, since: date, until: date | None, today: date
) -> None:
    refuse_if(since > today, "day_ahead", field="since")
    if until is not None:
        refuse_if(until > today, "day_ahead", field="until")
        refuse_if(until < since, "ended_before_began", field="until", day=since)
    same = [each for each in dunning.hindrances if each.payer == payer and each.kind is kind and each.until is None]
    refuse_if(until is None and bool(same), "hindrance_goes_on")
    refuse_if(len(dunning.hindrances) >= MOST_HINDRANCES, "hindrances_many", most=MOST_HINDRANCES)


def _going_on(dunning: Dunning, hindrance: UUID, on: date, today: date) -> Hindered:
    found = dunning.hindrance(hindrance)
    if found is None:
        raise Refusal("unknown_hindrance")
    refuse_if(found.until is not None, "hindrance_ended", day=found.until)
    refuse_if(on > today, "day_ahead", field="on")
    refuse_if(on < found.since, "ended_before_began", field="on", day=found.since)
    return found


def _served(dunning: Dunning, demand: UUID, served: DemandServed, today: date) -> Sequence[Event]:
    written = dunning.demand(demand)
    if written is None:
        raise Refusal("unknown_demand")
    refuse_if(written.served_on is not None, "demand_served", day=written.served_on)
    _check_day(served.on, today)
    refuse_if(served.on < written.written_on, "served_before_written", field="on", day=written.written_on)
    runs_out = max(written.pay_by, served.on + DEMAND_LEAVES)
    return [
        DemandServed(demand, served.how, served.on, served.by, runs_out, served.evidence),
        LimitationInterrupted(_bills(written.claims), served.on, InterruptedBy.DEMAND, demand),
    ]


def _check_undecided(dunning: Dunning, dispute: UUID) -> None:
    found = next((each for each in dunning.disputes if each.dispute == dispute), None)
    refuse_if(found is None, "unknown_dispute")
    refuse_if(found is not None and found.upheld is not None, "dispute_decided")


def _check_instalments(instalments: Sequence[Instalment], total: int, today: date) -> None:
    days = [each.due for each in instalments]
    refuse_if(not 1 <= len(days) <= MOST_INSTALMENTS, "instalment_count", field="instalments", most=MOST_INSTALMENTS)
    in_order = all(before < after for before, after in pairwise(days))
    within = today <= days[0] and days[-1] <= today + LONGEST_PLAN
    refuse_if(not (in_order and within), "instalment_days", field="instalments")
    refuse_if(any(each.amount <= 0 for each in instalments), "amount", field="instalments")
    planned = sum(each.amount for each in instalments)
    refuse_if(planned != total, "instalment_sum", field="instalments", planned=planned, total=total)


def _checked(dunning: Dunning, plan: UUID, still_open: int, today: date) -> Sequence[Event]:
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


def evolve(dunning: Dunning, event: Event, act: Act) -> Dunning:
    today = local_date(act.occurred_at)
    match event:
        case DunningOpened(dwelling, estate):
            return changed(dunning, dwelling=dwelling, estate=estate)
        case ReminderSent(payer, claims):
            return _risen(_claimed(dunning, payer, claims), _bills(claims), Rung.REMINDED, today)
        case DemandWritten(demand, number, payer, claims, pay_by):
            written = Demand(demand, number, payer, claims, today, pay_by)
            return changed(_claimed(dunning, payer, claims), demands=(*dunning.demands, written))
        case DemandServed(demand, _, on, _, runs_out):
            return _on_served(dunning, demand, on, runs_out)
        case CommitteeAsked(_, bills):
            return _risen(dunning, bills, Rung.COMMITTEE, today)
        case MediationHeld(_, bills):
            return _risen(dunning, bills, Rung.MEDIATION, today)
        case SuitFiled(payer, bills, venue, on):
            suits = (*dunning.suits, Suit(payer, bills, venue, on))
            return _risen(changed(dunning, suits=suits), bills, Rung.SUIT, on)
        case ProceedingsEnded(payer, bills, how, on):
            return _on_ended(dunning, payer, bills, how, on)
        case HindranceRecorded(hindrance, payer, kind, since, _, until):
            known = Hindered(hindrance, payer, kind, since, until or today, until)
            return changed(dunning, hindrances=(*dunning.hindrances, known))
        case HindranceConfirmed(hindrance, on):
            return _hindered(dunning, hindrance, known=on)
        case HindranceEnded(hindrance, on):
            return _hindered(dunning, hindrance, known=on, until=on)
        case HindranceWithdrawn(hindrance):
            others = tuple(each for each in dunning.hindrances if each.hindrance != hindrance)
            return changed(dunning, hindrances=others)
        case DebtAcknowledged(payer, claims):
            return _claimed(dunning, payer, claims)
        case LimitationInterrupted(bills, on, ground, proof):
            if ground is InterruptedBy.PROMISE or (ground is InterruptedBy.ACKNOWLEDGEMENT and proof is not None):
                return _each(dunning, bills, lambda debt: changed(debt, promised=(*debt.promised, on)))
            return _each(dunning, bills, lambda debt: changed(debt, interrupted=(*debt.interrupted, on)))
        case DebtDisputed(dispute, payer, claims):
            raised = Dispute(dispute, payer, _bills(claims), today)
            owed = _each(_claimed(dunning, payer, claims), raised.bills, lambda debt: changed(debt, dispute=dispute))
            return changed(owed, disputes=(*dunning.disputes, raised))
        case DisputeUpheld(dispute):
            return _on_decided(dunning, dispute, upheld=True)
        case DisputeRejected(dispute):
            return _on_decided(dunning, dispute, upheld=False)
        case InstalmentPlanAgreed(plan, payer, claims, instalments):
            agreed = InstalmentPlan(plan, payer, _bills(claims), today, instalments)
            return changed(_claimed(dunning, payer, claims), plans=(*dunning.plans, agreed))
        case InstalmentPlanBroken(plan):
            plans = tuple(changed(each, broken_on=today) if each.plan == plan else each for each in dunning.plans)
            return changed(dunning, plans=plans)
        case HardshipNoted(payer, until):
            pauses = tuple(each for each in dunning.pauses if each.payer != payer)
            return changed(dunning, pauses=(*pauses, Pause(payer, until)))
        case DebtSettled(bills):
            return _each(dunning, bills, lambda debt: changed(debt, settled=True))
        case _:
            assert_never(event)


def _each(dunning: Dunning, bills: Iterable[UUID], change: Callable[[Debt], Debt]) -> Dunning:
    named = frozenset(bills)
    return changed(dunning, debts=tuple(change(each) if each.bill in named else each for each in dunning.debts))


def _claimed(dunning: Dunning, payer: UUID, claims: Iterable[Claim]) -> Dunning:
    """Bills that are claimed are owed: those not known yet join, those settled before are open again."""
    claimed = {each.bill: each for each in claims}
    known = tuple(changed(each, settled=False) if each.bill in claimed else each for each in dunning.debts)
    there = {each.bill for each in known}
    new = tuple(Debt(each.bill, payer, each.due) for each in claimed.values() if each.bill not in there)
    return changed(dunning, debts=(*known, *new))


def _risen(dunning: Dunning, bills: Iterable[UUID], rung: Rung, day: date) -> Dunning:
    """Up to a rung; what stands higher stays there."""

    def rise(debt: Debt) -> Debt:
        return debt if RUNGS.index(debt.rung) >= RUNGS.index(rung) else changed(debt, rung=rung, since=day)

    return _each(dunning, bills, rise)


def _on_served(dunning: Dunning, demand: UUID, on: date, runs_out: date) -> Dunning:
    written = dunning.demand(demand)
    assert written is not None  # served means written
    demands = tuple(changed(each, served_on=on) if each.demand == demand else each for each in dunning.demands)
    risen = _risen(changed(dunning, demands=demands), _bills(written.claims), Rung.DEMANDED, on)
    return _each(risen, _bills(written.claims), lambda debt: changed(debt, runs_out=runs_out))


def _on_ended(dunning: Dunning, payer: UUID, bills: Iterable[UUID], how: EndedBy, on: date) -> Dunning:
    named, suits = frozenset(bills), list[Suit]()
    for each in dunning.suits:
        ended = tuple(bill for bill in each.bills if bill in named)
        if each.payer != payer or each.ended_on is not None or not ended:
            suits.append(each)
            continue
        suits.append(changed(each, bills=ended, ended_on=on, ended_by=how))
        if len(ended) < len(each.bills):
            suits.append(changed(each, bills=tuple(bill for bill in each.bills if bill not in named)))
    return changed(dunning, suits=tuple(suits))


def _hindered(dunning: Dunning, hindrance: UUID, **facts: date) -> Dunning:
    told = tuple(changed(each, **facts) if each.hindrance == hindrance else each for each in dunning.hindrances)
    return changed(dunning, hindrances=told)


def _on_decided(dunning: Dunning, dispute: UUID, *, upheld: bool) -> Dunning:
    found = next(each for each in dunning.disputes if each.dispute == dispute)
    others = tuple(changed(each, upheld=upheld) if each.dispute == dispute else each for each in dunning.disputes)
    raised_on = found.raised_on if upheld else None
    decided = changed(dunning, disputes=others)
    return _each(decided, found.bills, lambda debt: changed(debt, dispute=None, upheld=raised_on or debt.upheld))


DUNNING: Decider[Command, Dunning, Event] = Decider(
    name="Dunning",
    initial=Dunning(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
)
