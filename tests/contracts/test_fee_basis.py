"""What an estate charges on: mode, contract, prices shown before they bill; contract life by the Civil Code."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.contracts.fee_basis import (
    FEE_BASIS,
    SHOWN_DAYS,
    AdoptFeeSchedule,
    Call,
    ChangeServiceMode,
    Command,
    CompleteHandover,
    ContractBecameIndefinite,
    ContractExpired,
    ContractNoticeGiven,
    ContractSigned,
    ContractStage,
    ContractTerminated,
    ContractTermReminded,
    EstateServiceModeChanged,
    FeeBasis,
    FeeMode,
    FeeScheduleAdopted,
    FeeScheduleWithdrawn,
    GiveNotice,
    LetTimePass,
    ModeGround,
    Party,
    ServiceMode,
    SignContract,
    Terms,
    WithdrawFeeSchedule,
    WithdrawNotice,
)
from domain.money.allocation import AllocationOrder
from domain.money.items import FeeItem
from domain.refusal import Refusal
from domain.register.dwelling import Use
from tests.contracts.examples import (
    ADOPT,
    CHANGE,
    CONTRACT,
    ESTATE_CODE,
    FIRM,
    PRICES,
    SCHEDULE,
    SIGN,
    SINCE,
    TERMS,
    UNTIL,
)
from tests.scenario import HEAD, Scenario

OTHER = UUID(int=0x499)
DAY = timedelta(days=1)


def at_nine(day: date) -> datetime:
    return datetime.combine(day, time(9), SHANGHAI)


def estate() -> Scenario[FeeBasis]:
    return Scenario(FEE_BASIS, FEE_BASIS.initial, at_nine(date(2026, 11, 24))).by(HEAD, Capacity.STATION_HEAD)


def charging() -> Scenario[FeeBasis]:
    return estate().when(SIGN, CHANGE, ADOPT)


def notice(served_on: date, ends: date, by: Party = Party.OWNERS, decision: str | None = "JD-1") -> GiveNotice:
    return GiveNotice(CONTRACT, by, served_on, ends, decision)


def test_inv_42_script_8_nothing_is_billed_before_contract_prices_and_mode() -> None:
    """Unmanaged, then baseline, then a contract: only all three together bill (INV-42)."""
    baseline = replace(CHANGE, mode=ServiceMode.BASELINE_PUBLIC_INTEREST, ground=ModeGround.LEAD_ORGANISATION)
    begun = estate().when(replace(baseline, since=date(2026, 6, 1)))
    begun.then(EstateServiceModeChanged)
    begun.holds(lambda basis: not basis.bills(SINCE))
    begun.refused(CHANGE, "contract_missing")
    signed = begun.when(SIGN)
    signed.holds(lambda basis: not basis.bills(SINCE))
    priced = signed.when(ADOPT)
    priced.then(FeeScheduleAdopted).holds(lambda basis: not basis.bills(SINCE))
    priced.when(CHANGE).holds(lambda basis: basis.bills(SINCE) and not basis.bills(SINCE - DAY))


def test_what_is_shown_is_what_bills() -> None:
    basis = charging().state
    shown = basis.displayed(date(2026, 11, 24))
    spans = basis.spans(SINCE, date(2027, 1, 1), date(2026, 11, 24))
    assert [each.schedule for each in shown] == [SCHEDULE] == [span.schedule.schedule for span in spans]
    price = spans[0].schedule.price(FeeItem.PROPERTY_FEE, Use.RESIDENCE)
    assert price is not None and price.unit_price == 6000
    assert spans[0].schedule.price(FeeItem.PROPERTY_FEE, Use.SHOP) is None
    assert basis.spans(SINCE, date(2027, 1, 1), date(2026, 11, 23)) == ()


def test_a_change_of_prices_is_shown_thirty_days_before_it_bills() -> None:
    later = replace(ADOPT, schedule=OTHER, shown_from=SINCE, valid_from=SINCE + 29 * DAY)
    charging().refused(later, "shown_too_short", days=30, earliest=SINCE + 30 * DAY)
    changed = charging().when(replace(later, valid_from=SINCE + 31 * DAY))
    changed.then(FeeScheduleAdopted)
    spans = changed.state.spans(SINCE, date(2027, 2, 1), SINCE)
    assert [(span.since, span.until) for span in spans] == [
        (SINCE, SINCE + 31 * DAY),
        (SINCE + 31 * DAY, date(2027, 2, 1)),
    ]
    changed.when(WithdrawFeeSchedule(OTHER)).then(FeeScheduleWithdrawn)
    changed.at(at_nine(SINCE + 31 * DAY)).refused(WithdrawFeeSchedule(OTHER), "schedule_bills")


def test_what_is_displayed_is_what_bills_and_nothing_else() -> None:
    signed = estate().when(SIGN, ADOPT)
    assert signed.state.displayed(SINCE - DAY)[0].schedule == SCHEDULE  # to come, whatever the mode is until then
    assert signed.state.displayed(SINCE) == ()  # nothing is charged: the mode says so
    later = replace(ADOPT, schedule=OTHER, shown_from=SINCE, valid_from=SINCE + 40 * DAY)
    changed = charging().when(later).state
    assert [each.schedule for each in changed.displayed(SINCE - DAY)] == [SCHEDULE]
    assert [each.schedule for each in changed.displayed(SINCE)] == [SCHEDULE, OTHER]
    assert [each.schedule for each in changed.displayed(SINCE + 40 * DAY)] == [OTHER]
    follows = replace(SIGN, contract=UUID(int=0x498), number="DHY-2029-01", since=UNTIL, until=UNTIL + 365 * DAY)
    after = replace(ADOPT, schedule=OTHER, shown_from=SINCE, valid_from=UNTIL + 5 * DAY)
    left_behind = charging().when(after, follows).state
    assert [each.schedule for each in left_behind.displayed(UNTIL - DAY)] == [SCHEDULE]
    assert left_behind.displayed(UNTIL) == ()


def test_a_known_end_is_not_billed_beyond_before_it_has_come() -> None:
    """Who pays for days after the term before anybody decided on them would pay without a contract (INV-42, 47)."""
    basis, after = charging().state, UNTIL + 31 * DAY
    assert [(each.since, each.until) for each in basis.spans(UNTIL - DAY, after, UNTIL - DAY)] == [(UNTIL - DAY, UNTIL)]
    assert basis.spans(UNTIL, after, UNTIL - DAY) == ()
    indefinite = charging().at(at_nine(UNTIL)).when(LetTimePass(UNTIL)).state
    assert [each.until for each in indefinite.spans(UNTIL, after, UNTIL)] == [after]
    ended = charging().when(notice(date(2026, 11, 24), SINCE + 60 * DAY)).at(at_nine(SINCE + 60 * DAY))
    over = ended.when(LetTimePass(SINCE + 60 * DAY)).state  # one line for all its days: its end cuts nothing any more
    assert [each.since for each in over.spans(SINCE, SINCE + 90 * DAY, SINCE + 60 * DAY)] == [SINCE]


def test_whoever_is_in_charge_is_told_what_a_contract_asks_for() -> None:
    reminded = charging().when(LetTimePass(UNTIL - 90 * DAY)).state
    assert charging().state.call(UNTIL - 200 * DAY) is None
    call = reminded.call(UNTIL - 80 * DAY)
    assert call is not None and (call.call, call.days) == (Call.TERM_ENDS, 80)
    over = charging().at(at_nine(UNTIL)).when(LetTimePass(UNTIL))
    call = over.state.call(UNTIL + DAY)
    assert call is not None and (call.call, call.days) == (Call.INDEFINITE, 1)
    ending = over.when(notice(UNTIL, UNTIL + 60 * DAY))
    call = ending.state.call(UNTIL + DAY)
    assert call is not None and (call.call, call.days) == (Call.NOTICE_RUNS, 59)
    ended = ending.when(LetTimePass(UNTIL + 60 * DAY))
    call = ended.state.call(UNTIL + 61 * DAY)
    assert call is not None and call.call is Call.HOLDING_OVER
    handed = ended.at(at_nine(UNTIL + 70 * DAY)).when(CompleteHandover(CONTRACT, UNTIL + 70 * DAY))
    assert handed.state.call(UNTIL + 69 * DAY) is None
    late = replace(ADOPT, schedule=OTHER, shown_from=UNTIL + 70 * DAY, valid_from=UNTIL + 110 * DAY)
    handed.refused(late, "contract_expired")


def test_prices_do_not_overlap_and_are_not_shown_in_the_past() -> None:
    signed = estate().when(SIGN)
    signed.refused(replace(ADOPT, prices=(*PRICES, PRICES[0])), "price_twice")
    signed.refused(replace(ADOPT, shown_from=date(2026, 11, 23)), "shown_in_the_past")
    signed.refused(replace(ADOPT, shown_from=SINCE + DAY), "shown_after_billing")
    signed.refused(replace(ADOPT, valid_from=SINCE - DAY), "before_contract", since=SINCE)
    signed.refused(replace(ADOPT, prices=()), "no_price")
    signed.refused(replace(ADOPT, prices=(replace(PRICES[0], clause=" "),)), "blank_text", field="clause")
    signed.refused(replace(ADOPT, prices=(replace(PRICES[0], content="\ud800"),)), "broken_text", field="content")
    signed.refused(replace(ADOPT, contract=OTHER), "unknown_contract")
    charging().refused(replace(ADOPT, schedule=OTHER), "schedule_order")


def test_a_year_that_was_mistyped_is_told() -> None:
    for wrong in (
        replace(SIGN, until=date.max),
        replace(ADOPT, schedule=OTHER, shown_from=date.max, valid_from=date.max),
        replace(CHANGE, since=date.min),
        notice(date.min, date.min),
    ):
        with pytest.raises(Refusal) as refused:
            charging().when(wrong)
        assert refused.value.code == "day_unlikely"


def test_special_terms_need_their_clause() -> None:
    bare = replace(SIGN, terms=Terms())
    estate().when(bare).then(ContractSigned)
    estate().refused(replace(SIGN, terms=Terms(penalty_rate=500)), "clause_missing", field="penalty_clause")
    estate().refused(replace(SIGN, terms=Terms(vacancy_factor=6000)), "clause_missing", field="vacancy_clause")
    estate().refused(replace(SIGN, terms=Terms(prepayment_months=13)), "prepayment_months", most=12)
    assert estate().when(bare).state.penalty_on(SINCE) is None
    assert charging().state.penalty_on(SINCE) == ("第十二条", 500)


def test_script_11_a_term_that_runs_out_goes_on_and_owners_end_it_with_sixty_days() -> None:
    over = charging().at(at_nine(UNTIL)).when(LetTimePass(UNTIL))
    over.then(ContractBecameIndefinite(CONTRACT, UNTIL))
    over.holds(lambda basis: basis.contracts[0].stage(UNTIL) is ContractStage.INDEFINITE and basis.bills(UNTIL))
    over.when(LetTimePass(UNTIL)).then()
    over.refused(notice(UNTIL, UNTIL + 59 * DAY), "notice_short", days=60, earliest=UNTIL + 60 * DAY)
    call = over.when(notice(UNTIL, UNTIL + 60 * DAY, decision=None))
    call.then(ContractNoticeGiven)
    ended = call.when(LetTimePass(UNTIL + 60 * DAY))
    ended.then(ContractExpired(CONTRACT, UNTIL + 60 * DAY))
    ended.holds(lambda basis: basis.contracts[0].stage(UNTIL + 61 * DAY) is ContractStage.HOLDING_OVER)
    ended.holds(lambda basis: basis.bills(UNTIL + 61 * DAY))
    handed = ended.at(at_nine(UNTIL + 70 * DAY)).when(CompleteHandover(CONTRACT, UNTIL + 70 * DAY))
    handed.then(ContractTerminated(CONTRACT, UNTIL + 70 * DAY))
    handed.holds(lambda basis: basis.bills(UNTIL + 69 * DAY) and not basis.bills(UNTIL + 70 * DAY))


def test_owners_dismiss_by_a_decision_the_firm_leaves_at_the_end_of_the_term() -> None:
    served = date(2026, 11, 24)
    charging().refused(notice(served, served + 60 * DAY, decision=None), "decision_missing")
    charging().when(notice(served, served + 60 * DAY)).then(ContractNoticeGiven)
    by_firm = notice(served, UNTIL - DAY, Party.FIRM, None)
    charging().refused(by_firm, "firm_before_term", until=UNTIL)
    charging().when(replace(by_firm, ends=UNTIL)).then(ContractNoticeGiven)
    late = UNTIL - 89 * DAY
    charging().at(at_nine(late)).refused(notice(late, UNTIL, Party.FIRM, None), "notice_short", days=90)
    call = charging().when(notice(served, served + 60 * DAY))
    call.refused(notice(served, served + 90 * DAY), "notice_given")
    call.when(WithdrawNotice(CONTRACT)).holds(lambda basis: basis.contracts[0].ends == UNTIL)


def test_it_is_reminded_of_each_threshold_once() -> None:
    reminded = charging().when(LetTimePass(UNTIL - 91 * DAY))
    reminded.then()
    first = reminded.when(LetTimePass(UNTIL - 90 * DAY))
    first.then(ContractTermReminded(CONTRACT, 90))
    first.when(LetTimePass(UNTIL - 61 * DAY)).then()
    first.when(LetTimePass(UNTIL - 20 * DAY)).then(ContractTermReminded(CONTRACT, 30))


def test_a_new_contract_ends_the_one_before() -> None:
    follows = replace(SIGN, contract=OTHER, number="DHY-2029-01", since=UNTIL, until=UNTIL + 365 * DAY)
    charging().when(follows).then(ContractTerminated(CONTRACT, UNTIL), ContractSigned)
    charging().refused(replace(follows, since=UNTIL - DAY), "contract_overlaps")
    charging().refused(replace(follows, number="DHY-2026-01"), "contract_number")


def test_who_claims_is_the_party_of_the_contract_and_of_the_last_one_after_its_end() -> None:
    handed_over = UNTIL + 100 * DAY
    over = charging().given(ContractTerminated(CONTRACT, handed_over)).state
    assert [over.firm_on(day) for day in (SINCE - DAY, SINCE, handed_over - DAY, handed_over)] == [None, *[FIRM] * 3]
    follows = replace(SIGN, contract=OTHER, number="DHY-2029-01", since=UNTIL, until=UNTIL + 365 * DAY, firm=None)
    followed = charging().when(follows).state
    assert [followed.firm_on(day) for day in (UNTIL - DAY, UNTIL)] == [FIRM, None]
    after = charging().when(follows).given(ContractTerminated(OTHER, handed_over)).state
    assert after.firm_on(handed_over) is None  # it names none, and no earlier one serves any more


def test_days_are_unserved_from_the_end_of_all_that_followed_a_contract() -> None:
    handed_over = UNTIL + 100 * DAY
    follows = replace(SIGN, contract=OTHER, number="DHY-2029-01", since=UNTIL, until=UNTIL + 365 * DAY)
    followed = charging().when(follows)
    assert followed.state.unserved(SINCE, UNTIL + 400 * DAY) == {}
    ended = followed.given(ContractTerminated(OTHER, handed_over)).state
    for number in ("DHY-2026-01", "DHY-2029-01"):
        assert ended.unserved_since(number, handed_over) is None  # the end is excluded
        assert ended.unserved_since(number, handed_over + DAY) == handed_over
    assert ended.unserved(SINCE, handed_over) == dict.fromkeys(("DHY-2026-01", "DHY-2029-01"), handed_over)
    assert ended.unserved(SINCE, handed_over - DAY) == ended.unserved(handed_over + DAY, handed_over + DAY) == {}


def test_inv_47_prepaid_at_most_twelve_months_and_no_longer_than_the_contract() -> None:
    basis = charging().state
    assert basis.prepaid_until(SINCE) == date(2027, 12, 1)
    assert basis.prepaid_until(UNTIL - 10 * DAY) == UNTIL
    assert basis.prepaid_until(SINCE - DAY) == SINCE - DAY


def test_inv_46_the_contract_says_the_order_of_allocation_else_the_law_does() -> None:
    basis = charging().state
    assert basis.order_on(SINCE) is TERMS.order is AllocationOrder.PRINCIPAL_FIRST
    assert basis.order_on(SINCE - DAY) is AllocationOrder.COSTS_INTEREST_PRINCIPAL
    silent = estate().when(replace(SIGN, terms=Terms())).state
    assert silent.order_on(SINCE) is AllocationOrder.COSTS_INTEREST_PRINCIPAL


def test_inv_49_a_penalty_only_by_a_clause_of_the_contract() -> None:
    basis = charging().state
    assert basis.penalty_on(SINCE) == (TERMS.penalty_clause, TERMS.penalty_rate)
    assert basis.penalty_on(SINCE - DAY) is None
    assert estate().when(replace(SIGN, terms=Terms())).state.penalty_on(SINCE) is None
    estate().refused(replace(SIGN, terms=Terms(penalty_rate=500)), "clause_missing", field="penalty_clause")


def test_modes_go_on_in_time() -> None:
    charging().refused(replace(CHANGE, mode=ServiceMode.NONE, since=SINCE - DAY), "mode_before")
    ended = ChangeServiceMode(ESTATE_CODE, ServiceMode.NONE, UNTIL, ModeGround.OWNERS_DECISION, "JD-3")
    charging().when(ended).holds(lambda basis: not basis.bills(UNTIL) and basis.bills(UNTIL - DAY))


CHARGING = charging().state


@given(st.integers(0, 2000), st.integers(0, 400))
def test_charged_days_lie_in_the_period_and_none_twice(first: int, length: int) -> None:
    since = date(2026, 1, 1) + first * DAY
    until = since + length * DAY
    spans = CHARGING.spans(since, until, date(2040, 1, 1))
    days = [span.since + n * DAY for span in spans for n in range((span.until - span.since).days)]
    every = [since + n * DAY for n in range(length)]
    assert days == [day for day in every if CHARGING.bills(day)]


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), st.integers(10, 60), st.just(0)),
        st.tuples(st.just("adopt"), st.integers(0, 5), st.integers(25, 50)),
        st.tuples(st.just("sign"), st.integers(0, 60), st.integers(20, 200)),
        st.tuples(st.just("mode"), st.integers(0, 60), st.integers(0, 4)),
        st.tuples(st.just("notice"), st.integers(60, 120), st.integers(0, 1)),
        st.tuples(st.sampled_from(["withdraw-notice", "withdraw-prices", "hand-over"]), st.just(0), st.just(0)),
    ),
    max_size=25,
)


def meant(move: tuple[str, int, int], id: UUID, basis: FeeBasis, today: date) -> Command | None:
    """The command of a move; nothing where only days pass."""
    what, one, two = move
    day, last = today + one * DAY, basis.contracts[-1].contract if basis.contracts else OTHER
    match what:
        case "sign":
            return SignContract(ESTATE_CODE, id, id.hex, FeeMode.LUMP_SUM, day, day + two * DAY)
        case "adopt":
            return AdoptFeeSchedule(id, last, PRICES, day, day + two * DAY)
        case "mode":
            return ChangeServiceMode(ESTATE_CODE, list(ServiceMode)[two], day, ModeGround.CONTRACT, "1")
        case "notice":
            return GiveNotice(last, list(Party)[two], today, day, "JD-1")
        case "withdraw-notice":
            return WithdrawNotice(last)
        case "withdraw-prices":
            return WithdrawFeeSchedule(basis.schedules[-1].schedule if basis.schedules else OTHER)
        case "hand-over":
            return CompleteHandover(last, today)
    return None


@given(MOVES)
def test_nothing_is_billed_but_what_is_displayed_and_a_change_was_for_thirty_days(
    moves: list[tuple[str, int, int]],
) -> None:
    """Whatever is signed, adopted, changed and taken back in whatever order, day after day."""
    today, now = SINCE, charging().at(at_nine(SINCE))
    first: UUID | None = None
    shown: dict[UUID, date] = {}
    for n, move in enumerate(moves, 1):
        command = meant(move, UUID(int=n), now.state, today)
        if command is not None:
            with suppress(Refusal):
                now = now.when(command)
        for _ in range(1 if command else move[1]):
            if command is None:
                today += DAY
                now = now.at(at_nine(today)).when(LetTimePass(today))
            displayed = now.state.displayed(today)
            for each in displayed:
                shown.setdefault(each.schedule, today)
            billed = [span.schedule for span in now.state.spans(today, today + DAY, today)]
            assert billed == [each for each in displayed if each.valid_from <= today]
            assert bool(billed) == now.state.bills(today)
            first = first or (billed[0].schedule if billed else None)
            assert all(each.schedule == first or (today - shown[each.schedule]).days >= SHOWN_DAYS for each in billed)
