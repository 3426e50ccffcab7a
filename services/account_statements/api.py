"""Private addresses of statements over HTTP: given out, listed, and taken back. The address is told once."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from domain.account_statements.link import LONGEST_DAYS, STATEMENT_LINK, RevokeStatementLink
from projections.account_statements import links
from projections.account_statements.links import STATEMENT_LINKS
from services.account_statements import plans as statement_links
from services.account_statements.plans import USUAL_DAYS, check_own, on_statement_link
from services.http.act_route import act_at
from services.http.acting import AskingNow, etag, performing, showing
from services.http.acts import Done, done
from services.http.addresses import origin
from services.http.bodies import ActBody
from services.http.who import Cashier, TheProduct

router = APIRouter(prefix="/api/v1", tags=["closing"])


@dataclass(frozen=True, slots=True)
class LinkShape:
    """``until`` is the first day on which it opens nothing any more; ``read_at`` is the first reading of a day."""

    link: UUID
    until: date
    revoked: bool
    issued_by: UUID
    issued_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """``url`` is kept nowhere: whoever loses it asks for another one."""

    link: UUID
    url: str
    until: date
    position: int


class LinkBody(ActBody):
    days: Annotated[int, Field(strict=True, description=f"1 to {LONGEST_DAYS}", examples=[30])] = USUAL_DAYS


@router.get("/dwellings/{dwelling}/statement-links", dependencies=[showing(STATEMENT_LINKS)])
def list_statement_links(dwelling: UUID, product: TheProduct, who: Cashier) -> list[LinkShape]:
    """Those given out for a dwelling, the newest first."""
    check_own(product, who, dwelling)
    with product.lend(who) as conn:
        rows = links.of_dwelling(conn, dwelling)
    return [LinkShape(row.link, row.until, row.revoked, row.issued_by, row.issued_at, row.read_at) for row in rows]


@act_at(router, "/dwellings/{dwelling}/statement-links")
async def issue_statement_link(
    dwelling: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: LinkBody,
) -> IssuedLink:
    """Let the present owner read the own statement for some days, without an account."""
    ask = asking.by(who, body.occurred_at)
    token = statement_links.new_token(product, ask)
    plan = statement_links.issue(product, dwelling, body.days, token)
    answer = await performing(request, product, "IssueStatementLink", ask, plan)
    state = product.log.remembered(STATEMENT_LINK, answer.stream).state
    assert state.until is not None
    response.headers["ETag"] = etag(answer.version)
    return IssuedLink(answer.stream, f"{origin(product)}/s/{token}", state.until, answer.position)


@act_at(router, "/statement-links/{link}/revoke")
async def revoke_statement_link(
    link: UUID,
    request: Request,
    response: Response,
    product: TheProduct,
    who: Cashier,
    asking: AskingNow,
    body: ActBody,
) -> Done:
    """Let an address open nothing any more."""
    plan = on_statement_link(link, RevokeStatementLink())
    answer = await performing(request, product, "RevokeStatementLink", asking.by(who, body.occurred_at), plan)
    return done(response, answer)
