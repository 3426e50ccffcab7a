"""The page of arrears: how old they are, who is next on the ladder, and when claims lapse."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from domain.access.reading import Taken
from domain.arrears import dunning as rules
from domain.arrears.overdue import Age, DunningStep, ageing
from domain.calendar import local_date
from domain.capacity import ACCOUNTS
from domain.masks import masked_name
from domain.refusal import Refusal
from projections.arrears import overdue as arrears
from projections.arrears.dunnings import DUNNINGS
from projections.arrears.overdue import Case
from projections.fees.bills import BILLS
from projections.fees.payments import PAYMENTS
from projections.people import people
from projections.people.people import PEOPLE
from projections.projection import Connection
from projections.register import dwellings, owners
from projections.register.dwellings import DWELLINGS
from projections.register.owners import OWNERS
from services.arrears import letters as demand_letters
from services.arrears.forms import MANY, PICKED, PROOF, picks
from services.arrears.plans import CALENDAR
from services.commands.ask import Forbidden, KeyReused, Stale
from services.console.answers import refused
from services.console.lists import SIZE, Sheet, filled, offset
from services.console.visit import AccountsVisit, BasisVisit, FormFields, Visit
from services.http.acting import perform
from services.http.answers import pdf
from services.http.handed_out import Taking
from services.log.not_found import NotFound
from services.words.figures import shown

router = APIRouter(include_in_schema=False)

_SHOWN = (BILLS, DUNNINGS, DWELLINGS, OWNERS, PAYMENTS, PEOPLE)

USUAL_PERIOD = timedelta(days=20)  # what a demand gives unless somebody says otherwise


@dataclass(frozen=True, slots=True)
class Row:
    """One debtor of the list."""

    case: Case
    label: str
    name: str
    pick: str
    proof: str
    steps: tuple[DunningStep, ...]
    coming: tuple[DunningStep, date] | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One age of the chart; ``width`` of 1000 against the largest."""

    age: Age
    amount: int
    bills: int
    width: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """What of the list is shown: whom a step waits for (``rest``: who is not asked at present), in which building."""

    step: str = ""
    building: str = ""
    page: int = 1

    @property
    def member(self) -> DunningStep | None:
        return next((each for each in DunningStep if each.value == self.step), None)

    def holds(self, case: Case, today: date) -> bool:
        if self.step == "rest":
            return bool(case.debtor.rests)
        return not self.step or self.member in case.debtor.ready(today)


@router.get("/arrears/{estate}")
def page(
    estate: str,
    visit: BasisVisit,
    step: str = "",
    building: str = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    after: int = 0,
) -> Response:
    return _list(visit.at(estate), estate, Chosen(step, building, page), after)


@router.get("/arrears/{estate}/demands.pdf")
def demands_pdf(estate: str, visit: AccountsVisit, demand: UUID | None = None, building: str = "") -> Response:
    """The letters of all demands that wait for their service, of those in one building, or one of them."""
    here = visit.at(estate)
    own(here, estate)
    wanted = [demand] if demand else []
    language = here.viewer.language
    letters = demand_letters.printed(here.product, here.member, estate, wanted, language, building or None)
    return pdf(letters, "demands", Taking(here.product, here.member, Taken.DEMANDS, estate, len(wanted) or None))


@router.post("/arrears/{estate}/{act}")
def act_on_many(estate: str, act: str, form: FormFields, visit: AccountsVisit) -> Response:
    here = visit.at(estate)
    own(here, estate)
    if act not in MANY:
        raise NotFound
    command, step, make = MANY[act]
    try:
        ask, plan = here.ask(form), make(estate, picks(here, estate, step, form), form)
        answer = perform(here.request, command.__name__, lambda: here.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        chosen = Chosen(step.value, form.get("building", ""))
        return refused(
            here, wrong, lambda errors, status: _list(here, estate, chosen, 0, status, typed=form, errors=errors)
        )
    toast = here.voice.say(f"arrears-done-{act}", n=answer.count)
    there = f"/arrears/{estate}" + (f"?step={DunningStep.SERVE.value}" if act == "write" else "")
    return here.done(answer, toast, there, go=there)


def own(here: Visit, estate: str) -> None:
    """Raises ``NotFound`` for an estate of others."""
    if estate not in here.member.estates:
        raise NotFound


def _list(
    here: Visit, estate: str, chosen: Chosen, after: int, status: int = 200, **said: Mapping[str, str]
) -> Response:
    stale = here.caught_up(after, _SHOWN)
    today = local_date(here.product.clock())
    keeps = here.member.capacity in ACCOUNTS
    with here.lend() as conn:
        row = here.estate(conn, estate)
        cases = arrears.cases(conn, estate, today, CALENDAR)
        here_only = arrears.in_building(cases, chosen.building)
        found = [case for case in here_only if chosen.holds(case, today)]
        number, listed = filled(chosen.page, lambda each: found[offset(each) : offset(each) + SIZE])
        listed = listed if not here.viewer.masked else []
        rows = _rows(conn, here, listed, today)
        station = people.of_estate(conn, estate, here.product.clock()) if keeps else []
    everything = arrears.all_of(cases)
    waiting = Counter(each for case in here_only for each in case.debtor.ready(today))
    ages = ageing(everything)
    largest = max((each.amount for each in ages), default=0)
    lapsed = sum(each.lapsed(today) for each in everything)
    context: dict[str, Any] = {
        "row": row,
        "bars": [
            Bar(each.age, each.amount, each.bills, each.amount * 1000 // largest if largest else 0) for each in ages
        ],
        "amount": sum(each.bill.open for each in everything),
        "households": len({case.dwelling for case in cases}),
        "lapsing": len(arrears.lapsing(cases, today)) - lapsed,
        "lapsed": lapsed,
        "to_confirm": len(arrears.to_confirm(cases, today)),
        "buildings": arrears.by_building(cases),
        "steps": [(each, waiting[each]) for each in DunningStep],
        "resting": sum(bool(case.debtor.rests) for case in here_only),
        "everybody": len(here_only),
        "found": len(found),
        "sheet": Sheet(
            rows,
            number - 1 if number > 1 else None,
            number + 1 if len(found) > number * SIZE else None,
        ),
        "step": chosen.member,
        "chosen": chosen.step,
        "building": chosen.building,
        "keeps": keeps,
        "station": station,
        "member": here.member.person,
        "today": today.isoformat(),
        "day_now": today,
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


def _rows(conn: Connection, here: Visit, cases: Sequence[Case], today: date) -> list[Row]:
    labels = dwellings.labels(conn, [case.dwelling for case in cases])
    names = owners.named(conn, [case.debtor.payer for case in cases])
    return [
        Row(
            case=case,
            label=labels.get(case.dwelling) or here.voice.say("arrears-place-gone"),
            name=masked_name(names.get(case.debtor.payer)) or here.voice.say("person-forgotten"),
            pick=f"{PICKED}{case.dwelling}.{case.debtor.payer}",
            proof=f"{PROOF}{case.dwelling}.{case.debtor.payer}",
            steps=tuple(case.debtor.ready(today)),
            coming=case.debtor.next_ready(today),
        )
        for case in cases
    ]
