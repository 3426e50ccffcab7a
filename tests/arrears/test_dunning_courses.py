"""Any course of dunning: no rung is left out, and no claim lapses earlier than it did."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.arrears.dunning import (
    RUNGS,
    AskCommittee,
    Claim,
    CommitteeAsked,
    ConfirmHindrance,
    DeliveredBy,
    DemandServed,
    DisputeDebt,
    EndedBy,
    EndProceedings,
    FileSuit,
    Hindrance,
    MediationHeld,
    MediationOutcome,
    Mediator,
    NoteHardship,
    RecordAcknowledgement,
    RecordHindrance,
    RecordMediation,
    RejectDispute,
    RemindedBy,
    ReminderSent,
    Rung,
    SendReminder,
    ServeDemand,
    SettleDebts,
    SuitFiled,
    UpholdDispute,
    UrgedBy,
    Venue,
    WriteDemand,
)
from domain.arrears.limitation import YEARS
from domain.calendar import local_date
from domain.months import anniversary
from domain.refusal import Refusal
from tests.arrears.examples import CLAIM, PAYER
from tests.arrears.test_dunning import CALENDAR, OTHER_BILL, TODAY, opened
from tests.scenario import CLERK

_CLAIMS = (CLAIM, Claim(OTHER_BILL, 5362, date(2026, 10, 31)))
_SOME = st.sampled_from([_CLAIMS[:1], _CLAIMS[1:], _CLAIMS])
_SOME_BILLS = _SOME.map(lambda claims: tuple(each.bill for each in claims))
_IDS = st.integers(0, 5).map(lambda number: UUID(int=0x900 + number))
_DAYS = st.integers(0, 60).map(lambda days: TODAY + timedelta(days=days))
_STEPS = st.one_of(
    st.builds(SendReminder, st.just(PAYER), _SOME, st.sampled_from(RemindedBy)),
    st.builds(WriteDemand, _IDS, st.just("DM-1"), st.just(PAYER), _SOME, _DAYS),
    st.builds(ServeDemand, _IDS, st.sampled_from(DeliveredBy), _DAYS, st.just(CLERK), st.just("签收")),
    st.builds(AskCommittee, st.just(PAYER), _SOME_BILLS, st.sampled_from(UrgedBy)),
    st.builds(
        RecordMediation, st.just(PAYER), _SOME_BILLS, st.sampled_from(Mediator), st.sampled_from(MediationOutcome)
    ),
    st.builds(FileSuit, st.just(PAYER), _SOME_BILLS, st.sampled_from(Venue), _DAYS, st.just("1")),
    st.builds(RecordAcknowledgement, st.just(PAYER), _SOME, _DAYS, st.just("签字")),
    st.builds(EndProceedings, st.just(PAYER), _SOME_BILLS, st.sampled_from(EndedBy), _DAYS, st.just("裁定书")),
    st.builds(
        RecordHindrance, _IDS, st.just(PAYER), st.sampled_from(Hindrance), _DAYS, st.just("证明"), st.none() | _DAYS
    ),
    st.builds(ConfirmHindrance, _IDS, _DAYS, st.just("证明")),
    st.builds(DisputeDebt, _IDS, st.just(PAYER), _SOME, st.just("不对")),
    st.builds(UpholdDispute, _IDS, st.just("对")),
    st.builds(RejectDispute, _IDS, st.just("不对")),
    st.builds(NoteHardship, st.just(PAYER), _DAYS, st.just("住院")),
    st.builds(SettleDebts, _SOME_BILLS),
)


_ALLOWED_RISE = {ReminderSent: 1, DemandServed: 2, CommitteeAsked: 3, MediationHeld: 4, SuitFiled: 5}


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_STEPS, st.integers(0, 20)), max_size=40))
def test_the_ladder_never_skips_and_no_claim_lapses_earlier_than_it_did(steps: list[tuple[Any, int]]) -> None:
    now = opened()
    seen: set[UUID] = set()
    for step, days in steps:
        before, now = now, now.later(days=days)
        if isinstance(step, WriteDemand | DisputeDebt | RecordHindrance):
            own = next(getattr(step, name) for name in ("demand", "dispute", "hindrance") if hasattr(step, name))
            if own in seen:
                continue
            seen.add(own)
        try:
            now = now.when(step)
        except Refusal:
            continue
        for debt in now.state.debts:
            earlier = before.state.debt(debt.bill)
            rung = earlier.rung if earlier else Rung.NONE
            last = before.state.limitation(earlier, CALENDAR).last_day.day if earlier else debt.due
            assert RUNGS.index(rung) <= RUNGS.index(debt.rung) <= RUNGS.index(rung) + 1
            assert now.state.limitation(debt, CALENDAR).last_day.day >= max(last, anniversary(debt.due, YEARS))
            if debt.rung is not rung:
                assert RUNGS.index(debt.rung) == _ALLOWED_RISE[type(now.outcome[0])]
            if debt.rung is Rung.SUIT and rung is not Rung.SUIT:  # INV-50
                assert debt.runs_out is not None and debt.runs_out < local_date(now.clock)
