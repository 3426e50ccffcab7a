"""Routes of the notebook: note an issue, look at it, and one route per act, made from the command itself."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from domain.cases import issue as issues
from domain.cases.category import Category, Priority
from domain.cases.issue import Channel
from domain.estates.place import Part
from projections.cases import history, notebook
from projections.cases.history import HISTORY
from projections.cases.notebook import NOTEBOOK
from projections.people import people
from projections.people.people import PEOPLE
from services.cases import plans as case_plans
from services.cases.as_of import CASE_VIEWS
from services.cases.estate_at import AsOf, estate_at, past_tag
from services.cases.plans import NewIssue, Promotion
from services.cases.shapes import EntryShape, IssueShape, history_shape, issue_shape
from services.http.act_route import act_at
from services.http.acting import AskingNow, etag, perform, performing, showing
from services.http.acts import add_acts
from services.http.bodies import ActBody, Text, body_of, command_of
from services.http.document import LOCATED, UNCHANGED
from services.http.showing import shows
from services.http.who import Actor, Reader, TheProduct
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.member import Member

router = APIRouter(prefix="/api/v1/issues", tags=["issues"])


class NewIssueBody(ActBody):
    """Something is wrong: where, and what. Only ``estate`` and ``text`` are needed.

    Who reported it, the number to call and, where no place is named, the place are read out of the text.
    """

    estate: Annotated[str, Field(min_length=1, max_length=64, examples=["350902002999-001"])]
    text: Annotated[Text, Field(examples=["3栋1单元门口路灯不亮，晚上看不清台阶"])]
    channel: Channel = Channel.DESK
    building: Annotated[str, Field(max_length=64, examples=["3"])] | None = None
    stairwell: Annotated[str, Field(max_length=64, examples=["1"])] | None = None
    dwelling: Annotated[str, Field(max_length=64, examples=["402"])] | None = None
    reporter: Annotated[Text, Field(examples=["邹老师"])] | None = None
    phone: Annotated[Text, Field(examples=["13800000000"])] | None = None
    photos: Annotated[tuple[UUID, ...], Field(max_length=issues.MOST_PHOTOS)] = ()
    follows: UUID | None = None
    into: Annotated[UUID, Field(description="The issue that it is the same as: it is merged at once.")] | None = None
    as_told: Annotated[bool, Field(description="The fields hold: no place and no name is read out of the text.")] = (
        False
    )


class PromotionBody(ActBody):
    """Make a work order of it; what is left out was settled at triage or is usual for the category."""

    category: Category | None = None
    priority: Priority | None = None
    part: Part | None = None
    persons_inside: bool | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    issue: UUID
    number: str
    version: int
    position: int


@dataclass(frozen=True, slots=True)
class Promoted:
    issue: UUID
    order: UUID
    number: str
    version: int
    position: int


@dataclass(frozen=True, slots=True)
class Contact:
    """Name and phone in the clear; the looking is on record."""

    reporter: str | None
    phone: str | None
    dwelling: str | None


@dataclass(frozen=True, slots=True)
class IssueWithHistory:
    issue: UUID
    line: IssueShape
    history: list[EntryShape]


@act_at(router, "", status_code=201, responses=LOCATED)
async def note_issue(
    request: Request, response: Response, product: TheProduct, who: Actor, asking: AskingNow, body: NewIssueBody
) -> Noted:
    """Note an issue; the number is given at once."""
    new = NewIssue(
        estate=body.estate,
        text=body.text,
        channel=body.channel,
        building=body.building,
        stairwell=body.stairwell,
        dwelling=body.dwelling,
        reporter=body.reporter,
        phone=body.phone,
        photos=body.photos,
        follows=body.follows,
        into=body.into,
        name_told=body.as_told,
        place_told=body.as_told,
    )
    ask = asking.by(who, body.occurred_at)
    answer = await performing(request, product, "NoteIssue", ask, case_plans.note_issue(new))
    response.headers["Location"] = f"/api/v1/issues/{answer.stream}"
    response.headers["ETag"] = etag(answer.version)
    return Noted(answer.stream, answer.number, answer.version, answer.position)


@router.get("/{issue}", dependencies=[showing(NOTEBOOK)], responses=UNCHANGED)
def get_issue(issue: UUID, response: Response, product: TheProduct, who: Reader, as_of: AsOf = None) -> IssueShape:
    """One line of the notebook. ``ETag`` is its version."""
    line = line_of(product, who, issue)
    if as_of is None:
        response.headers["ETag"] = etag(line.version)
        return issue_shape(line, who.capacity, product.clock())
    with estate_at(product, who, line.estate, as_of, response) as seen:
        then = notebook.line(seen.conn, issue)
        if then is None:
            raise NotFound
        response.headers["ETag"] = past_tag(then)
        return seen.issue(then)


@router.get("/{issue}/history", dependencies=[showing(HISTORY, NOTEBOOK, PEOPLE)])
def get_history(
    issue: UUID, response: Response, product: TheProduct, who: Reader, as_of: AsOf = None
) -> list[EntryShape]:
    """Everything that happened in the case, its work order included, oldest first."""
    estate = line_of(product, who, issue).estate
    with estate_at(product, who, estate, as_of, response, CASE_VIEWS) as seen:
        found = history.of_case(seen.conn, issue)
        if found is None:
            raise NotFound
        return history_shape(found, people.named(seen.conn, [entry.actor for entry in found.entries]))


@act_at(router, "/{issue}/promote-to-work-order", status_code=201, responses=LOCATED)
async def promote(
    issue: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Actor,
    asking: AskingNow,
    body: PromotionBody | None = None,
) -> Promoted:
    """Make a work order of a line; both change together."""
    body = body or PromotionBody()
    promotion = Promotion(body.category, body.priority, body.part, body.persons_inside)
    ask = asking.by(who, body.occurred_at)
    answer = await performing(request, product, "PromoteToWorkOrder", ask, case_plans.promote(issue, promotion))
    response.headers["Location"] = f"/api/v1/work-orders/{answer.order}"
    response.headers["ETag"] = etag(answer.version)
    return Promoted(issue, answer.order, answer.number, answer.version, answer.position)


@router.post("/{issue}/view-contact")
def view_contact(
    issue: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Actor,
    asking: AskingNow,
    body: body_of(issues.ViewContact),  # type: ignore[valid-type]
) -> Contact:
    """Look at the reporter's name and phone; who looked and why is on record (INV-63)."""
    command = command_of(issues.ViewContact, body)
    ask = asking.by(who, body.occurred_at)
    answer = perform(request, "ViewContact", lambda: product.handler.do(ask, case_plans.on_issue(issue, command)))
    response.headers["ETag"] = etag(answer.version)
    shows(product, answer.position, [NOTEBOOK])
    line = line_of(product, who, issue)
    return Contact(line.reporter, line.phone, line.dwelling)


def line_of(product: Product, who: Member, issue: UUID) -> notebook.IssueLine:
    """The line, if it is in the reader's estates."""
    with product.lend(who) as conn:
        line = notebook.line(conn, issue)
    if line is None or line.estate not in who.estates:
        raise NotFound
    return line


_OF_THEIR_OWN = (issues.NoteIssue, issues.PromoteToWorkOrder, issues.ViewContact, issues.HandOverIssue)

add_acts(
    router,
    "issue",
    [command for command in issues.ALLOWED if command not in _OF_THEIR_OWN],
    Actor,
    case_plans.on_issue,
)
