"""The page of one dwelling's arrears: who owes what, what may be done next, and what was said and done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from domain.access.reading import Taken
from domain.arrears import dunning as rules
from domain.arrears.dunning import DUNNING, RUNGS, Dunning, dunning_stream
from domain.arrears.overdue import PRINCIPAL, Debtor, DunningStep, Rest, debtors
from domain.calendar import local_date
from domain.capacity import Capacity
from domain.catalogue import may
from domain.contracts.fee_basis import FEE_BASIS, FeeBasis, fee_basis_stream
from domain.fees.fee_account import FeeAccount, GrantWaiver, WaiverReason
from domain.months import months_later
from domain.recorded import Recorded
from domain.refusal import Refusal
from domain.told_late import is_told_late
from projections.people import people
from projections.people.people import PEOPLE
from projections.projection import Connection
from projections.register import dwellings, owners
from projections.register.dwellings import DWELLINGS
from projections.register.owners import OWNERS
from services.arrears import suit_file
from services.arrears.forms import ACTS, own_account
from services.arrears.pages import USUAL_PERIOD, own
from services.arrears.plans import CALENDAR, Pick, open_bills
from services.arrears.wording import said as said_by
from services.commands.ask import Forbidden, KeyReused, Stale
from services.console.answers import refused
from services.console.visit import AccountsVisit, FormFields, Visit
from services.http.acting import perform
from services.http.answers import pdf
from services.http.handed_out import Taking
from services.log.not_found import NotFound
from services.words.figures import period, shown

router = APIRouter(include_in_schema=False)

_SHOWN = (DWELLINGS, OWNERS, PEOPLE)

_GOOD = ("DebtSettled", "DisputeUpheld", "InstalmentPlanAgreed")
_HARD = ("SuitFiled", "InstalmentPlanBroken")


@dataclass(frozen=True, slots=True)
class DunningEntry:
    """One event of the case in words."""

    position: int
    at: Any
    told_at: Any  # where it was told so late that both times are shown
    sentence: str
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
    coming: tuple[DunningStep, date] | None
    demands: tuple[rules.Demand, ...]  # written and not served
    disputes: tuple[rules.Dispute, ...]  # not decided
    plans: tuple[rules.InstalmentPlan, ...]  # being paid
    broken: date | None  # when the last plan was found not to be kept
    upheld: bool  # there are bills that were wrong and still stand
    paused: date | None
    suits: tuple[rules.Suit, ...]  # pending
    hindrances: tuple[rules.Hindered, ...]
    again: tuple[UUID, ...]  # bills about which another demand may be written
    clauses: Mapping[UUID, str]  # of bills whose contract adds a penalty


@router.get("/arrears/{estate}/{dwelling}")
def case_page(estate: str, dwelling: UUID, visit: AccountsVisit, after: int = 0) -> Response:
    return _case(visit.at(estate), estate, dwelling, after)


@router.get("/arrears/{estate}/{dwelling}/{payer}/suit.pdf")
def suit_pdf(estate: str, dwelling: UUID, payer: UUID, visit: AccountsVisit) -> Response:
    """What a court is given: the claims, the demands with their proof, the steps that were taken."""
    here = visit.at(estate)
    own(here, estate)
    file = suit_file.printed(here.product, here.member, Pick(dwelling, payer), here.viewer.language)
    return pdf(file, "suit", Taking(here.product, here.member, Taken.SUIT_FILE, estate, 1))


@router.post("/arrears/{estate}/{dwelling}/{act}")
def act_on_one(estate: str, dwelling: UUID, act: str, form: FormFields, visit: AccountsVisit) -> Response:
    here = visit.at(estate)
    own(here, estate)
    if act not in ACTS:
        raise NotFound
    command, make = ACTS[act]
    try:
        ask, plan = here.ask(form), make(here, dwelling, form)
        answer = perform(here.request, command.__name__, lambda: here.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        wrong_at = {"act": act, "payer": form.get("payer", "")}
        return refused(
            here,
            wrong,
            lambda errors, status: _case(
                here, estate, dwelling, 0, status, typed=form, errors=errors, wrong_at=wrong_at
            ),
        )
    there = f"/arrears/{estate}/{dwelling}"
    return here.done(answer, here.voice.say("arrears-done"), there, go=there)


def _case(
    here: Visit, estate: str, dwelling: UUID, after: int, status: int = 200, **said: Mapping[str, str]
) -> Response:
    stale = here.caught_up(after, _SHOWN)
    today = local_date(here.product.clock())
    account = own_account(here, dwelling)
    if account.estate != estate:
        raise NotFound
    loaded = here.product.log.load(DUNNING, dunning_stream(dwelling))
    found = debtors(open_bills(account), loaded.state, today, CALENDAR)
    with here.lend() as conn:
        row = here.estate(conn, estate)
        place = dwellings.one(conn, dwelling)
        names = owners.named(conn, [each.payer for each in found])
        station = people.of_estate(conn, estate, here.product.clock())
        history = _history(conn, here, dwelling)
    basis = here.product.log.load(FEE_BASIS, fee_basis_stream(estate)).state
    context: dict[str, Any] = {
        "row": row,
        "dwelling": dwelling,
        "label": (place and place.label) or here.voice.say("arrears-place-gone"),
        "owing": [_owing(here, each, loaded.state, names, today, _clauses(account, each, basis)) for each in found],
        "version": loaded.version,
        "rungs": RUNGS,
        "rung_words": [here.voice.say(f"arrears-way-{each.value}") for each in RUNGS[1:]],
        "history": history,
        "station": station,
        "member": here.member.person,
        "may_sue": may(here.member.capacity, rules.FileSuit),
        "may_waive": may(here.member.capacity, GrantWaiver),
        "day_now": today,
        "today": today.isoformat(),
        "pay_by": (today + USUAL_PERIOD).isoformat(),
        "next_month": months_later(today, 1).isoformat(),
        "choices": {
            "means": tuple(rules.RemindedBy), "hows": tuple(rules.DeliveredBy), "urging": tuple(rules.UrgedBy),
            "mediators": tuple(rules.Mediator), "outcomes": tuple(rules.MediationOutcome),
            "venues": tuple(rules.Venue), "reasons": tuple(WaiverReason),
            "ends": tuple(rules.EndedBy), "hindrances": tuple(rules.Hindrance),
        },
        "money": shown,
        "period": period,
        "stale": stale,
    }  # fmt: skip
    none: dict[str, Any] = {"typed": {}, "errors": {}, "wrong_at": {"act": "", "payer": ""}}
    return here.html("arrears_case.html", status=status, here="fees", tab="arrears", **(none | context | said))


def _clauses(account: FeeAccount, debtor: Debtor, basis: FeeBasis) -> dict[UUID, str]:
    owed = {each.bill.bill: account.bills[each.bill.bill] for each in debtor.bills if each.bill.item in PRINCIPAL}
    found = {id: basis.penalty_on(bill.since, bill.contract) for id, bill in owed.items()}
    return {id: clause[0] for id, clause in found.items() if clause is not None}


def _owing(
    here: Visit,
    debtor: Debtor,
    state: Dunning,
    names: Mapping[UUID, str | None],
    today: date,
    clauses: Mapping[UUID, str],
) -> Owing:
    bills = {each.bill.bill for each in debtor.bills}
    plans = [each for each in state.plans if bills.intersection(each.bills)]
    return Owing(
        debtor=debtor,
        name=names.get(debtor.payer) or here.voice.say("person-forgotten"),
        steps=debtor.ready(today),
        coming=debtor.next_ready(today),
        demands=tuple(each for each in state.demands if each.payer == debtor.payer and each.served_on is None),
        disputes=tuple(each for each in state.disputes if each.payer == debtor.payer and each.upheld is None),
        plans=tuple(each for each in plans if each in state.running_plans()),
        broken=plans[-1].broken_on if plans else None,
        upheld=Rest.UPHELD in debtor.rests,
        paused=state.paused(debtor.payer, today),
        suits=tuple(state.pending(debtor.payer)),
        hindrances=tuple(each for each in state.hindrances if each.payer == debtor.payer),
        again=() if DunningStep.WRITE in debtor.ready(today) else debtor.demandable(today),
        clauses=clauses,
    )


def _history(conn: Connection, here: Visit, dwelling: UUID) -> list[DunningEntry]:
    """What was said and done, the newest first. Its words are read from the log, so what is forgotten is not there."""
    log = here.product.log
    found = log.of_streams([dunning_stream(dwelling)], log.last_position())
    known = people.named(conn, {each.act.actor for each in found})
    return [_entry(here, each, known) for each in reversed(found) if not isinstance(each.event, rules.DunningOpened)]


def _entry(here: Visit, recorded: Recorded[Any], known: Mapping[UUID, str | None]) -> DunningEntry:
    event, act = recorded.event, recorded.act
    name = type(event).__name__
    by_itself = act.acting_as is Capacity.SYSTEM
    return DunningEntry(
        position=recorded.position,
        at=act.occurred_at,
        told_at=act.recorded_at if is_told_late(act) else None,
        sentence=here.voice.say(f"dunning-told-{name}"),
        who="" if by_itself else known.get(act.actor) or here.voice.say("person-forgotten"),
        acting_as=act.acting_as,
        tone="good" if name in _GOOD else "bad" if name in _HARD else "",
        said=tuple(said_by(here.viewer.language, event)),
    )
