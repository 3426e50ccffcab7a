"""The event log: streams of facts, appended by commands and read by followers; knows eventsourcing with its store.

States are kept in memory and checked: an append names the version at which each stream must stand, under the order
lock. A state that another process has outdated costs a second look, nothing else.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import monotonic, sleep
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from eventsourcing.persistence import IntegrityError, InterfaceError, Mapper, OperationalError, StoredEvent

from domain.decider import Decider
from domain.recorded import Act, Unreadable
from services.database.logins import Login, Logins
from services.log.envelope import Telling, envelope_of, has_personal, recorded
from services.log.event_store import (
    LOG_SIZE,
    EnvelopeMapper,
    Group,
    LogRecorder,
    Outcome,
    StoredAnswer,
    Turned,
    log_factory,
)
from services.log.group_commit import GroupCommit, Overloaded
from services.log.known_states import Known, KnownStates, Loaded
from services.log.log_reading import LogReading, stored
from services.log.lost_connections import or_try_later
from services.log.not_found import NotFound
from services.log.randomness import new_id
from services.log.seen import Seen
from services.log.snapshots import LONG, Snapshots
from services.log.vault import NewKey, Sealer, Vault
from services.runtime import traces
from services.threads.background import Background
from services.threads.try_later import TryLater
from services.threads.waiting import here_or_in_a_thread

S = TypeVar("S")

BREATH = 64  # changes to seal before others get their turn: about a millisecond; each time costs a tenth of one
_END = 2**62  # no position is there yet
READING_SIZE = 4  # connections at most of those who read in the order of positions
FRESH_SECONDS = 1.0  # how far a state that is only looked at may be behind another process


class VersionConflict(Exception):
    """Another command changed the stream first."""


class AnsweredBefore(Exception):
    """The key was used before; ``EventLog.answered`` tells what was answered then."""


@dataclass(frozen=True, slots=True)
class Change:
    """Events to append to one stream that stands at ``expected_version``."""

    stream: UUID
    category: str
    expected_version: int
    events: Sequence[Any]
    act: Act
    estate: str | None
    correlation: UUID
    causation: UUID | None = None


class Prepared(NamedTuple):
    """Changes sealed and encoded: all that is left to do is to append them."""

    changes: Sequence[Change]
    group: Group
    keys: Sequence[NewKey]


class Appended(NamedTuple):
    """``position`` of the last event appended, or of the log's end where there was none."""

    position: int


class EventLog(LogReading):
    """Append, load and read. ``vault`` seals and opens personal fields.

    As ``login``, of ``size`` connections at most; in the order of positions it reads as the follower alone may.
    """

    def __init__(self, logins: Logins, vault: Vault, size: int = LOG_SIZE, login: Login = Login.WEB) -> None:
        asking = log_factory(logins, login, size, create=False, pulse=vault.pulses[login])
        reading = log_factory(logins, Login.FOLLOWER, READING_SIZE, create=False, pulse=vault.pulses[Login.FOLLOWER])
        recorder, reader = asking.application_recorder(), reading.application_recorder()
        assert isinstance(recorder, LogRecorder) and isinstance(reader, LogRecorder)
        mapper: Mapper[UUID] = asking.mapper()
        assert isinstance(mapper, EnvelopeMapper)
        super().__init__(recorder, reader, mapper, vault)
        self._factories = asking, reading
        self._commits = GroupCommit(recorder.append_groups, passing=(OperationalError, InterfaceError))
        self._known = KnownStates()
        self.snapshots = Snapshots(recorder.datastore.get_connection)
        self._background = Background("event-log")

    def load(self, decider: Decider[Any, S, Any], stream: UUID) -> Loaded[S]:
        """The state of a stream, at most ``FRESH_SECONDS`` behind what another process wrote.

        Personal fields are not opened, no rule needs them. Raises ``NotFound`` for a stream of another kind,
        ``Unreadable``.
        """
        kept = self._known.of_kind(decider, stream)
        if kept is None:
            return self._fast_forward(decider, stream, Loaded(decider.initial, 0))
        age = monotonic() - kept.checked
        if age > FRESH_SECONDS:
            return self._fast_forward(decider, stream, kept.loaded)
        if age > FRESH_SECONDS / 2:
            self._background.soon(stream, partial(self._fast_forward, decider, stream, kept.loaded))
        return kept.loaded

    def readable(self, decider: Decider[Any, S, Any], stream: UUID) -> Loaded[S] | None:
        """``load`` for lists and rounds over many streams; ``None`` where an event of this one cannot be read."""
        try:
            return self.load(decider, stream)
        except Unreadable:
            return None

    def remembered(self, decider: Decider[Any, S, Any], stream: UUID) -> Loaded[S]:
        """The state as this process knows it, for a command whose append will check the version.

        Raises ``NotFound`` for a stream of another kind, ``Unreadable``.
        """
        kept = self._known.of_kind(decider, stream)
        return kept.loaded if kept else self._fast_forward(decider, stream, Loaded(decider.initial, 0))

    def remembered_all(
        self, decider: Decider[Any, S, Any], streams: Sequence[UUID], *, keep: bool = True
    ) -> dict[UUID, Loaded[S]]:
        """``remembered`` for many streams: what is not known here is read in one go.

        Unless ``keep``, it is not kept in memory, where a run over all streams would take the place of everybody's.
        Raises ``Unreadable``.
        """
        found = self.readable_of(decider, streams, keep=keep)
        if found.unreadable:
            raise next(iter(found.unreadable.values()))
        return found.states

    def readable_of(
        self, decider: Decider[Any, S, Any], streams: Sequence[UUID], *, keep: bool = True
    ) -> "Remembered[S]":
        """``remembered_all`` for a run over many streams, which one that cannot be read does not stop."""
        found: dict[UUID, Loaded[S]] = {}
        missing = []
        for stream in streams:
            kept = self._known.of(stream)
            if kept is None:
                missing.append(stream)
                found[stream] = Loaded(decider.initial, 0)
            else:
                found[stream] = kept.loaded
        if not missing:
            return Remembered(found, {})
        checked = monotonic()
        with or_try_later():
            rows = self._recorder.of_streams(missing, _END)
        unreadable: dict[UUID, Unreadable] = {}
        for row in rows:
            if row.stream not in unreadable:
                try:
                    opened = recorded(row, envelope_of(row), None)
                    state = decider.evolve(found[row.stream].state, opened.event, opened.act)
                except Exception as wrong:
                    unreadable[row.stream] = self.unreadable(row, wrong)
                else:
                    found[row.stream] = Loaded(state, row.version)
        for stream in unreadable:
            del found[stream]
        for stream in missing if keep else ():
            if stream in found and found[stream].version:
                self._known.keep(stream, Known(decider, found[stream], checked))
        return Remembered(found, unreadable)

    def versions(self, streams: Sequence[UUID]) -> dict[UUID, int]:
        """The version at which each of these streams stands by now; 0 for one that does not exist."""
        if not streams:
            return {}
        with or_try_later():
            found: dict[UUID, int] = self._recorder.standing(list(dict.fromkeys(streams)))
        return found

    def stands(self, standing: Mapping[UUID, int]) -> bool:
        """Whether every stream still stands at its version; what does not is forgotten here, to be read anew."""
        if not standing:
            return True
        with or_try_later():
            now = self._recorder.standing(list(standing))
        outdated = [stream for stream, version in standing.items() if now[stream] != version]
        self._known.forget(outdated)
        return not outdated

    def append(
        self, changes: Sequence[Change], answer: StoredAnswer | None = None, standing: Mapping[UUID, int] | None = None
    ) -> Appended:
        """All changes or none, durable; ``standing`` names the version of each stream that was looked at.

        Raises ``VersionConflict``, ``AnsweredBefore`` or ``TryLater``.
        """
        return self.append_prepared(self.prepared(changes, answer, standing))

    async def appending(
        self, changes: Sequence[Change], answer: StoredAnswer | None = None, standing: Mapping[UUID, int] | None = None
    ) -> Appended:
        """``append`` for the event loop: nothing blocks unless something went wrong."""
        prepared = await here_or_in_a_thread(lambda: self.prepared(changes, answer, standing))
        with self._told_apart(prepared.group):
            outcome = await self._commits.committing(prepared.group)
        return self._appended(prepared, outcome)

    def prepared(
        self, changes: Sequence[Change], answer: StoredAnswer | None = None, standing: Mapping[UUID, int] | None = None
    ) -> Prepared:
        """What ``append`` does before it asks the database: the work of whoever asks, under no lock."""
        keys: dict[UUID, NewKey] = {}
        events: list[StoredEvent] = []
        for count, change in enumerate(changes, 1):
            events += self._sealed(change, keys)
            if count % BREATH == 0:
                sleep(0)  # the interpreter would let nobody else in for much longer
        begins = {change.stream: change.expected_version for change in reversed(changes)}
        stands = {stream: version for stream, version in begins.items() if version}  # a new one is taken, or it is not
        stands.update(standing or {})
        wrapped = [(key.subject, key.wrapped) for key in keys.values()]
        quiet = standing.quiet_since if isinstance(standing, Seen) else {}
        return Prepared(changes, Group(events, stands, answer, wrapped, quiet), list(keys.values()))

    def append_prepared(self, prepared: Prepared) -> Appended:
        """Append what ``prepared`` made, once. Raises as ``append``."""
        with self._told_apart(prepared.group):
            outcome = self._commits.commit(prepared.group)
        return self._appended(prepared, outcome)

    def answers(self, actor: UUID) -> list[StoredAnswer]:
        """All answers kept for an actor of few keys, such as a run."""
        with or_try_later():
            return self._recorder.answers(actor)

    def answered(self, actor: UUID, key: str) -> StoredAnswer | None:
        """The first answer under an idempotency key."""
        with or_try_later():
            found: StoredAnswer | None = self._recorder.answered(actor, key)
        return found

    def close(self) -> None:
        self._background.close()
        self._commits.close()
        for factory in self._factories:
            factory.close()

    # -- states in memory ----------------------------------------------------------------------------------------

    def _fast_forward(self, decider: Decider[Any, S, Any], stream: UUID, base: Loaded[S]) -> Loaded[S]:
        state, version, checked = base.state, base.version, monotonic()
        with or_try_later():
            rows = self._recorder.select_events(stream, gt=version or None, limit=LONG)
            if len(rows) == LONG:
                state, version = self.snapshots.newest(decider, stream, version) or (state, version)
                rows = self._recorder.select_events(stream, gt=version or None)
        for row in rows:
            version = row.originator_version
            event = self.event(row)
            if version == 1 and type(event.event) not in decider.events:
                raise NotFound
            try:
                state = decider.evolve(state, event.event, event.act)
            except Exception as wrong:
                raise self.unreadable(stored(row), wrong) from wrong
        loaded = Loaded(state, version)
        if len(rows) >= LONG:
            self._background.soon((stream, LONG), partial(self.snapshots.keep, decider, stream, state, version))
        if version:
            self._known.keep(stream, Known(decider, loaded, checked))
        return loaded

    # -- appending -----------------------------------------------------------------------------------------------

    @contextmanager
    def _told_apart(self, group: Group) -> Iterator[None]:
        """What the database says, as what it means for the command."""
        try:
            with traces.span("append", {"jinlin.events": len(group.events)}):
                yield
        except Overloaded as overloaded:
            raise TryLater from overloaded
        except IntegrityError as conflict:
            self._known.forget(group.standing)
            raise VersionConflict from conflict
        except (OperationalError, InterfaceError, TimeoutError) as lost:  # perhaps committed or not: the key tells
            self._known.forget(group.standing)
            raise TryLater from lost

    def _appended(self, prepared: Prepared, outcome: Outcome) -> Appended:
        if isinstance(outcome, Turned):
            self._known.forget(prepared.group.standing)
            raise AnsweredBefore if outcome is Turned.ANSWERED else VersionConflict
        for key in prepared.keys:
            self._vault.keep(key)
        for change in prepared.changes:
            self._known.learn(change.stream, change.expected_version, change.events, change.act)
        return Appended(outcome)

    def _sealed(self, change: Change, keys: dict[UUID, NewKey]) -> list[StoredEvent]:
        """The rows of a change; a key made for a case that comes into being with it is added to ``keys``."""
        personal = any(has_personal(type(event)) for event in change.events)
        sealer = self._sealer(change, keys) if personal else None
        return [
            self._mapper.to_stored_event(
                Telling(
                    event, new_id(), change.stream, version, change.category, change.act, change.estate,
                    change.correlation, change.causation, sealer,
                )
            )
            for version, event in enumerate(change.events, change.expected_version + 1)
        ]  # fmt: skip

    def _sealer(self, change: Change, keys: dict[UUID, NewKey]) -> Sealer | None:
        made = keys.get(change.correlation)
        if made is None and change.expected_version == 0 and change.stream == change.correlation:
            made = keys[change.correlation] = self._vault.new_key(change.correlation)
        return made.sealer if made else self._vault.sealer(change.correlation)


class Remembered(NamedTuple, Generic[S]):
    """States of many streams, and why those are missing that cannot be read."""

    states: dict[UUID, Loaded[S]]
    unreadable: dict[UUID, Unreadable]
