"""Statements: choose a file, see what would happen, confirm, watch; and the queue of lines that a person settles."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from domain.calendar import local_date
from domain.catalogue import may
from domain.reconciliation.file import StartStatement
from domain.reconciliation.line import DoubtLine, LineStage, ReturnLine, SetAsideReason, SetLineAside, TellLineApart
from domain.refusal import Refusal, reject_if
from projections.estates import estates
from projections.fees import bills
from projections.reconciliation import lines as statement_lines
from projections.register import dwellings
from projections.register.dwellings import folded
from services.books.plans import books_of
from services.commands.ask import Forbidden, KeyReused, Stale
from services.commands.plan import Plan
from services.console.answers import chosen, refused, turned_away
from services.console.lists import Sheet, filled
from services.console.visit import CashVisit, FormFields, Visit, visited
from services.http.acting import perform
from services.http.who import Cashier
from services.log.not_found import NotFound
from services.reconciliation.access import PAGE, check_keeper, desk_plan, statement_form, statement_found, statement_of
from services.reconciliation.column_choice import asking, chosen_columns, under_heading
from services.reconciliation.doubles import MOST_AT_ONCE, settle_doubles, undo_doubles
from services.reconciliation.files import StatementImports
from services.reconciliation.formats.limits import LARGEST_FILE
from services.reconciliation.formats.mapping import NO_HEADING
from services.reconciliation.plans import match_line, on_line, refund_came_back
from services.reconciliation.previews import StatementImport, StatementStage
from services.reconciliation.shapes import FILE_VIEWS, LINE_VIEWS, lines_of, shape_of
from services.reconciliation.table_shapes import TableShape, table_of
from services.words.figures import shown

router = APIRouter(include_in_schema=False)

_COMMANDS = {
    "match": "MatchLine",
    "aside": "SetLineAside",
    "same": "SetLineAside",
    "apart": "TellLineApart",
    "doubt": "DoubtLine",
    "return": "ReturnLine",
}
_DOUBLES = re.compile(r"same|apart|undo-(?P<last>[0-9]{1,15})-(?P<lines>[0-9]{1,3})")
_STAGES = (LineStage.QUEUED, LineStage.MATCHED, LineStage.SET_ASIDE)


_File = Annotated[bytes, Depends(chosen(statement_form, statement_of))]


def _visit(request: Request, _file: _File, member: Cashier) -> Visit:
    return visited(request, member)


@router.get("/statements/{estate}")
def page(
    estate: str,
    visit: CashVisit,
    stage: LineStage = LineStage.QUEUED,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    after: int = 0,
) -> Response:
    return _page(visit.at(estate), estate, stage, page, after)


@router.post("/statements/{estate}")
def upload(estate: str, file: _File, visit: Annotated[Visit, Depends(_visit)]) -> Response:
    here = visit.at(estate)
    check_keeper(here.member, estate)
    try:
        id = here.product.part(StatementImports).upload(estate, file, here.member.person)
    except Refusal as error:
        status, said = turned_away(here, error)
        return _page(here, estate, LineStage.QUEUED, 1, 0, status, said=said)
    return RedirectResponse(f"/statements/{estate}/{id}", 303)


@router.get("/statements/{estate}/{id}")
def one(
    estate: str,
    id: UUID,
    visit: CashVisit,
    after: int = 0,
    columns: bool = False,
    head: Annotated[int | None, Query(ge=NO_HEADING, le=10_000)] = None,
) -> Response:
    """A file as it stands; with ``columns`` the question which of them is what, perhaps under another heading."""
    here = visit.at(estate)
    begun = _found(here, estate, id).started is not None
    asked_for = (columns or head is not None) and not begun
    return _one(here, estate, id, table=table_of(here.product, id, head) if asked_for else None)


@router.get("/statements/{estate}/{id}/live")
def live(estate: str, id: UUID, visit: CashVisit) -> Response:
    here = visit.at(estate)
    facts = _facts(here, _found(here, estate, id))
    return here.html("part/statement_live.html", **(facts | asking(here, facts["table"], None)))


@router.post("/statements/{estate}/{id}/{act}")
def act(estate: str, id: UUID, act: str, form: FormFields, visit: CashVisit) -> Response:
    here = visit.at(estate)
    _found(here, estate, id)
    statements = here.product.part(StatementImports)
    try:
        match act:
            case "confirm":
                ask = here.ask(form)
                seen = form.get("accept") == "yes"
                perform(here.request, "StartStatement", lambda: statements.confirm(id, ask, accept_differences=seen))
            case "columns":
                head, columns = chosen_columns(form)
                statements.choose(id, head, columns, here.member.person)
            case "discard":
                statements.discard(id)
                return RedirectResponse(f"/statements/{estate}", 303)
            case _:
                raise NotFound
    except (Refusal, KeyReused) as error:
        table = under_heading(here, id, form) if act == "columns" else None
        return _one(here, estate, id, *turned_away(here, error), form, table)
    return RedirectResponse(f"/statements/{estate}/{id}", 303)


@router.post("/statements/{estate}/{id}/doubles/{act}")
def doubles_act(estate: str, id: UUID, act: str, form: FormFields, visit: CashVisit) -> Response:
    """All lines of a file that may be earlier ones are, or none is; ``undo-POSITION-LINES`` takes that back."""
    here = visit.at(estate)
    _found(here, estate, id)
    wanted = _DOUBLES.fullmatch(act)
    if wanted is None:
        raise NotFound
    try:
        ask = here.ask(form)
        if wanted["last"]:
            plan = undo_doubles(id, estate, int(wanted["last"]), int(wanted["lines"]))
        else:
            plan = settle_doubles(id, estate, _count(form.get("lines", "")), same=act == "same")
        answer = perform(here.request, _COMMANDS.get(act, "ReturnLine"), lambda: here.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(
            here,
            wrong,
            lambda errors, status: _page(
                here, estate, LineStage.QUEUED, 1, 0, status, errors=errors, wrong_at=f"doubles-{id}"
            ),
        )
    back = f"/statements/{estate}/{id}/doubles/undo-{answer.position}-{answer.lines}" if not wanted["last"] else None
    toast = here.voice.say(f"statement-done-all-{'undo' if wanted['last'] else act}", n=answer.lines)
    return here.done(answer, toast, f"/statements/{estate}", undo=back, go=f"/statements/{estate}")


@router.post("/statements/{estate}/lines/{line}/{act}")
def line_act(estate: str, line: UUID, act: str, form: FormFields, visit: CashVisit) -> Response:
    here = visit.at(estate)
    if act not in _COMMANDS or estate not in here.member.estates:
        raise NotFound
    stage = LineStage.QUEUED
    try:
        ask, plan = here.ask(form), _plan(here, estate, line, act, form)
        answer = perform(here.request, _COMMANDS[act], lambda: here.product.handler.do(ask, plan))
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(
            here,
            wrong,
            lambda errors, status: _page(
                here, estate, stage, 1, 0, status, errors=errors, wrong_at=f"{act}-{line}", typed=form
            ),
        )
    of_desk = act == "match" and (_is_tapped(form, "payment") or _is_tapped(form, "refund"))
    toast = here.voice.say("statement-done-found" if of_desk else f"statement-done-{act}")
    back = "return" if of_desk or act in ("aside", "same") else "doubt" if act == "apart" else None
    undo = f"/statements/{estate}/lines/{line}/{back}" if back else None
    return here.done(answer, toast, f"/statements/{estate}", undo=undo, go=f"/statements/{estate}")


def _count(said: str) -> int:
    reject_if(not (said.isascii() and said.isdecimal() and len(said) < 4), "body", field="lines")
    return int(said)


def _plan(here: Visit, estate: str, line: UUID, act: str, form: Mapping[str, str]) -> Plan:
    if act == "return":
        return on_line(line, ReturnLine())
    if act == "apart":
        return on_line(line, TellLineApart())
    if act == "doubt":
        return on_line(line, DoubtLine())
    if act == "same":
        try:
            same = UUID(form.get("same", ""))
        except ValueError:
            raise NotFound from None
        return on_line(line, SetLineAside(SetAsideReason.SAME_LINE, None, same))
    if act == "aside":
        reason = form.get("reason", "")
        reject_if(reason not in SetAsideReason.__members__, "body", field="reason")
        return on_line(line, SetLineAside(SetAsideReason(reason), form.get("text") or None))
    dwelling, named = _whose(here, estate, form)
    if _is_tapped(form, "refund"):
        try:
            return refund_came_back(line, dwelling, UUID(form["refund"]))
        except ValueError:
            raise NotFound from None
    if _is_tapped(form, "payment"):
        try:
            return desk_plan(here.product, here.member, line, dwelling, UUID(form["payment"]))
        except ValueError:
            raise NotFound from None
    day = local_date(here.voice.now) if form.get("today") else None
    return match_line(line, dwelling, named, day, accept_excess=form.get("accept_excess") == "yes")


def _is_tapped(form: Mapping[str, str], what: str) -> bool:
    """Whether a payment that the desk took down, or a refund that was paid out, was tapped."""
    return bool(form.get(what)) and not form.get("where", "").strip()


def _whose(here: Visit, estate: str, form: Mapping[str, str]) -> tuple[UUID, tuple[UUID, ...]]:
    """The dwelling of one tap, or what somebody typed: a dwelling, or the number of a bill.

    One account may take the money of several estates: another of one's own is meant where its name stands before.
    """
    tapped, typed = form.get("dwelling", ""), form.get("where", "").strip()
    if tapped and not typed:
        try:
            return UUID(tapped), ()
        except ValueError:
            raise NotFound from None
    reject_if(not typed, "blank_text", field="where")
    with here.lend() as conn:
        for code in (estate, *sorted(here.member.estates - {estate})):
            bill = bills.by_number(conn, code, typed)
            if bill is not None:
                return bill.dwelling, (bill.bill,)
        for named in estates.mine(conn):
            if named.code in here.member.estates and typed.startswith(named.name):
                estate, typed = named.code, typed.removeprefix(named.name).strip()
                break
        found = dwellings.search(conn, [estate], typed, 3) if typed else []
    exact = [row for row in found if row.label is not None and folded(row.label) == folded(typed)]
    candidates = exact or found
    if len(candidates) != 1:
        raise Refusal("line_several" if candidates else "line_nowhere", field="where")
    return candidates[0].dwelling, ()


def _page(
    here: Visit,
    estate: str,
    stage: LineStage,
    page: int,
    after: int,
    status: int = 200,
    **said: object,
) -> Response:
    stale = here.caught_up(after, LINE_VIEWS)
    keeps = may(here.member.capacity, StartStatement)
    with here.lend() as conn:
        here.estate(conn, estate)
        counts = statement_lines.counts(conn, estate)
        doubled = statement_lines.twins_by_file(conn, estate) if keeps and stage is LineStage.QUEUED else []
    page, rows = filled(page, lambda each: list(lines_of(here.product, here.member, estate, stage, each)))
    more = page + 1 if page * PAGE < counts.get(stage, 0) else None
    context: dict[str, Any] = {
        "keeps": keeps,
        "doubled": [(file, min(n, MOST_AT_ONCE)) for file, n in doubled],
        "stage": stage,
        "stages": [(each, counts.get(each, 0)) for each in _STAGES],
        "sheet": Sheet(rows, page - 1 if page > 1 else None, more),
        "files": here.product.part(StatementImports).of_estate(estate, 10) if keeps else [],
        "reasons": [each for each in SetAsideReason if each is not SetAsideReason.SAME_LINE],
        "closed_until": books_of(here.product.log, estate).closed_until or date.min,
        "megabytes": LARGEST_FILE // 1_000_000,
        "money": shown,
        "stale": stale,
        "said": "",
        "errors": {},
        "wrong_at": "",
        "typed": {},
    }
    return here.html("statements.html", status=status, here="fees", tab="statements", **(context | said))


def _one(
    here: Visit,
    estate: str,
    id: UUID,
    status: int = 200,
    said: str = "",
    typed: Mapping[str, str] | None = None,
    table: TableShape | None = None,
) -> Response:
    facts = _facts(here, _found(here, estate, id))
    table = table or facts["table"]
    facts |= {"said": said, "table": table}
    facts |= asking(here, table, typed)
    return here.html("statement.html", status=status, here="fees", tab="statements", **facts)


def _found(here: Visit, estate: str, id: UUID) -> StatementImport:
    found = statement_found(here.product, here.member, id)
    if found.estate != estate:
        raise NotFound
    return found


def _facts(here: Visit, found: StatementImport) -> dict[str, Any]:
    stale = here.caught_up(0, FILE_VIEWS)
    shape = shape_of(here.product, here.member, found.id)
    total = sum(each.lines for each in shape.look.matched) if shape.look else shape.matched
    return {
        "estate": found.estate,
        "stale": stale,
        "found": found,
        "shape": shape,
        "look": shape.look,
        "table": shape.table,
        "has_table": shape.look is not None and here.product.part(StatementImports).table(found.id) is not None,
        "standing": shape.standing.value,
        "matched": total,
        "known": shape.look.known - sum(each.waiting + each.settled for each in shape.look.elsewhere)
        if shape.look
        else 0,
        "left": sum(each.lines for each in shape.look.waiting) if shape.look else shape.queued + shape.set_aside,
        "skipped": shape.lines - shape.matched - shape.queued - shape.set_aside,
        "share": round(100 * shape.done / shape.lines) if shape.lines else 0,
        "running": shape.standing is StatementStage.RUNNING,
        "money": shown,
        "said": "",
        "typed": {},
    }
