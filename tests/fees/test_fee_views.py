"""Any sequence of bills, payments, corrections, reversals, refunds, owner changes and waivers keeps every invariant.

Everybody's plans run over a log in memory. After each act the accounts, and every view that was folded act by act, are
compared with ``Tally``, which adds up the events by another way than the product; at the end of a life its log goes
through a follower on a real database, and every view is what a rebuild from the first event makes of it.
"""

import itertools
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    invariant,
    run_state_machine_as_test,
)

from domain.arrears.overdue import Age, age_of
from domain.closing.ledger import figures
from domain.fees import fee_account as fees
from domain.fees.fee_account import Method, fee_account_stream
from domain.fees.receipt_book import ReceiptIssued
from domain.money.items import PERIODIC, FeeItem
from domain.months import month_of, months_later
from domain.recorded import Recorded
from domain.register.owner import OWNER
from projections.arrears import overdue as arrears
from projections.cash.drawers import DRAWERS
from projections.cockpit import collection
from projections.fees import bills, refunds
from projections.fees.accounts import ACCOUNTS
from projections.fees.bills import BILLS
from projections.fees.invoices import INVOICES
from projections.fees.payments import PAYMENTS
from projections.fees.refunds import REFUNDS
from projections.projection import fold, keyed
from projections.rebuild import rebuild_view
from projections.register.dwellings import DWELLINGS
from services.estates.holidays import PublicHolidays
from services.fees.lines import summed
from tests.fees.acts import BEGINS, ENDS, EVER, FEE_VIEWS, PRICE, TERMS, FeeActs
from tests.fees.office import ESTATE_CODE
from tests.machine.ground import Ground
from tests.machine.test_any_split import GrowingLog, begin_anew, follow_all, kept

pytestmark = pytest.mark.slow


class FeeLife(FeeActs):
    """Whatever is done, the rules of each event hold, and the views say what the events say."""

    def check(self, recorded: Recorded[Any], named: tuple[UUID, ...]) -> None:
        tally, event = self.tally, recorded.event
        match event:
            case fees.PaymentAllocated(payment, parts):
                payer = tally.payments[payment].payer
                theirs = [part for part in parts if part.bill not in named]
                assert all(tally.bills[part.bill].payer == payer for part in theirs)  # INV-54
                for part in theirs:  # INV-46, CC 560: whoever fell due earlier is settled, principal first
                    bill, given = tally.bills[part.bill], {each.bill: each.amount for each in parts}
                    for id, other in tally.bills.items():
                        earlier = other.due < bill.due and other.item is not FeeItem.LATE_PENALTY
                        if earlier and other.payer == payer and other.dwelling == bill.dwelling:
                            assert tally.open(id) == given.get(id, 0)
            case fees.PrepaymentHeld(payment, amount):
                assert amount <= self.ahead(tally.payments[payment])  # INV-47
            case fees.PrepaymentDrawn(draws):
                for draw in draws:
                    bill = tally.bills.get(draw.bill)
                    assert bill is None or bill.payer == tally.payments[draw.payment].payer
            case fees.RefundApproved(refund):
                asked = next(e for e in self.office.log.written if getattr(e.event, "refund", None) == refund)
                assert asked.act.actor != recorded.act.actor
            case fees.WaiverGranted(bill=id):  # INV-53
                owners = {tally.bills[id].payer, self.office.dwellings()[tally.bills[id].dwelling].owner}
                theirs_ = [self.office.log.remembered(OWNER, owner).state.person for owner in owners if owner]
                assert recorded.act.actor not in theirs_ and event.rule and event.reason
            case fees.BillIssued(item=FeeItem.LATE_PENALTY):
                assert event.clause == TERMS.penalty_clause  # INV-49
                assert event.reference and tally.bills[event.reference].item is not FeeItem.LATE_PENALTY
            case fees.BillIssued(corrects=UUID() as id):  # INV-42, INV-43: instead of it, on the same ground
                old = tally.bills[id]
                assert (event.contract, event.clause, event.item) == (old.contract, old.clause, old.item)
                assert (event.since, event.until) == (old.since, old.until)

    def ahead(self, paid: fees.PaymentRecorded) -> Fraction:
        """The most that anybody may hold for the days to come: months by their own days, none beyond the contract."""
        area = self.office.dwellings()[paid.dwelling].chargeable_area
        last = min(months_later(paid.paid_on, 12), ENDS)
        days = [paid.paid_on + timedelta(days=n) for n in range((last - paid.paid_on).days)]
        months = sum(Fraction(sum(1 for _ in group), monthrange(*month)[1]) for month, group in by_month(days))
        return Fraction(area * PRICE, 10**4) * months + Fraction(1, 2)

    # -- what always holds ---------------------------------------------------------------------------------------

    @invariant()
    def everything_adds_up(self) -> None:
        if self.checked < self.logged:
            self.every_balance_is_the_sum_of_its_lines()
            self.no_day_is_billed_twice()
            self.receipts_have_no_gap()
            self.invoices_are_covered()
            self.every_view_says_the_same()
            self.checked = self.logged

    def every_balance_is_the_sum_of_its_lines(self) -> None:
        tally = self.tally
        for dwelling, account in self.office.accounts().items():
            theirs = {id for id, event in tally.bills.items() if event.dwelling == dwelling}
            paid = {id for id, event in tally.payments.items() if event.dwelling == dwelling}
            assert (account.bills.keys(), account.payments.keys()) == (theirs, paid)
            assert {id: bill.open for id, bill in account.bills.items()} == {id: tally.open(id) for id in theirs}
            assert {id: pay.held for id, pay in account.payments.items()} == {id: tally.held(id) for id in paid}
            for id, payment in account.payments.items():
                asked = [each.amount for each in account.refunds.values() if each.payment == id and each.pending]
                assert min(payment.prepaid, payment.overpaid) >= 0 and sum(asked) <= tally.held(id)
                assert payment.allocated == tally.paid_by(id)
            lines = self.lines[fee_account_stream(dwelling)]
            assert {id: line.open for id, line in lines.bills.items()} == {id: tally.open(id) for id in theirs}
            assert {id: summed(line.parts, "payment") for id, line in lines.bills.items()} == {
                id: tally.payers_of(id) for id in theirs
            }
            assert {id: line.prepaid + line.overpaid for id, line in lines.payments.items()} == {
                id: tally.held(id) for id in paid
            }
        owed = sum(event.amount - tally.waived[id] for id, event in tally.standing().items())
        assert (
            sum(account.balance for account in self.office.accounts().values())
            == owed - tally.cash() - tally.reclaimed()
        )

    def no_day_is_billed_twice(self) -> None:
        for dwelling, item in itertools.product(self.office.accounts(), PERIODIC):
            bills = [bill for bill in self.tally.standing(dwelling).values() if bill.item is item]
            spans = sorted((bill.since, bill.until) for bill in bills)
            assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))

    def receipts_have_no_gap(self) -> None:
        drawn: Counter[int] = Counter()  # by year
        numbered: dict[UUID, tuple[str, int]] = {}
        for recorded in self.office.log.written:
            if isinstance(recorded.event, ReceiptIssued):
                year = recorded.act.recorded_at.year
                drawn[year] += 1
                assert recorded.event.payment not in numbered
                numbered[recorded.event.payment] = (f"{year}-{drawn[year]:06d}", recorded.event.amount)
        assert {id: (each.receipt, each.amount) for id, each in self.tally.payments.items()} == numbered

    def invoices_are_covered(self) -> None:
        for account in self.office.accounts().values():
            for id, payment in account.payments.items():
                stands = 0 if payment.reversed else payment.amount - payment.refunded
                assert (
                    sum(each.amount for each in account.invoices.values() if each.payment == id and each.stands)
                    <= stands
                )

    def the_books_foot(self) -> None:
        months = [f"{day.year}-{day.month:02d}" for day in (self.office.today, ENDS, EVER)]
        recorded = [figures(self.entries, month) for month in months]
        assert all(each.foots for each in recorded)
        assert recorded[-1].receivable_end == sum(map(self.tally.open, self.tally.bills))
        assert recorded[-1].held_end == sum(map(self.tally.held, self.tally.payments))
        for month, closed in self.closed.closed.items():  # nothing was dated in it since
            assert figures(self.entries, month) == closed.figures

    def every_view_says_the_same(self) -> None:
        tally, rows = self.tally, self.rows
        assert {
            UUID(key): (row.amount, row.paid, row.waived, row.open, row.payer, row.standing)
            for key, row in rows[BILLS.name].items()
        } == {id: self.bill_standing(id) for id in tally.bills}
        for key, row in rows[PAYMENTS.name].items():
            id = UUID(key)
            assert row.prepaid + row.overpaid == tally.held(id) and row.refunded == tally.refunded[id]
            assert (row.reversed is not None) == (id in tally.reversed)
            assert {each.bill: each.amount for each in row.allocations} == tally.paid_by(id)
        assert {UUID(key) for key in rows[PAYMENTS.name]} == tally.payments.keys()
        for dwelling, account in self.office.accounts().items():
            shown = rows[ACCOUNTS.name][str(fee_account_stream(dwelling))]
            assert shown.bills == {str(id): tally.open(id) for id in account.bills if tally.open(id)}
            assert shown.payments == {str(id): tally.held(id) for id in account.payments if tally.held(id)}
            assert rows[DWELLINGS.name][str(dwelling)].state == self.office.dwellings()[dwelling]
            for id, refund in account.refunds.items():
                line = next(each for each in rows[PAYMENTS.name][str(refund.payment)].refunds if each.refund == id)
                kept = rows[REFUNDS.name][str(id)]
                assert (line.stage, line.amount) == (kept.stage, kept.amount) == (refund.stage, refund.amount)
                assert line.asked_by == kept.asked.who == refund.asked_by
            assert {id: (each.stage, each.amount) for id, each in account.invoices.items()} == {
                UUID(key): (row.stage, row.net + row.tax)
                for key, row in rows[INVOICES.name].items()
                if row.account == fee_account_stream(dwelling)
            }
        cash = [
            (id, e.amount) for id, e in tally.payments.items() if e.method is Method.CASH and id not in tally.reversed
        ]
        back = [
            e.event.amount
            for e in self.office.log.written
            if isinstance(e.event, fees.PrepaymentRefunded) and e.event.method is Method.CASH
        ]
        assert sum(row.state.expected for row in rows[DRAWERS.name].values()) == sum(a for _, a in cash) - sum(back)

    def bill_standing(self, id: UUID) -> tuple[int, int, int, int, UUID, str]:
        event, open_ = self.tally.bills[id], self.tally.open(id)
        standing = "VOID" if id in self.tally.voided else "OPEN" if open_ else "SETTLED"
        return event.amount, self.tally.paid(id), self.tally.waived[id], open_, event.payer, standing

    def teardown(self) -> None:
        if self.heard < self.logged:  # something is wrong already
            return
        self.the_books_foot()
        for view in FEE_VIEWS:  # whatever was folded act by act is what one fold of everything makes of it
            rebuilt = fold(view, {}, keyed(view, self.office.log.written)).written
            assert self.rows[view.name] == {key: view.as_kept(row) for key, (row, _) in rebuilt.items()}


FeeLife.TestCase.settings = settings(max_examples=40, stateful_step_count=50, deadline=None)
TestFeeLife = FeeLife.TestCase


def by_month(days: Iterable[date]) -> Iterable[tuple[tuple[int, int], Iterable[date]]]:
    return itertools.groupby(days, key=lambda day: (day.year, day.month))


class FollowedLife(FeeLife):
    """At its end the log of a life is followed on a real database, cut where the follower looked in between."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground = ground

    def teardown(self) -> None:
        super().teardown()
        if self.heard < self.logged:
            return
        ground, log = self.ground, GrowingLog(self.office.log.written)
        begin_anew(ground)
        assert follow_all(ground, FEE_VIEWS, log, [*dict.fromkeys((*self.cuts, self.logged))]) == []
        for _ in range(2):
            for view in FEE_VIEWS:
                assert {key: row for key, (row, _, _) in kept(ground, view).items()} == self.rows[view.name]
            self.every_question_is_answered_by_the_tally()
            for view in FEE_VIEWS:
                assert rebuild_view(ground.database.follower.connection, ground.owner, log, view) == self.logged

    def every_question_is_answered_by_the_tally(self) -> None:
        tally, today, here = self.tally, self.office.today, [ESTATE_CODE]
        standing = tally.standing()
        with self.ground.database.lend(here) as conn:
            totals = collection.collected(conn, here, "2025-01", "2029-12")
            aged = collection.aged(conn, here, today)
            taken = collection.taken(conn, here, date(2025, 1, 1), EVER)
            held = collection.held(conn, here)
            cases = arrears.cases(conn, ESTATE_CODE, today, PublicHolidays())
            numbers = bills.open_numbers(conn, ESTATE_CODE)
            billed = bills.billed(conn, ESTATE_CODE, BEGINS, EVER)
            waiting = refunds.pending(conn, here)
        months: dict[str, Counter[str]] = defaultdict(Counter)
        for id, event in standing.items():
            sums = {"billed": event.amount, "paid": tally.paid(id), "waived": tally.waived[id], "open": tally.open(id)}
            if event.reclaims is None:  # what is owed back is no fee
                months[month_of(event.since)].update(sums)
        assert {row.month: (row.billed, row.paid, row.waived, row.open) for row in totals} == {
            month: (sums["billed"], sums["paid"], sums["waived"], sums["open"]) for month, sums in months.items()
        }
        ages: Counter[Age | None] = Counter()
        for id, event in standing.items():
            if tally.open(id):
                ages[age_of(event.due, today) if event.due < today else None] += tally.open(id)
        assert {row.age: row.amount for row in aged} == ages
        assert {(case.dwelling, case.debtor.payer): case.debtor.open for case in cases} == tally.overdue(today)
        came: Counter[tuple[date, Method]] = Counter()
        for id, paid in tally.payments.items():
            if id not in tally.reversed:
                came[paid.paid_on, paid.method] += paid.amount
        assert {(row.day, row.method): row.amount for row in taken} == came
        assert sum(row.held for row in held) == sum(map(tally.held, tally.payments))
        assert {id for _, _, id in numbers} == {id for id in tally.bills if tally.open(id)}
        assert sorted(span for spans in billed.values() for span in spans) == sorted(
            (event.since, event.until) for event in standing.values()
        )
        asked = {id: refund for account in self.office.accounts().values() for id, refund in account.refunds.items()}
        assert {row.refund for row in waiting} == {id for id, refund in asked.items() if refund.pending}


def test_what_is_followed_and_what_is_rebuilt_is_what_happened(ground: Ground) -> None:
    few = settings(max_examples=3, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(partial(FollowedLife, ground), settings=few)
