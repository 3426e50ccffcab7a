"""The books: whatever happens on any number of accounts, every month foots and follows on the one before."""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.books.books import MonthFigures, Share
from domain.closing.ledger import RECEIVABLE, Entry, EntryKind, Ledger, figures
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, Method
from domain.money.items import FeeItem
from domain.months import following
from tests.fees.examples import ISSUE, NEXT_BILL, PAY
from tests.fees.lives import Happened, lives
from tests.scenario import HEAD, MONDAY, at

MONTHS = [following("2024-12", by) for by in range(40)]


def booked(*lived: Happened) -> list[Entry]:
    """All entries, each account told by itself."""
    ledger = Ledger()
    return [entry for happened in lived for event, act in happened for entry in ledger.entries(event, act)]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.tuples(lives(0), lives(1, "5")))
def test_months_foot_and_end_with_what_the_accounts_say(lived: tuple[Happened, ...]) -> None:
    entries = booked(*lived)
    months = [figures(entries, month) for month in MONTHS]
    assert all(each.foots for each in months)
    for before, after in itertools.pairwise(months):
        assert (after.receivable_begin, after.held_begin) == (before.receivable_end, before.held_end)
    states = [FEE_ACCOUNT.fold(happened) for happened in lived]
    assert (months[0].receivable_begin, months[0].held_begin) == (0, 0)
    assert months[-1].receivable_end == sum(state.open for state in states)
    assert months[-1].held_end == sum(state.prepaid + state.overpaid for state in states)


@settings(max_examples=100, deadline=None)
@given(lives())
def test_every_bill_is_open_by_what_its_entries_add_up_to(happened: Happened) -> None:
    open_: dict[object, int] = {}
    for entry in booked(happened):
        if entry.bill is not None:
            open_[entry.bill] = open_.get(entry.bill, 0) + RECEIVABLE[entry.kind] * entry.amount
    bills = FEE_ACCOUNT.fold(happened).bills
    assert open_ == {id: bill.open for id, bill in bills.items()}


@settings(max_examples=100, deadline=None)
@given(lives())
def test_inv_45_money_for_fees_pays_fees_is_held_for_its_payer_or_goes_back(happened: Happened) -> None:
    """There is no way from here into another pot: fund, common income, grant."""
    moved: Counter[EntryKind] = Counter()
    for entry in booked(happened):
        moved[entry.kind] += entry.amount
    account = FEE_ACCOUNT.fold(happened)
    came = moved[EntryKind.RECEIVED] - moved[EntryKind.REVERSED]
    on_bills = moved[EntryKind.SETTLED] - moved[EntryKind.UNSETTLED]
    assert on_bills == sum(bill.paid for bill in account.bills.values())
    gone = moved[EntryKind.REFUNDED] - moved[EntryKind.RETURNED] - moved[EntryKind.RECLAIMED]  # that stands on a bill
    assert came == on_bills + account.prepaid + account.overpaid + gone


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(lives(), lives(1, "5"))
def test_accounts_add_up_to_the_estate(one: Happened, other: Happened) -> None:
    for month in MONTHS[:20]:
        parts = [figures(booked(each), month) for each in (one, other)]
        whole = figures(booked(one, other), month)
        for name in ("billed", "received", "settled", "receivable_end", "held_end"):
            assert getattr(whole, name) == sum(getattr(part, name) for part in parts)


@settings(max_examples=100, deadline=None)
@given(lives(), st.integers(1, 29))
def test_what_happens_later_changes_no_month_before_it_unless_it_is_dated_there(happened: Happened, kept: int) -> None:
    """So a closed month stays as it was closed, as long as nothing is dated in it."""
    before, after = booked(happened[:kept]), booked(happened)
    assert after[: len(before)] == before
    if after[len(before) :]:
        first = min(entry.day for entry in after[len(before) :])
        closed = [month for month in MONTHS if following(month) <= f"{first:%Y-%m}"]
        assert [figures(before, month) for month in closed] == [figures(after, month) for month in closed]


def test_a_payment_for_a_bill_of_the_next_month_is_held_until_then() -> None:
    """Paid on 30 November, entered on 2 December, when a bill of 1 December is there."""
    account = FEE_ACCOUNT.fold([(fees.FeeAccountOpened(ISSUE.payer, "e", "3"), at(MONDAY))])
    december = at(MONDAY + timedelta(days=8))
    bill = FEE_ACCOUNT.consider(replace(ISSUE, bill=NEXT_BILL, amount=50000), account, december)
    account = FEE_ACCOUNT.fold([(event, december) for event in bill], account)
    pay = replace(PAY, amount=50000, bills=(), method=Method.WECHAT, paid_on=date(2026, 11, 30))
    paid = FEE_ACCOUNT.consider(pay, account, december)
    entries = booked([(event, december) for event in (*bill, *paid)])
    assert figures(entries, "2026-11") == MonthFigures(
        received=50000,
        held_in=50000,
        held_end=50000,
        payments=1,
        by_method=(Share("WECHAT", 50000),),
    )
    assert figures(entries, "2026-12") == MonthFigures(
        billed=50000,
        settled=50000,
        held_begin=50000,
        held_out=50000,
        bills=1,
        billed_by_item=(Share(ISSUE.item.value, 50000),),
        settled_by_item=(Share(ISSUE.item.value, 50000),),
    )


def test_a_voided_bill_gives_back_what_was_paid_and_what_was_waived() -> None:
    act = at(MONDAY, HEAD)
    account, happened = FEE_ACCOUNT.initial, Happened()
    for command in (
        fees.OpenFeeAccount(ISSUE.payer, "e", "3"),
        replace(ISSUE, amount=50000),
        fees.GrantWaiver(ISSUE.bill, 2000, fees.WaiverReason.MEDIATION, "3"),
        replace(PAY, amount=30000, bills=(), paid_on=MONDAY.date()),
        fees.VoidBill(ISSUE.bill, fees.VoidReason.WRONG_AREA),
    ):
        events = [(event, act) for event in FEE_ACCOUNT.consider(command, account, act)]
        account, happened = FEE_ACCOUNT.fold(events, account), [*happened, *events]
    months = figures(booked(happened), "2026-11")
    assert months.foots and (months.receivable_end, months.held_end) == (0, 30000)
    assert (months.billed, months.voided, months.waived, months.unwaived) == (50000, 50000, 2000, 2000)
    assert (months.settled, months.unsettled, months.settled_by_item) == (30000, 30000, ())
    kinds = [entry.kind for entry in booked(happened)]
    assert kinds.count(EntryKind.HELD_IN) == 1 and ISSUE.item is FeeItem.PROPERTY_FEE
