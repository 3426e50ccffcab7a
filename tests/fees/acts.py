"""What people do with the fees of an estate, drawn at random, and what the views make of it act by act."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
)

from domain.books.books import BOOKS, Books, CloseMonth, LockMonth, books_stream
from domain.closing.ledger import Entry, Ledger, figures
from domain.contracts.fee_basis import AdoptFeeSchedule, Charged, FeeMode, Price, SignContract, Terms
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, InvoiceStage, Method, RefundStage
from domain.money.allocation import AllocationOrder
from domain.money.items import FeeItem
from domain.months import end_of, following, month_of, months_later
from domain.recorded import Recorded
from domain.register.dwelling import Use, WithdrawOwnership
from domain.register.owner import OWNER, NameOwnerStaff, OwnerKind
from projections.cash.drawers import DRAWERS
from projections.fees.accounts import ACCOUNTS
from projections.fees.bills import BILLS
from projections.fees.invoices import INVOICE_PAYERS, INVOICES
from projections.fees.payments import PAYMENTS
from projections.fees.refunds import REFUNDS
from projections.projection import View, fold, keyed, keys_of
from projections.register.dwellings import DWELLINGS
from projections.register.owners import OWNERS
from services.arrears.penalty_plans import charge_penalty, grant_waiver
from services.billing.plans import Correction, NewCharge, charge, correct_bill, void_bill
from services.commands.plan import Plan
from services.fees.invoice_plans import NewInvoice, record_invoice, request_invoice, reverse_invoice, withdraw_request
from services.fees.lines import AccountLines
from services.fees.plans import (
    NewPayment,
    draw_prepayment,
    on_refund,
    pay_refund,
    request_refund,
    reverse_payment,
    take_payment,
)
from services.fees.returned_refunds import return_refund, withdraw_refund_return
from services.register.plans import HandOver, hand_over, on_dwelling
from tests.fees.office import ACCOUNTANT, CASHIER, ESTATE_CODE, HEAD, Office
from tests.fees.tally import Tally

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


class FeeActs(RuleBasedStateMachine):
    """Two dwellings of an estate, their owners, the people of the station, and all that happens between them."""

    def __init__(self) -> None:
        super().__init__()
        self.office = Office(BEGINS - timedelta(days=10), SIGNED, LIST)
        self.tally = Tally()
        self.books = Ledger()
        self.entries: list[Entry] = []
        self.lines: dict[UUID, AccountLines] = defaultdict(AccountLines)
        self.rows: dict[str, dict[str, Any]] = {view.name: {} for view in FEE_VIEWS}
        self.logged = self.heard = self.checked = 0
        self.cuts: list[int] = []
        self.invoice_numbers = itertools.count(1)

    @initialize(sold=st.lists(st.integers(0, 50), max_size=2, unique=True))
    def begin(self, sold: list[int]) -> None:
        self.homes: dict[str, UUID] = {}
        for room, area in AREAS.items():
            self.homes[room], owner = self.office.sold(room, area, f"业主{room}", date(2010, 1, 1))
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
            assert self.do(reverse_payment(home, payment, fees.ReversalReason.OTHER))

    def hear(self, named: tuple[UUID, ...] = ()) -> None:
        """Take in what has just happened: the rules of each event, and the rows of every view."""
        new = self.office.log.written[self.logged :]
        self.logged = len(self.office.log.written)
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
        self.heard = self.logged

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
            self.cuts.append(self.logged)
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
        if any(refund.stage in (RefundStage.PAID, RefundStage.RETURNED) for refund in account.refunds.values()):
            sensible.append(self.return_refund)
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
        self.do(reverse_payment(home, payment, fees.ReversalReason.OTHER), draw(STAFF))

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

    def return_refund(self, home: UUID, draw: Draw) -> None:
        known = self.office.account(home).refunds
        refund = self.pick(draw, known, lambda id: known[id].stage in (RefundStage.PAID, RefundStage.RETURNED))
        if known[refund].stage is RefundStage.PAID:
            self.do(return_refund(home, refund))
        else:
            self.do(withdraw_refund_return(home, refund))

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
            self.office.tell(BOOKS, stream, CloseMonth(month, self.logged, figures(self.entries, month)))
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

    def check(self, recorded: Recorded[Any], named: tuple[UUID, ...]) -> None:
        """What holds of every event; whoever draws acts says it."""
        raise NotImplementedError
