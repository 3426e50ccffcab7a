"""What people upload to have it taken over: kept sealed until somebody says go, then worked through in the background.

They are worked at one by one. What a crash cut short goes on at the next start, or when somebody presses go on; the
same contents in the same estate are the same import for ever.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from threading import Lock, Semaphore, Thread
from typing import Any
from uuid import UUID, uuid5

import structlog
from psycopg.sql import SQL, Identifier

from domain.refusal import Refusal, refuse_if
from services.database.database import ANY_ESTATE, Database
from services.log.not_found import NotFound
from services.log.randomness import new_id
from services.log.vault import Vault
from services.threads.one_by_one import OneByOne

log = structlog.get_logger()

KEPT = timedelta(days=1)  # an upload that nobody started
LOOKS_SECONDS = 600.0  # between two looks for such


class ImportStage(Enum):
    """How far an import is."""

    CHECKED = "CHECKED"  # uploaded and looked at; nothing is in the log
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"  # begun, and no thread of this process is at it
    DONE = "DONE"
    UNDOING = "UNDOING"  # being taken back
    UNDONE = "UNDONE"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of import: its ``name`` in log lines, its table of schema ``log``, the namespace of its ids."""

    name: str
    table: str
    namespace: UUID


@dataclass(frozen=True, slots=True)
class Upload:
    """``sealed`` is ``None`` once all of it is in the log."""

    id: UUID
    estate: str
    uploaded_at: datetime
    key: UUID
    sealed: bytes | None


class SealedImports:
    """``begun`` says whether something of an import is in the log, ``work`` does what is left to do of it."""

    def __init__(
        self, kind: Kind, database: Database, vault: Vault, secret: bytes, clock: Callable[[], datetime],
        begun: Callable[[UUID], bool], work: Callable[[Upload], None],
    ) -> None:  # fmt: skip
        self._kind = kind
        self._database = database
        self._vault = vault
        self._secret = secret
        self._clock = clock
        self._begun = begun
        self._work = work
        self.background = OneByOne(f"{kind.name}-import", self._worked, f"{kind.name}_import_stopped")
        self.reading = Semaphore(1)  # one file at a time: reading one takes a good part of a core for a second
        self._holding = Lock()  # one upload at a time: whoever holds one keeps a connection and needs others besides
        self._keeper = Thread(target=self._forget_unstarted, name=f"{kind.name}-imports-keeper", daemon=True)

    # -- what is kept --------------------------------------------------------------------------------------------

    def upload(
        self, estate: str, contents: bytes, person: UUID, taken_back: Callable[[UUID], bool] = lambda id: False
    ) -> UUID:
        """Keep contents, sealed; answers their import. One that was taken back is another one from then on."""
        self.drop_abandoned()
        same = hmac.new(self._secret, estate.encode() + b"\n" + contents, hashlib.sha256).hexdigest()
        id = uuid5(self._kind.namespace, same)
        while taken_back(id):
            id = uuid5(id, "again")
        if self.find(id) is None:
            key = new_id()
            sealer = self._vault.sealer(key)
            assert sealer is not None  # a new id has a new key
            with self._database.lend([estate]) as conn:
                conn.execute(
                    self._said("INSERT INTO {} (import, estate, uploaded_by, uploaded_at, key, sealed)"
                               " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"),
                    (id, estate, person, self._clock(), key, sealer.seal(contents, self._bound(id))),
                )  # fmt: skip
        return id

    def find(self, id: UUID) -> Upload | None:
        return next(iter(self.uploads("import = %s", (id,))), None)

    def one(self, id: UUID) -> Upload:
        """Raises ``NotFound``."""
        upload = self.find(id)
        if upload is None:
            raise NotFound
        return upload

    def of_estate(self, estate: str, limit: int) -> list[Upload]:
        """The newest, newest first."""
        return self.uploads("estate = %s ORDER BY uploaded_at DESC LIMIT %s", (estate, limit), [estate])

    def contents(self, upload: Upload) -> bytes | None:
        """What was uploaded; ``None`` once it was taken over."""
        opener = self._vault.openers({upload.key}).get(upload.key)
        if upload.sealed is None or opener is None:
            return None
        return opener.open(upload.sealed, self._bound(upload.id))

    @contextmanager
    def held(self, id: UUID, finally_do: str = "") -> Iterator[Upload]:
        """An upload that nobody else starts or discards meanwhile. Raises ``NotFound``."""
        with self._holding, self._database.lend_by_id() as conn:
            row = conn.execute(self._said(f"{_SELECT} WHERE import = %s FOR UPDATE"), (id,)).fetchone()
            if row is None:
                raise NotFound
            yield Upload(*row)
            if finally_do:
                conn.execute(self._said(finally_do), (id,))

    def discard(self, id: UUID) -> None:
        """Forget an upload of which nothing is in the log. Refuses ``import_begun``."""
        with self.held(id, "DELETE FROM {} WHERE import = %s") as upload:
            refuse_if(self._begun(id), "import_begun")
        self._vault.destroy(upload.key)

    def taken_over(self, upload: Upload) -> None:
        """All of it is in the log: the contents are forgotten."""
        self._vault.destroy(upload.key)  # after the event: a crash in between is mended at the next start
        with self._database.lend([upload.estate]) as conn:
            conn.execute(self._said("UPDATE {} SET sealed = NULL WHERE import = %s"), (upload.id,))

    def uploads(self, where: str, parameters: tuple[Any, ...], estates: Iterable[str] = ANY_ESTATE) -> list[Upload]:
        with self._database.lend(estates) as conn:
            return [Upload(*row) for row in conn.execute(self._said(f"{_SELECT} WHERE {where}"), parameters).fetchall()]

    def drop_abandoned(self) -> None:
        """Uploads that nobody started within a day are forgotten; so much personal data waits for nobody."""
        for upload in self.uploads("sealed IS NOT NULL AND uploaded_at < %s", (self._clock() - KEPT,)):
            if not self._begun(upload.id):
                try:
                    self.discard(upload.id)
                except (NotFound, Refusal):  # somebody else was faster, or just started it
                    continue

    def _said(self, statement: str) -> Any:
        return SQL(statement).format(Identifier("log", self._kind.table))

    def _bound(self, id: UUID) -> bytes:
        return f"{self._kind.name}|{id}".encode()

    # -- in the background ---------------------------------------------------------------------------------------

    def go_on(self, where: str, unfinished: Callable[[Upload], bool]) -> None:
        """Take up what a crash or a restart cut short, and forget from now on what nobody starts."""
        self.drop_abandoned()
        if not self._keeper.is_alive() and not self.background.closing.is_set():
            self._keeper.start()
        for upload in self.uploads(where, ()):
            if unfinished(upload):
                self.background.begin(upload.id)

    def close(self) -> None:
        """End after the present chunk."""
        self.background.close()
        if self._keeper.is_alive():
            self._keeper.join()

    def _forget_unstarted(self) -> None:
        while not self.background.closing.wait(LOOKS_SECONDS):
            try:
                self.drop_abandoned()
            except Exception as broken:  # the next look tries again
                log.warning(f"{self._kind.name}_imports_not_forgotten", exc_info=broken)

    def _worked(self, id: UUID) -> None:
        upload = self.find(id)
        if upload is not None:
            self._work(upload)


_SELECT = "SELECT import, estate, uploaded_at, key, sealed FROM {}"
