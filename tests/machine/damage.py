"""Rows of the log damaged in every way that a disk, a hand or a newer version may damage them."""

import json
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from psycopg.sql import SQL

from domain.catalogue import EVENTS

Spoil = Callable[[Random, str, bytes], tuple[str, bytes]]  # of a name and a body


def _body(change: Callable[[Random, dict[str, Any]], None]) -> Spoil:
    def spoil(chance: Random, name: str, state: bytes) -> tuple[str, bytes]:
        said = json.loads(state)
        change(chance, said)
        return name, json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass")

    return spoil


def _put(key: str, *values: Any) -> Spoil:
    return _body(lambda chance, said: said.update({key: chance.choice(values)}))


def _without(chance: Random, said: dict[str, Any]) -> None:
    said.pop(chance.choice([*said]))


def _seal(change: Callable[[str], Any]) -> Spoil:
    def spoil(chance: Random, said: dict[str, Any]) -> None:
        if said.get("sealed"):
            field = chance.choice([*said["sealed"]])
            said["sealed"][field] = change(said["sealed"][field])
        else:
            said["sealed"] = {"text": change("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo=")}

    return _body(spoil)


def _field(chance: Random, said: dict[str, Any]) -> None:
    if said["data"]:
        junk = (None, -1, 10**400, [], {}, "", "x" * 20_000, True, 1.5, "\x00", "'; DROP", [[1]], "\ud800")
        said["data"][chance.choice([*said["data"]])] = chance.choice(junk)


def _cut(chance: Random, name: str, state: bytes) -> tuple[str, bytes]:
    return name, state[: chance.randrange(len(state))]


def _bit(chance: Random, name: str, state: bytes) -> tuple[str, bytes]:
    at = chance.randrange(len(state))
    return name, state[:at] + bytes([state[at] ^ 1 << chance.randrange(8)]) + state[at + 1 :]


SPOILS: dict[str, Spoil] = {
    "unknown name": lambda chance, name, state: (chance.choice(["NeverHeardOf", "", name + "2", name.lower()]), state),
    "another's name": lambda chance, name, state: (chance.choice(sorted(EVENTS)), state),
    "cut": _cut,
    "a bit": _bit,
    "empty": lambda chance, name, state: (name, b""),
    "noise": lambda chance, name, state: (name, chance.randbytes(chance.choice([1, 100, 5_000]))),
    "another shape": lambda chance, name, state: (name, chance.choice([b"null", b"[]", b"{}", b'"x"', b"1e999"])),
    "deep": lambda chance, name, state: (name, b"[" * 100_000),
    "no JSON text": lambda chance, name, state: (name, b"\xff\xfe" + state),
    "both": lambda chance, name, state: ("NeverHeardOf", chance.randbytes(50)),
    "version": _put("v", 2, 99, 0, -1, "1", None, 10**30, [1]),
    "category": _put("category", "", "Person", "Issue", "FeeAccount", None, 7),
    "estate": _put("estate", None, "", "999", '"},{"', "\\", "350902002999-002", 5, "\x00", "x" * 9_000, ",", "}"),
    "who": _put("actor", "nobody", None, str(UUID(int=0)), str(UUID(int=2**128 - 1))),
    "as what": _put("actingAs", "CZAR", None, 0, "SYSTEM", "RED_STEWARD"),
    "when": _put("recordedAt", "never", "2026-11-23T08:40:00", None, 0, "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
    "when it happened": _put("occurredAt", "never", "2026-11-23T08:40:00", None, "9999-12-31T23:59:59Z"),
    "whose key": _put("correlation", str(UUID(int=0)), "none", None),
    "identity": _put("id", "none", None, 5),
    "a key less": _body(_without),
    "data": _put("data", {}, [], None, "x", {"a": 1}),
    "a field": _body(_field),
    "seal changed": _seal(lambda sealed: ("A" if sealed[0] != "A" else "B") + sealed[1:]),
    "seal cut": _seal(lambda sealed: sealed[:4]),
    "seal no text": _seal(lambda sealed: 5),
    "seal no base64": _seal(lambda sealed: "%%%"),
    "sealed": _put("sealed", None, [], "x", {"nobody": "QUJD"}),
}  # fmt: skip


class Damaged:
    """Rows that were changed behind the back of the log, which the trigger refuses to everybody else."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.before: dict[int, tuple[str, bytes]] = {}

    def spoil(self, position: int, chance: Random, how: str) -> None:
        with psycopg.connect(self._url) as conn:
            row = conn.execute(
                "SELECT topic, state FROM log.stored_events WHERE notification_id = %s", (position,)
            ).fetchone()
            assert row is not None
            self.before.setdefault(position, (row[0], bytes(row[1])))
        self.write(position, *SPOILS[how](chance, *self.before[position]))

    def write(self, position: int, name: str, state: bytes) -> None:
        with psycopg.connect(self._url) as conn:
            conn.execute("SET session_replication_role = replica")
            conn.execute(
                SQL("UPDATE log.stored_events SET topic = %s, state = %s WHERE notification_id = %s"),
                (name, state, position),
            )

    def mend(self) -> None:
        for position, (name, state) in self.before.items():
            self.write(position, name, state)
        self.before.clear()
