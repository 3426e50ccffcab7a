"""What a step of the dunning says besides its name, for the page of a debtor and for the papers of a suit."""

from collections.abc import Sequence
from datetime import date
from enum import Enum
from typing import Any

from domain.arrears.dunning import Claim
from domain.words import is_personal
from services.words.figures import day, shown
from services.words.sentences import say

_DAYS = {
    "pay_by": "arrears-pay-by",
    "on": "arrears-on",
    "since": "arrears-from",
    "runs_out": "arrears-runs-out",
    "until": "arrears-until",
    "due": "arrears-due-day",
}


def said(language: str, event: Any) -> list[str]:
    """Choices by their words, days, sums, and at the end what people wrote."""
    found: list[str] = []
    for name in event.__match_args__:
        value = getattr(event, name)
        if isinstance(value, Enum):
            found.append(say(language, f"{type(value).__name__.lower()}-{value.value}"))
        elif isinstance(value, date):
            found.append(say(language, _DAYS[name], day=day(value)))
        elif name == "number":
            found.append(value)
        elif name == "claims":
            found.append(_sum(language, value))
        elif name == "instalments":
            found += [f"{day(each.due)} {shown(each.amount)}" for each in value]
        elif name == "missing":
            found.append(say(language, "arrears-missing", amount=shown(value)))
    texts = [getattr(event, item.name) for item in event.__dataclass_fields__.values() if is_personal(item)]
    return found + [text for text in texts if text]


def _sum(language: str, claims: Sequence[Claim]) -> str:
    return say(language, "arrears-claims", n=len(claims), amount=shown(sum(each.amount for each in claims)))
