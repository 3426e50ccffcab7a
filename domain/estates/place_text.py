"""A text made ready for the reader of places: as it is compared, without idle blanks, numerals as digits."""

import re
from dataclasses import dataclass

from domain.estates import place_words
from domain.estates.codes import DASHES, is_amount_like, number_of
from domain.estates.place_words import DIGITS, HUNDREDS, TENS
from domain.typed import folded

_WEEKDAY = re.compile(place_words.WEEKDAY)
_ENGLISH = (*place_words.BEFORE_BUILDING, *place_words.BEFORE_STAIRWELL, *place_words.BEFORE_FLOOR)
_ORDINAL = re.compile(rf"\b([0-9]{{1,3}})(?:st|nd|rd|th) ({'|'.join(_ENGLISH)})\b")
_NUMERAL = "".join(sorted({*DIGITS, *TENS, *HUNDREDS}))
_PIECES = re.compile(rf"(?P<numeral>[{_NUMERAL}](?:[ \t]*[{_NUMERAL}])*)|(?P<blank>\s+)|(?P<sign>.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Ready:
    """``text`` is what is read; sign ``n`` of it stands at ``at[n]`` of ``told``, the text as it is compared."""

    text: str
    at: tuple[int, ...]
    told: str

    def without(self, spans: "list[tuple[int, int]]") -> str:
        """What was told less what stands between these signs of ``text``."""
        told, end = "", 0
        for first, last in spans:
            told += self.told[end : self.at[first]] + " "
            end = self.at[last]
        return " ".join((told + self.told[end:]).split())


def ready(text: str) -> Ready:
    """Blanks stand only between letters or digits that would run together without them."""
    if not text.isascii():
        text = "".join(" " if not sign.isascii() and is_amount_like(sign) else sign for sign in text)
    told = _ORDINAL.sub(r"\2 \1", folded(text))
    told = _WEEKDAY.sub(lambda found: "," * len(found[0]), told.translate(DASHES).translate(place_words.SIMPLER))
    made: list[str] = []
    at: list[int] = []

    def add(signs: str, start: int) -> None:
        made.extend(signs)
        at.extend([start] * len(signs))

    for found in _PIECES.finditer(told):
        start = found.start()
        if found.lastgroup == "sign":
            add(found[0], start)
        elif found.lastgroup == "numeral":
            add(_numeral(found, told), start)
        elif made and _runs_on(made[-1]) and found.end() < len(told) and _runs_on(told[found.end()]):
            add(" ", start)
    return Ready("".join(made), (*at, len(told)), told)


def _runs_on(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def _numeral(found: "re.Match[str]", told: str) -> str:
    whole = "".join(found[0].split())
    if whole != found[0]:  # blanks between numerals
        alone = re.compile(f"[{_NUMERAL}]+").match(told[: found.start()] + whole + told[found.end() :], found.start())
        return (alone and number_of(alone)) or whole
    return number_of(found) or whole
