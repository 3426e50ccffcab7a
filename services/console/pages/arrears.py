"""Pages of arrears: how old they are, who is next on the ladder and when claims lapse; and the case of one dwelling."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from domain import dunning as rules
from domain.arrears import WARNING, Age, Debtor, DunningStep, Overdue, ageing, debtors
from domain.calendar import local_date
from domain.capacity import ACCOUNTS, Capacity
from domain.dunning import DUNNING, Dunning, Instalment, dunning_stream
from domain.fee_account import FEE_ACCOUNT, FeeAccount, GrantWaiver, IssueBill, WaiverReason, fee_account_stream
from domain.fee_basis import FEE_BASIS, fee_basis_stream
from domain.powers import may
from domain.recorded import Recorded
from domain.refusal import Refusal, refuse_if
from projections import arrears, dwellings, owners, people
from projections.arrears import Case
from projections.projection import Connection
from services import demand_letters, suit_file
from services.ask import Forbidden, KeyReused, NotFound, Stale
from services.console.amounts import fen_of, shown, typed
from services.console.pages.answers import asked, refused
from services.console.pages.lists import SIZE, Sheet
from services.console.pages.visit import AccountsVisit, BasisVisit, FormFields, Visit
from services.dunning_plans import (
    CALENDAR,
    Pick,
    ask_committee_for_all,
    charge_penalty,
    grant_waiver,
    on_debtor,
    on_said,
    open_bills,
    remind_all,
    serve_all,
    write_demands,
)
from services.dunning_words import said
from services.http.acting import perform
from services.http.arrears import letters
from services.http.shapes import masked_name
from services.plan import Plan

router = APIRouter(include_in_schema=False)

E = TypeVar("E", bound=Enum)

USUAL_PERIOD = timedelta(days=20)  # what a demand gives unless somebody says otherwise
_PICKED = "pick."
_BULK = {
    "remind": DunningStep.REMIND,
    "write": DunningStep.WRITE,
    "serve": DunningStep.SERVE,
    "committee": DunningStep.COMMITTEE,
}
_GOOD = ("DebtSettled", "DisputeUpheld", "InstalmentPlanAgreed")
_HARD = ("SuitFiled", "InstalmentPlanBroken")


@dataclass(frozen=True, slots=True)
class Row:
    """One debtor of the list."""

    case: Case
    label: str
    name: str
    pick: str
    steps: tuple[DunningStep, ...]
    coming: tuple[DunningStep, date] | None
    close: bool  # lapses within the time of warning


@dataclass(frozen=True, slots=True)
class Bar:
    """One age of the chart; ``width`` of 1000 against the largest."""

    age: Age
    amount: int
    bills: int
    width: int


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the case in words."""

    position: int
    at: Any
    told: str
    who: str
    acting_as: Capacity
    tone: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owing:
    """One debtor of the case page."""

    debtor: Debtor
    name: str
    steps: Mapping[DunningStep, tuple[UUID, ...]]
    demands: tuple[rules.Demand, ...]  # written and not served
    disputes: tuple[rules.Dispute, ...]  # not decided
    plans: tuple[rules.InstalmentPlan, ...]  # being paid
    paused: date | None
    waivable: tuple[Overdue, ...]


# -- the list ----------------------------------------------------------------------------------------------------


@router.get("/arrears/{estate}")
def page(
    estate: str,
    visit: BasisVisit,
    step: str = "",
    building: str = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    after: int = 0,
) -> Response:
    return _list(visit.at(estate), estate, step, building, page, after)


@router.get("/arrears/{estate}/demands.pdf")
def demands_pdf(estate: str, visit: AccountsVisit, demand: UUID | None = None, building: str = "") -> Response:
    """The letters of all demands that wait for their service, those of one building, or one of them."""
    here = visit.at(estate)
    _own(here, estate)
    wanted = [demand] if demand else []
    language = here.viewer.language
    return letters(demand_letters.printed(here.house, here.member, estate, wanted, language, building or None))


@router.post("/arrears/{estate}/{act}")
def act_on_many(estate: str, act: str, form: FormFields, visit: AccountsVisit) -> Response:
    here = visit.at(estate)
    _own(here, estate)
    if act not in _BULK:
        raise NotFound
    try:
        ask, plan = asked(here, form), _bulk(here, estate, act, form)
        command = {
            "remind": "SendReminder", "write": "WriteDemand", "serve": "ServeDemand", "committee": "AskCommittee"
        }[act]  # fmt: skip
        answer = perform(here.request, command, lambda: here.house.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        step = _BULK[act].value
        return refused(
            here, wrong, lambda errors, status: _list(here, estate, step, "", 1, 0, status, typed=form, errors=errors)
        )
    toast = here.voice.say(f"arrears-done-{act}", n=int(answer.number or 0))
    there = f"/arrears/{estate}"
    return here.done(answer._replace(number=None), toast, there, go=there)


def _own(here: Visit, estate: str) -> None:
    if estate not in here.member.estates:
        raise NotFound


def _bulk(here: Visit, estate: str, act: str, form: Mapping[str, str]) -> Plan:
    picks = _picks(here, estate, _BULK[act], form)
    match act:
        case "remind":
            return remind_all(estate, picks, _member(rules.RemindedBy, form, "by"))
        case "write":
            return write_demands(estate, picks, _day(form, "pay_by"))
        case "serve":
            return serve_all(
                estate,
                picks,
                _member(rules.DeliveredBy, form, "how"),
                _day(form, "on"),
                _id(form, "by"),
                form.get("evidence", ""),
            )
        case _:
            return ask_committee_for_all(estate, picks, _member(rules.UrgedBy, form, "urged_by"))


def _picks(here: Visit, estate: str, step: DunningStep, form: Mapping[str, str]) -> list[Pick]:
    """Those who were ticked, or everybody whom the step waits for."""
    if form.get("scope") != "all":
        found = []
        for name in form:
            if name.startswith(_PICKED):
                dwelling, _, payer = name.removeprefix(_PICKED).partition(".")
                found.append(Pick(_uuid(dwelling), _uuid(payer)))
        return found
    today = local_date(here.house.clock())
    with here.lend() as conn:
        cases = arrears.cases(conn, estate, today, CALENDAR)
    return [Pick(case.dwelling, case.debtor.payer) for case in cases if step in case.debtor.ready(today)][:1000]


def _list(
    here: Visit,
    estate: str,
    step: str,
    building: str,
    page: int,
    after: int,
    status: int = 200,
    **said: Mapping[str, str],
) -> Response:
    stale = here.caught_up(after)
    today = local_date(here.house.clock())
    keeps = here.member.capacity in ACCOUNTS
    chosen = next((each for each in DunningStep if each.value == step), None)
    with here.lend() as conn:
        row = here.estate(conn, estate)
        cases = arrears.cases(conn, estate, today, CALENDAR)
        shown_cases = [
            case
            for case in cases
            if (not building or case.building == building) and (not step or _in(case, step, chosen, today))
        ]
        first = (page - 1) * SIZE
        told = shown_cases[first : first + SIZE] if not here.viewer.masked else []
        rows = _rows(conn, here, told, today)
        station = people.of_estate(conn, estate, here.house.clock()) if keeps else []
    everything = arrears.all_of(cases)
    ages = ageing(everything)
    largest = max((each.amount for each in ages), default=0)
    context: dict[str, Any] = {
        "row": row,
        "bars": [
            Bar(each.age, each.amount, each.bills, each.amount * 1000 // largest if largest else 0) for each in ages
        ],
        "amount": sum(each.bill.open for each in everything),
        "households": len({case.dwelling for case in cases}),
        "lapsing": len(arrears.lapsing(cases, today)),
        "buildings": arrears.by_building(cases),
        "steps": [(each, sum(each in case.debtor.ready(today) for case in cases)) for each in DunningStep],
        "resting": sum(bool(case.debtor.rests) for case in cases),
        "everybody": len(cases),
        "found": len(shown_cases),
        "sheet": Sheet(rows, page - 1 if page > 1 else None, page + 1 if len(shown_cases) > first + SIZE else None),
        "step": chosen,
        "chosen": step,
        "building": building,
        "keeps": keeps,
        "station": station,
        "member": here.member.person,
        "today": today.isoformat(),
        "pay_by": (today + USUAL_PERIOD).isoformat(),
        "means": tuple(rules.RemindedBy),
        "hows": tuple(rules.DeliveredBy),
        "urging": tuple(rules.UrgedBy),
        "money": shown,
        "stale": stale,
    }
    return here.html(
        "arrears.html", status=status, here="fees", tab="arrears", **({"typed": {}, "errors": {}} | context | said)
    )


def _in(case: Case, chosen: str, step: DunningStep | None, today: date) -> bool:
    return bool(case.debtor.rests) if chosen == "rest" else step in case.debtor.ready(today)


def _rows(conn: Connection, here: Visit, cases: Sequence[Case], today: date) -> list[Row]:
    labels = dwellings.labels(conn, [case.dwelling for case in cases])
    names = owners.named(conn, [case.debtor.payer for case in cases])
    return [
        Row(
            case=case,
            label=labels.get(case.dwelling) or here.voice.say("arrears-place-gone"),
            name=masked_name(names.get(case.debtor.payer)) or here.voice.say("person-forgotten"),
            pick=f"{_PICKED}{case.dwelling}.{case.debtor.payer}",
            steps=tuple(case.debtor.ready(today)),
            coming=case.debtor.next_ready(today),
            close=case.debtor.last_day.day - today < WARNING,
        )
        for case in cases
    ]


# -- one dwelling ------------------------------------------------------------------------------------------------


@router.get("/arrears/{estate}/{dwelling}")
def case_page(estate: str, dwelling: UUID, visit: AccountsVisit, after: int = 0) -> Response:
    return _case(visit.at(estate), estate, dwelling, after)


@router.get("/arrears/{estate}/{dwelling}/{payer}/suit.pdf")
def suit_pdf(estate: str, dwelling: UUID, payer: UUID, visit: AccountsVisit) -> Response:
    """What a court is given: the claims, the demands with their proof, the steps that were taken."""
    here = visit.at(estate)
    _own(here, estate)
    return letters(suit_file.printed(here.house, here.member, Pick(dwelling, payer), here.viewer.language), "suit")


@router.post("/arrears/{estate}/{dwelling}/{act}")
def act_on_one(estate: str, dwelling: UUID, act: str, form: FormFields, visit: AccountsVisit) -> Response:
    here = visit.at(estate)
    _own(here, estate)
    if act not in _ACTS:
        raise NotFound
    command, make = _ACTS[act]
    try:
        ask, plan = asked(here, form), make(here, dwelling, form)
        answer = perform(here.request, command.__name__, lambda: here.house.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(
            here,
            wrong,
            lambda errors, status: _case(
                here, estate, dwelling, 0, status, typed=form, errors=errors, wrong_at={"act": act}
            ),
        )
    there = f"/arrears/{estate}/{dwelling}"
    return here.done(answer._replace(number=None), here.voice.say("arrears-done"), there, go=there)


Make = Callable[[Visit, UUID, Mapping[str, str]], Plan]


def _to_debtor(command: type[Any], *said: Callable[[Mapping[str, str]], tuple[str, Any]]) -> tuple[type[Any], Make]:
    def make(here: Visit, dwelling: UUID, form: Mapping[str, str]) -> Plan:
        pick = Pick(dwelling, _id(form, "payer"))
        bills = [_uuid(name.removeprefix("bill.")) for name in form if name.startswith("bill.")]
        return on_debtor(pick, command, bills, dict(each(form) for each in said))

    return command, make


def _text(name: str) -> Callable[[Mapping[str, str]], tuple[str, Any]]:
    return lambda form: (name, form.get(name) or None)


def _enum(name: str, kind: type[Enum]) -> Callable[[Mapping[str, str]], tuple[str, Any]]:
    return lambda form: (name, _member(kind, form, name))


def _date(name: str) -> Callable[[Mapping[str, str]], tuple[str, Any]]:
    return lambda form: (name, _day(form, name))


def _write(here: Visit, dwelling: UUID, form: Mapping[str, str]) -> Plan:
    estate = _account(here, dwelling).estate
    assert estate is not None
    return write_demands(estate, [Pick(dwelling, _id(form, "payer"))], _day(form, "pay_by"))


def _serve(here: Visit, dwelling: UUID, form: Mapping[str, str]) -> Plan:
    command = rules.ServeDemand(
        _id(form, "demand"),
        _member(rules.DeliveredBy, form, "how"),
        _day(form, "on"),
        _id(form, "by"),
        form.get("evidence", ""),
    )
    return on_said(dwelling, command)


def _agree(here: Visit, dwelling: UUID, form: Mapping[str, str]) -> Plan:
    """Equal parts month by month; the fen that do not divide are in the first."""
    payer = _id(form, "payer")
    today = local_date(here.house.clock())
    total = sum(each.open for each in open_bills(_account(here, dwelling), payer) if each.due < today)
    raw = form.get("count", "").strip()
    count = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 4 else 0
    refuse_if(not 1 <= count <= rules.MOST_INSTALMENTS, "instalment_count", field="count", most=rules.MOST_INSTALMENTS)
    first = _day(form, "first")
    part, rest = divmod(total, count)
    instalments = tuple(Instalment(_months_later(first, n), part + (rest if n == 0 else 0)) for n in range(count))
    said = {"instalments": instalments, "evidence": form.get("evidence") or None}
    return on_debtor(Pick(dwelling, payer), rules.AgreeInstalments, (), said)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)


def _decide(command: type[Any]) -> tuple[type[Any], Make]:
    return command, lambda here, dwelling, form: on_said(
        dwelling, command(_id(form, "dispute"), form.get("text") or None)
    )


def _waive(here: Visit, dwelling: UUID, form: Mapping[str, str]) -> Plan:
    command = GrantWaiver(
        _id(form, "bill"),
        fen_of(form.get("amount", ""), "amount"),
        _member(WaiverReason, form, "reason"),
        form.get("rule", ""),
        form.get("text") or None,
    )
    return grant_waiver(dwelling, command)


_ACTS: dict[str, tuple[type[Any], Make]] = {
    "remind": _to_debtor(rules.SendReminder, _enum("by", rules.RemindedBy), _text("text")),
    "write": (rules.WriteDemand, _write),
    "serve": (rules.ServeDemand, _serve),
    "committee": _to_debtor(rules.AskCommittee, _enum("urged_by", rules.UrgedBy), _text("text")),
    "mediate": _to_debtor(
        rules.RecordMediation,
        _enum("mediator", rules.Mediator),
        _enum("outcome", rules.MediationOutcome),
        _text("text"),
    ),
    "sue": _to_debtor(rules.FileSuit, _enum("venue", rules.Venue), _date("on"), _text("case_number")),
    "acknowledge": _to_debtor(rules.RecordAcknowledgement, _date("on"), _text("evidence")),
    "dispute": _to_debtor(rules.DisputeDebt, _text("text")),
    "uphold": _decide(rules.UpholdDispute),
    "reject": _decide(rules.RejectDispute),
    "agree": (rules.AgreeInstalments, _agree),
    "hardship": _to_debtor(rules.NoteHardship, _date("until"), _text("reason")),
    "waive": (GrantWaiver, _waive),
    "penalty": (IssueBill, lambda _, dwelling, form: charge_penalty(dwelling, _id(form, "bill"))),
}


def _account(here: Visit, dwelling: UUID) -> FeeAccount:
    account = here.house.log.load(FEE_ACCOUNT, fee_account_stream(dwelling)).state
    if account.estate not in here.member.estates:
        raise NotFound
    return account


def _case(
    here: Visit, estate: str, dwelling: UUID, after: int, status: int = 200, **said: Mapping[str, str]
) -> Response:
    stale = here.caught_up(after)
    today = local_date(here.house.clock())
    account = _account(here, dwelling)
    if account.estate != estate:
        raise NotFound
    loaded = here.house.log.load(DUNNING, dunning_stream(dwelling))
    found = debtors(open_bills(account), loaded.state, today, CALENDAR)
    with here.lend() as conn:
        row = here.estate(conn, estate)
        place = dwellings.one(conn, dwelling)
        names = owners.named(conn, [each.payer for each in found])
        station = people.of_estate(conn, estate, here.house.clock())
        history = _history(conn, here, dwelling)
    context: dict[str, Any] = {
        "row": row,
        "dwelling": dwelling,
        "label": (place and place.label) or here.voice.say("arrears-place-gone"),
        "owing": [_owing(here, each, loaded.state, names, today) for each in found],
        "amount": sum(each.open for each in found),
        "version": loaded.version,
        "history": history,
        "station": station,
        "member": here.member.person,
        "may_sue": may(here.member.capacity, rules.FileSuit),
        "clause": here.house.log.load(FEE_BASIS, fee_basis_stream(estate)).state.penalty_on(today),
        "may_waive": may(here.member.capacity, GrantWaiver),
        "today": today.isoformat(),
        "pay_by": (today + USUAL_PERIOD).isoformat(),
        "next_month": _months_later(today, 1).isoformat(),
        "warning": today + WARNING,
        "choices": {
            "means": tuple(rules.RemindedBy), "hows": tuple(rules.DeliveredBy), "urging": tuple(rules.UrgedBy),
            "mediators": tuple(rules.Mediator), "outcomes": tuple(rules.MediationOutcome),
            "venues": tuple(rules.Venue), "reasons": tuple(WaiverReason),
        },
        "money": shown,
        "plain": typed,
        "stale": stale,
    }  # fmt: skip
    none: dict[str, Any] = {"typed": {}, "errors": {}, "wrong_at": {"act": ""}}
    return here.html("arrears_case.html", status=status, here="fees", tab="arrears", **(none | context | said))


def _owing(here: Visit, debtor: Debtor, state: Dunning, names: Mapping[UUID, str | None], today: date) -> Owing:
    bills = {each.bill.bill for each in debtor.bills}
    return Owing(
        debtor=debtor,
        name=names.get(debtor.payer) or here.voice.say("person-forgotten"),
        steps=debtor.ready(today),
        demands=tuple(each for each in state.demands if each.payer == debtor.payer and each.served_on is None),
        disputes=tuple(each for each in state.disputes if each.payer == debtor.payer and each.upheld is None),
        plans=tuple(each for each in state.running_plans() if bills.intersection(each.bills)),
        paused=state.paused(debtor.payer, today),
        waivable=debtor.bills,
    )


def _history(conn: Connection, here: Visit, dwelling: UUID) -> list[Told]:
    """What was said and done, the newest first. Its words are read from the log, so what is forgotten is not there."""
    log = here.house.log
    found = log.of_streams([dunning_stream(dwelling)], log.last_position())
    known = people.named(conn, {each.act.actor for each in found})
    return [_told(here, each, known) for each in reversed(found) if not isinstance(each.event, rules.DunningOpened)]


def _told(here: Visit, recorded: Recorded[Any], known: Mapping[UUID, str | None]) -> Told:
    event, act = recorded.event, recorded.act
    name = type(event).__name__
    by_itself = act.acting_as is Capacity.SYSTEM
    return Told(
        position=recorded.position,
        at=act.occurred_at,
        told=here.voice.say(f"dunning-told-{name}"),
        who="" if by_itself else known.get(act.actor) or here.voice.say("person-forgotten"),
        acting_as=act.acting_as,
        tone="good" if name in _GOOD else "bad" if name in _HARD else "",
        said=tuple(said(here.viewer.language, event)),
    )


# -- what a form says --------------------------------------------------------------------------------------------


def _member(kind: type[E], form: Mapping[str, str], name: str) -> E:
    try:
        return kind(form.get(name, ""))
    except ValueError:
        raise Refusal("choose", field=name) from None


def _day(form: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(form.get(name, ""))
    except ValueError:
        raise Refusal("day_unreadable", field=name) from None


def _id(form: Mapping[str, str], name: str) -> UUID:
    return _uuid(form.get(name, ""))


def _uuid(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError:
        raise Refusal("body") from None
