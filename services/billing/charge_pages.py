"""Single charges on an account, and one bill: charge by the displayed price or by a quote; void, or correct."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from domain.calendar import local_date
from domain.contracts.fee_basis import FEE_BASIS, Charged, Price, fee_basis_stream
from domain.estates.estate import ESTATE, estate_stream
from domain.fees.fee_account import FeeAccount, VoidBill, VoidReason
from domain.money.items import FeeItem
from domain.money.repair_costs import RepairCosts
from domain.refusal import Refusal, Rejection, reject_if
from domain.written.numbers import count
from projections.cases import orders
from projections.cases.orders import ORDERS, OrderCard
from projections.fees.bills import BILLS
from projections.projection import Connection
from projections.register import dwellings, owners
from projections.register.dwellings import DWELLINGS, DwellingRow
from projections.register.owners import OWNERS
from services.billing.access import bill_of
from services.billing.plans import BillNumbered, Correction, NewCharge, charge, correct_bill, void_bill
from services.commands.ask import Forbidden, KeyReused, Stale
from services.commands.plan import Plan, PlanFor
from services.console.amounts import costs_text, fen_of, typed
from services.console.answers import refused
from services.console.visit import AccountsVisit, FormFields, Visit
from services.fees.access import account_of
from services.fees.facts import dwelling_of, events_of, explained, is_sold, rate_text
from services.fees.lines import account_lines
from services.http.acting import perform
from services.product import Product
from services.register.plans import dwelling_at
from services.words.figures import period, shown

router = APIRouter(include_in_schema=False)

_SHOWN = (DWELLINGS, ORDERS, OWNERS)
_SHOWN_OF_BILL = (BILLS, DWELLINGS, ORDERS, OWNERS)

MOST_WAITING = 100
PARTS = ("call_out", "labour", "material")
_Refused = (Refusal, Stale, Forbidden, KeyReused)


@dataclass(frozen=True, slots=True)
class Repair:
    """Finished work that a resident agreed to pay; ``label`` of the dwelling, where the order names it."""

    card: OrderCard
    quote: RepairCosts
    quoted: str
    label: str
    dwelling: UUID | None


def home_of(product: Product, card: OrderCard) -> UUID | None:
    """The dwelling that an order is about, where it names one."""
    place = product.log.load(ESTATE, estate_stream(card.estate)).state
    return dwelling_at(product.pseudonyms, place, card.building, card.stairwell, card.dwelling)


def waiting(conn: Connection, here: Visit, estate: str) -> list[Repair]:
    """Work in homes of an estate that waits for its bill, the oldest first."""
    return [_repair(conn, here, card) for card in orders.to_charge(conn, estate, MOST_WAITING)]


def _repair(conn: Connection, here: Visit, card: OrderCard) -> Repair:
    assert card.state.quote is not None
    home = home_of(here.product, card)
    label = dwellings.labels(conn, [home]).get(home, "") if home else ""
    return Repair(card, card.state.quote, costs_text(here.voice, card.state.quote), label, home)


# -- charge ------------------------------------------------------------------------------------------------------


@router.get("/accounts/{dwelling}/charge")
def page(dwelling: UUID, visit: AccountsVisit, order: UUID | None = None) -> Response:
    return _page(visit, dwelling, chosen=order)


@router.post("/accounts/{dwelling}/charge")
def charge_one(dwelling: UUID, form: FormFields, visit: AccountsVisit) -> Response:
    def plan() -> PlanFor[BillNumbered]:
        item = _member(FeeItem, form.get("item", ""), "item")
        said = form.get("quantity", "")
        reject_if(not said.strip(), "quantity", field="quantity")
        return charge(dwelling, NewCharge(item, count(said, 999_999, "quantity", field="quantity")))

    return _charge(visit, dwelling, form, plan)


@router.post("/accounts/{dwelling}/charge/{order}")
def charge_repair(dwelling: UUID, order: UUID, form: FormFields, visit: AccountsVisit) -> Response:
    def plan() -> PlanFor[BillNumbered]:
        return charge(dwelling, NewCharge(FeeItem.IN_HOME_REPAIR, reference=order, costs=_costs(form)))

    return _charge(visit, dwelling, form, plan, order)


def _charge(
    visit: Visit,
    dwelling: UUID,
    form: Mapping[str, str],
    plan: Callable[[], PlanFor[BillNumbered]],
    order: UUID | None = None,
) -> Response:
    estate = account_of(visit.product, visit.member, dwelling).state.estate
    here = visit.at(estate or "")
    try:
        ask, made = here.ask(form), plan()
        answer = perform(here.request, "IssueBill", lambda: here.product.handler.do(ask, made))
    except _Refused as wrong:
        return refused(
            here, wrong, lambda errors, status: _page(here, dwelling, status, order, typed=dict(form), errors=errors)
        )
    go = f"/accounts/{dwelling}"
    return here.done(answer, here.voice.say("charge-done", no=answer.number), go, go=go)


def _costs(form: Mapping[str, str]) -> RepairCosts:
    """The parts as they were typed; an empty one costs nothing."""
    return RepairCosts(*(fen_of(form[part], part) if form.get(part, "").strip() else 0 for part in PARTS))


def _page(visit: Visit, dwelling: UUID, status: int = 200, chosen: UUID | None = None, **said: Any) -> Response:
    stale = visit.caught_up(0, _SHOWN)
    loaded = account_of(visit.product, visit.member, dwelling)
    assert loaded.state.estate is not None
    here = visit.at(loaded.state.estate)
    with here.lend() as conn:
        row = dwelling_of(conn, here, dwelling)
        repairs = _repairs(conn, here, row, loaded.state, chosen)
    context: dict[str, Any] = {
        "row": row,
        "version": loaded.version,
        "stale": stale,
        "prices": _prices(here, row),
        "rate": rate_text,
        "repairs": repairs,
        "chosen": chosen,
        "parts": PARTS,
        "money": shown,
        "plain": typed,
        "typed": {},
        "errors": {},
    }
    return here.html("charge.html", status=status, here="fees", tab="desk", **(context | said))


def _prices(here: Visit, row: DwellingRow) -> list[Price]:
    """What is displayed for this use and charged by the piece."""
    today = local_date(here.voice.now)
    basis = here.product.log.load(FEE_BASIS, fee_basis_stream(row.estate)).state
    schedule = basis.schedule_on(today)
    if schedule is None or not basis.bills(today) or schedule.shown_from > today:
        return []
    return [each for each in schedule.prices if each.charged is Charged.PER_PIECE and row.state.use in each.uses]


def _repairs(
    conn: Connection, here: Visit, row: DwellingRow, account: FeeAccount, chosen: UUID | None
) -> Sequence[Repair]:
    """Work in this dwelling, and work whose order names none; also what was billed by a bill that is void."""
    bills = {id: bill for id, bill in account.bills.items() if bill.item is FeeItem.IN_HOME_REPAIR}
    standing = {bill.reference for bill in bills.values() if not bill.voided}
    void = [id for id, bill in bills.items() if bill.voided and bill.reference not in standing]
    again = [_repair(conn, here, card) for card in orders.charged_by(conn, void)] if void else []
    found = [*again, *waiting(conn, here, row.estate)]
    mine = [each for each in found if each.dwelling in (None, row.dwelling)]
    return sorted(mine, key=lambda each: each.card.order != chosen)


# -- one bill ----------------------------------------------------------------------------------------------------


@router.get("/bills/{bill}")
def bill_page(bill: UUID, visit: AccountsVisit) -> Response:
    return _bill_page(visit, bill)


@router.post("/bills/{bill}/void")
def void(bill: UUID, form: FormFields, visit: AccountsVisit) -> Response:
    def plan(dwelling: UUID) -> Plan:
        reason = _member(VoidReason, form.get("reason", ""), "reason")
        return void_bill(dwelling, VoidBill(bill, reason, form.get("text") or None))

    return _on_bill(visit, bill, form, "VoidBill", plan)


@router.post("/bills/{bill}/correct")
def correct(bill: UUID, form: FormFields, visit: AccountsVisit) -> Response:
    def plan(dwelling: UUID) -> PlanFor[BillNumbered]:
        reason = _member(VoidReason, form.get("reason", ""), "reason")
        parts = any(part in form for part in PARTS)
        amount = None if parts else fen_of(form.get("amount", ""))
        payer = _id(form.get("payer", ""), "payer")
        text = form.get("text") or None
        return correct_bill(dwelling, bill, Correction(reason, amount, payer, text, _costs(form) if parts else None))

    return _on_bill(visit, bill, form, "CorrectBill", plan)


def _on_bill(visit: Visit, bill: UUID, form: Mapping[str, str], name: str, plan: Callable[[UUID], Plan]) -> Response:
    row = bill_of(visit.product, visit.member, bill)
    here = visit.at(row.estate)
    try:
        ask, made = here.ask(form), plan(row.dwelling)
        answer = perform(here.request, name, lambda: here.product.handler.do(ask, made))
    except _Refused as wrong:
        return refused(
            here, wrong, lambda errors, status: _bill_page(here, bill, status, name, typed=dict(form), errors=errors)
        )
    voice = here.voice
    message = (
        voice.say("bill-done-correct", no=answer.number)
        if isinstance(answer, BillNumbered)
        else voice.say("bill-done-void")
    )
    go = f"/accounts/{row.dwelling}"
    return here.done(answer, message, go, go=go)


def _bill_page(visit: Visit, bill: UUID, status: int = 200, act: str = "", **said: Any) -> Response:
    stale = visit.caught_up(0, _SHOWN_OF_BILL)
    found = bill_of(visit.product, visit.member, bill)
    here = visit.at(found.estate)
    loaded = account_of(here.product, here.member, found.dwelling)
    line = account_lines(events_of(here, found.dwelling)).bills[bill]
    with here.lend() as conn:
        row = dwelling_of(conn, here, found.dwelling)
        payers = [found.payer, *(each.owner for each in row.state.ownerships)]
        names = owners.named(conn, payers)
        work = orders.card(conn, line.reference) if line.reference else None
    context: dict[str, Any] = {
        "row": row,
        "stale": stale,
        "line": line,
        "work": work,
        "what": here.voice.name(line.item),
        "period": period(line.since, line.until),
        "sold": is_sold(line, row),
        "formula": explained(here.voice, line),
        "payers": [(each, names.get(each) or here.voice.say("owner-forgotten")) for each in dict.fromkeys(payers)],
        "version": loaded.version,
        "reasons": tuple(VoidReason),
        "parts": PARTS,
        "act": act,
        "money": shown,
        "plain": typed,
        "typed": {},
        "errors": {},
    }
    return here.html("bill.html", status=status, here="fees", tab="desk", **(context | said))


def _member(kind: Any, raw: str, field: str) -> Any:
    try:
        return kind(raw)
    except ValueError:
        raise Rejection("body", field=field) from None


def _id(raw: str, field: str) -> UUID | None:
    try:
        return UUID(raw) if raw else None
    except ValueError:
        raise Rejection("body", field=field) from None
