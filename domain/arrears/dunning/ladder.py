"""The ladder: what may be claimed, which rung a bill stands on, what lets it rest, and the periods between."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import Enum
from uuid import UUID

from domain.arrears.dunning.events import DemandServed, Event, LimitationInterrupted
from domain.arrears.dunning.state import RUNGS, Dunning, Rung, manner
from domain.arrears.dunning.vocabulary import Claim, InterruptedBy, bills_of
from domain.calendar import local_date
from domain.refusal import Refusal, refuse_done, refuse_if, reject_if

REMINDER_AFTER = timedelta(days=7)  # after the due day
DEMAND_AFTER = timedelta(days=30)
DEMAND_LEAVES = timedelta(days=15)  # the least time a demand gives, also after it was served
MOST_BILLS = 600  # fifty years of months


def check_claims(dunning: Dunning, payer: UUID, claims: Sequence[Claim]) -> None:
    check_named(bills_of(claims))
    refuse_if(any(each.amount <= 0 for each in claims), "bill_not_open")
    for each in claims:
        known = dunning.debt(each.bill)
        refuse_if(known is not None and known.payer != payer, "other_debtor")


def check_named(bills: Sequence[UUID]) -> None:
    reject_if(not bills or len(set(bills)) < len(bills) or len(bills) > MOST_BILLS, "bills_named", field="bills")


def check_overdue(claims: Iterable[Claim], span: timedelta, today: date) -> None:
    earliest = max(each.due for each in claims) + span
    refuse_if(today < earliest, "not_overdue_enough", earliest=earliest)


def check_free(dunning: Dunning, payer: UUID, bills: Sequence[UUID], today: date) -> None:
    """Nothing keeps the ladder at rest: no hardship, no open dispute or one that was right, no plan being paid."""
    until = dunning.paused(payer, today)
    refuse_if(until is not None, "ladder_paused", until=until)
    check_undisputed(dunning, bills)
    check_unplanned(dunning, bills)


def check_undisputed(dunning: Dunning, bills: Sequence[UUID]) -> None:
    for bill in bills:
        debt = dunning.debt(bill)
        if debt is not None and debt.dispute is not None:
            raised = [each.told for each in dunning.disputes if each.dispute == debt.dispute]
            refuse_done(raised[-1] if raised else None, "debt_disputed")
            raise Refusal("debt_disputed")
        refuse_if(debt is not None and debt.upheld is not None, "dispute_upheld")


def check_unplanned(dunning: Dunning, bills: Sequence[UUID]) -> None:
    running = next((plan for bill in bills if (plan := dunning.running_plan(bill))), None)
    refuse_done(running.told if running else None, "instalments_running")


def check_rung(dunning: Dunning, payer: UUID, bills: Sequence[UUID], needed: Rung) -> None:
    for bill in bills:
        debt = dunning.debt(bill)
        refuse_if(debt is not None and debt.payer != payer, "other_debtor")
        rung = debt.rung if debt else Rung.NONE
        refuse_if(RUNGS.index(rung) < RUNGS.index(needed), "ladder_skips", needed=needed)


def check_step(dunning: Dunning, payer: UUID, bills: Sequence[UUID], needed: Rung, day: date) -> None:
    """A rung after the demand: reached in order, and never before the period of the demand has run out."""
    check_named(bills)
    check_free(dunning, payer, bills, day)
    check_rung(dunning, payer, bills, needed)
    for bill in bills:
        debt = dunning.debt(bill)
        assert debt is not None and debt.runs_out is not None  # DEMANDED means served
        refuse_if(day <= debt.runs_out, "demand_running", until=debt.runs_out)


def check_not_urged(dunning: Dunning, bills: Sequence[UUID], by: Enum, today: date) -> None:
    """Nobody is called, or gone to, twice on one day about the same debts: one of two people comes too late."""
    urged = [debt.urged.get(manner(by)) if (debt := dunning.debt(bill)) else None for bill in bills]
    done = [act for act in urged if act is not None and local_date(act.occurred_at) == today]
    refuse_done(done[-1] if len(done) == len(bills) else None, "urged_today", by)


def check_not_written(dunning: Dunning, payer: UUID, bills: Sequence[UUID], pay_by: date) -> None:
    """A demand that nobody has delivered yet is not written once more."""
    waits = [each for each in dunning.demands if each.payer == payer and each.served_on is None]
    same = [each.told for each in waits if each.pay_by == pay_by and set(bills_of(each.claims)) == set(bills)]
    refuse_done(same[-1] if same else None, "demand_written")


def check_day(on: date, today: date) -> None:
    reject_if(on > today, "day_ahead", field="on")


def demand_served(dunning: Dunning, demand: UUID, served: DemandServed, today: date) -> Sequence[Event]:
    written = dunning.demand(demand)
    if written is None:
        raise Refusal("unknown_demand")
    refuse_done(written.told if written.served_on else None, "demand_served", day=written.served_on)
    check_day(served.on, today)
    reject_if(served.on < written.written_on, "served_before_written", field="on", day=written.written_on)
    runs_out = max(written.pay_by, served.on + DEMAND_LEAVES)
    return [
        DemandServed(demand, served.how, served.on, served.by, runs_out, served.evidence),
        LimitationInterrupted(bills_of(written.claims), served.on, InterruptedBy.DEMAND, demand),
    ]
