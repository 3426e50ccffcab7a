"""The fee desk: one box finds a dwelling, what is open stands there, money is taken, the receipt is printed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from domain.calendar import local_date
from domain.cash.drawer import drawer_stream
from domain.fees.fee_account import FEE_ACCOUNT, UNDO_WITHIN, FeeAccount, Method, Payment, fee_account_stream
from domain.money.items import FeeItem
from domain.refusal import Refusal, Rejection, reject_if
from domain.written.days import day as read_day
from projections.cash import drawers
from projections.cash.drawers import DRAWERS
from projections.fees import payments
from projections.fees.payments import PAYMENTS
from projections.projection import Connection
from projections.register import dwellings, owners
from projections.register.dwellings import DWELLINGS, DwellingRow
from projections.register.owners import OWNERS
from services.commands.ask import Forbidden, KeyReused, Stale
from services.console.amounts import fen_of, typed
from services.console.answers import refused, sentence
from services.console.visit import CashVisit, FeeVisit, FormFields, Visit
from services.desk.foreseen import foreseen
from services.fees import facts as fee_facts
from services.fees.facts import events_of
from services.fees.lines import BillLine, account_lines
from services.fees.paper import ReceiptSize
from services.fees.plans import NewPayment, take_payment
from services.fees.receipt_files import RECEIPTS, receipts_of_day
from services.http.acting import perform
from services.http.addresses import origin
from services.http.problems import problem_of
from services.log.known_states import Loaded
from services.log.not_found import NotFound
from services.product import Product
from services.words.figures import shown

router = APIRouter(include_in_schema=False)

_SHOWN = (DRAWERS, DWELLINGS, OWNERS, PAYMENTS)

MOST_FOUND = 12
LATELY = 6  # receipts of one's own that stay at hand
LONGEST = 60
AGAIN_AFTER = timedelta(minutes=5)  # before that the amount of another payment for the same account has to be typed


class Picked(NamedTuple):
    """The dwelling at the desk; ``area`` in words."""

    dwelling: UUID
    label: str
    owner_name: str | None
    area: str


class Lately(NamedTuple):
    """A payment that the visitor took, and whose it was."""

    row: payments.PaymentRow
    label: str
    name: str


class Stands(NamedTuple):
    """How an account stands, in fen: ``owed`` now, and what falls due ``later``; ``open`` is all that is to be paid."""

    balance: int
    open: int
    owed: int
    later: int
    prepaid: int
    version: int

    @property
    def asked(self) -> int:
        """What somebody at the desk is asked for: what is owed now, or where nothing is, what comes."""
        return self.owed or self.open


def account_of(product: Product, dwelling: UUID) -> Loaded[FeeAccount]:
    """The account as the log tells it."""
    return product.log.load(FEE_ACCOUNT, fee_account_stream(dwelling))


def dwelling_of(conn: Connection, visit: Visit, dwelling: UUID, estate: str | None = None) -> DwellingRow:
    """A dwelling of the visitor's own estates (of ``estate``, if it is named). Raises ``NotFound``."""
    row = dwellings.one(conn, dwelling)
    if row is None or row.estate not in visit.member.estates or estate not in (None, row.estate):
        raise NotFound
    return row


@router.get("/fees/{estate}")
def page(estate: str, visit: FeeVisit, q: str = "", after: int = 0) -> Response:
    """The desk; for the box itself only what was found."""
    here = visit.at(estate)
    wanted = _usable(q)
    stale = here.caught_up(after, _SHOWN)
    with here.lend() as conn:
        here.estate(conn, estate)
        found = dwellings.search(conn, [estate], wanted, MOST_FOUND + 1) if wanted else []
        desk = _desk(conn, here, estate)
    today = local_date(here.voice.now)
    context = {"q": wanted, "picked": None, "paid": None, "stale": stale, "today": today} | desk | _found(here, found)
    if here.request.headers.get("hx-request") is not None:
        return here.html("part/fee_found.html", **context)
    return here.html("fees.html", here="fees", tab="desk", **context)


@router.get("/fees/{estate}/receipts.pdf")
def receipts(estate: str, visit: CashVisit, day: str = "", size: ReceiptSize = ReceiptSize.A5) -> Response:
    """All receipts of a day in one file, today if none is named."""
    here = visit.at(estate)
    here.caught_up(0, RECEIPTS)
    with here.lend() as conn:
        here.estate(conn, estate)
    wanted = read_day(day, "body", field="day") if day else None
    where = origin(here.product)
    return receipts_of_day(here.product, here.member, estate, wanted, size, here.viewer.language, where)


@router.get("/fees/{estate}/{dwelling}")
def picked(estate: str, dwelling: UUID, visit: FeeVisit, after: int = 0) -> Response:
    return _picked(visit.at(estate), estate, dwelling, after)


@router.get("/fees/{estate}/{dwelling}/pays")
def pays(estate: str, dwelling: UUID, visit: CashVisit) -> Response:
    """What the amount in the form would pay."""
    here = visit.at(estate)
    with here.lend() as conn:
        dwelling_of(conn, here, dwelling, estate)
    asked_for = {**here.request.query_params, "method": Method.CARD.value}
    return here.html("part/fee_pays.html", **_foreseen(here, dwelling, asked_for), money=shown)


@router.get("/fees/{estate}/{dwelling}/{payment}")
def taken(estate: str, dwelling: UUID, payment: UUID, visit: FeeVisit, after: int = 0, given: int = 0) -> Response:
    """The desk right after money was taken: the receipt, and the way to the next dwelling; nothing is taken here."""
    return _picked(visit.at(estate), estate, dwelling, after, payment=payment, given=given)


@router.post("/fees/{estate}/{dwelling}")
def take(estate: str, dwelling: UUID, form: FormFields, visit: CashVisit) -> Response:
    here = visit.at(estate)
    with here.lend() as conn:
        dwelling_of(conn, here, dwelling, estate)
    try:
        ask, new = here.ask(form), _payment(dwelling, form)
        given = fen_of(form["given"], "given") if form.get("given", "").strip() else 0
        reject_if(new.method is Method.CASH and 0 < given < new.amount, "given_short", field="given")
        plan = take_payment(new)
        answer = perform(here.request, "RecordPayment", lambda: here.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(
            here, wrong, lambda errors, status: _picked(here, estate, dwelling, 0, status, typed=form, errors=errors)
        )
    toast = here.voice.say("desk-taken-toast", amount=shown(new.amount), no=answer.receipt)
    go = f"/fees/{estate}/{dwelling}/{answer.payment}" + (f"?given={given}" if given > new.amount else "")
    return here.done(answer, toast, go, go=go)


def _payment(dwelling: UUID, form: Mapping[str, str]) -> NewPayment:
    try:
        method = Method(form.get("method", ""))
        bills = tuple(UUID(name.removeprefix("bill-")) for name in form if name.startswith("bill-"))
    except ValueError:
        raise Rejection("body") from None
    paid_on = read_day(form["paid_on"], field="paid_on") if form.get("paid_on") else None
    amount = fen_of(form.get("amount", ""))
    reject_if(not amount, "amount", field="amount")
    return NewPayment(
        dwelling=dwelling,
        amount=amount,
        method=method,
        bills=bills,
        paid_on=paid_on,
        reference=form.get("reference") or None,
        again=bool(form.get("again")),
        accept_excess=bool(form.get("accept_excess")),
    )


def _foreseen(here: Visit, dwelling: UUID, form: Mapping[str, str]) -> dict[str, Any]:
    """What the form would pay, or why it pays nothing."""
    found: dict[str, Any] = {"pays": None, "pays_wrong": ""}
    if not form.get("amount", "").strip():
        return found
    try:
        return found | {"pays": foreseen(here, _payment(dwelling, form))}
    except (Refusal, Forbidden) as wrong:
        return found | {"pays_wrong": sentence(here, wrong, problem_of(wrong))}


def _usable(q: str) -> str:
    wanted = q.strip()[:LONGEST]
    return wanted if wanted.isprintable() and not any("\ud800" <= each <= "\udfff" for each in wanted) else ""


def _desk(conn: Connection, here: Visit, estate: str) -> dict[str, Any]:
    """What the desk shows whatever is looked for."""
    lately, left_open = _lately(conn, here, estate), _left_open(conn, here, estate)
    return {"lately": lately, "left_open": left_open, "here_only": here.here_only}


def _lately(conn: Connection, here: Visit, estate: str) -> list[Lately]:
    """What the visitor took last: to print it again, or to see what was wrong."""
    rows = payments.taken_lately(conn, estate, here.member.person, LATELY)
    labels = dwellings.labels(conn, [row.dwelling for row in rows])
    names = owners.named(conn, {row.payer for row in rows})
    forgotten = here.voice.say("owner-forgotten")
    return [Lately(row, labels.get(row.dwelling, ""), names.get(row.payer) or forgotten) for row in rows]


def _left_open(conn: Connection, here: Visit, estate: str) -> datetime | None:
    """Since when the visitor's drawer is open, if that is an earlier day."""
    row = drawers.drawer(conn, drawer_stream(estate, here.member.person))
    state = row.state if row else None
    earlier = state and state.opened_on and state.opened_on < local_date(here.voice.now)
    return state.opened_at if state and earlier else None


def _self_told(here: Visit, dwelling: UUID, account: FeeAccount) -> dict[UUID, BillLine]:
    """The open bills that say by themselves how they came about; where there are none, no history is read."""
    telling = (FeeItem.IN_HOME_REPAIR, FeeItem.RECLAIMED_REFUND)
    open_ones = {id for id, bill in account.open_bills().items() if bill.item in telling}
    lines = account_lines(events_of(here, dwelling)).bills if open_ones else {}
    return {id: lines[id] for id in open_ones if id in lines}


def _just_taken(here: Visit, account: FeeAccount) -> tuple[UUID, Payment] | None:
    """What the visitor took for this account a moment ago: whoever comes back to it takes no more without a word."""
    own = [
        (id, each)
        for id, each in account.payments.items()
        if each.taken and each.taken.actor == here.member.person and each.line is None and not each.reversed
        if each.taken.recorded_at + AGAIN_AFTER > here.voice.now
    ]
    return own[-1] if own else None


def _undo_until(here: Visit, paid: Payment) -> int:
    """Until which second of the clock the visitor may still take this back; 0 if no more, or never."""
    if paid.taken is None or paid.taken.actor != here.member.person or paid.line is not None or paid.reversed:
        return 0
    until = paid.taken.recorded_at + UNDO_WITHIN
    return int(until.timestamp()) if until > here.voice.now else 0


def _found(here: Visit, found: list[DwellingRow]) -> dict[str, Any]:
    """What was found, and how each account stands."""
    listed = found[:MOST_FOUND]
    today = local_date(here.voice.now)
    sums = {row.dwelling: _owes(account_of(here.product, row.dwelling).state, today) for row in listed}
    return {"found": listed, "more": len(found) > MOST_FOUND, "sums": sums, "money": shown}


def _owes(account: FeeAccount, today: date) -> int | None:
    """What is owed now, below zero what an account is ahead; ``None`` where something is open that is not due."""
    if account.balance < 0:
        return account.balance
    return account.owed_on(today) or (None if account.open else 0)


def _picked(
    here: Visit,
    estate: str,
    dwelling: UUID,
    after: int,
    status: int = 200,
    *,
    payment: UUID | None = None,
    given: int = 0,
    **said: Mapping[str, str],
) -> Response:
    stale, today = here.caught_up(after, _SHOWN), local_date(here.voice.now)
    with here.lend() as conn:
        row = dwelling_of(conn, here, dwelling, estate)
        loaded = account_of(here.product, dwelling)
        account = loaded.state
        names = owners.named(conn, {bill.payer for bill in account.open_bills().values()})
        desk = _desk(conn, here, estate)
    held = account.prepaid + account.overpaid
    owed, later = account.owed_on(today), account.not_due_on(today)
    stands = Stands(account.balance, account.open, owed, later, held, loaded.version)
    just = account.payments.get(payment) if payment else None
    if payment is not None and just is None:
        raise NotFound
    area = row.state.chargeable_area
    context: dict[str, Any] = {
        "q": "",
        "stale": stale,
        "picked": Picked(
            row.dwelling, row.label or "", row.owner_name, f"{area // 100}.{area % 100:02d}" if area else ""
        ),
        "stands": stands,
        "bills": fee_facts.dues(here.voice, account, today, row.owner, names, _self_told(here, dwelling, account)),
        "paid": fee_facts.paid(here.voice, account, payment, just) if payment and just else None,
        "back": given - just.amount if just and just.method is Method.CASH and given > just.amount else 0,
        "methods": fee_facts.SIGNS,
        "today": today,
        "undo_until": _undo_until(here, just) if just else 0,
        "undone": bool(just and just.reversed),
        "plain": typed,
        "typed": {},
        "errors": {},
        "just_taken": _just_taken(here, account),
    }
    if here.viewer.takes_money and just is None:
        whole = {"amount": typed(stands.asked) if stands.asked and not context["just_taken"] else ""}
        context |= _foreseen(here, dwelling, {**(said.get("typed") or whole), "method": Method.CARD.value})
    return here.html("fees.html", status=status, here="fees", tab="desk", **(context | desk | _found(here, []) | said))
