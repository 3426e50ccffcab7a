"""Paper notebooks on their way into the log: looked at first, and taken over line by line once the head says go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import msgspec
import structlog

from domain.calendar import SHANGHAI, local_date
from domain.capacity import Capacity
from domain.cases import notebook_import as imports
from domain.cases.issue import ISSUE
from domain.cases.notebook_import import NOTEBOOK_IMPORT
from domain.estates.estate import ESTATE, estate_stream
from domain.recorded import Act
from domain.refusal import refuse_if
from services.cases import paper_notebook
from services.cases.import_plans import on_import
from services.cases.paper_notebook import NotebookLine, Reading, Rows
from services.commands.ask import Answer, Ask, by_itself
from services.commands.handle import Handler
from services.commands.sealed_uploads import ImportStage, Kind, SealedImports, Upload
from services.database.database import Database
from services.log.bulk_append import BulkAppend, Run
from services.log.event_log import Change, EventLog
from services.log.numbers import Numbers
from services.log.vault import Vault
from services.threads.one_by_one import OneByOne

log = structlog.get_logger()

NAMESPACE = UUID("4b1c0f35-0a3e-4d8e-9a0c-6d1de6c3a1f7")  # of imports: uuid5(NAMESPACE, estate and contents)
KIND = Kind("notebook", "notebook_imports", NAMESPACE)
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class NotebookImport:
    """One notebook of an estate. ``lines`` of them all, ``done`` of them in the log; 0 of 0 before it is begun."""

    id: UUID
    estate: str
    uploaded_at: datetime
    standing: ImportStage
    lines: int
    done: int
    completed_at: datetime | None


class NotebookImports:
    """``secret`` (32 bytes) keys what tells two notebooks apart; ``clock`` gives the time of recording."""

    def __init__(
        self, database: Database, vault: Vault, log: EventLog, handler: Handler, numbers: Numbers,
        secret: bytes, clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._log = log
        self._handler = handler
        self._numbers = numbers
        self._clock = clock
        self._bulk = BulkAppend(log, secret)
        self.kept = SealedImports(KIND, database, vault, secret, clock, self._is_begun, self._take_over)

    @property
    def at_work(self) -> OneByOne:
        """What is being worked at, for those who watch from outside."""
        return self.kept.background

    # -- what people do ------------------------------------------------------------------------------------------

    def upload(self, estate: str, file: bytes, person: UUID) -> UUID:
        """Keep a notebook, sealed; answers its import. Refuses what ``paper_notebook.rows_of`` refuses."""
        with self.kept.reading:
            rows = paper_notebook.rows_of(file)
        return self.kept.upload(estate, msgspec.json.encode(rows), person)

    def start(self, id: UUID, ask: Ask) -> Answer:
        """Begin to take over the lines, or go on with it. Refuses ``import_wrong_lines`` while a line is wrong."""
        with self.kept.held(id) as upload:
            lines = self._log.load(NOTEBOOK_IMPORT, id).state.lines
            if not lines:
                reading = self._read(upload)
                refuse_if(bool(reading.wrongs), "import_wrong_lines")
                lines = reading.good
            answer = self._handler.do(
                ask, on_import(id, upload.estate, imports.StartNotebookImport(upload.estate, lines))
            )
        if upload.sealed is not None:
            self.kept.background.begin(id)
        return answer

    def discard(self, id: UUID) -> None:
        """Forget a notebook of which nothing is in the log. Refuses ``import_begun``."""
        self.kept.discard(id)

    # -- what people see -----------------------------------------------------------------------------------------

    def one(self, id: UUID) -> NotebookImport:
        """How an import stands. Raises ``NotFound``."""
        return self._standing(self.kept.one(id))

    def of_estate(self, estate: str, limit: int = 20) -> list[NotebookImport]:
        """The newest imports of an estate, newest first."""
        uploads = self.kept.of_estate(estate, limit)
        return [self._standing(upload) for upload in uploads if self._log.readable(NOTEBOOK_IMPORT, upload.id)]

    def reading(self, id: UUID) -> Reading:
        """The lines as they will be noted, and what is wrong; nothing of either once they are in the log."""
        return self._read(self.kept.one(id))

    def issues(self, id: UUID, places: Sequence[int]) -> list[UUID]:
        """The issues that lines became, by their places among all lines, from 0."""
        return [_issue(id, place) for place in places]

    # -- in the background ---------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Take up what a crash or a restart cut short, and forget from now on what nobody starts."""
        self.kept.go_on("sealed IS NOT NULL", lambda upload: self._is_begun(upload.id))

    def until_idle(self) -> None:
        """Wait until all that was begun before has ended, well or badly."""
        self.kept.background.until_idle()

    def close(self) -> None:
        """End after the present chunk."""
        self.kept.close()

    def _is_begun(self, id: UUID) -> bool:
        return not self._log.stands({id: 0})

    def _take_over(self, upload: Upload) -> None:
        if upload.sealed is None:
            return
        id = upload.id
        started = self._log.history(id)[0]
        grounds = self._log.load(ESTATE, estate_stream(upload.estate)).state
        centre = grounds.centre
        assert centre is not None

        def plan(lines: Sequence[tuple[int, NotebookLine]]) -> list[Change]:
            now = self._clock().astimezone(SHANGHAI)
            changes = []
            for place, line in lines:
                act = Act(started.act.actor, started.act.acting_as, min(line.at, now), now)
                events = line.events(self._numbers.draw("IS", centre, local_date(now)), act)
                stream = _issue(id, place)
                changes.append(Change(stream, ISSUE.name, 0, events, act, upload.estate, stream, started.event_id))
            return changes

        lines = list(enumerate(self._read(upload).lines))
        self._bulk.append(Run(id, lines, plan), self.kept.background.go_on)
        ask = by_itself(upload.estate)
        self._handler.do(ask, on_import(id, upload.estate, imports.CompleteNotebookImport()))
        self.kept.taken_over(upload)
        log.info("notebook_import_done", stream=str(id), count=len(lines))

    def _standing(self, upload: Upload) -> NotebookImport:
        state = self._log.load(NOTEBOOK_IMPORT, upload.id).state
        done = self._bulk.done(upload.id) if state.estate is not None else 0
        if state.estate is None:
            standing = ImportStage.CHECKED
        elif state.completed_at is not None:
            standing = ImportStage.DONE
        else:
            standing = ImportStage.RUNNING if self.kept.background.is_under_way(upload.id) else ImportStage.STOPPED
        return NotebookImport(
            upload.id, upload.estate, upload.uploaded_at, standing, state.lines, done, state.completed_at
        )

    def _read(self, upload: Upload) -> Reading:
        grounds = self._log.load(ESTATE, estate_stream(upload.estate)).state
        now = self._clock().astimezone(SHANGHAI)
        with self.kept.reading:
            rows = self._rows(upload)
            return paper_notebook.read(rows, upload.estate, grounds, Act(_NOBODY, Capacity.STATION_HEAD, now, now))

    def _rows(self, upload: Upload) -> Rows:
        contents = self.kept.contents(upload)
        return [] if contents is None else msgspec.json.decode(contents, type=list[dict[str, str]])


def _issue(id: UUID, place: int) -> UUID:
    return uuid5(id, str(place))
