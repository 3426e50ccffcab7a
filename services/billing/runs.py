"""Bill runs: reckoned and kept as previewed, issued in the background in chunks, gone on with after a crash.

What a run issues are the very lines of its preview. An account that was billed for the same days meanwhile is left out,
so two runs at once, or one begun twice, double nothing. So is a dwelling that left the register meanwhile, and whoever
turned out not to have owned it, or was forgotten: each chunk rests on the dwellings as they stand when it is appended.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

import msgspec
import structlog

from domain.billing.bill_run import BILL_RUN, MOST_AHEAD, BillRun, CompleteBillRun, DiscardBillRun
from domain.billing.reckoning import Before, Difference, Missing, ReckonedLine, differences, reckoned
from domain.books.books import BOOKS, books_stream
from domain.calendar import SHANGHAI, local_date
from domain.contracts.fee_basis import FEE_BASIS, fee_basis_stream
from domain.fees.fee_account import FEE_ACCOUNT, DrawPrepayment, fee_account_stream
from domain.money.formula import months_between
from domain.money.items import FeeItem
from domain.months import months_later
from domain.recorded import Act
from domain.refusal import AlreadyDone, Refusal, refuse_if, reject_if
from projections.fees import bills
from projections.fees.bills import BILLS
from projections.positions import ViewPositions
from projections.register import dwellings
from projections.register.dwellings import DWELLINGS
from services.billing.bearing import bearing
from services.billing.run_plans import confirming, on_run, preparing
from services.commands.ask import Answer, Ask, Forbidden, KeyReused, by_itself
from services.commands.handle import Handler
from services.database.database import Database
from services.log.bulk_append import BulkAppend, Run
from services.log.event_log import Change, EventLog
from services.log.not_found import NotFound
from services.log.randomness import new_id
from services.threads.one_by_one import AGAIN_SECONDS, OneByOne
from services.threads.try_later import TryLater

log = structlog.get_logger()

VIEW_SECONDS = 10.0  # how long a preview waits for the views it reckons from
MOST_TOLD = 200  # differences and obstacles of a preview that are told one by one
KEPT_PREVIEWS = 50  # so that looking how far a run is reads no 100,000 lines


class RunStanding(Enum):
    """How far a run is."""

    PREPARED = "PREPARED"
    RUNNING = "RUNNING"
    STOPPED = "STOPPED"  # confirmed, and no thread of this process is at it
    DONE = "DONE"
    DISCARDED = "DISCARDED"


@dataclass(frozen=True, slots=True)
class ItemSum:
    """How many lines there are of an item, and what they come to in fen."""

    item: FeeItem
    lines: int
    total: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run is to issue, what stands in the way of more, and where it differs from the period before.

    ``missing`` and ``differences`` are the first of ``obstacles`` and ``different``; ``compared``: there was one.
    """

    items: Sequence[ItemSum]
    missing: Sequence[Missing]
    obstacles: int
    differences: Sequence[Difference]
    different: int
    compared: bool


@dataclass(frozen=True, slots=True)
class RunNow:
    """A run as it stands: ``done`` of ``lines`` are looked after; ``issued`` once all of them are."""

    id: UUID
    estate: str
    number: str
    since: date
    until: date
    standing: RunStanding
    lines: int
    total: int
    done: int
    issued: int | None
    prepared_at: datetime
    completed_at: datetime | None


class _Kept(msgspec.Struct, array_like=True):
    """A preview as it is kept."""

    lines: list[ReckonedLine]
    missing: list[Missing]
    differences: list[Difference]
    compared: bool = True


class BillRuns:
    """``secret`` (32 bytes) keys fingerprints; ``clock`` gives the time of recording."""

    def __init__(
        self,
        database: Database,
        log: EventLog,
        handler: Handler,
        positions: ViewPositions,
        secret: bytes,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._log = log
        self._handler = handler
        self._positions = positions
        self._clock = clock
        self._bulk = BulkAppend(log, secret)
        self._previews = lru_cache(KEPT_PREVIEWS)(lambda run: _preview(self._kept(run)))
        self._background = OneByOne("bill-run", self._issue, "bill_run_stopped")

    @property
    def at_work(self) -> OneByOne:
        """What is being worked at, for those who watch from outside."""
        return self._background

    # -- what people do ------------------------------------------------------------------------------------------

    def prepare(self, estate: str, since: date, until: date, ask: Ask) -> Answer:
        """Reckon a period and keep what it would issue.

        Refuses ``run_too_far``, and ``no_bills_here`` where nothing is charged.
        """
        now = self._clock()
        today = local_date(now)
        reject_if(until > months_later(today.replace(day=1), MOST_AHEAD + 1), "run_too_far", most=MOST_AHEAD)
        last = self._log.last_position()
        for view in (DWELLINGS, BILLS):
            if not self._positions.wait(view.name, last, VIEW_SECONDS):
                raise TryLater
        basis = self._log.load(FEE_BASIS, fee_basis_stream(estate))
        spans = basis.state.spans(since, until, today)
        refuse_if(not spans, "no_bills_here", mode=basis.state.mode_on(since))
        with self._database.lend(frozenset({estate})) as conn:
            rows = dwellings.of_estate(conn, estate)
            billed = bills.billed(conn, estate, since, until)
            reckoning = reckoned(((row.dwelling, row.state) for row in rows), spans, billed)
            past = self._period_before(conn, estate, since)
            before = bills.of_period(conn, estate, *past) if past else []
            position = _register_position(conn, estate)
        changed: list[Difference] = []
        if past:  # there is nothing to compare a first run with
            was = [Before(row.dwelling, row.item, row.payer, row.amount, row.basis) for row in before]
            changed = differences(reckoning.lines, was, months_between(since, until), months_between(*past), billed)
        preview = _Kept(list(reckoning.lines), list(reckoning.missing), changed, past is not None)
        stream = new_id()
        with self._database.lend([estate]) as conn:  # before the event: no run is without its lines
            conn.execute(
                "INSERT INTO log.bill_runs (run, estate, prepared_at, basis_version, register_position, reckoned)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (stream, estate, now, basis.version, position, zlib.compress(msgspec.msgpack.encode(preview), 1)),
            )
        try:
            answer = self._handler.do(ask, preparing(stream, estate, since, until, reckoning))
        except (Refusal, Forbidden, NotFound, KeyReused):
            self._forget(stream)
            raise
        if answer.stream != stream:  # asked before under the same key, and answered with that run
            self._forget(stream)
        return answer

    def confirm(self, run: UUID, ask: Ask) -> Answer:
        """Issue what was previewed, or go on with what has stopped. Refuses ``preview_outdated``, ``run_confirmed``."""
        loaded = self._log.load(BILL_RUN, run)
        state = loaded.state
        basis = None if state.estate is None else self._basis_of_current(run, state.estate)
        try:
            answer = self._handler.do(ask, confirming(run, basis))
        except AlreadyDone:
            if state.estate is None or self._now(run, state).standing is not RunStanding.STOPPED:
                raise
            answer = Answer(run, loaded.version)
        self._begin(run)
        return answer

    def discard(self, run: UUID, ask: Ask) -> Answer:
        """Forget a preview."""
        answer = self._handler.do(ask, on_run(run, DiscardBillRun()))
        self._forget(run)
        return answer

    # -- what people see -----------------------------------------------------------------------------------------

    def one(self, run: UUID) -> RunNow:
        """How a run stands. Raises ``NotFound``."""
        state = self._log.load(BILL_RUN, run).state
        if state.estate is None:
            raise NotFound
        return self._now(run, state)

    def of_estate(self, estate: str, limit: int = 20) -> list[RunNow]:
        """The newest runs of an estate, newest first."""
        with self._database.lend([estate]) as conn:
            found = conn.execute(
                "SELECT run FROM log.bill_runs WHERE estate = %s ORDER BY prepared_at DESC LIMIT %s", (estate, limit)
            ).fetchall()
        known = [(run, self._log.readable(BILL_RUN, run)) for (run,) in found]
        return [self._now(run, each.state) for run, each in known if each and each.state.estate is not None]

    def preview(self, run: UUID) -> Preview:
        """What a run is to issue, or has issued. Raises ``NotFound`` for one that was discarded."""
        return self._previews(run)

    def lines(self, run: UUID, limit: int, offset: int = 0) -> Sequence[ReckonedLine]:
        """Some lines of a preview, in the order in which they are issued."""
        return self._kept(run).lines[offset : offset + limit]

    # -- in the background ---------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Take up what a crash or a restart cut short."""
        with self._database.lend_by_id() as conn:
            found = conn.execute("SELECT run FROM log.bill_runs").fetchall()
        for (run,) in found:
            known = self._log.readable(BILL_RUN, run)
            if known and known.state.confirmed is not None and known.state.completed_at is None:
                self._begin(run)

    def until_idle(self) -> None:
        """Wait until all that was begun before has ended, well or badly."""
        self._background.until_idle()

    def close(self) -> None:
        """End after the present chunk."""
        self._background.close()

    def _begin(self, run: UUID) -> None:
        if self._log.load(BILL_RUN, run).state.completed_at is None:
            self._background.begin(run)

    def _issue(self, run: UUID) -> None:
        state = self._log.load(BILL_RUN, run).state
        confirmed, estate = state.confirmed, state.estate
        assert confirmed is not None and estate is not None
        cause = self._log.newest(run)
        books, issued = books_stream(estate), 0
        order = self._log.load(FEE_BASIS, fee_basis_stream(estate)).state.order_on(local_date(self._clock()))
        seen: dict[UUID, int] = {}

        def plan(some: Sequence[tuple[int, ReckonedLine]]) -> list[Change]:
            now = self._clock().astimezone(SHANGHAI)  # a run over midnight dates nothing in a month that has closed
            act = Act(confirmed.actor, confirmed.acting_as, now, now)
            seen.clear()
            can_bear = bearing(self._log, [line for _, line in some], seen)
            seen[books] = self._log.remembered(BOOKS, books).version
            streams = {line.dwelling: fee_account_stream(line.dwelling) for _, line in some}
            accounts, unreadable = self._log.readable_of(FEE_ACCOUNT, list(streams.values()), keep=False)
            for stream, why in unreadable.items():  # its bills are issued by the next run once it can be read
                log.error("account_unreadable", stream=str(stream), position=why.position)
            events: dict[UUID, list[Any]] = {}
            begins = {stream: loaded.version for stream, loaded in accounts.items()}
            states = {stream: loaded.state for stream, loaded in accounts.items()}
            for place, line in some:
                if not can_bear(line):
                    continue
                stream = streams[line.dwelling]
                if stream in unreadable:
                    continue
                command = line.issue(uuid5(run, str(place)), f"{state.number}-{place:06d}", run)
                try:
                    new = FEE_ACCOUNT.decide(command, states[stream], act)
                except Refusal as refusal:
                    if refusal.code != "already_billed":
                        raise
                    continue
                states[stream] = FEE_ACCOUNT.fold([(event, act) for event in new], states[stream])
                events.setdefault(stream, []).extend(new)
            for stream in events:  # what is billed late is due already, and paid with what is held
                draws = FEE_ACCOUNT.decide(DrawPrepayment(local_date(now), order), states[stream], act)
                events[stream].extend(draws)
            causation = cause.event_id if cause else None
            return [
                Change(stream, FEE_ACCOUNT.name, begins[stream], new_events, act, estate, stream, causation)
                for stream, new_events in events.items()
            ]

        lines = list(enumerate(self._kept(run).lines, 1))
        position = self._bulk.append(Run(run, lines, plan, standing=lambda: seen), self._background.go_on)
        while not self._positions.wait(BILLS.name, position, AGAIN_SECONDS):  # only then can they be counted
            self._background.go_on()
        with self._database.lend(frozenset({estate})) as conn:
            issued = bills.count_of_run(conn, run)
        ask = by_itself(estate)
        self._handler.do(ask, on_run(run, CompleteBillRun(issued)))
        log.info("bill_run_done", stream=str(run), count=issued)

    # -- what is kept --------------------------------------------------------------------------------------------

    def _now(self, run: UUID, state: BillRun) -> RunNow:
        assert state.estate is not None and state.prepared_at is not None
        if state.discarded:
            standing = RunStanding.DISCARDED
        elif state.confirmed is None:
            standing = RunStanding.PREPARED
        elif state.completed_at is not None:
            standing = RunStanding.DONE
        else:
            standing = RunStanding.RUNNING if self._background.is_under_way(run) else RunStanding.STOPPED
        done = self._bulk.done(run) if state.confirmed is not None else 0
        return RunNow(
            run, state.estate, state.number, state.since, state.until, standing, state.lines, state.total,
            done, state.issued, state.prepared_at, state.completed_at,
        )  # fmt: skip

    def _kept(self, run: UUID) -> _Kept:
        with self._database.lend_by_id() as conn:
            row = conn.execute("SELECT reckoned FROM log.bill_runs WHERE run = %s", (run,)).fetchone()
        if row is None:
            raise NotFound
        return msgspec.msgpack.decode(zlib.decompress(row[0]), type=_Kept)

    def _forget(self, run: UUID) -> None:
        with self._database.lend_by_id() as conn:
            conn.execute("DELETE FROM log.bill_runs WHERE run = %s", (run,))
        self._previews.cache_clear()

    def _basis_of_current(self, run: UUID, estate: str) -> int | None:
        """The version of contract and prices that the preview rests on, where its register is still what it is."""
        self._positions.wait(DWELLINGS.name, self._log.last_position(), VIEW_SECONDS)
        with self._database.lend([estate]) as conn:
            row = conn.execute(
                "SELECT basis_version, register_position FROM log.bill_runs WHERE run = %s", (run,)
            ).fetchone()
        if row is None:
            return None
        with self._database.lend(frozenset({estate})) as conn:
            position = _register_position(conn, estate)
        return int(row[0]) if position == row[1] else None

    def _period_before(self, conn: Any, estate: str, day: date) -> tuple[date, date] | None:
        """The period of the newest run that ended by that day; where there was none, that of the newest bills."""
        ran = [each for each in self.of_estate(estate, 50) if each.issued and each.until <= day]
        if ran:
            newest = max(ran, key=lambda each: (each.until, each.lines))
            return newest.since, newest.until
        return bills.period_before(conn, estate, day)


def _preview(kept: _Kept) -> Preview:
    sums: dict[FeeItem, list[int]] = {}
    for line in kept.lines:
        sums.setdefault(line.item, []).append(line.amount)
    return Preview(
        items=[ItemSum(item, len(amounts), sum(amounts)) for item, amounts in sums.items()],
        missing=kept.missing[:MOST_TOLD],
        obstacles=len(kept.missing),
        differences=kept.differences[:MOST_TOLD],
        different=len(kept.differences),
        compared=kept.compared,
    )


def _register_position(conn: Any, estate: str) -> int:
    row = conn.execute("SELECT coalesce(max(position), 0) FROM dwellings WHERE estate = %s", (estate,)).fetchone()
    return int(row[0]) if row else 0
