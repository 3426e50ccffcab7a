"""Text as people type it: wide digits, invisible signs, odd blanks. What they mean stays, how it was typed does not.

``tidy`` is what is kept: it changes no word, no Chinese punctuation and no emoji. ``folded`` is what is compared: two
texts that people take for the same read alike in it.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

_BLANKS = (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_ENDS_OF_LINES = (0x0B, 0x0C, 0x85, 0x2028, 0x2029)
_INVISIBLE = (
    *(each for each in range(0x20) if each not in (0x09, 0x0A, 0x0B, 0x0C)), *range(0x7F, 0x85), *range(0x86, 0xA0),
    0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F),
    *range(0x2060, 0x2070), 0x2800, 0x3164, 0xFEFF, 0xFFA0, *range(0xFFF9, 0xFFFC), *range(0x1D173, 0x1D17B),
    0xE0001,
)  # fmt: skip
_CHINESE = (0xFF01, 0xFF08, 0xFF09, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF1F, 0xFF3B, 0xFF3D, 0xFF5B, 0xFF5D, 0xFF5E)  # marks
_NARROW = {each: each - 0xFEE0 for each in range(0xFF01, 0xFF5F) if each not in _CHINESE}
_RADICALS = {each: unicodedata.normalize("NFKC", chr(each)) for each in (0x2E9F, 0x2EF3, *range(0x2F00, 0x2FD6))}
_MEANT = (
    dict.fromkeys(_BLANKS, " ") | dict.fromkeys(_ENDS_OF_LINES, "\n") | dict.fromkeys(_INVISIBLE) | _NARROW | _RADICALS
)
_PICTURES = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_JOINED = "\u0600-\u109f\u1780-\u18af\ua800-\uabff"  # scripts whose letters take another form beside a joiner
_JOINER = re.compile(f"(?<![{_PICTURES}{_JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{_PICTURES}{_JOINED}])")
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0020-\U000e007f]")  # flags are made of them
_SHADES = dict.fromkeys((*range(0xFE00, 0xFE10), 0x20E3, *range(0xE0100, 0xE01F0)))  # of one sign, as in a keycap


def tidy(text: str) -> str:
    """The text as it is kept: wide letters and digits made narrow, every blank a plain one, every end of a line one.

    Signs that nobody sees are left out, but for those that hold an emoji or a joined script together. Done twice, it
    changes nothing more. What cannot be kept at all (halves of characters) is not touched: others refuse it.
    """
    if text.isascii() and text.isprintable():
        return text
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").translate(_MEANT)
    if not plain.isprintable():
        plain = _TAGS.sub(lambda found: found[1] or "", _JOINER.sub("", plain))
    return unicodedata.normalize("NFC", plain)


def one_line(text: str) -> str:
    """A name, a number or a question: tidy, on one line, with single blanks."""
    return " ".join(tidy(text).split())


def folded(text: str) -> str:
    """What is compared: small letters, no signs of presentation, whatever looks alike as one."""
    if text.isascii() and text.isprintable():
        return text.lower()
    plain = unicodedata.normalize("NFKC", tidy(text).translate(_SHADES))
    return unicodedata.normalize("NFKC", tidy(plain.casefold()))


def tidied(said: Any) -> Any:
    """JSON with all its texts tidy; what is secret (its name tells) is left as it was typed."""
    if isinstance(said, str):
        return tidy(said)
    if isinstance(said, dict):
        return {name: value if is_secret(name) else tidied(value) for name, value in said.items()}
    if isinstance(said, list):
        return [tidied(each) for each in said]
    return said


def is_secret(name: str) -> bool:
    """Whether a field holds what only its owner knows, and what is compared sign by sign."""
    return "password" in name.casefold() or name in ("old", "new")  # of a password that is changed


def tidy_pairs(pairs: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Names and values of a form or an address, texts tidy."""
    return [(name, tidy(value) if isinstance(value, str) and not is_secret(name) else value) for name, value in pairs]
