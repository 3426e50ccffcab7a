"""Our persistence module for eventsourcing: ``PERSISTENCE_MODULE=services.log.event_store``. The fast path of the log.

Factory, recorder and mapper are the library's PostgreSQL ones made faster; they pass its own published test cases.

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
from eventsourcing.persistence import InfrastructureFactory, InterfaceError, Mapper, OperationalError, StoredEvent
from eventsourcing.utils import Environment, EnvType, get_topic, retry
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import tuple_row
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from domain.recorded import Recorded
from services.log.envelope import Stored, Telling, encode, envelope_of, recorded

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


Outcome = int | Turned  # position of the group's last event (of the log's end, if it had none), or why there is none


# what only reads may be said again on another connection; the append may not: perhaps it happened
_again_if_lost = retry((InterfaceError, OperationalError), max_attempts=10, wait=0.2)


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
            "id_type": SQL(self.datastore.originator_id_type),
            "lock": SQL(str(_lock_key(self.datastore.schema, self.events_table_name))),
            "channel": SQL(CHANNEL),
        }
        self.sql_create_statements.pop(self.create_insert_function_statement_index)  # takes no lock: never to be used
        self.sql_create_statements += [SQL(_ANSWERS_TABLE).format(**names), SQL(_APPEND_FUNCTION).format(**names)]
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
        self._select_of_streams = SQL(
            "SELECT notification_id, originator_id, originator_version, topic, state FROM {schema}.{table}"
            " WHERE originator_id = ANY(%b::{id_type}[]) AND notification_id <= %s ORDER BY notification_id"
        ).format(**names)
        self._select_told = SQL(
            "SELECT originator_id, convert_from(state, 'UTF8')::jsonb -> 'data' ->> %s FROM {schema}.{table}"
            " WHERE notification_id > %s AND notification_id <= %s AND topic = %s"
        ).format(**names)
        self._select_answer = SQL(
            "SELECT fingerprint, answer FROM {schema}.{answers} WHERE actor = %s AND key = %s"
        ).format(**names)
        self._select_answers = SQL("SELECT key, fingerprint, answer FROM {schema}.{answers} WHERE actor = %s").format(
            **names
        )
        self._select_standing = SQL(
            "SELECT (SELECT coalesce(max(originator_version), 0) FROM {schema}.{table} WHERE originator_id = id) AS v"
            " FROM unnest(%b::{id_type}[]) WITH ORDINALITY AS wanted (id, place) ORDER BY place"
        ).format(**names)

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

    @_again_if_lost
    def read(self, after: int, limit: int) -> list[Stored]:
        """Up to ``limit`` rows after a position in log order; ``select_notifications`` without its objects."""
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row, binary=True) as curs:
            curs.execute(self._select_after, (after, limit), prepare=True)
            return [Stored(*row) for row in curs]

    @_again_if_lost
    def of_streams(self, streams: Sequence[UUID], until: int) -> list[Stored]:
        """Rows of these streams up to a position in log order."""
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row, binary=True) as curs:
            curs.execute(self._select_of_streams, (list(streams), until))
            return [Stored(*row) for row in curs]

    @_again_if_lost
    def standing(self, streams: Sequence[UUID]) -> dict[UUID, int]:
        """The version at which each of these streams stands; 0 for one that does not exist."""
        with self.datastore.get_connection() as conn, conn.cursor() as curs:
            curs.execute(self._select_standing, (list(streams),), prepare=True)
            return dict(zip(streams, (row["v"] for row in curs.fetchall()), strict=True))

    @_again_if_lost
    def answered(self, actor: UUID, key: str) -> StoredAnswer | None:
        """The answer kept under this key of this actor."""
        with self.datastore.get_connection() as conn, conn.cursor() as curs:
            curs.execute(self._select_answer, (actor, key), prepare=True)
            row = curs.fetchone()
        return StoredAnswer(actor, key, row["fingerprint"], row["answer"]) if row else None

    @_again_if_lost
    def told(self, name: str, field: str, after: int, until: int) -> list[tuple[UUID, str | None]]:
        """Streams to which events of a name came after a position up to another, each with a clear field of its own."""
        with self.datastore.get_connection() as conn, conn.cursor(row_factory=tuple_row) as curs:
            curs.execute(self._select_told, (field, after, until, name))
            return curs.fetchall()

    def answers(self, actor: UUID) -> list[StoredAnswer]:
        """All answers kept for this actor, in no order: for actors of few keys, such as a run."""
        with self.datastore.get_connection() as conn, conn.cursor() as curs:
            curs.execute(self._select_answers, (actor,), prepare=True)
            return [StoredAnswer(actor, row["key"], row["fingerprint"], row["answer"]) for row in curs.fetchall()]


class JinlinFactory(library.PostgresFactory):
    """Makes our recorder; ``POSTGRES_ROLE`` is the role its connections start as."""

    application_recorder_class = LogRecorder

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        role = self.env.get("POSTGRES_ROLE")
        if role:
            kwargs = self.datastore.pool.kwargs
            assert isinstance(kwargs, dict)
            kwargs["options"] = f"-c role={role} -c statement_timeout=30s -c lock_timeout=10s"


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
        stored = Stored(0, _uuid(row.originator_id), row.originator_version, row.topic, row.state)
        return recorded(stored, envelope_of(stored), None)


def _uuid(value: UUID | str) -> UUID:
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


_ANSWERS_TABLE = """
CREATE TABLE IF NOT EXISTS {schema}.{answers} (
    actor uuid NOT NULL, key text NOT NULL, fingerprint bytea NOT NULL, answer jsonb NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (actor, key))
"""

_APPEND_FUNCTION = """
CREATE OR REPLACE FUNCTION {schema}.{append}(
    ids {id_type}[], versions bigint[], topics text[], states bytea[], event_groups integer[],
    standing_ids {id_type}[], standing_versions bigint[], standing_groups integer[],
    actors uuid[], keys text[], prints bytea[], bodies jsonb[], answer_groups integer[],
    subjects uuid[], wrapped bytea[], key_groups integer[],
    quiet_names text[], quiet_after bigint[], quiet_groups integer[], group_count integer
) RETURNS bigint[] LANGUAGE plpgsql
-- planned once: planning anew for the very arrays takes longer than everything else together
SET plan_cache_mode = force_generic_plan AS $body$
DECLARE
    newest bigint;
    grown bigint;
    conflicting integer[];
    answered integer[];
    turned integer[];
    outcomes bigint[];
BEGIN
    PERFORM pg_advisory_xact_lock({lock});  -- held until the commit: positions are drawn in commit order
    SELECT coalesce(max(notification_id), 0) INTO newest FROM {schema}.{table};
    SELECT coalesce(array_agg(place), '{{}}') INTO conflicting
        FROM unnest(standing_ids, standing_versions, standing_groups) AS s (id, version, place)
        WHERE version <> (SELECT coalesce(max(originator_version), 0) FROM {schema}.{table} WHERE originator_id = id);
    IF cardinality(quiet_names) > 0 THEN  -- seldom, and about the last moments: few rows lie after those positions
        conflicting := conflicting || ARRAY(
            SELECT place FROM unnest(quiet_names, quiet_after, quiet_groups) AS q (name, after, place)
            WHERE EXISTS (SELECT 1 FROM {schema}.{table} WHERE notification_id > after AND topic = name));
    END IF;
    SELECT coalesce(array_agg(place), '{{}}') INTO answered
        FROM unnest(actors, keys, answer_groups) AS a (who, said, place)
        WHERE EXISTS (SELECT 1 FROM {schema}.{answers} WHERE actor = who AND key = said);
    turned := conflicting || answered;
    SELECT array_agg(CASE WHEN place = ANY (answered) THEN -2 WHEN place = ANY (conflicting) THEN -1
                     ELSE newest + added END ORDER BY place)
        INTO outcomes
        FROM (SELECT place, sum(CASE WHEN place = ANY (turned) THEN 0 ELSE coalesce(n, 0) END)
                     OVER (ORDER BY place)::bigint AS added
              FROM generate_series(1, group_count) AS place
              LEFT JOIN (SELECT g, count(*) AS n FROM unnest(event_groups) AS g GROUP BY g) AS counted ON g = place
             ) AS placed;
    IF cardinality(turned) = 0 THEN  -- nearly always: no need to count who is left
        INSERT INTO {schema}.{table} (originator_id, originator_version, topic, state, notification_id)
        SELECT id, version, topic, state, newest + place
        FROM unnest(ids, versions, topics, states) WITH ORDINALITY AS e (id, version, topic, state, place);
    ELSE
        INSERT INTO {schema}.{table} (originator_id, originator_version, topic, state, notification_id)
        SELECT id, version, topic, state, newest + row_number() OVER (ORDER BY place)
        FROM unnest(ids, versions, topics, states, event_groups) WITH ORDINALITY
             AS e (id, version, topic, state, of_group, place)
        WHERE of_group <> ALL (turned);
    END IF;
    GET DIAGNOSTICS grown = ROW_COUNT;
    IF grown > 0 THEN
        PERFORM pg_notify('{channel}', (newest + grown)::text);
    END IF;
    IF cardinality(subjects) > 0 THEN  -- a key of a turned group seals nothing, and its command may come again
        PERFORM vault.keep(array_agg(subject), array_agg(wrap))
        FROM unnest(subjects, wrapped, key_groups) AS k (subject, wrap, place)
        WHERE place <> ALL (turned);
    END IF;
    INSERT INTO {schema}.{answers} (actor, key, fingerprint, answer)
        SELECT who, said, print, body || jsonb_build_object('position', outcomes[place])
        FROM unnest(actors, keys, prints, bodies, answer_groups) AS a (who, said, print, body, place)
        WHERE place <> ALL (turned);
    RETURN outcomes;
END $body$
"""


def _lock_key(schema: str, table: str) -> int:
    """An advisory lock of each table's own."""
    return int.from_bytes(hashlib.sha256(f"{schema}.{table}".encode()).digest()[:8], "big", signed=True)


SCHEMA = "log"


def create_log(url: str, role: str) -> None:
    """Create the log's tables and function as ``role``, where they are not there yet."""
    factory = log_factory(url, role, 1, create=True)
    factory.application_recorder()
    factory.close()


def log_factory(url: str, role: str, size: int, *, create: bool) -> JinlinFactory:
    """What the library makes the log of, with ``size`` connections at most."""
    parts = conninfo_to_dict(url)
    environment = {
        "PERSISTENCE_MODULE": JinlinFactory.__module__,
        "MAPPER_TOPIC": get_topic(EnvelopeMapper),
        "POSTGRES_DBNAME": str(parts.get("dbname") or "postgres"),
        "POSTGRES_HOST": str(parts.get("host") or ""),
        "POSTGRES_PORT": str(parts.get("port") or 5432),
        "POSTGRES_USER": str(parts.get("user") or ""),
        "POSTGRES_PASSWORD": str(parts.get("password") or ""),
        "POSTGRES_SCHEMA": SCHEMA,
        "POSTGRES_POOL_SIZE": str(min(2, size)),
        "POSTGRES_MAX_OVERFLOW": str(size - min(2, size)),
        "POSTGRES_ROLE": role,
        "CREATE_TABLE": "y" if create else "n",
    }
    factory = InfrastructureFactory.construct(Environment("", environment))
    assert isinstance(factory, JinlinFactory)
    return factory
