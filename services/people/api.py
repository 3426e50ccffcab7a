"""Routes of people and posts, of a station's hours, and of the accounts that an administrator keeps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from domain.calendar import ServiceHours
from domain.estates.estate import OpenStation
from domain.people import person as posts
from projections.people import people
from services.commands.ask import NotFound
from services.estates import plans as estate_plans
from services.http.act_route import ActRoute
from services.http.acting import AskingNow, etag, performing
from services.http.acts import add_acts
from services.http.bodies import ActBody, body_of, command_of
from services.http.who import Administrator, SignedIn, TheHouse
from services.people import plans as people_plans
from services.product import House

router = APIRouter(prefix="/api/v1", tags=["people"], route_class=ActRoute)
people_router = APIRouter(prefix="/people", route_class=ActRoute)


@dataclass(frozen=True, slots=True)
class Registered:
    person: UUID
    version: int
    position: int


@dataclass(frozen=True, slots=True)
class StationDone:
    estate: str
    version: int
    position: int


@dataclass(frozen=True, slots=True)
class AccountShape:
    username: str
    person: UUID
    made_at: datetime
    disabled: bool
    sessions: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """The password drawn, told this once."""

    username: str
    password: str


class NewAccount(BaseModel):
    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, Field(max_length=64, examples=["clerk2"])]
    person: UUID


class HoursBody(ActBody):
    """Hours of the station, in minutes after midnight."""

    opens: Annotated[int, Field(ge=0, le=1440)]
    closes: Annotated[int, Field(ge=0, le=1440)]


@router.post("/people", status_code=201)
async def register_person(
    request: Request,
    response: Response,
    house: TheHouse,
    who: SignedIn,
    asking: AskingNow,
    body: body_of(posts.RegisterPerson),  # type: ignore[valid-type]
) -> Registered:
    """Register a person; posts and steward roles come after."""
    command = command_of(posts.RegisterPerson, body)
    ask = asking.by(who, body.occurred_at)
    answer = await performing(request, house, "RegisterPerson", ask, people_plans.register_person(command))
    response.headers["ETag"] = etag(answer.version)
    return Registered(answer.stream, answer.version, answer.position)


@router.post("/stations/{estate}/hours")
async def set_hours(
    estate: str,
    request: Request,
    response: Response,
    house: TheHouse,
    who: SignedIn,
    asking: AskingNow,
    body: HoursBody,
) -> StationDone:
    """Change the hours that count; promises already made stay as they are."""
    ask = asking.by(who, body.occurred_at)
    command = OpenStation(ServiceHours(body.opens, body.closes))
    answer = await performing(request, house, "OpenStation", ask, estate_plans.on_estate(estate, command))
    response.headers["ETag"] = etag(answer.version)
    return StationDone(estate, answer.version, answer.position)


add_acts(
    people_router,
    "person",
    [command for command in posts.PERSON.commands if command is not posts.RegisterPerson],
    SignedIn,
    people_plans.on_person,
)
router.include_router(people_router)


@router.get("/accounts")
def list_accounts(house: TheHouse, who: Administrator) -> list[AccountShape]:
    """Accounts of people in the administrator's estates."""
    return [
        AccountShape(each.username, each.person, each.made_at, each.disabled, each.sessions)
        for each in house.accounts.everybody()
        if may_keep(house, who.estates, each.person)
    ]


@router.post("/accounts", status_code=201)
def create_account(house: TheHouse, who: Administrator, new: NewAccount) -> Drawn:
    """An account for a person with a post; the password is drawn and told once."""
    if not may_keep(house, who.estates, new.person):
        raise NotFound
    return Drawn(new.username, house.accounts.create(new.username, new.person))


@router.post("/accounts/{username}/disable", status_code=204)
def disable_account(username: str, house: TheHouse, who: Administrator) -> None:
    """Nobody signs in with it any more; all its sessions end."""
    house.accounts.disable(kept_account(house, who.estates, username))


@router.post("/accounts/{username}/enable", status_code=204)
def enable_account(username: str, house: TheHouse, who: Administrator) -> None:
    """It may sign in again."""
    house.accounts.enable(kept_account(house, who.estates, username))


@router.post("/accounts/{username}/reset-password")
def reset_password(username: str, house: TheHouse, who: Administrator) -> Drawn:
    """Draw a new password; all its sessions end."""
    kept = kept_account(house, who.estates, username)
    return Drawn(kept, house.accounts.reset(kept))


@router.delete("/accounts/{username}/sessions", status_code=204)
def end_sessions(username: str, house: TheHouse, who: Administrator) -> None:
    """End all sessions of an account."""
    house.accounts.end_sessions(kept_account(house, who.estates, username))


def may_keep(house: House, estates: frozenset[str], person: UUID) -> bool:
    """Whether the person holds or held a post in one of these estates."""
    with house.database.lend(estates) as conn:
        return people.person(conn, person) is not None


def kept_account(house: House, estates: frozenset[str], username: str) -> str:
    """The username, if it is an account that the keeper of these estates may change. Raises ``NotFound``."""
    account = house.accounts.account(username)
    if account is None or not may_keep(house, estates, account.person):
        raise NotFound
    return account.username
