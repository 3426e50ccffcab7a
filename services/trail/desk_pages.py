"""The audit desk's pages: how far the trail is vouched for, a period's report, lists of lines, a case by its lines."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from projections.cases import notebook
from projections.cases.history import HISTORY
from projections.cases.notebook import NOTEBOOK
from projections.cases.orders import ORDERS
from projections.people.people import PEOPLE
from projections.projection import Connection
from projections.trail import lines
from projections.trail.lines import LINES, NOWHERE, LineKind, TrailLine
from services.console.visit import Visit
from services.log.not_found import NotFound
from services.trail import desk_posts
from services.trail.desk_access import DeskVisit, lend_with_installation
from services.trail.desk_alarms import alarms, is_behind
from services.trail.desk_corrections import corrected_by
from services.trail.desk_history import of_case, told_history
from services.trail.desk_lines import LIST_OF, LISTS, OF_THE_INSTALLATION, ToldLine, mark_of, told
from services.trail.desk_periods import Period, month, period, quarter
from services.trail.desk_report import FigureKey, ReportFigure, report
from services.trail.desk_standing import Asked, Standing, Tick, standing, ticks
from services.trail.desk_texts import agreement, figure_text, period_title, span

router = APIRouter(include_in_schema=False)

PAGE = 50  # lines
RECENT = 8
_OF_REPORT = (LINES, ORDERS)
_OF_LINES = (LINES, PEOPLE)


@router.get("/trail/{estate}")
def desk(estate: str, visit: DeskVisit) -> Response:
    """Can this record be trusted, and where is the proof."""
    here, now = visit.at(estate), visit.voice.now
    stale, this = here.caught_up(0, (*_OF_REPORT, PEOPLE)), month(now.date())
    with here.lend() as conn:
        here.estate(conn, estate)
        stands = standing(here.product, conn)
        made = report(conn, estate, this, now)
        several = desk_posts.several_posts(conn, estate, this.span, now)
    with lend_with_installation(here.product, here.member, estate) as conn:
        recent = _told(here, conn, lines.listed(conn, [estate, NOWHERE], [], this.span, RECENT), stands)
        skipped = lines.listed(conn, [NOWHERE], [LineKind.MACHINE], this.span, PAGE)
    return here.html(
        "trail_desk.html",
        here="trail",
        tab="trail-desk",
        stale=stale,
        stands=stands,
        verdict=_verdict(here, stands),
        alarms=alarms(stands, made, skipped, now),
        made=made,
        recent=recent,
        several=several,
        **_words(here),
    )


@router.get("/trail/{estate}/report")
def report_page(
    estate: str, visit: DeskVisit, of: Annotated[str, Query(alias="period")] = "", figure: str = ""
) -> Response:
    """Each figure with where it comes from; one of them opened."""
    here, today = visit.at(estate), visit.voice.now.date()
    wanted = period(of, today)
    opened = next((each for each in FigureKey if each.value == figure), None)
    stale = here.caught_up(0, (*_OF_REPORT, PEOPLE) if opened else _OF_REPORT)
    with here.lend() as conn:
        here.estate(conn, estate)
        stands = standing(here.product, conn)
        made = report(conn, estate, wanted, here.voice.now)
        found = (
            lines.listed(conn, [estate], [made.figure(opened).kind], wanted.span, PAGE) if opened is not None else []
        )
        told_lines = _told(here, conn, found, stands)
    return here.html(
        "trail_report.html",
        here="trail",
        tab="trail-report",
        stale=stale,
        stands=stands,
        made=made,
        opened=opened,
        lines=told_lines,
        choices=_choices(wanted, here),
        **_words(here),
    )


@router.get("/trail/{estate}/lines")
def lines_page(
    estate: str,
    visit: DeskVisit,
    of: Annotated[str, Query(alias="list")] = "corrected",
    named: Annotated[str, Query(alias="period")] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Response:
    """One list of lines in a period, the newest first."""
    here = visit.at(estate)
    if of not in LISTS:
        raise NotFound
    wanted = period(named, here.voice.now.date())
    stale = here.caught_up(0, _OF_LINES)
    with here.lend() as conn:
        here.estate(conn, estate)
    with lend_with_installation(here.product, here.member, estate) as conn:
        stands = standing(here.product, conn)
        found = _listed(conn, estate, of, wanted, before)
        told_lines = _told(here, conn, found[:PAGE], stands)
    return here.html(
        "trail_lines.html",
        here="trail",
        tab="trail-lines",
        stale=stale,
        stands=stands,
        list=of,
        lists=tuple(LISTS),
        period=wanted,
        choices=_choices(wanted, here),
        lines=told_lines,
        older=found[PAGE - 1].position if len(found) > PAGE else None,
        first=before is not None,
        **_words(here),
    )


@router.get("/trail/{estate}/cases")
def cases_page(estate: str, visit: DeskVisit, number: str = "") -> Response:
    """Find one case by its number, or take one of the newest."""
    here = visit.at(estate)
    stale, this = here.caught_up(0, _OF_LINES), quarter(here.voice.now.date())
    said = number.strip()[:32]
    with here.lend() as conn:
        here.estate(conn, estate)
        found = lines.numbered(conn, estate, said) if said else []
        stands = standing(here.product, conn)
        newest = _told(here, conn, lines.listed(conn, [estate], [LineKind.NOTED], this.span, PAGE), stands)
    if len(found) == 1:
        return RedirectResponse(f"/trail/{estate}/cases/{found[0]}", 303)
    return here.html(
        "trail_cases.html",
        status=404 if said and not found else 200,
        several=len(found) > 1,
        here="trail",
        tab="trail-cases",
        stale=stale,
        stands=stands,
        number=said,
        lines=newest,
        **_words(here),
    )


@router.get("/trail/{estate}/cases/{issue}")
def case_page(estate: str, issue: UUID, visit: DeskVisit) -> Response:
    """One case in words, a tick per line."""
    here = visit.at(estate)
    stale = here.caught_up(0, (HISTORY, NOTEBOOK, PEOPLE))
    with here.lend() as conn:
        here.estate(conn, estate)
        story, line = of_case(conn, issue), notebook.line(conn, issue)
        if story is None or story.estate != estate:
            raise NotFound
        stands = standing(here.product, conn)
        history = told_history(conn, here.product, here.voice, story, stands)
    counted = {tick: sum(each.tick is tick for each in history) for tick in Tick}
    return here.html(
        "trail_case.html",
        here="trail",
        tab="trail-cases",
        stale=stale,
        stands=stands,
        inner=True,
        case=issue,
        number=line.number if line else "",
        lines=history,
        counted=counted,
        **_words(here),
    )


@router.get("/trail/{estate}/posts")
def posts_page(estate: str, visit: DeskVisit, named: Annotated[str, Query(alias="period")] = "") -> Response:
    """Several posts in one person."""
    here, now = visit.at(estate), visit.voice.now
    wanted = period(named, now.date())
    stale = here.caught_up(0, (PEOPLE, LINES))
    with here.lend() as conn:
        here.estate(conn, estate)
        found = desk_posts.several_posts(conn, estate, wanted.span, now)
    return here.html(
        "trail_posts.html",
        here="trail",
        tab="trail-posts",
        stale=stale,
        several=found,
        period=wanted,
        mark_of=lambda person: mark_of(here.product, person),
        **_words(here),
    )


def _listed(conn: Connection, estate: str, of: str, wanted: Period, before: int | None) -> list[TrailLine]:
    estates = [estate, NOWHERE] if of in OF_THE_INSTALLATION else [estate]
    return lines.listed(conn, estates, LISTS[of], wanted.span, PAGE + 1, before=before, late=of == "late")


def _told(here: Visit, conn: Connection, found: list[TrailLine], stands: Standing) -> list[ToldLine]:
    asked = [Asked(line.position, line.event, line.version) for line in found]
    corrected = corrected_by(here.product.log, found)
    return told(conn, here.product, here.voice, found, ticks(conn, stands, asked), corrected)


def _choices(wanted: Period, here: Visit) -> dict[str, Any]:
    today = here.voice.now.date()
    after = wanted.after
    return {
        "before": wanted.before.name,
        "after": after.name if after.begun(today) else "",
        "month": month(today).name,
        "quarter": quarter(today).name,
    }


def _verdict(here: Visit, stands: Standing) -> str:
    """The key of the largest sentence of the page."""
    if stands.forked:
        return "forked"
    if not stands.whole:
        return "behind" if is_behind(stands, here.voice.now) else "filling"
    if not stands.policy or stands.witnessed is None:
        return "unwitnessed"
    return "whole" if stands.tail == 0 else "tail"


def _words(here: Visit) -> dict[str, Any]:
    """What every template of the desk says by."""

    def text(figure: ReportFigure, value: int | None) -> str:
        return figure_text(here.voice, figure, value)

    return {
        "figure_text": text,
        "list_of": lambda kind: LIST_OF.get(kind, "noted"),
        "agreement": agreement,
        "title_of": lambda wanted: period_title(here.voice, wanted),
        "age": lambda moment: span(here.voice, max(int((here.voice.now - moment).total_seconds()) // 60, 0)),
    }
