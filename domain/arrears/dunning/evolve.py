"""What each event makes of the dunning of a dwelling."""

from collections.abc import Callable, Iterable
from datetime import date
from enum import Enum
from typing import assert_never
from uuid import UUID

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
    InstalmentPlanBroken,
    LimitationInterrupted,
    MediationHeld,
    ProceedingsEnded,
    ReminderSent,
    SuitFiled,
)
from domain.arrears.dunning.state import (
    RUNGS,
    Debt,
    Demand,
    Dispute,
    Dunning,
    Hindered,
    InstalmentPlan,
    Pause,
    Rung,
    Suit,
    manner,
)
from domain.arrears.dunning.vocabulary import Claim, EndedBy, InterruptedBy, bills_of
from domain.calendar import local_date
from domain.changed import changed
from domain.recorded import Act


def evolve(dunning: Dunning, event: Event, act: Act) -> Dunning:
    today = local_date(act.occurred_at)
    match event:
        case DunningOpened(dwelling, estate):
            return changed(dunning, dwelling=dwelling, estate=estate)
        case ReminderSent(payer, claims, by):
            reminded = _urged(_claimed(dunning, payer, claims), bills_of(claims), by, act)
            return _risen(reminded, bills_of(claims), Rung.REMINDED, today)
        case DemandWritten(demand, number, payer, claims, pay_by):
            written = Demand(demand, number, payer, claims, today, pay_by, told=act)
            return changed(_claimed(dunning, payer, claims), demands=(*dunning.demands, written))
        case DemandServed(demand, _, on, _, runs_out):
            return _on_served(dunning, demand, on, runs_out, act)
        case CommitteeAsked(_, bills, urged_by):
            return _risen(_urged(dunning, bills, urged_by, act), bills, Rung.COMMITTEE, today)
        case MediationHeld(_, bills, mediator):
            return _risen(_urged(dunning, bills, mediator, act), bills, Rung.MEDIATION, today)
        case SuitFiled(payer, bills, venue, on):
            suits = (*dunning.suits, Suit(payer, bills, venue, on, told=act))
            return _risen(changed(dunning, suits=suits), bills, Rung.SUIT, on)
        case ProceedingsEnded(payer, bills, how, on):
            return _on_ended(dunning, payer, bills, how, on, act)
        case HindranceRecorded(hindrance, payer, kind, since, _, until):
            known = Hindered(hindrance, payer, kind, since, until or today, until, act)
            return changed(dunning, hindrances=(*dunning.hindrances, known))
        case HindranceConfirmed(hindrance, on):
            return _hindered(dunning, hindrance, known=on, told=act)
        case HindranceEnded(hindrance, on):
            return _hindered(dunning, hindrance, known=on, until=on, told=act)
        case HindranceWithdrawn(hindrance):
            others = tuple(each for each in dunning.hindrances if each.hindrance != hindrance)
            return changed(dunning, hindrances=others, forgone={**dunning.forgone, str(hindrance): act})
        case DebtAcknowledged(payer, claims):
            return _claimed(dunning, payer, claims)
        case LimitationInterrupted(bills, on, ground, proof):
            if ground is InterruptedBy.PROMISE or (ground is InterruptedBy.ACKNOWLEDGEMENT and proof is not None):
                return _each(dunning, bills, lambda debt: changed(debt, promised=(*debt.promised, on)))
            return _each(dunning, bills, lambda debt: changed(debt, interrupted=(*debt.interrupted, on)))
        case DebtDisputed(dispute, payer, claims):
            raised = Dispute(dispute, payer, bills_of(claims), today, told=act)
            owed = _each(_claimed(dunning, payer, claims), raised.bills, lambda debt: changed(debt, dispute=dispute))
            return changed(owed, disputes=(*dunning.disputes, raised))
        case DisputeUpheld(dispute):
            return _on_decided(dunning, dispute, act, upheld=True)
        case DisputeRejected(dispute):
            return _on_decided(dunning, dispute, act, upheld=False)
        case InstalmentPlanAgreed(plan, payer, claims, instalments):
            agreed = InstalmentPlan(plan, payer, bills_of(claims), today, instalments, told=act)
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


def _urged(dunning: Dunning, bills: Iterable[UUID], by: Enum, act: Act) -> Dunning:
    return _each(dunning, bills, lambda debt: changed(debt, urged={**debt.urged, manner(by): act}))


def _risen(dunning: Dunning, bills: Iterable[UUID], rung: Rung, day: date) -> Dunning:
    """Up to a rung; what stands higher stays there."""

    def rise(debt: Debt) -> Debt:
        return debt if RUNGS.index(debt.rung) >= RUNGS.index(rung) else changed(debt, rung=rung, since=day)

    return _each(dunning, bills, rise)


def _on_served(dunning: Dunning, demand: UUID, on: date, runs_out: date, act: Act) -> Dunning:
    written = dunning.demand(demand)
    assert written is not None  # served means written
    served = changed(written, served_on=on, told=act)
    demands = tuple(served if each.demand == demand else each for each in dunning.demands)
    risen = _risen(changed(dunning, demands=demands), bills_of(written.claims), Rung.DEMANDED, on)
    return _each(risen, bills_of(written.claims), lambda debt: changed(debt, runs_out=runs_out))


def _on_ended(dunning: Dunning, payer: UUID, bills: Iterable[UUID], how: EndedBy, on: date, act: Act) -> Dunning:
    named, suits = frozenset(bills), list[Suit]()
    for each in dunning.suits:
        ended = tuple(bill for bill in each.bills if bill in named)
        if each.payer != payer or each.ended_on is not None or not ended:
            suits.append(each)
            continue
        suits.append(changed(each, bills=ended, ended_on=on, ended_by=how, told=act))
        if len(ended) < len(each.bills):
            suits.append(changed(each, bills=tuple(bill for bill in each.bills if bill not in named)))
    return changed(dunning, suits=tuple(suits))


def _hindered(dunning: Dunning, hindrance: UUID, **facts: object) -> Dunning:
    told = tuple(changed(each, **facts) if each.hindrance == hindrance else each for each in dunning.hindrances)
    return changed(dunning, hindrances=told)


def _on_decided(dunning: Dunning, dispute: UUID, act: Act, *, upheld: bool) -> Dunning:
    found = next(each for each in dunning.disputes if each.dispute == dispute)
    settled = changed(found, upheld=upheld, told=act)
    others = tuple(settled if each.dispute == dispute else each for each in dunning.disputes)
    raised_on = found.raised_on if upheld else None
    decided = changed(dunning, disputes=others)
    return _each(decided, found.bills, lambda debt: changed(debt, dispute=None, upheld=raised_on or debt.upheld))
