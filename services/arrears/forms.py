"""What the forms about arrears say, as plans: for many debtors at once, and for one."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from domain.arrears import dunning as rules
from domain.arrears.dunning import DUNNING, Instalment, dunning_stream
from domain.arrears.overdue import DunningStep
from domain.calendar import local_date
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, GrantWaiver, IssueBill, WaiverReason, fee_account_stream
from domain.months import months_later
from domain.refusal import Refusal, Rejection, reject_if
from domain.written.days import day as read_day
from domain.written.numbers import count
from projections.arrears import overdue as arrears
from services.arrears.penalty_plans import charge_penalty, grant_waiver
from services.arrears.plans import (
    CALENDAR,
    MOST_AT_ONCE,
    ManyDone,
    Pick,
    ask_committee_for_all,
    on_debtor,
    on_said,
    payable_by_instalments,
    remind_all,
    serve_all,
    write_demands,
)
from services.commands.plan import Plan, PlanFor
from services.console.amounts import fen_of
from services.console.visit import Visit
from services.log.not_found import NotFound

Form = Mapping[str, str]
E = TypeVar("E", bound=Enum)

PICKED, PROOF = "pick.", "proof."


class Act(NamedTuple):
    """One act of the case page: its command, and the plan that a form makes of it."""

    command: type[Any]
    plan: Callable[[Visit, UUID, Form], Plan]


class ManyAct(NamedTuple):
    """One act on many debtors, for whom the step is ready."""

    command: type[Any]
    step: DunningStep
    plan: Callable[[str, list[Pick], Form], PlanFor[ManyDone]]


def own_account(here: Visit, dwelling: UUID) -> FeeAccount:
    """The account of a dwelling of the visitor's estates; raises ``NotFound``."""
    account = here.product.log.load(FEE_ACCOUNT, fee_account_stream(dwelling)).state
    if account.estate not in here.member.estates:
        raise NotFound
    return account


# -- many at once ------------------------------------------------------------------------------------------------


def _serve_all(estate: str, picks: list[Pick], form: Form) -> PlanFor[ManyDone]:
    """Each by its own proof where one was written beside it, the others by the one for all."""
    proofs = {pick: form.get(f"{PROOF}{pick.dwelling}.{pick.payer}", "").strip() or None for pick in picks}
    how, on, by = _member(rules.DeliveredBy, form, "how"), _day(form, "on"), _id(form, "by")
    return serve_all(estate, proofs, how, on, by, form.get("evidence", ""))


MANY: dict[str, ManyAct] = {
    "remind": ManyAct(
        rules.SendReminder,
        DunningStep.REMIND,
        lambda estate, picks, form: remind_all(estate, picks, _member(rules.RemindedBy, form, "by")),
    ),
    "write": ManyAct(
        rules.WriteDemand,
        DunningStep.WRITE,
        lambda estate, picks, form: write_demands(estate, picks, _day(form, "pay_by")),
    ),
    "serve": ManyAct(rules.ServeDemand, DunningStep.SERVE, _serve_all),
    "committee": ManyAct(
        rules.AskCommittee,
        DunningStep.COMMITTEE,
        lambda estate, picks, form: ask_committee_for_all(estate, picks, _member(rules.UrgedBy, form, "urged_by")),
    ),
}


def picks(here: Visit, estate: str, step: DunningStep, form: Form) -> list[Pick]:
    """Those who were ticked, or everybody of the list as it was filtered for whom the step is ready."""
    if form.get("scope") != "all":
        chosen = [name.removeprefix(PICKED).partition(".") for name in form if name.startswith(PICKED)]
        return [Pick(_uuid(dwelling), _uuid(payer)) for dwelling, _, payer in chosen]
    today, building = local_date(here.product.clock()), form.get("building", "")
    with here.lend() as conn:
        cases = arrears.in_building(arrears.cases(conn, estate, today, CALENDAR), building)
    ready = [Pick(case.dwelling, case.debtor.payer) for case in cases if step in case.debtor.ready(today)]
    return ready[:MOST_AT_ONCE]


# -- one debtor --------------------------------------------------------------------------------------------------

_Said = Callable[[Form], tuple[str, Any]]


def _to_debtor(command: type[Any], *said: _Said) -> Act:
    def plan(here: Visit, dwelling: UUID, form: Form) -> Plan:
        bills = [_uuid(name.removeprefix("bill.")) for name in form if name.startswith("bill.")]
        return on_debtor(Pick(dwelling, _id(form, "payer")), command, bills, dict(each(form) for each in said))

    return Act(command, plan)


def _text(name: str) -> _Said:
    return lambda form: (name, form.get(name) or None)


def _enum(name: str, kind: type[Enum]) -> _Said:
    return lambda form: (name, _member(kind, form, name))


def _date(name: str) -> _Said:
    return lambda form: (name, _day(form, name))


def _date_if(name: str) -> _Said:
    return lambda form: (name, _day(form, name) if form.get(name) else None)


def _tick(name: str) -> _Said:
    return lambda form: (name, bool(form.get(name)))


def _write(here: Visit, dwelling: UUID, form: Form) -> Plan:
    estate = own_account(here, dwelling).estate
    assert estate is not None
    return write_demands(estate, [Pick(dwelling, _id(form, "payer"))], _day(form, "pay_by"))


def _serve(_here: Visit, dwelling: UUID, form: Form) -> Plan:
    command = rules.ServeDemand(
        _id(form, "demand"),
        _member(rules.DeliveredBy, form, "how"),
        _day(form, "on"),
        _id(form, "by"),
        form.get("evidence", ""),
    )
    return on_said(dwelling, command)


def _agree(here: Visit, dwelling: UUID, form: Form) -> Plan:
    """Equal parts month by month; the fen that do not divide are in the first."""
    payer, account, today = _id(form, "payer"), own_account(here, dwelling), local_date(here.product.clock())
    state = here.product.log.load(DUNNING, dunning_stream(dwelling)).state
    total = sum(each.open for each in payable_by_instalments(account, state, payer, today))
    parts = count(form.get("count", ""), rules.MOST_INSTALMENTS, "instalment_count", field="count")
    reject_if(parts < 1, "instalment_count", field="count", most=rules.MOST_INSTALMENTS)
    first = _day(form, "first")
    part, rest = divmod(total, parts)
    reject_if(first > today + rules.LONGEST_PLAN, "instalment_days", field="first")
    instalments = tuple(Instalment(months_later(first, n), part + (rest if n == 0 else 0)) for n in range(parts))
    said = {"instalments": instalments, "evidence": form.get("evidence") or None}
    return on_debtor(Pick(dwelling, payer), rules.AgreeInstalments, (), said)


def _decide(command: type[Any]) -> Act:
    return Act(
        command,
        lambda _, dwelling, form: on_said(dwelling, command(_id(form, "dispute"), form.get("text") or None)),
    )


def _about_hindrance(command: type[Any]) -> Act:
    return Act(
        command,
        lambda _, dwelling, form: on_said(
            dwelling, command(_id(form, "hindrance"), _day(form, "on"), form.get("evidence") or None)
        ),
    )


def _waive(_here: Visit, dwelling: UUID, form: Form) -> Plan:
    command = GrantWaiver(
        _id(form, "bill"),
        fen_of(form.get("amount", ""), "amount"),
        _member(WaiverReason, form, "reason"),
        form.get("rule", ""),
        form.get("text") or None,
    )
    return grant_waiver(dwelling, command)


ACTS: dict[str, Act] = {
    "remind": _to_debtor(rules.SendReminder, _enum("by", rules.RemindedBy), _text("text")),
    "write": Act(rules.WriteDemand, _write),
    "serve": Act(rules.ServeDemand, _serve),
    "committee": _to_debtor(rules.AskCommittee, _enum("urged_by", rules.UrgedBy), _text("text")),
    "mediate": _to_debtor(
        rules.RecordMediation,
        _enum("mediator", rules.Mediator),
        _enum("outcome", rules.MediationOutcome),
        _text("text"),
    ),
    "sue": _to_debtor(rules.FileSuit, _enum("venue", rules.Venue), _date("on"), _text("case_number")),
    "end": _to_debtor(rules.EndProceedings, _enum("how", rules.EndedBy), _date("on"), _text("evidence")),
    "acknowledge": _to_debtor(rules.RecordAcknowledgement, _date("on"), _text("evidence"), _tick("promised")),
    "hinder": _to_debtor(
        rules.RecordHindrance, _enum("kind", rules.Hindrance), _date("since"), _date_if("until"), _text("evidence")
    ),
    "confirm": _about_hindrance(rules.ConfirmHindrance),
    "cease": _about_hindrance(rules.EndHindrance),
    "unhinder": Act(
        rules.WithdrawHindrance,
        lambda _, dwelling, form: on_said(
            dwelling, rules.WithdrawHindrance(_id(form, "hindrance"), form.get("text") or None)
        ),
    ),
    "dispute": _to_debtor(rules.DisputeDebt, _text("text")),
    "uphold": _decide(rules.UpholdDispute),
    "reject": _decide(rules.RejectDispute),
    "agree": Act(rules.AgreeInstalments, _agree),
    "hardship": _to_debtor(rules.NoteHardship, _date("until"), _text("reason")),
    "waive": Act(GrantWaiver, _waive),
    "penalty": Act(IssueBill, lambda _, dwelling, form: charge_penalty(dwelling, _id(form, "bill"))),
}


# -- what a form says --------------------------------------------------------------------------------------------


def _member(kind: type[E], form: Form, name: str) -> E:
    try:
        return kind(form.get(name, ""))
    except ValueError:
        raise Refusal("choose", field=name) from None


def _day(form: Form, name: str) -> date:
    return read_day(form.get(name, ""), "day_unreadable", field=name)


def _id(form: Form, name: str) -> UUID:
    return _uuid(form.get(name, ""))


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise Rejection("body") from None
