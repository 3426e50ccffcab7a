"""Routes of people and posts."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Request, Response

from domain.people import person as posts
from services.http.act_route import act_at
from services.http.acting import AskingNow, etag, performing
from services.http.acts import add_acts
from services.http.bodies import body_of, command_of
from services.http.who import SignedIn, TheProduct
from services.people import plans as people_plans

router = APIRouter(prefix="/api/v1", tags=["people"])
people_router = APIRouter(prefix="/people")


@dataclass(frozen=True, slots=True)
class PersonRegistered:
    person: UUID
    version: int
    position: int


@act_at(router, "/people", status_code=201)
async def register_person(
    request: Request,
    response: Response,
    product: TheProduct,
    who: SignedIn,
    asking: AskingNow,
    body: body_of(posts.RegisterPerson),  # type: ignore[valid-type]
) -> PersonRegistered:
    """Register a person; posts and steward roles come after."""
    command = command_of(posts.RegisterPerson, body)
    ask = asking.by(who, body.occurred_at)
    answer = await performing(request, product, "RegisterPerson", ask, people_plans.register_person(command))
    response.headers["ETag"] = etag(answer.version)
    return PersonRegistered(answer.stream, answer.version, answer.position)


add_acts(
    people_router,
    "person",
    [command for command in posts.PERSON.commands if command is not posts.RegisterPerson],
    SignedIn,
    people_plans.on_person,
)
router.include_router(people_router)
