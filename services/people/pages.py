"""People of an estate: who holds which post, the Red Steward squad, its roles and buildings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from domain.capacity import APPOINTED, STATION, Capacity
from domain.catalogue import may
from domain.people import person as posts
from domain.people.person import StewardRole
from domain.refusal import Refusal, reject_if
from projections.cases.orders import ORDERS
from projections.estates.estates import ESTATES
from projections.people import people
from projections.people.people import PEOPLE, PersonRow
from projections.projection import Connection
from services.commands.ask import Answer
from services.console.visit import FormFields, Visit, Visiting
from services.http.acting import perform
from services.http.problems import detail, problem_of
from services.http.who import READING
from services.log.not_found import NotFound
from services.people import plans as people_plans

router = APIRouter(include_in_schema=False)

_SHOWN = (ORDERS, PEOPLE, ESTATES)


@dataclass(frozen=True, slots=True)
class OrdersInHand:
    """Whoever knows of orders: ``count`` says how many each steward of an estate has in hand at a moment."""

    count: Callable[[Connection, str, datetime], dict[UUID, int]]


@dataclass(frozen=True, slots=True)
class Mate:
    """A Red Steward on the page: buildings linked here, buildings that could be, orders in hand if one may know."""

    row: PersonRow
    linked: list[str]
    free: list[str]
    load: int | None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody in a post of the estate, and the posts that could be added."""

    row: PersonRow
    held: Sequence[Capacity]
    free: Sequence[Capacity]


@router.get("/people/{estate}")
def page(estate: str, visit: Visiting, after: int = 0) -> Response:
    return _page(visit.at(estate), estate, after)


@router.post("/people/{estate}")
def register(estate: str, form: FormFields, visit: Visiting) -> Response:
    """Register a person and give the first post, or enrol a Red Steward, in one go; a repeat goes on where it ended."""
    here = visit.at(estate)
    roles = _roles(form)
    capacity = _capacity(form.get("capacity", ""))
    member = bool(form.get("party_member"))

    def do() -> Answer:
        reject_if(capacity is None and not roles, "no_role")
        reject_if(bool(roles) and not member, "not_a_party_member")  # before anybody is registered
        answer = here.product.handler.do(
            here.ask(form),
            people_plans.register_person(posts.RegisterPerson(form.get("name", ""), form.get("phone") or None)),
        )
        follow_up = here.ask({})
        if capacity is not None:
            post = posts.Appoint(capacity, estate, here.voice.now)
            answer = here.product.handler.do(follow_up, people_plans.on_person(answer.stream, post))
        if roles:
            for command in _enrolment(roles, form, estate, here):
                answer = here.product.handler.do(follow_up, people_plans.on_person(answer.stream, command))
        return answer

    return _done(here, estate, "RegisterPerson", do, form)


@router.post("/people/{estate}/{person}/{act}")
def act(estate: str, person: UUID, act: str, form: FormFields, visit: Visiting) -> Response:
    here = visit.at(estate)
    commands = _commands(act, estate, form, here)

    def do() -> Answer:
        ask = here.ask({name: value for name, value in form.items() if name in ("key", "csrf")})
        answer = here.product.handler.do(ask, people_plans.on_person(person, commands[0]))
        for command in commands[1:]:
            answer = here.product.handler.do(here.ask({}), people_plans.on_person(person, command))
        return answer

    return _done(here, estate, type(commands[0]).__name__, do, form, person)


def _commands(act: str, estate: str, form: dict[str, str], here: Visit) -> list[posts.Command]:
    building, now = form.get("building", ""), here.voice.now
    match act:
        case "link":
            return [posts.LinkStewardToBuilding(estate, building)]
        case "unlink":
            return [posts.ReleaseStewardFromBuilding(estate, building)]
        case "attach":
            return _enrolment(_roles(form), form, estate, here)
        case "release":
            return [posts.ReleaseStewardFromEstate(estate, now)]
        case "appoint" | "relieve":
            capacity = _capacity(form.get("capacity", ""))
            if capacity is None:
                raise NotFound
            return [posts.Appoint(capacity, estate, now) if act == "appoint" else posts.Relieve(capacity, estate, now)]
    raise NotFound


def _enrolment(roles: tuple[StewardRole, ...], form: dict[str, str], estate: str, here: Visit) -> list[posts.Command]:
    enrol = posts.EnrolSteward(roles, bool(form.get("party_member")), bool(form.get("consents")))
    return [enrol, posts.AttachStewardToEstate(estate, here.voice.now)]


def _done(
    here: Visit, estate: str, name: str, do: Callable[[], Answer], form: dict[str, str], person: UUID | None = None
) -> Response:
    try:
        answer = perform(here.request, name, do)
    except Refusal as error:
        problem = problem_of(error)
        typed = form if person is None else {}
        return _page(here, estate, 0, problem.status, detail(here.viewer.language, problem), typed)
    mark = f"#p-{person or answer.stream}"
    return RedirectResponse(f"/people/{estate}?after={answer.position}{mark}", 303)


def _page(
    here: Visit, estate: str, after: int, status: int = 200, said: str = "", typed: dict[str, str] | None = None
) -> Response:
    stale = here.caught_up(after, _SHOWN)
    now, capacity = here.voice.now, here.member.capacity
    with here.lend() as conn:
        row = here.estate(conn, estate)
        found = people.of_estate(conn, estate, now + timedelta(seconds=1))
        known = people.everybody(conn, [estate]) if may(capacity, posts.EnrolSteward) else []
        loads = _loads(conn, here, estate)
    stewards = [each for each in found if each.state.holds(Capacity.RED_STEWARD, estate, now)]
    attached = {each.person for each in stewards}
    context: dict[str, Any] = {
        "estate": row,
        "stewards": [_mate(each, row.buildings(), estate, loads) for each in stewards],
        "staff": [colleague for each in found if (colleague := _colleague(each, estate, now)).held],
        "attached": attached,
        "others": [each for each in known if each.name and each.person not in attached],
        "can_squad": may(capacity, posts.LinkStewardToBuilding),
        "can_appoint": may(capacity, posts.Appoint),
        "can_call": capacity in STATION or capacity is Capacity.ADMINISTRATOR,
        "roles": tuple(StewardRole),
        "appointed": APPOINTED,
        "stale": stale,
        "typed": typed or {},
        "said": said,
    }
    return here.html("people.html", status=status, here="people", **context)


def _loads(conn: Connection, here: Visit, estate: str) -> dict[UUID, int] | None:
    """Orders in hand by steward; nothing for those who see no cases."""
    if here.member.capacity not in READING:
        return None
    return here.product.part(OrdersInHand).count(conn, estate, here.voice.now)


def _mate(row: PersonRow, buildings: list[str], estate: str, loads: dict[UUID, int] | None) -> Mate:
    linked = row.buildings(estate)
    free = [building for building in buildings if building not in linked]
    return Mate(row, linked, free, None if loads is None else loads.get(row.person, 0))


def _colleague(row: PersonRow, estate: str, now: datetime) -> Colleague:
    held = [
        post.capacity
        for post in row.state.posts
        if post.estate == estate and post.held_at(now) and post.capacity is not Capacity.RED_STEWARD
    ]
    return Colleague(row, held, [capacity for capacity in APPOINTED if capacity not in held])


def _roles(form: dict[str, str]) -> tuple[StewardRole, ...]:
    return tuple(role for role in StewardRole if form.get(f"role-{role.value}"))


def _capacity(text: str) -> Capacity | None:
    try:
        found = Capacity(text)
    except ValueError:
        return None
    return found if found in APPOINTED else None
