"""Numbers and bytes as the formats spell them: each in one way alone, so that no altered text means the same."""

import base64
import re

from services.tlog.refusals import Malformed

HASH = 32
MOST_NUMBER = 2**63 - 1
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def number(text: str, what: str) -> int:
    """A decimal number without leading zeroes, at most 2^63 - 1. ``what`` says in the refusal what it was to be."""
    if not _DECIMAL.fullmatch(text) or int(text) > MOST_NUMBER:
        raise Malformed("bad_number", f"The {what} is not a plain decimal number: {text[:40]!r}.")
    return int(text)


def base64_text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def base64_bytes(text: str, what: str) -> bytes:
    """Standard Base 64 with its padding; a spelling that nobody writes, such as stray last bits, is refused."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        data = b""
    if base64_text(data) != text:
        raise Malformed("bad_base64", f"The {what} is not Base 64: {text[:60]!r}.")
    return data


def base64_hash(text: str, what: str) -> bytes:
    data = base64_bytes(text, what)
    if len(data) != HASH:
        raise Malformed("bad_hash", f"The {what} has {len(data)} bytes instead of {HASH}.")
    return data


def base64url_text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def base64url_bytes(text: str, what: str) -> bytes:
    """Base 64 for addresses, without padding."""
    try:
        data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        data = b""
    if base64url_text(data) != text:
        raise Malformed("bad_base64", f"The {what} is not Base 64 for addresses: {text[:60]!r}.")
    return data


def utf8(raw: bytes | str, what: str, most: int) -> str:
    """``raw`` as text of at most ``most`` bytes, without control characters other than the newline."""
    try:
        data = raw.encode("utf-8") if isinstance(raw, str) else raw
        text = data.decode("utf-8")
    except UnicodeError:
        raise Malformed("not_text", f"The {what} is not UTF-8 text.") from None
    if len(data) > most:
        raise Malformed("too_long", f"The {what} has {len(data)} bytes, more than the {most} that are read.")
    if any(sign < " " and sign != "\n" for sign in text):
        raise Malformed("control_character", f"The {what} has control characters in it.")
    return text
