"""The page of closing: what stands against it, the button, and the packages of months that are closed."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from domain.capacity import ACCOUNTS
from domain.refusal import Refusal, refuse_if
from projections.cash.drawers import DRAWERS
from projections.fees.payments import PAYMENTS
from projections.people import people
from projections.people.people import PEOPLE
from services.books.plans import books_of
from services.closing import closing
from services.closing.package import PackageFormat, package_file
from services.closing.papers import HELD_LINES, RECEIVABLE_LINES, sums
from services.commands.ask import Forbidden, KeyReused, Stale
from services.console.answers import Wrong, refused
from services.console.visit import AccountsVisit, FormFields, TotalsVisit, Visit
from services.http.acting import perform
from services.log.not_found import NotFound
from services.words.figures import shown

router = APIRouter(include_in_schema=False)

_SHOWN = (DRAWERS, PAYMENTS, PEOPLE)

Month = Annotated[str, Path(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]


@router.get("/closing/{estate}")
def page(estate: str, visit: TotalsVisit, look: int = 0) -> Response:
    return _page(visit.at(estate), estate, look=bool(look))


@router.post("/closing/{estate}")
def close(estate: str, form: FormFields, visit: AccountsVisit) -> Response:
    here = visit.at(estate)
    if estate not in here.member.estates:
        raise NotFound
    month = form.get("month", "")
    try:
        ask = here.ask(form)
        refuse_if(not form.get("seen"), "closing_look_first")
        do = partial(closing.close, here.product, ask, estate, month, form["seen"])
        answer = perform(here.request, "CloseMonth", do)
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(here, wrong, lambda errors, status: _page(here, estate, status, errors, look=True))
    toast = here.voice.say("closing-done", month=month)
    return here.done(answer, toast, f"/closing/{estate}", go=f"/closing/{estate}")


@router.get("/closing/{estate}/{month}.{format}")
def package(estate: str, month: Month, format: PackageFormat, request: Request, visit: AccountsVisit) -> Response:
    if estate not in visit.member.estates:
        raise NotFound
    return package_file(visit.product, visit.member, estate, month, format, visit.viewer.language)


def _page(here: Visit, estate: str, status: int = 200, errors: Wrong | None = None, *, look: bool = False) -> Response:
    stale = here.caught_up(0, _SHOWN)
    with here.lend() as conn:
        row = here.estate(conn, estate)
        books = books_of(here.product.log, estate)
        names = people.named(conn, [each.by for each in books.closed.values()])
    month = closing.next_month(books, here.voice.now.date())
    standing = closing.missing(here.product, estate, month)
    acts = here.member.capacity in ACCOUNTS
    so_far = closing.so_far(here.product, estate, month) if look and acts else None
    return here.html(
        "closing.html",
        status=status,
        here="fees",
        tab="closing",
        stale=stale,
        row=row,
        month=month,
        locked=books.locked is not None and books.locked not in books.closed,
        missing=standing,
        hindered=any(each.hinders for each in standing),
        closed=[(name, each, names.get(each.by)) for name, each in sorted(books.closed.items(), reverse=True)],
        acts=acts,
        so_far=so_far,
        seen=closing.mark(so_far[0]) if so_far else "",
        errors=errors or {},
        money=shown,
        receivable=partial(sums, lines=RECEIVABLE_LINES),
        held=partial(sums, lines=HELD_LINES),
    )
