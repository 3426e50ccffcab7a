"""Bill runs: choose a month, look at what it would bill and where that differs, confirm, watch it, see the bills."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from domain.billing.bill_run import MOST_MONTHS
from domain.calendar import local_date
from domain.money.items import FeeItem
from domain.months import months_later
from domain.refusal import Refusal, Rejection
from domain.written.numbers import count
from projections.cases.orders import ORDERS
from projections.fees import bills
from projections.fees.bills import BILLS
from projections.register import dwellings
from projections.register.dwellings import DWELLINGS
from services.billing.access import days_of, run_of
from services.billing.charge_pages import waiting
from services.billing.runs import BillRuns, RunNow, RunStanding
from services.commands.ask import Forbidden, KeyReused, Stale
from services.console.answers import refused
from services.console.lists import SIZE, offset, sheet
from services.console.visit import AccountsVisit, FormFields, Visit
from services.contracts.calls import contract_calls
from services.fees.facts import reckoned
from services.http.acting import perform
from services.log.not_found import NotFound
from services.threads.try_later import TryLater
from services.words.figures import period, shown

router = APIRouter(include_in_schema=False)

_SHOWN = (BILLS, DWELLINGS, ORDERS)
_SHOWN_OF_RUN = (BILLS, DWELLINGS)

_AHEAD, _BACK = 13, 6  # months to choose from
_LAPSES = timedelta(days=7)  # a preview that nobody confirmed


@router.get("/bill-runs/{estate}")
def page(estate: str, visit: AccountsVisit) -> Response:
    return _page(visit.at(estate), estate)


@router.post("/bill-runs/{estate}")
def prepare(estate: str, form: FormFields, visit: AccountsVisit) -> Response:
    here = visit.at(estate)
    if estate not in here.member.estates:
        raise NotFound
    try:
        months = count(form.get("months", "1"), MOST_MONTHS, "run_months", field="months")
        try:
            since, until = days_of(form.get("period", ""), months)
        except ValueError:
            raise Rejection("body", field="period") from None
        ask = here.ask(form)
        runs = here.product.part(BillRuns)
        answer = perform(here.request, "PrepareBillRun", lambda: runs.prepare(estate, since, until, ask))
    except (Refusal, Stale, Forbidden, KeyReused, TryLater) as wrong:
        return refused(here, wrong, lambda errors, status: _page(here, estate, status, errors=errors))
    return here.done(answer, here.voice.say("run-prepared"), f"/bill-runs/{estate}/{answer.stream}",
                     go=f"/bill-runs/{estate}/{answer.stream}")  # fmt: skip


@router.get("/bill-runs/{estate}/{run}")
def one(estate: str, run: UUID, visit: AccountsVisit, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Response:
    return _one(visit.at(estate), estate, run, page=page)


@router.get("/bill-runs/{estate}/{run}/live")
def live(estate: str, run: UUID, visit: AccountsVisit) -> Response:
    here = visit.at(estate)
    return here.html("part/bill_run_live.html", **_facts(here, estate, run))


@router.post("/bill-runs/{estate}/{run}/{act}")
def act(estate: str, run: UUID, act: str, form: FormFields, visit: AccountsVisit) -> Response:
    here = visit.at(estate)
    _found(here, estate, run)
    runs = here.product.part(BillRuns)
    try:
        ask = here.ask(form)
        match act:
            case "confirm":
                perform(here.request, "ConfirmBillRun", lambda: runs.confirm(run, ask))
            case "discard":
                perform(here.request, "DiscardBillRun", lambda: runs.discard(run, ask))
                return RedirectResponse(f"/bill-runs/{estate}", 303)
            case _:
                raise NotFound
    except (Refusal, Stale, Forbidden, KeyReused) as wrong:
        return refused(here, wrong, lambda errors, status: _one(here, estate, run, status, errors=errors))
    return RedirectResponse(f"/bill-runs/{estate}/{run}", 303)


def _page(here: Visit, estate: str, status: int = 200, **said: Any) -> Response:
    stale = here.caught_up(0, _SHOWN)
    with here.lend() as conn:
        here.estate(conn, estate)
        repairs = waiting(conn, here, estate)
        billed = Counter(bills.billed_until(conn, estate, FeeItem.PROPERTY_FEE).values())
    day = max(billed, key=lambda each: (billed[each], each), default=None)  # to which most are billed
    runs = here.product.part(BillRuns).of_estate(estate)
    first = local_date(here.voice.now).replace(day=1)
    periods = [f"{months_later(first, ahead):%Y-%m}" for ahead in range(-_BACK, _AHEAD)]
    context: dict[str, Any] = {
        "periods": periods,
        "next": f"{day:%Y-%m}" if day and f"{day:%Y-%m}" in periods else periods[_BACK + 1],
        "months": range(1, MOST_MONTHS + 1),
        "repairs": repairs,
        "runs": runs,
        "lapsed": lapsed(runs, here.voice.now),
        "billed": (day - timedelta(days=1), billed[day], sum(n for each, n in billed.items() if each < day))
        if day
        else None,
        "money": shown,
        "errors": {},
        "contract_calls": contract_calls(here),
        "stale": stale,
    }
    return here.html("bill_runs.html", status=status, here="fees", tab="bills", **(context | said))


def lapsed(runs: Sequence[RunNow], now: datetime) -> set[UUID]:
    """Previews that nobody will confirm any more: old ones, and those with a newer one of the same days.

    ``runs`` are told the newest first.
    """
    newer: list[RunNow] = []
    found: set[UUID] = set()
    for run in runs:
        again = any(each.since < run.until and run.since < each.until for each in newer)
        if run.standing is RunStanding.PREPARED and (again or now - run.prepared_at > _LAPSES):
            found.add(run.id)
        if run.standing is not RunStanding.DISCARDED:
            newer.append(run)
    return found


def _one(here: Visit, estate: str, run: UUID, status: int = 200, page: int = 1, **said: Any) -> Response:
    facts = {"errors": {}} | _facts(here, estate, run, page) | said
    return here.html("bill_run.html", status=status, here="fees", tab="bills", **facts)


def _found(here: Visit, estate: str, run: UUID) -> RunNow:
    found = run_of(here.product, here.member, run)
    if found.estate != estate:
        raise NotFound
    return found


def _facts(here: Visit, estate: str, run: UUID, page: int = 1) -> dict[str, Any]:
    stale, found = here.caught_up(0, _SHOWN_OF_RUN), _found(here, estate, run)
    facts: dict[str, Any] = {"estate": estate, "stale": stale, "found": found, "standing": found.standing.value,
                             "money": shown,
                             "share": round(100 * found.done / found.lines) if found.lines else 0}  # fmt: skip
    if found.standing is RunStanding.DISCARDED:
        return facts | {
            "items": [],
            "differences": [],
            "different": 0,
            "missing": [],
            "obstacles": 0,
            "rows": [],
            "compared": False,
        }
    preview = here.product.part(BillRuns).preview(run)
    differences, missing = preview.differences[:SIZE], preview.missing[:SIZE]
    listed: list[Any] = []
    with here.lend() as conn:
        if found.standing is RunStanding.DONE:
            listed = list(bills.of_run(conn, run, SIZE + 1, offset(page)))
        elif found.standing is RunStanding.PREPARED:
            listed = list(here.product.part(BillRuns).lines(run, SIZE + 1, offset(page)))
        turned = sheet(listed, page)
        rows = turned.rows
        wanted = [
            *(each.dwelling for each in differences),
            *(each.dwelling for each in missing),
            *(row.dwelling for row in rows),
        ]
        labels = dwellings.labels(conn, wanted)
    return facts | {
        "items": preview.items,
        "differences": differences,
        "different": preview.different,
        "compared": preview.compared,
        "missing": missing,
        "obstacles": preview.obstacles,
        "rows": [(row, period(row.since, row.until), reckoned(here.voice, row)) for row in rows],
        "sheet": turned,
        "labels": labels,
    }
