"""The audit desk for programs: how far the trail is, a period's report, lines, a case, several posts, and files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from domain.capacity import Capacity
from projections.cases.history import HISTORY
from projections.cases.orders import ORDERS
from projections.people.people import PEOPLE
from projections.trail import lines
from projections.trail.lines import LINES, NOWHERE
from services.console.render import Voice
from services.http.acting import showing
from services.http.answers import PDF
from services.http.problems import language_of
from services.http.who import TheProduct, own
from services.log.not_found import NotFound
from services.sheets.writing import CSV, XLSX
from services.trail import desk_posts
from services.trail.desk_access import DeskReader, lend_with_installation
from services.trail.desk_alarms import AlarmKind, alarms
from services.trail.desk_corrections import corrected_by
from services.trail.desk_export import JSON, HistoryFormat, ReportFormat, archive_file, history_file, report_file
from services.trail.desk_history import of_case, told_history
from services.trail.desk_lines import LISTS, OF_THE_INSTALLATION, as_json, mark_of, told
from services.trail.desk_periods import month, period
from services.trail.desk_posts import Apart
from services.trail.desk_report import report
from services.trail.desk_sheets import history_json, report_json
from services.trail.desk_standing import Asked, standing, ticks

router = APIRouter(prefix="/api/v1/estates/{estate}/trail", tags=["audit"])

MOST = 200
Named = Annotated[
    str,
    Query(
        alias="period",
        max_length=10,
        pattern=r"^(|\d{4}-(\d{2}|Q[1-4]))$",
        description="A month as `2026-11` or a quarter as `2026-Q4`; the present month without it.",
    ),
]


@dataclass(frozen=True, slots=True)
class TrailLaneShape:
    """How much one witness has cosigned."""

    witness: str
    size: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class TrailAlarmShape:
    kind: AlarmKind
    n: int
    bad: bool


@dataclass(frozen=True, slots=True)
class TrailStandingShape:
    """``recorded`` events, ``size`` leaves, of which ``witnessed`` were cosigned by a quorum; 0 of none."""

    recorded: int
    size: int
    signed: int
    witnessed: int
    tail: int
    tail_since: datetime | None
    policy: bool
    checkpoint: str | None
    lanes: list[TrailLaneShape]
    alarms: list[TrailAlarmShape]


@dataclass(frozen=True, slots=True)
class TrailPostShape:
    capacity: Capacity
    since: datetime
    acts: int


@dataclass(frozen=True, slots=True)
class TrailSeveralShape:
    """``mark`` tells people apart for whoever may not know their names."""

    mark: str
    name: str | None
    posts: list[TrailPostShape]
    apart: list[Apart]


@router.get("", dependencies=[showing(LINES, ORDERS)])
def get_standing(estate: str, product: TheProduct, who: DeskReader) -> TrailStandingShape:
    """How far the trail is, who vouches for how much, and what somebody has to look at."""
    own(estate, who)
    now = product.clock()
    this = month(now.date())
    with lend_with_installation(product, who, estate) as conn:
        stands, made = standing(product, conn), report(conn, estate, this, now)
        machine = lines.listed(conn, [NOWHERE], LISTS["machine"], this.span, MOST)
    return TrailStandingShape(
        stands.recorded,
        stands.size,
        stands.signed.size if stands.signed else 0,
        stands.witnessed_size,
        stands.tail,
        stands.tail_since,
        stands.policy,
        stands.signed.note.written() if stands.signed else None,
        [TrailLaneShape(each.name, each.size, each.at) for each in stands.lanes],
        [TrailAlarmShape(each.kind, each.n, each.bad) for each in alarms(stands, made, machine, now)],
    )


@router.get("/report", dependencies=[showing(LINES, ORDERS)])
def get_report(estate: str, product: TheProduct, who: DeskReader, named: Named = "") -> dict[str, Any]:
    """The figures of a period, each with the leaves it was counted from and whether they say the same."""
    own(estate, who)
    now = product.clock()
    with product.lend(who) as conn:
        return report_json(report(conn, estate, period(named, now.date()), now), standing(product, conn))


@router.get("/lines", dependencies=[showing(LINES, PEOPLE)])
def get_lines(
    estate: str,
    product: TheProduct,
    who: DeskReader,
    request: Request,
    of: Annotated[
        Literal[
            "noted", "completed", "arrived", "rated", "charged", "paid", "paid-back", "corrected", "late", "read",
            "taken", "accounts", "machine",
        ],
        Query(alias="list", description="Which lines."),
    ] = "corrected",
    named: Named = "",
    before: Annotated[int | None, Query(ge=0, le=2**62, description="Index of a leaf: only what is before it.")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> list[dict[str, Any]]:  # fmt: skip
    """Lines of a period, the newest first, each with what is proven of its leaf."""
    own(estate, who)
    wanted = period(named, product.clock().date())
    voice = Voice(language_of(request), product.clock(), outside=who.outside)
    estates = [estate, NOWHERE] if of in OF_THE_INSTALLATION else [estate]
    with lend_with_installation(product, who, estate) as conn:
        position = None if before is None else before + 1
        found = lines.listed(conn, estates, LISTS[of], wanted.span, limit, before=position, late=of == "late")
        asked = [Asked(line.position, line.event, line.version) for line in found]
        proven = ticks(conn, standing(product, conn), asked)
        return [as_json(each) for each in told(conn, product, voice, found, proven, corrected_by(product.log, found))]


@router.get("/cases/{issue}", dependencies=[showing(HISTORY, PEOPLE)])
def get_case(estate: str, issue: UUID, product: TheProduct, who: DeskReader, request: Request) -> list[dict[str, Any]]:
    """The history of a case, the newest first, each event with what is proven of its leaf."""
    own(estate, who)
    voice = Voice(language_of(request), product.clock(), outside=who.outside)
    with product.lend(who) as conn:
        story = of_case(conn, issue)
        if story is None or story.estate != estate:
            raise NotFound
        return history_json(told_history(conn, product, voice, story, standing(product, conn)))


@router.get("/posts", dependencies=[showing(PEOPLE, LINES)])
def get_several_posts(estate: str, product: TheProduct, who: DeskReader, named: Named = "") -> list[TrailSeveralShape]:
    """Who holds several posts at once, which of them are to be kept apart, and what was done in each."""
    own(estate, who)
    now = product.clock()
    with product.lend(who) as conn:
        found = desk_posts.several_posts(conn, estate, period(named, now.date()).span, now)
    return [
        TrailSeveralShape(
            mark_of(product, each.person),
            each.name,
            [TrailPostShape(post.capacity, post.since, post.acts) for post in each.posts],
            list(each.apart),
        )
        for each in found
    ]


@router.get(
    "/report.{format}",
    response_class=Response,
    responses={200: {"content": {CSV: {}, XLSX: {}, JSON: {}, PDF: {}}}},
)
def get_report_file(
    estate: str, format: ReportFormat, request: Request, product: TheProduct, who: DeskReader, named: Named = ""
) -> Response:
    """The report as a file; that somebody took it is on record."""
    own(estate, who)
    return report_file(product, who, estate, period(named, product.clock().date()), format, language_of(request))


@router.get(
    "/cases/{issue}/history.{format}",
    response_class=Response,
    responses={200: {"content": {CSV: {}, XLSX: {}, JSON: {}, PDF: {}}}},
)
def get_history_file(
    estate: str, issue: UUID, format: HistoryFormat, request: Request, product: TheProduct, who: DeskReader
) -> Response:
    """The history of a case as a file; that somebody took it is on record."""
    own(estate, who)
    return history_file(product, who, estate, issue, format, language_of(request))


@router.get("/archive.zip", response_class=Response, responses={200: {"content": {"application/zip": {}}}})
def get_archive(estate: str, request: Request, product: TheProduct, who: DeskReader, named: Named = "") -> Response:
    """The whole trail with the report of a period, for `jinlin audit verify`; that somebody took it is on record."""
    own(estate, who)
    return archive_file(product, who, estate, period(named, product.clock().date()), language_of(request))
