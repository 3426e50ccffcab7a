"""What is done about single bills: a charge for one occasion, a bill voided, a bill that should read otherwise."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from domain.billing.unserved import served_part
from domain.calendar import local_date
from domain.cases.work_order import WORK_ORDER, ChargeRepair, RepairCharged, WorkOrderOpened, check_quoted
from domain.contracts.fee_basis import FEE_BASIS, Charged, FeeBasis, FeeSchedule, fee_basis_stream
from domain.fees.fee_account import (
    FEE_ACCOUNT,
    Basis,
    BillIssued,
    CorrectBill,
    FeeAccount,
    IssueBill,
    VoidBill,
    VoidReason,
    fee_account_stream,
)
from domain.money.formula import ONE_UNIT, line_amount
from domain.money.items import FeeItem
from domain.money.repair_costs import RepairCosts, check_costs
from domain.refusal import Refusal, Rejection, refuse_done, refuse_if, reject_if
from domain.register.dwelling import DWELLING, Dwelling
from projections.fees.bills import BillRow
from services.books.plans import check_open
from services.commands.ask import Answer
from services.commands.plan import Attempt, Plan, PlanFor, Planned, PlannedAs
from services.fees.drawing import decided
from services.fees.dwelling_accounts import check_payer
from services.log.event_log import Change
from services.log.known_states import Loaded
from services.log.not_found import NotFound
from services.log.randomness import new_id
from services.register.plans import dwelling_at


@dataclass(frozen=True, slots=True)
class NewCharge:
    """A charge for one occasion by the price that is displayed: ``quantity`` pieces at so much each.

    Work in a home has no such price: ``reference`` is its order, ``costs`` what of the quote is charged, all of it
    unless they are named.
    """

    item: FeeItem
    quantity: int = 1
    payer: UUID | None = None
    reference: UUID | None = None
    costs: RepairCosts | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What is other than in the bill that is corrected; what is ``None`` stays."""

    reason: VoidReason
    amount: int | None = None
    payer: UUID | None = None
    text: str | None = None
    costs: RepairCosts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillNumbered(Answer):
    """A bill was issued under this ``number``."""

    number: str


def charge(dwelling: UUID, new: NewCharge) -> PlanFor[BillNumbered]:
    """Bill something once: at the displayed price (INV-42), or as it was quoted and agreed to (INV-22)."""
    bill = new_id()

    def make(attempt: Attempt) -> PlannedAs[BillNumbered]:
        home, account, basis, estate = _ground(attempt, dwelling)
        attempt.check_power(IssueBill, estate)
        check_open(attempt, estate)
        refuse_if(home.withdrawn, "dwelling_withdrawn")
        today = local_date(attempt.act.recorded_at)
        contract = basis.contract_on(today)
        refuse_if(not basis.bills(today) or contract is None, "no_price_shown")
        assert contract is not None
        payer = new.payer or home.owner_on(today)
        refuse_if(payer is None, "no_payer")
        reject_if(all(payer != each.owner for each in home.ownerships), "unknown_payer", field="payer")
        assert payer is not None
        check_payer(attempt, home, payer)
        command = IssueBill(
            bill=bill,
            number="-",
            item=new.item,
            since=today,
            until=today + timedelta(days=1),
            payer=payer,
            amount=0,
            due=today + timedelta(days=contract.terms.payment_days),
            contract=contract.number,
            reference=new.reference,
        )
        changes: list[Change] = []
        if new.item is FeeItem.IN_HOME_REPAIR:
            costs, change = _repaired(attempt, dwelling, estate, account.state, bill, new)
            changes.append(change)
            command = replace(command, amount=costs.total, costs=costs)
        else:
            reject_if(new.costs is not None, "costs_elsewhere", field="costs")
            command = _priced(command, new.quantity, basis.schedule_on(today), home)
        attempt.refuse_early(FEE_ACCOUNT, fee_account_stream(dwelling), account, command)
        command = replace(command, number=attempt.number("FB", attempt.estate(estate)))
        planned = _numbered(attempt, dwelling, account, command, estate, command.number)
        return planned._replace(changes=[*planned.changes, *changes])

    return PlanFor(make, answers=BillNumbered)


def _priced(command: IssueBill, quantity: int, schedule: FeeSchedule | None, home: Dwelling) -> IssueBill:
    """So many pieces at the displayed price."""
    reject_if(not 0 < quantity <= 10_000, "quantity", field="quantity")
    price = schedule.price(command.item, home.use) if schedule and schedule.shown_from <= command.since else None
    refuse_if(price is None or price.charged is not Charged.PER_PIECE, "no_price_shown", field="item")
    assert schedule is not None and price is not None
    return replace(
        command,
        amount=line_amount(ONE_UNIT * quantity, price.unit_price, 1),
        basis=Basis(area=ONE_UNIT, unit_price=price.unit_price, months=1, quantity=quantity),
        clause=price.clause,
        schedule=schedule.schedule,
    )


def _repaired(
    attempt: Attempt, dwelling: UUID, estate: str, account: FeeAccount, bill: UUID, new: NewCharge
) -> tuple[RepairCosts, Change]:
    """What an order's work costs, and the order's note of its bill. Each order is charged once, to one dwelling."""
    order = new.reference
    if order is None:
        raise Rejection("repair_order_missing", field="reference")
    loaded = attempt.own(WORK_ORDER, order)
    reject_if(loaded.state.estate != estate, "other_estate")
    refuse_if(_home_of(attempt, order) not in (None, dwelling), "repair_elsewhere")
    before = loaded.state.charged
    if before is not None and not _is_void(account, before):
        charged = [each.act for each in attempt.reach.log.history(order) if isinstance(each.event, RepairCharged)]
        refuse_done(charged[-1], "repair_charged")
    costs = new.costs or loaded.state.quote
    if costs is None:
        raise Refusal("quote_missing")
    note = ChargeRepair(dwelling, bill, costs)
    events = WORK_ORDER.consider(note, loaded.state, attempt.act)
    case = loaded.state.issue or order
    return costs, Change(order, WORK_ORDER.name, loaded.version, events, attempt.act, estate, case)


def _is_void(account: FeeAccount, bill: UUID) -> bool:
    return bill in account.bills and account.bills[bill].voided


def _home_of(attempt: Attempt, order: UUID) -> UUID | None:
    """The dwelling that an order names, if it does; once its case is forgotten, nobody knows."""
    opened = attempt.reach.log.history(order)[0].event
    assert isinstance(opened, WorkOrderOpened)
    place = attempt.estate(opened.estate)
    return dwelling_at(attempt.reach.pseudonyms, place, opened.building, opened.stairwell, opened.dwelling)


def void_bill(dwelling: UUID, command: VoidBill) -> Plan:
    """A bill should not stand."""

    def make(attempt: Attempt) -> Planned:
        _, account, _, estate = _ground(attempt, dwelling)
        attempt.check_power(VoidBill, estate)
        check_open(attempt, estate)
        return _decided(attempt, dwelling, account, command, estate)

    return Plan(make)


def correct_bill(dwelling: UUID, bill: UUID, correction: Correction) -> PlanFor[BillNumbered]:
    """A bill should have read otherwise: it is voided, and a new one is issued instead.

    What is not corrected stays: an amount that stays keeps its reckoning, and what it rests on.
    """
    instead = new_id()

    def make(attempt: Attempt) -> PlannedAs[BillNumbered]:
        home, account, _, estate = _ground(attempt, dwelling)
        attempt.check_power(CorrectBill, estate)
        check_open(attempt, estate)
        refuse_if(home.withdrawn, "dwelling_withdrawn")
        refuse_if(bill not in account.state.bills, "unknown_bill")
        old = _issued(attempt, dwelling, bill)
        costs, amount = _corrected_amount(attempt, old, correction)
        payer = correction.payer or old.payer
        reject_if((amount, payer, costs) == (old.amount, old.payer, old.costs), "correction_same")
        known = payer == old.payer or any(payer == each.owner for each in home.ownerships)
        reject_if(not known, "unknown_payer", field="payer")
        check_payer(attempt, home, payer)
        new = IssueBill(
            bill=instead,
            number="-",
            item=old.item,
            since=old.since,
            until=old.until,
            payer=payer,
            amount=amount,
            due=old.due,
            basis=old.basis if amount == old.amount else Basis(),
            contract=old.contract,
            clause=old.clause,
            schedule=old.schedule,
            reference=old.reference,
            costs=costs,
        )
        return _corrected(
            attempt, dwelling, account, CorrectBill(bill, correction.reason, new, correction.text), estate
        )

    return PlanFor(make, answers=BillNumbered)


def _issued(attempt: Attempt, dwelling: UUID, bill: UUID) -> BillIssued:
    """The event that issued a bill: what it rests on is no matter of later rules, so no state keeps it."""
    history = attempt.reach.log.history(fee_account_stream(dwelling))
    return next(each.event for each in history if isinstance(each.event, BillIssued) and each.event.bill == bill)


def _corrected_amount(attempt: Attempt, old: BillIssued, correction: Correction) -> tuple[RepairCosts | None, int]:
    """What is to be paid instead; for work in a home part by part, and no more than was agreed to (INV-22)."""
    if old.costs is None:
        reject_if(correction.costs is not None, "costs_elsewhere", field="costs")
        return None, old.amount if correction.amount is None else correction.amount
    reject_if(correction.amount is not None, "costs_needed", field="amount")
    costs = check_costs(correction.costs or old.costs)
    if old.reference is not None:
        check_quoted(attempt.own(WORK_ORDER, old.reference).state, costs)
    return costs, costs.total


def end_bill(row: BillRow) -> Plan:
    """A bill for days after its contract's end, which nobody serves: only the days before are billed.

    What was paid beyond is held for the payer. Refuses ``bill_waived``: how much is then let go, a person says.
    """
    instead = new_id()

    def make(attempt: Attempt) -> Planned:
        account = attempt.at(FEE_ACCOUNT, fee_account_stream(row.dwelling))
        attempt.check_power(CorrectBill, row.estate)
        end = attempt.at(FEE_BASIS, fee_basis_stream(row.estate)).state.unserved_since(row.contract, row.until)
        bill = account.state.bills.get(row.bill)
        if bill is None or bill.voided or end is None:
            return Planned([], Answer(fee_account_stream(row.dwelling), account.version))
        check_open(attempt, row.estate)
        kept, basis = (
            served_part(row.basis, row.amount, row.since, row.until, end) if row.since < end else (0, row.basis)
        )
        if not kept:
            nothing = VoidBill(row.bill, VoidReason.CONTRACT_ENDED)
            return _decided(attempt, row.dwelling, account, nothing, row.estate)
        refuse_if(bool(bill.waived), "bill_waived")
        new = IssueBill(
            bill=instead,
            number="-",
            item=row.item,
            since=row.since,
            until=end,
            payer=row.payer,
            amount=kept,
            due=row.due,
            basis=basis,
            contract=row.contract,
            clause=row.clause,
            schedule=row.schedule,
            reference=row.reference,
        )
        return _corrected(
            attempt, row.dwelling, account, CorrectBill(row.bill, VoidReason.CONTRACT_ENDED, new), row.estate
        )

    return Plan(make)


def _corrected(
    attempt: Attempt, dwelling: UUID, account: Loaded[FeeAccount], command: CorrectBill, estate: str
) -> PlannedAs[BillNumbered]:
    """The correction with the number of its new bill, which is not drawn for one that is refused."""
    attempt.refuse_early(FEE_ACCOUNT, fee_account_stream(dwelling), account, command)
    number = attempt.number("FB", attempt.estate(estate))
    numbered = replace(command, instead=replace(command.instead, number=number))
    return _numbered(attempt, dwelling, account, numbered, estate, number)


def _ground(attempt: Attempt, dwelling: UUID) -> tuple[Dwelling, Loaded[FeeAccount], FeeBasis, str]:
    home = attempt.own(DWELLING, dwelling).state
    account = attempt.at(FEE_ACCOUNT, fee_account_stream(dwelling))
    if home.estate is None or account.state.estate != home.estate:
        raise NotFound
    basis = attempt.at(FEE_BASIS, fee_basis_stream(home.estate)).state
    return home, account, basis, home.estate


def _decided(
    attempt: Attempt,
    dwelling: UUID,
    account: Loaded[FeeAccount],
    command: IssueBill | VoidBill | CorrectBill,
    estate: str,
) -> Planned:
    return decided(attempt, fee_account_stream(dwelling), account, command, dwelling)


def _numbered(
    attempt: Attempt,
    dwelling: UUID,
    account: Loaded[FeeAccount],
    command: IssueBill | CorrectBill,
    estate: str,
    number: str,
) -> PlannedAs[BillNumbered]:
    changes, answer = _decided(attempt, dwelling, account, command, estate)
    return PlannedAs(changes, BillNumbered(answer.stream, answer.version, number=number))
