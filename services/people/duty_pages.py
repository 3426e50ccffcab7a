"""Who is on duty: leave planned ahead, shifts by the week or for one day, and who is there now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from domain.calendar import Shift, local_date
from domain.catalogue import may
from domain.people import person as posts
from domain.people.person_duty import Absence, AbsenceKind, Hours, WeeklyShift, shifts_on
from domain.refusal import Refusal, Rejection, reject_if
from domain.written.days import day as read_day
from projections.estates.estates import ESTATES
from projections.people import people
from projections.people.people import PEOPLE, PersonRow
from services.console.visit import FormFields, Visit, Visiting, moment
from services.estates.hours_words import shifts_in, shifts_text
from services.http.acting import perform
from services.http.problems import detail, problem_of
from services.log.not_found import NotFound
from services.people import plans as people_plans

router = APIRouter(include_in_schema=False)

WEEKDAYS = range(1, 8)
DAYS_AHEAD = 7  # that the page shows


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody with a post in the estate, how it stands with them now, and what is planned."""

    row: PersonRow
    on_duty: bool
    away: Absence | None
    planned: bool  # whether any shift is planned now
    coming: Sequence[Absence]
    week: dict[int, str]
    days: Sequence[tuple[date, str | None]]


@router.get("/people/{estate}/duty")
def page(estate: str, visit: Visiting, after: int = 0) -> Response:
    return _page(visit.at(estate), estate, after)


@router.post("/people/{estate}/duty/{person}/{act}")
def act(estate: str, person: UUID, act: str, form: FormFields, visit: Visiting) -> Response:
    here = visit.at(estate)
    with here.lend() as conn:
        here.estate(conn, estate)
    try:
        command = _command(act, estate, form)
        plan = people_plans.on_person(person, command)
        answer = perform(here.request, type(command).__name__, lambda: here.product.handler.do(here.ask(form), plan))
    except Refusal as error:
        problem = problem_of(error)
        said = detail(here.viewer.language, problem)
        return _page(here, estate, 0, problem.status, said, form | {"person": str(person), "act": act})
    return RedirectResponse(f"/people/{estate}/duty?after={answer.position}#p-{person}", 303)


def _command(act: str, estate: str, form: dict[str, str]) -> posts.Command:
    match act:
        case "absence":
            kind = next((each for each in AbsenceKind if each.value == form.get("kind")), None)
            if kind is None:
                raise NotFound
            return posts.PlanAbsence(kind, _moment(form, "since"), _moment(form, "until"))
        case "cancel":
            number = form.get("absence", "")
            if not (number.isascii() and number.isdecimal() and len(number) < 7):
                raise NotFound
            return posts.CancelAbsence(int(number))
        case "week":
            shifts = [
                WeeklyShift(day, each.opens, each.closes)
                for day in WEEKDAYS
                for each in _hours(form.get(f"day-{day}", ""))
            ]
            return posts.SetWeeklyShifts(estate, tuple(shifts))
        case "day":
            text = form.get("shifts", "").strip()
            usual = form.get("as") == "week"
            return posts.SetDayShifts(estate, _day(form), None if usual else tuple(_hours(text)))
    raise NotFound


def _hours(text: str) -> list[Hours]:
    return [Hours(*each) for each in shifts_in(text, "shifts")]


def _written(shifts: Sequence[Hours] | Sequence[WeeklyShift]) -> str:
    """The same back again."""
    return shifts_text(tuple(Shift(each.opens, each.closes) for each in shifts))


def _moment(form: dict[str, str], name: str) -> datetime:
    reject_if(not form.get(name), "blank_text", field=name)
    try:
        return moment(form[name], name)
    except (ValueError, OverflowError):
        raise Rejection("body", field=name) from None


def _day(form: dict[str, str]) -> date:
    return read_day(form.get("day", ""), "body", field="day")


def _page(
    here: Visit, estate: str, after: int, status: int = 200, said: str = "", typed: dict[str, str] | None = None
) -> Response:
    stale = here.caught_up(after, (PEOPLE, ESTATES))
    now = here.voice.now
    with here.lend() as conn:
        row = here.estate(conn, estate)
        found = people.of_estate(conn, estate, now + timedelta(seconds=1))
    everybody = [_present(each, estate, now) for each in found if each.name]
    context: dict[str, Any] = {
        "estate": row,
        "everybody": sorted(everybody, key=lambda each: (not each.on_duty, each.row.name or "")),
        "there": [each for each in everybody if each.on_duty],
        "kinds": tuple(AbsenceKind),
        "weekdays": WEEKDAYS,
        "can_plan": may(here.member.capacity, posts.PlanAbsence),
        "today": local_date(now),
        "stale": stale,
        "said": said,
        "typed": typed or {},
    }
    return here.html("duty.html", status=status, here="people", **context)


def _present(row: PersonRow, estate: str, now: datetime) -> Present:
    state = row.state
    week = {day: _written([each for each in state.weekly.get(estate, ()) if each.weekday == day]) for day in WEEKDAYS}
    ahead = [local_date(now) + timedelta(days=each) for each in range(DAYS_AHEAD)]
    days = [(day, shifts_on(state.weekly, state.days, estate, day)) for day in ahead]
    return Present(
        row,
        state.on_duty(estate, now),
        state.absent_at(now),
        state.on_shift(estate, now) is not None,
        [each for each in state.absences if not each.cancelled and each.until > now],
        week,
        [(day, None if shifts is None else _written(shifts)) for day, shifts in days],
    )
