"""States of long streams, kept beside the log, so that the first look at one after a start stays cheap.

States live in memory; most streams end after a few dozen events and are folded from their first one. Whoever had to
fold ``LONG`` events or more leaves the state behind, and the next one begins there: nothing is written on the way of a
command, nothing is asked for on the way of a short stream. A snapshot is known by everything that its fold depends on,
so what another version of the product left is passed over. Personal fields are not in it, as no rule reads them.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import fields
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from psycopg import Connection

from domain.catalogue import DECIDERS
from domain.decider import Decider
from projections.fingerprint import sources_at_hand
from projections.projection import meaning
from services.log import envelope

S = TypeVar("S")

_folds: dict[int, tuple[Decider[Any, Any, Any], str]] = {}  # by the decider's id, as some initial states have no hash

LONG = 100  # events: about two milliseconds to read and fold

Lend = Callable[[], AbstractContextManager[Connection[dict[str, Any]]]]

_encode = msgspec.json.Encoder().encode  # the order in which things came about is part of a state


class Snapshots:
    """The newest state kept of each long stream. ``lend`` gives a connection that commits each statement."""

    def __init__(self, lend: Lend) -> None:
        self._lend = lend

    def newest(self, decider: Decider[Any, S, Any], stream: UUID, after: int) -> tuple[S, int] | None:
        """State and version, if this version of the product kept one that is newer than ``after``."""
        kind: Any = type(decider.initial)
        with self._lend() as conn:
            row = conn.execute(
                "SELECT state, version FROM log.snapshots WHERE stream = %s AND version > %s AND fold = %s",
                (stream, after, fold_of(decider)),
                prepare=True,
            ).fetchone()
        if row is None:
            return None
        try:
            return _decoder(kind).decode(row["state"]), row["version"]
        except msgspec.MsgspecError:  # damaged: the stream itself is there
            return None

    def keep(self, decider: Decider[Any, S, Any], stream: UUID, state: S, version: int) -> None:
        """Leave a state behind; an older one never takes the place of a newer one of the same product."""
        with self._lend() as conn:
            conn.execute(
                "INSERT INTO log.snapshots AS s (stream, version, fold, state) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (stream) DO UPDATE"
                " SET version = excluded.version, fold = excluded.fold, state = excluded.state"
                " WHERE s.version < excluded.version OR s.fold <> excluded.fold",
                (stream, version, fold_of(decider), _encode(state)),
            )

    def throw_away(self) -> int:
        """All of them; answers how many there were. Each is made anew when somebody folds its stream."""
        with self._lend() as conn:
            return conn.execute("DELETE FROM log.snapshots").rowcount

    def kept(self) -> Iterator[tuple[str, UUID, int, bytes]]:
        """All of them: fold, stream, version and state as it is stored."""
        with self._lend() as conn:
            for row in conn.execute("SELECT fold, stream, version, state FROM log.snapshots").fetchall():
                yield row["fold"], row["stream"], row["version"], bytes(row["state"])


def fold_of(decider: Decider[Any, Any, Any]) -> str:
    """Changes with what the fold says, whatever it calls, and with how an event is read from its envelope."""
    return f"{decider.name} {_fold(decider)}"


def says(decider: Decider[Any, Any, Any], kept: bytes, state: Any) -> bool:
    """Whether a kept state is this one, what it holds by name in the same order."""
    kind: Any = type(decider.initial)
    try:
        found = _decoder(kind).decode(kept)
    except msgspec.MsgspecError:
        return False
    return bool(found == state) and _orders(found) == _orders(state)


def _orders(state: Any) -> list[list[Any]]:
    values = [getattr(state, item.name) for item in fields(state)]
    return [list(value) for value in values if isinstance(value, Mapping)]


def know_folds() -> None:
    """At the start, from the sources that run: later they may be those of another version, laid there meanwhile."""
    with sources_at_hand():
        for decider in DECIDERS:
            fold_of(decider)


def _fold(decider: Decider[Any, Any, Any]) -> str:
    if id(decider) not in _folds:
        _folds[id(decider)] = decider, f"{meaning(decider)} {_reading()}"
    return _folds[id(decider)][1]


@lru_cache(maxsize=1)
def _reading() -> str:
    return meaning(envelope.recorded)


@lru_cache(maxsize=64)
def _decoder(kind: type[Any]) -> "msgspec.json.Decoder[Any]":
    return msgspec.json.Decoder(kind)
