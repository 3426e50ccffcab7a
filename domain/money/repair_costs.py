"""What paid work in a home costs (入户维修), part by part: as it was quoted, and as it is billed."""

from dataclasses import dataclass, field
from typing import Any

from domain.money.amount import LIMIT
from domain.refusal import reject_if

MONEY = {"money": True}  # a whole number of fen; forms take it in yuan


def fen(default: int = 0) -> Any:
    """A field of a command that is an amount in fen."""
    return field(default=default, metadata=MONEY)


@dataclass(frozen=True, slots=True)
class RepairCosts:
    """In fen: for coming, for the work, for what was built in."""

    call_out: int = 0
    labour: int = 0
    material: int = 0

    @property
    def total(self) -> int:
        return self.call_out + self.labour + self.material

    @property
    def parts(self) -> tuple[tuple[str, int], ...]:
        """Name and amount of each part that costs anything."""
        named = (("call_out", self.call_out), ("labour", self.labour), ("material", self.material))
        return tuple((name, amount) for name, amount in named if amount)


def check_costs(costs: RepairCosts) -> RepairCosts:
    """Refuses ``amount`` for a part below zero, or where all parts come to nothing."""
    for name in ("call_out", "labour", "material"):
        reject_if(not 0 <= getattr(costs, name) < LIMIT, "amount", field=name)
    reject_if(not 0 < costs.total < LIMIT, "amount", field="labour")
    return costs
