"""Numbers to call as people and sheets write them: one that cannot be dialled is told, never kept as if it could.

A mobile has eleven digits, a landline as many as its area code asks for, or seven or eight where none stands before
it; a foreign one begins with a plus sign or two noughts. 1.38E+10 has lost its end, 5932212345 the nought before it,
and 12345 is nobody's: lines for the public are as short (12345, 95598, 96333), and are taken where firms and services
are rung alone.
"""

import re
import unicodedata

from domain.refusal import Rejection, reject_if
from domain.written.area_codes import landline

_WHOLE = re.compile(r"([0-9]+)\.0+")  # how some programs write a number that is whole
_SIGNS = re.compile(r"[0-9+() \-#\u8f6c]{3,30}")
_HERE = re.compile(r"(?:\+|00)?86")  # the country's own code
_LONGEST_OWN = 12  # digits of a number here: an area code with its nought, and eight
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_CALLABLE = re.compile(r"[2-8][0-9]{6,7}|(?:400|800)[0-9]{7}|(?:\+|00)(?!86)[1-9][0-9]{7,14}")
_PUBLIC = re.compile(r"1[12][0-9]{3}|9[56][0-9]{3,4}")  # 12345, 95598, 96333


def phone(text: str) -> str:
    """The number as it was written, in plain signs. Refuses ``phone_unreadable`` with the ``field``."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if whole := _WHOLE.fullmatch(plain):
        plain = whole[1]
    reject_if(_SIGNS.fullmatch(plain) is None, "phone_unreadable", field="phone")
    number, _, extension = _split(plain)
    if not _reaches(re.sub(r"[() -]", "", number)) or (extension and not extension.isdecimal()):
        raise Rejection("phone_unreadable", field="phone")
    return plain


def reachable(text: str) -> bool:
    """Whether somebody can be rung by it."""
    try:
        phone(text)
    except Rejection:
        return False
    return True


def hotline(text: str) -> str:
    """A number that a firm or a public service is rung at, short ones among them.

    Refuses ``hotline_unreadable`` with the ``field``.
    """
    short = re.sub(r"[ -]", "", unicodedata.normalize("NFKC", text))
    if _PUBLIC.fullmatch(short):
        return short
    try:
        return phone(text)
    except Rejection:
        raise Rejection("hotline_unreadable", field="phone") from None


def dialled(number: str) -> str:
    """What stands behind ``tel:``; what is dialled once somebody answers comes after a comma, as phones wait there."""
    outer, _, inner = _split(number)
    sign = "+" if outer.lstrip().startswith("+") else ""
    digits = re.sub(r"^(\+86|0086)0", r"\1", sign + re.sub(r"[^0-9]", "", outer))  # abroad no nought stands there
    return f"{digits}{f',{inner.strip()}' if inner.strip() else ''}"


def texted(number: str | None) -> str:
    """Where an SMS reaches somebody: a mobile's eleven digits, or a number abroad behind its plus; else nothing."""
    outer, _, inner = _split(unicodedata.normalize("NFKC", number or ""))
    digits = re.sub(r"^00(?=[1-9])", "+", re.sub(r"[^0-9+]", "", outer))
    own = re.sub(r"^\+?86(?=1)", "", digits)
    if inner.strip() or (own.startswith("+86") and len(own) > len("+86")):
        return ""
    return own if _MOBILE.fullmatch(own) or re.fullmatch(r"\+[1-9][0-9]{7,14}", own) else ""


def searched(text: str) -> str | None:
    """What all ways of writing a number have in common, to find it by; ``None`` for what is none."""
    if not reachable(text):
        return None
    digits = re.sub(r"[^0-9+]", "", _split(unicodedata.normalize("NFKC", text))[0])
    here = _HERE.match(digits)
    own = digits[here.end() :] if here and (digits[0] in "+0" or len(digits) > _LONGEST_OWN) else digits
    return own.lstrip("+0") if here else own.lstrip("+")


def phone_if_any(text: str | None) -> str | None:
    """The number, where there is one. Refuses as ``phone`` does."""
    return phone(text) if text and text.strip() else text


def _split(plain: str) -> tuple[str, str, str]:
    """The number and what to dial behind it; a landline may have that behind a dash as well."""
    for sign in ("#", "\u8f6c"):
        if sign in plain:
            return plain.partition(sign)
    behind = re.fullmatch(r"(\(?0[0-9]{2,3}\)?[- ]?[2-8][0-9]{6,7})(-)([0-9]{1,5})", plain)
    return (behind[1], behind[2], behind[3]) if behind else (plain, "", "")


def _reaches(number: str) -> bool:
    """Digits alone, perhaps behind a plus sign; behind the country's code an area code may come without its nought."""
    if _MOBILE.fullmatch(number) or _CALLABLE.fullmatch(number) or landline(number):
        return True
    here = _HERE.match(number)
    own = number[here.end() :] if here else ""
    return _MOBILE.fullmatch(own) is not None or bool(own and landline(own if own[0] == "0" else f"0{own}"))
