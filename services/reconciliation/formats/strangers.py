"""A word right before a home that is no name of ours and no word of paying: perhaps the home stands somewhere else.

The words are data (``against.toml``). What touches a home without a blank has to be known; before a blank, only
what estates are called after speaks against it, as people write all kinds of kindness there.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import cache
from typing import Any

_HAN = r"\u3400-\u9fff"
_PLACE = (
    r"(?:[A-Z]?[0-9]{1,3}(?:[-#](?:[0-9]{1,2}-)?[0-9]{3,4}(?![0-9]))"
    r"|[A-Z]?[0-9]{1,3}(?:\u53f7?[\u697c\u680b\u5e62\u5ea7\u68df]|\u5355\u5143|#[0-9])|[A-Z]\u5ea7"
    r"|[0-9]{3,4}[\u5ba4\u623f])"
)
_BEFORE = re.compile(rf"([{_HAN}]{{2,}})([ ,:;/\u3001\uff0c-]*)(?={_PLACE})")
_LONGEST_NAME = 3


class Words:
    """What may stand before a home, out of the file of words."""

    def __init__(self, told: Any) -> None:
        known, person = told["before_a_place"], told["person"]
        words = "|".join(sorted((*known["words"], *person["titles"]), key=len, reverse=True))
        self.brands = re.compile("|".join(sorted(known["brands"], key=len, reverse=True)))
        self.address = re.compile(rf"[{_HAN}]{{1,8}}?{known['address']}")
        self.words = re.compile(words)
        self.signs = re.compile(f"[{known['signs']}]")
        self.surnames = person["surnames"]
        self.called = known["called"]
        self.common = person["surnames"][: known["common"]]


@cache
def words_of(told_once: Any) -> Words:
    """The words, made once: ``told_once`` gives what the file says."""
    return Words(told_once())


def stranger_in(text: str | None, ours: Collection[str], people: Collection[str], words: Words) -> str | None:
    """The word before a home that nobody here knows; ``ours`` are the estate's names, ``people`` owners and payers."""
    said = " ".join(unicodedata.normalize("NFKC", text or "").upper().split())
    for found in _BEFORE.finditer(said):
        left = found[1]
        for each in sorted((*ours, *people), key=len, reverse=True):
            left = left.replace(each, " ") if each else left
        brand = words.brands.search(left)
        if brand is not None:
            return brand[0]
        if found[2]:
            continue
        left = words.signs.sub(" ", words.words.sub(" ", words.address.sub(" ", left)))
        for piece in left.split():
            if len(piece) > 1 and not _is_somebody(piece, words):
                return str(piece)
    return None


def _is_somebody(piece: str, words: Words) -> bool:
    if len(piece) >= _LONGEST_NAME:
        return len(piece) == _LONGEST_NAME and piece[0] in words.surnames
    return piece[0] in words.common or (piece[0] in words.called and piece[1] in words.surnames)
