"""The page of the cash drawer: open it, see what moved, count it note by note, close it with what was found.

Who keeps the accounts sees those of others, and counts and closes what somebody left open.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from domain.capacity import ACCOUNTS
from domain.cash.drawer import DENOMINATIONS, CloseDrawer, CountDrawer, OpenDrawer, Pieces, drawer_stream
from domain.refusal import Refusal
from domain.written.numbers import count
from projections.cash import drawers
from projections.cash.drawers import DRAWERS
from projections.people import people
from projections.people.people import PEOPLE
from services.cash.plans import on_drawer
from services.commands.ask import Forbidden, KeyReused, Stale
from services.console.amounts import fen_of, typed
from services.console.answers import refused
from services.console.visit import CashVisit, FormFields, Visit
from services.http.acting import perform
from services.log.not_found import NotFound
from services.words.figures import shown

router = APIRouter(include_in_schema=False)

_SHOWN = (DRAWERS, PEOPLE)

_COMMANDS = {"open": OpenDrawer, "count": CountDrawer, "close": CloseDrawer}
_CLOSINGS = 31


@router.get("/drawer/{estate}")
def page(estate: str, visit: CashVisit, after: int = 0, cashier: UUID | None = None) -> Response:
    return _page(visit.at(estate), estate, after, cashier=cashier)


@router.post("/drawer/{estate}/{act}")
def act(estate: str, act: str, form: FormFields, visit: CashVisit, cashier: UUID | None = None) -> Response:
    here = visit.at(estate)
    if act not in _COMMANDS or estate not in here.member.estates:
        raise NotFound
    try:
        ask, command = here.ask(form), _command(act, estate, form)
        plan = on_drawer(estate, command, cashier)
        answer = perform(here.request, type(command).__name__, lambda: here.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(
            here,
            wrong,
            lambda errors, status: _page(here, estate, 0, status, cashier=cashier, typed=form, errors=errors),
        )
    toast = here.voice.say(f"drawer-done-{act}")
    go = f"/drawer/{estate}" + (f"?cashier={cashier}" if cashier else "")
    return here.done(answer, toast, go, go=go)


def _command(act: str, estate: str, form: Mapping[str, str]) -> OpenDrawer | CountDrawer | CloseDrawer:
    reason = form.get("reason") or None
    if act == "open":
        return OpenDrawer(estate, fen_of(form.get("change", ""), "change"), reason)
    if act == "close":
        return CloseDrawer(fen_of(form.get("left", ""), "left"), reason)
    return CountDrawer(tuple(Pieces(value, _pieces(form, value)) for value in DENOMINATIONS))


def _pieces(form: Mapping[str, str], value: int) -> int:
    return count(form.get(f"n-{value}", ""), 100_000, "drawer_pieces")


def _page(
    here: Visit,
    estate: str,
    after: int,
    status: int = 200,
    *,
    cashier: UUID | None = None,
    **said: Mapping[str, str],
) -> Response:
    stale = here.caught_up(after, _SHOWN)
    whose = cashier or here.member.person
    mine = drawer_stream(estate, whose)
    with here.lend() as conn:
        row = here.estate(conn, estate)
        all_of_them = drawers.of_estates(conn, [estate]) if here.member.capacity in ACCOUNTS else []
        own = drawers.drawer(conn, mine)
        if whose != here.member.person and (own is None or own.drawer not in {each.drawer for each in all_of_them}):
            raise NotFound
        closers = [each.closed_by for each in own.closings[:_CLOSINGS] if each.closed_by] if own else []
        names = people.named(conn, [*(each.cashier for each in all_of_them), *closers])
    state = own.state if own else None
    inside = {each.value: each.pieces for each in own.denominations} if own else {}
    context: dict[str, Any] = {
        "row": row,
        "own": own,
        "whose": whose,
        "of_other": names.get(whose) or here.voice.say("person-forgotten") if whose != here.member.person else "",
        "names": names,
        "state": state,
        "version": own.version if own else 0,
        "coins": [(value, inside.get(value, 0)) for value in DENOMINATIONS],
        "closings": own.closings[:_CLOSINGS] if own else (),
        "others": [(names.get(each.cashier), each) for each in all_of_them if each.drawer != mine],
        "earlier_day": bool(state and state.opened_on and state.opened_on < here.voice.now.date()),
        "money": shown,
        "plain": typed,
        "stale": stale,
    }
    return here.html(
        "drawer.html", status=status, here="fees", tab="drawer", **({"typed": {}, "errors": {}} | context | said)
    )
