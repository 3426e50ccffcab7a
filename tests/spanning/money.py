"""Races over dwellings and money: two acts at the same moment, of which a rule allows one, or one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.books.books import LockMonth, MonthLocked
from domain.capacity import Capacity
from domain.cases import work_order as orders
from domain.cash.drawer import (
    CASH_DRAWER,
    CashTaken,
    CloseDrawer,
    DrawerClosed,
    DrawerCounted,
    DrawerOpened,
    drawer_stream,
)
from domain.contracts import fee_basis as basis
from domain.contracts.fee_basis import ModeGround, Party, ServiceMode
from domain.erasure import ErasureGround
from domain.estates.place import Part
from domain.fees import fee_account as fees
from domain.fees.receipt_book import ReceiptIssued
from domain.money.items import FeeItem
from domain.money.repair_costs import RepairCosts
from domain.months import month_of
from domain.recorded import Recorded
from domain.register.dwelling import (
    DwellingWithdrawn,
    OwnershipWithdrawn,
    WithdrawDwelling,
    WithdrawOwnership,
)
from domain.register.owner import (
    ForgetOwner,
    OwnerForgotten,
)
from services.billing.plans import Correction, NewCharge, charge, correct_bill
from services.books.plans import on_books
from services.cases.plans import on_work_order
from services.cash.plans import on_drawer
from services.contracts.plans import on_fee_basis
from services.fees.invoice_plans import record_invoice
from services.fees.plans import NewPayment, take_payment
from services.register.plans import on_dwelling, on_owner
from tests.spanning.cases import ordered
from tests.spanning.grounds import OWNED_SINCE, Estate, Grounds, Home, Round, exactly_one, never_after, not_both, race

CARD = NewCharge(FeeItem.KEY_CARD)
GONE = ErasureGround.RETENTION_ENDED


def money(home: Home, amount: int = 1000, **more: Any) -> Callable[[], Any]:
    new = NewPayment(home.dwelling, amount, **({"method": fees.Method.CARD, "accept_excess": True} | more))
    return lambda: take_payment(new)


def withdrawn(ground: Grounds, home: Home) -> Callable[[], object]:
    return ground.accountant(lambda: on_dwelling(home.dwelling, WithdrawDwelling()), home.estate, there=True)


# -- dwellings and accounts ----------------------------------------------------------------------------------------


@race("SPAN-31", "SPAN-32")
def paid_for_while_withdrawn(ground: Grounds) -> Round:
    home = ground.home()
    return Round(
        ground.cashier(money(home)), withdrawn(ground, home), not_both(fees.PaymentRecorded, DwellingWithdrawn)
    )


@race("SPAN-31", "SPAN-32")
def charged_while_withdrawn(ground: Grounds) -> Round:
    home = ground.home()
    act = ground.accountant(lambda: charge(home.dwelling, CARD))
    return Round(act, withdrawn(ground, home), not_both(fees.BillIssued, DwellingWithdrawn))


@race("SPAN-31", "SPAN-42")
def charged_while_the_ownership_is_withdrawn(ground: Grounds) -> Round:
    home = ground.home()
    mistake = WithdrawOwnership(home.owner, OWNED_SINCE)
    return Round(
        ground.accountant(lambda: charge(home.dwelling, replace(CARD, payer=home.owner))),
        ground.accountant(lambda: on_dwelling(home.dwelling, mistake), there=True),
        not_both(fees.BillIssued, OwnershipWithdrawn),
    )


@race("SPAN-33", "SPAN-34")
def charged_while_forgotten(ground: Grounds) -> Round:
    former = uuid4()
    home = ground.home(sold_by=former)
    return Round(
        ground.accountant(lambda: charge(home.dwelling, replace(CARD, payer=former))),
        ground.head(lambda: on_owner(former, ForgetOwner(GONE)), there=True),
        not_both(fees.BillIssued, OwnerForgotten),
    )


@race("SPAN-33", "SPAN-34")
def paying_while_forgotten(ground: Grounds) -> Round:
    former = uuid4()
    home = ground.home(sold_by=former)
    return Round(
        ground.cashier(money(home, payer=former)),
        ground.head(lambda: on_owner(former, ForgetOwner(GONE)), there=True),
        not_both(fees.PaymentRecorded, OwnerForgotten),
    )


# -- payments ------------------------------------------------------------------------------------------------------


@race("SPAN-35")
def two_receipts(ground: Grounds) -> Round:
    def holds(happened: Sequence[Recorded[Any]]) -> bool:
        paid = [each.event.payment for each in happened if isinstance(each.event, fees.PaymentRecorded)]
        issued = [each for each in happened if isinstance(each.event, ReceiptIssued)]
        numbers = sorted(each.version for each in issued)
        return sorted(each.event.payment for each in issued) == sorted(paid) and numbers[-1] - numbers[0] == 1

    return Round(ground.cashier(money(ground.home())), ground.cashier(money(ground.home()), there=True), holds)


@race("SPAN-45")
def one_number_at_two_desks(ground: Grounds) -> Round:
    """The same transfer is shown at two counters at once: the second of them asks."""
    number = uuid4().hex
    return Round(
        ground.cashier(money(ground.home(), reference=f"7{number}")),
        ground.cashier(money(ground.home(), reference=f" ７{number.upper()} "), there=True),
        exactly_one(fees.PaymentRecorded),
    )


@race("SPAN-36")
def cash_while_the_drawer_is_closed(ground: Grounds) -> Round:
    home, cashier = ground.home(), ground.person(ground.estate, Capacity.CASHIER)
    code, counted = home.estate.code, DrawerCounted(0, ())
    ground.tell(code, (CASH_DRAWER, drawer_stream(code, cashier), [DrawerOpened(code, 0, 0), counted]))

    def holds(happened: Sequence[Recorded[Any]]) -> bool:
        """Money taken after the closing opens the drawer anew."""
        moved = [
            type(each.event) for each in happened if isinstance(each.event, DrawerOpened | CashTaken | DrawerClosed)
        ]
        return moved in ([CashTaken], [DrawerClosed, DrawerOpened, CashTaken])

    return Round(
        ground.does(cashier, Capacity.CASHIER, money(home, method=fees.Method.CASH)),
        ground.does(cashier, Capacity.CASHIER, lambda: on_drawer(code, CloseDrawer(0)), there=True),
        holds,
    )


@race("SPAN-37")
def one_number_for_two_invoices(ground: Grounds) -> Round:
    number = f"{ground.today:%y}35{uuid4().int % 10**16:016d}"
    acts = []
    for there in (False, True):
        home, invoice = ground.home(), uuid4()
        paid = ground.payment(home)
        ground.put(home, paid, fees.RequestInvoice(invoice, paid.payment, 100, 600, 94, 6, "邹文静"))
        acts.append(recording(ground, home, invoice, number, there))
    return Round(*acts, exactly_one(fees.InvoiceIssued))


def recording(ground: Grounds, home: Home, invoice: UUID, number: str, there: bool) -> Callable[[], object]:
    return ground.accountant(lambda: record_invoice(home.dwelling, invoice, number, ground.today), there=there)


@race("SPAN-38")
def paid_in_advance_while_the_contract_is_given_notice(ground: Grounds) -> Round:
    home = ground.home(ground.new_estate())
    notice = basis.GiveNotice(
        home.estate.contract, Party.OWNERS, ground.today, ground.today + timedelta(days=60), "业主大会 2026-1"
    )
    return Round(
        ground.cashier(money(home, 60_000, accept_excess=False), home.estate),
        ground.head(lambda: on_fee_basis(home.estate.code, notice), home.estate, there=True),
        never_after(basis.ContractNoticeGiven, fees.PrepaymentHeld),
    )


@race("SPAN-40")
def charged_while_the_mode_ends(ground: Grounds) -> Round:
    home = ground.home(ground.new_estate())
    return Round(
        ground.accountant(lambda: charge(home.dwelling, CARD), home.estate),
        ground.head(lambda: on_fee_basis(home.estate.code, ended(ground, home.estate)), home.estate, there=True),
        never_after(basis.EstateServiceModeChanged, fees.BillIssued),
    )


def ended(ground: Grounds, estate: Estate) -> basis.ChangeServiceMode:
    """From today on nobody charges anything."""
    return basis.ChangeServiceMode(
        estate.code, ServiceMode.NONE, ground.today, ModeGround.OWNERS_DECISION, "业主大会 2026-2"
    )


@race("SPAN-50")
def paid_while_the_month_is_locked(ground: Grounds) -> Round:
    home = ground.home(ground.new_estate())
    day, code = ground.today.replace(day=1) - timedelta(days=1), home.estate.code
    return Round(
        ground.cashier(money(home, paid_on=day), home.estate),
        ground.accountant(lambda: on_books(code, LockMonth(code, month_of(day))), home.estate, there=True),
        never_after(MonthLocked, fees.PaymentRecorded),
    )


# -- work in a home ------------------------------------------------------------------------------------------------


@race("SPAN-43")
def one_order_charged_to_two_homes(ground: Grounds) -> Round:
    costs = RepairCosts(labour=9000)
    agreed = orders.QuoteAccepted(costs, orders.Consent.SIGNED)
    _, order = ordered(ground, agreed, orders.WorkOrderClosed(), part=Part.PRIVATE)
    one, two = ground.home(), ground.home()
    repair = NewCharge(FeeItem.IN_HOME_REPAIR, reference=order)
    return Round(
        ground.accountant(lambda: charge(one.dwelling, repair)),
        ground.accountant(lambda: charge(two.dwelling, repair), there=True),
        lambda happened: exactly_one(orders.RepairCharged)(happened) and exactly_one(fees.BillIssued)(happened),
    )


@race("SPAN-44")
def corrected_while_more_is_agreed_to(ground: Grounds) -> Round:
    less, more = RepairCosts(labour=9000), RepairCosts(labour=12_000)
    said = (orders.QuoteAccepted(less, orders.Consent.SIGNED), orders.QuoteOffered(more, "换新的"))
    _, order = ordered(ground, *said, part=Part.PRIVATE)
    home = ground.home()
    repair = {"item": FeeItem.IN_HOME_REPAIR, "reference": order, "costs": less}
    bill = ground.bill(home, less.total, **repair)
    ground.put(home, bill)
    correction = Correction(fees.VoidReason.WRONG_PRICE, costs=more)
    return Round(
        ground.accountant(lambda: correct_bill(home.dwelling, bill.bill, correction)),
        ground.head(lambda: on_work_order(order, orders.AcceptQuote(orders.Consent.SIGNED)), there=True),
        never_after(fees.BillIssued, orders.QuoteAccepted),
    )
