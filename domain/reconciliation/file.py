"""A statement file (对账单文件) that is taken over: who began it, how much money it tells of, when all of it was there.

Its lines are streams of their own (``statement_line``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, assert_never
from uuid import UUID

from domain.capacity import ACCOUNTS, PRODUCT, Capacity
from domain.decider import Decider
from domain.reconciliation.line import Provider
from domain.recorded import Act
from domain.refusal import refuse_if, reject_if


@dataclass(frozen=True, slots=True)
class StartStatement:
    """Take over ``lines`` lines from the first to the last day; money in fen, fees are the firm's own cost."""

    estate: str
    provider: Provider
    lines: int
    money_in: int
    money_out: int
    fees: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class CompleteStatement:
    """The last line is in the log."""


Command = StartStatement | CompleteStatement


@dataclass(frozen=True, slots=True)
class StatementStarted:
    estate: str
    provider: Provider
    lines: int
    money_in: int
    money_out: int
    fees: int
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class StatementCompleted:
    pass


Event = StatementStarted | StatementCompleted


@dataclass(frozen=True, slots=True)
class StatementFile:
    estate: str | None = None
    started: StatementStarted | None = None
    started_by: UUID | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None


def decide(command: Command, state: StatementFile, act: Act) -> Sequence[Event]:
    """Started once, completed once: saying so again changes nothing."""
    match command:
        case StartStatement():
            reject_if(command.lines < 1, "statement_empty")
            started = StatementStarted(
                command.estate,
                command.provider,
                command.lines,
                command.money_in,
                command.money_out,
                command.fees,
                command.first,
                command.last,
            )
            refuse_if(state.started not in (None, started), "statement_started")
            return [] if state.started else [started]
        case CompleteStatement():
            refuse_if(state.estate is None, "statement_not_started")
            return [] if state.completed_at is not None else [StatementCompleted()]
        case _:
            assert_never(command)


def evolve(state: StatementFile, event: Event, act: Act) -> StatementFile:
    match event:
        case StatementStarted(estate):
            return StatementFile(estate, event, act.actor, act.recorded_at)
        case StatementCompleted():
            return replace(state, completed_at=act.recorded_at)
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    StartStatement: ACCOUNTS,
    CompleteStatement: PRODUCT,
}

STATEMENT_FILE: Decider[Command, StatementFile, Event] = Decider(
    name="StatementFile",
    initial=StatementFile(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
