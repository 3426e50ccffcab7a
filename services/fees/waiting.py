"""Invoices that were asked for and wait for whoever makes them out."""

from domain.capacity import ACCOUNTS
from domain.fees.fee_account import InvoiceStage
from projections.fees import invoices
from projections.fees.invoices import INVOICES
from projections.projection import Connection
from services.console.navigation import Waiting, Waits
from services.console.visit import Visit


def _to_make_out(here: Visit, conn: Connection) -> Waits:
    if here.member.capacity not in ACCOUNTS:
        return Waits()
    return Waits(invoices.counted(conn, here.viewer.estate or "").get(InvoiceStage.REQUESTED, 0))


TO_MAKE_OUT = Waiting((INVOICES,), _to_make_out)
