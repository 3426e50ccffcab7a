"""People of an estate: who holds which post, the Red Steward squad, its roles and buildings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from domain.access.reading import ContactList
from domain.capacity import APPOINTED, STATION, Capacity
from domain.catalogue import POWERS, may
from domain.erasure import ErasureGround
from domain.people import person as posts
from domain.people.person import StewardRole
from domain.refusal import Refusal, reject_if
from projections.cases.orders import ORDERS
from projections.estates.estates import ESTATES
from projections.people import people
from projections.people.people import PEOPLE, PersonRow
from projections.projection import Connection
from services.commands.ask import Answer, Forbidden
from services.console.visit import FormFields, Visit, Visiting
from services.http.acting import perform
from services.http.handed_out import contacts_read
from services.http.problems import detail, problem_of
from services.http.who import READING, Allowing
from services.log.not_found import NotFound
from services.people import plans as people_plans
from services.people.ending import Ending, page_of
from services.people.in_hand import OrdersInHand
from services.people.known_people import Known, known
from services.threads.try_later import TryLater

router = APIRouter(include_in_schema=False)

_SHOWN = (ORDERS, PEOPLE, ESTATES)


@dataclass(frozen=True, slots=True)
class Undo:
    """What was just done to somebody, as the address tells it again, so that it can be undone on the page."""

    act: str
    who: str
    capacity: str
    links: str


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
def page(
    estate: str, visit: Visiting, after: int = 0, done: str = "", who: str = "", capacity: str = "", links: str = ""
) -> Response:
    here = visit.at(estate)
    undo = Undo(done, who, capacity, links) if done in _ENDING else None
    return _page(here, estate, after, undo=undo)


@router.get("/people/{estate}/{person}/{act}")
def ask_first(estate: str, person: UUID, act: str, visit: Visiting, capacity: str = "") -> Response:
    """What follows, before anybody's work ends."""
    here = visit.at(estate)
    allowed = {capacity for command in _ENDING.values() for capacity in POWERS[command]}
    Allowing(frozenset(allowed)).check(here.member)
    with here.lend() as conn:
        here.estate(conn, estate)
    return page_of(here, person, _ending(act, estate, person, {"capacity": capacity}, here))


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
            people_plans.register_person(
                posts.RegisterPerson(form.get("name", ""), form.get("phone") or None, bool(form.get("another")))
            ),
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
    if act in _ENDING:
        return _end(here, estate, person, act, form)
    commands = _commands(act, estate, form, here)

    def do() -> Answer:
        ask = here.ask({name: value for name, value in form.items() if name in ("key", "csrf")})
        answer = here.product.handler.do(ask, people_plans.on_person(person, commands[0]))
        for command in commands[1:]:
            answer = here.product.handler.do(here.ask({}), people_plans.on_person(person, command))
        return answer

    return _done(here, estate, type(commands[0]).__name__, do, form, person)


def _end(here: Visit, estate: str, person: UUID, act: str, form: dict[str, str]) -> Response:
    ending = _ending(act, estate, person, form, here)
    with here.lend() as conn:
        row = people.person(conn, person)
    links = ",".join(row.buildings(estate)) if row and act == "release" else ""
    try:
        reject_if(ending.for_good and not form.get("sure"), "not_sure")
        answer = perform(
            here.request,
            type(ending.command).__name__,
            lambda: here.product.handler.do(here.ask(form), people_plans.on_person(person, ending.command)),
        )
    except Refusal as error:
        problem = problem_of(error)
        return page_of(here, person, ending, detail(here.viewer.language, problem), problem.status)
    told = {"done": act, "who": person, "capacity": form.get("capacity", ""), "links": links, "after": answer.position}
    return RedirectResponse(f"/people/{estate}?{urlencode(told)}", 303)


def _ending(act: str, estate: str, person: UUID, form: dict[str, str], here: Visit) -> Ending:
    """The act that ends somebody's work. Raises ``NotFound`` or ``Forbidden``."""
    command = _ENDING.get(act)
    if command is None:
        raise NotFound
    if not may(here.member.capacity, command):
        raise Forbidden("capacity", capacity=here.member.capacity, may=POWERS[command])
    successor = _uuid(form.get("successor", ""))
    address, back, now = f"/people/{estate}/{person}/{act}", f"/people/{estate}#p-{person}", here.voice.now
    if act == "release":
        return Ending(act, posts.ReleaseStewardFromEstate(estate, now, successor), address, back)
    if act == "forget":
        return Ending(act, posts.ForgetPerson(ErasureGround.RETENTION_ENDED, successor), address, back, for_good=True)
    capacity = _capacity(form.get("capacity", ""))
    if capacity is None:
        raise NotFound
    hidden = (("capacity", capacity.value),)
    return Ending(act, posts.Relieve(capacity, estate, now, successor), address, back, hidden)


_ENDING: dict[str, type[posts.Command]] = {
    "relieve": posts.Relieve,
    "release": posts.ReleaseStewardFromEstate,
    "forget": posts.ForgetPerson,
}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _commands(act: str, estate: str, form: dict[str, str], here: Visit) -> list[posts.Command]:
    building, now = form.get("building", ""), here.voice.now
    match act:
        case "link":
            return [posts.LinkStewardToBuilding(estate, building)]
        case "unlink":
            return [posts.ReleaseStewardFromBuilding(estate, building)]
        case "attach":
            return _enrolment(_roles(form), form, estate, here)
        case "return":
            linked = [each for each in form.get("links", "").split(",") if each]
            links = [posts.LinkStewardToBuilding(estate, each) for each in linked[:50]]
            return [posts.AttachStewardToEstate(estate, now), *links]
        case "appoint":
            capacity = _capacity(form.get("capacity", ""))
            if capacity is None:
                raise NotFound
            return [posts.Appoint(capacity, estate, now)]
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
        alike = known(here, form.get("name"), form.get("phone")) if error.code == "person_known" else []
        return _page(here, estate, 0, problem.status, detail(here.viewer.language, problem), typed, alike)
    mark = f"#p-{person or answer.stream}"
    return RedirectResponse(f"/people/{estate}?after={answer.position}{mark}", 303)


def _may_call(here: Visit, estate: str, found: Sequence[people.PersonRow]) -> bool:
    """Whether the page leads to numbers: on record that somebody looks at them (INV-63), or not at all."""
    capacity = here.member.capacity
    if capacity not in STATION and capacity is not Capacity.ADMINISTRATOR:
        return False
    try:
        contacts_read(here.product, here.member, ContactList.STAFF, estate, sum(bool(each.phone) for each in found))
    except TryLater:
        return False
    return True


def _page(
    here: Visit,
    estate: str,
    after: int,
    status: int = 200,
    said: str = "",
    typed: dict[str, str] | None = None,
    alike: Sequence[Known] = (),
    undo: Undo | None = None,
) -> Response:
    stale = here.caught_up(after, _SHOWN)
    now, capacity = here.voice.now, here.member.capacity
    with here.lend() as conn:
        row = here.estate(conn, estate)
        found = people.of_estate(conn, estate, now + timedelta(seconds=1))
        everybody = people.everybody(conn, [estate])
        loads = _loads(conn, here, estate)
    stewards = [each for each in found if each.state.holds(Capacity.RED_STEWARD, estate, now)]
    attached = {each.person for each in stewards}
    squad_known = everybody if may(capacity, posts.EnrolSteward) else []
    context: dict[str, Any] = {
        "estate": row,
        "stewards": [_mate(each, row.buildings(), estate, loads) for each in stewards],
        "staff": [colleague for each in found if (colleague := _colleague(each, estate, now)).held],
        "attached": attached,
        "others": [each for each in squad_known if each.name and each.person not in attached],
        "past": _past(everybody, now) if may(capacity, posts.Appoint) else [],
        "alike": alike,
        "undo": undo,
        "undo_name": next((each.name for each in everybody if undo and str(each.person) == undo.who), None),
        "away": {each.person: away for each in found if (away := each.state.absent_at(now))},
        "off_duty": {each.person for each in found if each.state.on_shift(estate, now) is False},
        "can_squad": may(capacity, posts.LinkStewardToBuilding),
        "can_appoint": may(capacity, posts.Appoint),
        "can_call": _may_call(here, estate, found),
        "roles": tuple(StewardRole),
        "appointed": APPOINTED,
        "stale": stale,
        "typed": typed or {},
        "said": said,
    }
    return here.html("people.html", status=status, here="people", **context)


def _past(rows: Sequence[PersonRow], now: datetime) -> list[PersonRow]:
    """Those who held a post once, hold none, and are not forgotten."""
    return [row for row in rows if row.name and all(post.over_at(now) for post in row.state.posts)]


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
