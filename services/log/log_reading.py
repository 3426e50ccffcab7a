"""The reading half of the event log: events as they happened, and by name and kind what cannot be read of them.

Whatever is wrong with an event is no fault of the way to it, and of no other event: its neighbours are read.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from domain.catalogue import ERASURES
from domain.recorded import Reading, Recorded, Unread, Unreadable
from services.log.envelope import Envelope, Stored, envelope_of, meant, recorded
from services.log.event_store import EnvelopeMapper, LogRecorder, as_uuid
from services.log.lost_connections import or_try_later
from services.log.vault import Vault

_NEARBY = 50  # events read at once in search of one that says its time
_NEVER = datetime.max.replace(tzinfo=UTC)


class LogReading:
    """What has happened. ``vault`` opens personal fields.

    ``recorder`` reads streams whose ids are known, ``reader`` in the order of positions, as the follower alone may.
    """

    def __init__(self, recorder: LogRecorder, reader: LogRecorder, mapper: EnvelopeMapper, vault: Vault) -> None:
        self._recorder = recorder
        self._reader = reader
        self._mapper = mapper
        self._vault = vault

    def history(self, stream: UUID) -> list[Recorded[Any]]:
        """All events of a stream with personal fields opened. Positions are not told (0). Raises ``Unreadable``."""
        with or_try_later():
            found = self._recorder.select_events(stream)
        return [*self._opened([stored(row) for row in found]).whole()]

    def newest(self, stream: UUID) -> Recorded[Any] | None:
        """The last event of a stream; personal fields are not opened, positions not told (0). Raises ``Unreadable``."""
        with or_try_later():
            found = self._recorder.select_events(stream, desc=True, limit=1)
        return self.event(found[0]) if found else None

    def reading(self, after: int, limit: int) -> Reading:
        """Up to ``limit`` rows after a position, personal fields opened; what cannot be read is named."""
        with or_try_later():
            found = self._reader.read(after, limit)
        return self._opened(found)

    def reading_some(self, after: int, until: int, names: Sequence[str], limit: int) -> Reading:
        """As ``reading``, of events of these names up to a position alone."""
        with or_try_later():
            found = self._reader.read_some(after, until, names, limit)
        return self._opened(found)

    def read(self, after: int, limit: int) -> list[Recorded[Any]]:
        """Up to ``limit`` events after a position in log order, personal fields opened. Raises ``Unreadable``."""
        return [*self.reading(after, limit).whole()]

    def reading_of(self, streams: Sequence[UUID], until: int) -> Reading:
        """All events of these streams up to a position, personal fields opened; what cannot be read is named."""
        with or_try_later():
            found = self._recorder.of_streams(streams, until)
        return self._opened(found)

    def of_streams(self, streams: Sequence[UUID], until: int) -> list[Recorded[Any]]:
        """All events of these streams up to a position in log order, personal fields opened. Raises ``Unreadable``."""
        return [*self.reading_of(streams, until).whole()]

    def first(self, stream: UUID) -> Recorded[Any] | None:
        """The first event of a stream, personal fields not opened, positions not told (0). Raises ``Unreadable``."""
        with or_try_later():
            found = self._recorder.select_events(stream, limit=1)
        return self.event(found[0]) if found else None

    def grown_since(self, position: int) -> frozenset[UUID]:
        """Streams to which anything came after a position."""
        with or_try_later():
            return frozenset(self._reader.grown(position))

    def told(self, event: type[Any], field: str, after: int, until: int) -> list[tuple[UUID, str | None]]:
        """Streams to which events of a kind came after one position up to another, with a clear field of each."""
        with or_try_later():
            return list(self._reader.told(event.__name__, field, after, until))

    def recorded_at(self, position: int) -> datetime:
        """When the event at a position was recorded. Raises ``LookupError`` where there is none.

        Where the event does not say it any more, when the next one was that does.
        """
        with or_try_later():
            found = self._reader.read(position - 1, 1)
        if not found or found[0].position != position:
            raise LookupError(position)
        return self._time_from(position)

    def _time_from(self, position: int) -> datetime:
        """When the first event from a position on that says it was recorded; the end of time after the last."""
        after, asked = position - 1, 1
        while True:
            with or_try_later():
                found = self._reader.read(after, asked)
            if not found:
                return _NEVER
            for row in found:
                with suppress(Exception):  # whatever is wrong with it
                    return envelope_of(row).recorded_at
            after, asked = found[-1].position, _NEARBY

    def position_at(self, moment: datetime) -> int:
        """The last position that was recorded by ``moment``; 0 before the first.

        Found by halving: the log has no gaps and is told in the order of time, but for the little by which the clocks
        of several processes differ; among events so close together any of them may be taken for the last.
        """
        before, after = 0, self.last_position() + 1
        while after - before > 1:
            middle = (before + after) // 2
            if self._time_from(middle) <= moment:
                before = middle
            else:
                after = middle
        return before

    def last_position(self) -> int:
        """Position of the newest event; 0 for an empty log."""
        with or_try_later():
            return self._recorder.max_notification_id() or 0

    # -- row by row ----------------------------------------------------------------------------------------------

    def _opened(self, rows: Sequence[Stored]) -> Reading:
        """The events of these rows. Whatever is wrong with an event is no fault of the way, and of no other event."""
        envelopes: list[tuple[Stored, Envelope]] = []
        broken: list[tuple[Stored, Exception]] = []
        for row in rows:
            try:
                envelope = envelope_of(row)
            except Exception as wrong:
                broken.append((row, wrong))
            else:
                envelopes.append((row, envelope))
                if row.name in ERASURES:
                    self._vault.drop_cached(envelope.correlation)
        openers = self._vault.openers({envelope.correlation for _, envelope in envelopes if envelope.sealed})
        found: list[Recorded[Any]] = []
        for row, envelope in envelopes:
            try:
                found.append(recorded(row, envelope, openers.get(envelope.correlation)))
            except Exception as wrong:
                broken.append((row, wrong))
        return Reading(found, self._unread(broken) if broken else ())

    def _unread(self, broken: Sequence[tuple[Stored, Exception]]) -> list[Unread]:
        """What these rows may have been meant as, in log order."""
        with or_try_later():
            near = self._reader.names(list({row.stream for row, _ in broken}))
        names: dict[UUID, list[tuple[int, str]]] = {}
        for stream, version, name in near:
            names.setdefault(stream, []).append((version, name))
        found = []
        for row, wrong in broken:
            others = [name for version, name in names.get(row.stream, ()) if version != row.version]
            position = row.position or self._reader.position(row.stream, row.version)
            because = type(wrong).__name__
            found.append(Unread(position, row.stream, row.version, row.name, because, meant(row, others)))
        return sorted(found, key=lambda each: each.position)

    def unreadable(self, row: Stored, wrong: Exception) -> Unreadable:
        """That an event cannot be read, and where it stands."""
        return Unreadable(self._unread([(row, wrong)])[0])

    def event(self, row: StoredEvent) -> Recorded[Any]:
        """The event of a row without personal fields. Raises ``Unreadable``."""
        try:
            return self._mapper.to_domain_event(row)
        except Exception as wrong:
            raise self.unreadable(stored(row), wrong) from wrong


def stored(row: StoredEvent) -> Stored:
    """A row as it is read where positions are not told."""
    return Stored(0, as_uuid(row.originator_id), row.originator_version, row.topic, row.state)
