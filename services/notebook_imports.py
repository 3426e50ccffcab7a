"""Paper notebooks on their way into the log: kept sealed until somebody says go, then taken over in the background.

One thread of the process takes over one notebook at a time, in chunks (``bulk_append``). What a crash cut short goes on
at the next start, or when the head presses go on; the same contents in the same estate are the same import for ever.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from threading import Event, Lock, Semaphore, Thread
from typing import Any
from uuid import UUID, uuid5

import msgspec
import psycopg
import structlog
from psycopg_pool import PoolTimeout

from domain import notebook_import as imports
from domain.calendar import SHANGHAI, local_date
from domain.capacity import Capacity
from domain.estate import ESTATE, estate_stream
from domain.issue import ISSUE
from domain.notebook_import import NOTEBOOK_IMPORT
from domain.recorded import Act
from domain.refusal import Refusal, refuse_if
from services import paper_notebook
from services.ask import Answer, Ask, Caller, NotFound
from services.bulk_append import BulkAppend, Run
from services.database import Database
from services.event_log import Change, EventLog, TryLater
from services.handle import Handler
from services.numbers import Numbers
from services.paper_notebook import Line, Reading, Rows
from services.plan import on_import
from services.randomness import new_id
from services.vault import Vault

log = structlog.get_logger()

NAMESPACE = UUID("4b1c0f35-0a3e-4d8e-9a0c-6d1de6c3a1f7")  # of imports: uuid5(NAMESPACE, estate and contents)
KEPT = timedelta(days=1)  # an upload that nobody started
LOOKS_SECONDS = 600.0  # between two looks for such
AGAIN_SECONDS = 2.0  # after the database was away
_NOBODY = UUID(int=0)
_SELECT = "SELECT import, estate, uploaded_at, key, sealed FROM log.notebook_imports"


class Standing(Enum):
    """How far an import is."""

    CHECKED = "CHECKED"  # uploaded and looked at; nothing is in the log
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"  # begun, and no thread of this process is at it
    DONE = "DONE"


@dataclass(frozen=True, slots=True)
class NotebookImport:
    """One notebook of an estate. ``lines`` of them all, ``done`` of them in the log; 0 of 0 before it is begun."""

    id: UUID
    estate: str
    uploaded_at: datetime
    standing: Standing
    lines: int
    done: int
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Upload:
    id: UUID
    estate: str
    uploaded_at: datetime
    key: UUID
    sealed: bytes | None


class _Closing(Exception):
    """The process ends; the import goes on at its next start."""


class NotebookImports:
    """``secret`` (32 bytes) keys what tells two notebooks apart; ``clock`` gives the time of recording."""

    def __init__(
        self, database: Database, vault: Vault, log: EventLog, handler: Handler, numbers: Numbers,
        secret: bytes, clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._database = database
        self._vault = vault
        self._log = log
        self._handler = handler
        self._numbers = numbers
        self._secret = secret
        self._clock = clock
        self._bulk = BulkAppend(log, secret)
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="notebook-import")
        self._under_way: set[UUID] = set()
        self._lock = Lock()
        self._reading = Semaphore(1)  # one file at a time: reading one takes a good part of a core for a second
        self._holding = Lock()  # one upload at a time: whoever holds one keeps a connection and needs others besides
        self._closing = Event()
        self._keeper = Thread(target=self._keep_house, name="notebook-imports-keeper", daemon=True)

    # -- what people do ------------------------------------------------------------------------------------------

    def upload(self, estate: str, file: bytes, person: UUID) -> UUID:
        """Keep a notebook, sealed; answers its import. Refuses what ``paper_notebook.rows_of`` refuses."""
        self._drop_abandoned()
        with self._reading:
            rows = paper_notebook.rows_of(file)
        contents = msgspec.json.encode(rows)
        same = hmac.new(self._secret, estate.encode() + b"\n" + contents, hashlib.sha256).hexdigest()
        id, key = uuid5(NAMESPACE, same), new_id()
        if self._found(id) is None:
            sealer = self._vault.sealer(key)
            assert sealer is not None  # a new id has a new key
            with self._database.app.connection() as conn:
                conn.execute(
                    "INSERT INTO log.notebook_imports (import, estate, uploaded_by, key, sealed)"
                    " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                    (id, estate, person, key, sealer.seal(contents, _bound(id))),
                )
        return id

    def start(self, id: UUID, ask: Ask) -> Answer:
        """Begin to take over the lines, or go on with it. Refuses ``import_wrong_lines`` while a line is wrong."""
        with self._held(id) as upload:
            lines = self._log.load(NOTEBOOK_IMPORT, id).state.lines
            if not lines:
                reading = self._read(upload)
                refuse_if(bool(reading.wrongs), "import_wrong_lines")
                lines = len(reading.lines)
            answer = self._handler.do(
                ask, on_import(id, upload.estate, imports.StartNotebookImport(upload.estate, lines))
            )
        if upload.sealed is not None:
            self._begin(id)
        return answer

    def discard(self, id: UUID) -> None:
        """Forget a notebook of which nothing is in the log. Refuses ``import_begun``."""
        with self._held(id, "DELETE FROM log.notebook_imports WHERE import = %s") as upload:
            refuse_if(not self._log.stands({id: 0}), "import_begun")
        self._vault.destroy(upload.key)

    # -- what people see -----------------------------------------------------------------------------------------

    def one(self, id: UUID) -> NotebookImport:
        """How an import stands. Raises ``NotFound``."""
        upload = self._found(id)
        if upload is None:
            raise NotFound
        return self._standing(upload)

    def of_estate(self, estate: str, limit: int = 20) -> list[NotebookImport]:
        """The newest imports of an estate, newest first."""
        found = self._uploads("estate = %s ORDER BY uploaded_at DESC LIMIT %s", (estate, limit))
        return [self._standing(upload) for upload in found]

    def reading(self, id: UUID) -> Reading:
        """The lines as they will be noted, and what is wrong; nothing of either once they are in the log."""
        upload = self._found(id)
        if upload is None:
            raise NotFound
        return self._read(upload)

    def issues(self, id: UUID, places: Sequence[int]) -> list[UUID]:
        """The issues that lines became, by their places among all lines, from 0."""
        return [_issue(id, place) for place in places]

    # -- in the background ---------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Take up what a crash or a restart cut short, and forget from now on what nobody starts."""
        self._drop_abandoned()
        if not self._keeper.is_alive() and not self._closing.is_set():
            self._keeper.start()
        for upload in self._uploads("sealed IS NOT NULL", ()):
            if self._log.load(NOTEBOOK_IMPORT, upload.id).version:
                self._begin(upload.id)

    def until_idle(self) -> None:
        """Wait until all that was begun before has ended, well or badly."""
        self._threads.submit(int).result()

    def close(self) -> None:
        """End after the present chunk."""
        self._closing.set()
        if self._keeper.is_alive():
            self._keeper.join()
        self._threads.shutdown(cancel_futures=True)

    def _keep_house(self) -> None:
        while not self._closing.wait(LOOKS_SECONDS):
            try:
                self._drop_abandoned()
            except Exception as broken:  # the next look tries again
                log.warning("notebook_imports_not_forgotten", exc_info=broken)

    def _begin(self, id: UUID) -> None:
        with self._lock:
            if id in self._under_way:
                return
            self._under_way.add(id)
        try:
            self._threads.submit(self._taken_over, id)
        except RuntimeError:  # closed
            self._under_way.discard(id)

    def _taken_over(self, id: UUID) -> None:
        try:
            while not self._closing.is_set():
                try:
                    self._take_over(id)
                    return
                except (TryLater, PoolTimeout, psycopg.OperationalError):
                    self._closing.wait(AGAIN_SECONDS)
        except _Closing:
            pass
        except Exception as broken:  # the page says that it stopped; pressing go on tries again
            log.error("notebook_import_stopped", stream=str(id), exc_info=broken)
        finally:
            with self._lock:
                self._under_way.discard(id)

    def _take_over(self, id: UUID) -> None:
        upload = self._found(id)
        if upload is None or upload.sealed is None:
            return
        started = self._log.history(id)[0]
        register = self._log.load(ESTATE, estate_stream(upload.estate)).state
        centre = register.centre
        assert centre is not None

        def plan(lines: Sequence[tuple[int, Line]]) -> list[Change]:
            now = self._clock().astimezone(SHANGHAI)
            changes = []
            for place, line in lines:
                act = Act(started.act.actor, started.act.acting_as, min(line.at, now), now)
                events = line.events(self._numbers.draw("IS", centre, local_date(now)), act)
                stream = _issue(id, place)
                changes.append(Change(stream, ISSUE.name, 0, events, act, upload.estate, stream, started.event_id))
            return changes

        def progress(done: int, total: int) -> None:
            if self._closing.is_set():
                raise _Closing

        lines = list(enumerate(self._read(upload).lines))
        self._bulk.append(Run(id, lines, plan), progress)
        ask = Ask(Caller(_NOBODY, Capacity.SYSTEM, frozenset({upload.estate})))
        self._handler.do(ask, on_import(id, upload.estate, imports.CompleteNotebookImport()))
        self._vault.destroy(upload.key)  # after the event: a crash in between is mended at the next start
        with self._database.app.connection() as conn:
            conn.execute("UPDATE log.notebook_imports SET sealed = NULL WHERE import = %s", (id,))
        log.info("notebook_import_done", stream=str(id), count=len(lines))

    # -- what is kept --------------------------------------------------------------------------------------------

    def _standing(self, upload: _Upload) -> NotebookImport:
        state = self._log.load(NOTEBOOK_IMPORT, upload.id).state
        done = self._bulk.done(upload.id) if state.estate is not None else 0
        if state.estate is None:
            standing = Standing.CHECKED
        elif state.completed_at is not None:
            standing = Standing.DONE
        else:
            standing = Standing.RUNNING if upload.id in self._under_way else Standing.STOPPED
        return NotebookImport(
            upload.id, upload.estate, upload.uploaded_at, standing, state.lines, done, state.completed_at
        )

    def _read(self, upload: _Upload) -> Reading:
        register = self._log.load(ESTATE, estate_stream(upload.estate)).state
        now = self._clock().astimezone(SHANGHAI)
        with self._reading:
            rows = self._rows(upload)
            return paper_notebook.read(rows, upload.estate, register, Act(_NOBODY, Capacity.STATION_HEAD, now, now))

    def _rows(self, upload: _Upload) -> Rows:
        opener = self._vault.openers({upload.key}).get(upload.key)
        if upload.sealed is None or opener is None:
            return []
        return msgspec.json.decode(opener.open(upload.sealed, _bound(upload.id)), type=list[dict[str, str]])

    def _found(self, id: UUID) -> _Upload | None:
        return next(iter(self._uploads("import = %s", (id,))), None)

    def _uploads(self, where: str, parameters: tuple[Any, ...]) -> list[_Upload]:
        with self._database.app.connection() as conn:
            return [_Upload(*row) for row in conn.execute(f"{_SELECT} WHERE {where}".encode(), parameters).fetchall()]

    @contextmanager
    def _held(self, id: UUID, finally_do: str = "") -> Iterator[_Upload]:
        """An upload that nobody else starts or discards meanwhile. Raises ``NotFound``."""
        with self._holding, self._database.app.connection() as conn, conn.transaction():
            row = conn.execute(f"{_SELECT} WHERE import = %s FOR UPDATE".encode(), (id,)).fetchone()
            if row is None:
                raise NotFound
            yield _Upload(*row)
            if finally_do:
                conn.execute(finally_do.encode(), (id,))

    def _drop_abandoned(self) -> None:
        """Uploads that nobody started within a day are forgotten; so much personal data waits for nobody."""
        for upload in self._uploads("sealed IS NOT NULL AND uploaded_at < %s", (self._clock() - KEPT,)):
            if not self._log.load(NOTEBOOK_IMPORT, upload.id).version:
                try:
                    self.discard(upload.id)
                except (NotFound, Refusal):  # somebody else was faster, or just started it
                    continue


def _bound(id: UUID) -> bytes:
    return f"notebook|{id}".encode()


def _issue(id: UUID, place: int) -> UUID:
    return uuid5(id, str(place))
