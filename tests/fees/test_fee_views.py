"""Any sequence of bills, payments, corrections, reversals, refunds, owner changes and waivers keeps every invariant.

Everybody's plans run over a log in memory. After each act the accounts, and every view that was folded act by act, are
compared with ``Tally``, which adds up the events by another way than the product; at the end of a life its log goes
through a follower on a real database, and every view is what a rebuild from the first event makes of it.
"""

import itertools
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from domain.arrears.overdue import Age, age_of
from domain.books.books import BOOKS, Books, CloseMonth, LockMonth, books_stream
from domain.cash.drawer import drawer_stream
from domain.closing.ledger import Entry, Ledger, figures
from domain.contracts.fee_basis import AdoptFeeSchedule, Charged, FeeMode, Price, SignContract, Terms
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, InvoiceStage, Method, RefundStage, fee_account_stream
from domain.fees.receipt_book import ReceiptIssued
from domain.money.allocation import AllocationOrder
from domain.money.items import PERIODIC, FeeItem
from domain.months import end_of, following, month_of, months_later
from domain.recorded import Recorded
from domain.register.dwelling import Use, WithdrawOwnership
from domain.register.owner import OWNER, NameOwnerStaff, OwnerKind
from projections.arrears import overdue as arrears
from projections.cash.drawers import DRAWERS
from projections.cockpit import collection
from projections.fees import bills, refunds
from projections.fees.accounts import ACCOUNTS
from projections.fees.bills import BILLS
from projections.fees.invoices import INVOICE_PAYERS, INVOICES
from projections.fees.payments import PAYMENTS
from projections.fees.refunds import REFUNDS
from projections.projection import View, fold, keyed, keys_of
from projections.rebuild import rebuild_view
from projections.register.dwellings import DWELLINGS
from projections.register.owners import OWNERS
from services.arrears.holidays import PublicHolidays
from services.arrears.penalty_plans import charge_penalty, grant_waiver
from services.billing.plans import Correction, NewCharge, charge, correct_bill, void_bill
from services.commands.plan import Plan
from services.fees.invoice_plans import NewInvoice, record_invoice, request_invoice, reverse_invoice, withdraw_request
from services.fees.lines import AccountLines, summed
from services.fees.plans import (
    NewPayment,
    draw_prepayment,
    on_refund,
    pay_refund,
    request_refund,
    reverse_payment,
    take_payment,
)
from services.register.plans import HandOver, hand_over, on_dwelling
from tests.fees.office import ACCOUNTANT, CASHIER, ESTATE_CODE, HEAD, Office
from tests.fees.tally import Tally
from tests.machine.ground import Ground
from tests.machine.test_any_split import Told, begin_anew, follow_all, kept

FEE_VIEWS: tuple[View[Any], ...] = (
    BILLS, PAYMENTS, ACCOUNTS, REFUNDS, INVOICES, INVOICE_PAYERS, DRAWERS, DWELLINGS, OWNERS,
)  # fmt: skip

BEGINS, ENDS, EVER = date(2026, 1, 1), date(2027, 3, 1), date(2099, 1, 1)
CONTRACT, SCHEDULE, NEIGHBOUR = UUID(int=0x400), UUID(int=0x401), UUID(int=0x402)
PRICE = 6000  # 0.60 yuan
AREAS = {"101": 8937, "102": 12051}
TERMS = Terms(AllocationOrder.PRINCIPAL_FIRST, 12, 10, 500, "第十二条")
SIGNED = SignContract(ESTATE_CODE, CONTRACT, "DHY-2026-01", FeeMode.LUMP_SUM, BEGINS, ENDS, TERMS)
LIST = AdoptFeeSchedule(
    SCHEDULE,
    CONTRACT,
    (
        Price(FeeItem.PROPERTY_FEE, Charged.PER_AREA, (Use.RESIDENCE,), PRICE, "第八条", "保洁"),
        Price(FeeItem.KEY_CARD, Charged.PER_PIECE, (Use.RESIDENCE,), 150_000, "第十条", "门禁卡"),
    ),
    BEGINS - timedelta(days=10),
    BEGINS,
)
STAFF = st.sampled_from([ACCOUNTANT, HEAD, CASHIER])
AMOUNT = st.one_of(st.integers(1, 25_000), st.integers(1, 25_000), st.integers(-5, 500_000))
MONTH = st.integers(0, 11).map(lambda months: months_later(BEGINS, months))
HOME = st.sampled_from(sorted(AREAS))
Draw = Callable[[st.SearchStrategy[Any]], Any]


class FeeLife(RuleBasedStateMachine):
    """Two dwellings of an estate, their owners, the people of the station, and all that happens between them."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office(BEGINS - timedelta(days=10), SIGNED, LIST)
        self.tally = Tally()
        self.books = Ledger()
        self.entries: list[Entry] = []
        self.lines: dict[UUID, AccountLines] = defaultdict(AccountLines)
        self.rows: dict[str, dict[str, Any]] = {view.name: {} for view in FEE_VIEWS}
        self.told = self.heard = self.checked = 0
        self.cuts: list[int] = []
        self.invoice_numbers = itertools.count(1)

    @initialize(sold=st.lists(st.integers(0, 50), max_size=2, unique=True))
    def begin(self, sold: list[int]) -> None:
        self.homes: dict[str, UUID] = {}
        for room, area in AREAS.items():
            self.homes[room], owner = self.office.house(room, area, f"业主{room}", date(2010, 1, 1))
        self.office.tell(OWNER, owner, NameOwnerStaff(HEAD))  # the head lives in one of them
        self.office.later(60)
        self.hear()
        for day in sorted(sold):
            self.sell(self.homes["101"], BEGINS + timedelta(days=day))
        self.run(BEGINS, 3)
        for room, home in self.homes.items():  # something of each kind, for those who look at the end
            last = list(self.office.account(home).bills)[-1]
            waiver = fees.GrantWaiver(last, 700, fees.WaiverReason.ROUNDING, "3")
            assert self.do(grant_waiver(home, waiver), HEAD) == (room == "101")
            for amount in (1_000, 50_000):
                assert self.do(take_payment(NewPayment(home, amount, Method.CASH, accept_excess=True)), CASHIER)
            payment = next(iter(self.office.account(home).payments))
            assert self.do(reverse_payment(home, payment, fees.ReversalReason.OTHER), CASHIER) is False
            assert self.do(reverse_payment(home, payment, fees.ReversalReason.OTHER), ACCOUNTANT) is False
            took = drawer_stream(ESTATE_CODE, CASHIER)
            assert self.do(reverse_payment(home, payment, fees.ReversalReason.OTHER, None, took))

    def hear(self, named: tuple[UUID, ...] = ()) -> None:
        """Take in what has just happened: the rules of each event, and the rows of every view."""
        new = self.office.log.told[self.told :]
        self.told = len(self.office.log.told)
        for each in new:
            self.check(each, named)
            self.tally.add(each.event)
            self.entries += self.books.entries(each.event, each.act)
            if type(each.event) in FEE_ACCOUNT.events:
                self.lines[each.stream].take_in(each)
        for view in FEE_VIEWS:
            rows, touching = self.rows[view.name], keyed(view, new)
            folded = fold(view, {key: rows.get(key) for key in keys_of(touching)}, touching)
            rows.update({key: view.as_kept(row) for key, (row, _) in folded.written.items()})
            for key in folded.removed:
                del rows[key]
        self.heard = self.told

    def do(self, plan: Plan, who: UUID = ACCOUNTANT, named: tuple[UUID, ...] = ()) -> bool:
        """Whether it was done."""
        done = self.office.do(plan, who) is not None
        self.hear(named)
        return done

    # -- what people do ------------------------------------------------------------------------------------------

    @rule(home=HOME, days=st.sampled_from([0, 0, 0, 1, 7, 31]), data=st.data())
    def somebody_acts(self, home: str, days: int, data: st.DataObject) -> None:
        self.office.later(days)
        if days:  # the follower takes in what there is
            self.cuts.append(self.told)
        account = self.office.account(self.homes[home])
        sensible = [self.pay, self.pay, self.pay, self.bill_run, self.hand_over, self.charge_once, self.draw]
        sensible.append(self.close_month)
        if account.bills:
            sensible += [self.waive, self.void, self.penalize]
        if account.payments:
            sensible += [self.reverse, self.ask_for_invoice]
        if any(payment.held for payment in account.payments.values()):
            sensible += [self.ask_back, self.ask_back]
        if any(refund.pending for refund in account.refunds.values()):
            sensible += [self.decide_refund] * 3
        if any(invoice.stands for invoice in account.invoices.values()):
            sensible += [self.record_invoice] * 2
        data.draw(st.sampled_from(sensible))(self.homes[home], data.draw)

    def bill_run(self, _: UUID, draw: Draw) -> None:
        since = draw(st.one_of(st.just(self.office.today.replace(day=1)), MONTH))
        self.run(since, draw(st.sampled_from([1, 1, 3, 12])))

    def run(self, since: date, months: int) -> None:
        owners = self.office.dwellings()
        lines = self.office.bill(since, months_later(since, months))
        self.hear()
        for line in lines:  # INV-41, rounded once; INV-54, each owner the days that were theirs
            basis = line.basis
            exact = Fraction(basis.area * PRICE, 10**4) * (basis.months + Fraction(basis.days, basis.of_days))
            assert basis.area == owners[line.dwelling].chargeable_area
            assert (basis.whole or line.amount) == int(exact + Fraction(1, 2))
            home = owners[line.dwelling]
            assert home.owner_on(line.since) == home.owner_on(line.until - timedelta(days=1)) == line.payer
        split = [line for line in lines if line.basis.share_of]
        while split:  # parts of one whole stand one behind the other
            days = list(itertools.accumulate(line.basis.share_days for line in split))
            parts = split[: days.index(split[0].basis.share_of) + 1]
            assert {line.basis.whole for line in parts} == {sum(line.amount for line in parts)}
            split = split[len(parts) :]

    def hand_over(self, home: UUID, draw: Draw) -> None:
        owned = self.office.dwellings()[home].ownerships
        if len(owned) > 1 and draw(st.booleans()):
            self.do(on_dwelling(home, WithdrawOwnership(owned[-1].owner, owned[-1].since)))
        else:
            self.sell(home, self.office.today - timedelta(days=draw(st.integers(0, 70))))

    def sell(self, home: UUID, since: date) -> None:
        self.do(hand_over(home, HandOver(since, OwnerKind.PERSON, "新业主")))

    def charge_once(self, home: UUID, draw: Draw) -> None:
        reference = NEIGHBOUR if draw(st.booleans()) else None
        self.do(charge(home, NewCharge(FeeItem.KEY_CARD, draw(st.integers(0, 3)), None, reference)))

    def pay(self, home: UUID, draw: Draw) -> None:
        known = self.office.account(home).bills
        named = tuple(draw(st.lists(st.sampled_from(list(known)), max_size=2, unique=True))) if known else ()
        new = NewPayment(
            home,
            draw(st.one_of(AMOUNT, st.just(sum(known[bill].open for bill in named)))),
            draw(st.sampled_from(Method)),
            named if draw(st.booleans()) else (),
            self.office.today - timedelta(days=draw(st.sampled_from([0, 0, 0, 3, 20, -1]))),
            accept_excess=draw(st.booleans()),
        )
        self.do(take_payment(new), draw(STAFF), new.bills)

    def draw(self, home: UUID, draw: Draw) -> None:
        if not self.do(draw_prepayment(home, self.office.today)):
            return
        account = self.office.account(home)
        for id, payment in account.payments.items():  # nobody owes what lies there for it
            due = [bill for bill in account.open_bills(payment.payer).values() if bill.due <= self.office.today]
            assert not due or account.available(id) <= 0

    def waive(self, home: UUID, draw: Draw) -> None:
        amount = draw(st.one_of(st.integers(-1, 3_000), AMOUNT))
        bill = self.pick(draw, self.office.account(home).bills, self.tally.open)
        command = fees.GrantWaiver(bill, amount, fees.WaiverReason.MEDIATION, "3")
        self.do(grant_waiver(home, command), draw(st.sampled_from([HEAD, HEAD, ACCOUNTANT])))

    def penalize(self, home: UUID, draw: Draw) -> None:
        self.do(charge_penalty(home, self.pick(draw, self.office.account(home).bills, self.tally.open)))

    def void(self, home: UUID, draw: Draw) -> None:
        bill = self.pick(draw, self.office.account(home).bills, self.tally.paid)
        if draw(st.booleans()):
            self.do(void_bill(home, fees.VoidBill(bill, fees.VoidReason.OTHER)))
            return
        payer = self.office.dwellings()[home].owner if draw(st.booleans()) else None
        amount = draw(st.one_of(st.none(), AMOUNT))
        self.do(correct_bill(home, bill, Correction(fees.VoidReason.WRONG_PAYER, amount, payer)))

    def reverse(self, home: UUID, draw: Draw) -> None:
        payment = self.pick(draw, self.office.account(home).payments, lambda id: id not in self.tally.reversed)
        drawers = [UUID(key) for key, row in self.rows[DRAWERS.name].items() if payment in row.state.payments]
        took = drawers[0] if drawers else None
        self.do(reverse_payment(home, payment, fees.ReversalReason.OTHER, None, took), draw(STAFF))

    def ask_back(self, home: UUID, draw: Draw) -> None:
        account = self.office.account(home)
        payment = self.pick(draw, account.payments, account.available)
        amount = draw(st.one_of(st.just(account.available(payment)), st.integers(1, 3_000), AMOUNT))
        self.do(request_refund(home, payment, amount, fees.RefundReason.OTHER), draw(STAFF))

    def decide_refund(self, home: UUID, draw: Draw) -> None:
        known = self.office.account(home).refunds
        refund, act = self.pick(draw, known, lambda id: known[id].pending), draw(st.integers(0, 9))
        if act == 0:
            self.do(on_refund(home, fees.RejectRefund(refund)), draw(STAFF))
        elif known[refund].stage is RefundStage.APPROVED or act == 1:
            self.do(pay_refund(home, refund, draw(st.sampled_from(Method))), draw(STAFF))
        else:
            self.do(on_refund(home, fees.ApproveRefund(refund)), draw(STAFF))

    def ask_for_invoice(self, home: UUID, draw: Draw) -> None:
        new = NewInvoice(draw(st.sampled_from([600, 300, 7])), "邹老师", draw(st.one_of(st.none(), AMOUNT)))
        self.do(request_invoice(home, self.pick(draw, self.office.account(home).payments), new))

    def record_invoice(self, home: UUID, draw: Draw) -> None:
        known, today = self.office.account(home).invoices, self.office.today
        invoice = self.pick(draw, known, lambda id: known[id].stands)
        number = f"{today:%y}352{next(self.invoice_numbers):015d}"
        if draw(st.booleans()):
            self.do(record_invoice(home, invoice, number, today))
        elif known[invoice].stage is InvoiceStage.REQUESTED:
            self.do(withdraw_request(home, invoice))
        else:
            self.do(reverse_invoice(home, invoice, number, today, "抬头写错"))

    def close_month(self, *_: Any) -> None:
        """The month after the last one that is closed, if it is over; it begins where that one ended."""
        stream = books_stream(ESTATE_CODE)
        locked = self.closed.locked
        month = following(locked) if locked else following(month_of(self.office.today), -1)
        if end_of(month) <= self.office.today:
            self.office.tell(BOOKS, stream, LockMonth(ESTATE_CODE, month))
            self.office.tell(BOOKS, stream, CloseMonth(month, self.told, figures(self.entries, month)))
            self.hear()

    @property
    def closed(self) -> Books:
        books: Books = self.office.log.remembered(BOOKS, books_stream(ESTATE_CODE)).state
        return books

    def pick(self, draw: Draw, ids: Iterable[UUID], good: Callable[[UUID], Any] = bool) -> UUID:
        """One of them, rather a good one."""
        known = list(ids)
        better = [id for id in known if good(id)] if draw(st.integers(0, 5)) else []
        found: UUID = draw(st.sampled_from(better or known))
        return found

    # -- what holds of every event -------------------------------------------------------------------------------

    def check(self, told: Recorded[Any], named: tuple[UUID, ...]) -> None:
        tally, event = self.tally, told.event
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
                asked = next(e for e in self.office.log.told if getattr(e.event, "refund", None) == refund)
                assert asked.act.actor != told.act.actor
            case fees.WaiverGranted(bill=id):  # INV-53
                owners = {tally.bills[id].payer, self.office.dwellings()[tally.bills[id].dwelling].owner}
                theirs_ = [self.office.log.remembered(OWNER, owner).state.person for owner in owners if owner]
                assert told.act.actor not in theirs_ and event.rule and event.reason
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
        if self.checked < self.told:
            self.every_balance_is_the_sum_of_its_lines()
            self.no_day_is_billed_twice()
            self.receipts_have_no_gap()
            self.invoices_are_covered()
            self.every_view_says_the_same()
            self.checked = self.told

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
        assert sum(account.balance for account in self.office.accounts().values()) == owed - tally.cash()

    def no_day_is_billed_twice(self) -> None:
        for dwelling, item in itertools.product(self.office.accounts(), PERIODIC):
            bills = [bill for bill in self.tally.standing(dwelling).values() if bill.item is item]
            spans = sorted((bill.since, bill.until) for bill in bills)
            assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))

    def receipts_have_no_gap(self) -> None:
        drawn: Counter[int] = Counter()  # by year
        numbered: dict[UUID, tuple[str, int]] = {}
        for told in self.office.log.told:
            if isinstance(told.event, ReceiptIssued):
                year = told.act.recorded_at.year
                drawn[year] += 1
                assert told.event.payment not in numbered
                numbered[told.event.payment] = (f"{year}-{drawn[year]:06d}", told.event.amount)
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
        told = [figures(self.entries, month) for month in months]
        assert all(each.foots for each in told)
        assert told[-1].receivable_end == sum(map(self.tally.open, self.tally.bills))
        assert told[-1].held_end == sum(map(self.tally.held, self.tally.payments))
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
            for e in self.office.log.told
            if isinstance(e.event, fees.PrepaymentRefunded) and e.event.method is Method.CASH
        ]
        assert sum(row.state.expected for row in rows[DRAWERS.name].values()) == sum(a for _, a in cash) - sum(back)

    def bill_standing(self, id: UUID) -> tuple[int, int, int, int, UUID, str]:
        event, open_ = self.tally.bills[id], self.tally.open(id)
        standing = "VOID" if id in self.tally.voided else "OPEN" if open_ else "SETTLED"
        return event.amount, self.tally.paid(id), self.tally.waived[id], open_, event.payer, standing

    def teardown(self) -> None:
        if self.heard < self.told:  # something is wrong already
            return
        self.the_books_foot()
        for view in FEE_VIEWS:  # whatever was folded act by act is what one fold of everything makes of it
            rebuilt = fold(view, {}, keyed(view, self.office.log.told)).written
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
        if self.heard < self.told:
            return
        ground, log = self.ground, Told(self.office.log.told)
        begin_anew(ground)
        assert follow_all(ground, FEE_VIEWS, log, [*dict.fromkeys((*self.cuts, self.told))]) == []
        for _ in range(2):
            for view in FEE_VIEWS:
                assert {key: row for key, (row, _, _) in kept(ground, view).items()} == self.rows[view.name]
            self.every_question_is_answered_by_the_tally()
            for view in FEE_VIEWS:
                assert rebuild_view(ground.database.follower.connection, ground.owner, log, view) == self.told

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
