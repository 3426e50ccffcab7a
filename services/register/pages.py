"""The register: buildings, the search, one dwelling with its areas and owners, and what it takes besides."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from domain.calendar import local_date
from domain.capacity import ACCOUNTS, HEADS
from domain.catalogue import may
from domain.erasure import ErasureGround
from domain.estates.estate import RegisterBuilding, Stairwell
from domain.money.items import FeeItem
from domain.refusal import Refusal, Rejection, refuse_if, reject_if
from domain.register import dwelling as acts
from domain.register.dwelling import TAKEN_BESIDES, RegisterDwelling, Use
from domain.register.owner import CorrectOwnerContact, ForgetOwner, NameOwnerStaff, OwnerKind, ViewOwnerContact
from domain.written.days import day as read_day
from domain.written.numbers import count
from projections.estates.estates import ESTATES
from projections.people import people
from projections.people.people import PEOPLE
from projections.register import dwellings, owners
from projections.register.dwellings import DWELLINGS, DwellingRow
from projections.register.owners import OWNERS
from services.commands.ask import Forbidden, KeyReused, Stale
from services.commands.plan import Plan
from services.console.answers import Wrong, refused
from services.console.visit import AccountsVisit, BasisVisit, FeeVisit, FormFields, Visit
from services.estates.plans import on_estate
from services.http.acting import perform
from services.http.who import FEE_READING, own
from services.log.not_found import NotFound
from services.register.access import PAGE, found
from services.register.beside import Beside
from services.register.plans import HandOver, hand_over, on_dwelling, on_owner, register_dwelling
from services.register.sheet import area

router = APIRouter(include_in_schema=False)

_SHOWN = (DWELLINGS, OWNERS, ESTATES)
_SHOWN_OF_ONE = (DWELLINGS, OWNERS, PEOPLE)


@router.get("/register/{estate}")
def page(
    estate: str,
    visit: BasisVisit,
    q: str = "",
    building: str | None = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    after: int = 0,
    act: str = "",
) -> Response:
    here = visit.at(estate)
    return _page(here, estate, q, building, page, after=after, act=act)


@router.post("/register/{estate}/buildings")
def new_building(estate: str, form: FormFields, visit: AccountsVisit) -> Response:
    """Put a building on the estate's map."""
    return _added(visit.at(estate), estate, "buildings", form, lambda: ("RegisterBuilding", _building(estate, form)))


@router.post("/register/{estate}/dwellings")
def new_dwelling(estate: str, form: FormFields, visit: AccountsVisit) -> Response:
    """Register one dwelling, with its owner if he is named."""
    return _added(visit.at(estate), estate, "dwellings", form, lambda: ("RegisterDwelling", _dwelling(estate, form)))


def _added(
    here: Visit, estate: str, act: str, form: Mapping[str, str], planned: Callable[[], tuple[str, Plan]]
) -> Response:
    own(estate, here.member)
    try:
        ask, (name, plan) = here.ask(form), planned()
        answer = perform(here.request, name, lambda: here.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        said = _about_place(wrong)
        return refused(
            here, said, lambda errors, status: _page(here, estate, status=status, act=act, typed=form, errors=errors)
        )
    go = f"/register/{estate}" if act == "buildings" else f"/register/{estate}/dwellings/{answer.stream}"
    return here.done(answer, here.voice.say("register-done"), go, go=go)


def _about_place(wrong: Exception) -> Exception:
    """A place that the map does not have is told at the field that names it."""
    field = {"unknown_building": "building", "unknown_stairwell": "stairwell", "unknown_dwelling": "room"}
    if isinstance(wrong, Refusal) and wrong.code in field:
        wrong.facts["field"] = field[wrong.code]
    return wrong


def _building(estate: str, form: Mapping[str, str]) -> Plan:
    count = _count(form, "stairwells", 100)
    named = [each for each in re.split(r"[\s,\uff0c\u3001;\uff1b]+", form.get("rooms", "")) if each]
    floors, flats = _count(form, "floors", 200), _count(form, "flats", 99)
    rooms = tuple(named or (f"{floor}{flat:02}" for floor in range(1, floors + 1) for flat in range(1, flats + 1)))
    stairwells = tuple(Stairwell(str(n), rooms) for n in range(1, count + 1)) or (Stairwell("", rooms),)
    return on_estate(estate, RegisterBuilding(form.get("building", ""), stairwells))


def _count(form: Mapping[str, str], field: str, most: int) -> int:
    return count(form.get(field, ""), most, "count", field=field)


def _dwelling(estate: str, form: Mapping[str, str]) -> Plan:
    built, exclusive = (
        _area(form, field) if form.get(field, "").strip() else 0 for field in ("chargeable_area", "exclusive_area")
    )
    try:
        use = Use(form.get("use", ""))
    except ValueError:
        raise Rejection("body", field="use") from None
    command = RegisterDwelling(
        estate, form.get("building", ""), form.get("stairwell") or None, form.get("room", ""), built, exclusive, use
    )
    name = form.get("name", "").strip()
    owner = HandOver(_day(form, "since"), _kind(form), name, form.get("phone") or None) if name else None
    return register_dwelling(command, owner)


def _page(
    here: Visit,
    estate: str,
    q: str = "",
    building: str | None = None,
    page: int = 1,
    *,
    after: int = 0,
    status: int = 200,
    act: str = "",
    typed: Mapping[str, str] | None = None,
    errors: Wrong | None = None,
) -> Response:
    stale = here.caught_up(after, _SHOWN)
    with here.lend() as conn:
        row = here.estate(conn, estate)
        figures = dwellings.figures(conn, estate)
    registered = Counter[str]()
    for each in figures:
        registered[each.building] += each.dwellings
    on_map = [(code, sum(map(len, row.state.buildings[code].values()))) for code in row.buildings()]
    wanted = q.strip()[:60]
    sees = here.member.capacity in FEE_READING
    rows = found(here.product, here.member, estate, wanted, building, page) if sees else []
    more = page + 1 if len(rows) == PAGE and not wanted else None
    return here.html(
        "register.html",
        status=status,
        here="fees",
        tab="register",
        stale=stale,
        unregistered=[(code, rooms - registered[code]) for code, rooms in on_map if rooms > registered[code]],
        uses=list(Use),
        kinds=list(OwnerKind),
        today=local_date(here.voice.now).isoformat(),
        version=row.version,
        act=act,
        typed=typed or {},
        errors=errors or {},
        figures=figures,
        sees=sees,
        keeps=here.member.capacity in ACCOUNTS,
        rows=rows,
        q=wanted,
        building=building,
        pages=(page - 1 if page > 1 else None, more),
        metres=metres,
    )


@router.get("/register/{estate}/dwellings/{dwelling}")
def one(estate: str, dwelling: UUID, visit: FeeVisit, after: int = 0) -> Response:
    here = visit.at(estate)
    return _one(here, estate, dwelling, after)


@router.post("/register/{estate}/dwellings/{dwelling}/{act}")
def act(estate: str, dwelling: UUID, act: str, form: FormFields, visit: FeeVisit) -> Response:
    here = visit.at(estate)
    row = _row(here, estate, dwelling)
    try:
        ask = here.ask(form)
        name, plan = _forgetting(here, row, form) if act == "forget-owner" else _planned(row, act, form)
        answer = perform(here.request, name, lambda: here.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        said = _about_owner(wrong) if act == "forget-owner" else wrong
        return refused(here, said, lambda errors, status: _one(here, estate, dwelling, 0, status, act, form, errors))
    back = f"/register/{estate}/dwellings/{dwelling}"
    if act == "contact":
        return _one(here, estate, dwelling, answer.position, contact=True)
    return here.done(answer, here.voice.say("register-done"), back, go=back)


def _planned(row: DwellingRow, act: str, form: Mapping[str, str]) -> tuple[str, Plan]:
    """The command that a form asks for. Raises ``NotFound`` for one that is not there."""
    on_it: dict[str, Callable[[], acts.Command]] = {
        "areas": lambda: acts.CorrectDwellingAreas(
            _area(form, "chargeable_area"), _area(form, "exclusive_area"), form.get("because") or None
        ),
        "vacancy": lambda: acts.NoteVacancy(_day(form, "since"), _day(form, "until") if form.get("until") else None),
        "end-vacancy": lambda: acts.EndVacancy(_day(form, "until")),
        "take": lambda: acts.TakeService(_item(form), _quantity(form), _day(form, "since")),
        "end": lambda: acts.EndService(_item(form), _day(form, "until")),
        "withdraw-owner": lambda: _withdrawal(row),
        "withdraw": acts.WithdrawDwelling,
    }
    if act in on_it:
        command = on_it[act]()
        return type(command).__name__, on_dwelling(row.dwelling, command)
    if act == "hand-over":
        name = form.get("name", "")
        to = HandOver(_day(form, "since"), _kind(form), name, form.get("phone") or None)
        return "BeginOwnership", hand_over(row.dwelling, to)
    if act == "staff" and row.owner is not None:
        return "NameOwnerStaff", on_owner(row.owner, NameOwnerStaff(_person(form)))
    if act in ("contact", "correct-owner") and row.owner is not None:
        seen = ViewOwnerContact(form.get("reason") or None)
        corrected = CorrectOwnerContact(form.get("name") or None, form.get("phone") or row.owner_phone)
        wanted = seen if act == "contact" else corrected
        return type(wanted).__name__, on_owner(row.owner, wanted)
    raise NotFound


def _forgetting(here: Visit, row: DwellingRow, form: Mapping[str, str]) -> tuple[str, Plan]:
    """One of the dwelling's former owners is forgotten."""
    former = {str(each): each for each in _former(row)}
    reject_if(form.get("owner") not in former, "owner_unknown", field="owner")
    try:
        ground = ErasureGround(form.get("ground", ""))
    except ValueError:
        raise Rejection("body", field="ground") from None
    return "ForgetOwner", on_owner(former[form["owner"]], ForgetOwner(ground))


def _former(row: DwellingRow) -> list[UUID]:
    """Whose the dwelling was and is no longer, the last one first."""
    owners = dict.fromkeys(each.owner for each in reversed(row.state.ownerships))
    return [each for each in owners if row.state.withdrawn or each != row.state.owner]


def _about_owner(wrong: Exception) -> Exception:
    """What stands against forgetting somebody is told where that one is chosen."""
    if isinstance(wrong, Refusal):
        wrong.facts.setdefault("field", "owner")
    return wrong


def _person(form: Mapping[str, str]) -> UUID:
    try:
        return UUID(form.get("person", ""))
    except ValueError:
        raise Refusal("unknown_person", field="person") from None


def _withdrawal(row: DwellingRow) -> acts.WithdrawOwnership:
    refuse_if(not row.state.ownerships, "ownership_unknown")
    last = row.state.ownerships[-1]
    return acts.WithdrawOwnership(last.owner, last.since)


def _day(form: Mapping[str, str], field: str) -> date:
    reject_if(not form.get(field), "blank_text", field=field)
    return read_day(form[field], field=field)


def _area(form: Mapping[str, str], field: str) -> int:
    reject_if(not form.get(field, "").strip(), "blank_text", field=field)
    try:
        return area(form[field])
    except Refusal as refusal:
        refusal.facts["field"] = field
        raise


def _item(form: Mapping[str, str]) -> FeeItem:
    try:
        return FeeItem(form.get("item", ""))
    except ValueError:
        raise Rejection("body", field="item") from None


def _kind(form: Mapping[str, str]) -> OwnerKind:
    try:
        return OwnerKind(form.get("kind", ""))
    except ValueError:
        raise Rejection("body", field="kind") from None


def _quantity(form: Mapping[str, str]) -> int:
    said = form.get("quantity", "")
    reject_if(not said.strip(), "service_quantity", field="quantity", most=100)
    return count(said, 100, "service_quantity", field="quantity")


def _row(here: Visit, estate: str, dwelling: UUID) -> DwellingRow:
    with here.lend() as conn:
        here.estate(conn, estate)
        row = dwellings.one(conn, dwelling)
    if row is None or row.estate != estate:
        raise NotFound
    return row


def _one(
    here: Visit,
    estate: str,
    dwelling: UUID,
    after: int,
    status: int = 200,
    act: str = "",
    typed: Mapping[str, str] | None = None,
    errors: Wrong | None = None,
    *,
    contact: bool = False,
) -> Response:
    stale = here.caught_up(after, (*_SHOWN_OF_ONE, *here.product.part(Beside).views))
    row = _row(here, estate, dwelling)
    with here.lend() as conn:
        periods = owners.of_ids(conn, {each.owner for each in row.state.ownerships})
        mates = people.of_estate(conn, estate, here.product.clock()) if here.member.capacity in HEADS else []
    former = _former(row) if may(here.member.capacity, ForgetOwner) else []
    spans = {each.owner: each for each in row.state.ownerships}
    context: dict[str, Any] = {
        "row": row,
        "state": row.state,
        "version": row.version,
        "periods": [(each, periods.get(each.owner)) for each in reversed(row.state.ownerships)],
        "keeps": here.member.capacity in ACCOUNTS,
        "mates": mates,
        "former": [(spans[each], periods[each]) for each in former if each in periods and periods[each].name],
        "grounds": list(ErasureGround),
        "items": sorted(TAKEN_BESIDES, key=lambda each: list(FeeItem).index(each)),
        "kinds": list(OwnerKind),
        "today": local_date(here.voice.now).isoformat(),
        "contact": contact,
        "stale": stale,
        "metres": metres,
        "act": act,
        "typed": typed or {},
        "errors": errors or {},
    }
    context |= here.product.part(Beside).tell(here, row)
    return here.html("dwelling.html", status=status, here="fees", tab="register", **context)


def metres(hundredths: int) -> str:
    """An area as it is read: 89.35."""
    return f"{hundredths // 100:,}.{hundredths % 100:02d}"
