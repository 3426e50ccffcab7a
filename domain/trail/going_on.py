"""A log that is not the one that was cosigned (分叉): two persons say that it goes on all the same, under another name.

After a restore the log may be shorter than what witnesses have signed, or different. What was lost cannot be told any
more, so nothing is written until somebody proposes to go on and another one confirms it, both on record. The stream is
that of one log, by its name; the log that goes on has another name, and a stream of its own should it come to that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, assert_never
from uuid import UUID, uuid5

from domain.capacity import HEADS, Capacity
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import refuse_done, refuse_if
from domain.words import Personal, personal

_STREAMS = UUID("0a9f4b5e-7a0c-4f43-9a2b-5d7f0f6f3f15")  # namespace of the streams of logs


def log_stream(origin: str) -> UUID:
    """The stream of a log."""
    return uuid5(_STREAMS, origin)


@dataclass(frozen=True, slots=True)
class Fork:
    """``had`` entries were cosigned (``None``: nobody knows how many) with this root; now there are ``has``."""

    origin: str
    code: str
    had: int | None
    has: int
    root: str | None = None


@dataclass(frozen=True, slots=True)
class ProposeGoingOn:
    """The first of two: what was cosigned is lost, and this is to go on."""

    fork: Fork
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class ConfirmGoingOn:
    """The second of two, somebody else."""

    fork: Fork


Command = ProposeGoingOn | ConfirmGoingOn


@dataclass(frozen=True, slots=True)
class GoingOnProposed:
    fork: Fork
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class GoingOnConfirmed:
    fork: Fork


Event = GoingOnProposed | GoingOnConfirmed


@dataclass(frozen=True, slots=True)
class GoingOn:
    """What was said of a log that is not the one that was cosigned."""

    fork: Fork | None = None
    proposed: Act | None = None
    confirmed: Act | None = None


def decide(command: Command, log: GoingOn, act: Act) -> Sequence[Event]:
    """Refuses ``nothing_proposed``, ``fork_changed``, ``same_person``, ``going_on_confirmed``."""
    refuse_done(log.confirmed, "going_on_confirmed")
    match command:
        case ProposeGoingOn(fork, reason):
            same = log.fork is not None and _lost(log.fork) == _lost(fork)
            return [] if same else [GoingOnProposed(fork, reason)]
        case ConfirmGoingOn(fork):
            refuse_if(log.fork is None or log.proposed is None, "nothing_proposed")
            assert log.fork is not None and log.proposed is not None
            refuse_if(_lost(log.fork) != _lost(fork), "fork_changed")
            refuse_if(log.proposed.actor == act.actor, "same_person")
            return [GoingOnConfirmed(fork)]
        case _:
            assert_never(command)


def _lost(fork: Fork) -> Fork:
    """What is lost; that a proposal was added since, which is on record too, changes nothing about it."""
    return replace(fork, code="", has=0)


def evolve(log: GoingOn, event: Event, act: Act) -> GoingOn:
    match event:
        case GoingOnProposed(fork):
            return GoingOn(fork, act)
        case GoingOnConfirmed():
            return replace(log, confirmed=act)
        case _:
            assert_never(event)


MAY = HEADS | {Capacity.ADMINISTRATOR}

POWERS: Mapping[type[Any], frozenset[Capacity]] = {ProposeGoingOn: MAY, ConfirmGoingOn: MAY}

GOING_ON: Decider[Command, GoingOn, Event] = Decider(
    name="GoingOn",
    initial=GoingOn(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
