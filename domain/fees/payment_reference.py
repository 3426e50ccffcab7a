"""Our own payment reference (缴费码): eleven signs that lead money back to a dwelling and tell nobody which one it is.

``JL`` and nine more; the last of them checks the others, so that a slip of the pen leads nowhere.
"""

from collections.abc import Sequence
from uuid import UUID

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: they are misread
_READ_AS = str.maketrans("ILO", "110")
_PREFIX, _LENGTH, _PRIME = "JL", 8, 31
LENGTH = len(_PREFIX) + _LENGTH + 1


def payment_reference(dwelling: UUID) -> str:
    """The reference of a dwelling, always the same."""
    number = dwelling.int >> (128 - 5 * _LENGTH)
    signs = "".join(_SIGNS[(number >> (5 * place)) & 31] for place in reversed(range(_LENGTH)))
    return f"{_PREFIX}{signs}{_check(signs)}"


def references_in(tokens: Sequence[str]) -> list[str]:
    """The references among words of letters and digits, without blanks and hyphens."""
    found = []
    for token in tokens:
        at = token.upper().find(_PREFIX)
        while at >= 0:
            signs = token[at + 2 : at + LENGTH].upper().translate(_READ_AS)
            if len(signs) == _LENGTH + 1 and set(signs) <= set(_SIGNS) and _check(signs[:-1]) == signs[-1]:
                found.append(_PREFIX + signs)
            at = token.upper().find(_PREFIX, at + 1)
    return list(dict.fromkeys(found))


def _check(signs: str) -> str:
    """One wrong sign, or two that changed places, gives another."""
    return _SIGNS[sum(place * _SIGNS.index(sign) for place, sign in enumerate(signs, 2)) % _PRIME]
