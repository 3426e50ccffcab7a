"""The price display (明码标价) for the notice board: what is charged, for what, how much, on what ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from services.paper.press import pressed, qr, said_in
from services.words.figures import full_date
from services.words.sentences import say


class BoardSize(Enum):
    """The sheet on the notice board."""

    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One price: what for, what is done for it, the price with its unit, for which use, and the clause it rests on."""

    item: str
    content: str
    price: str
    use: str
    clause: str


@dataclass(frozen=True, slots=True)
class PriceDisplay:
    """What hangs out from ``shown_from`` and bills from ``valid_from``; ``link`` is the page that is always true."""

    firm: str
    estate: str
    mode: str
    contract: str
    shown_from: date
    valid_from: date
    lines: tuple[PriceLine, ...]
    notes: tuple[str, ...]
    station: str
    link: str | None = None


def price_displays(displays: Sequence[PriceDisplay], size: BoardSize, language: str) -> bytes:
    """All of them as one PDF. Raises ``ValueError`` for none."""
    if not displays:
        raise ValueError("no price display to print")
    facts = {"size": size.value, "displays": [_facts(display, language) for display in displays]}
    said = {name: say(language, f"price-display-{name}") for name in said_in("contracts/price_display.typ")}
    return pressed("contracts/price_display.typ", facts, said)


def _facts(display: PriceDisplay, language: str) -> dict[str, Any]:
    return {
        "firm": display.firm,
        "estate": display.estate,
        "mode": display.mode,
        "contract": display.contract,
        "days": say(
            language,
            "price-display-days",
            shown=full_date(language, display.shown_from),
            valid=full_date(language, display.valid_from),
        ),
        "lines": [[each.item, each.content, each.price, each.use, each.clause] for each in display.lines],
        "notes": display.notes,
        "turn": say(language, "price-display-turn", station=display.station),
        "link": qr(display.link) if display.link else None,
    }
