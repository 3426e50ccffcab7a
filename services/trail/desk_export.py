"""What is taken away from the desk: the report as CSV, XLSX, JSON or PDF, a case's history, and the whole trail.

The archive holds the tree with all its entries, which say nothing personal, and the report of one period beside them;
its form is that of ``services.tlog.archive``, and ``jinlin audit verify`` checks it with the network off.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from enum import Enum
from io import SEEK_END
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import BinaryIO, cast
from uuid import UUID

from fastapi import Response
from fastapi.responses import StreamingResponse

from domain.access.reading import Taken
from domain.refusal import refuse_if
from projections.cases import notebook
from projections.estates import estates
from projections.projection import Connection
from projections.trail import lines
from services.console.render import Voice
from services.http.answers import PDF
from services.http.handed_out import Taking, handed_out
from services.log.not_found import NotFound
from services.product import Product
from services.sessions.member import Member
from services.sheets.writing import CSV, XLSX, csv_file, workbook
from services.threads.try_later import TryLater
from services.tlog import archive
from services.tlog.figures import Figure, figures_file
from services.tlog.tiles import WIDTH, Address, bundle
from services.trail import desk_sheets, reading
from services.trail.desk_history import of_case, told_history
from services.trail.desk_periods import Period
from services.trail.desk_report import report
from services.trail.desk_standing import Asked, Standing, leaves, standing
from services.trail.reading import KeptCheckpoint
from services.trail.verify_policy import policy_of
from services.trail.witness_policy import in_force

JSON = "application/json"
MOST = 50_000  # lines of one file
_CHUNK = 1 << 16
_ONE = BoundedSemaphore(1)  # an archive is as large as the log: one at a time


class ReportFormat(Enum):
    """``LINES`` are the period's lines as CSV, from which the figures can be counted anew."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    PDF = "pdf"
    LINES = "lines.csv"


class HistoryFormat(Enum):
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    PDF = "pdf"


_KINDS = {"csv": CSV, "xlsx": XLSX, "json": JSON, "pdf": PDF, "lines.csv": CSV}


def report_file(
    product: Product, who: Member, estate: str, period: Period, format: ReportFormat, language: str
) -> Response:
    """The report of a period. Refuses ``trail_too_many``."""
    with product.lend(who) as conn:
        name = _name(conn, who, estate)
        body = _report(product, conn, _voice(product, who, language), estate, name, period, format)
    return _file(Taking(product, who, Taken.TRAIL_REPORT, estate, 1), body, f"trail-{period.name}", format.value)


def _report(
    product: Product, conn: Connection, voice: Voice, estate: str, name: str, period: Period, format: ReportFormat
) -> bytes:
    stands, made = standing(product, conn), report(conn, estate, period, voice.now)
    if format is ReportFormat.PDF:
        return desk_sheets.report_paper(voice, name, made, stands)
    if format is ReportFormat.CSV:
        return csv_file(desk_sheets.figures_sheet(voice, made))
    found = lines.listed(conn, [estate], [], period.span, MOST + 1)[::-1]
    refuse_if(len(found) > MOST, "trail_too_many", most=MOST)
    entries = leaves(conn, [Asked(line.position, line.event, line.version) for line in found])
    if format is ReportFormat.JSON:
        body = {**desk_sheets.report_json(made, stands), "lines": desk_sheets.lines_json(found, entries)}
        return desk_sheets.as_bytes(body)
    told = desk_sheets.lines_sheet(voice, found, entries)
    return csv_file(told) if format is ReportFormat.LINES else workbook([desk_sheets.figures_sheet(voice, made), told])


def history_file(
    product: Product, who: Member, estate: str, issue: UUID, format: HistoryFormat, language: str
) -> Response:
    """The history of a case. Raises ``NotFound``."""
    voice = _voice(product, who, language)
    with product.lend(who) as conn:
        name, story, line = _name(conn, who, estate), of_case(conn, issue), notebook.line(conn, issue)
        if story is None or story.estate != estate or line is None:
            raise NotFound
        stands = standing(product, conn)
        found = told_history(conn, product, voice, story, stands)
        asked = [Asked(entry.position, entry.event, entry.version) for entry in story.entries]
        match format:
            case HistoryFormat.PDF:
                body = desk_sheets.history_paper(voice, name, line.number, found, stands)
            case HistoryFormat.CSV:
                body = csv_file(desk_sheets.history_sheet(voice, found, leaves(conn, asked)))
            case HistoryFormat.XLSX:
                body = workbook([desk_sheets.history_sheet(voice, found, leaves(conn, asked))])
            case HistoryFormat.JSON:
                checkpoint = stands.signed.note.written() if stands.signed else None
                body = desk_sheets.as_bytes({"checkpoint": checkpoint, "lines": desk_sheets.history_json(found)})
    return _file(Taking(product, who, Taken.TRAIL_HISTORY, estate, 1), body, f"case-{line.number}", format.value)


def archive_file(product: Product, who: Member, estate: str, period: Period, language: str) -> Response:
    """The whole trail with the report of a period. Refuses ``trail_no_checkpoint``; raises ``TryLater``."""
    if not _ONE.acquire(blocking=False):
        raise TryLater
    try:
        with ExitStack() as kept:
            to = kept.enter_context(_temporary())
            size = _written(product, who, estate, period, language, to)
            headers = _headers(f"trail-{size}", "zip") | {"Content-Length": str(to.seek(0, SEEK_END))}
            to.seek(0)
            answer = StreamingResponse(_pieces(to), media_type="application/zip", headers=headers)
            handed_out(Taking(product, who, Taken.TRAIL_ARCHIVE, estate, 1), answer)
            kept.pop_all()  # whoever reads it to its end closes it
            return answer
    finally:
        _ONE.release()


def _temporary() -> BinaryIO:
    return cast(BinaryIO, TemporaryFile())


def _written(product: Product, who: Member, estate: str, period: Period, language: str, to: BinaryIO) -> int:
    """The archive; of how many entries it is."""
    with product.lend(who) as conn:
        name, stands = _name(conn, who, estate), standing(product, conn)
        best = newest(stands)
        refuse_if(best is None, "trail_no_checkpoint")
        assert best is not None
        reports = _reports(product, conn, _voice(product, who, language), estate, name, period, best)
        archive.write(
            to, best.note, (in_force(product).policy or policy_of(product)).text(), lambda at: _tile(conn, at), reports
        )
    return best.size


def _pieces(kept: BinaryIO) -> Iterator[bytes]:
    with kept:
        while piece := kept.read(_CHUNK):
            yield piece


def _reports(
    product: Product, conn: Connection, voice: Voice, estate: str, name: str, period: Period, best: KeptCheckpoint
) -> dict[str, bytes]:
    found = {
        f"{estate}/{period.name}.{format.value}": _report(product, conn, voice, estate, name, period, format)
        for format in ReportFormat
    }
    return {**found, "figures.json": figures_file(_public_figures(conn, period, estate, best.size))}


def _public_figures(conn: Connection, period: Period, estate: str, size: int) -> list[Figure]:
    """How many entries of each kind there are where the period's lines lie: anybody counts that from the entries."""
    marks = lines.marks(conn, estate, period.span, MOST)
    if not marks:
        return []
    first, until = reading.index_of(marks[0].position), min(reading.index_of(marks[-1].position) + 1, size)
    counted: Counter[str] = Counter()
    for begin in range(first, until, WIDTH):
        for entry in reading.entries(conn, begin, min(begin + WIDTH, until)):
            counted[json.loads(entry)["type"]] += 1
    return [
        Figure(f"{period.name} {kind}", first, until, (("type", kind),), number)
        for kind, number in sorted(counted.items())
    ]


def _tile(conn: Connection, address: Address) -> bytes:
    if address.level is not None:
        found = reading.tile(conn, address.level, address.n, address.width)
        if found is None:
            raise TryLater
        return found
    first = address.n * WIDTH
    return bundle(reading.entries(conn, first, first + address.width))


def _name(conn: Connection, who: Member, estate: str) -> str:
    row = estates.estate(conn, estate) if estate in who.estates else None
    if row is None:
        raise NotFound
    return row.name


def _voice(product: Product, who: Member, language: str) -> Voice:
    return Voice(language, product.clock(), outside=who.outside)


def _headers(name: str, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}.{ending}"', "Cache-Control": "no-store"}


def _file(taking: Taking, body: bytes, name: str, format: str) -> Response:
    return handed_out(taking, Response(body, media_type=_KINDS[format], headers=_headers(name, format)))


def newest(stands: Standing) -> KeptCheckpoint | None:
    """What an archive would be of."""
    return stands.witnessed or stands.signed
