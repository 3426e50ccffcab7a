"""What each command of dunning brings about, and what refuses it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import assert_never
from uuid import UUID

from domain.arrears.dunning.commands import (
    AgreeInstalments,
    AskCommittee,
    CheckInstalments,
    Command,
    ConfirmHindrance,
    DisputeDebt,
    EndHindrance,
    EndProceedings,
    FileSuit,
    NoteHardship,
    OpenDunning,
    RecordAcknowledgement,
    RecordHindrance,
    RecordMediation,
    RejectDispute,
    SendReminder,
    ServeDemand,
    SettleDebts,
    UpholdDispute,
    WithdrawHindrance,
    WriteDemand,
)
from domain.arrears.dunning.events import (
    CommitteeAsked,
    DebtAcknowledged,
    DebtDisputed,
    DebtSettled,
    DemandServed,
    DemandWritten,
    DisputeRejected,
    DisputeUpheld,
    DunningOpened,
    Event,
    HardshipNoted,
    HindranceConfirmed,
    HindranceEnded,
    HindranceRecorded,
    HindranceWithdrawn,
    InstalmentPlanAgreed,
    LimitationInterrupted,
    MediationHeld,
    ProceedingsEnded,
    ReminderSent,
    SuitFiled,
)
from domain.arrears.dunning.evolve import evolve
from domain.arrears.dunning.instalments import check_instalments, instalments_checked
from domain.arrears.dunning.ladder import (
    DEMAND_AFTER,
    DEMAND_LEAVES,
    REMINDER_AFTER,
    check_claims,
    check_day,
    check_free,
    check_not_urged,
    check_not_written,
    check_overdue,
    check_rung,
    check_step,
    check_undisputed,
    check_unplanned,
    demand_served,
)
from domain.arrears.dunning.powers import POWERS
from domain.arrears.dunning.proceedings import check_hindrance, check_pending, hindrance_going_on
from domain.arrears.dunning.state import Dunning, Rung
from domain.arrears.dunning.vocabulary import InterruptedBy, bills_of
from domain.calendar import local_date
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import refuse_done, refuse_if, reject_if

LONGEST_PAUSE = timedelta(days=366)


def decide(command: Command, dunning: Dunning, act: Act) -> Sequence[Event]:
    today = local_date(act.occurred_at)
    match command:
        case OpenDunning(dwelling, estate):
            known = (dunning.dwelling, dunning.estate)
            refuse_if(known not in ((None, None), (dwelling, estate)), "already_registered")
            return [] if dunning.dwelling is not None else [DunningOpened(dwelling, estate)]
        case SendReminder(payer, claims, by, text):
            check_claims(dunning, payer, claims)
            check_free(dunning, payer, bills_of(claims), today)
            check_overdue(claims, REMINDER_AFTER, today)
            check_not_urged(dunning, bills_of(claims), by, today)
            return [ReminderSent(payer, claims, by, text)]
        case WriteDemand(demand, number, payer, claims, pay_by):
            check_claims(dunning, payer, claims)
            check_free(dunning, payer, bills_of(claims), today)
            check_rung(dunning, payer, bills_of(claims), Rung.REMINDED)
            check_overdue(claims, DEMAND_AFTER, today)
            check_not_written(dunning, payer, bills_of(claims), pay_by)
            earliest = max(today, local_date(act.recorded_at)) + DEMAND_LEAVES  # whatever day is stated
            reject_if(pay_by < earliest, "demand_period", field="pay_by", earliest=earliest)
            reject_if(pay_by > today + LONGEST_PAUSE, "demand_period_long", field="pay_by")
            return [DemandWritten(demand, number, payer, claims, pay_by)]
        case ServeDemand(demand, how, on, by, evidence):
            return demand_served(dunning, demand, DemandServed(demand, how, on, by, on, evidence), today)
        case AskCommittee(payer, bills, urged_by, text):
            check_step(dunning, payer, bills, Rung.DEMANDED, today)
            check_not_urged(dunning, bills, urged_by, today)
            return [CommitteeAsked(payer, bills, urged_by, text)]
        case RecordMediation(payer, bills, mediator, outcome, text):
            check_step(dunning, payer, bills, Rung.COMMITTEE, today)
            check_not_urged(dunning, bills, mediator, today)
            return [MediationHeld(payer, bills, mediator, outcome, text)]
        case FileSuit(payer, bills, venue, on, case_number):
            check_step(dunning, payer, bills, Rung.MEDIATION, min(on, today))
            check_day(on, today)
            pending = (each for each in dunning.pending(payer) if set(bills).intersection(each.bills))
            refuse_done(next((each.told for each in pending), None), "proceedings_pending")
            return [
                SuitFiled(payer, bills, venue, on, case_number),
                LimitationInterrupted(bills, on, InterruptedBy.SUIT, None),
            ]
        case EndProceedings(payer, bills, how, on, evidence):
            check_pending(dunning, payer, bills, on, today)
            return [
                ProceedingsEnded(payer, bills, how, on, evidence),
                LimitationInterrupted(bills, on, InterruptedBy.SUIT, None),
            ]
        case RecordHindrance(hindrance, payer, kind, since, evidence, until):
            check_hindrance(dunning, payer, kind, since, until, today)
            return [HindranceRecorded(hindrance, payer, kind, since, evidence, until)]
        case ConfirmHindrance(hindrance, on, evidence):
            going_on = hindrance_going_on(dunning, hindrance, on, today)
            refuse_done(
                going_on.told if on <= going_on.known else None, "hindrance_known", field="on", day=going_on.known
            )
            refuse_if(on <= going_on.known, "hindrance_known", field="on", day=going_on.known)
            return [HindranceConfirmed(hindrance, on, evidence)]
        case EndHindrance(hindrance, on, evidence):
            hindrance_going_on(dunning, hindrance, on, today)
            return [HindranceEnded(hindrance, on, evidence)]
        case WithdrawHindrance(hindrance, text):
            refuse_done(dunning.forgone.get(str(hindrance)), "unknown_hindrance")
            refuse_if(dunning.hindrance(hindrance) is None, "unknown_hindrance")
            return [HindranceWithdrawn(hindrance, text)]
        case RecordAcknowledgement(payer, claims, on, evidence, promised):
            check_claims(dunning, payer, claims)
            check_day(on, today)
            earliest = min(each.due for each in claims)
            refuse_if(on < earliest, "acknowledged_before_due", field="on", earliest=earliest)
            ground = InterruptedBy.PROMISE if promised else InterruptedBy.ACKNOWLEDGEMENT
            return [
                DebtAcknowledged(payer, claims, on, evidence),
                LimitationInterrupted(bills_of(claims), on, ground, None),
            ]
        case DisputeDebt(dispute, payer, claims, text):
            check_claims(dunning, payer, claims)
            check_undisputed(dunning, bills_of(claims))
            return [DebtDisputed(dispute, payer, claims, text)]
        case UpholdDispute(dispute, text):
            _check_undecided(dunning, dispute)
            return [DisputeUpheld(dispute, text)]
        case RejectDispute(dispute, text):
            _check_undecided(dunning, dispute)
            return [DisputeRejected(dispute, text)]
        case AgreeInstalments(plan, payer, claims, instalments, evidence):
            check_claims(dunning, payer, claims)
            check_undisputed(dunning, bills_of(claims))
            check_unplanned(dunning, bills_of(claims))
            check_instalments(instalments, sum(each.amount for each in claims), today)
            return [
                InstalmentPlanAgreed(plan, payer, claims, instalments, evidence),
                LimitationInterrupted(bills_of(claims), today, InterruptedBy.ACKNOWLEDGEMENT, plan),
            ]
        case CheckInstalments(plan, still_open):
            return instalments_checked(dunning, plan, still_open, today)
        case NoteHardship(payer, until, reason):
            latest = today + LONGEST_PAUSE
            reject_if(not today < until <= latest, "hardship_day", field="until", latest=latest)
            return [HardshipNoted(payer, until, reason)]
        case SettleDebts(bills):
            owed = tuple(each.bill for each in dunning.debts if each.bill in bills and not each.settled)
            return [DebtSettled(owed)] if owed else []
        case _:
            assert_never(command)


def _check_undecided(dunning: Dunning, dispute: UUID) -> None:
    found = next((each for each in dunning.disputes if each.dispute == dispute), None)
    refuse_if(found is None, "unknown_dispute")
    refuse_done(found.told if found is not None and found.upheld is not None else None, "dispute_decided")


DUNNING: Decider[Command, Dunning, Event] = Decider(
    name="Dunning",
    initial=Dunning(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
