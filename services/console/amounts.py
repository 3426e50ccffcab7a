"""Amounts of money in forms: yuan as people write them, fen as everything else counts them."""

from domain.money.repair_costs import RepairCosts
from domain.refusal import reject_if
from domain.written.numbers import money
from services.console.render import Voice
from services.words.figures import shown


def fen_of(written: str, field: str = "amount") -> int:
    """Fen of an amount in yuan: ``643.46``, ``1,234.5``. Refuses ``amount`` where it is none, and ``two_readings``."""
    fen = money(written, "amount", field=field)
    reject_if(fen < 0, "amount", field=field)
    return fen


def typed(fen: int) -> str:
    """The amount as somebody would type it: ``643.46``."""
    return f"{fen // 100}.{fen % 100:02d}"


def costs_text(voice: Voice, costs: RepairCosts) -> str:
    """The parts of what work in a home costs."""
    return " + ".join(f"{voice.say(f'cost-{part}')} {shown(amount)}" for part, amount in costs.parts)
