"""The page of one payment, with what can still be done about it, and the queue of refunds that two people settle."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from domain.calendar import local_date
from domain.capacity import Capacity
from domain.catalogue import may
from domain.fees.fee_account import (
    GIVEN_REASONS,
    ApproveRefund,
    Method,
    RefundReason,
    RefundStage,
    RejectRefund,
    RequestRefund,
    ReturnRefund,
    ReversalReason,
    ReversePayment,
    WithdrawRefundReturn,
)
from domain.refusal import Refusal, Rejection
from domain.written.days import day as read_day
from projections.fees import accounts, invoices, payments, refunds
from projections.fees.accounts import ACCOUNTS
from projections.fees.invoices import INVOICES
from projections.fees.payments import PAYMENTS, PaymentRow
from projections.fees.refunds import REFUNDS, RefundRow
from projections.people import people
from projections.people.people import PEOPLE
from projections.reconciliation import lines as statement_lines
from projections.reconciliation.lines import STATEMENT_LINES
from projections.register import dwellings, owners
from projections.register.dwellings import DWELLINGS
from projections.register.owners import OWNERS
from services.commands.ask import Forbidden, KeyReused, Stale
from services.commands.plan import Plan
from services.console.amounts import fen_of, typed
from services.console.answers import refused
from services.console.visit import CashVisit, FeeVisit, FormFields, Visit
from services.fees.access import account_of, payment_of_refund, payment_row, said_of
from services.fees.facts import SIGNS, events_of
from services.fees.invoice_plans import invoiceable
from services.fees.lines import account_lines
from services.fees.plans import on_refund, pay_refund, request_refund, reverse_payment, undo_payment
from services.fees.returned_refunds import return_refund, withdraw_refund_return
from services.http.acting import perform
from services.log.not_found import NotFound
from services.words.figures import period, shown

router = APIRouter(include_in_schema=False)

_SHOWN = (DWELLINGS, INVOICES, OWNERS, PAYMENTS, PEOPLE, REFUNDS, STATEMENT_LINES)
_SHOWN_OF_REFUNDS = (ACCOUNTS, DWELLINGS, PAYMENTS, PEOPLE, REFUNDS, OWNERS)

MOST_HELD = 20
_NO_REASONS = ((Method.CASH, ReversalReason.BOUNCED),)  # what lies in the drawer has come
_Refused = (Refusal, Stale, Forbidden, KeyReused)


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """A refund with the people in it; ``approves`` whether the viewer may decide, ``pays`` whether may pay it out.

    ``returns`` whether the viewer may say that the bank sent it back, ``withdraws`` that it did not.
    """

    row: RefundRow
    label: str
    dwelling: UUID
    receipt: str
    asked_by: str
    decided_by: str
    paid_by: str
    approves: bool
    own: bool
    pays: bool
    said: str
    came_by: Method
    returns: bool
    withdraws: bool


@router.get("/payments/{payment}")
def page(payment: UUID, visit: FeeVisit, after: int = 0) -> Response:
    return _page(visit, payment, after)


@router.post("/payments/{payment}/reverse")
def reverse(payment: UUID, form: FormFields, visit: CashVisit) -> Response:
    def plan(dwelling: UUID) -> Plan:
        reason = _member(ReversalReason, form.get("reason", ""), "reason")
        return reverse_payment(dwelling, payment, reason, form.get("text") or None)

    return _act(visit, payment, form, "ReversePayment", plan, "payment-done-reversed")


@router.post("/payments/{payment}/undo")
def undo(payment: UUID, form: FormFields, visit: CashVisit) -> Response:
    """Back to the dwelling, whose bills are open again."""
    row = payment_row(visit.product, visit.member, payment)
    go = f"/fees/{row.estate}/{row.dwelling}"
    return _act(
        visit, payment, form, "UndoPayment", lambda home: undo_payment(home, payment), "payment-done-undone", go=go
    )


@router.post("/payments/{payment}/refund")
def ask_refund(payment: UUID, form: FormFields, visit: CashVisit) -> Response:
    def plan(dwelling: UUID) -> Plan:
        reason = _member(RefundReason, form.get("reason", ""), "reason")
        return request_refund(dwelling, payment, fen_of(form.get("amount", "")), reason, form.get("text") or None)

    return _act(visit, payment, form, "RequestRefund", plan, "payment-done-refund")


def _act(
    visit: Visit,
    payment: UUID,
    form: Mapping[str, str],
    name: str,
    plan: Callable[[UUID], Plan],
    toast: str,
    go: str = "",
) -> Response:
    row = payment_row(visit.product, visit.member, payment)
    here = visit.at(row.estate)
    try:
        ask, made = here.ask(form), plan(row.dwelling)
        answer = perform(here.request, name, lambda: here.product.handler.do(ask, made))
    except _Refused as wrong:
        return refused(
            here, wrong, lambda errors, status: _page(here, payment, 0, status, typed=dict(form), errors=errors)
        )
    back = go or f"/payments/{payment}"
    return here.done(answer, here.voice.say(toast, no=row.receipt), back, go=back)


def _member(kind: Any, raw: str, field: str) -> Any:
    try:
        return kind(raw)
    except ValueError:
        raise Rejection("body", field=field) from None


def _page(visit: Visit, payment: UUID, after: int, status: int = 200, **said: Any) -> Response:
    stale = visit.caught_up(after, _SHOWN)
    row = payment_row(visit.product, visit.member, payment)
    here = visit.at(row.estate)
    loaded = account_of(here.product, here.member, row.dwelling)
    lines = account_lines(events_of(here, row.dwelling))
    line = lines.payments[payment]
    with here.lend() as conn:
        dwelling = dwellings.one(conn, row.dwelling)
        names = owners.named(conn, [row.payer])
        undone = loaded.state.payments[payment].told
        staff = people.named(conn, [row.taken_by, *([undone.actor] if undone else [])])
        asked_back = refunds.of_payment(conn, payment)
        made_out = invoices.of_payment(conn, payment)
        about = None if line.reversed else line.line or statement_lines.of_payment(conn, row)
        found = statement_lines.line(conn, about) if about else None
        facts = _refund_facts(conn, here, asked_back)
    settled = [
        (part, here.voice.name(lines.bills[part.bill].item), _period(lines.bills[part.bill])) for part in line.parts
    ]
    capacity = here.member.capacity
    context: dict[str, Any] = {
        "stale": stale,
        "here_only": here.here_only,
        "line": line,
        "row": row,
        "label": dwelling.label if dwelling else "",
        "payer_name": names.get(row.payer) or here.voice.say("owner-forgotten"),
        "by_name": staff.get(row.taken_by) or here.voice.say("ledger-by-itself"),
        "reversed_by": staff.get(undone.actor) or here.voice.say("ledger-by-itself") if undone else "",
        "reversed_when": here.voice.when(undone.recorded_at) if undone else "",
        "settled": settled,
        "found": found if found and found.payment == payment else None,
        "refunds": facts,
        "version": loaded.version,
        "available": loaded.state.available(payment) if not line.reversed else 0,
        "invoices": made_out,
        "refundable": min(loaded.state.available(payment), loaded.state.invoiceable(payment)),
        "invoiced": loaded.state.invoiced(payment),
        "invoiceable": invoiceable(loaded.state, payment),
        "may_reverse": may(capacity, ReversePayment) and not line.reversed,
        "who_reverses": [each for each in Capacity if may(each, ReversePayment)],
        "may_refund": may(capacity, RequestRefund) and not line.reversed,
        "waits": any(each.row.stage in (RefundStage.REQUESTED, RefundStage.APPROVED) for each in facts),
        "reclaimed": [each for each in lines.bills.values() if each.reclaims and each.reclaims.payment == payment],
        "reversal_reasons": [each for each in GIVEN_REASONS if (row.method, each) not in _NO_REASONS],
        "refund_reasons": tuple(RefundReason),
        "methods": SIGNS,
        "money": shown,
        "plain": typed,
        "typed": {},
        "errors": {},
    }
    return here.html("payment.html", status=status, here="fees", tab="desk", **(context | said))


def _period(bill: Any) -> str:
    return period(bill.since, bill.until)


# -- refunds -------------------------------------------------------------------------------------------------------


@router.get("/refunds/{estate}")
def queue(estate: str, visit: CashVisit, after: int = 0) -> Response:
    return _queue(visit.at(estate), estate, after)


@router.post("/refunds/{estate}/{refund}/{act}")
def on_queue(estate: str, refund: UUID, act: str, form: FormFields, visit: CashVisit) -> Response:
    here = visit.at(estate)
    paid = payment_of_refund(here.product, here.member, refund)
    if paid.estate != estate:
        raise NotFound
    try:
        ask = here.ask(form)
        name, plan = _decision(act, paid.dwelling, refund, form)
        answer = perform(here.request, name, lambda: here.product.handler.do(ask, plan))
    except _Refused as wrong:
        return refused(here, wrong, lambda errors, status: _queue(here, estate, 0, status, errors=errors))
    go = f"/refunds/{estate}"
    return here.done(answer, here.voice.say(f"refund-done-{act}"), go, go=go)


def _decision(act: str, dwelling: UUID, refund: UUID, form: Mapping[str, str]) -> tuple[str, Plan]:
    match act:
        case "approve":
            return "ApproveRefund", on_refund(dwelling, ApproveRefund(refund))
        case "reject":
            return "RejectRefund", on_refund(dwelling, RejectRefund(refund))
        case "pay":
            method = _member(Method, form.get("method", ""), "method")
            return "PayRefund", pay_refund(dwelling, refund, method, None, form.get("reference") or None)
        case "return":
            return "ReturnRefund", return_refund(dwelling, refund, _returned_on(form))
        case "withdraw":
            return "WithdrawRefundReturn", withdraw_refund_return(dwelling, refund)
    raise NotFound


def _returned_on(form: Mapping[str, str]) -> date | None:
    return read_day(form["returned_on"], field="returned_on") if form.get("returned_on") else None


def _may_return(row: RefundRow, of: PaymentRow) -> bool:
    """Whether a bank may have sent it back, and nothing else was done about it."""
    return row.stage is RefundStage.PAID and row.method is not Method.CASH and of.reversed is None


def _queue(here: Visit, estate: str, after: int, status: int = 200, **said: Any) -> Response:
    stale = here.caught_up(after, _SHOWN_OF_REFUNDS)
    with here.lend() as conn:
        here.estate(conn, estate)
        waiting = _refund_facts(conn, here, refunds.pending(conn, [estate]))
        done = _refund_facts(conn, here, refunds.done(conn, [estate]))
        held = sorted(accounts.holding(conn, [estate]), key=lambda each: -each.held)
        homes = [dwellings.one(conn, each.dwelling) for each in held[:MOST_HELD]]
    context: dict[str, Any] = {
        "stale": stale,
        "waiting": waiting,
        "done": done,
        "held": [
            (each, home.label if home else "", home.owner_name if home else "")
            for each, home in zip(held, homes, strict=False)
        ],
        "accounts": len(held),
        "whole": sum(each.held for each in held),
        "methods": SIGNS,
        "money": shown,
        "today": local_date(here.voice.now),
        "errors": {},
    }
    return here.html("refunds.html", status=status, here="fees", tab="refunds", **(context | said))


def _refund_facts(conn: Any, here: Visit, rows: list[RefundRow]) -> list[RefundFacts]:
    steps = [step.who for row in rows for step in (row.asked, row.decided, row.paid, row.returned) if step]
    names = people.named(conn, steps)
    of = payments.by_id(conn, [row.payment for row in rows])
    labels = dwellings.labels(conn, [each.dwelling for each in of.values()])
    capacity, person = here.member.capacity, here.member.person
    said = said_of(here.product, [row for row in rows if row.stage in (RefundStage.REQUESTED, RefundStage.APPROVED)])

    def name(step: Any) -> str:
        return (names.get(step.who) or here.voice.say("person-forgotten")) if step else ""

    return [
        RefundFacts(
            row=row,
            label=labels.get(of[row.payment].dwelling, ""),
            dwelling=of[row.payment].dwelling,
            receipt=of[row.payment].receipt,
            asked_by=name(row.asked),
            decided_by=name(row.decided),
            paid_by=name(row.paid),
            approves=row.stage is RefundStage.REQUESTED and may(capacity, ApproveRefund),
            own=row.asked.who == person,
            pays=row.stage is RefundStage.APPROVED,
            returns=_may_return(row, of[row.payment]) and may(capacity, ReturnRefund),
            withdraws=row.stage is RefundStage.RETURNED and may(capacity, WithdrawRefundReturn),
            said=said.get(row.refund, ""),
            came_by=of[row.payment].method,
        )
        for row in rows
        if row.payment in of
    ]
