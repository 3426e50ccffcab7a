"""Addresses of the files that are taken away from the desk, and the page that offers them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.trail.desk_access import DeskVisit
from services.trail.desk_export import HistoryFormat, ReportFormat, archive_file, history_file, newest, report_file
from services.trail.desk_periods import period
from services.trail.desk_standing import standing

router = APIRouter(include_in_schema=False)

Named = Annotated[str, Query(alias="period", max_length=10)]


@router.get("/trail/{estate}/export")
def export_page(estate: str, visit: DeskVisit, named: Named = "") -> Response:
    """What can be taken away, and how whoever has it checks it without us."""
    here = visit.at(estate)
    wanted = period(named, here.voice.now.date())
    with here.lend() as conn:
        here.estate(conn, estate)
        stands = standing(here.product, conn)
    return here.html(
        "trail_export.html",
        here="trail",
        tab="trail-export",
        stands=stands,
        newest=newest(stands),
        period=wanted,
        formats=tuple(each.value for each in ReportFormat),
    )


@router.get("/trail/{estate}/report.{format}")
def report_of(estate: str, format: ReportFormat, visit: DeskVisit, named: Named = "") -> Response:
    here = visit.at(estate)
    wanted = period(named, here.voice.now.date())
    return report_file(here.product, here.member, estate, wanted, format, here.viewer.language)


@router.get("/trail/{estate}/cases/{issue}/history.{format}")
def history_of(estate: str, issue: UUID, format: HistoryFormat, visit: DeskVisit) -> Response:
    here = visit.at(estate)
    return history_file(here.product, here.member, estate, issue, format, here.viewer.language)


@router.get("/trail/{estate}/archive.zip")
def archive_of(estate: str, visit: DeskVisit, named: Named = "") -> Response:
    """The whole trail: its tree, its entries, and the report of a period."""
    here = visit.at(estate)
    wanted = period(named, here.voice.now.date())
    return archive_file(here.product, here.member, estate, wanted, here.viewer.language)
