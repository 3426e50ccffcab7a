"""The page of a station's hours and targets: when it is open, what it promises, and since and until which day."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from domain.calendar import ServiceHours, Shift, local_date
from domain.capacity import HEADS
from domain.cases.category import Category, Priority
from domain.cases.service_level import target_of
from domain.cases.targets import LiftTarget, SetTarget
from domain.estates.emergency_contacts import Maintainer, SetEmergencyContact, WithdrawEmergencyContact
from domain.estates.estate import OpenStation
from domain.refusal import Refusal, reject_if
from domain.written.days import day as read_day
from projections.cases.targets import TARGETS, targets_of
from projections.estates.emergency_contacts import EMERGENCY_LINES, lines_of
from projections.estates.estates import ESTATES
from services.cases.target_plans import on_targets
from services.commands.ask import Forbidden, KeyReused, Stale
from services.commands.plan import Plan
from services.console.answers import refused
from services.console.visit import FormFields, Visit, visiting
from services.estates.contact_plans import on_contacts
from services.estates.holidays import PublicHolidays
from services.estates.hours_words import days_in, days_text, minutes_in, shifts_in, shifts_text
from services.estates.plans import on_estate
from services.http.acting import perform
from services.http.who import Allowing
from services.log.not_found import NotFound

router = APIRouter(include_in_schema=False)

HeadVisit = Annotated[Visit, Depends(visiting(Allowing(HEADS)))]

_SHOWN = (EMERGENCY_LINES, ESTATES, TARGETS)
_SPANS = ("accept", "dispatch", "arrive", "fix")


@router.get("/station/{estate}")
def page(estate: str, visit: HeadVisit, after: int = 0) -> Response:
    return _page(visit.at(estate), estate, after)


@router.post("/station/{estate}/{act}")
def act(estate: str, act: str, form: FormFields, visit: HeadVisit) -> Response:
    here = visit.at(estate)
    if act not in _ACTS or estate not in here.member.estates:
        raise NotFound
    try:
        ask, (name, plan) = here.ask(form), _ACTS[act](here, estate, form)
        answer = perform(here.request, name, lambda: here.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(
            here, wrong, lambda errors, status: _page(here, estate, 0, status, act=act, typed=form, errors=errors)
        )
    return here.done(answer, here.voice.say(f"station-done-{act}"), f"/station/{estate}", go=f"/station/{estate}")


def _hours(here: Visit, estate: str, form: Mapping[str, str]) -> tuple[str, Plan]:
    week = tuple(shifts_in(form.get(f"day-{day}", ""), f"day-{day}") for day in range(7))
    same = len(set(week)) == 1 and len(week[0]) == 1 and week[0][0].closes <= 24 * 60
    hours = ServiceHours(*week[0][0]) if same else ServiceHours(week=week)
    chosen = form.get("holidays")
    own = shifts_in(form.get("holiday-hours", ""), "holiday-hours") if chosen == "own" else ()
    hours = replace(hours, holidays=None if chosen == "any" else own, apart=days_in(form.get("apart", ""), "apart"))
    return "OpenStation", on_estate(estate, OpenStation(hours, _day(form, "since")))


def _set(here: Visit, estate: str, form: Mapping[str, str]) -> tuple[str, Plan]:
    spans = {name: minutes_in(form.get(name, ""), name) for name in _SPANS}
    command = SetTarget(
        estate,
        _priority(form),
        _day(form, "since") or local_date(here.voice.now),
        form.get("reason") or None,
        _category(form),
        **spans,
        next_day=bool(form.get("next_day")),
        until=_day(form, "until"),
    )
    return "SetTarget", on_targets(command)


def _lift(here: Visit, estate: str, form: Mapping[str, str]) -> tuple[str, Plan]:
    since = _day(form, "since") or local_date(here.voice.now)
    command = LiftTarget(estate, _priority(form), since, form.get("reason") or None, _category(form))
    return "LiftTarget", on_targets(command)


def _contact(here: Visit, estate: str, form: Mapping[str, str]) -> tuple[str, Plan]:
    command = SetEmergencyContact(estate, _maintainer(form), form.get("firm") or None, form.get("phone") or None)
    return "SetEmergencyContact", on_contacts(command)


def _withdraw(here: Visit, estate: str, form: Mapping[str, str]) -> tuple[str, Plan]:
    return "WithdrawEmergencyContact", on_contacts(WithdrawEmergencyContact(estate, _maintainer(form)))


_ACTS: Mapping[str, Callable[[Visit, str, Mapping[str, str]], tuple[str, Plan]]] = {
    "hours": _hours,
    "target": _set,
    "lift": _lift,
    "contact": _contact,
    "withdraw": _withdraw,
}


def _priority(form: Mapping[str, str]) -> Priority:
    reject_if(form.get("priority") not in {each.value for each in Priority}, "body", field="priority")
    return Priority(form["priority"])


def _maintainer(form: Mapping[str, str]) -> Maintainer:
    reject_if(form.get("maintainer") not in {each.value for each in Maintainer}, "body", field="maintainer")
    return Maintainer(form["maintainer"])


def _category(form: Mapping[str, str]) -> Category | None:
    said = form.get("category", "")
    reject_if(bool(said) and said not in {each.value for each in Category}, "body", field="category")
    return Category(said) if said else None


def _day(form: Mapping[str, str], field: str) -> date | None:
    return read_day(form[field], "body", field=field) if form.get(field, "").strip() else None


def _page(
    here: Visit,
    estate: str,
    after: int,
    status: int = 200,
    act: str = "",
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Response:
    stale = here.caught_up(after, _SHOWN)
    with here.lend() as conn:
        row = here.estate(conn, estate)
        targets = targets_of(conn, estate)
        lines, contacts_version = lines_of(conn, estate)
    today = local_date(here.voice.now)
    hours = row.state.hours_on(today) or ServiceHours()
    said, wrong = (typed or {}), (errors or {})
    return here.html(
        "station.html",
        status=status,
        here="station",
        stale=stale,
        hours=_shown(hours, here, said if act == "hours" else {}),
        coming=[(since, _week_text(each, here)) for since, each in row.state.coming if since > today],
        today=[target_of(each, targets.on(today)) for each in Priority],
        valid=[each for each in reversed(targets.valid) if each.until is None or each.until >= today],
        priorities=tuple(Priority),
        categories=tuple(Category),
        known_until=PublicHolidays().known_until,
        date_today=today.isoformat(),
        span_names=_SPANS,
        maintainers=tuple(Maintainer),
        lines=lines,
        contacts_version=contacts_version,
        version=row.version,
        typed=said if act != "hours" else {},
        errors=wrong,
        asked=act,
    )


def _week_text(hours: ServiceHours, here: Visit) -> str:
    """The hours of a week on one line, days that are alike together."""
    week = hours.week or ((Shift(hours.opens, hours.closes),),) * 7
    groups: dict[tuple[Shift, ...], list[str]] = {}
    for day, shifts in enumerate(week, 1):
        groups.setdefault(shifts, []).append(here.voice.say(f"weekday-{day}"))
    if len(groups) == 1:
        return shifts_text(week[0])
    comma, closed = here.voice.say("list-comma"), here.voice.say("station-closed")
    return " · ".join(f"{comma.join(days)} {shifts_text(shifts) or closed}" for shifts, days in groups.items())


def _shown(hours: ServiceHours, here: Visit, typed: Mapping[str, str]) -> dict[str, Any]:
    """What stands in the form of the hours."""
    week = hours.week or ((Shift(hours.opens, hours.closes),),) * 7
    holidays = "any" if hours.holidays is None else "own" if hours.holidays else "closed"
    closed = here.voice.say("station-closed")
    return {
        "days": [typed.get(f"day-{day}", shifts_text(shifts)) for day, shifts in enumerate(week)],
        "since": typed.get("since", ""),
        "holidays": typed.get("holidays", holidays),
        "holiday_hours": typed.get("holiday-hours", shifts_text(hours.holidays or ())),
        "apart": typed.get("apart", days_text(hours.apart, closed)),
    }
