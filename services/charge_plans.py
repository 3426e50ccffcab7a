"""What is done about single bills: a charge for one occasion, a bill voided, a bill that should read otherwise."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from domain.calendar import local_date
from domain.dwelling import DWELLING, Dwelling
from domain.fee_account import (
    FEE_ACCOUNT,
    Basis,
    CorrectBill,
    FeeAccount,
    IssueBill,
    VoidBill,
    VoidReason,
    fee_account_stream,
)
from domain.fee_basis import FEE_BASIS, FeeBasis, fee_basis_stream
from domain.fee_item import FeeItem
from domain.refusal import refuse_if
from services.ask import NotFound
from services.book_plans import check_open
from services.event_log import Loaded
from services.plan import Looking, Plan, Planned
from services.randomness import new_id


@dataclass(frozen=True, slots=True)
class NewCharge:
    """A charge for one occasion by the price that is displayed: ``quantity`` pieces at so much each."""

    item: FeeItem
    quantity: int
    payer: UUID | None = None
    reference: UUID | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What is other than in the bill that is corrected; what is ``None`` stays."""

    reason: VoidReason
    amount: int | None = None
    payer: UUID | None = None
    text: str | None = None


def charge(dwelling: UUID, new: NewCharge) -> Plan:
    """Bill something once, at the displayed price (INV-42)."""
    bill = new_id()

    def make(look: Looking) -> Planned:
        home, account, basis, estate = _ground(look, dwelling)
        look.check_power(IssueBill, estate)
        check_open(look, estate)
        today = local_date(look.act.recorded_at)
        refuse_if(not 0 < new.quantity <= 10_000, "quantity")
        schedule, contract = basis.schedule_on(today), basis.contract_on(today)
        price = schedule.price(new.item, home.use) if schedule and schedule.shown_from <= today else None
        refuse_if(not basis.bills(today) or price is None, "no_price_shown")
        assert price is not None and schedule is not None and contract is not None
        payer = new.payer or home.owner_on(today)
        refuse_if(payer is None, "no_payer")
        assert payer is not None
        amount = (price.unit_price * new.quantity + 50) // 100
        command = IssueBill(
            bill=bill,
            number=look.number("FB", look.register(estate)),
            item=new.item,
            since=today,
            until=today + timedelta(days=1),
            payer=payer,
            amount=amount,
            due=today + timedelta(days=contract.terms.payment_days),
            basis=Basis(area=100, unit_price=price.unit_price, months=1, quantity=new.quantity),
            contract=contract.number,
            clause=price.clause,
            schedule=schedule.schedule,
            reference=new.reference,
        )
        return _decided(look, dwelling, account, command, estate, command.number)

    return Plan(make)


def void_bill(dwelling: UUID, command: VoidBill) -> Plan:
    """A bill should not stand."""

    def make(look: Looking) -> Planned:
        _, account, _, estate = _ground(look, dwelling)
        look.check_power(VoidBill, estate)
        check_open(look, estate)
        return _decided(look, dwelling, account, command, estate)

    return Plan(make)


def correct_bill(dwelling: UUID, bill: UUID, correction: Correction) -> Plan:
    """A bill should have read otherwise: it is voided, and a new one is issued instead."""
    instead = new_id()

    def make(look: Looking) -> Planned:
        _, account, _, estate = _ground(look, dwelling)
        look.check_power(CorrectBill, estate)
        check_open(look, estate)
        refuse_if(bill not in account.state.bills, "unknown_bill")
        old = account.state.bills[bill]
        amount = old.amount if correction.amount is None else correction.amount
        same = amount == old.amount and correction.payer in (None, old.payer)
        refuse_if(same, "correction_same")
        new = IssueBill(
            bill=instead,
            number=look.number("FB", look.register(estate)),
            item=old.item,
            since=old.since,
            until=old.until,
            payer=correction.payer or old.payer,
            amount=amount,
            due=old.due,
            reference=old.reference,
        )
        command = CorrectBill(bill, correction.reason, new, correction.text)
        return _decided(look, dwelling, account, command, estate, new.number)

    return Plan(make)


def _ground(look: Looking, dwelling: UUID) -> tuple[Dwelling, Loaded[FeeAccount], FeeBasis, str]:
    home = look.own(DWELLING, dwelling).state
    account = look.at(FEE_ACCOUNT, fee_account_stream(dwelling))
    if home.estate is None or account.state.estate != home.estate:
        raise NotFound
    basis = look.at(FEE_BASIS, fee_basis_stream(home.estate)).state
    return home, account, basis, home.estate


def _decided(
    look: Looking,
    dwelling: UUID,
    account: Loaded[FeeAccount],
    command: IssueBill | VoidBill | CorrectBill,
    estate: str,
    number: str | None = None,
) -> Planned:
    stream = fee_account_stream(dwelling)
    planned = look.decided(FEE_ACCOUNT, stream, account, command, dwelling, estate)
    return planned._replace(answer=planned.answer._replace(number=number))
