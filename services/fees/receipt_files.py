"""The receipts of a day in one file."""

from datetime import date, timedelta

from fastapi import Response

from domain.access.reading import Taken
from domain.calendar import local_date
from domain.refusal import refuse_if, reject_if
from projections.estates.estates import ESTATES
from projections.fees import payments
from projections.fees.payments import PAYMENTS
from projections.people.people import PEOPLE
from projections.register.dwellings import DWELLINGS
from projections.register.owners import OWNERS
from services.fees.paper import ReceiptSize, receipts
from services.fees.receipts import MOST, Wanted, receipt_papers
from services.http.answers import pdf
from services.http.handed_out import Taking
from services.product import Product
from services.sessions.member import Member

RECEIPTS = (PAYMENTS, DWELLINGS, OWNERS, PEOPLE, ESTATES)  # the views that a receipt is made of


def receipts_of_day(
    product: Product,
    who: Member,
    estate: str,
    day: date | None,
    size: ReceiptSize,
    language: str,
    origin: str,
    again: bool = False,
) -> Response:
    """The file. Refuses ``receipts_none`` and ``receipts_too_many``."""
    today = local_date(product.clock())
    day = day or today
    refuse_if(day > today, "receipts_none")
    with product.lend(who) as conn:
        rows = payments.of_days(conn, estate, day, day + timedelta(days=1))
    refuse_if(not rows, "receipts_none")
    reject_if(len(rows) > MOST, "receipts_too_many", most=MOST)
    wanted = [Wanted(row.dwelling, row.payment) for row in rows]
    papers = receipt_papers(product, who.estates, wanted, language, origin, again)
    return pdf(
        receipts(papers, size, language),
        f"receipts-{day.isoformat()}",
        Taking(product, who, Taken.RECEIPTS, estate, len(papers)),
    )
