"""What is overdue: its age, its last day, the next step, and the penalty that a contract may allow."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.arrears.dunning import (
    AgreeInstalments,
    AskCommittee,
    DeliveredBy,
    DisputeDebt,
    EndedBy,
    EndProceedings,
    FileSuit,
    Hindrance,
    Instalment,
    MediationOutcome,
    Mediator,
    NoteHardship,
    RecordHindrance,
    RecordMediation,
    RemindedBy,
    Rung,
    SendReminder,
    ServeDemand,
    UpholdDispute,
    UrgedBy,
    Venue,
    WriteDemand,
    penalty,
)
from domain.arrears.limitation import Held
from domain.arrears.overdue import Age, DunningStep, OpenBill, Rest, age_of, ageing, debtors, penalty_spans
from domain.calendar import local_date
from domain.money.items import FeeItem
from tests.arrears.examples import BILL, CLAIM, DEMAND, DISPUTE, HINDRANCE, PAYER, PLAN
from tests.arrears.test_dunning import opened, sued
from tests.scenario import CLERK, MONDAY

TODAY = local_date(MONDAY)
FRESH, NEXT_OWNER = UUID(int=0x500), UUID(int=0x501)


class _Weekdays:
    def works(self, day: date) -> bool:
        return day.weekday() < 5

    def published(self, day: date) -> bool:
        return day.year <= 2026


CALENDAR = _Weekdays()


def bill(id: UUID = BILL, due: date = CLAIM.due, open_: int = 64346, payer: UUID = PAYER) -> OpenBill:
    return OpenBill(id, "1", FeeItem.PROPERTY_FEE, due - timedelta(days=365), due, payer, 64346, open_, due)


@pytest.mark.parametrize(
    ("due", "age"),
    [
        (date(2026, 11, 22), Age.M0_3),
        (date(2026, 8, 24), Age.M0_3),
        (date(2026, 8, 23), Age.M3_12),
        (date(2025, 11, 24), Age.M3_12),
        (date(2025, 11, 23), Age.M12_24),
        (date(2024, 11, 23), Age.M24_36),
        (date(2023, 11, 24), Age.M24_36),
        (date(2023, 11, 23), Age.OLDER),
    ],
)
def test_how_old_a_debt_is(due: date, age: Age) -> None:
    assert age_of(due, TODAY) is age


def test_only_what_is_open_and_past_its_day_is_overdue() -> None:
    bills = [bill(open_=0), bill(FRESH, TODAY)]
    assert debtors(bills, opened().state, TODAY, CALENDAR) == []
    assert len(debtors(bills, opened().state, TODAY + timedelta(days=1), CALENDAR)) == 1


def test_old_debts_stay_with_the_old_owner() -> None:
    [old, new] = debtors(
        [bill(FRESH, TODAY - timedelta(days=9), payer=NEXT_OWNER), bill()], opened().state, TODAY, CALENDAR
    )
    assert (old.payer, new.payer) == (PAYER, NEXT_OWNER)
    assert new.ready(TODAY) == {DunningStep.REMIND: (FRESH,)}


def test_the_next_step_follows_the_ladder() -> None:
    def step(scenario: object, day: date = TODAY) -> dict[DunningStep, tuple[UUID, ...]]:
        [debtor] = debtors([bill()], scenario.state, day, CALENDAR)  # type: ignore[attr-defined]
        return debtor.ready(day)

    now = opened()
    assert step(now) == {DunningStep.REMIND: (BILL,)}
    now = now.when(SendReminder(PAYER, (CLAIM,), RemindedBy.PHONE))
    assert step(now) == {DunningStep.WRITE: (BILL,)}
    now = now.when(WriteDemand(DEMAND, "1", PAYER, (CLAIM,), TODAY + timedelta(days=15)))
    assert step(now) == {DunningStep.SERVE: (BILL,)}
    now = now.when(ServeDemand(DEMAND, DeliveredBy.BY_HAND, TODAY, CLERK, "签收"))
    assert step(now) == {}
    [waiting] = debtors([bill()], now.state, TODAY, CALENDAR)
    assert waiting.next_ready(TODAY) == (DunningStep.COMMITTEE, TODAY + timedelta(days=16))
    assert waiting.bills[0].last_day.day == date(2029, 11, 23)
    later = TODAY + timedelta(days=16)
    assert step(now, later) == {DunningStep.COMMITTEE: (BILL,)}
    now = now.later(days=16).when(AskCommittee(PAYER, (BILL,), UrgedBy.OWNERS_COMMITTEE))
    assert step(now, later) == {DunningStep.MEDIATE: (BILL,)}
    now = now.when(RecordMediation(PAYER, (BILL,), Mediator.MEDIATOR_STEWARD, MediationOutcome.FAILED))
    assert step(now, later) == {DunningStep.SUE: (BILL,)}
    [last] = debtors([bill()], now.state, later, CALENDAR)
    assert last.rung is Rung.MEDIATION


def test_new_bills_begin_below_while_old_ones_go_on() -> None:
    now = opened().when(SendReminder(PAYER, (CLAIM,), RemindedBy.PHONE))
    [debtor] = debtors([bill(), bill(FRESH, TODAY - timedelta(days=8))], now.state, TODAY, CALENDAR)
    assert debtor.ready(TODAY) == {DunningStep.WRITE: (BILL,), DunningStep.REMIND: (FRESH,)}
    assert list(debtor.ready(TODAY)) == [DunningStep.WRITE, DunningStep.REMIND]


def test_what_rests_is_not_asked_for() -> None:
    raised = opened().when(DisputeDebt(DISPUTE, PAYER, (CLAIM,), "不对"))
    agreed = AgreeInstalments(PLAN, PAYER, (CLAIM,), (Instalment(TODAY + timedelta(days=9), 64346),), "签了")
    for state, rest in (
        (raised.state, Rest.DISPUTED),
        (raised.when(UpholdDispute(DISPUTE, "对")).state, Rest.UPHELD),
        (opened().when(agreed).state, Rest.INSTALMENTS),
        (opened().when(NoteHardship(PAYER, TODAY + timedelta(days=9), "住院")).state, Rest.HARDSHIP),
    ):
        [debtor] = debtors([bill()], state, TODAY, CALENDAR)
        assert (debtor.rests, debtor.ready(TODAY), debtor.next_ready(TODAY)) == ((rest,), {}, None)


def test_whoever_pays_a_part_has_acknowledged_the_rest() -> None:
    due = date(2022, 6, 30)
    [unpaid] = debtors([bill(due=due)], opened().state, TODAY, CALENDAR)
    assert (unpaid.last_day.day, unpaid.bills[0].interrupted) == (date(2025, 6, 30), None)
    assert unpaid.bills[0].lapsed(date(2025, 7, 1)) and not unpaid.bills[0].lapsed(date(2025, 6, 30))
    part = replace(bill(due=due, open_=60000), paid_on=(date(2022, 6, 1), date(2024, 5, 10)))
    [partly] = debtors([part], opened().state, TODAY, CALENDAR)
    assert (partly.last_day.day, partly.bills[0].interrupted) == (date(2027, 5, 10), date(2024, 5, 10))
    assert not partly.bills[0].lapsed(TODAY)
    late = replace(part, paid_on=(date(2025, 7, 1),))  # paid freely, and no claim again
    [lapsed] = debtors([late], opened().state, TODAY, CALENDAR)
    assert (lapsed.last_day.day, lapsed.bills[0].interrupted) == (date(2025, 6, 30), None)


@pytest.mark.parametrize(
    ("how", "steps"),
    [
        (EndedBy.WITHDRAWN, {DunningStep.SUE: (BILL,)}),
        (EndedBy.OTHER, {DunningStep.SUE: (BILL,)}),
        (EndedBy.JUDGMENT, {}),  # what comes next is enforcement, and no step of ours
        (EndedBy.SETTLEMENT, {}),
    ],
)
def test_who_gave_up_a_suit_may_sue_again(how: EndedBy, steps: dict[DunningStep, tuple[UUID, ...]]) -> None:
    day = TODAY + timedelta(days=20)
    [pending] = debtors([bill()], sued().state, day, CALENDAR)
    assert (pending.ready(day), pending.soonest.held) == ({}, Held.PROCEEDINGS)
    assert pending.demandable(day) == (BILL,)
    ended = sued().later(days=3).when(EndProceedings(PAYER, (BILL,), how, day, "裁定书"))
    [after] = debtors([bill()], ended.state, day, CALENDAR)
    assert (after.ready(day), after.soonest.held) == (steps, None)
    again = ended.when(FileSuit(PAYER, (BILL,), Venue.COURT, day, "2"))
    [twice] = debtors([bill()], again.state, day, CALENDAR)
    assert (twice.ready(day), twice.soonest.held) == ({}, Held.PROCEEDINGS)


def test_a_hindrance_is_told_of_a_claim_in_its_last_six_months_and_held_claims_come_last() -> None:
    old, older = date(2024, 1, 31), date(2023, 11, 30)
    heirs = RecordHindrance(HINDRANCE, PAYER, Hindrance.HEIRS_UNDETERMINED, date(2026, 10, 8), "户口注销证明")
    now = opened().when(heirs)
    [debtor] = debtors([bill(due=old), bill(FRESH, CLAIM.due)], now.state, TODAY, CALENDAR)
    assert [(each.last_day.day, each.held) for each in debtor.bills] == [
        (date(2027, 5, 23), Held.HINDRANCE), (date(2029, 9, 30), None),
    ]  # fmt: skip
    assert debtor.soonest.bill.bill == FRESH
    [everything] = debtors([bill(due=old), bill(FRESH, older)], now.state, TODAY, CALENDAR)
    assert everything.soonest.bill.due == older  # nothing else is left
    assert not debtor.bills[0].close(date(2027, 2, 22)) and debtor.bills[0].close(date(2027, 2, 23))
    assert not debtor.bills[0].lapsed(date(2028, 1, 1))


def test_another_demand_is_about_what_was_reminded_and_waits_for_none() -> None:
    now = opened().when(SendReminder(PAYER, (CLAIM,), RemindedBy.PHONE))
    fresh = bill(FRESH, TODAY - timedelta(days=40))
    [debtor] = debtors([bill(), fresh], now.state, TODAY, CALENDAR)
    assert debtor.demandable(TODAY) == (BILL,)
    assert debtor.demandable(CLAIM.due + timedelta(days=29)) == ()
    written = now.when(WriteDemand(DEMAND, "1", PAYER, (CLAIM,), TODAY + timedelta(days=15)))
    [waiting] = debtors([bill()], written.state, TODAY, CALENDAR)
    assert waiting.demandable(TODAY) == ()
    served = written.when(ServeDemand(DEMAND, DeliveredBy.BY_HAND, TODAY, CLERK, "签收"))
    [again] = debtors([bill()], served.state, TODAY, CALENDAR)
    assert again.demandable(TODAY) == (BILL,)
    disputed = served.when(DisputeDebt(DISPUTE, PAYER, (CLAIM,), "面积不对"))
    [resting] = debtors([bill()], disputed.state, TODAY, CALENDAR)
    assert resting.demandable(TODAY) == ()


def test_ageing_adds_up() -> None:
    bills = [bill(), bill(FRESH, date(2023, 1, 31), 100)]
    [debtor] = debtors(bills, opened().state, TODAY, CALENDAR)
    found = {each.age: (each.amount, each.bills) for each in ageing(debtor.bills)}
    assert found == {
        Age.M0_3: (64346, 1), Age.M3_12: (0, 0), Age.M12_24: (0, 0), Age.M24_36: (0, 0), Age.OLDER: (100, 1),
    }  # fmt: skip
    assert debtor.open == 64446
    assert debtor.last_day.day == date(2026, 2, 2)  # 31 January 2026 is a Saturday


def test_the_penalty_of_the_worked_example() -> None:
    due = date(2026, 6, 30)
    spans = penalty_spans(64346, (), due, due + timedelta(days=45))
    assert spans == [(64346, 45)] and penalty(spans, 500) == 1448


def test_a_penalty_is_on_what_was_left_of_the_principal() -> None:
    due = date(2026, 6, 30)
    paid = [(due - timedelta(days=3), 346), (due + timedelta(days=20), 4000)]
    assert penalty_spans(64346, paid, due, due + timedelta(days=45)) == [(64000, 20), (60000, 25)]
    assert penalty_spans(64346, [(due, 64346)], due, due + timedelta(days=45)) == []
    assert penalty_spans(64346, (), due, due) == []


@given(
    st.integers(1, 10**7),
    st.lists(st.tuples(st.integers(-5, 400), st.integers(1, 10**6)), max_size=5),
    st.integers(0, 400),
    st.integers(0, 3000),
)
def test_a_penalty_grows_with_time_and_never_with_what_is_paid(
    amount: int, paid: list[tuple[int, int]], days: int, rate: int
) -> None:
    due = date(2026, 1, 31)
    parts = [(due + timedelta(days=day), fen) for day, fen in paid]
    asked = penalty(penalty_spans(amount, parts, due, due + timedelta(days=days)), rate)
    assert 0 <= asked <= penalty([(amount, days)], rate)
    assert asked <= penalty(penalty_spans(amount, parts, due, due + timedelta(days=days + 1)), rate)
