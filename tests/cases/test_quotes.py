"""Paid work in a home (INV-22): quoted and agreed to before it begins, charged once and for no more."""

from uuid import UUID

import pytest

from domain.cases.category import Category
from domain.cases.work_order import (
    AcceptQuote,
    ChargeRepair,
    CloseWorkOrder,
    Command,
    CompleteWork,
    Consent,
    DeclineQuote,
    DispatchSteward,
    OfferQuote,
    QuoteAccepted,
    QuoteDeclined,
    QuoteOffered,
    ReassignSteward,
    RecordArrival,
    RecordFollowUp,
    RejectWork,
    ReopenWorkOrder,
    RepairCharged,
    ResumeWork,
    StartWork,
    SuspendWork,
    TakeWorkOrder,
    VerifyWork,
    WorkOrder,
)
from domain.estates.place import Part
from domain.money.repair_costs import RepairCosts
from tests.cases.examples import at_work, opening, order
from tests.scenario import OTHER_STEWARD, STEWARD, Scenario

TAP = opening(Category.APPLIANCE, part=Part.PRIVATE)
QUOTE, COSTS = OfferQuote("换龙头", 2000, 8000, 3500), RepairCosts(2000, 8000, 3500)
DEARER = OfferQuote("还要换角阀", 2000, 8000, 6000)
YES = AcceptQuote(Consent.SIGNED)
DONE = CompleteWork("换好了", signed_off=True)
HOME, BILL = UUID(int=7), UUID(int=8)


def at_the_door() -> Scenario[WorkOrder]:
    return order(TAP).when(DispatchSteward(STEWARD)).steward().when(TakeWorkOrder(), RecordArrival())


def charge(costs: RepairCosts) -> ChargeRepair:
    return ChargeRepair(HOME, BILL, costs)


def test_inv_22_a_quote_is_agreed_to_before_the_work_begins() -> None:
    quoted = at_the_door().when(QUOTE)
    quoted.then(QuoteOffered(COSTS, "换龙头"))
    quoted.refused(StartWork(), "quote_open")
    agreed = quoted.when(YES)
    agreed.then(QuoteAccepted(COSTS, Consent.SIGNED))
    assert (agreed.state.quote, agreed.state.offered) == (COSTS, None)
    agreed.when(StartWork(), DONE).desk().when(charge(COSTS)).then(RepairCharged(HOME, BILL, COSTS))


def test_who_declines_is_not_charged() -> None:
    declined = at_the_door().when(QUOTE, DeclineQuote())
    declined.then(QuoteDeclined(COSTS))
    declined.when(StartWork(), DONE).desk().refused(charge(COSTS), "quote_missing")
    for answer in (YES, DeclineQuote()):
        declined.refused(answer, "quote_none")


def test_no_more_is_charged_than_was_agreed_to() -> None:
    done = at_the_door().when(QUOTE, YES, StartWork(), DONE).desk()
    done.refused(charge(RepairCosts(2000, 8000, 3501)), "over_quote")
    done.when(charge(RepairCosts(0, 8000, 5500)))  # other parts, the same sum
    done.when(charge(RepairCosts(labour=1)))


def test_a_dearer_quote_counts_once_it_is_agreed_to() -> None:
    working = at_the_door().when(QUOTE, YES, StartWork())
    offered = working.when(DEARER)
    offered.refused(DONE, "quote_open")
    offered.when(SuspendWork("等住户答复")).refused(ResumeWork(), "quote_open")
    declined = offered.when(DeclineQuote(), DONE).desk()
    assert declined.state.quote == COSTS
    declined.refused(charge(RepairCosts(2000, 8000, 6000)), "over_quote")
    agreed = offered.when(AcceptQuote(Consent.PHONE), DONE).desk()
    agreed.when(charge(RepairCosts(2000, 8000, 6000)))


def test_what_was_begun_for_nothing_is_not_charged_afterwards() -> None:
    begun = at_work(TAP)
    suspended = begun.when(SuspendWork("要换配件，先报价"))
    elsewhere = suspended.desk().when(ReassignSteward(OTHER_STEWARD, "换人")).steward(OTHER_STEWARD)
    there = elsewhere.when(TakeWorkOrder(), RecordArrival())
    rework = begun.when(DONE).desk().when(RejectWork("还在漏"))
    closed = begun.when(DONE).desk().when(VerifyWork(), RecordFollowUp(reached=True), CloseWorkOrder())
    again = closed.when(ReopenWorkOrder("又漏了"))
    back = again.when(DispatchSteward(OTHER_STEWARD)).steward(OTHER_STEWARD).when(TakeWorkOrder(), RecordArrival())
    for story in (begun, suspended, elsewhere, there, there.desk(), rework, again, back):
        story.refused(QUOTE, "quote_after_start")
    there.when(StartWork(), DONE).desk().refused(charge(COSTS), "quote_missing")


def test_a_late_yes_to_what_was_begun_for_nothing_is_not_taken() -> None:
    """As the log may tell it of before: a quote was offered while free work stood still."""
    offered = at_work(TAP).when(SuspendWork("要换配件，先报价")).given(QuoteOffered(COSTS, "换龙头"))
    offered.refused(YES, "quote_after_start")
    offered.refused(ResumeWork(), "quote_open")
    offered.when(DeclineQuote(), ResumeWork(), DONE).desk().refused(charge(COSTS), "quote_missing")
    agreed = offered.given(QuoteAccepted(COSTS, Consent.SIGNED))  # it was taken then: a promise is kept
    agreed.when(ResumeWork(), DONE).desk().when(charge(COSTS))


def test_more_is_quoted_in_the_midst_of_work_that_began_under_a_quote() -> None:
    working = at_the_door().when(QUOTE, YES, StartWork())
    suspended = working.when(SuspendWork("还要换角阀"))
    suspended.when(DEARER, YES, ResumeWork(), DONE).desk().when(charge(RepairCosts(2000, 8000, 6000)))
    elsewhere = suspended.desk().when(ReassignSteward(OTHER_STEWARD, "换人")).steward(OTHER_STEWARD)
    elsewhere.when(TakeWorkOrder(), RecordArrival(), DEARER, YES, StartWork(), DONE)
    working.when(DONE).desk().when(RejectWork("还在漏")).steward().when(DEARER, DeclineQuote(), StartWork())
    closed = working.when(DONE).desk().when(VerifyWork(), RecordFollowUp(reached=True), ReopenWorkOrder("又漏了"))
    assert closed.when(DEARER, DeclineQuote()).state.quote == COSTS


def test_help_by_telephone_is_no_beginning() -> None:
    called = order(TAP).when(DispatchSteward(STEWARD)).steward().when(TakeWorkOrder())
    advised = called.when(CompleteWork("先关总阀", remote_advice=True)).desk().when(RejectWork("还在漏"))
    advised.steward().when(RecordArrival(), QUOTE, YES, StartWork(), DONE).desk().when(charge(COSTS))


def test_no_start_is_told_late_that_came_before_the_yes() -> None:
    arrived = at_the_door()
    agreed = arrived.when(QUOTE).later(minutes=20).when(YES)
    agreed.refused(StartWork(), "start_before_quote", act=arrived.act)
    twice = agreed.later(minutes=20).when(DEARER, YES)
    twice.when(StartWork(), act=agreed.act)  # it is the first yes that counts
    working = agreed.when(StartWork(), act=agreed.act._replace(recorded_at=agreed.later(hours=1).clock))
    dearer = working.later(hours=2).when(DEARER, YES)
    dearer.when(DONE).desk().when(RejectWork("还在漏")).steward().when(StartWork(), act=dearer.act)


def test_common_parts_and_charged_work_are_not_quoted() -> None:
    order().refused(QUOTE, "quote_common")
    charged = at_the_door().when(QUOTE, YES, StartWork(), DONE).desk().when(charge(COSTS))
    reopened = charged.when(VerifyWork(), RecordFollowUp(reached=True), ReopenWorkOrder("又漏了"))
    reopened.refused(QUOTE, "repair_charged")
    other = order(TAP).when(DispatchSteward(STEWARD)).steward(OTHER_STEWARD)
    other.refused(QUOTE, "not_your_order")


@pytest.mark.parametrize(
    "wrong", [OfferQuote("-"), OfferQuote("-", -1, 5), OfferQuote("-", labour=10**12), OfferQuote("-", material=10**15)]
)
def test_a_quote_is_an_amount(wrong: Command) -> None:
    order(TAP).refused(wrong, "amount")


def test_work_is_charged_when_it_is_done() -> None:
    at_the_door().when(QUOTE, YES, StartWork()).desk().refused(charge(COSTS), "stage")
