"""How an event stands in the log: a JSON envelope with clear fields in ``data`` and personal ones sealed.

``{"id", "v", "category", "occurredAt", "recordedAt", "actor", "actingAs", "estate", "correlation", "causation",
"data": {...}, "sealed": {field: base64}}``. A sealed field is bound to its stream, version and name, so it cannot be
moved. The stored name of an event is the bare name of its class.
"""

from base64 import b64decode
from binascii import b2a_base64
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import fields, replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from domain.capacity import Capacity
from domain.catalogue import DECIDER_OF, DECIDERS, EVENTS
from domain.recorded import Act, Recorded
from domain.words import is_personal
from services.log.vault import Sealer

Moment = Annotated[datetime, msgspec.Meta(tz=True)]  # with an offset
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

VERSIONS: dict[str, int] = {  # newest schema version by stored name, where it is not 1
    "BillIssued": 2,
    "CaseForgotten": 2,
    "MonthClosed": 3,
    "IssueNoted": 3,
    "PhotoAttached": 2,
    "StatementLineMatched": 4,
    "StatementLinePassedOn": 3,
    "StatementLineQueued": 3,
    "StatementLineSetAside": 2,
    "StationOpened": 3,
    "WorkOrderOpened": 2,
    "WorkOrderReopened": 2,
    "WorkSuspended": 2,
}
_HOURS_1: dict[str, Any] = {  # one opening and closing for every day was all there was
    "week": [],
    "holidays": None,
    "apart": [],
    "known_until": None,
}
_LINE_1: dict[str, Any] = {"balance": None, "own": None, "numbering": None, "layout": None, "refunded": 0}


def _told_1(data: dict[str, Any]) -> dict[str, Any]:
    """Nobody noted then by what two downloads of one line are known."""
    return data | {"told": data["told"] and data["told"] | _LINE_1}


def _told_2(data: dict[str, Any]) -> dict[str, Any]:
    """Nobody noted then under which numbers the desk would take it down."""
    return data | {"told": data["told"] and data["told"] | {"numbers": []}}


def _figures_1(data: dict[str, Any]) -> dict[str, Any]:
    """No payment of which anything was refunded could be reversed then."""
    return data | {"figures": data["figures"] | {"reclaimed": 0}}


def _figures_2(data: dict[str, Any]) -> dict[str, Any]:
    """No refund could come back then."""
    return data | {"figures": data["figures"] | {"returned": 0, "returned_by_method": []}}


UPCASTERS: dict[tuple[str, int], Upcaster] = {  # (stored name, version it reads) -> data of the next version
    ("BillIssued", 1): lambda data: data | {"reclaims": None},
    ("CaseForgotten", 1): lambda data: data | {"withdrawn": []},  # nothing could be withdrawn then
    ("MonthClosed", 1): _figures_1,
    ("MonthClosed", 2): _figures_2,
    ("IssueNoted", 1): lambda data: data | {"danger": None},  # nobody read texts for it then
    ("PhotoAttached", 1): lambda data: data | {"kind": None},  # nobody said whether it was taken before or after
    ("StatementLineMatched", 1): _told_1,
    ("StatementLinePassedOn", 1): _told_1,
    ("StatementLineQueued", 1): lambda data: _told_1(data) | {"twins": [], "state": None},
    ("StatementLineMatched", 2): _told_2,
    ("StatementLineMatched", 3): lambda data: data | {"refund": None},  # none could come back by a line
    ("StatementLinePassedOn", 2): _told_2,
    ("StatementLineQueued", 2): _told_2,
    ("StatementLineSetAside", 1): lambda data: data | {"same": None},
    ("IssueNoted", 2): lambda data: data | {"promise": None},
    ("StationOpened", 1): lambda data: data | {"hours": _HOURS_1 | data["hours"]},
    ("StationOpened", 2): lambda data: data | {"since": None},
    ("WorkOrderOpened", 1): lambda data: (
        data | {"hours": _HOURS_1 | data["hours"], "reported_at": None, "targets": []}  # as if reported when opened
    ),
    ("WorkOrderReopened", 1): lambda data: data | {"hours": None, "targets": None},
    ("WorkSuspended", 1): lambda data: data | {"cause": None, "until": None, "tell": None},
}

_PERSONAL: dict[type[Any], tuple[str, ...]] = {
    kind: tuple(item.name for item in fields(kind) if is_personal(item)) for kind in EVENTS.values()
}
_CLEAR: dict[type[Any], tuple[str, ...]] = {
    kind: tuple(item.name for item in fields(kind) if not is_personal(item)) for kind in EVENTS.values()
}


_CATEGORY: dict[type[Any], str] = {kind: DECIDER_OF[kind].name for kind in EVENTS.values()}


class UnknownName(Exception):
    """No event of this product has the name."""


class UnknownVersion(Exception):
    """The event has the shape of a newer product, or of none."""


class Misplaced(Exception):
    """The event stands in an envelope of another kind of stream."""


class Envelope(msgspec.Struct, rename="camel"):
    """The stored state of one event, as JSON."""

    id: UUID
    v: int
    category: str
    occurred_at: Moment
    recorded_at: Moment
    actor: UUID
    acting_as: Capacity
    correlation: UUID
    data: dict[str, Any]
    estate: str | None = None
    causation: UUID | None = None
    sealed: dict[str, str] = {}


class Telling(msgspec.Struct, frozen=True):
    """An event on its way into the log, which gives it its position.

    Without a ``sealer`` (its key is destroyed) personal fields are stored nowhere.
    """

    event: Any
    event_id: UUID
    stream: UUID
    version: int
    category: str
    act: Act
    estate: str | None
    correlation: UUID
    causation: UUID | None
    sealer: Sealer | None


class Stored(msgspec.Struct, frozen=True, gc=False):
    """One row of the log."""

    position: int
    stream: UUID
    version: int
    name: str
    state: bytes


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Envelope)


def encode(telling: Telling) -> bytes:
    """The stored state of an event."""
    event, act = telling.event, telling.act
    kind = type(event)
    name, personal = kind.__name__, _PERSONAL[kind]
    envelope = Envelope(
        id=telling.event_id,
        v=VERSIONS.get(name, 1),
        category=telling.category,
        occurred_at=act.occurred_at,
        recorded_at=act.recorded_at,
        actor=act.actor,
        acting_as=act.acting_as,
        correlation=telling.correlation,
        data={field: getattr(event, field) for field in _CLEAR[kind]},
        estate=telling.estate,
        causation=telling.causation,
        sealed=_sealed(telling, personal, telling.sealer) if personal and telling.sealer is not None else {},
    )
    return _encoder.encode(envelope)


def _sealed(telling: Telling, personal: tuple[str, ...], sealer: Sealer) -> dict[str, str]:
    """The personal fields that say something, each bound to its place."""
    texts = {field: text for field in personal if (text := getattr(telling.event, field)) is not None}
    place = f"{telling.stream}|{telling.version}|"
    sealed = sealer.seal_all([(text.encode(), f"{place}{field}".encode()) for field, text in texts.items()])
    return {field: b2a_base64(each, newline=False).decode("ascii") for field, each in zip(texts, sealed, strict=True)}


def envelope_of(stored: Stored) -> Envelope:
    """The envelope of a row."""
    return _decoder.decode(stored.state)


def recorded(stored: Stored, envelope: Envelope, opener: Sealer | None) -> Recorded[Any]:
    """The event of a row; personal fields are ``None`` without an ``opener``."""
    kind = EVENTS.get(stored.name)
    if kind is None:
        raise UnknownName
    if envelope.category != _CATEGORY[kind]:
        raise Misplaced
    data = upcast(stored.name, envelope.v, envelope.data)
    personal = _PERSONAL[kind]
    place = bound(stored.stream, stored.version, "") if personal and envelope.sealed else b""
    for field in personal:
        sealed = envelope.sealed.get(field)
        if sealed is None or opener is None:
            data[field] = None
        else:
            data[field] = opener.open(b64decode(sealed), place + field.encode()).decode()
    return Recorded(
        position=stored.position,
        event_id=envelope.id,
        stream=stored.stream,
        version=stored.version,
        event=msgspec.convert(data, kind),
        act=Act(envelope.actor, envelope.acting_as, envelope.occurred_at, envelope.recorded_at),
        estate=envelope.estate,
        correlation=envelope.correlation,
        causation=envelope.causation,
    )


class _Category(msgspec.Struct):
    """What is asked of an envelope that says nothing else that can be read."""

    category: str


_category = msgspec.json.Decoder(_Category)


def meant(stored: Stored, neighbours: Iterable[str]) -> frozenset[type[Any]] | None:
    """As what kinds of events a row that cannot be read may have been meant; ``None`` where nothing tells.

    Its name is believed, unless envelope or stream are of another kind: then it may also be any event of that kind.
    ``neighbours`` are names of other events of its stream.
    """
    own = EVENTS.get(stored.name)
    near = {DECIDER_OF[EVENTS[name]].name for name in neighbours if name in EVENTS}
    with suppress(msgspec.MsgspecError, RecursionError, UnicodeError):
        near.add(_category.decode(stored.state).category)
    kinds = {kind for decider in DECIDERS if decider.name in near for kind in decider.events}
    if own is None:
        return frozenset(kinds) or None
    agreed = all(own in decider.events for decider in DECIDERS if decider.name in near)
    return frozenset({own}) if agreed else frozenset({own, *kinds})


def has_personal(kind: type[Any]) -> bool:
    """Whether events of this kind have personal fields."""
    return bool(_PERSONAL[kind])


def sealed_in(event: Any) -> bool:
    """Whether it says anything that is sealed and can be read."""
    return any(getattr(event, name) is not None for name in _PERSONAL[type(event)])


def without_personal(event: Any) -> Any:
    """The event as it reads without its key."""
    names = _PERSONAL[type(event)]
    return replace(event, **dict.fromkeys(names)) if names else event


def upcast(name: str, version: int, data: dict[str, Any]) -> dict[str, Any]:
    """``data`` in the newest shape of the event. Raises ``UnknownVersion``."""
    newest = VERSIONS.get(name, 1)
    if version == newest:
        return data
    if not 1 <= version < newest:
        raise UnknownVersion
    for older in range(version, newest):
        data = UPCASTERS[name, older](data)
    return data


def bound(stream: UUID, version: int, field: str) -> bytes:
    """What a sealed field is bound to."""
    return f"{stream}|{version}|{field}".encode()
