"""Codes of buildings, stairwells and rooms as people have them, and which of them are one: 3 and ３, 101a and 101A."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from itertools import pairwise

from domain.estates import place_words
from domain.estates.place_words import DIGITS, HUNDREDS, PAIR, TENS
from domain.typed import folded

# letters and digits of any script, single signs between them, perhaps # at the end: 12-1, 1#, 102-1, 101/102
PLACE_CODE = re.compile(r"(?=.{1,16}\Z)[^\W_]+(?:[-/.\u00b7+][^\W_]+)*#?")

DASHES = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-")
_BETWEEN = str.maketrans({"/": "-", ".": "-", "\u00b7": "-", "_": "-", "+": "-"})
_NUMERALS = re.compile(f"[{''.join(sorted({*DIGITS, *TENS, *HUNDREDS}))}]+")
_COUNTING = re.compile(
    rf"(?:(?P<hundreds>[{''.join(DIGITS)}])[{HUNDREDS}](?P<none>[\u96f6\u3007\u25cb])?)?"
    rf"(?:(?P<tens>[{''.join(DIGITS)}])?(?P<ten>[{''.join(TENS)}]))?(?P<ones>[{''.join(DIGITS)}])?"
)
_ZEROS = re.compile(r"(?<![0-9a-z])0+(?=[0-9])")


Words = tuple[str, ...]


class Kind:
    """What a code is the code of: the words that may follow it."""

    BUILDING: Words = (*place_words.BUILDING, *place_words.MAYBE_BUILDING)
    STAIRWELL: Words = place_words.STAIRWELL
    ROOM: Words = place_words.ROOM


def alike(code: str, kind: Words) -> str:
    """What two codes have in common that people take for one: small letters, digits, no word, no zeros in front."""
    if code.isascii() and code.isalnum():
        return code.lower().lstrip("0") or code[:1]
    plain = "".join(numerals(folded(code).translate(DASHES).translate(place_words.SIMPLER)).split()).translate(_BETWEEN)
    for word in kind:
        rest = plain.removesuffix(word)
        if rest != plain and rest and (len(rest) == 1 or (rest[-1].isascii() and rest[-1].isalnum())):
            plain = rest
            break
    return unzeroed(plain) or plain


def unzeroed(code: str) -> str:
    """Without the zeros that some put before a number: 06-02 is 6-2."""
    return _ZEROS.sub("", code)


def by_likeness(codes: Iterable[str], kind: Words) -> dict[str, tuple[str, ...]]:
    """Codes by what makes them one; more than one where a register of long ago has both."""
    found: dict[str, tuple[str, ...]] = {}
    for code in codes:
        key = alike(code, kind)
        found[key] = (*found.get(key, ()), code)
    return found


def one_of(said: str, known: Mapping[str, object] | Collection[str], kind: Words) -> str:
    """The code that is known and meant by what was said; as it was said where none is, or more than one."""
    if said in known:
        return said
    meant = alike(said, kind)
    same = [code for code in known if alike(code, kind) == meant]
    return same[0] if len(same) == 1 else said


def numerals(text: str) -> str:
    """Chinese numerals as digits wherever they say one number: 八十一 is 81, 四零一 is 401; 三四 may be 3 or 4."""
    return _NUMERALS.sub(lambda found: number_of(found) or found[0], text)


def number_of(found: "re.Match[str]") -> str | None:
    """The digits of a run of numerals; ``None`` where it may be several, or counts rather than numbers."""
    text, run = found.string, found[0]
    before, after = text[max(0, found.start() - 1) : found.start()], text[found.end() : found.end() + 1]
    if (before and before in "0123456789") or (after and after in "0123456789"):
        return None
    if not any(each in TENS or each in HUNDREDS for each in run):
        return _spelt(run, text[found.end() :])
    parts = _COUNTING.fullmatch(run)
    if parts is None:
        return None
    hundreds, none, tens, ten, ones = parts.group("hundreds", "none", "tens", "ten", "ones")
    if hundreds and not ten and ones and not none:  # 一百二 is 120, and was not meant so by everybody
        return None
    value = int(DIGITS[hundreds]) * 100 if hundreds else 0
    if ten:
        value += int((DIGITS[tens] if tens else TENS[ten]) or "1") * 10
    return str(value + (int(DIGITS[ones]) if ones else 0)) if value or ones else None


def _spelt(run: str, after: str) -> str | None:
    """Digit by digit. Two in a row that follow one another are two numbers, and a pair counts things."""
    digits = [int(DIGITS[each]) for each in run]
    if len(run) == 1 and run in PAIR:
        numbered = re.match(rf"(?:{'|'.join(map(re.escape, Kind.BUILDING))})\s*[0-9{''.join(DIGITS)}]", after)
        return "2" if numbered else None
    if len(run) > 1 and (set(run) & set(PAIR) or all(b - a == 1 for a, b in pairwise(digits))):
        return None
    return "".join(map(str, digits))


def is_amount_like(sign: str) -> bool:
    """Whether a sign is a power, an index or a fraction, whose digits are no digits of a code."""
    return unicodedata.decomposition(sign).startswith(("<super>", "<sub>", "<fraction>"))
