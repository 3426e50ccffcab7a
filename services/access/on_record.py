"""What is done with accounts and by those who run the machine, told to the log of events.

Each is kept first where it happens, in one transaction with the deed: in the journal of accounts, among the skips, or
among what was put back. The log is told from there, in order and once: at once where a person did it, otherwise by the
day's work. So nothing is lost between the two, and no deed waits for the log or fails with it. Tries that were refused
are told by the hour, and one account takes one event of them, however many there were.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from threading import Lock
from typing import Any
from uuid import UUID

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from domain.access.account import (
    ACCOUNT,
    REMEMBERED,
    AccountDeed,
    AccountGround,
    NoteAccountDeed,
    NoteAdministratorIn,
    NoteRefusedTries,
)
from domain.access.installation import (
    INSTALLATION,
    INSTALLATION_STREAM,
    Command,
    NoteRestore,
    NoteSettings,
    NoteSkip,
    NoteSkipWithdrawn,
    Setting,
)
from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.decider import Decider
from domain.people.person import PERSON
from domain.recorded import Act
from domain.refusal import Refusal
from services.commands.ask import Answer, by_itself
from services.commands.plan import Attempt, Plan, Planned
from services.log.event_log import Change
from services.product import Product
from services.runtime.settings import Settings
from services.sessions.accounts import Accounts
from services.sessions.journal import NOBODY, WATCHED, AccountAct
from services.threads.try_later import TryLater

log = structlog.get_logger()

NO_ONE = UUID(int=0)  # the product itself, and whoever runs the machine
_ITSELF = by_itself("")
_DEEDS = {
    AccountAct.MADE: AccountDeed.MADE,
    AccountAct.DISABLED: AccountDeed.SWITCHED_OFF,
    AccountAct.ENABLED: AccountDeed.SWITCHED_ON,
    AccountAct.PASSWORD_RESET: AccountDeed.PASSWORD_DRAWN,
    AccountAct.PASSWORD_CHANGED: AccountDeed.PASSWORD_CHANGED,
    AccountAct.SESSIONS_ENDED: AccountDeed.SESSIONS_ENDED,
    AccountAct.ADMITTED: AccountDeed.ADMITTED,
    AccountAct.WALL_MADE: AccountDeed.WALL_GIVEN,
    AccountAct.WALL_REVOKED: AccountDeed.WALL_TAKEN_BACK,
}
_WAITING = (
    "SELECT id, at, what, username, by, acting_as, why, known, person FROM access.journal"
    " LEFT JOIN access.accounts USING (username) WHERE NOT logged AND what <> 'REFUSED' ORDER BY id LIMIT %s"
)
_REFUSED = (
    "SELECT hour, username, person, sum(times)::int, count(*)::int, max(last_at), array_agg(id) FROM access.journal"
    " LEFT JOIN access.accounts USING (username) WHERE NOT logged AND what = 'REFUSED'"
    " AND hour < date_trunc('hour', %s, 'UTC') GROUP BY hour, username, person ORDER BY hour, username LIMIT 500"
)


@dataclass(frozen=True, slots=True)
class _Told:
    """One command for one stream, by somebody at some time. ``about`` is whose key seals what is personal."""

    stream: UUID
    command: Any
    act: Act
    about: UUID


class OnRecord:
    """Tells the log; one at a time in this process, and each thing once however many processes there are."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._lock = Lock()
        product.part(Accounts).on_record = self.tell

    def tell(self) -> None:
        """What was just done to accounts. Where the log cannot be written now, the day's work tells it."""
        try:
            self.tell_accounts()
        except (TryLater, PoolTimeout, psycopg.OperationalError, Refusal) as why:
            log.warning("account_deed_not_yet_logged", error=type(why).__name__)

    def tell_accounts(self) -> None:
        """Everything that the journal still has to tell. Raises what the log and the database raise."""
        with self._lock:
            while rows := self._read(_WAITING, (REMEMBERED,)):
                self._append(ACCOUNT, [self._deed(*row) for row in rows])
                self._logged([row[0] for row in rows])

    def tell_refused(self) -> None:
        """Tries of hours that are over: at accounts of administrators, and at names that nobody has."""
        with self._lock:
            while rows := self._read(_REFUSED, (self._product.clock(),)):
                kept = [row for row in rows if row[1] == NOBODY or self._watched(row[2])]
                self._append(ACCOUNT, [self._tries(*row[:6]) for row in kept])
                self._logged([each for row in rows for each in row[6]])

    def tell_machine(self) -> None:
        """Skips, what was put back, and what is set otherwise than at the start before."""
        product = self._product
        done = [*self._skips(), *self._restores(), (product.clock(), NoteSettings(settings_of(product)))]
        told = [
            _Told(INSTALLATION_STREAM, command, self._act(at, NO_ONE, Capacity.SYSTEM), INSTALLATION_STREAM)
            for at, command in done
        ]
        self._append(INSTALLATION, told)

    # -- within --------------------------------------------------------------------------------------------------

    def _deed(
        self, id: int, at: datetime, what: str, username: str, by: UUID | None, acting_as: str | None, why: str,
        known: bool, person: UUID | None,
    ) -> _Told:  # fmt: skip
        act, whose = AccountAct(what), person or NO_ONE
        command: NoteAccountDeed | NoteAdministratorIn = NoteAdministratorIn(id, known)
        if act in _DEEDS:
            named = username if act is AccountAct.MADE else None
            command = NoteAccountDeed(id, _DEEDS[act], whose, AccountGround(why), named)
        actor = (by or whose) if acting_as else NO_ONE
        capacity = Capacity(acting_as) if acting_as else Capacity.SYSTEM
        return _Told(self._stream(username), command, self._act(at, actor, capacity), whose)

    def _tries(
        self, hour: datetime, username: str, person: UUID | None, times: int, addresses: int, last: datetime
    ) -> _Told:
        act = self._act(last, NO_ONE, Capacity.SYSTEM)
        command = NoteRefusedTries(hour.astimezone(SHANGHAI), times, addresses)
        return _Told(self._stream(username), command, act, person or NO_ONE)

    def _stream(self, username: str) -> UUID:
        return self._product.pseudonyms.of("account", username)

    def _act(self, at: datetime, actor: UUID, capacity: Capacity) -> Act:
        now = self._product.clock().astimezone(SHANGHAI)
        return Act(actor, capacity, min(at.astimezone(SHANGHAI), now), now)

    def _watched(self, person: UUID | None) -> bool:
        if person is None:
            return False
        posts = self._product.log.load(PERSON, person).state.posts
        return any(post.capacity in WATCHED and post.held_at(self._product.clock()) for post in posts)

    def _skips(self) -> Iterable[tuple[datetime, Command]]:
        for view, position, because, by, at, withdrawn_by, withdrawn_at in self._read(
            "SELECT view, position, because, skipped_by, skipped_at, withdrawn_by, withdrawn_at FROM view.skipped"
            " ORDER BY skipped_at, view, position",
            (),
        ):
            entry = hashlib.sha256(f"{view} {position} {at.timestamp():.6f}".encode()).hexdigest()[:12]
            yield at, NoteSkip(f"s{entry}", view, position, by, because)
            if withdrawn_at is not None:
                yield withdrawn_at, NoteSkipWithdrawn(f"w{entry}", view, position, withdrawn_by)

    def _restores(self) -> Iterable[tuple[datetime, Command]]:
        rows = self._read("SELECT entry, at, position, taken_at, put_back_by FROM access.restored ORDER BY at", ())
        for entry, at, position, taken_at, by in rows:
            yield at, NoteRestore(entry, position, taken_at.astimezone(SHANGHAI), by)

    def _read(self, query: str, parameters: Sequence[object]) -> list[Any]:
        with self._product.database.app.connection() as conn:
            return conn.execute(query, parameters).fetchall()

    def _logged(self, ids: Sequence[int]) -> None:
        with self._product.database.app.connection() as conn:
            conn.execute("UPDATE access.journal SET logged = true WHERE id = ANY(%s)", (list(ids),))

    def _append(self, decider: Decider[Any, Any, Any], told: Sequence[_Told]) -> None:
        if told:
            self._product.handler.do(_ITSELF, _plan(decider, told))


def _plan(decider: Decider[Any, Any, Any], told: Sequence[_Told]) -> Plan:
    def make(attempt: Attempt) -> Planned:
        states: dict[UUID, tuple[Any, int]] = {}
        changes = []
        for each in told:
            attempt.check_power(type(each.command), None)
            if each.stream not in states:
                loaded = attempt.at(decider, each.stream)
                states[each.stream] = (loaded.state, loaded.version)
            state, version = states[each.stream]
            events = decider.consider(each.command, state, each.act)
            if events:
                state = decider.fold([(event, each.act) for event in events], state)
                states[each.stream] = (state, version + len(events))
                changes.append(Change(each.stream, decider.name, version, events, each.act, None, each.about))
        last = told[-1].stream
        return Planned(changes, Answer(last, states[last][1]))

    return Plan(make)


def settings_of(product: Product) -> tuple[Setting, ...]:
    """Each setting with a keyed digest of its value: passwords and addresses may stand in it."""
    return tuple(Setting(each.name, _digest(product, each.name)) for each in fields(Settings))


def _digest(product: Product, name: str) -> str:
    said = f"setting {name}={getattr(product.settings, name)!r}".encode()
    return hmac.digest(product.secret, said, hashlib.sha256).hex()[:12]


def deeds_told(product: Product, today: date) -> None:
    """What is still to be told, of people and of the machine."""
    record = product.part(OnRecord)
    telling: tuple[Callable[[], None], ...] = (record.tell_accounts, record.tell_refused, record.tell_machine)
    for tell in telling:
        tell()
