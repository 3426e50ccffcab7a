"""The event log: streams of facts, appended by commands and read by followers; knows eventsourcing with its store.

States are kept in memory and checked: an append names the version at which each stream must stand, under the order
lock. A state that another process has outdated costs a second look, nothing else.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic, sleep
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from eventsourcing.persistence import (
    IntegrityError,
    InterfaceError,
    Mapper,
    OperationalError,
    StoredEvent,
)

from domain.catalogue import ERASURES
from domain.decider import Decider
from domain.recorded import Act, Recorded, Unreadable
from services.database.logins import Login, Logins
from services.log.envelope import Stored, Telling, envelope_of, has_personal, recorded
from services.log.event_store import (
    LOG_SIZE,
    EnvelopeMapper,
    Group,
    LogRecorder,
    Outcome,
    StoredAnswer,
    Turned,
    log_factory,
    or_try_later,
)
from services.log.group_commit import GroupCommit, Overloaded
from services.log.known_states import Known, KnownStates, Loaded
from services.log.not_found import NotFound
from services.log.randomness import new_id
from services.log.seen import Seen
from services.log.snapshots import LONG, Snapshots
from services.log.vault import NewKey, Sealer, Vault
from services.threads.background import Background
from services.threads.try_later import TryLater
from services.threads.waiting import here_or_in_a_thread

S = TypeVar("S")
T = TypeVar("T")

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


class EventLog:
    """Append, load and read. ``vault`` seals and opens personal fields.

    As ``login``, of ``size`` connections at most; in the order of positions it reads as the follower alone may.
    """

    def __init__(self, logins: Logins, vault: Vault, size: int = LOG_SIZE, login: Login = Login.WEB) -> None:
        asking = log_factory(logins, login, size, create=False)
        reading = log_factory(logins, Login.FOLLOWER, READING_SIZE, create=False)
        recorder, reader = asking.application_recorder(), reading.application_recorder()
        assert isinstance(recorder, LogRecorder) and isinstance(reader, LogRecorder)
        mapper: Mapper[UUID] = asking.mapper()
        assert isinstance(mapper, EnvelopeMapper)
        self._factories = asking, reading
        self._recorder, self._reader, self._mapper = recorder, reader, mapper
        self._commits = GroupCommit(recorder.append_groups, passing=(OperationalError, InterfaceError))
        self._vault = vault
        self._known = KnownStates()
        self.snapshots = Snapshots(recorder.datastore.get_connection)
        self._background = Background("event-log")

    def load(self, decider: Decider[Any, S, Any], stream: UUID) -> Loaded[S]:
        """The state of a stream, at most ``FRESH_SECONDS`` behind what another process wrote.

        Personal fields are not opened, no rule needs them. Raises ``NotFound`` for a stream of another kind.
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

    def remembered(self, decider: Decider[Any, S, Any], stream: UUID) -> Loaded[S]:
        """The state as this process knows it, for a command whose append will check the version.

        Raises ``NotFound`` for a stream of another kind.
        """
        kept = self._known.of_kind(decider, stream)
        return kept.loaded if kept else self._fast_forward(decider, stream, Loaded(decider.initial, 0))

    def remembered_all(
        self, decider: Decider[Any, S, Any], streams: Sequence[UUID], *, keep: bool = True
    ) -> dict[UUID, Loaded[S]]:
        """``remembered`` for many streams: what is not known here is read in one go.

        Unless ``keep``, it is not kept in memory, where a run over all streams would take the place of everybody's.
        """
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
            return found
        checked = monotonic()
        with or_try_later():
            rows = self._recorder.of_streams(missing, _END)
        for row in rows:
            opened = recorded(row, envelope_of(row), None)
            state = decider.evolve(found[row.stream].state, opened.event, opened.act)
            found[row.stream] = Loaded(state, row.version)
        for stream in missing if keep else ():
            if found[stream].version:
                self._known.keep(stream, Known(decider, found[stream], checked))
        return found

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

    def history(self, stream: UUID) -> list[Recorded[Any]]:
        """All events of a stream with personal fields opened. Positions are not told (0)."""
        with or_try_later():
            found = self._recorder.select_events(stream)
        return self._opened([Stored(0, stream, row.originator_version, row.topic, row.state) for row in found])

    def newest(self, stream: UUID) -> Recorded[Any] | None:
        """The last event of a stream; personal fields are not opened, positions not told (0)."""
        with or_try_later():
            found = self._recorder.select_events(stream, desc=True, limit=1)
        return self._mapper.to_domain_event(found[0]) if found else None

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

    def read(self, after: int, limit: int) -> list[Recorded[Any]]:
        """Up to ``limit`` events after a position in log order, personal fields opened. Raises ``Unreadable``."""
        with or_try_later():
            found = self._reader.read(after, limit)
        return self._opened(found)

    def of_streams(
        self, streams: Sequence[UUID], until: int, without: Collection[int] = frozenset()
    ) -> list[Recorded[Any]]:
        """All events of these streams up to a position in log order but those at ``without``, personal fields opened.

        Raises ``Unreadable``.
        """
        with or_try_later():
            found = self._recorder.of_streams(streams, until)
        return self._opened([row for row in found if row.position not in without] if without else found)

    def told(self, event: type[Any], field: str, after: int, until: int) -> list[tuple[UUID, str | None]]:
        """Streams to which events of a kind came after one position up to another, with a clear field of each."""
        with or_try_later():
            return list(self._reader.told(event.__name__, field, after, until))

    def first(self, stream: UUID) -> Recorded[Any] | None:
        """The first event of a stream; personal fields are not opened, positions not told (0)."""
        with or_try_later():
            found = self._recorder.select_events(stream, limit=1)
        return self._mapper.to_domain_event(found[0]) if found else None

    def recorded_at(self, position: int) -> datetime:
        """When the event at a position was recorded. Raises ``LookupError`` where there is none."""
        with or_try_later():
            found = self._reader.read(position - 1, 1)
        if not found or found[0].position != position:
            raise LookupError(position)
        return envelope_of(found[0]).recorded_at

    def position_at(self, moment: datetime) -> int:
        """The last position that was recorded by ``moment``; 0 before the first.

        Found by halving: the log has no gaps and is told in the order of time, but for the little by which the clocks
        of several processes differ; among events so close together any of them may be taken for the last.
        """
        before, after = 0, self.last_position() + 1
        while after - before > 1:
            middle = (before + after) // 2
            if self.recorded_at(middle) <= moment:
                before = middle
            else:
                after = middle
        return before

    def last_position(self) -> int:
        """Position of the newest event; 0 for an empty log."""
        with or_try_later():
            return self._recorder.max_notification_id() or 0

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
            event = self._mapper.to_domain_event(row)
            if version == 1 and type(event.event) not in decider.events:
                raise NotFound
            state = decider.evolve(state, event.event, event.act)
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
            yield
        except Overloaded as overloaded:
            raise TryLater from overloaded
        except IntegrityError as conflict:
            self._known.forget(group.standing)
            raise VersionConflict from conflict
        except (OperationalError, InterfaceError) as lost:  # perhaps committed, perhaps not: the key tells
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

    def _opened(self, rows: Sequence[Stored]) -> list[Recorded[Any]]:
        """The events of these rows. Raises ``Unreadable``: whatever is wrong with an event is no fault of the way."""
        envelopes, wrong = _as_far_as_it_goes(envelope_of, rows)
        for row, envelope in zip(rows, envelopes, strict=False):
            if row.name in ERASURES:
                self._vault.drop_cached(envelope.correlation)
        openers = self._vault.openers({each.correlation for each in envelopes if each.sealed})
        found, more_wrong = _as_far_as_it_goes(
            lambda row, envelope: recorded(row, envelope, openers.get(envelope.correlation)), rows, envelopes
        )
        wrong = more_wrong or wrong
        if wrong is not None:
            raise Unreadable(rows[len(found)].position, type(wrong).__name__, found) from wrong
        return found


def _as_far_as_it_goes(make: Callable[..., T], *given: Sequence[Any]) -> tuple[list[T], Exception | None]:
    """What is made of the given, one by one, up to the first of which nothing can be made; and why not."""
    made: list[T] = []
    try:
        for each in zip(*given, strict=False):
            made.append(make(*each))
    except Exception as wrong:
        return made, wrong
    return made, None
