"""What each command would do: a plan looks at the streams it needs, decides, and changes nothing.

A plan may be made several times for one command: whenever what it looked at has changed before it was appended.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from domain.calendar import SHANGHAI, local_date
from domain.capacity import Capacity
from domain.catalogue import POWERS, may
from domain.decider import Decider
from domain.estates.estate import ESTATE, Estate, estate_stream
from domain.people.person import PERSON
from domain.recorded import Act
from domain.refusal import Rejection, reject_if
from services.commands.ask import Answer, Ask, Forbidden, Stale
from services.database.database import Database
from services.log.event_log import Change, EventLog
from services.log.known_states import Loaded
from services.log.not_found import NotFound
from services.log.numbers import Numbers
from services.log.photo_store import PhotoStore
from services.log.pseudonyms import Pseudonyms
from services.log.seen import Seen
from services.log.vault import Vault

S = TypeVar("S")
A = TypeVar("A", bound=Answer, covariant=True)

EARLIEST = datetime(2000, 1, 1, tzinfo=SHANGHAI)  # before that somebody mistyped the year
CLOCK_SKEW = timedelta(minutes=2)  # a phone's clock may run ahead this much; later is the future


@dataclass(frozen=True, slots=True)
class Reach:
    """What lies within a plan's reach. Of the ``database`` only views are read; they may lag for a moment."""

    database: Database
    log: EventLog
    vault: Vault
    numbers: Numbers
    photos: PhotoStore
    pseudonyms: Pseudonyms


class PlannedAs(NamedTuple, Generic[A]):
    """What one command would do: the changes of all streams together, and the answer without its position."""

    changes: Sequence[Change]
    answer: A


@dataclass(frozen=True)  # with slots Python 3.11 makes none by the name of Plan
class PlanFor(Generic[A]):
    """How a command is done that is answered by ``answers``.

    ``make`` may be called again and again; ``afterwards`` once the command is durable, also when it is repeated.
    """

    make: "Callable[[Attempt], PlannedAs[A]]"
    afterwards: "Callable[[Reach], None] | None" = None
    answers: type[Answer] = Answer


Planned = PlannedAs[Answer]
Plan = PlanFor[Answer]


class Attempt:
    """One attempt at a command: who asks, when, and the version of every stream looked at (``seen``)."""

    def __init__(self, reach: Reach, ask: Ask, now: datetime) -> None:
        self.reach = reach
        self.ask = ask
        self.seen = Seen()
        self._loaded: dict[UUID, Loaded[Any]] = {}
        self._now = now
        self._act: Act | None = None

    @property
    def act(self) -> Act:
        """Who does it and when. Refuses times without an offset, in the future, or of another age."""
        if self._act is None:
            occurred = self.ask.occurred_at or self._now
            reject_if(occurred.tzinfo is None, "offset_missing")
            reject_if(occurred > self._now + CLOCK_SKEW, "future")
            reject_if(occurred < EARLIEST, "too_long_ago")
            now = self._now.astimezone(SHANGHAI)  # one offset in the whole log
            occurred = min(occurred.astimezone(SHANGHAI), now)
            self._act = Act(self.ask.caller.person, self.ask.caller.capacity, occurred, now)
        return self._act

    def at(self, decider: Decider[Any, S, Any], stream: UUID) -> Loaded[S]:
        """A stream as this process knows it; that it still stands there is checked before anything is answered."""
        loaded = self._loaded.get(stream)
        if loaded is None:
            loaded = self.reach.log.remembered(decider, stream)
            self._loaded[stream] = loaded
            self.seen[stream] = loaded.version
        return loaded

    def own(self, decider: Decider[Any, S, Any], stream: UUID) -> Loaded[S]:
        """The stream, if it exists within the caller's estates."""
        loaded = self.at(decider, stream)
        if loaded.version == 0 or getattr(loaded.state, "estate", None) not in self.ask.caller.estates:
            raise NotFound
        return loaded

    def estate(self, code: str) -> Estate:
        """The estate with its buildings."""
        estate = self.at(ESTATE, estate_stream(code)).state
        if estate.estate is None:
            raise NotFound
        return estate

    def check_power(self, command: type[Any], estate: str | None) -> None:
        """Powers of the capacity, and INV-05: it was held, here, when the thing happened."""
        caller, act = self.ask.caller, self.act
        if estate is not None and caller.capacity is not Capacity.SYSTEM and estate not in caller.estates:
            raise NotFound
        if not may(caller.capacity, command):
            raise Forbidden("capacity", capacity=caller.capacity, may=POWERS[command])
        if caller.capacity is Capacity.SYSTEM:
            return
        actor = self.at(PERSON, caller.person).state
        if actor.disabled or not actor.holds(caller.capacity, estate, act.recorded_at):
            raise Forbidden("capacity_not_held", capacity=caller.capacity)
        if not actor.holds(caller.capacity, estate, act.occurred_at):
            raise Rejection("capacity_not_held_then", capacity=caller.capacity)

    def check_version(self, version: int, stream: UUID) -> None:
        """Raise ``Stale`` where the caller named another version than the stream's."""
        if self.ask.expected_version is None or self.ask.expected_version == version:
            return
        last = self.reach.log.newest(stream)
        raise Stale(last.version, last.act.actor, last.act.recorded_at) if last else Stale(version)

    def check_photos(self, photos: Sequence[UUID], estate: str | None) -> None:
        """Photos of a case were taken in its estate: forgetting the case destroys their keys."""
        for photo in photos:
            reject_if(self.reach.photos.estate(photo) != estate, "unknown_photo")

    def number(self, prefix: str, estate: Estate) -> str:
        """The next number of the estate's service centre today."""
        assert estate.centre is not None
        return self.reach.numbers.draw(prefix, estate.centre, local_date(self.act.recorded_at))

    def refuse_early(self, decider: Decider[Any, Any, Any], stream: UUID, loaded: Loaded[Any], draft: Any) -> None:
        """Refuse what the stream's rules refuse before a number is drawn for it; ``draft`` has another in its place."""
        self.check_version(loaded.version, stream)
        decider.consider(draft, loaded.state, self.act)

    def decided(
        self,
        decider: Decider[Any, Any, Any],
        stream: UUID,
        loaded: Loaded[Any],
        command: Any,
        correlation: UUID,
        estate: str | None = None,
    ) -> Planned:
        """What the stream's own rules say."""
        self.check_version(loaded.version, stream)
        events = decider.consider(command, loaded.state, self.act)
        place = estate or getattr(loaded.state, "estate", None)
        change = Change(stream, decider.name, loaded.version, events, self.act, place, correlation)
        return Planned([change], Answer(stream, loaded.version + len(events)))


Guard = Callable[[Attempt, Sequence[Change]], None]  # refuses what another capability forbids, as a closed month does
Companion = Callable[[Attempt, Sequence[Change]], Sequence[Change]]  # what changes elsewhere in the same transaction


def made(
    plan: PlanFor[A], attempt: Attempt, guards: Sequence[Guard] = (), companions: Sequence[Companion] = ()
) -> PlannedAs[A]:
    """What ``plan`` would do with all that changes beside it. Refuses what the plan or one of ``guards`` refuses."""
    planned = plan.make(attempt)
    return planned._replace(changes=completed(attempt, planned.changes, guards, companions))


def completed(
    attempt: Attempt, changes: Sequence[Change], guards: Sequence[Guard], companions: Sequence[Companion]
) -> Sequence[Change]:
    """The changes with those of ``companions``, each of which sees what came before it; a guard sees them all."""
    together = list(changes)
    for companion in companions:
        together += companion(attempt, together)
    for guard in guards:
        guard(attempt, together)
    return together
