"""A bill run (批量出账): what was previewed, who confirmed it, and when all of it was in the log.

The bills themselves stand in the accounts; each names its run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, assert_never

from domain.capacity import ACCOUNTS, PRODUCT, Capacity
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import refuse_done, refuse_if, reject_if

MOST_MONTHS = 12
MOST_AHEAD = 24  # months from the present one: a later year is mistyped


@dataclass(frozen=True, slots=True)
class PrepareBillRun:
    """``lines`` with ``total`` fen, computed for a period; ``until`` is excluded."""

    estate: str
    number: str
    since: date
    until: date
    lines: int
    total: int


@dataclass(frozen=True, slots=True)
class ConfirmBillRun:
    """Issue what was previewed. ``current``: nothing it was computed from has changed since."""

    current: bool = True


@dataclass(frozen=True, slots=True)
class CompleteBillRun:
    """All bills are in the log: so many were issued, the others were billed by somebody else meanwhile."""

    issued: int


@dataclass(frozen=True, slots=True)
class DiscardBillRun:
    """Forget a preview."""


Command = PrepareBillRun | ConfirmBillRun | CompleteBillRun | DiscardBillRun


@dataclass(frozen=True, slots=True)
class BillRunPrepared:
    estate: str
    number: str
    since: date
    until: date
    lines: int
    total: int


@dataclass(frozen=True, slots=True)
class BillRunConfirmed:
    pass


@dataclass(frozen=True, slots=True)
class BillRunCompleted:
    issued: int


@dataclass(frozen=True, slots=True)
class BillRunDiscarded:
    pass


Event = BillRunPrepared | BillRunConfirmed | BillRunCompleted | BillRunDiscarded


@dataclass(frozen=True, slots=True)
class BillRun:
    """Where a run is: prepared, confirmed by ``actor``, completed, or discarded."""

    estate: str | None = None
    number: str = ""
    since: date = date.min
    until: date = date.min
    lines: int = 0
    total: int = 0
    prepared_at: datetime | None = None
    confirmed: Act | None = None
    issued: int | None = None
    completed_at: datetime | None = None
    discarded: Act | None = None


def decide(command: Command, run: BillRun, act: Act) -> Sequence[Event]:
    """Confirmed once, completed once; a preview of what has changed since is no basis for bills."""
    match command:
        case PrepareBillRun(estate, number, since, until, lines, total):
            reject_if(until <= since, "period")
            if run.estate is None:
                return [BillRunPrepared(estate, number, since, until, lines, total)]
            same = (run.estate, run.since, run.until, run.lines, run.total) == (estate, since, until, lines, total)
            refuse_if(not same, "run_prepared")
            return []
        case ConfirmBillRun(current):
            refuse_done(run.confirmed, "run_confirmed")
            refuse_done(run.discarded, "run_discarded")
            refuse_if(not run.lines, "nothing_to_bill")
            refuse_if(not current, "preview_outdated")
            return [BillRunConfirmed()]
        case CompleteBillRun(issued):
            refuse_if(run.confirmed is None, "run_not_confirmed")
            refuse_if(run.issued not in (None, issued), "run_completed")
            return [] if run.completed_at is not None else [BillRunCompleted(issued)]
        case DiscardBillRun():
            refuse_done(run.confirmed, "run_confirmed")
            refuse_done(run.discarded, "run_discarded")
            return [BillRunDiscarded()]
        case _:
            assert_never(command)


def evolve(run: BillRun, event: Event, act: Act) -> BillRun:
    match event:
        case BillRunPrepared(estate, number, since, until, lines, total):
            return BillRun(estate, number, since, until, lines, total, act.recorded_at)
        case BillRunConfirmed():
            return replace(run, confirmed=act)
        case BillRunCompleted(issued):
            return replace(run, issued=issued, completed_at=act.recorded_at)
        case BillRunDiscarded():
            return replace(run, discarded=act)
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    PrepareBillRun: ACCOUNTS,
    ConfirmBillRun: ACCOUNTS,
    CompleteBillRun: PRODUCT,
    DiscardBillRun: ACCOUNTS,
}

BILL_RUN: Decider[Command, BillRun, Event] = Decider(
    name="BillRun",
    initial=BillRun(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
