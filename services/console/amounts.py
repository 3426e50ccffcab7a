"""Amounts of money in forms: yuan as people write them, fen as everything else counts them."""

import re
import unicodedata

from domain.money.repair_costs import RepairCosts
from domain.refusal import reject_if
from services.console.render import Voice
from services.words.figures import shown

_WRITTEN = re.compile(r"\d{1,3}(,\d{3})+(\.\d{1,2})?|\d{1,12}(\.\d{1,2})?")
_SIGN = chr(0xA5)  # the yuan sign


def fen_of(written: str, field: str = "amount") -> int:
    """Fen of an amount in yuan: ``643.46``, ``1,234.5``, also full-width. Refuses ``amount`` where it is none."""
    plain = unicodedata.normalize("NFKC", written).strip().removeprefix(_SIGN).strip()
    reject_if(not _WRITTEN.fullmatch(plain), "amount", field=field)
    yuan, _, rest = plain.replace(",", "").partition(".")
    return int(yuan) * 100 + int(rest.ljust(2, "0"))


def typed(fen: int) -> str:
    """The amount as somebody would type it: ``643.46``."""
    return f"{fen // 100}.{fen % 100:02d}"


def costs_text(voice: Voice, costs: RepairCosts) -> str:
    """The parts of what work in a home costs."""
    return " + ".join(f"{voice.say(f'cost-{part}')} {shown(amount)}" for part, amount in costs.parts)
