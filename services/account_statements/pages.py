"""The owner's own statement under its private address, and the page at the desk that gives such an address out."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from domain.account_statements.link import LONGEST_DAYS, IssueStatementLink, RevokeStatementLink
from domain.refusal import Refusal
from domain.register.dwelling import DWELLING
from domain.written.numbers import count
from projections.account_statements import links
from projections.account_statements.links import STATEMENT_LINKS
from projections.people import people
from projections.people.people import PEOPLE
from projections.register import dwellings
from projections.register.dwellings import DWELLINGS
from services.account_statements import plans as statement_links
from services.account_statements.plans import USUAL_DAYS, check_own, on_statement_link
from services.commands.ask import Forbidden, KeyReused, Stale
from services.console import render
from services.console.answers import Wrong, refused
from services.console.render import Voice
from services.console.viewer import Viewer
from services.console.visit import CashVisit, FormFields, Visit
from services.fees.facts import explained
from services.http.acting import perform
from services.http.addresses import origin
from services.http.guessing import unless_guessed
from services.http.problems import language_of
from services.http.who import TheProduct
from services.paper.press import qr
from services.words.figures import full_date, shown

router = APIRouter(include_in_schema=False)

_SHOWN = (DWELLINGS, PEOPLE, STATEMENT_LINKS)


@router.get("/s/{token}")
def account_statement_page(token: str, request: Request, product: TheProduct) -> Response:
    """For anybody who holds the address: nobody signs in, nothing is kept by browsers or search engines."""
    found = unless_guessed(request, "statement", lambda: statement_links.opened(product, token))
    now = product.clock()
    viewer = Viewer(language=language_of(request), theme=request.cookies.get("theme", "auto"))
    voice = Voice(viewer.language, now)
    html = render.html(
        "own_statement.html",
        viewer,
        now,
        found=found,
        until=full_date(viewer.language, found.until) if found else "",
        today=voice.now.date(),
        money=shown,
        explained=partial(explained, voice),
    )
    headers = {
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(html, 200 if found else 404, headers)


@router.get("/accounts/{dwelling}/statement-links")
def page(dwelling: UUID, visit: CashVisit, after: int = 0) -> Response:
    return _page(visit, dwelling, after)


@router.post("/accounts/{dwelling}/statement-links")
def issue(dwelling: UUID, form: FormFields, visit: CashVisit) -> Response:
    """The page with the address as a code: it is shown this once, so no script answers in its place."""
    try:
        days = count(form.get("days", "") or str(USUAL_DAYS), LONGEST_DAYS, "link_days", field="days")
        ask = visit.ask(form)
        token = statement_links.new_token(visit.product, ask)
        plan = statement_links.issue(visit.product, dwelling, days, token)
        answer = perform(visit.request, IssueStatementLink.__name__, lambda: visit.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(visit, wrong, lambda errors, status: _page(visit, dwelling, 0, status, errors=errors))
    return _page(visit, dwelling, answer.position, url=f"{origin(visit.product)}/s/{token}")


@router.post("/accounts/{dwelling}/statement-links/{link}/revoke")
def revoke(dwelling: UUID, link: UUID, form: FormFields, visit: CashVisit) -> Response:
    try:
        ask, plan = visit.ask(form), on_statement_link(link, RevokeStatementLink())
        answer = perform(visit.request, RevokeStatementLink.__name__, lambda: visit.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(visit, wrong, lambda errors, status: _page(visit, dwelling, 0, status, errors=errors))
    back = f"/accounts/{dwelling}/statement-links"
    return visit.done(answer, visit.voice.say("own-revoked"), back, go=back)


def _page(
    here: Visit, dwelling: UUID, after: int, status: int = 200, *, url: str | None = None, errors: Wrong | None = None
) -> Response:
    stale = here.caught_up(after, _SHOWN)
    check_own(here.product, here.member, dwelling)
    here = here.at(here.product.log.remembered(DWELLING, dwelling).state.estate or "")
    today = here.voice.now.date()
    with here.lend() as conn:
        label = dwellings.labels(conn, [dwelling]).get(dwelling, "")
        rows = links.of_dwelling(conn, dwelling)
        names = people.named(conn, [row.issued_by for row in rows])
    code = qr(url) if url else None
    return here.html(
        "statement_links.html",
        status=status,
        here="fees",
        tab="desk",
        estate=here.viewer.estate,
        dwelling=dwelling,
        label=label,
        url=url,
        here_only=here.here_only,
        side=code["side"] if code else 0,
        dark=_dark(code["side"], code["rows"]) if code else [],
        links=[(row, names.get(row.issued_by), not row.revoked and today < row.until) for row in rows],
        usual=USUAL_DAYS,
        most=LONGEST_DAYS,
        stale=stale,
        errors=errors or {},
    )


def _dark(side: int, rows: str) -> list[tuple[int, int]]:
    """Where a code is dark: column and row of each module."""
    return [(place % side, place // side) for place, module in enumerate(rows) if module == "0"]
