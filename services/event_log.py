"""The event log: eventsourcing's PostgreSQL event store with a recorder of our own. The only importer of that library.

The library's recorder makes four round trips under a table lock and can hang on a large save; its own database
function takes no lock, so readers miss events. Ours calls one function that takes the order lock before positions are
drawn from the newest one, inserts everything and wakes the followers: gapless in commit order, one round trip.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

from eventsourcing.persistence import (
    InfrastructureFactory,
    IntegrityError,
    InterfaceError,
    OperationalError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresFactory
from eventsourcing.utils import Environment, EnvType
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from domain.decider import Decider
from domain.issue import CaseForgotten
from domain.person import PersonForgotten
from domain.recorded import Act, Recorded
from services.database import APP
from services.envelope import Stored, encode, envelope_of, recorded
from services.vault import Vault

S = TypeVar("S")

SCHEMA = "log"
CHANNEL = "jinlin_log"


class VersionConflict(Exception):
    """Another command changed the stream first."""


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The first answer to a command under an idempotency key of one actor; ``answer`` is JSON, nothing personal."""

    actor: UUID
    key: str
    fingerprint: bytes
    answer: dict[str, Any]
    recorded_at: datetime


class AnsweredBefore(Exception):
    """The key was used before; ``answer`` is what was answered then."""

    def __init__(self, answer: StoredAnswer) -> None:
        super().__init__(answer.key)
        self.answer = answer


class TryLater(Exception):
    """The database did not answer in time; nothing was acknowledged."""


@dataclass(frozen=True, slots=True)
class Loaded(Generic[S]):
    """A stream's state and version; version 0 is a stream that does not exist."""

    state: S
    version: int


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


@dataclass(frozen=True, slots=True)
class Appended:
    """``position`` of the last event appended, or of the log's end where there was none."""

    position: int


class LogRecorder(PostgresApplicationRecorder):
    """The library's application recorder with one function per table: ``<table>_append``."""

    def __init__(self, datastore: Any, *, events_table_name: str = "stored_events") -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        names = {
            "schema": Identifier(self.datastore.schema),
            "table": Identifier(self.events_table_name),
            "answers": Identifier(f"{self.events_table_name}_answers"),
            "append": Identifier(f"{self.events_table_name}_append"),
            "id_type": SQL(self.datastore.originator_id_type),
            "lock": SQL(str(_lock_key(self.datastore.schema, self.events_table_name))),
            "channel": SQL(CHANNEL),
        }
        self.sql_create_statements.pop(self.create_insert_function_statement_index)  # takes no lock: never to be used
        self.sql_create_statements += [SQL(_ANSWERS_TABLE).format(**names), SQL(_APPEND_FUNCTION).format(**names)]
        self._append = SQL(
            "SELECT {schema}.{append}(%b::{id_type}[], %b::bigint[], %b::text[], %b::bytea[], %s, %s, %s, %s)"
        ).format(**names)
        self._select_answer = SQL(
            "SELECT fingerprint, answer, recorded_at FROM {schema}.{answers} WHERE actor = %s AND key = %s"
        ).format(**names)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append in one transaction; answers the positions. ``answer`` is kept in the same transaction.

        Never retried here: whether a lost commit happened is found out by the answer's key.
        """
        answer: StoredAnswer | None = kwargs.get("answer")
        if not stored_events and answer is None:
            return []
        parameters = (
            [event.originator_id for event in stored_events],
            [event.originator_version for event in stored_events],
            [event.topic for event in stored_events],
            [event.state for event in stored_events],
            *((answer.actor, answer.key, answer.fingerprint, Jsonb(answer.answer)) if answer else (None,) * 4),
        )
        with self.datastore.get_connection() as conn, conn.cursor() as curs:
            curs.execute(self._append, parameters, prepare=True)
            row = curs.fetchone()
        assert row is not None
        last: int = row[f"{self.events_table_name}_append"]
        return range(last - len(stored_events) + 1, last + 1)

    def answered(self, actor: UUID, key: str) -> StoredAnswer | None:
        """The answer kept under this key of this actor."""
        with self.datastore.get_connection() as conn, conn.cursor() as curs:
            curs.execute(self._select_answer, (actor, key), prepare=True)
            row = curs.fetchone()
        return StoredAnswer(actor, key, row["fingerprint"], row["answer"], row["recorded_at"]) if row else None


_ANSWERS_TABLE = """
CREATE TABLE IF NOT EXISTS {schema}.{answers} (
    actor uuid NOT NULL, key text NOT NULL, fingerprint bytea NOT NULL, answer jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (actor, key))
"""

_APPEND_FUNCTION = """
CREATE OR REPLACE FUNCTION {schema}.{append}(
    ids {id_type}[], versions bigint[], topics text[], states bytea[],
    who uuid, answer_key text, print bytea, body jsonb
) RETURNS bigint LANGUAGE plpgsql AS $body$
DECLARE
    newest bigint;
    added integer := cardinality(ids);
BEGIN
    PERFORM pg_advisory_xact_lock({lock});  -- held until the commit: positions are drawn in commit order
    SELECT coalesce(max(notification_id), 0) INTO newest FROM {schema}.{table};
    IF answer_key IS NOT NULL THEN
        INSERT INTO {schema}.{answers} (actor, key, fingerprint, answer)
        VALUES (who, answer_key, print, body || jsonb_build_object('position', newest + added));
    END IF;
    IF added > 0 THEN
        INSERT INTO {schema}.{table} (originator_id, originator_version, topic, state, notification_id)
        SELECT id, version, topic, state, newest + place
        FROM unnest(ids, versions, topics, states) WITH ORDINALITY AS e (id, version, topic, state, place);
        PERFORM pg_notify('{channel}', '');
    END IF;
    RETURN newest + added;
END $body$
"""


def _lock_key(schema: str, table: str) -> int:
    """An advisory lock of each table's own."""
    return int.from_bytes(f"{schema}.{table}".encode()[-7:], "big")


class Factory(PostgresFactory):
    """Makes our recorder; ``POSTGRES_ROLE`` is the role its connections start as."""

    application_recorder_class = LogRecorder

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        role = self.env.get("POSTGRES_ROLE")
        if role:
            kwargs = self.datastore.pool.kwargs
            assert isinstance(kwargs, dict)
            kwargs["options"] = f"-c role={role} -c statement_timeout=30s -c lock_timeout=10s"


@contextmanager
def _or_try_later() -> Iterator[None]:
    """A database that is away for a moment is nobody's mistake."""
    try:
        yield
    except (OperationalError, InterfaceError) as lost:
        raise TryLater from lost


class EventLog:
    """Append, load and read. ``url`` as of ``Database``; ``vault`` seals and opens personal fields."""

    def __init__(self, url: str, vault: Vault, size: int = 8) -> None:
        self._factory = _factory(url, APP, size, create=False)
        recorder = self._factory.application_recorder()
        assert isinstance(recorder, LogRecorder)
        self._recorder = recorder
        self._vault = vault

    def load(self, decider: Decider[Any, S, Any], stream: UUID) -> Loaded[S]:
        """The state of a stream; personal fields are not opened, no rule needs them."""
        state, version = decider.initial, 0
        with _or_try_later():
            rows = self._recorder.select_events(stream)
        for row in rows:
            version = row.originator_version
            stored = Stored(0, stream, version, row.topic, row.state)
            event = recorded(stored, envelope_of(stored), None)
            state = decider.evolve(state, event.event, event.act)
        return Loaded(state, version)

    def history(self, stream: UUID) -> list[Recorded[Any]]:
        """All events of a stream with personal fields opened. Positions are not told (0)."""
        with _or_try_later():
            found = self._recorder.select_events(stream)
        return self._opened([Stored(0, stream, row.originator_version, row.topic, row.state) for row in found])

    def append(self, changes: Sequence[Change], answer: StoredAnswer | None = None) -> Appended:
        """All changes or none. Raises ``VersionConflict``, ``AnsweredBefore`` or ``TryLater``."""
        rows = [row for change in changes for row in self._sealed(change)]
        try:
            positions = self._recorder.insert_events(rows, answer=answer)
        except IntegrityError as conflict:
            self._raise_if_answered(answer)
            raise VersionConflict from conflict
        except (OperationalError, InterfaceError) as lost:  # perhaps committed, perhaps not: the key tells
            self._raise_if_answered(answer)
            raise TryLater from lost
        return Appended(positions[-1] if positions else self.last_position())

    def answered(self, actor: UUID, key: str) -> StoredAnswer | None:
        """The first answer under an idempotency key."""
        with _or_try_later():
            return self._recorder.answered(actor, key)

    def read(self, after: int, limit: int) -> list[Recorded[Any]]:
        """Up to ``limit`` events after a position in log order, personal fields opened."""
        with _or_try_later():
            found = self._recorder.select_notifications(after, limit, inclusive_of_start=False)
        return self._opened(
            [Stored(row.id, _uuid(row.originator_id), row.originator_version, row.topic, row.state) for row in found]
        )

    def last_position(self) -> int:
        """Position of the newest event; 0 for an empty log."""
        with _or_try_later():
            return self._recorder.max_notification_id() or 0

    def close(self) -> None:
        self._factory.close()

    def _sealed(self, change: Change) -> list[StoredEvent]:
        sealer = self._vault.sealer(
            change.correlation, new=change.expected_version == 0 and change.stream == change.correlation
        )
        return [
            StoredEvent(
                change.stream,
                version,
                type(event).__name__,
                encode(
                    event, uuid4(), change.stream, version, change.category, change.act, change.estate,
                    change.correlation, change.causation, sealer,
                ),
            )
            for version, event in enumerate(change.events, change.expected_version + 1)
        ]  # fmt: skip

    def _opened(self, rows: Sequence[Stored]) -> list[Recorded[Any]]:
        envelopes = [envelope_of(row) for row in rows]
        for row, envelope in zip(rows, envelopes, strict=True):
            if row.name in (CaseForgotten.__name__, PersonForgotten.__name__):
                self._vault.drop_cached(envelope.correlation)
        openers = self._vault.openers({each.correlation for each in envelopes if each.sealed})
        return [
            recorded(row, envelope, openers.get(envelope.correlation))
            for row, envelope in zip(rows, envelopes, strict=True)
        ]

    def _raise_if_answered(self, answer: StoredAnswer | None) -> None:
        before = self.answered(answer.actor, answer.key) if answer is not None else None
        if before is not None:
            raise AnsweredBefore(before)


def create_log(url: str, role: str) -> None:
    """Create the log's tables and function as ``role``, where they are not there yet."""
    factory = _factory(url, role, 1, create=True)
    factory.application_recorder()
    factory.close()


def _factory(url: str, role: str, size: int, *, create: bool) -> Factory:
    parts = conninfo_to_dict(url)
    environment = {
        "PERSISTENCE_MODULE": f"{__name__}:{Factory.__name__}",
        "POSTGRES_DBNAME": str(parts.get("dbname") or "postgres"),
        "POSTGRES_HOST": str(parts.get("host") or ""),
        "POSTGRES_PORT": str(parts.get("port") or 5432),
        "POSTGRES_USER": str(parts.get("user") or ""),
        "POSTGRES_PASSWORD": str(parts.get("password") or ""),
        "POSTGRES_SCHEMA": SCHEMA,
        "POSTGRES_POOL_SIZE": "1",
        "POSTGRES_MAX_OVERFLOW": str(size - 1),
        "POSTGRES_ROLE": role,
        "CREATE_TABLE": "y" if create else "n",
    }
    factory = InfrastructureFactory.construct(Environment("", environment))
    assert isinstance(factory, Factory)
    return factory


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
