"""Registers of dwellings on their way into the log: looked at first, taken over once somebody says go, and taken back.

Taking back withdraws what nothing was built on since; a dwelling with bills, payments or another owner stays.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TypeVar
from uuid import UUID

import msgspec
import structlog

from domain.calendar import SHANGHAI, local_date
from domain.capacity import Capacity
from domain.erasure import ErasureGround
from domain.estates.estate import ESTATE, estate_stream
from domain.recorded import Act
from domain.refusal import Refusal, refuse_if
from domain.register import register_import as imports
from domain.register.dwelling import DWELLING, BeginOwnership, WithdrawDwelling
from domain.register.owner import OWNER, ForgetOwner, Owner
from domain.register.register_import import REGISTER_IMPORT
from projections.positions import ViewPositions
from projections.register import dwellings
from services.commands.ask import Answer, Ask, by_itself
from services.commands.findings import Findings
from services.commands.handle import Handler
from services.commands.plan import Attempt, Plan, Planned
from services.commands.sealed_uploads import ImportStage, Kind, SealedImports, Upload
from services.database.database import Database
from services.http.uploads import PREVIEWED
from services.log.bulk_append import BulkAppend, Run
from services.log.event_log import Change, EventLog, VersionConflict
from services.log.known_states import Loaded
from services.log.pseudonyms import Pseudonyms
from services.log.vault import Vault
from services.register import sheet as register_sheet
from services.register.many_streams import ManyStreams
from services.register.owned import owning
from services.register.sheet import Ground, Reading, RegisterLine
from services.sheets import reading as spreadsheet
from services.threads.one_by_one import OneByOne
from services.threads.try_later import TryLater

S = TypeVar("S")

log = structlog.get_logger()

KIND = Kind("register", "register_imports", UUID("0c4b3f3a-7a3f-4b53-9f4e-1d9f6a2d5f77"))
CHUNK = 500  # dwellings taken back at once
ATTEMPTS = 8
SHOWN_SECONDS = 60.0  # for the view to show the last line before anything is taken back
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class RegisterImport:
    """One sheet of an estate. ``lines`` of them all, ``done`` of them in the log; 0 of 0 before it is begun.

    ``withdrawn`` and ``kept`` count once it was taken back.
    """

    id: UUID
    estate: str
    uploaded_at: datetime
    standing: ImportStage
    lines: int
    done: int
    completed_at: datetime | None
    undone_at: datetime | None
    withdrawn: int
    kept: int


class RegisterImports:
    """``secret`` (32 bytes) keys what tells two files apart; ``clock`` gives the time of recording."""

    def __init__(
        self, database: Database, vault: Vault, log: EventLog, handler: Handler, pseudonyms: Pseudonyms,
        positions: ViewPositions, secret: bytes, clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._database = database
        self._vault = vault
        self._log = log
        self._handler = handler
        self._pseudonyms = pseudonyms
        self._positions = positions
        self._clock = clock
        self._bulk = BulkAppend(log, secret)
        self.kept = SealedImports(KIND, database, vault, secret, clock, self._is_begun, self._work)
        self._last: tuple[UUID, int, Reading] | None = None  # what was seen last: a large sheet takes seconds
        self._lock = Lock()

    @property
    def at_work(self) -> OneByOne:
        """What is being worked at, for those who watch from outside."""
        return self.kept.background

    # -- what people do ------------------------------------------------------------------------------------------

    def upload(self, estate: str, file: bytes, person: UUID) -> UUID:
        """Keep a sheet, sealed; answers its import.

        Refuses what ``spreadsheet.read_all`` and ``register_sheet.rows_of_book`` refuse.
        """
        with self.kept.reading:
            rows = register_sheet.rows_of_book(spreadsheet.read_all(file))
        return self.kept.upload(estate, msgspec.json.encode(rows), person, self._is_taken_back)

    def start(self, id: UUID, ask: Ask) -> Answer:
        """Begin to register the lines, or go on with it. Refuses ``import_wrong_lines`` while a line is wrong."""
        with self.kept.held(id) as upload:
            lines = self._log.load(REGISTER_IMPORT, id).state.lines
            if not lines:
                reading = self._read(upload)
                refuse_if(bool(reading.wrongs), "import_wrong_lines")
                lines = reading.good
            answer = self._do(ask, id, upload.estate, imports.StartRegisterImport(upload.estate, lines))
        if upload.sealed is not None:
            self.kept.background.begin(id)
        return answer

    def undo(self, id: UUID, ask: Ask) -> Answer:
        """Take back what was registered, as far as nothing was built on it. Refuses ``import_not_done``."""
        with self.kept.held(id) as upload:
            answer = self._do(ask, id, upload.estate, imports.UndoRegisterImport())
        self.kept.background.begin(id)
        return answer

    def discard(self, id: UUID) -> None:
        """Forget a sheet of which nothing is in the log. Refuses ``import_begun``."""
        self.kept.discard(id)
        self._forget(id)

    # -- what people see -----------------------------------------------------------------------------------------

    def one(self, id: UUID) -> RegisterImport:
        """How an import stands. Raises ``NotFound``."""
        return self._standing(self.kept.one(id))

    def of_estate(self, estate: str, limit: int = 20) -> list[RegisterImport]:
        """The newest imports of an estate, newest first."""
        uploads = self.kept.of_estate(estate, limit)
        return [self._standing(upload) for upload in uploads if self._log.readable(REGISTER_IMPORT, upload.id)]

    def reading(self, id: UUID) -> Reading:
        """The lines as they will be registered, and what is wrong; nothing of either once they are in the log."""
        return self._read(self.kept.one(id))

    def origin(self, id: UUID) -> UUID | None:
        """The event by which it began: the cause of all that it registered."""
        first = self._log.first(id)
        return first.event_id if first else None

    # -- in the background ---------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Take up what a crash or a restart cut short, and forget from now on what nobody starts."""
        self.kept.go_on("true", self._is_unfinished)

    def until_idle(self) -> None:
        """Wait until all that was begun before has ended, well or badly."""
        self.kept.background.until_idle()

    def close(self) -> None:
        """End after the present chunk."""
        self.kept.close()

    def _is_begun(self, id: UUID) -> bool:
        return not self._log.stands({id: 0})

    def _is_taken_back(self, id: UUID) -> bool:
        return self._log.load(REGISTER_IMPORT, id).state.undo_at is not None

    def _is_unfinished(self, upload: Upload) -> bool:
        known = self._log.readable(REGISTER_IMPORT, upload.id)
        if known is None:
            return False
        state = known.state
        begun = state.estate is not None and upload.sealed is not None
        return begun or (state.undo_at is not None and state.undone_at is None)

    def _work(self, upload: Upload) -> None:
        state = self._log.load(REGISTER_IMPORT, upload.id).state
        if state.undo_at is not None:
            if state.undone_at is None:
                self._take_back(upload, state.lines)
        elif upload.sealed is not None:
            self._take_over(upload)

    def _take_over(self, upload: Upload) -> None:
        id = upload.id
        started = self._log.history(id)[0]

        standing: dict[UUID, int] = {}

        def plan(lines: Sequence[RegisterLine]) -> list[Change]:
            now = self._clock().astimezone(SHANGHAI)
            act = Act(started.act.actor, started.act.acting_as, now, now)
            standing.clear()
            return list(self._registered(upload.estate, lines, act, started.event_id, standing))

        lines = self._read(upload, checked=True).lines
        self._bulk.append(Run(id, lines, plan, standing=lambda: standing), self.kept.background.go_on)
        self._do(by_itself(upload.estate), id, upload.estate, imports.CompleteRegisterImport())
        self.kept.taken_over(upload)
        self._forget(id)
        log.info("register_import_done", stream=str(id), count=len(lines))

    def _registered(
        self, estate: str, lines: Sequence[RegisterLine], act: Act, cause: UUID, standing: dict[UUID, int]
    ) -> Iterator[Change]:
        """What some lines change; ``standing`` learns on which owners it rests that came before.

        Nothing where somebody else registered the dwelling meanwhile, and no owner who was forgotten meanwhile.
        """
        new_owners = {line.owner for line in lines if line.first}
        all_new = self._log.stands({line.dwelling: 0 for line in lines})
        attempt = ManyStreams(self._handler.reach, estate, act, all_new=all_new)
        for line in lines:
            state, version = attempt.at(DWELLING, line.dwelling)
            if line.first and (all_new or self._log.stands({line.owner: 0})):
                owned = OWNER.consider(line.register_owner(estate), Owner(), act)
                yield Change(line.owner, OWNER.name, 0, owned, act, estate, line.owner, cause)
            if state.estate is not None and not state.withdrawn:
                continue
            registered = DWELLING.consider(line.register(estate), state, act)
            state = DWELLING.fold([(event, act) for event in registered], state)
            owner = Loaded(OWNER.initial, 0) if line.owner in new_owners else self._log.load(OWNER, line.owner)
            if line.owner not in new_owners:  # the chunk that brings it may be on its way: then it will be as it came
                standing[line.owner] = owner.version or 1
            owns = BeginOwnership(line.owner, line.since)
            began = [] if owner.state.forgotten else DWELLING.consider(owns, state, act)
            events = [*registered, *began]
            change = Change(line.dwelling, DWELLING.name, version, events, act, estate, line.dwelling, cause)
            for each in self._handler.completed(attempt, [change]):
                yield replace(each, causation=cause)

    def _take_back(self, upload: Upload, lines: int) -> None:
        """Chunk by chunk; what is withdrawn already is passed over, so it may be begun again at any moment."""
        history = self._log.history(upload.id)
        began = next(each for each in history if isinstance(each.event, imports.RegisterUndoBegan))
        if not self._positions.wait("dwellings", self._log.last_position(), SHOWN_SECONDS):
            raise TryLater
        with self._database.lend([upload.estate]) as conn:
            streams = dwellings.from_origin(conn, history[0].event_id)
        owners: set[UUID] = set()
        for at in range(0, len(streams), CHUNK):
            self.kept.background.go_on(at, len(streams))
            owners |= self._withdrawn(upload.estate, streams[at : at + CHUNK], began.act, began.event_id)
        self._forget_owners(upload.estate, owners, began.act, began.event_id)
        withdrawn = sum(self._log.load(DWELLING, stream).state.withdrawn for stream in streams)
        command = imports.CompleteRegisterUndo(withdrawn, lines - withdrawn)
        self._do(by_itself(upload.estate), upload.id, upload.estate, command)
        log.info("register_import_undone", stream=str(upload.id), count=withdrawn)

    def _withdrawn(self, estate: str, streams: Sequence[UUID], by: Act, cause: UUID) -> set[UUID]:
        """Withdraw what nothing was built on; answers the owners of what is withdrawn."""
        for turn in range(1, ATTEMPTS + 1):
            now = self._clock().astimezone(SHANGHAI)
            act, changes, owners = Act(by.actor, by.acting_as, now, now), list[Change](), set[UUID]()
            stood: dict[UUID, int] = {}
            for stream in streams:
                attempt = ManyStreams(self._handler.reach, estate, act)
                state, version = attempt.at(DWELLING, stream)
                if not state.withdrawn:
                    if len(state.ownerships) != 1 or state.services or state.vacancies:
                        continue
                    events = DWELLING.consider(WithdrawDwelling(), state, act)
                    change = Change(stream, DWELLING.name, version, events, act, estate, stream, cause)
                    try:
                        changes += self._handler.completed(attempt, [change])
                    except Refusal:  # something was built on it elsewhere
                        continue
                    stood |= attempt.seen
                owners.update(each.owner for each in state.ownerships)
            try:
                if changes:
                    self._log.append(changes, None, stood)
                return owners
            except VersionConflict:
                if turn == ATTEMPTS:
                    raise TryLater from None
        raise AssertionError("left by return or raise")

    def _forget_owners(self, estate: str, owners: set[UUID], by: Act, cause: UUID) -> None:
        """Whoever came with the import and owns nothing any more is forgotten: there is no purpose left."""
        if not self._positions.wait("dwellings", self._log.last_position(), SHOWN_SECONDS):
            raise TryLater
        everybody = sorted(owners)
        for at in range(0, len(everybody), CHUNK):
            self.kept.background.go_on(at, len(everybody))
            for owner in self._forgotten(estate, everybody[at : at + CHUNK], by, cause):
                self._vault.destroy(owner)

    def _forgotten(self, estate: str, owners: Sequence[UUID], by: Act, cause: UUID) -> Collection[UUID]:
        """Forget those who own nothing, as it stands at that very moment; answers them."""
        for turn in range(1, ATTEMPTS + 1):
            now = self._clock().astimezone(SHANGHAI)
            act, changes = Act(by.actor, by.acting_as, now, now), list[Change]()
            attempt = ManyStreams(self._handler.reach, estate, act)
            gone = set(owners) - owning(attempt, owners, estate)
            for owner in sorted(gone):
                state, version = attempt.at(OWNER, owner)
                if state.estate is None:
                    continue
                events = OWNER.consider(ForgetOwner(ErasureGround.PURPOSE_ACHIEVED), state, act)
                if events:
                    changes.append(Change(owner, OWNER.name, version, events, act, estate, owner, cause))
            try:
                if changes:
                    self._log.append(changes, None, attempt.seen)
                return gone
            except VersionConflict:
                if turn == ATTEMPTS:
                    raise TryLater from None
        raise AssertionError("left by return or raise")

    # -- what is kept --------------------------------------------------------------------------------------------

    def _do(self, ask: Ask, id: UUID, estate: str, command: imports.Command) -> Answer:
        return self._handler.do(ask, _on_import(id, estate, command))

    def _standing(self, upload: Upload) -> RegisterImport:
        state = self._log.load(REGISTER_IMPORT, upload.id).state
        at_work = self.kept.background.is_under_way(upload.id)
        if state.estate is None:
            standing = ImportStage.CHECKED
        elif state.undone_at is not None:
            standing = ImportStage.UNDONE
        elif state.undo_at is not None:
            standing = ImportStage.UNDOING if at_work else ImportStage.STOPPED
        elif state.completed_at is not None:
            standing = ImportStage.DONE
        else:
            standing = ImportStage.RUNNING if at_work else ImportStage.STOPPED
        done = self._bulk.done(upload.id) if state.estate is not None else 0
        return RegisterImport(
            upload.id, upload.estate, upload.uploaded_at, standing, state.lines, done, state.completed_at,
            state.undone_at, state.withdrawn, state.kept,
        )  # fmt: skip

    def _read(self, upload: Upload, *, checked: bool = False) -> Reading:
        """``checked``: once it was begun, what stands in the register may well be its own."""
        contents = self.kept.contents(upload)
        if contents is None:
            return Reading([], 0, Findings())
        with self.kept.reading:
            with self._database.lend([upload.estate]) as conn:
                registered = set() if checked else dwellings.registered(conn, upload.estate)
            with self._lock:  # what was looked at holds only the lines that are shown
                if not checked and self._last is not None and self._last[:2] == (upload.id, len(registered)):
                    return self._last[2]
            now = self._clock().astimezone(SHANGHAI)
            ground = Ground(
                estate=upload.estate,
                map=self._log.load(ESTATE, estate_stream(upload.estate)).state,
                registered=registered,
                pseudonyms=self._pseudonyms,
                run=upload.id,
                act=Act(_NOBODY, Capacity.ACCOUNTANT, now, now),
                uploaded_on=local_date(upload.uploaded_at),
            )
            rows = msgspec.json.decode(contents, type=list[dict[str, str]])
            reading = register_sheet.read(rows, ground, None if checked else PREVIEWED)
        if not checked:
            with self._lock:
                self._last = (upload.id, len(registered), reading)
        return reading

    def _forget(self, id: UUID) -> None:
        with self._lock:
            if self._last is not None and self._last[0] == id:
                self._last = None


def _on_import(stream: UUID, estate: str, command: imports.Command) -> Plan:
    """The beginning or the end of an import, or of taking it back."""

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(type(command), estate)
        loaded = attempt.at(REGISTER_IMPORT, stream)
        return attempt.decided(REGISTER_IMPORT, stream, loaded, command, correlation=stream, estate=estate)

    return Plan(make)
