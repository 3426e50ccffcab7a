"""A look at one estate over HTTP, now or as it stood: what ``asOf`` in an address means."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Response

from projections.cases.notebook import IssueLine
from projections.cases.orders import OrderCard
from projections.projection import Connection, View
from services.cases.as_of import BOARD_VIEWS, FIELD, LONGEST, looking_back, point
from services.cases.shapes import IssueShape, OrderShape, issue_shape, order_shape
from services.http.who import own
from services.product import Product
from services.sessions.member import Member

_AS_OF = (
    "Look back: a moment with its offset, as `2026-11-20T12:00:00+08:00`, or a position of the log. Shows what was"
    " recorded by then, and allows no acts. What was forgotten since stays forgotten."
)
AsOf = Annotated[str | None, Query(alias=FIELD, description=_AS_OF, max_length=LONGEST)]


@dataclass(frozen=True, slots=True)
class EstateAt:
    """One estate as it is or stood: ``now`` is the moment for which clocks count, ``then`` whether it is a past one."""

    conn: Connection
    who: Member
    now: datetime
    position: int
    then: bool

    def order(self, card: OrderCard) -> OrderShape:
        shape = order_shape(card, self.who.capacity, self.now)
        return replace(shape, allowed=[]) if self.then else shape

    def issue(self, line: IssueLine) -> IssueShape:
        shape = issue_shape(line, self.who.capacity, self.now)
        if not self.then:
            return shape
        gone = line.text is None  # forgotten by now, whatever was known then
        if gone:
            shape = replace(shape, photos=[], after=[])
        return replace(shape, allowed=[], forgotten=gone)


def past_tag(row: IssueLine | OrderCard) -> str:
    """The entity tag of a row of the past: good for no ``If-Match``, and another one once its words are forgotten."""
    return f'"{row.version}-{"then" if row.text is not None else "forgotten"}"'


@contextmanager
def estate_at(
    product: Product,
    who: Member,
    estate: str,
    as_of: str | None,
    response: Response,
    views: Sequence[View[Any]] = BOARD_VIEWS,
) -> Iterator[EstateAt]:
    """One of the reader's own estates, now or as it stood; the headers say which point it stands for.

    Of the past only ``views`` are seen. Raises ``NotFound`` for an estate of others, and as ``as_of`` does.
    """
    own(estate, who)
    if as_of is None:
        now, position = product.clock(), product.positions.position("orders")
        with product.lend(who) as conn:
            yield EstateAt(conn, who, now, position, then=False)
        return
    meant = point(product, as_of)
    response.headers["X-Position"] = str(meant.position)
    response.headers["X-As-Of"] = meant.moment.isoformat()
    with looking_back(product, who, estate, meant, views) as conn:
        yield EstateAt(conn, who, meant.moment, meant.position, then=True)
