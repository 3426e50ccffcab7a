"""Earlier lines that a line may be, as they are told: of other estates only how they stand and where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.masks import masked_name
from domain.reconciliation.line import LineStage
from projections.estates import estates
from projections.reconciliation import lines as statement_lines
from projections.reconciliation.lines import LineRow
from projections.register import dwellings
from services.product import Product
from services.reconciliation.formats.matching import SUGGESTIONS
from services.reconciliation.surroundings import firm
from services.reconciliation.twins import is_free
from services.sessions.member import Member


@dataclass(frozen=True, slots=True)
class EarlierLineShape:
    """An earlier line that may be the same money, as it stands; ``estate`` is the name of another one that has it.

    ``free`` unless another line of the same file is that one already.
    """

    id: UUID
    at: datetime
    amount: int
    stage: LineStage
    file: UUID
    row: int
    free: bool
    estate: str | None
    label: str | None
    payment: UUID | None
    payer: str | None
    remark: str | None


def earlier_lines(product: Product, who: Member, rows: Sequence[LineRow]) -> dict[UUID, list[EarlierLineShape]]:
    """Earlier lines by the line that may be one of them; of other estates only how they stand and where."""
    wanted = {each for row in rows for each in (*row.twins, row.same) if each}
    if not wanted:
        return {}
    with product.database.lend(firm(product.database)) as conn:
        found = statement_lines.by_id(conn, wanted)
        doubles = statement_lines.doubles(conn, wanted)
        names = {row.code: row.name for row in estates.mine(conn)}
    with product.lend(who) as conn:
        labels = dwellings.labels(conn, {row.dwelling for row in found.values() if row.dwelling})
    shapes: dict[UUID, list[EarlierLineShape]] = {}
    for row in rows:
        like = [found[id] for id in ((row.same,) if row.same else row.twins) if id in found]
        like = [each for each in like if each.same is None] or like
        told = [_earlier(each, row, who, doubles, names, labels) for each in like]
        settled = [each for each in told if each.free and not found[each.id].twins]  # nobody is asked about them
        shapes[row.line] = sorted(settled or told, key=lambda each: not each.free)[:SUGGESTIONS]
    return shapes


def _earlier(
    found: LineRow, row: LineRow, who: Member, doubles: Mapping[UUID, Sequence[LineRow]], names: Mapping[str, str],
    labels: Mapping[UUID, str],
) -> EarlierLineShape:  # fmt: skip
    seen = found.estate in who.estates
    return EarlierLineShape(
        id=found.line,
        at=found.told.at,
        amount=found.told.amount,
        stage=found.stage,
        file=found.told.file,
        row=found.told.row,
        free=is_free(doubles.get(found.line, ()), row),
        estate=None if found.estate == row.estate else names.get(found.estate),
        label=labels.get(found.dwelling) if found.dwelling and seen else None,
        payment=found.payment if seen else None,
        payer=masked_name(found.payer) if seen else None,
        remark=found.remark if seen else None,
    )
