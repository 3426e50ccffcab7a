"""The order page and the notebook line's page, with every act that can be given on them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from domain.cases import issue as issues
from domain.cases.issue import MOST_PHOTOS, PhotoKind
from domain.refusal import Refusal, reject_if
from projections.cases import notebook, orders
from projections.cases.history import HISTORY
from projections.cases.notebook import NOTEBOOK, IssueLine
from projections.cases.orders import ORDERS, OrderCard
from projections.estates.emergency_contacts import EMERGENCY_LINES
from projections.estates.estates import ESTATES
from projections.people import people
from projections.people.people import PEOPLE
from services.cases import order_facts
from services.cases import plans as case_plans
from services.cases.acts import ISSUE_ACTS, ORDER_ACTS, filled
from services.cases.as_of import CASE_VIEWS
from services.cases.bulk import UNDONE_BY
from services.cases.photo_keeping import keep
from services.cases.plans import Promotion
from services.cases.reporter import owed_of
from services.commands.ask import Answer, Ask, Forbidden, KeyReused, Stale
from services.console.answers import Uploads, refused
from services.console.visit import ActVisit, CaseVisit, FormFields, Visit
from services.http.acting import perform
from services.log.not_found import NotFound

router = APIRouter(include_in_schema=False)

_SHOWN_OF_ISSUE = (HISTORY, NOTEBOOK, ORDERS, PEOPLE, ESTATES, EMERGENCY_LINES)
_SHOWN_OF_ORDER = (*CASE_VIEWS, EMERGENCY_LINES)

_Refused = (Refusal, Stale, Forbidden, KeyReused)


# -- orders ------------------------------------------------------------------------------------------------------


@router.get("/orders/{order}")
def order_page(order: UUID, visit: CaseVisit, act: str = "", after: int = 0) -> Response:
    return _order_page(visit, order, act, after)


@router.get("/orders/{order}/live")
def order_live(order: UUID, visit: CaseVisit, after: int = 0) -> Response:
    stale = visit.caught_up(after, _SHOWN_OF_ORDER)
    with visit.lend() as conn:
        card = _card(orders.card(conn, order))
        here = visit.at(card.estate)
        etag = here.etag(_SHOWN_OF_ORDER, [card.estate], order, stale)
        unchanged = here.unchanged(etag)
        if unchanged:
            return unchanged
        context = order_facts.order_facts(conn, here.viewer, here.estate(conn, card.estate), card, here.voice)
    return here.html("part/order_live.html", etag, stale=stale, **context)


def _order_page(
    visit: Visit, order: UUID, asked: str, after: int, status: int = 200, **said: Mapping[str, str]
) -> Response:
    stale = visit.caught_up(after, _SHOWN_OF_ORDER)
    with visit.lend() as conn:
        card = _card(orders.card(conn, order))
        here = visit.at(card.estate)
        etag = here.etag(_SHOWN_OF_ORDER, [card.estate], order, stale)
        estate = here.estate(conn, card.estate)
        context = order_facts.order_facts(conn, here.viewer, estate, card, here.voice, asked)
    context |= _drafts(asked, **said)
    return here.html("order.html", status=status, here="orders", stale=stale, **({"etag": etag} | context))


@router.post("/orders/{order}/{act}")
def order_act(order: UUID, act: str, visit: ActVisit, form: FormFields) -> Response:
    if act not in ORDER_ACTS:
        raise NotFound
    with visit.lend() as conn:
        card = _card(orders.card(conn, order))
    here = visit.at(card.estate)
    try:
        ask = here.ask(form)
        command = filled(ORDER_ACTS[act], form)
        answer = perform(
            here.request,
            type(command).__name__,
            lambda: here.product.handler.do(ask, case_plans.on_work_order(order, command)),
        )
    except _Refused as wrong:
        return refused(
            here, wrong, lambda errors, status: _order_page(here, order, act, 0, status, typed=form, errors=errors)
        )
    page = f"/issues/{card.issue}" if act == "withdraw" else f"/orders/{order}"
    back = {"board": f"/board/{card.estate}", "mine": "/mine"}.get(form.get("back", ""), page)
    undo = f"/orders/{order}/{UNDONE_BY[act]}" if act in UNDONE_BY else None
    return here.done(answer, _toast(here, act, command, card.issue), back, undo=undo)


def _toast(here: Visit, act: str, command: Any, issue: UUID) -> str:
    if act == "close":
        with here.lend() as conn:
            owed = owed_of(conn, issue)
        if owed:
            numbers = here.voice.say("list-comma").join(line.number[-4:] for line in owed)
            return here.voice.say("done-close-owed", n=len(owed), numbers=numbers)
    if act == "dispatch":
        with here.lend() as conn:
            name = people.named(conn, [command.steward]).get(command.steward) or ""
        return here.voice.say("done-dispatch", name=name)
    return here.voice.say("done-recall") if act == "recall" else _done(here, act)


def _done(here: Visit, act: str) -> str:
    return here.voice.say("done-toast", act=here.voice.say(f"act-{act}"))


# -- notebook lines ----------------------------------------------------------------------------------------------


@router.get("/issues/{issue}")
def issue_page(issue: UUID, visit: CaseVisit, act: str = "", after: int = 0) -> Response:
    return _issue_page(visit, issue, act, after)


@router.get("/issues/{issue}/live")
def issue_live(issue: UUID, visit: CaseVisit, after: int = 0) -> Response:
    stale = visit.caught_up(after, _SHOWN_OF_ISSUE)
    with visit.lend() as conn:
        line = _line(notebook.line(conn, issue))
        here = visit.at(line.estate)
        etag = here.etag(_SHOWN_OF_ISSUE, [line.estate], issue, stale)
        unchanged = here.unchanged(etag)
        if unchanged:
            return unchanged
        context = order_facts.issue_facts(conn, here.viewer, here.estate(conn, line.estate), line, here.voice)
    return here.html("part/issue_live.html", etag, stale=stale, **context)


def _issue_page(
    visit: Visit, issue: UUID, asked: str, after: int, status: int = 200, **said: Mapping[str, str]
) -> Response:
    stale = visit.caught_up(after, _SHOWN_OF_ISSUE)
    with visit.lend() as conn:
        line = _line(notebook.line(conn, issue))
        here = visit.at(line.estate)
        etag = here.etag(_SHOWN_OF_ISSUE, [line.estate], issue, stale)
        estate = here.estate(conn, line.estate)
        context = order_facts.issue_facts(conn, here.viewer, estate, line, here.voice, asked)
    context |= _drafts(asked, **said)
    return here.html("issue.html", status=status, here="notebook", stale=stale, **({"etag": etag} | context))


@router.post("/issues/{issue}/{act}")
def issue_act(issue: UUID, act: str, visit: ActVisit, form: FormFields, pictures: Uploads) -> Response:
    if act not in ISSUE_ACTS and act != "photos":
        raise NotFound
    with visit.lend() as conn:
        line = _line(notebook.line(conn, issue))
    here = visit.at(line.estate)
    try:
        answer, said, go = _issue_done(here, line, act, form, pictures)
    except _Refused as wrong:
        return refused(
            here, wrong, lambda errors, status: _issue_page(here, issue, act, 0, status, typed=form, errors=errors)
        )
    own = form.get("back", "")
    back = f"/board/{line.estate}" if own == "board" else own if _of_a_case(own) else f"/issues/{issue}"
    undo = f"/issues/{issue}/undo-{act}" if act in ("merge", "drop", "promote") else None
    return here.done(answer, said, back, undo=undo, go=None if own else go)


def _of_a_case(address: str) -> bool:
    """Whether it is the page of an order: the way back from what was done about one of its lines."""
    return re.fullmatch(r"/orders/[0-9a-f-]{36}", address) is not None


def _issue_done(
    here: Visit, line: IssueLine, act: str, form: Mapping[str, str], pictures: Sequence[bytes]
) -> tuple[Answer, str, str | None]:
    ask = here.ask(form)
    if act == "photos":
        reject_if(not pictures, "not_a_photo", field="photo")
        return _attach(here, line.issue, line.estate, pictures, form), here.voice.say("photo-added"), None
    command = filled(ISSUE_ACTS[act], form)
    if isinstance(command, Promotion):
        promoted = perform(
            here.request,
            "PromoteToWorkOrder",
            lambda: here.product.handler.do(ask, case_plans.promote(line.issue, command)),
        )
        return promoted, here.voice.say("done-promote", no=promoted.number), f"/orders/{promoted.order}"
    answer = perform(
        here.request,
        type(command).__name__,
        lambda: here.product.handler.do(ask, case_plans.on_issue(line.issue, command)),
    )
    return answer, here.voice.say("done-merge") if act == "merge" else _done(here, act), None


# -- photos ------------------------------------------------------------------------------------------------------


def _attach(here: Visit, issue: UUID, estate: str, pictures: Sequence[bytes], form: Mapping[str, str]) -> Answer:
    """Keep the pictures and put each on record; a repeated form keeps none twice."""
    answer, said = Answer(issue, 0), form.get("kind", "")
    kind = PhotoKind(said) if said in PhotoKind.__members__ else None
    reject_if(len(pictures) > MOST_PHOTOS, "too_many_photos", most=MOST_PHOTOS, field="photo")
    for number, picture in enumerate(pictures):
        key = f"{form['key'][:100]}-photo-{number}" if form.get("key") else None
        if key and here.product.log.answered(here.member.person, key):
            continue
        photo = keep(here.product, here.member.estates, estate, here.member.person, picture)
        attach = issues.AttachPhoto(photo, kind)
        answer = here.product.handler.do(Ask(here.member.caller, key=key), case_plans.on_issue(issue, attach))
    return answer


# -- what both share ---------------------------------------------------------------------------------------------


def _card(found: OrderCard | None) -> OrderCard:
    if found is None:
        raise NotFound
    return found


def _line(found: IssueLine | None) -> IssueLine:
    if found is None:
        raise NotFound
    return found


def _drafts(
    asked: str, typed: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What was typed and is wrong, for the one act that was tried."""
    return {
        "typed_of": lambda act: typed or {} if act == asked else {},
        "errors_of": lambda act: errors or {} if act == asked else {},
    }
