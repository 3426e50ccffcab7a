"""Our persistence module for eventsourcing: ``PERSISTENCE_MODULE=services.log.event_store``. The fast path of the log.

Factory, recorder and mapper are the library's PostgreSQL ones made faster; they pass its own published test cases.

Who serves people has no rights on the log's tables: it appends by one function and reads by others, of streams and
answers whose ids it knows. Only the follower, and the backup, read in the order of positions.

The library's recorder makes four round trips under a table lock and can hang on a large save; its own database
function takes no lock, so readers miss events. Ours calls one function that takes the order lock before positions are
drawn from the newest one, inserts everything and wakes the followers: gapless in commit order, one round trip.
``append_groups`` commits what many commands ask for in one transaction, each with an outcome of its own.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID

from eventsourcing import postgres as library  # as a module: the library looks for the one factory in this file
from eventsourcing.persistence import InfrastructureFactory, Mapper, StoredEvent
from eventsourcing.utils import Environment, EnvType, get_topic
from psycopg.rows import dict_row, tuple_row
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from domain.recorded import Recorded
from services.database.database import LEND_SECONDS, RECONNECT_SECONDS
from services.database.logins import Login, Logins
from services.database.pulse import Pulse, bounded
from services.log.envelope import Stored, Telling, encode, envelope_of, recorded
from services.log.log_functions import ANSWERS_TABLE, APPEND_FUNCTION, READING_FUNCTIONS
from services.log.lost_connections import again_if_lost

CHANNEL = "jinlin_log"  # told the newest position whenever the log has grown


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The first answer to a command under an idempotency key of one actor; ``answer`` is JSON, nothing personal."""

    actor: UUID
    key: str
    fingerprint: bytes
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """What one command appends, all or nothing.

    ``standing`` is the version at which each stream read or written must still stand (0: it does not exist);
    ``quiet_since`` the position after which no event of each of these names may stand in the log, whatever its stream;
    ``keys`` are new wrapped keys of the vault by subject, kept in the same transaction, unless the group is turned.
    """

    events: Sequence[StoredEvent]
    standing: dict[UUID, int] = field(default_factory=dict)
    answer: StoredAnswer | None = None
    keys: Sequence[tuple[UUID, bytes]] = ()
    quiet_since: Mapping[str, int] = field(default_factory=dict)


class Turned(Enum):
    """Why a group was not appended."""

    CONFLICT = -1  # a stream does not stand where the command saw it, or what was to be quiet was not
    ANSWERED = -2  # its idempotency key was used before


_FIRST = 3  # events of a stream that tell of what kind it is, should one of them be damaged

Outcome = int | Turned  # position of the group's last event (of the log's end, if it had none), or why there is none


_LAST = 2**62  # no version is above it


class LogRecorder(library.PostgresApplicationRecorder):
    """The library's application recorder with one function per table: ``<table>_append``."""

    def __init__(self, datastore: Any, *, events_table_name: str = "stored_events") -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self.channel_name = CHANNEL
        names = {
            "schema": Identifier(self.datastore.schema),
            "table": Identifier(self.events_table_name),
            "answers": Identifier(f"{self.events_table_name}_answers"),
            "append": Identifier(f"{self.events_table_name}_append"),
            "of_stream": Identifier(f"{self.events_table_name}_of_stream"),
            "of_streams": Identifier(f"{self.events_table_name}_of_streams"),
            "standing": Identifier(f"{self.events_table_name}_standing"),
            "end": Identifier(f"{self.events_table_name}_end"),
            "answers_of": Identifier(f"{self.events_table_name}_answers_of"),
            "id_type": SQL(self.datastore.originator_id_type),
            "lock": SQL(str(_lock_key(self.datastore.schema, self.events_table_name))),
            "channel": SQL(CHANNEL),
        }
        self.sql_create_statements.pop(self.create_insert_function_statement_index)  # takes no lock: never to be used
        self.sql_create_statements += [SQL(ANSWERS_TABLE).format(**names), SQL(APPEND_FUNCTION).format(**names)]
        self.sql_create_statements += [SQL(each).format(**names) for each in READING_FUNCTIONS]
        self._append = SQL(
            "SELECT {schema}.{append}(%b::{id_type}[], %b::bigint[], %b::text[], %b::bytea[], %b::integer[],"
            " %b::{id_type}[], %b::bigint[], %b::integer[],"
            " %b::uuid[], %b::text[], %b::bytea[], %b::jsonb[], %b::integer[],"
            " %b::uuid[], %b::bytea[], %b::integer[],"
            " %b::text[], %b::bigint[], %b::integer[], %b) AS outcomes"
        ).format(**names)
        self._select_after = SQL(
            "SELECT notification_id, originator_id, originator_version, topic, state FROM {schema}.{table}"
            " WHERE notification_id > %s ORDER BY notification_id LIMIT %s"
        ).format(**names)
        self._select_of_stream = SQL(
            "SELECT originator_id, originator_version, topic, state"
            " FROM {schema}.{of_stream}(%b::{id_type}, %b, %b, %b, %b)"
        ).format(**names)
        self._select_grown = SQL(
            "SELECT DISTINCT originator_id FROM {schema}.{table} WHERE notification_id > %s"
        ).format(**names)
        self._select_some_after = SQL(
            "SELECT notification_id, originator_id, originator_version, topic, state FROM {schema}.{table}"
            " WHERE notification_id > %s AND notification_id <= %s AND topic = ANY(%b::text[])"
            " ORDER BY notification_id LIMIT %s"
        ).format(**names)
        self._select_names = SQL(
            "SELECT originator_id, originator_version, topic FROM {schema}.{table}"
            " WHERE originator_id = ANY(%b::{id_type}[]) AND originator_version <= %s"
        ).format(**names)
        self._select_position = SQL(
            "SELECT notification_id FROM {schema}.{table} WHERE originator_id = %s AND originator_version = %s"
        ).format(**names)
        self._select_of_streams = SQL(
            "SELECT notification_id, originator_id, originator_version, topic, state"
            " FROM {schema}.{of_streams}(%b::{id_type}[], %b)"
        ).format(**names)
        self._select_told = SQL(
            "SELECT originator_id, convert_from(state, 'UTF8')::jsonb -> 'data' ->> %s FROM {schema}.{table}"
            " WHERE notification_id > %s AND notification_id <= %s AND topic = %s"
        ).format(**names)
        self._select_answers = SQL("SELECT key, fingerprint, answer FROM {schema}.{answers_of}(%s, %s)").format(**names)
        self._select_standing = SQL("SELECT {schema}.{standing}(%b::{id_type}[]) AS versions").format(**names)
        self.max_notification_id_statement = SQL("SELECT {schema}.{end}() AS max").format(**names)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append in one transaction; answers the positions. A version that is taken is the library's integrity error.

        Never retried here: whether a lost commit happened is found out by the answer's key.
        """
        if not stored_events:
            return []
        [last] = self.append_groups([Group(stored_events)])
        assert isinstance(last, int)
        return list(range(last - len(stored_events) + 1, last + 1))

    def append_groups(self, groups: Sequence[Group]) -> list[Outcome]:
        """Append all groups in one durable transaction and one round trip; a turned group leaves the others whole.

        Versions taken by a stream that is not in ``standing`` raise the library's integrity error for all.
        """
        parameters = _parameters(groups)
        with self.datastore.get_connection() as conn, conn.cursor() as curs:
            curs.execute(self._append, parameters, prepare=True)
            row = curs.fetchone()
        assert row is not None
        return [outcome if outcome >= 0 else Turned(outcome) for outcome in row["outcomes"]]

    @again_if_lost
    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """Events of one stream; ``gt`` and ``lte`` are versions."""
        of_it = (originator_id, -1 if gt is None else gt, _LAST if lte is None else lte, limit, desc)
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row, binary=True) as curs:
            curs.execute(self._select_of_stream, of_it, prepare=True)
            return [StoredEvent(*row) for row in curs]

    @again_if_lost
    def read(self, after: int, limit: int) -> list[Stored]:
        """Up to ``limit`` rows after a position in log order; ``select_notifications`` without its objects."""
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row, binary=True) as curs:
            curs.execute(self._select_after, (after, limit), prepare=True)
            return [Stored(*row) for row in curs]

    @again_if_lost
    def read_some(self, after: int, until: int, names: Sequence[str], limit: int) -> list[Stored]:
        """Up to ``limit`` rows of these names after one position up to another, in log order."""
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row, binary=True) as curs:
            curs.execute(self._select_some_after, (after, until, list(names), limit), prepare=True)
            return [Stored(*row) for row in curs]

    @again_if_lost
    def names(self, streams: Sequence[UUID]) -> list[tuple[UUID, int, str]]:
        """Stream, version and name of the first ``_FIRST`` events of each of these streams."""
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as curs:
            curs.execute(self._select_names, (list(streams), _FIRST))
            return curs.fetchall()

    @again_if_lost
    def position(self, stream: UUID, version: int) -> int:
        """Where an event stands in the log; 0 where there is none."""
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as curs:
            row = curs.execute(self._select_position, (stream, version)).fetchone()
        return row[0] if row else 0

    @again_if_lost
    def grown(self, after: int) -> list[UUID]:
        """Streams that have an event after a position."""
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row, binary=True) as curs:
            curs.execute(self._select_grown, (after,))
            return [stream for (stream,) in curs]

    @again_if_lost
    def of_streams(self, streams: Sequence[UUID], until: int) -> list[Stored]:
        """Rows of these streams up to a position in log order."""
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row, binary=True) as curs:
            curs.execute(self._select_of_streams, (list(streams), until))
            return [Stored(*row) for row in curs]

    @again_if_lost
    def standing(self, streams: Sequence[UUID]) -> dict[UUID, int]:
        """The version at which each of these streams stands; 0 for one that does not exist."""
        with self.datastore.get_connection() as conn, conn.cursor() as curs:
            curs.execute(self._select_standing, (list(streams),), prepare=True)
            row = curs.fetchone()
        assert row is not None
        return dict(zip(streams, row["versions"], strict=True))

    @again_if_lost
    def answered(self, actor: UUID, key: str) -> StoredAnswer | None:
        """The answer kept under this key of this actor."""
        with self.datastore.get_connection() as conn, conn.cursor() as curs:
            curs.execute(self._select_answers, (actor, key), prepare=True)
            row = curs.fetchone()
        return StoredAnswer(actor, key, row["fingerprint"], row["answer"]) if row else None

    @again_if_lost
    def told(self, name: str, field: str, after: int, until: int) -> list[tuple[UUID, str | None]]:
        """Streams to which events of a name came after a position up to another, each with a clear field of its own."""
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as curs:
            curs.execute(self._select_told, (field, after, until, name))
            return curs.fetchall()

    def answers(self, actor: UUID) -> list[StoredAnswer]:
        """All answers kept for this actor, in no order: for actors of few keys, such as a run."""
        with self.datastore.get_connection() as conn, conn.cursor() as curs:
            curs.execute(self._select_answers, (actor, None), prepare=True)
            return [StoredAnswer(actor, row["key"], row["fingerprint"], row["answer"]) for row in curs.fetchall()]


class JinlinFactory(library.PostgresFactory):
    """Makes our recorder; ``POSTGRES_CONNINFO`` says how its connections are made, with all that the driver knows."""

    application_recorder_class = LogRecorder

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        conninfo = self.env.get("POSTGRES_CONNINFO")
        if conninfo:
            self.datastore.pool.conninfo = conninfo
            self.datastore.pool.kwargs = {"row_factory": dict_row}

    def watched_by(self, pulse: Pulse, name: str) -> None:
        """Before the first connection: wait on none that this pulse finds silent."""
        pool = self.datastore.pool
        assert isinstance(pool.conninfo, str)
        self.datastore.pool = _LogPool(
            bounded(pool.conninfo),
            connection_class=pulse.watching(),
            kwargs=pool.kwargs,
            min_size=pool.min_size,
            max_size=pool.max_size,
            max_waiting=256,
            timeout=LEND_SECONDS,
            reconnect_timeout=RECONNECT_SECONDS,
            configure=self.datastore.after_connect_func(),
            open=False,
            name=name,
        )
        self.datastore.pool.pulse = pulse
        pulse.watch_pool(self.datastore.pool)


class _LogPool(library.ConnectionPool[Any]):
    """Lends no connection while the server is silent."""

    pulse: Pulse

    def getconn(self, timeout: float | None = None) -> Any:
        self.pulse.must_beat()
        return super().getconn(timeout)


class EnvelopeMapper(Mapper[UUID]):
    """Facts of the domain to and from the envelopes in which they stand; ``MAPPER_TOPIC`` names it.

    The domain knows nothing of the library, so what goes in and comes out are our own types. Sealing is by field and
    by case, so the library's transcoder, compressor and cipher, which take a state as a whole, are not asked.
    """

    def to_stored_event(self, telling: Telling) -> StoredEvent:  # type: ignore[override]
        """The row of an event."""
        return StoredEvent(telling.stream, telling.version, type(telling.event).__name__, encode(telling))

    def to_domain_event(self, row: StoredEvent) -> Recorded[Any]:  # type: ignore[override]
        """The event of a row; personal fields are not opened, its position is not told (0)."""
        stored = Stored(0, as_uuid(row.originator_id), row.originator_version, row.topic, row.state)
        return recorded(stored, envelope_of(stored), None)


def as_uuid(value: UUID | str) -> UUID:
    """An identity of a stream, whichever way the library tells it."""
    return value if isinstance(value, UUID) else UUID(value)


def _parameters(groups: Sequence[Group]) -> tuple[Any, ...]:
    """Flat arrays, one per column: what psycopg sends fastest."""
    events = [(event, place) for place, group in enumerate(groups, 1) for event in group.events]
    standing = [(id, version, place) for place, group in enumerate(groups, 1) for id, version in group.standing.items()]
    answers = [(group.answer, place) for place, group in enumerate(groups, 1) if group.answer is not None]
    keys = [(subject, wrapped, place) for place, group in enumerate(groups, 1) for subject, wrapped in group.keys]
    quiet = [(name, at, place) for place, group in enumerate(groups, 1) for name, at in group.quiet_since.items()]
    return (
        [event.originator_id for event, _ in events],
        [event.originator_version for event, _ in events],
        [event.topic for event, _ in events],
        [event.state for event, _ in events],
        [place for _, place in events],
        [id for id, _, _ in standing],
        [version for _, version, _ in standing],
        [place for _, _, place in standing],
        [answer.actor for answer, _ in answers],
        [answer.key for answer, _ in answers],
        [answer.fingerprint for answer, _ in answers],
        [Jsonb(answer.answer) for answer, _ in answers],
        [place for _, place in answers],
        [subject for subject, _, _ in keys],
        [wrapped for _, wrapped, _ in keys],
        [place for _, _, place in keys],
        [name for name, _, _ in quiet],
        [at for _, at, _ in quiet],
        [place for _, _, place in quiet],
        len(groups),
    )


def _lock_key(schema: str, table: str) -> int:
    """An advisory lock of each table's own."""
    return int.from_bytes(hashlib.sha256(f"{schema}.{table}".encode()).digest()[:8], "big", signed=True)


SCHEMA = "log"


LOG_SIZE = 8  # connections at most of those who ask
_TIMEOUTS = "-c statement_timeout=30s -c lock_timeout=4s"


def create_log(logins: Logins) -> None:
    """Create the log's tables and functions as their owner, where they are not there yet."""
    factory = log_factory(logins, Login.OWNER, 1, create=True)
    factory.application_recorder()
    factory.close()


def log_factory(logins: Logins, login: Login, size: int, *, create: bool, pulse: Pulse | None = None) -> JinlinFactory:
    """What the library makes the log of, with ``size`` connections at most; ``pulse`` ends waits in vain."""
    environment = {
        "PERSISTENCE_MODULE": JinlinFactory.__module__,
        "MAPPER_TOPIC": get_topic(EnvelopeMapper),
        **dict.fromkeys(("POSTGRES_DBNAME", "POSTGRES_HOST", "POSTGRES_USER", "POSTGRES_PASSWORD"), "-"),  # insisted on
        "POSTGRES_CONNINFO": logins.conninfo(login, _TIMEOUTS),
        "POSTGRES_SCHEMA": SCHEMA,
        "POSTGRES_POOL_SIZE": str(min(2, size)),
        "POSTGRES_MAX_OVERFLOW": str(size - min(2, size)),
        "CREATE_TABLE": "y" if create else "n",
    }
    factory = InfrastructureFactory.construct(Environment("", environment))
    assert isinstance(factory, JinlinFactory)
    if pulse is not None:
        factory.watched_by(pulse, f"log {login}")
    return factory
