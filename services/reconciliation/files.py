"""Statement files on their way into the log: read, looked at, kept sealed until somebody says go, taken over meanwhile.

Files are taken over one by one, in chunks (``bulk_append``). What a crash cut short goes on at the next start; a line
that any file brought before is recognised and left out.
"""

import hashlib
import hmac
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from threading import Lock, Semaphore
from typing import Any
from uuid import UUID, uuid5

import msgspec
import psycopg
import structlog
from psycopg.types.json import Jsonb

from domain.calendar import SHANGHAI
from domain.money.evidence import Evidence
from domain.reconciliation.file import STATEMENT_FILE, CompleteStatement, StartStatement
from domain.reconciliation.line import STATEMENT_LINE, LineStage, Waiting
from domain.recorded import Act
from domain.refusal import Refusal, refuse_if, reject_if
from services.commands.ask import Answer, Ask, Caller, by_itself
from services.commands.handle import Handler
from services.commands.plan import Reach
from services.database.database import ANY_ESTATE, Database
from services.log.bulk_append import BulkAppend, Run
from services.log.event_log import Change, EventLog
from services.log.not_found import NotFound
from services.log.randomness import new_id
from services.log.vault import Vault
from services.reconciliation.desk_payments import DeskPayments
from services.reconciliation.formats import bank, mapping, reading
from services.reconciliation.formats.entry import Entry, ProviderStatement
from services.reconciliation.formats.mapping import Mapping as Columns
from services.reconciliation.formats.matching import Match
from services.reconciliation.line_marks import line_of
from services.reconciliation.plans import on_statement_file
from services.reconciliation.previews import PreviewedLine, StatementImport, StatementPreview, StatementStage, Table
from services.reconciliation.surroundings import around_of, firm
from services.reconciliation.taking import Taking, known_of
from services.reconciliation.twins import Twins, rows_around
from services.threads.one_by_one import OneByOne
from services.threads.try_later import TryLater

log = structlog.get_logger()

NAMESPACE = UUID("0a4e7b8e-52cf-4d0e-a2f1-6b9b7d3c5e21")  # of files: uuid5(NAMESPACE, estate and contents)
KEPT = timedelta(days=7)  # an upload that nobody started
CHUNK = 500
SHOWN = 200  # lines of a look
_SELECT = "SELECT file, estate, uploaded_at, key, sealed FROM log.statement_files"


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is sealed of a file: its statement, or the table that nobody could read yet."""

    statement: ProviderStatement | None = None
    rows: list[list[str]] = field(default_factory=list)
    head: int = 0


@dataclass(frozen=True, slots=True)
class _Upload:
    id: UUID
    estate: str
    uploaded_at: datetime
    key: UUID
    sealed: bytes | None


class StatementImports:
    """``secret`` (32 bytes) keys what tells two files apart; ``clock`` gives the time of recording.

    ``shown`` waits a while until the views show every line that is in the log, and says whether they do.
    """

    def __init__(
        self, database: Database, vault: Vault, log: EventLog, handler: Handler, reach: Reach, secret: bytes,
        clock: Callable[[], datetime], shown: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._database = database
        self._vault = vault
        self._log = log
        self._handler = handler
        self._reach = reach
        self._secret = secret
        self._clock = clock
        self._shown = shown
        self._bulk = BulkAppend(log, secret)
        self._background = OneByOne("statements", self._take_over, "statement_stopped")
        self._reading = Semaphore(1)  # one file at a time: it takes a core, and memory
        self._holding = Lock()

    @property
    def at_work(self) -> OneByOne:
        """What is being worked at, for those who watch from outside."""
        return self._background

    # -- what people do ------------------------------------------------------------------------------------------

    def upload(self, estate: str, file: bytes, person: UUID) -> UUID:
        """Keep a file, sealed; answers its id. Refuses what ``reading.read`` refuses.

        The same file again is the same, unless it is done and another estate has given up some of its lines since.
        """
        self._drop_abandoned()
        reject_if(not file, "statement_no_file")
        same = hmac.new(self._secret, estate.encode() + b"\n" + file, hashlib.sha256).hexdigest()
        id, before = uuid5(NAMESPACE, same), None
        while (there := self._found(id)) is not None:
            if there.sealed is not None:
                return id
            id, before = uuid5(id, "again"), id
        with self._reading:
            found = reading.read(file, lambda prints: self._mappings(estate, prints))
            if before is not None and not (isinstance(found, ProviderStatement) and self._brings_more(estate, found)):
                return before
            if isinstance(found, ProviderStatement):
                kept = _Kept(found)
            else:
                kept = _Kept(None, [list(row) for row in found.rows], found.head)
            key = new_id()
            sealed = self._sealed(id, key, kept)
        with self._database.lend([estate]) as conn:
            conn.execute(
                "INSERT INTO log.statement_files (file, estate, uploaded_by, uploaded_at, key, sealed)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (id, estate, person, self._clock(), key, sealed),
            )
        return id

    def _brings_more(self, estate: str, statement: ProviderStatement) -> bool:
        """Whether another estate has set lines aside that may be this one's."""
        for first in range(0, len(statement.entries), CHUNK):
            entries = statement.entries[first : first + CHUNK]
            lines = [line_of(self._reach.pseudonyms, entry) for entry in entries]
            known = self._log.readable_of(STATEMENT_LINE, lines, keep=False).states.values()
            if any(each.state.stage is LineStage.SET_ASIDE and each.state.may_pass_to(estate) for each in known):
                return True
        return False

    def choose(self, id: UUID, head: int, columns: Columns, person: UUID) -> None:
        """Say which column is what; files with the same heading are read so from now on."""
        with self._held(id) as (conn, upload):
            refuse_if(bool(self._log.versions([id])[id]), "statement_begun")
            kept = self._kept(upload)
            refuse_if(kept.statement is not None, "statement_read")
            reject_if(not 0 <= head < len(kept.rows), "mapping_column")
            columns.check(len(kept.rows[head]))
            statement = bank.read(kept.rows, columns.columns(head))
            reject_if(not statement.entries, "statement_empty")
            conn.execute(
                "INSERT INTO log.statement_mappings (estate, fingerprint, columns, chosen_by, chosen_at)"
                " VALUES (%s, %s, %s, %s, %s)"
                " ON CONFLICT (estate, fingerprint) DO UPDATE SET columns = excluded.columns,"
                " chosen_by = excluded.chosen_by, chosen_at = excluded.chosen_at",
                (upload.estate, mapping.fingerprint(kept.rows[head]), Jsonb(asdict(columns)), person, self._clock()),
            )
            conn.execute(
                "UPDATE log.statement_files SET sealed = %s WHERE file = %s",
                (self._sealed(id, upload.key, _Kept(statement)), id),
            )

    def confirm(self, id: UUID, ask: Ask) -> Answer:
        """Begin to take over the lines, or go on with it."""
        with self._held(id) as (_, upload):
            started = self._log.load(STATEMENT_FILE, id).state.started
            if started is None:
                statement = self._kept(upload).statement
                if statement is None:
                    raise Refusal("statement_unread")
                days = [entry.at.date() for entry in statement.entries]
                command = StartStatement(
                    upload.estate,
                    statement.provider,
                    len(statement.entries),
                    statement.money_in,
                    statement.money_out,
                    statement.fees,
                    min(days),
                    max(days),
                )
            else:
                command = StartStatement(**{name: getattr(started, name) for name in StartStatement.__slots__})
            answer = self._handler.do(ask, on_statement_file(id, upload.estate, command))
        if upload.sealed is not None:
            self._background.begin(id)
        return answer

    def discard(self, id: UUID) -> None:
        """Forget a file of which nothing is in the log. Refuses ``statement_begun``."""
        with self._held(id) as (conn, upload):
            refuse_if(bool(self._log.versions([id])[id]), "statement_begun")
            conn.execute("DELETE FROM log.statement_files WHERE file = %s", (id,))
        self._vault.destroy(upload.key)

    # -- what people see -----------------------------------------------------------------------------------------

    def one(self, id: UUID) -> StatementImport:
        """How a file stands. Raises ``NotFound``."""
        upload = self._found(id)
        if upload is None:
            raise NotFound
        return self._standing(upload)

    def of_estate(self, estate: str, limit: int = 20) -> list[StatementImport]:
        """The newest files of an estate, newest first."""
        found = self._uploads("estate = %s ORDER BY uploaded_at DESC LIMIT %s", (estate, limit), [estate])
        return [self._standing(upload) for upload in found if self._log.readable(STATEMENT_FILE, upload.id)]

    def preview(self, id: UUID, ask: Ask) -> StatementPreview | Table | None:
        """What a file would bring, or the table that nobody could read; ``None`` once it is in the log."""
        upload = self._found(id)
        if upload is None:
            raise NotFound
        with self._reading:
            kept = self._kept(upload)
            if kept.statement is None:
                return Table(kept.rows, kept.head) if kept.rows else None
            return self._previewed(upload, kept.statement, ask)

    def _previewed(self, upload: _Upload, statement: ProviderStatement, ask: Ask) -> StatementPreview:
        now = self._clock().astimezone(SHANGHAI)
        taking = self._taking(upload, statement, ask, Act(ask.caller.person, ask.caller.capacity, now, now))
        evidence: Counter[Evidence] = Counter()
        waiting: Counter[Waiting] = Counter()
        waiting_at: Counter[str] = Counter()
        settled_at: Counter[str] = Counter()
        left: list[PreviewedLine] = []
        elsewhere: list[PreviewedLine] = []
        matched: list[PreviewedLine] = []
        known = void = 0
        for first in range(0, len(statement.entries), CHUNK):
            entries = statement.entries[first : first + CHUNK]
            for entry, outcome in zip(entries, taking.outcomes(first, entries), strict=True):
                match outcome.found:
                    case None if outcome.void:
                        void += 1
                    case None:
                        known += 1
                        there = outcome.elsewhere
                        if there is not None and there.estate is not None:
                            waits = there.stage is LineStage.QUEUED
                            (waiting_at if waits else settled_at)[there.estate] += 1
                            if waits and len(elsewhere) < SHOWN:
                                elsewhere.append(PreviewedLine(entry, elsewhere=there.estate))
                    case Match(dwelling, why):
                        evidence[why] += 1
                        if len(matched) < SHOWN:
                            matched.append(PreviewedLine(entry, None, why, dwelling))
                    case Waiting() as reason:
                        waiting[reason] += 1
                        if len(left) < SHOWN:
                            left.append(PreviewedLine(entry, reason))
        shown = [*left, *elsewhere, *matched][:SHOWN]
        return StatementPreview(
            statement,
            known,
            void + statement.void,
            dict(waiting_at),
            dict(settled_at),
            dict(evidence),
            dict(waiting),
            shown,
        )

    # -- in the background ---------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Take up what a crash or a restart cut short."""
        self._drop_abandoned()
        for upload in self._uploads("sealed IS NOT NULL", ()):
            known = self._log.readable(STATEMENT_FILE, upload.id)
            if known and known.version:
                self._background.begin(upload.id)

    def until_idle(self) -> None:
        """Wait until all that was begun before has ended, well or badly."""
        self._background.until_idle()

    def close(self) -> None:
        """End after the present chunk."""
        self._background.close()

    def _take_over(self, id: UUID) -> None:
        upload = self._found(id)
        if upload is None or upload.sealed is None:
            return
        statement = self._kept(upload).statement
        if statement is None:
            return
        first = self._log.history(id)[0]
        now = self._clock().astimezone(SHANGHAI)
        act = Act(first.act.actor, first.act.acting_as, now, now)
        ask = Ask(Caller(act.actor, act.acting_as, frozenset({upload.estate})))
        if not self._shown():  # what earlier files brought is looked for in the view
            raise TryLater
        taking = self._taking(upload, statement, ask, act, first.event_id)

        def plan(items: Sequence[tuple[int, Entry]]) -> list[Change]:
            outcomes = taking.outcomes(items[0][0], [entry for _, entry in items])
            return [change for outcome in outcomes for change in outcome.changes]

        items = list(enumerate(statement.entries))
        self._bulk.append(Run(id, items, plan, CHUNK, taking.standing), self._background.go_on)
        by_product = by_itself(upload.estate)
        self._handler.do(by_product, on_statement_file(id, upload.estate, CompleteStatement()))
        self._vault.destroy(upload.key)  # after the event: a crash in between is mended at the next start
        with self._database.lend([upload.estate]) as conn:
            conn.execute("UPDATE log.statement_files SET sealed = NULL WHERE file = %s", (id,))
        log.info("statement_done", stream=str(id), count=len(items))

    def _taking(
        self, upload: _Upload, statement: ProviderStatement, ask: Ask, act: Act, causation: UUID | None = None
    ) -> Taking:
        ids = [line_of(self._reach.pseudonyms, entry) for entry in statement.entries]
        with self._database.lend(firm(self._database)) as conn:
            known = known_of(conn, upload.estate, around_of(conn, upload.estate))
            by_hand = DeskPayments(self._log, conn, upload.estate, statement.entries)
            rows = rows_around(conn, statement.entries)
        twins = Twins(rows, self._reach.pseudonyms, known.book, upload.estate, statement.entries, ids)
        return Taking(self._reach, known, by_hand, twins, ask, act, upload.id, causation)

    # -- what is kept --------------------------------------------------------------------------------------------

    def _standing(self, upload: _Upload) -> StatementImport:
        state = self._log.load(STATEMENT_FILE, upload.id).state
        if state.started is None:
            kept = self._kept(upload)
            standing = StatementStage.UNREAD if kept.statement is None else StatementStage.CHECKED
            lines = len(kept.statement.entries) if kept.statement else 0
            return StatementImport(upload.id, upload.estate, upload.uploaded_at, standing, lines, 0, None, None)
        if state.completed_at is not None:
            standing, done = StatementStage.DONE, state.started.lines
        else:
            standing = StatementStage.RUNNING if self._background.is_under_way(upload.id) else StatementStage.STOPPED
            done = self._bulk.done(upload.id)
        return StatementImport(
            upload.id, upload.estate, upload.uploaded_at, standing, state.started.lines, done, state.started,
            state.completed_at,
        )  # fmt: skip

    def _sealed(self, id: UUID, key: UUID, kept: _Kept) -> bytes:
        sealer = self._vault.sealer(key)
        if sealer is None:
            raise NotFound
        return sealer.seal(zlib.compress(msgspec.json.encode(kept), 1), _bound(id))

    def _kept(self, upload: _Upload) -> _Kept:
        opener = self._vault.openers({upload.key}).get(upload.key)
        if upload.sealed is None or opener is None:
            return _Kept()
        return msgspec.json.decode(zlib.decompress(opener.open(upload.sealed, _bound(upload.id))), type=_Kept)

    def _mappings(self, estate: str, prints: Sequence[str]) -> dict[str, Columns]:
        with self._database.lend([estate]) as conn:
            found = conn.execute(
                "SELECT fingerprint, columns FROM log.statement_mappings WHERE estate = %s AND fingerprint = ANY(%s)",
                (estate, list(prints)),
            ).fetchall()
        return {fingerprint: msgspec.convert(columns, Columns) for fingerprint, columns in found}

    def _found(self, id: UUID) -> _Upload | None:
        return next(iter(self._uploads("file = %s", (id,))), None)

    def _uploads(self, where: str, parameters: tuple[Any, ...], estates: Iterable[str] = ANY_ESTATE) -> list[_Upload]:
        with self._database.lend(estates) as conn:
            return [_Upload(*row) for row in conn.execute(f"{_SELECT} WHERE {where}".encode(), parameters).fetchall()]

    @contextmanager
    def _held(self, id: UUID) -> Iterator[tuple[psycopg.Connection[tuple[Any, ...]], _Upload]]:
        """An upload that nobody else starts, reads or discards meanwhile. Raises ``NotFound``."""
        with self._holding, self._database.lend_by_id() as conn:
            row = conn.execute(f"{_SELECT} WHERE file = %s FOR UPDATE".encode(), (id,)).fetchone()
            if row is None:
                raise NotFound
            yield conn, _Upload(*row)

    def _drop_abandoned(self) -> None:
        """Uploads that nobody started within a week are forgotten; so much personal data waits for nobody."""
        for upload in self._uploads("sealed IS NOT NULL AND uploaded_at < %s", (self._clock() - KEPT,)):
            if not self._log.versions([upload.id])[upload.id]:
                try:
                    self.discard(upload.id)
                except (NotFound, Refusal):  # somebody else was faster, or just started it
                    continue


def _bound(id: UUID) -> bytes:
    return f"statement|{id}".encode()
