"""An event as a leaf: what everybody may see of it, and salted digests of all the rest.

``{"v", "type", "recorded", "stated", "stream", "pos", "as", "_sd", "_sd_alg"}`` and what ``domain.trail.public``
allows, with ``"coarse"`` where something was left open. Times are UTC. ``stream`` is a pseudonym, ``pos`` the event's
place in its stream, without gaps from 1, and ``as`` the capacity in which somebody acted. A field is disclosed by its
name in the event; those of the envelope have ``@`` before theirs. What is no plain value is disclosed as its JSON.
"""

import base64
import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.calendar import local_date
from domain.catalogue import DECIDER_OF
from domain.recorded import Recorded
from domain.trail.crowd import Coarseness
from domain.trail.public import public_facts
from services.tlog.leaf import MOST_INT, Disclosure, Value

VERSION = 1
SALT = 16  # bytes
EVERY = 8  # digests: their number says little about the fields
SKIPPED = "EventSkipped"  # what stands in the place of an event that the trail goes on past
LONGEST = 8_000  # characters of a value; of a longer one its digest is disclosed
_BLOCK = 64
_INNER, _OUTER = bytes(x ^ 0x36 for x in range(256)), bytes(x ^ 0x5C for x in range(256))
_encode = msgspec.json.Encoder(order="sorted").encode
_b64 = base64.urlsafe_b64encode


class Salting:
    """HMAC-SHA256 under one key, for many short texts: the interpreter's lock is never given up for them."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        padded = key.ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(padded.translate(_INNER))
        self._outer = hashlib.sha256(padded.translate(_OUTER))

    def of(self, text: str) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text.encode())
        outer.update(inner.digest())
        return outer.digest()


@dataclass(frozen=True, slots=True)
class Salted:
    """What the salts of a leaf are made from. ``lost``: of a destroyed key, so nothing is behind the digests."""

    salting: Salting
    lost: bool = False


class Namer:
    """Pseudonyms of streams, and what salts are made from where nobody has a key. ``secret`` is the trail's own."""

    def __init__(self, secret: bytes) -> None:
        self._salting = Salting(secret)

    def stream(self, stream: UUID) -> str:
        return _b64(self._salting.of(f"stream|{stream}")[:16])[:22].decode()

    def without_key(self, subject: UUID) -> Salted:
        """For what is about nobody who has a key."""
        return Salted(Salting(self._salting.of(f"salts|{subject}")))

    def lost(self, subject: UUID) -> Salted:
        """For what is about somebody whose key is gone: digests that nothing leads to."""
        return Salted(Salting(self._salting.of(f"lost|{subject}")), lost=True)


def leaf_of(recorded: Recorded[Any], coarse: Coarseness, salted: Salted, namer: Namer) -> bytes:
    """The entry of an event."""
    place, of = f"{recorded.stream}|{recorded.version}|", salted.salting.of
    digests = []
    fields = _hidden(recorded, coarse)
    if not salted.lost:
        for name, value in fields:
            said = [_b64(of(place + name)[:SALT])[:22].decode(), name, value]
            digests.append(_digest(_b64(_encode(said)).rstrip(b"=")))
    for number in range(len(digests), -(-len(fields) // EVERY) * EVERY):
        digests.append(_b64(of(f"{place}decoy|{number}"))[:43].decode())
    digests.sort()
    return _encode({**public_part(recorded, coarse, namer), "_sd": digests, "_sd_alg": "sha-256"})


def skipped_leaf() -> bytes:
    """The entry in the place of an event that the trail went on past, for a reason that stands on record."""
    return _encode({"v": VERSION, "type": SKIPPED})


def disclosures(recorded: Recorded[Any], coarse: Coarseness, salted: Salted) -> list[Disclosure]:
    """One for each field that is not public, in the order of the event's fields; none where the key is destroyed."""
    place = f"{recorded.stream}|{recorded.version}|"
    if salted.lost:
        return []
    return [
        Disclosure(salted.salting.of(place + name)[:SALT], name, value) for name, value in _hidden(recorded, coarse)
    ]


def public_part(recorded: Recorded[Any], coarse: Coarseness, namer: Namer) -> dict[str, Value]:
    """What everybody sees."""
    act, kind = recorded.act, type(recorded.event)
    found: dict[str, Value] = {
        "v": VERSION,
        "type": kind.__name__,
        "recorded": _moment(act.recorded_at, coarse),
        "stated": _moment(act.occurred_at, coarse),
        "stream": namer.stream(recorded.stream),
        "pos": recorded.version,
    }
    if coarse is Coarseness.NONE:
        return {**found, "as": act.acting_as.value, **public_facts(recorded.event)}
    found["type"] = DECIDER_OF[kind].name if coarse is Coarseness.KIND else "event"
    return {**found, "coarse": coarse.value}


def _hidden(recorded: Recorded[Any], coarse: Coarseness) -> list[tuple[str, Value]]:
    """All fields that are not public, with their values as they are disclosed."""
    act = recorded.act
    found: list[tuple[str, Value]] = [
        ("@event", str(recorded.event_id)),
        ("@actor", str(act.actor)),
        ("@estate", recorded.estate),
    ]
    if coarse is not Coarseness.NONE:
        found += [
            ("@type", type(recorded.event).__name__),
            ("@recorded", _moment(act.recorded_at, Coarseness.NONE)),
            ("@stated", _moment(act.occurred_at, Coarseness.NONE)),
            ("@as", act.acting_as.value),
        ]
    found += _fields(recorded.event)
    return found


def _fields(event: Any) -> Iterator[tuple[str, Value]]:
    for name, value in msgspec.to_builtins(event).items():
        yield name, _value(value)


def _value(value: Any) -> Value:
    """A plain value as it is; all else, and what no verifier reads alike, as text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if -MOST_INT <= value <= MOST_INT else str(value)
    text = value if isinstance(value, str) else _encode(value).decode()
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text if len(text) <= LONGEST else "sha-256:" + hashlib.sha256(text.encode()).hexdigest()


def _digest(disclosure: bytes) -> str:
    return _b64(hashlib.sha256(disclosure).digest())[:43].decode()


def _moment(moment: datetime, coarse: Coarseness) -> str:
    """In UTC to the second, or the day or month in Shanghai."""
    match coarse:
        case Coarseness.NONE:
            return moment.astimezone(UTC).isoformat(timespec="seconds")[:19] + "Z"
        case Coarseness.KIND:
            return local_date(moment).isoformat()
        case Coarseness.ALL:
            return local_date(moment).isoformat()[:7]
