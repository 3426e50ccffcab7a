"""Statement files on their way into the log: read, looked at, kept sealed until somebody says go, taken over meanwhile.

Files are taken over one by one, in chunks (``bulk_append``). What a crash cut short goes on at the next start; a line
that any file brought before is recognised and left out.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from threading import Semaphore
from uuid import UUID, uuid5

import msgspec
import structlog

from domain.calendar import SHANGHAI
from domain.money.evidence import Evidence
from domain.reconciliation.file import STATEMENT_FILE, CompleteStatement, StartStatement
from domain.reconciliation.line import STATEMENT_LINE, LineStage, Waiting
from domain.recorded import Act
from domain.refusal import Refusal, refuse_if, reject_if
from services.commands.ask import Answer, Ask, Caller, by_itself
from services.commands.handle import Handler
from services.commands.plan import Reach
from services.database.database import Database
from services.log.bulk_append import BulkAppend, Run
from services.log.event_log import Change, EventLog
from services.log.not_found import NotFound
from services.log.randomness import new_id
from services.log.vault import Vault
from services.reconciliation.desk_payments import DeskPayments
from services.reconciliation.formats import mapping, reading
from services.reconciliation.formats.entry import Entry, ProviderStatement
from services.reconciliation.formats.mapping import Mapping as Columns
from services.reconciliation.formats.matching import Match
from services.reconciliation.known import known_of
from services.reconciliation.line_marks import line_of
from services.reconciliation.paid_refunds import PaidRefunds
from services.reconciliation.plans import on_statement_file
from services.reconciliation.previews import PreviewedLine, StatementImport, StatementPreview, StatementStage, Table
from services.reconciliation.surroundings import around_of, firm
from services.reconciliation.taking import Taking
from services.reconciliation.twins import Twins, rows_around
from services.reconciliation.uploads import Kept, Upload, Uploads, kept_of
from services.threads.one_by_one import OneByOne
from services.threads.try_later import TryLater

log = structlog.get_logger()

NAMESPACE = UUID("0a4e7b8e-52cf-4d0e-a2f1-6b9b7d3c5e21")  # of files: uuid5(NAMESPACE, estate and contents)
KEPT = timedelta(days=7)  # an upload that nobody started
CHUNK = 500
SHOWN = 200  # lines of a look


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
        self._uploads = Uploads(database, vault)
        self._log = log
        self._handler = handler
        self._reach = reach
        self._secret = secret
        self._clock = clock
        self._shown = shown
        self._bulk = BulkAppend(log, secret)
        self._background = OneByOne("statements", self._take_over, "statement_stopped")
        self._reading = Semaphore(1)  # one file at a time: it takes a core, and memory

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
        while (there := self._uploads.one(id)) is not None:
            if there.sealed is not None:
                return id
            id, before = uuid5(id, "again"), id
        with self._reading:
            found = reading.understand(file, lambda prints: self._uploads.mappings(estate, prints))
            kept = kept_of(found)
            if before is not None and not (kept.statement and self._brings_more(estate, kept.statement)):
                return before
            key = new_id()
            sealed = self._uploads.sealed(id, key, kept)
        self._uploads.add(Upload(id, estate, self._clock(), key, sealed), person)
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
        """Say which column is what, also where it was read otherwise; files with this heading are read so from now on.

        ``head`` is the row of the heading, from 0; ``mapping.NO_HEADING`` where there is none, and nothing to remember.
        """
        with self._uploads.held(id) as (conn, upload):
            refuse_if(bool(self._log.versions([id])[id]), "statement_begun")
            kept = self._uploads.opened(upload)
            refuse_if(not kept.rows, "statement_read")
            statement = reading.of_rows(kept.rows, head, columns)
            if head >= 0:
                self._uploads.remember(conn, upload.estate, kept.rows[head], columns, person, self._clock())
            chosen = replace(
                kept, statement=statement, head=head, guess=msgspec.to_builtins(asdict(columns)), wrong=None
            )
            conn.execute(
                "UPDATE log.statement_files SET sealed = %s WHERE file = %s",
                (self._uploads.sealed(id, upload.key, chosen), id),
            )

    def table(self, id: UUID, head: int | None = None) -> Table | None:
        """The table of a bank with what its columns seem to be, under another heading if one is named."""
        upload = self._uploads.one(id)
        kept = Kept() if upload is None else self._uploads.opened(upload)
        if not kept.rows:
            return None
        if head is None or head == kept.head:
            return Table(kept.rows, kept.head, kept.guess, kept.wrong)
        reject_if(not mapping.NO_HEADING <= head < len(kept.rows), "mapping_column")
        return Table(kept.rows, head, mapping.guess_under(kept.rows, head), kept.wrong)

    def confirm(self, id: UUID, ask: Ask, *, accept_differences: bool = False) -> Answer:
        """Begin to take over the lines, or go on with it.

        Refuses ``statement_differs`` where sums that the file states are not those of its lines, until somebody says
        that they have seen it.
        """
        with self._uploads.held(id) as (_, upload):
            started = self._log.load(STATEMENT_FILE, id).state.started
            if started is None:
                statement = self._uploads.opened(upload).statement
                if statement is None:
                    raise Refusal("statement_unread")
                refuse_if(bool(statement.differences) and not accept_differences, "statement_differs")
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
        with self._uploads.held(id) as (conn, upload):
            refuse_if(bool(self._log.versions([id])[id]), "statement_begun")
            conn.execute("DELETE FROM log.statement_files WHERE file = %s", (id,))
        self._vault.destroy(upload.key)

    # -- what people see -----------------------------------------------------------------------------------------

    def one(self, id: UUID) -> StatementImport:
        """How a file stands. Raises ``NotFound``."""
        upload = self._uploads.one(id)
        if upload is None:
            raise NotFound
        return self._standing(upload)

    def of_estate(self, estate: str, limit: int = 20) -> list[StatementImport]:
        """The newest files of an estate, newest first."""
        found = self._uploads.those("estate = %s ORDER BY uploaded_at DESC LIMIT %s", (estate, limit), [estate])
        return [self._standing(upload) for upload in found if self._log.readable(STATEMENT_FILE, upload.id)]

    def preview(self, id: UUID, ask: Ask) -> StatementPreview | Table | None:
        """What a file would bring, or the table that nobody could read; ``None`` once it is in the log."""
        upload = self._uploads.one(id)
        if upload is None:
            raise NotFound
        with self._reading:
            kept = self._uploads.opened(upload)
            if kept.statement is None:
                return Table(kept.rows, kept.head, kept.guess, kept.wrong) if kept.rows else None
            return self._previewed(upload, kept.statement, ask)

    def _previewed(self, upload: Upload, statement: ProviderStatement, ask: Ask) -> StatementPreview:
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
        for upload in self._uploads.those("sealed IS NOT NULL", ()):
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
        upload = self._uploads.one(id)
        if upload is None or upload.sealed is None:
            return
        statement = self._uploads.opened(upload).statement
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
        self, upload: Upload, statement: ProviderStatement, ask: Ask, act: Act, causation: UUID | None = None
    ) -> Taking:
        ids = [line_of(self._reach.pseudonyms, entry) for entry in statement.entries]
        with self._database.lend(firm(self._database)) as conn:
            known = known_of(conn, upload.estate, around_of(conn, upload.estate))
            by_hand = DeskPayments(self._log, conn, upload.estate, statement.entries)
            refunds = PaidRefunds(conn, upload.estate, statement.entries)
            rows = rows_around(conn, statement.entries)
        twins = Twins(rows, self._reach.pseudonyms, known.book, upload.estate, statement.entries, ids)
        return Taking(self._reach, known, by_hand, refunds, twins, ask, act, upload.id, causation)

    # -- what is kept --------------------------------------------------------------------------------------------

    def _standing(self, upload: Upload) -> StatementImport:
        state = self._log.load(STATEMENT_FILE, upload.id).state
        if state.started is None:
            kept = self._uploads.opened(upload)
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

    def _drop_abandoned(self) -> None:
        """Uploads that nobody started within a week are forgotten; so much personal data waits for nobody."""
        for upload in self._uploads.those("sealed IS NOT NULL AND uploaded_at < %s", (self._clock() - KEPT,)):
            if not self._log.versions([upload.id])[upload.id]:
                try:
                    self.discard(upload.id)
                except (NotFound, Refusal):  # somebody else was faster, or just started it
                    continue
