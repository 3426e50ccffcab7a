"""How an amount came about, as one multiplies it: what of a basis stands in the formula, on pages as on paper."""

from typing import NamedTuple

from domain.fees.fee_account.vocabulary import Basis
from domain.money.formula import ONE_UNIT, WHOLE
from domain.money.items import PERIODIC, FeeItem


class Formula(NamedTuple):
    """``area`` in 0.01 m², or ``None`` of pieces; ``unit_price`` and ``factor`` in 0.0001; ``None`` is left out.

    ``months`` are those of a span, with ``days`` of so many beside or instead of them; ``share`` is one payer's days of
    all days.
    """

    area: int | None
    unit_price: int
    quantity: int
    months: int
    days: tuple[int, int] | None
    factor: int | None
    share: tuple[int, int] | None


def formula(item: FeeItem, basis: Basis) -> Formula | None:
    """The formula of an amount; ``None`` where it follows none, such as that of a quote."""
    if not basis.area:
        return None
    pieces = item is not FeeItem.PROPERTY_FEE and basis.area == ONE_UNIT
    by_span = item in PERIODIC
    return Formula(
        area=None if pieces else basis.area,
        unit_price=basis.unit_price,
        quantity=basis.quantity,
        months=basis.months if by_span else 0,
        days=(basis.days, basis.of_days) if by_span and basis.days else None,
        factor=basis.factor if basis.factor != WHOLE else None,
        share=(basis.share_days, basis.share_of) if basis.share_of else None,
    )
