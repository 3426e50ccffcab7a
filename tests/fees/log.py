"""Fee accounts put into a log: whatever happened on some dwellings of an estate, with the positions of the events."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.books.books import MonthFigures
from domain.closing.ledger import Ledger, figures
from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.recorded import Act
from services.log.event_log import Change
from services.product import Product


def append(product: Product, estate: str, dwelling: UUID, happened: Sequence[tuple[Any, Act]]) -> int:
    """Put what happened behind what stands on the dwelling's account; the position of the last event."""
    stream = fee_account_stream(dwelling)
    version, position = product.log.load(FEE_ACCOUNT, stream).version, 0
    for event, act in happened:
        change = Change(stream, FEE_ACCOUNT.name, version, [event], act, estate, stream)
        position = product.log.append([change]).position
        version += 1
    return position


def expected(lived: Sequence[Sequence[tuple[Any, Act]]], month: str) -> MonthFigures:
    """What these accounts make of a month, without any log."""
    ledger = Ledger()
    return figures([entry for told in lived for event, act in told for entry in ledger.entries(event, act)], month)
