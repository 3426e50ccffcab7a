"""The register over HTTP: dwellings found by any fragment, their areas and owners, and what either takes besides."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from domain.estates.estate import RegisterBuilding, Stairwell
from domain.masks import masked_phone
from domain.register import dwelling as acts
from domain.register import owner as owner_acts
from domain.register.dwelling import Dwelling, RegisterDwelling
from domain.register.owner import ForgetOwner, OwnerKind, RegisterOwner, ViewOwnerContact
from projections.register import dwellings, owners
from projections.register.dwellings import DWELLINGS, DwellingRow
from projections.register.owners import OWNERS, OwnerRow
from services.estates.plans import on_estate
from services.http.act_route import act_at
from services.http.acting import AskingNow, etag, performing, showing
from services.http.acts import Done, add_acts
from services.http.bodies import ActBody, Text, body_of, command_of
from services.http.showing import shows
from services.http.who import Accountant, BasisReader, FeeReader, TheProduct, own
from services.log.not_found import NotFound
from services.product import Product
from services.register.access import found
from services.register.plans import HandOver, hand_over, on_dwelling, on_owner, register_dwelling, register_owner
from services.sessions.member import Member
from services.threads.waiting import here_or_in_a_thread

router = APIRouter(prefix="/api/v1", tags=["register"])
_dwellings = APIRouter(prefix="/dwellings")
_owners = APIRouter(prefix="/owners")


@dataclass(frozen=True, slots=True)
class OwnershipShape:
    """Somebody owned it from ``since`` (included) to ``until`` (excluded)."""

    owner: UUID
    name: str | None
    kind: str | None
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class VacancyShape:
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class TakenShape:
    item: str
    quantity: int
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class DwellingLine:
    """A dwelling in a list. Areas are in 0.01 m²; ``phone`` is masked."""

    dwelling: UUID
    estate: str
    label: str | None
    building: str
    stairwell: str | None
    room: str | None
    use: str
    chargeable_area: int
    exclusive_area: int
    owner: UUID | None
    owner_name: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class DwellingShape(DwellingLine):
    """All there is about a dwelling, oldest owner first."""

    withdrawn: bool
    ownerships: list[OwnershipShape]
    vacancies: list[VacancyShape]
    services: list[TakenShape]
    version: int


@dataclass(frozen=True, slots=True)
class OwnerShape:
    """An owner; ``phone`` is masked, and what was forgotten is gone. ``staff`` works here as that person."""

    owner: UUID
    estate: str
    kind: str
    name: str | None
    phone: str | None
    staff: UUID | None
    forgotten: bool
    dwellings: list[UUID]
    version: int


@dataclass(frozen=True, slots=True)
class OwnerContact:
    name: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class RegisteredBuildingShape:
    """How many dwellings of one use a building has, and how large they are together, in 0.01 m²."""

    building: str
    use: str
    dwellings: int
    chargeable_area: int
    exclusive_area: int


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """What was registered, its version, and the position of the log to wait for with ``?after=``."""

    id: UUID
    version: int
    position: int


class HandOverBody(ActBody):
    """The new owner, and the first day on which he owns it."""

    since: date
    name: Text
    kind: OwnerKind = OwnerKind.PERSON
    phone: Text | None = None


class StairwellBody(BaseModel):
    """One entrance with its rooms; ``code`` is empty where the building has none."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, StringConstraints(max_length=64)] = ""
    rooms: Annotated[list[Annotated[str, StringConstraints(max_length=64)]], Field(max_length=5_000)]


class BuildingBody(ActBody):
    """A building and where its rooms are."""

    building: Text
    stairwells: Annotated[list[StairwellBody], Field(max_length=100)]


@router.get("/estates/{estate}/register", dependencies=[showing(DWELLINGS)])
def get_register(estate: str, product: TheProduct, who: BasisReader) -> list[RegisteredBuildingShape]:
    """How many dwellings every building has, and how large they are; nothing about anybody."""
    own(estate, who)
    with product.database.lend([estate]) as conn:
        found = dwellings.figures(conn, estate)
    return [
        RegisteredBuildingShape(
            each.building, each.use.value, each.dwellings, each.chargeable_area, each.exclusive_area
        )
        for each in found
    ]


@act_at(router, "/estates/{estate}/buildings", name="RegisterBuilding", status_code=201)
async def register_building(
    estate: str,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Accountant,
    asking: AskingNow,
    body: BuildingBody,
) -> Done:
    """Put a building with its rooms on the estate's map: only what is on it can be registered or imported."""
    own(estate, who)
    stairwells = tuple(Stairwell(each.code, tuple(each.rooms)) for each in body.stairwells)
    plan = on_estate(estate, RegisterBuilding(body.building, stairwells))
    answer = await performing(request, product, "RegisterBuilding", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)


@router.get("/dwellings", dependencies=[showing(DWELLINGS, OWNERS)])
def find_dwellings(
    product: TheProduct,
    who: FeeReader,
    estate: Annotated[str | None, Query(max_length=64, description="All of one's own, if it is not said.")] = None,
    q: Annotated[
        str,
        Query(
            max_length=200,
            description="Any fragment of a place (3-2-501, as people write it), of an owner's name or its pinyin"
            " initials, or of a phone; without it all dwellings of the estate, in reading order.",
            examples=["3-2-501"],
        ),
    ] = "",
    building: Annotated[str | None, Query(max_length=64, description="Without `q`: of this building.")] = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> list[DwellingLine]:
    """Find dwellings: the first 40 that match, the nearest first; without ``q`` 40 a page."""
    return [line_shape(row) for row in found(product, who, estate, q, building, page)]


@router.get("/dwellings/{dwelling}", dependencies=[showing(DWELLINGS, OWNERS)])
def get_dwelling(dwelling: UUID, response: Response, product: TheProduct, who: FeeReader) -> DwellingShape:
    """One dwelling with its areas, owner periods, vacancies and what it takes besides."""
    with product.lend(who) as conn:
        row = dwellings.one(conn, dwelling)
        if row is None:
            raise NotFound
        periods = owners.of_ids(conn, {each.owner for each in row.state.ownerships})
    response.headers["ETag"] = etag(row.version)
    line = line_shape(row)
    return DwellingShape(
        **{name: getattr(line, name) for name in DwellingLine.__slots__},
        withdrawn=row.state.withdrawn,
        ownerships=[
            OwnershipShape(each.owner, _name(periods, each.owner), _kind(periods, each.owner), each.since, each.until)
            for each in row.state.ownerships
        ],
        vacancies=[VacancyShape(each.since, each.until) for each in row.state.vacancies],
        services=[TakenShape(each.item.value, each.quantity, each.since, each.until) for each in row.state.services],
        version=row.version,
    )


@router.get("/owners/{owner}", dependencies=[showing(DWELLINGS, OWNERS)])
def get_owner(owner: UUID, response: Response, product: TheProduct, who: FeeReader) -> OwnerShape:
    """One owner and what he owns now."""
    with product.lend(who) as conn:
        row = owners.owner(conn, owner)
        if row is None:
            raise NotFound
        owned = dwellings.of_owner(conn, owner)
    response.headers["ETag"] = etag(row.version)
    return OwnerShape(
        owner=row.owner,
        estate=row.estate,
        kind=row.kind.value,
        name=row.name,
        phone=masked_phone(row.phone),
        staff=row.state.person,
        forgotten=row.state.forgotten is not None,
        dwellings=[each.dwelling for each in owned],
        version=row.version,
    )


@act_at(router, "/dwellings", name="RegisterDwelling", status_code=201)
async def register(
    request: Request,
    response: Response,
    product: TheProduct,
    who: Accountant,
    asking: AskingNow,
    body: body_of(RegisterDwelling),  # type: ignore[valid-type]
) -> RegisterEntry:
    """Register a dwelling that the estate's map has. Its id is made of its place, so it cannot be registered twice."""
    plan = register_dwelling(command_of(RegisterDwelling, body))
    answer = await performing(request, product, "RegisterDwelling", asking.by(who, body.occurred_at), plan)
    response.headers["Location"] = f"/api/v1/dwellings/{answer.stream}"
    response.headers["ETag"] = etag(answer.version)
    return RegisterEntry(answer.stream, answer.version, answer.position)


@act_at(router, "/owners", name="RegisterOwner", status_code=201)
async def register_an_owner(
    request: Request,
    response: Response,
    product: TheProduct,
    who: Accountant,
    asking: AskingNow,
    body: body_of(RegisterOwner),  # type: ignore[valid-type]
) -> RegisterEntry:
    """Register somebody who will own something; name and phone are sealed under a key of their own."""
    plan = register_owner(command_of(RegisterOwner, body))
    answer = await performing(request, product, "RegisterOwner", asking.by(who, body.occurred_at), plan)
    response.headers["Location"] = f"/api/v1/owners/{answer.stream}"
    response.headers["ETag"] = etag(answer.version)
    return RegisterEntry(answer.stream, answer.version, answer.position)


@act_at(router, "/dwellings/{dwelling}/hand-over")
async def hand_a_dwelling_over(
    dwelling: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Accountant,
    asking: AskingNow,
    body: HandOverBody,
) -> Done:
    """A new owner, registered and owning the dwelling in one step; what is owed for earlier days stays where it is."""
    plan = hand_over(dwelling, HandOver(body.since, body.kind, body.name, body.phone))
    answer = await performing(request, product, "BeginOwnership", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)


@act_at(router, "/owners/{owner}/view-owner-contact")
async def view_owner_contact(
    owner: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: FeeReader,
    asking: AskingNow,
    body: body_of(ViewOwnerContact),  # type: ignore[valid-type]
) -> OwnerContact:
    """Look at an owner's phone in full; who looked and why is on record (INV-63)."""
    plan = on_owner(owner, command_of(ViewOwnerContact, body))
    answer = await performing(request, product, "ViewOwnerContact", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    row = await here_or_in_a_thread(lambda: _after(product, who, owner, answer.position))
    return OwnerContact(row.name, row.phone)


@act_at(router, "/owners/{owner}/forget-owner")
async def forget_owner(
    owner: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Accountant,
    asking: AskingNow,
    body: body_of(ForgetOwner),  # type: ignore[valid-type]
) -> Done:
    """Destroy the key of an owner who owns nothing any more; what was owed and paid stays, without a name.

    Not while something is owed either way, nor before the last invoice made out to the owner is five years old.
    """
    plan = on_owner(owner, command_of(ForgetOwner, body))
    answer = await performing(request, product, "ForgetOwner", asking.by(who, body.occurred_at), plan)
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)


def line_shape(row: DwellingRow) -> DwellingLine:
    """A dwelling as lists tell it."""
    state: Dwelling = row.state
    return DwellingLine(
        dwelling=row.dwelling,
        estate=row.estate,
        label=row.label,
        building=row.building,
        stairwell=row.stairwell,
        room=row.room,
        use=state.use.value,
        chargeable_area=state.chargeable_area,
        exclusive_area=state.exclusive_area,
        owner=row.owner,
        owner_name=row.owner_name,
        phone=masked_phone(row.owner_phone),
    )


def _name(known: dict[UUID, OwnerRow], owner: UUID) -> str | None:
    return known[owner].name if owner in known else None


def _kind(known: dict[UUID, OwnerRow], owner: UUID) -> str | None:
    return known[owner].kind.value if owner in known else None


def _after(product: Product, who: Member, owner: UUID, position: int) -> OwnerRow:
    shows(product, position, [OWNERS])
    with product.lend(who) as conn:
        row = owners.owner(conn, owner)
    if row is None:
        raise NotFound
    return row


_DWELLING_ACTS = [command for command in acts.DWELLING.commands if command is not RegisterDwelling]
add_acts(_dwellings, "dwelling", _DWELLING_ACTS, Accountant, on_dwelling)
add_acts(_owners, "owner", [owner_acts.CorrectOwnerContact, owner_acts.NameOwnerStaff], Accountant, on_owner)
router.include_router(_dwellings)
router.include_router(_owners)
