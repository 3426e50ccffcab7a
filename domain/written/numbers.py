"""Money, areas and prices as people write them, read as whole numbers of their last decimal place.

A point is decimal. A comma sets thousands apart where it stands as it does between thousands; what may be either
(``89,37`` is 89.37 or 8,937, ``1.234,56`` is 1,234.56 or 1.23456) is refused with both readings, never chosen.
Wide digits, signs of the currency, every kind of minus, brackets for what is below zero and 万 are understood.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from domain.refusal import Rejection, reject_if
from domain.typed import one_line

LONGEST = 40  # signs of a number that somebody means
_MOST_DIGITS = 13  # before the point: ten million million, more than any sum
_MINUS = (*range(0x2010, 0x2016), 0x2212, 0x207B, 0x2796, 0xFE58, 0xFE63)
_SIGNS = dict.fromkeys(_MINUS, "-") | {0x3002: ".", 0xFF61: ".", 0x2018: "'", 0x2019: "'", 0xB4: "'", 0x8D1F: "-"}
_MONEY = re.compile(r"^(?:人民币|rmb|cny|cn¥|¥)\s*|\s*(?:元整|元|圆|块钱|块|人民币|rmb|cny|¥)$")
_NO_FACTS: Mapping[str, object] = {}
_TIMES = {"万": 4, "亿": 8}  # powers of ten
_USUAL = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,2})?")  # what most cells hold
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")
_THOUSAND = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{2}[1-9]")  # more decimals than there can be, or thousands apart
_GROUPS = re.compile(r"[0-9]{1,3}(?:([, '])[0-9]{3})(?:\1[0-9]{3})*(\.[0-9]*)?")
_ONE_COMMA = re.compile(r"([0-9]*)[, ]([0-9]+)")
_LAST_COMMA = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+),([0-9]{1,2})")
_AFTER_POINT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})*),([0-9]+)")


def money(text: str, unreadable: str = "amount", **facts: object) -> int:
    """Fen of an amount in yuan, also below zero. Refuses ``unreadable`` and ``two_readings``, both with ``facts``."""
    return number(text, 2, unreadable, facts)


def count(text: str, most: int, unreadable: str, **facts: object) -> int:
    """A whole number of things up to ``most``, none for no text. Refuses as ``number`` does, with ``most``, too."""
    facts["most"] = most
    value = number(text, 0, unreadable, facts) if text.strip() else 0
    reject_if(not 0 <= value <= most, unreadable, **facts)
    return value


def number(
    text: str,
    places: int,
    unreadable: str,
    facts: Mapping[str, object] = _NO_FACTS,
    *,
    too_fine: str | None = None,
    written: int | None = None,
    words: Sequence[str] = (),
) -> int:
    """A number in units of its last decimal ``places``; ``words`` are units that may stand behind it.

    ``written`` is how many decimals people write of such a number where that is more: as many digits after a comma
    may then be decimals. Refuses ``unreadable`` (``too_fine`` for too many decimals) and
    ``two_readings``, with ``facts``.
    """
    if _USUAL.fullmatch(text):
        whole, _, rest = text.lstrip("-").partition(".")
        value = int(whole + rest.ljust(places, "0")) if len(rest) <= places else None
        if value is not None:
            return -value if text[0] == "-" else value
    plain = unicodedata.normalize("NFKC", one_line(text).translate(_SIGNS)).translate(_SIGNS).casefold()
    reject_if(len(plain) > LONGEST, unreadable, **facts)
    body, sign, shift = _undressed(plain, words)
    found = _readings(body, max(written or 0, places) + shift)
    if len({_value(each, 20) for each in found}) > 1:
        one, other = (_shown(each, sign) for each in found)
        raise Rejection("two_readings", said=plain, one=one, other=other, **facts)
    if not found or len(found[0].partition(".")[0]) + shift > _MOST_DIGITS:
        raise Rejection(unreadable, **facts)
    value = _value(found[0], places + shift)
    if value is None:
        raise Rejection(too_fine or unreadable, **facts)
    return sign * value


def _undressed(plain: str, words: Sequence[str]) -> tuple[str, int, int]:
    """The digits alone, 1 or -1, and by how many powers of ten they count."""
    sign = shift = 0
    before = None
    while plain != before:
        before = plain
        plain = _MONEY.sub("", plain.strip())
        for word in words:
            plain = plain.removesuffix(word).strip()
        if plain.startswith("(") and plain.endswith(")") and sign == 0:
            inner = plain[1:-1].strip()
            plain, sign = inner.removeprefix("-"), -1
        elif plain[:1] in ("-", "+") and plain[:1] and sign == 0:
            plain, sign = plain[1:], -1 if plain[0] == "-" else 1
        elif plain[-1:] in ("-", "+") and plain[:-1] and sign == 0:
            plain, sign = plain[:-1], -1 if plain[-1] == "-" else 1
        elif plain[-1:] in _TIMES and shift == 0 and plain[-1:]:
            plain, shift = plain[:-1], _TIMES[plain[-1]]
    return re.sub(r"\s*([,.])\s*", r"\1", plain), sign or 1, shift


def _readings(body: str, decimals: int) -> list[str]:
    """What the digits may say, each as digits with one point at most; none where they say nothing."""
    if _PLAIN.fullmatch(body):
        return [body, body.replace(".", "")] if decimals < 3 and _THOUSAND.fullmatch(body) else [body]
    if grouped := _GROUPS.fullmatch(body):
        whole = body.replace(grouped[1], "")
        alone = grouped[1] == "," and grouped[2] is None and body.count(",") == 1
        return [whole, body.replace(",", ".")] if alone and decimals >= 3 else [whole]
    if comma := _ONE_COMMA.fullmatch(body):
        return [f"{comma[1]}.{comma[2]}", comma[1] + comma[2]]
    if comma := _LAST_COMMA.fullmatch(body):
        return [f"{comma[1].replace(',', '')}.{comma[2]}", comma[1].replace(",", "") + comma[2]]
    if comma := _AFTER_POINT.fullmatch(body):
        whole = comma[1].replace(".", "")
        other = whole + comma[2] if body.count(".") > 1 else comma[1] + comma[2]
        return [f"{whole}.{comma[2]}", other]
    return []


def _value(digits: str, places: int) -> int | None:
    whole, _, rest = digits.partition(".")
    rest = rest.rstrip("0")
    return int((whole or "0") + rest.ljust(places, "0")) if len(rest) <= places else None


def _shown(digits: str, sign: int) -> str:
    whole, point, rest = digits.partition(".")
    return f"{'-' if sign < 0 else ''}{int(whole or '0'):,}{point}{rest}"
