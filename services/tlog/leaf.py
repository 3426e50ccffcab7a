"""Leaves: what is public of an entry, and salted digests of what is not, so that one field can be shown alone.

A leaf is an object in the canonical form of RFC 8785; ``_sd`` holds digests of disclosures as in RFC 9901. Whoever
loses the salts leaves digests that lead nowhere, and every proof still holds.
"""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Self

import rfc8785

from services.tlog.refusals import Malformed, Unproven
from services.tlog.spelling import base64url_bytes, base64url_text
from services.tlog.tiles import MOST_ENTRY

Value = str | int | bool | None

MOST_INT = 2**53 - 1
LEAST_SALT = 16  # bytes
MOST_DISCLOSURE = 60_000  # bytes
PADDED_TO = 4  # digests: with decoys among them, their number says little about the fields
DIGESTS, ALGORITHM = "_sd", "_sd_alg"
_SHA256 = "sha-256"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One field that a leaf has a digest of. ``written`` is the text that was handed in, where it was."""

    salt: bytes
    name: str
    value: Value
    written: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if len(self.salt) < LEAST_SALT:
            raise Malformed("short_salt", f"A salt has at least {LEAST_SALT} bytes, this one {len(self.salt)}.")
        _checked_field(self.name, self.value)

    @classmethod
    def parse(cls, text: str) -> Self:
        if len(text) > MOST_DISCLOSURE:
            raise Malformed("too_long", "The disclosure is too long to be read.")
        parts = _json(base64url_bytes(text, "disclosure"), "disclosure")
        if not isinstance(parts, list) or len(parts) != 3 or not all(isinstance(part, str) for part in parts[:2]):
            raise Malformed("bad_disclosure", "A disclosure has a salt, a name and a value.")
        salt, name, value = parts
        return cls(base64url_bytes(salt, "salt"), name, value, text)

    def text(self) -> str:
        """As it is handed round, and as its digest is made of it."""
        if self.written:
            return self.written
        return base64url_text(rfc8785.dumps([base64url_text(self.salt), self.name, self.value]))

    def digest(self) -> str:
        return digest_of(self.text())


@dataclass(frozen=True, slots=True)
class Opened:
    """What a leaf says to everybody, what was disclosed of the rest, and how many digests stay shut (decoys too)."""

    public: Mapping[str, Value]
    disclosed: Mapping[str, Value]
    shut: int


def digest_of(disclosure: str) -> str:
    """The digest of a disclosure's text. (RFC 9901, 4.2.3)"""
    return base64url_text(sha256(disclosure.encode("ascii")).digest())


def decoy(salt: bytes) -> str:
    """A digest like the others that nothing opens. ``salt`` is random, or derived as the salts of fields are."""
    if len(salt) < LEAST_SALT:
        raise Malformed("short_salt", f"A salt has at least {LEAST_SALT} bytes, this one {len(salt)}.")
    return base64url_text(sha256(b"decoy" + salt).digest())


def decoys_wanted(fields: int) -> int:
    """How many decoys make the number of digests one of few: 4, 8, 12 and so on, never none."""
    return max(-fields % PADDED_TO, PADDED_TO - fields)


def leaf(public: Mapping[str, Value], disclosures: Iterable[Disclosure] = (), decoys: Iterable[bytes] = ()) -> bytes:
    """The entry for the log; ``decoys`` are salts of which a digest each is put among the others.

    Raises ``Malformed`` for what the profile does not allow: names beyond ASCII, floats, numbers from 2^53 on, text
    that is not in NFC, a name twice, an entry that is too long.
    """
    disclosures = list(disclosures)
    names = [*public, *(disclosure.name for disclosure in disclosures)]
    if len(names) != len(set(names)):
        raise Malformed("field_twice", "A field of an entry stands there twice.")
    for name, value in public.items():
        _checked_field(name, value)
    digests = sorted([*(it.digest() for it in disclosures), *(decoy(salt) for salt in decoys)])
    if len(digests) != len(set(digests)):
        raise Malformed("digest_twice", "Two digests of an entry are the same.")
    secret = {DIGESTS: digests, ALGORITHM: _SHA256} if digests else {}
    data = rfc8785.dumps({**public, **secret})
    if len(data) > MOST_ENTRY:
        raise Malformed("long_entry", f"An entry has {len(data)} bytes, more than the {MOST_ENTRY} of a bundle.")
    return data


def read(data: bytes) -> tuple[dict[str, Value], tuple[str, ...]]:
    """The public fields and the digests of a leaf. Raises ``Malformed`` for one that ``leaf`` would not have made."""
    found = _json(data, "entry")
    if not isinstance(found, dict):
        raise Malformed("bad_leaf", "The entry is not an object.")
    digests, algorithm = found.pop(DIGESTS, []), found.pop(ALGORITHM, _SHA256)
    if not isinstance(digests, list) or not all(isinstance(it, str) for it in digests) or algorithm != _SHA256:
        raise Malformed("bad_leaf", "The entry's digests are not a list of SHA-256.")
    for name, value in found.items():
        _checked_field(name, value)
    secret = {DIGESTS: digests, ALGORITHM: _SHA256} if digests else {}
    if digests != sorted(set(digests)) or rfc8785.dumps({**found, **secret}) != data:
        raise Malformed("not_canonical", "The entry is not in its canonical form.")
    return found, tuple(digests)


def check(data: bytes, disclosures: Sequence[Disclosure] = ()) -> Opened:
    """What the leaf and the disclosures say together. Raises ``Unproven`` for a disclosure of something else."""
    public, digests = read(data)
    disclosed: dict[str, Value] = {}
    for disclosure in disclosures:
        if disclosure.digest() not in digests:
            raise Unproven("not_of_entry", f"What is said of {disclosure.name[:60]!r} does not belong to this entry.")
        if disclosure.name in disclosed or disclosure.name in public:
            raise Unproven("field_twice", f"The field {disclosure.name[:60]!r} is there twice.")
        disclosed[disclosure.name] = disclosure.value
    return Opened(public, disclosed, len(digests) - len(disclosed))


def _checked_field(name: Any, value: Any) -> None:
    if (
        not isinstance(name, str)
        or not name.isascii()
        or not name.isprintable()
        or not name
        or name.startswith(("_sd", "..."))
    ):
        raise Malformed("bad_field", f"A field cannot be called {name!r:.60}.")
    match value:
        case None | bool():
            return
        case int() if -MOST_INT <= value <= MOST_INT:
            return
        case str():
            _checked_text(name, value)
        case _:
            raise Malformed("bad_value", f"The field {name!r:.60} has a value that entries cannot have.")


def _checked_text(name: str, value: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeError:
        raise Malformed("bad_value", f"The field {name!r:.60} has half a character in it.") from None
    if not unicodedata.is_normalized("NFC", value):
        raise Malformed("bad_value", f"The text of {name!r:.60} is not in the normal form NFC.")


def _json(data: bytes, what: str) -> Any:
    """Strict JSON: UTF-8, no name twice, no floats, no depth to drown in."""
    try:
        return json.loads(
            data.decode("utf-8"), object_pairs_hook=_once, parse_float=_no_float, parse_constant=_no_float
        )
    except (UnicodeError, ValueError, RecursionError) as refusal:
        if isinstance(refusal, Malformed):
            raise
        raise Malformed("bad_json", f"The {what} is not JSON.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("field_twice", "A name stands twice in an object.")
    return found


def _no_float(text: str) -> None:
    raise Malformed("bad_value", f"Entries have no such numbers: {text[:40]}.")
