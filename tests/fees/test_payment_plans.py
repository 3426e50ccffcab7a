"""Money taken, taken back and paid back: account, receipt book and drawer change together or not at all."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.books.books import BOOKS, MonthLocked, books_stream
from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.cash.drawer import CASH_DRAWER, DrawerClosed, drawer_stream
from domain.contracts.fee_basis import FEE_BASIS, ContractSigned, ContractTerminated, fee_basis_stream
from domain.fees import fee_account as fees
from domain.fees.fee_account import Allocation, Method, fee_account_stream
from domain.fees.receipt_book import RECEIPT_BOOK, receipt_book_stream
from domain.money.items import FeeItem
from domain.refusal import AlreadyDone, Refusal
from services.commands.ask import Ask, Caller, Forbidden, Stale
from services.fees.plans import (
    NewPayment,
    draw_prepayment,
    on_refund,
    pay_refund,
    request_refund,
    reverse_payment,
    take_payment,
)
from services.log.not_found import NotFound
from tests.conftest import FIRST, SECOND, Demo
from tests.fees.till import PARKING, YEAR, Till


@pytest.fixture
def till(demo: Demo) -> Iterator[Till]:
    yield Till(demo).opened()


def test_an_owner_pays_500_on_arrears_of_643_46(till: Till) -> None:
    bill = till.bill()
    answer = till.take(50000, Method.CASH)
    payment = till.state.payments[answer.payment]
    assert (payment.amount, dict(payment.allocated), payment.receipt) == (50000, {bill: 50000}, answer.receipt)
    assert till.state.balance == YEAR - 50000
    assert answer.payment in till.drawer("cashier").payments


def test_receipts_of_a_year_have_no_gap(till: Till) -> None:
    till.bill()
    book = receipt_book_stream(FIRST, till.today.year)
    before = till.demo.product.log.load(RECEIPT_BOOK, book).version
    with pytest.raises(Refusal):  # no number is used up by what was refused
        till.take(0)
    numbers = [till.take(100).receipt for _ in range(3)]
    assert numbers == [f"{till.today.year}-{before + n:06d}" for n in (1, 2, 3)]
    history = till.demo.product.log.history(book)
    assert [each.version for each in history] == list(range(1, before + 4))
    assert len({each.event.payment for each in history}) == len(history)


def test_a_book_begins_at_midnight_in_shanghai(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    till.bill()
    old = till.take(100)
    midnight = datetime(2091, 1, 1, tzinfo=SHANGHAI)
    numbers = []
    for seconds in (-1, 0, 1):
        moment = (midnight + timedelta(seconds=seconds)).astimezone(UTC)
        monkeypatch.setattr(till.demo.product.handler, "_clock", lambda moment=moment: moment)
        numbers.append(till.take(100).receipt)
    # what was paid on the last evening and told after midnight stands in the new book, the day it was paid beside it
    late = till.take(100, paid_on=date(2090, 12, 31))
    payment = till.state.payments[late.payment]
    assert [*numbers, late.receipt] == ["2090-000001", "2091-000001", "2091-000002", "2091-000003"]
    assert (payment.paid_on, payment.receipt) == (date(2090, 12, 31), "2091-000003")
    # a receipt of last year is reversed: it keeps its number, and no number of either year goes with it
    till.do("accountant", reverse_payment(till.dwelling, old.payment, fees.ReversalReason.WRONG_AMOUNT))
    assert till.take(100).receipt == "2091-000004"


def test_two_cashiers_on_one_account_double_nothing(till: Till) -> None:
    bill = till.bill()
    seen = till.version
    till.take(YEAR)
    with pytest.raises(Stale) as stale:
        plan = take_payment(NewPayment(till.dwelling, YEAR, Method.CARD))
        till.do("accountant", plan, expected_version=seen)
    assert stale.value.version == till.version
    with pytest.raises(Refusal) as settled:  # the payer names the bill, and it is paid
        till.take(YEAR, by="accountant", bills=(bill,))
    assert settled.value.code == "bill_settled"
    till.take(10000, by="accountant")  # without a look: nothing is open, so it is held for what comes
    assert (till.state.balance, till.state.prepaid) == (-10000, 10000)


def test_many_at_once_all_get_their_receipt(till: Till) -> None:
    till.bill()
    till.who("cashier")
    till.who("accountant")
    other = Till(till.demo).opened()
    other.bill()
    book = receipt_book_stream(FIRST, till.today.year)
    before = till.demo.product.log.load(RECEIPT_BOOK, book).version
    with ThreadPoolExecutor(8) as pool:  # two cashiers on two accounts
        more = [pool.submit(other.take, 100, Method.CARD, "accountant") for _ in range(4)]
        answers = list(pool.map(lambda _: till.take(1000, Method.CASH), range(8)))
    given = sorted(str(each.receipt) for each in (*answers, *(each.result() for each in more)))
    assert given == [f"{till.today.year}-{before + n:06d}" for n in range(1, 13)]
    assert till.state.balance == YEAR - 8000
    assert set(till.drawer("cashier").payments) >= {answer.payment for answer in answers}


def test_the_payer_names_bills(till: Till) -> None:
    old, parking = till.bill(), till.bill(PARKING, date(2025, 6, 1), FeeItem.PARKING)
    till.take(PARKING + 100, bills=(parking,))
    assert (till.state.bills[parking].open, till.state.bills[old].open) == (0, YEAR - 100)
    with pytest.raises(Refusal) as unknown:
        till.take(100, bills=(uuid4(),))
    assert unknown.value.code == "unknown_bill"


def test_money_is_the_owners_of_that_day_and_pays_no_debt_of_an_earlier_one(till: Till) -> None:
    old, new = till.owner, uuid4()
    debt = till.bill()
    till.owned((old, date(2024, 1, 1)), (new, date(2026, 1, 1)))
    till.owner = new
    own = till.bill(since=date(2026, 1, 1))
    answer = till.take(1000)
    payment = till.state.payments[answer.payment]
    assert (payment.payer, dict(payment.allocated)) == (new, {own: 1000})
    late = till.take(1000, paid_on=date(2025, 12, 31))
    assert till.state.payments[late.payment].payer == old
    named = till.take(500, bills=(debt,))
    assert till.state.payments[named.payment].payer == old
    given = till.take(500, payer=old)
    assert dict(till.state.payments[given.payment].allocated) == {debt: 500}
    with pytest.raises(Refusal) as stranger:
        till.take(500, payer=uuid4())
    assert stranger.value.code == "unknown_payer"


def test_where_nobody_owns_and_nothing_was_billed_nobody_pays(till: Till) -> None:
    with pytest.raises(Refusal) as nobody:
        till.take(500)
    assert nobody.value.code == "no_payer"


def test_no_more_is_held_in_advance_than_a_year(till: Till) -> None:
    till.bill(since=date(till.today.year - 1, 1, 1))
    with pytest.raises(Refusal) as over:
        till.take(YEAR * 2 + 100)
    assert over.value.code == "over_prepayment_limit"
    answer = till.take(YEAR * 2 + 100, accept_excess=True)
    payment = till.state.payments[answer.payment]
    assert payment.prepaid + payment.overpaid == YEAR + 100
    assert payment.prepaid <= YEAR + 1


def test_what_was_paid_in_advance_is_drawn_when_it_falls_due(till: Till) -> None:
    year = till.today.year
    till.bill(since=date(year - 1, 1, 1))
    till.take(YEAR + 30000)
    coming = till.bill(since=date(year, 1, 1))
    due = till.state.bills[coming].due
    system = Ask(Caller(UUID(int=0), Capacity.SYSTEM, frozenset({FIRST})))
    handler = till.demo.product.handler
    assert handler.do(system, draw_prepayment(till.dwelling, due - timedelta(days=1))).version == till.version
    assert till.state.bills[coming].open == YEAR
    handler.do(system, draw_prepayment(till.dwelling, due))
    assert (till.state.bills[coming].open, till.state.prepaid) == (YEAR - 30000, 0)
    before = till.version
    assert handler.do(system, draw_prepayment(till.dwelling, due)).version == before


def test_a_payment_is_taken_back_and_its_cash_leaves_the_drawer_that_took_it(till: Till) -> None:
    bill = till.bill()
    answer = till.take(50000, Method.CASH)
    payment = answer.payment
    inside = till.drawer("cashier").expected
    reason = fees.ReversalReason.WRONG_AMOUNT
    plan = reverse_payment(till.dwelling, payment, reason, "多按了一个零")
    with pytest.raises(Forbidden):
        till.do("cashier", plan)
    till.do("accountant", plan)
    assert (till.state.bills[bill].open, till.state.payments[payment].reversed) == (YEAR, True)
    assert till.drawer("cashier").expected == inside - 50000
    with pytest.raises(AlreadyDone) as again:
        till.do("head", plan)
    assert (again.value.code, again.value.done.acting_as) == ("payment_reversed", Capacity.ACCOUNTANT)
    assert till.drawer("cashier").expected == inside - 50000


def test_cash_of_a_closed_drawer_leaves_that_of_who_gives_it_back(till: Till) -> None:
    till.bill()
    payment = till.take(50000, Method.CASH, by="head").payment
    inside = till.drawer("head").expected
    till.tell(CASH_DRAWER, drawer_stream(FIRST, till.who("head")), DrawerClosed(inside, inside, 0, 0))
    plan = reverse_payment(till.dwelling, payment, fees.ReversalReason.WRONG_DWELLING)
    short = till.drawer("accountant").expected < 50000
    assert short
    with pytest.raises(Refusal) as refused:  # there is not so much cash at the accountant's
        till.do("accountant", plan)
    assert refused.value.code == "drawer_short"
    assert not till.state.payments[payment].reversed
    till.take(50000, Method.CASH, by="accountant")
    till.do("accountant", plan)
    assert till.state.payments[payment].reversed


def test_money_goes_back_only_by_two_people(till: Till) -> None:
    till.bill()
    payment = till.take(YEAR + 5000, Method.CASH).payment
    asked = till.do("accountant", request_refund(till.dwelling, payment, 5000, fees.RefundReason.MOVED_OUT, "已搬走"))
    refund = asked.refund
    with pytest.raises(Refusal) as early:
        till.do("cashier", pay_refund(till.dwelling, refund, Method.CASH))
    assert early.value.code == "refund_not_approved"
    with pytest.raises(Refusal) as same:
        till.do("accountant", on_refund(till.dwelling, fees.ApproveRefund(refund)))
    assert same.value.code == "second_person"
    with pytest.raises(Forbidden):
        till.do("cashier", on_refund(till.dwelling, fees.ApproveRefund(refund)))
    till.do("head", on_refund(till.dwelling, fees.ApproveRefund(refund)))
    inside = till.drawer("cashier").expected
    till.do("cashier", pay_refund(till.dwelling, refund, Method.CASH))
    assert till.drawer("cashier").expected == inside - 5000
    assert (till.state.balance, till.state.payments[payment].refunded) == (0, 5000)
    for somebody, method in (("cashier", Method.CASH), ("head", Method.WECHAT)):
        with pytest.raises(AlreadyDone) as again:
            till.do(somebody, pay_refund(till.dwelling, refund, method))
        assert (again.value.code, again.value.how) == ("refund_paid", Method.CASH)
    assert till.drawer("cashier").expected == inside - 5000


def test_a_rejected_refund_is_free_again(till: Till) -> None:
    till.bill()
    payment = till.take(YEAR + 5000).payment
    plan = request_refund(till.dwelling, payment, 5000, fees.RefundReason.OVERPAID)
    refund = till.do("cashier", plan).refund
    with pytest.raises(Refusal) as much:
        till.do("cashier", request_refund(till.dwelling, payment, 1, fees.RefundReason.OVERPAID))
    assert much.value.code == "refund_too_much"
    till.do("accountant", on_refund(till.dwelling, fees.RejectRefund(refund)))
    till.do("cashier", request_refund(till.dwelling, payment, 5000, fees.RefundReason.OVERPAID))


def test_an_account_of_another_estate_is_not_there(demo: Demo) -> None:
    theirs = Till(demo, estate=SECOND).opened()
    with pytest.raises(NotFound):
        theirs.take(100)
    with pytest.raises(NotFound):
        Till(demo).take(100)


def test_what_was_allocated_is_told(till: Till) -> None:
    first, second = till.bill(), till.bill(since=date(2026, 1, 1))
    till.take(YEAR + 100)
    history = till.demo.product.log.history(fee_account_stream(till.dwelling))
    allocated = next(each.event for each in history if isinstance(each.event, fees.PaymentAllocated))
    assert allocated.allocations == (Allocation(first, YEAR), Allocation(second, 100))


def test_nothing_is_dated_in_a_closed_month(till: Till) -> None:
    till.bill(since=date(2023, 1, 1))
    till.tell(BOOKS, books_stream(FIRST), MonthLocked(FIRST, "2024-12"))
    with pytest.raises(Refusal) as closed:
        till.take(100, paid_on=date(2024, 12, 31))
    assert (closed.value.code, closed.value.facts["month"]) == ("period_closed", "2024-12")
    payment = till.take(YEAR + 100, Method.CARD, paid_on=date(2025, 1, 1)).payment
    refund = till.do("cashier", request_refund(till.dwelling, payment, 100, fees.RefundReason.OVERPAID)).refund
    till.do("head", on_refund(till.dwelling, fees.ApproveRefund(refund or UUID(int=0))))
    with pytest.raises(Refusal) as paid:
        till.do("cashier", pay_refund(till.dwelling, refund or UUID(int=0), Method.CARD, date(2024, 12, 31)))
    assert paid.value.code == "period_closed"


def test_nothing_is_paid_in_advance_beyond_the_contract_and_what_was_goes_back(till: Till) -> None:
    """INV-47: a contract under notice takes nothing for the time after; what was held already is paid back."""
    year = till.today.year
    till.bill(since=date(year - 1, 1, 1))
    payment = till.take(YEAR + 30000).payment
    stream = fee_basis_stream(FIRST)
    contract = till.demo.product.log.load(FEE_BASIS, stream).state.contracts[-1]
    till.tell(FEE_BASIS, stream, ContractTerminated(contract.contract, till.today))
    try:
        with pytest.raises(Refusal) as over:
            till.take(1)
        assert over.value.code == "over_prepayment_limit"
        reason = fees.RefundReason.CONTRACT_ENDED
        refund = till.do("cashier", request_refund(till.dwelling, payment, 30000, reason)).refund
        till.do("head", on_refund(till.dwelling, fees.ApproveRefund(refund)))
        till.do("accountant", pay_refund(till.dwelling, refund, Method.BANK_TRANSFER))
        assert (till.state.balance, till.state.prepaid) == (0, 0)
    finally:  # the next contract follows
        follows = ContractSigned(FIRST, uuid4(), "C-2", contract.fee_mode, till.today, date(2090, 1, 1), contract.terms)
        till.tell(FEE_BASIS, stream, follows)
