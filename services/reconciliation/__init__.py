"""Reconciliation (对账): statement files, their lines, and whose money each is."""

from domain.capacity import MONEY
from projections.reconciliation.lines import STATEMENT_LINES
from services.capability import Capability
from services.console.navigation import Rhythm, Tab
from services.product import Product
from services.reconciliation import api, pages
from services.reconciliation.checks import LINES_AND_PAYMENTS
from services.reconciliation.files import StatementImports
from services.reconciliation.payment_lines import lines_returned, not_booked_before
from services.reconciliation.spanning import RULES
from services.reconciliation.waiting import TO_MATCH

SECONDS = 30.0  # for the view of lines to show what files before brought


def _statement_imports(product: Product) -> StatementImports:
    return StatementImports(
        product.database,
        product.vault,
        product.log,
        product.handler,
        product.handler.reach,
        product.secret,
        product.clock,
        lambda: product.positions.wait(STATEMENT_LINES.name, product.log.last_position(), SECONDS),
    )


CAPABILITY = Capability(
    api=(api.router,),
    pages=(pages.router,),
    tabs=(Tab("statements", "/statements/{estate}", 50, MONEY, Rhythm.MONTH, TO_MATCH),),
    uploads=(api.UPLOAD,),
    guards=(not_booked_before,),
    companions=(lines_returned,),
    parts=(_statement_imports,),
    spanning=RULES,
    checks=(LINES_AND_PAYMENTS,),
)
