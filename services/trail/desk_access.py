"""Who opens the audit desk: the residents' committee, and the heads whose record it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends

from domain.capacity import HEADS, OUTSIDE
from projections.projection import Connection
from projections.trail.lines import NOWHERE
from services.console.visit import Visit, visiting
from services.http.who import Allowing
from services.product import Product
from services.sessions.member import Member

DESK_READING = OUTSIDE | HEADS

desk_reader = Allowing(DESK_READING)

DeskReader = Annotated[Member, Depends(desk_reader)]
DeskVisit = Annotated[Visit, Depends(visiting(desk_reader))]


@contextmanager
def lend_with_installation(product: Product, who: Member, estate: str) -> Iterator[Connection]:
    """A connection that sees one estate of the reader and the lines that belong to none; outside, nothing personal."""
    lend = product.database.lend_outside if who.outside else product.database.lend
    with lend([estate, NOWHERE]) as conn:
        yield conn
