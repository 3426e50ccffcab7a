"""A log full of believable cases within seconds: lives told once by the deciders, then copied with other identities.

What is written is what commands would have written: sealed under a key per case, interleaved as a busy desk works.
"""

import random
import re
import struct
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.calendar import SHANGHAI, ServiceHours
from domain.capacity import Capacity
from domain.cases import issue as issues
from domain.cases import work_order as orders
from domain.cases.category import Category
from domain.cases.issue import ISSUE, Channel
from domain.cases.work_order import WORK_ORDER
from domain.decider import Decider
from domain.recorded import Act
from services.log.envelope import Stored, Telling, bound, encode, envelope_of
from services.log.vault import Sealer, Vault

AT_ONCE = 200  # cases in whose turns the log is written: neighbours in the log are of different cases
PIECE = 1 << 20  # bytes sent to COPY at once

_ISSUE, _ORDER, _EVENT = (UUID(int=0xBE0C << 96 | n) for n in (1, 2, 3))
_ANY_KEY = Sealer(AESGCM(bytes(32)))  # what is sealed under it is cut out again
_NUMBERS = {"issue": "IS-MARK", "order": "WO-MARK"}
_ROW = struct.Struct(">hi16siqi")
_SIZE = struct.Struct(">i")
_LAST = struct.Struct(">iq")
_KEY_ROW = struct.Struct(">hi16si")

YEARS = {"closed": 85, "advised": 5, "accepted": 4, "dispatched": 3, "working": 2, "noted": 1}
OPEN_ORDERS = {"accepted": 40, "dispatched": 30, "working": 30}

_FAULTS = (
    (Category.PUBLIC_LIGHTING, "3", "1", "单元门口路灯不亮，晚上看不清台阶"),
    (Category.PIPE_LEAK, "5", "2", "水管接头漏水，地面一直是湿的，怕老人滑倒"),
    (Category.WASTE_BIN, "1", "1", "垃圾桶盖子坏了，味道很大"),
    (Category.WALL, "7", "3", "外墙瓷砖松动，楼下有人经过，请尽快来看"),
    (Category.GREENERY, "2", "2", "树枝挡住了二楼的窗户"),
    (Category.FITNESS_GEAR, "9", "1", "健身器材螺丝松了，孩子在上面玩"),
    (Category.SEWAGE, "4", "3", "下水道堵了，污水冒到路面上"),
    (Category.PARKING, "6", "2", "有车堵住消防通道"),
)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who acts in the lives: desk, stewards in turn and verifier of one estate."""

    estate: str
    clerk: UUID
    stewards: tuple[UUID, ...]
    head: UUID


@dataclass(frozen=True, slots=True)
class Filled:
    """What was added: ``orders`` still open, by where their life stopped."""

    events: int
    orders: dict[str, list[UUID]]
    state_bytes: float  # of an event, on average


@dataclass(frozen=True, slots=True)
class _Row:
    """One event with gaps: ``parts`` of bytes around them, ``gaps`` say what fills each."""

    of_order: bool
    version: int
    topic: bytes
    parts: tuple[bytes, ...]
    gaps: tuple[str | tuple[str, bytes], ...]  # a name, or a personal field with its clear text


_Life = tuple[str, tuple[_Row, ...]]


def fill(url: str, vault: Vault, staff: Staff, events: int, mix: dict[str, int], now: datetime) -> Filled:
    """Add about ``events`` events of lives drawn by ``mix`` to the end of the log, and the keys that seal them."""
    if events <= 0:
        raise ValueError(f"a log is not filled with {events:,} events: it holds more than was asked for already")
    with psycopg.connect(url) as conn:
        found = conn.execute("SELECT coalesce(max(notification_id), 0) FROM log.stored_events").fetchone()
    before = found[0] if found else 0
    chance = random.Random(before)
    names = list(mix)
    told = {name: [_told(name, staff, fault, now) for fault in _FAULTS] for name in names}
    drawn: list[_Case] = []
    count = 0
    while count < events:
        [name] = chance.choices(names, [mix[each] for each in names])
        case = _Case(chance, (name, chance.choice(told[name])), len(drawn) + 1)
        count += len(case.life[1])
        drawn.append(case)
    with psycopg.connect(url) as conn:
        copied = _copied(drawn, vault, before)
        with conn.cursor() as cursor, cursor.copy(
            "COPY log.stored_events (originator_id, originator_version, topic, state, notification_id)"
            " FROM STDIN (FORMAT binary)"
        ) as copy:  # fmt: skip
            sent = 0
            for piece in _pieces(copied):
                copy.write(piece)
                sent += len(piece)
        with (
            conn.cursor() as cursor,
            cursor.copy("COPY vault.keys (subject, wrapped) FROM STDIN (FORMAT binary)") as copy,
        ):
            for piece in _pieces(case.key_row for case in drawn):
                copy.write(piece)
        conn.execute("ANALYZE log.stored_events, vault.keys")
    still: dict[str, list[UUID]] = {}
    for case in drawn:
        still.setdefault(case.life[0], []).append(UUID(bytes=case.order))
    return Filled(count, still, sent / count - 60)


class _Case:
    """One case to be written: its identities, drawn anew, and its life."""

    __slots__ = ("cipher", "issue", "key_row", "life", "order", "shown")

    def __init__(self, chance: random.Random, life: _Life, number: int) -> None:
        self.life = life
        self.issue, issue = _identity(chance)
        self.order, order = _identity(chance)
        self.shown = {
            "issue": issue.encode(),
            "order": order.encode(),
            "issue number": f"IS-20261123-{number:06d}".encode(),
            "order number": f"WO-20261123-{number:06d}".encode(),
        }

    def rows(self, vault: Vault, chance: random.Random) -> Iterator[bytes]:
        """Every event as COPY takes it, but for its position, which comes last."""
        new = vault.new_key(UUID(bytes=self.issue))
        self.key_row = _KEY_ROW.pack(2, 16, self.issue, len(new.wrapped)) + new.wrapped
        sealer = new.sealer
        for row in self.life[1]:
            stream = self.order if row.of_order else self.issue
            said = [row.parts[0]]
            for gap, part in zip(row.gaps, row.parts[1:], strict=True):
                if isinstance(gap, tuple):
                    field, clear = gap
                    said.append(b64encode(sealer.seal(clear, bound(UUID(bytes=stream), row.version, field))))
                elif gap == "event":
                    said.append(_identity(chance)[1].encode())
                else:
                    said.append(self.shown[gap])
                said.append(part)
            state = b"".join(said)
            head = _ROW.pack(5, 16, stream, 8, row.version, len(row.topic))
            yield head + row.topic + _SIZE.pack(len(state)) + state


def _copied(cases: Sequence[_Case], vault: Vault, position: int) -> Iterator[bytes]:
    """The rows of all cases in the order of the log."""
    chance = random.Random(-position)
    waiting = (case.rows(vault, chance) for case in cases)
    under_way = list(islice(waiting, AT_ONCE))
    while under_way:
        going_on = []
        for case in under_way:
            row = next(case, None)
            if row is None:
                following = next(waiting, None)
                if following is not None:
                    going_on.append(following)
                continue
            position += 1
            yield row + _LAST.pack(8, position)
            going_on.append(case)
        under_way = going_on


def _pieces(rows: Iterator[bytes]) -> Iterator[bytes]:
    """A whole binary COPY in pieces of a megabyte."""
    piece = bytearray(b"PGCOPY\n\xff\r\n\0" + bytes(8))
    for row in rows:
        piece += row
        if len(piece) > PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece) + b"\xff\xff"


def _identity(chance: random.Random) -> tuple[bytes, str]:
    """A random UUID, as bytes and as text."""
    drawn = chance.getrandbits(128) & ~(0xF << 76 | 0x3 << 62) | (0x4 << 76 | 0x2 << 62)
    text = f"{drawn:032x}"
    return drawn.to_bytes(16, "big"), f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


# -- a life, told once ---------------------------------------------------------------------------------------------


class _Telling:
    """A case in the making: what the deciders say, encoded by the product, cut at the marks."""

    def __init__(self, staff: Staff, steward: UUID, at: datetime) -> None:
        self._staff = staff
        self._steward = steward
        self._at = at
        self._issue: Any = ISSUE.initial
        self._order: Any = WORK_ORDER.initial
        self._versions = {_ISSUE: 0, _ORDER: 0}
        self.rows: list[_Row] = []

    def issue(self, command: issues.Command, minutes: float) -> None:
        self._issue = self._say(ISSUE, _ISSUE, self._issue, command, self._desk(minutes))

    def order(self, command: orders.Command, minutes: float) -> None:
        self._order = self._say(WORK_ORDER, _ORDER, self._order, command, self._desk(minutes))

    def steward(self, command: orders.Command, minutes: float) -> None:
        act = self._act(self._steward, Capacity.RED_STEWARD, minutes)
        self._order = self._say(WORK_ORDER, _ORDER, self._order, command, act)

    def head(self, command: orders.Command, minutes: float) -> None:
        act = self._act(self._staff.head, Capacity.STATION_HEAD, minutes)
        self._order = self._say(WORK_ORDER, _ORDER, self._order, command, act)

    def _desk(self, minutes: float) -> Act:
        return self._act(self._staff.clerk, Capacity.DISPATCHER, minutes)

    def _act(self, actor: UUID, capacity: Capacity, minutes: float) -> Act:
        self._at += timedelta(minutes=minutes)
        return Act(actor, capacity, self._at, self._at)

    def _say(self, decider: Decider[Any, Any, Any], stream: UUID, state: Any, command: Any, act: Act) -> Any:
        for event in decider.consider(command, state, act):
            self._versions[stream] += 1
            version = self._versions[stream]
            telling = Telling(
                event, _EVENT, stream, version, decider.name, act, self._staff.estate, _ISSUE, None, _ANY_KEY
            )
            self.rows.append(_cut(telling, encode(telling)))
            state = decider.evolve(state, event, act)
        return state


def _cut(telling: Telling, written: bytes) -> _Row:
    """What was written, cut at everything that is another in every case."""
    event, name = telling.event, type(telling.event).__name__
    gaps: dict[bytes, str | tuple[str, bytes]] = {
        str(_ISSUE).encode(): "issue",
        str(_ORDER).encode(): "order",
        str(_EVENT).encode(): "event",
        _NUMBERS["issue"].encode(): "issue number",
        _NUMBERS["order"].encode(): "order number",
    }
    for field, sealed in envelope_of(Stored(0, telling.stream, telling.version, name, written)).sealed.items():
        gaps[sealed.encode()] = (field, getattr(event, field).encode())
    parts = re.split(b"(" + b"|".join(map(re.escape, gaps)) + b")", written)
    filled = tuple(gaps[part] for part in parts[1::2])
    return _Row(telling.stream == _ORDER, telling.version, name.encode(), tuple(parts[::2]), filled)


def _told(life: str, staff: Staff, fault: tuple[Category, str, str, str], now: datetime) -> tuple[_Row, ...]:
    """A life as far as its name says; what is closed or advised is a month old, what is open is of this morning."""
    category, building, stairwell, text = fault
    over = life in ("closed", "advised")
    begin = (now - timedelta(days=30)).astimezone(SHANGHAI).replace(hour=9) if over else now - timedelta(minutes=90)
    steward = staff.stewards[_FAULTS.index(fault) % len(staff.stewards)]
    case = _Telling(staff, steward, begin.astimezone(SHANGHAI))
    noted = issues.NoteIssue(
        number=_NUMBERS["issue"], estate=staff.estate, text=text, channel=Channel.PHONE, building=building,
        stairwell=stairwell, dwelling="402", reporter="邹老师", phone="13900000999",
    )  # fmt: skip
    case.issue(noted, 0)
    if life == "noted":
        return tuple(case.rows)
    if life == "advised":
        case.issue(issues.GiveAdvice("已电话说明办理流程，居民表示清楚"), 12)
        return tuple(case.rows)
    case.issue(issues.TriageIssue(category, persons_inside=False), 3)
    case.issue(issues.PromoteToWorkOrder(_ORDER), 2)
    triage = case._issue.triage
    opened = orders.OpenWorkOrder(
        number=_NUMBERS["order"], issue=_ISSUE, estate=staff.estate, category=category, priority=triage.priority,
        part=triage.part, hours=ServiceHours(), text=text, building=building, stairwell=stairwell, dwelling="402",
        accept=True,
    )  # fmt: skip
    case.order(opened, 0)
    if life == "accepted":
        return tuple(case.rows)
    case.order(orders.DispatchSteward(steward), 6)
    if life == "dispatched":
        return tuple(case.rows)
    case.steward(orders.TakeWorkOrder(), 5)
    case.steward(orders.RecordArrival(), 14)
    case.steward(orders.StartWork(), 4)
    if life == "working":
        return tuple(case.rows)
    case.steward(orders.CompleteWork("已更换损坏部件并现场测试，居民在场确认", signed_off=True), 45)
    case.head(orders.VerifyWork(), 50)
    case.order(orders.RecordFollowUp(reached=True), 120)
    case.order(orders.RateSatisfaction(5), 1)
    case.order(orders.CloseWorkOrder(), 2)
    return tuple(case.rows)
