"""The invoices of an estate as a sheet."""

from enum import Enum

from fastapi import Response

from domain.access.reading import Taken
from domain.calendar import local_date
from domain.fees.fee_account import InvoiceStage
from domain.refusal import reject_if
from projections.fees import invoices
from services.fees.invoice_export import MOST, invoice_sheet
from services.http.handed_out import Taking, handed_out
from services.product import Product
from services.sessions.member import Member
from services.sheets.writing import CSV, XLSX, csv_file, workbook


class SheetFormat(Enum):
    """A spreadsheet, or lines with commas."""

    XLSX = "xlsx"
    CSV = "csv"


def export(
    product: Product,
    who: Member,
    estate: str,
    stage: InvoiceStage,
    format: SheetFormat,
    language: str,
    month: str | None = None,
) -> Response:
    """The file, to be kept by nobody between us and who asked for it. Refuses ``invoices_too_many``."""
    with product.lend(who) as conn:
        rows = invoices.listed(conn, estate, stage, MOST + 1, month=month)
        reject_if(len(rows) > MOST, "invoices_too_many", most=MOST)
        out = invoices.made_out(conn, rows)
    sheet = invoice_sheet(product.log, rows, out, stage, language)
    name = f"invoices-{stage.value.lower()}-{month or local_date(product.clock()).isoformat()}.{format.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    if format is SheetFormat.CSV:
        answer = Response(csv_file(sheet), media_type=CSV, headers=headers)
    else:
        answer = Response(workbook([sheet]), media_type=XLSX, headers=headers)
    return handed_out(Taking(product, who, Taken.INVOICES, estate, len(rows)), answer)
