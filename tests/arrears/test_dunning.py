"""The ladder of dunning: rung by rung, with proof, at rest where it has to rest, and never with a hand on a tap."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from domain.arrears.dunning import (
    DUNNING,
    AgreeInstalments,
    AskCommittee,
    CheckInstalments,
    Claim,
    CommitteeAsked,
    ConfirmHindrance,
    DebtAcknowledged,
    DebtDisputed,
    DebtSettled,
    DeliveredBy,
    DemandServed,
    DemandWritten,
    DisputeDebt,
    DisputeRejected,
    DisputeUpheld,
    Dunning,
    DunningOpened,
    EndedBy,
    EndHindrance,
    EndProceedings,
    FileSuit,
    HardshipNoted,
    Hindrance,
    HindranceConfirmed,
    HindranceEnded,
    HindranceRecorded,
    HindranceWithdrawn,
    Instalment,
    InstalmentPlanAgreed,
    InstalmentPlanBroken,
    InterruptedBy,
    LimitationInterrupted,
    MediationHeld,
    MediationOutcome,
    Mediator,
    NoteHardship,
    OpenDunning,
    ProceedingsEnded,
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
    WithdrawHindrance,
    WriteDemand,
    dunning_stream,
    penalty,
)
from domain.arrears.limitation import Held, Limitation
from domain.calendar import local_date
from tests.arrears.examples import BILL, CLAIM, DEMAND, DISPUTE, DWELLING, ESTATE_CODE, HINDRANCE, PAYER, PLAN
from tests.scenario import CLERK, MONDAY, Scenario

OTHER_BILL, OTHER_PAYER, OTHER_DEMAND, OTHER_PLAN = (UUID(int=n) for n in range(0x400, 0x404))
TODAY = local_date(MONDAY)
FRESH = Claim(OTHER_BILL, 5362, TODAY - timedelta(days=8))
REMIND = SendReminder(PAYER, (CLAIM,), RemindedBy.PHONE)
WRITE = WriteDemand(DEMAND, "DM-1", PAYER, (CLAIM,), TODAY + timedelta(days=15))
SERVE = ServeDemand(DEMAND, DeliveredBy.BY_HAND, TODAY, CLERK, "本人签收")
ASK = AskCommittee(PAYER, (BILL,), UrgedBy.OWNERS_COMMITTEE)
MEDIATE = RecordMediation(PAYER, (BILL,), Mediator.MEDIATOR_STEWARD, MediationOutcome.FAILED)
SUE = FileSuit(PAYER, (BILL,), Venue.COURT, TODAY + timedelta(days=16), "（2026）民初第1号")


def opened() -> Scenario[Dunning]:
    return Scenario(DUNNING, DUNNING.initial).when(OpenDunning(DWELLING, ESTATE_CODE))


def served() -> Scenario[Dunning]:
    return opened().when(REMIND, WRITE, SERVE)


def mediated() -> Scenario[Dunning]:
    return served().later(days=16).when(ASK, MEDIATE)


def test_the_ladder_rung_by_rung() -> None:
    opened().then(DunningOpened(DWELLING, ESTATE_CODE)).when(OpenDunning(DWELLING, ESTATE_CODE)).then()
    reminded = opened().when(REMIND).then(ReminderSent(PAYER, (CLAIM,), RemindedBy.PHONE))
    written = reminded.when(WRITE).then(DemandWritten(DEMAND, "DM-1", PAYER, (CLAIM,), WRITE.pay_by))
    written.holds(lambda state: state.debts[0].rung is Rung.REMINDED)  # written is not served
    now = written.when(SERVE).then(
        DemandServed(DEMAND, DeliveredBy.BY_HAND, TODAY, CLERK, WRITE.pay_by, "本人签收"),
        LimitationInterrupted((BILL,), TODAY, InterruptedBy.DEMAND, DEMAND),
    )
    now = now.later(days=16).when(ASK).then(CommitteeAsked(PAYER, (BILL,), UrgedBy.OWNERS_COMMITTEE))
    now = now.when(MEDIATE).then(MediationHeld)
    now.when(SUE).then(
        SuitFiled(PAYER, (BILL,), Venue.COURT, SUE.on, SUE.case_number),
        LimitationInterrupted((BILL,), SUE.on, InterruptedBy.SUIT, None),
    ).holds(lambda state: state.debts[0].rung is Rung.SUIT)


def test_no_rung_is_left_out() -> None:
    opened().refused(WRITE, "ladder_skips", needed=Rung.REMINDED)
    for early in (opened(), opened().when(REMIND), opened().when(REMIND, WRITE)):
        for step in (ASK, MEDIATE, SUE):
            early.refused(step, "ladder_skips")
    ran_out = served().later(days=16)
    ran_out.refused(MEDIATE, "ladder_skips", needed=Rung.COMMITTEE)
    ran_out.refused(SUE, "ladder_skips", needed=Rung.MEDIATION)
    ran_out.when(ASK).refused(SUE, "ladder_skips", needed=Rung.MEDIATION)


def test_inv_50_nobody_sues_before_the_period_of_a_served_demand_has_run_out() -> None:
    served().later(days=15).refused(ASK, "demand_running", until=WRITE.pay_by)
    written = opened().when(REMIND, WRITE).later(days=60)
    written.refused(SUE, "ladder_skips")
    late = written.when(ServeDemand(DEMAND, DeliveredBy.REGISTERED_POST, TODAY + timedelta(days=60), CLERK, "回执"))
    until = TODAY + timedelta(days=75)  # served late: fifteen days from then
    late.later(days=15).refused(ASK, "demand_running", until=until)
    again = mediated().when(WriteDemand(OTHER_DEMAND, "DM-2", PAYER, (CLAIM,), TODAY + timedelta(days=40)))
    on = TODAY + timedelta(days=16)
    served_again = again.when(ServeDemand(OTHER_DEMAND, DeliveredBy.BY_HAND, on, CLERK, "本人签收"))
    served_again.refused(SUE, "demand_running", until=TODAY + timedelta(days=40))
    mediated().refused(FileSuit(PAYER, (BILL,), Venue.COURT, TODAY, "x"), "demand_running")  # sued before it ran out


def test_it_begins_seven_days_after_the_due_day_and_writes_after_thirty() -> None:
    soon = Claim(BILL, 100, TODAY - timedelta(days=6))
    opened().refused(SendReminder(PAYER, (soon,), RemindedBy.PHONE), "not_overdue_enough", earliest=date(2026, 11, 24))
    reminded = opened().when(SendReminder(PAYER, (FRESH,), RemindedBy.MESSAGE, "请您有空来交"))
    reminded.refused(
        WriteDemand(DEMAND, "DM-1", PAYER, (FRESH,), TODAY + timedelta(days=20)), "not_overdue_enough",
        earliest=FRESH.due + timedelta(days=30),
    )  # fmt: skip


def test_a_demand_leaves_fifteen_days_from_when_it_is_told_whatever_day_is_stated() -> None:
    reminded = opened().when(REMIND).later(days=10)
    stated = reminded.act._replace(occurred_at=MONDAY)
    reminded.refused(WRITE, "demand_period", act=stated, earliest=TODAY + timedelta(days=25))


def test_a_demand_leaves_fifteen_days() -> None:
    short = WriteDemand(DEMAND, "DM-1", PAYER, (CLAIM,), TODAY + timedelta(days=14))
    opened().when(REMIND).refused(short, "demand_period", earliest=TODAY + timedelta(days=15))
    endless = WriteDemand(DEMAND, "DM-1", PAYER, (CLAIM,), TODAY + timedelta(days=400))
    opened().when(REMIND).refused(endless, "demand_period_long")


def test_service_is_proven_once_and_on_a_day_that_was() -> None:
    written = opened().when(REMIND, WRITE)
    written.refused(ServeDemand(DEMAND, DeliveredBy.BY_HAND, TODAY, CLERK, "  "), "blank_text", field="evidence")
    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    written.refused(ServeDemand(DEMAND, DeliveredBy.BY_HAND, tomorrow, CLERK, "签收"), "day_ahead")
    written.refused(ServeDemand(DEMAND, DeliveredBy.BY_HAND, yesterday, CLERK, "签收"), "served_before_written")
    written.refused(ServeDemand(OTHER_DEMAND, DeliveredBy.BY_HAND, TODAY, CLERK, "签收"), "unknown_demand")
    served().refused(SERVE, "demand_served", day=TODAY)


def test_bills_are_named_and_open_and_of_one_debtor() -> None:
    opened().refused(SendReminder(PAYER, (), RemindedBy.PHONE), "bills_named")
    opened().refused(SendReminder(PAYER, (CLAIM, CLAIM), RemindedBy.PHONE), "bills_named")
    paid = Claim(BILL, 0, CLAIM.due)
    opened().refused(SendReminder(PAYER, (paid,), RemindedBy.PHONE), "bill_not_open")
    opened().when(REMIND).refused(SendReminder(OTHER_PAYER, (CLAIM,), RemindedBy.PHONE), "other_debtor")
    other = AskCommittee(OTHER_PAYER, (BILL,), UrgedBy.OWNERS_COMMITTEE)
    served().later(days=16).refused(other, "other_debtor")


def test_a_dispute_stops_the_ladder_until_it_is_decided() -> None:
    raised = served().later(days=16).when(DisputeDebt(DISPUTE, PAYER, (CLAIM,), "面积不对"))
    raised.then(DebtDisputed(DISPUTE, PAYER, (CLAIM,), "面积不对"))
    for step in (REMIND, WRITE, ASK, DisputeDebt(UUID(int=9), PAYER, (CLAIM,), "x")):
        raised.refused(step, "debt_disputed")
    rejected = raised.when(RejectDispute(DISPUTE, "与产权证一致")).then(DisputeRejected)
    rejected.when(ASK).then(CommitteeAsked).refused(UpholdDispute(DISPUTE, "x"), "dispute_decided")
    upheld = raised.later(days=5).when(UpholdDispute(DISPUTE, "登记错了")).then(DisputeUpheld)
    upheld.holds(lambda state: state.debts[0].upheld == TODAY + timedelta(days=16))  # since it was raised
    for step in (REMIND, ASK, DisputeDebt(UUID(int=9), PAYER, (CLAIM,), "x")):
        upheld.refused(step, "dispute_upheld")
    opened().refused(RejectDispute(DISPUTE, "x"), "unknown_dispute")


def agreed(*parts: tuple[int, int]) -> AgreeInstalments:
    instalments = tuple(Instalment(TODAY + timedelta(days=days), amount) for days, amount in parts)
    return AgreeInstalments(PLAN, PAYER, (CLAIM,), instalments, "书面协议")


def test_instalments_add_up_and_come_one_after_the_other() -> None:
    opened().when(agreed((30, 34346), (60, 30000))).then(
        InstalmentPlanAgreed, LimitationInterrupted((BILL,), TODAY, InterruptedBy.ACKNOWLEDGEMENT, PLAN)
    ).refused(REMIND, "instalments_running").refused(agreed((1, 64346)), "instalments_running")
    opened().refused(agreed((30, 64345)), "instalment_sum", planned=64345, total=64346)
    for wrong in (((60, 34346), (30, 30000)), ((30, 1), (30, 64345)), ((-1, 64346),), ((2000, 64346),)):
        opened().refused(agreed(*wrong), "instalment_days")
    opened().refused(agreed((1, 64347), (2, -1)), "amount")
    opened().refused(agreed(), "instalment_count")
    opened().refused(agreed(*((day, 1) for day in range(40))), "instalment_count")


def test_a_broken_plan_is_noticed_once_and_the_ladder_goes_on() -> None:
    going = opened().when(REMIND, agreed((30, 34346), (60, 30000)))
    going.later(days=30).when(CheckInstalments(PLAN, 64346)).then()  # today it may still come
    going.later(days=31).when(CheckInstalments(PLAN, 30000)).then()  # it has come
    due = TODAY + timedelta(days=30)
    broken = going.later(days=31).when(CheckInstalments(PLAN, 40000)).then(InstalmentPlanBroken(PLAN, due, 10000))
    broken.when(CheckInstalments(PLAN, 40000)).then()
    going.later(days=61).when(CheckInstalments(PLAN, 64346)).then(InstalmentPlanBroken(PLAN, due, 64346))
    pay_by = TODAY + timedelta(days=60)
    broken.when(WriteDemand(DEMAND, "DM-1", PAYER, (CLAIM,), pay_by)).then(DemandWritten)
    settled = going.when(SettleDebts((BILL,))).then(DebtSettled((BILL,)))
    settled.later(days=90).when(CheckInstalments(PLAN, 0)).then()
    opened().when(CheckInstalments(OTHER_PLAN, 0)).then()


def test_hardship_lets_the_ladder_rest_until_a_day() -> None:
    until = TODAY + timedelta(days=20)
    paused = served().when(NoteHardship(PAYER, until, "住院")).then(HardshipNoted(PAYER, until, "住院"))
    for step in (REMIND, ASK):
        paused.later(days=16).refused(step, "ladder_paused", until=until)
    paused.later(days=21).when(ASK).then(CommitteeAsked)
    paused.when(SendReminder(OTHER_PAYER, (FRESH,), RemindedBy.VISIT)).then(ReminderSent)
    shorter = paused.when(NoteHardship(PAYER, TODAY + timedelta(days=1), "好转")).later(days=16)
    shorter.when(ASK).then(CommitteeAsked)
    for day in (TODAY, TODAY + timedelta(days=367)):
        opened().refused(NoteHardship(PAYER, day, "x"), "hardship_day")


def test_what_was_written_may_be_served_while_the_ladder_rests() -> None:
    """Service is a fact, and it keeps the claim from lapsing."""
    resting = opened().when(REMIND, WRITE, NoteHardship(PAYER, TODAY + timedelta(days=90), "住院"))
    resting.when(SERVE).then(DemandServed, LimitationInterrupted)


def test_an_acknowledgement_interrupts_the_limitation() -> None:
    on = TODAY - timedelta(days=3)
    opened().when(RecordAcknowledgement(PAYER, (CLAIM,), on, "签了对账单")).then(
        DebtAcknowledged(PAYER, (CLAIM,), on, "签了对账单"),
        LimitationInterrupted((BILL,), on, InterruptedBy.ACKNOWLEDGEMENT, None),
    )
    opened().refused(RecordAcknowledgement(PAYER, (CLAIM,), TODAY + timedelta(days=1), "x"), "day_ahead")
    early = RecordAcknowledgement(PAYER, (CLAIM, FRESH), CLAIM.due - timedelta(days=1), "x")
    opened().refused(early, "acknowledged_before_due", earliest=CLAIM.due)
    opened().when(RecordAcknowledgement(PAYER, (CLAIM, FRESH), CLAIM.due, "x")).then(
        DebtAcknowledged, LimitationInterrupted
    )


def limited(now: Scenario[Dunning], bill: UUID = BILL) -> Limitation:
    debt = now.state.debt(bill)
    assert debt is not None
    return now.state.limitation(debt, CALENDAR)


def test_a_promise_to_pay_makes_a_lapsed_debt_due_again_and_an_acknowledgement_does_not() -> None:
    old = Claim(BILL, 64346, date(2023, 6, 30))  # lapsed on 30 June 2026
    acknowledged = opened().when(RecordAcknowledgement(PAYER, (old,), TODAY, "签了对账单"))
    assert limited(acknowledged).lapsed(TODAY)
    promised = opened().when(RecordAcknowledgement(PAYER, (old,), TODAY, "答应下月付清", promised=True))
    promised.then(DebtAcknowledged, LimitationInterrupted((BILL,), TODAY, InterruptedBy.PROMISE, None))
    assert (limited(promised).last_day.day, limited(promised).since) == (date(2029, 11, 23), TODAY)
    plan = AgreeInstalments(PLAN, PAYER, (old,), (Instalment(TODAY, 64346),), "书面协议")
    assert limited(opened().when(plan)).last_day.day == date(2029, 11, 23)  # whoever agrees to pay has promised to


def sued() -> Scenario[Dunning]:
    return mediated().later(days=1).when(SUE)


def test_proceedings_hold_the_claim_until_they_end_and_give_three_years_from_then() -> None:
    pending = sued()
    assert limited(pending).held is Held.PROCEEDINGS
    assert limited(pending).last_day.day == date(2029, 12, 10)  # three years after 9 December 2026 is a Sunday
    pending.refused(SUE, "proceedings_pending")
    on = date(2027, 5, 14)
    end = EndProceedings(PAYER, (BILL,), EndedBy.JUDGMENT, on, "（2026）民初第1号判决书")
    pending.refused(end, "day_ahead")
    later = pending.at(MONDAY.replace(year=2027, month=6, day=1))
    early = EndProceedings(PAYER, (BILL,), EndedBy.JUDGMENT, SUE.on - timedelta(days=1), "判决书")
    later.refused(early, "ended_before_filed", field="on", day=SUE.on)
    later.refused(EndProceedings(PAYER, (BILL,), EndedBy.JUDGMENT, on, " "), "blank_text", field="evidence")
    later.refused(EndProceedings(PAYER, (OTHER_BILL,), EndedBy.JUDGMENT, on, "判决书"), "no_proceedings")
    later.refused(EndProceedings(OTHER_PAYER, (BILL,), EndedBy.JUDGMENT, on, "判决书"), "no_proceedings")
    later.refused(EndProceedings(PAYER, (), EndedBy.JUDGMENT, on, "判决书"), "bills_named")
    ended = later.when(end).then(
        ProceedingsEnded(PAYER, (BILL,), EndedBy.JUDGMENT, on, "（2026）民初第1号判决书"),
        LimitationInterrupted((BILL,), on, InterruptedBy.SUIT, None),
    )
    assert (limited(ended).held, limited(ended).last_day.day) == (None, date(2030, 5, 14))
    ended.refused(end, "no_proceedings")
    ended.when(SUE).then(SuitFiled, LimitationInterrupted)  # given up, it may be brought again


def test_proceedings_may_end_for_some_of_their_bills() -> None:
    both = (CLAIM, Claim(OTHER_BILL, 5362, CLAIM.due))
    ids = (BILL, OTHER_BILL)
    now = opened().when(
        SendReminder(PAYER, both, RemindedBy.PHONE), WriteDemand(DEMAND, "DM-1", PAYER, both, WRITE.pay_by), SERVE
    )
    now = now.later(days=16).when(
        AskCommittee(PAYER, ids, UrgedBy.OWNERS_COMMITTEE),
        RecordMediation(PAYER, ids, Mediator.MEDIATOR_STEWARD, MediationOutcome.FAILED),
        FileSuit(PAYER, ids, Venue.ARBITRATION, SUE.on, "1"),
        EndProceedings(PAYER, (OTHER_BILL,), EndedBy.WITHDRAWN, SUE.on, "撤回申请"),
    )
    assert (limited(now).held, limited(now, OTHER_BILL).held) == (Held.PROCEEDINGS, None)
    assert [each.bills for each in now.state.pending(PAYER)] == [(BILL,)]
    rest = now.when(EndProceedings(PAYER, (BILL,), EndedBy.SETTLEMENT, SUE.on, "调解书"))
    assert rest.state.pending(PAYER) == [] and limited(rest).held is None


def test_a_hindrance_is_told_followed_and_ends() -> None:
    old = Claim(BILL, 64346, date(2024, 1, 31))  # lapses on Monday, 1 February 2027
    owed = opened().when(SendReminder(PAYER, (old,), RemindedBy.PHONE))
    since = date(2026, 10, 8)
    heirs = RecordHindrance(HINDRANCE, PAYER, Hindrance.HEIRS_UNDETERMINED, since, "户口注销证明")
    hindered = owed.when(heirs).then(
        HindranceRecorded(HINDRANCE, PAYER, Hindrance.HEIRS_UNDETERMINED, since, "户口注销证明")
    )
    assert limited(hindered).held is Held.HINDRANCE
    assert limited(hindered).last_day.day == date(2027, 5, 24)  # known on 23 November, six months later a Sunday
    assert limited(owed.when(replace(heirs, payer=OTHER_PAYER))).held is None
    hindered.refused(heirs, "hindrance_goes_on")
    hindered.when(RecordHindrance(UUID(int=9), OTHER_PAYER, heirs.kind, since, "x")).then(HindranceRecorded)
    spring = hindered.at(MONDAY.replace(year=2027, month=3, day=1))
    spring.refused(ConfirmHindrance(HINDRANCE, TODAY, "x"), "hindrance_known", field="on", day=TODAY)
    spring.refused(ConfirmHindrance(HINDRANCE, date(2027, 3, 2), "x"), "day_ahead", field="on")
    spring.refused(ConfirmHindrance(UUID(int=9), TODAY, "x"), "unknown_hindrance")
    confirmed = spring.when(ConfirmHindrance(HINDRANCE, date(2027, 3, 1), "居委会说的")).then(HindranceConfirmed)
    assert limited(confirmed).last_day.day == date(2027, 9, 1)
    confirmed.refused(EndHindrance(HINDRANCE, since - timedelta(days=1), "x"), "ended_before_began", day=since)
    ended = confirmed.when(EndHindrance(HINDRANCE, date(2027, 2, 10), "继承公证书")).then(HindranceEnded)
    assert (limited(ended).held, limited(ended).last_day.day) == (None, date(2027, 8, 10))
    assert [each.known for each in ended.state.hindrances] == [date(2027, 2, 10)]
    for late in (EndHindrance(HINDRANCE, TODAY, "x"), ConfirmHindrance(HINDRANCE, date(2027, 3, 1), "x")):
        ended.refused(late, "hindrance_ended", day=date(2027, 2, 10))
    withdrawn = ended.when(WithdrawHindrance(HINDRANCE, "记错了户")).then(HindranceWithdrawn)
    assert limited(withdrawn).last_day.day == date(2027, 2, 1)
    withdrawn.refused(WithdrawHindrance(HINDRANCE, "x"), "unknown_hindrance")


def test_a_hindrance_of_the_past_has_both_its_days() -> None:
    def lasting(since: date, until: date | None) -> RecordHindrance:
        return RecordHindrance(HINDRANCE, PAYER, Hindrance.FORCE_MAJEURE, since, "台风停运通知", until)

    tomorrow, yesterday = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
    past = opened().when(lasting(yesterday, yesterday)).then(HindranceRecorded)
    assert [each.known for each in past.state.hindrances] == [yesterday]
    opened().refused(lasting(tomorrow, None), "day_ahead", field="since")
    opened().refused(lasting(yesterday, tomorrow), "day_ahead", field="until")
    opened().refused(lasting(TODAY, yesterday), "ended_before_began", field="until", day=TODAY)
    many = opened().when(
        *(RecordHindrance(UUID(int=0xA00 + n), PAYER, Hindrance.OTHER, TODAY, "x", TODAY) for n in range(100))
    )
    many.refused(lasting(TODAY, TODAY), "hindrances_many", most=100)


def test_what_is_paid_is_settled_and_what_is_taken_back_is_owed_again() -> None:
    settled = served().when(SettleDebts((BILL, OTHER_BILL))).then(DebtSettled((BILL,)))
    settled.when(SettleDebts((BILL,))).then()
    settled.later(days=1).when(REMIND).holds(
        lambda state: not state.debts[0].settled and state.debts[0].rung is Rung.DEMANDED
    )


def test_every_dwelling_has_a_stream_of_its_own() -> None:
    assert dunning_stream(DWELLING) == dunning_stream(DWELLING) != dunning_stream(PAYER)


def test_the_penalty_is_rounded_once() -> None:
    assert penalty([(64346, 45)], 500) == 1448
    assert penalty([(64346, 45)], 0) == 0
    assert penalty([(64346, 20), (30000, 25)], 500) == 1018  # 643.46 + 375.00 -> 10.1846
    assert penalty([(1, 1000)], 500) == 1  # half a fen is one
    assert penalty([(1, 999)], 500) == 0


class Weekdays:
    def works(self, day: date) -> bool:
        return day.weekday() < 5

    def published(self, day: date) -> bool:
        return True


CALENDAR = Weekdays()
