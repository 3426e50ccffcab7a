"""Given what happened, when somebody asks for something, then facts or a refusal: the rules in their own words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import Refusal

S = TypeVar("S")

MONDAY = datetime(2026, 11, 23, 8, 40, tzinfo=SHANGHAI)  # inside service hours
CLERK, HEAD, STEWARD, OTHER_STEWARD = (UUID(int=n) for n in range(1, 5))


def at(moment: datetime, actor: UUID = CLERK, capacity: Capacity = Capacity.DISPATCHER) -> Act:
    """An act written down the moment it happened."""
    return Act(actor, capacity, moment, moment)


@dataclass(frozen=True)
class Scenario(Generic[S]):
    """A stream and what happened on it. Every step gives a new scenario; ``clock`` moves only by ``later``."""

    decider: Decider[Any, S, Any]
    state: S
    clock: datetime = MONDAY
    actor: UUID = CLERK
    capacity: Capacity = Capacity.DISPATCHER
    happened: tuple[Any, ...] = ()
    outcome: tuple[Any, ...] = field(default=(), compare=False)

    @property
    def act(self) -> Act:
        return at(self.clock, self.actor, self.capacity)

    def later(self, **span: float) -> "Scenario[S]":
        """Time passes, in the words of ``timedelta``."""
        return replace(self, clock=self.clock + timedelta(**span))

    def at(self, moment: datetime) -> "Scenario[S]":
        return replace(self, clock=moment)

    def by(self, actor: UUID, capacity: Capacity) -> "Scenario[S]":
        """Somebody else acts from here on."""
        return replace(self, actor=actor, capacity=capacity)

    def desk(self) -> "Scenario[S]":
        return self.by(CLERK, Capacity.DISPATCHER)

    def head(self) -> "Scenario[S]":
        return self.by(HEAD, Capacity.STATION_HEAD)

    def steward(self, steward: UUID = STEWARD) -> "Scenario[S]":
        return self.by(steward, Capacity.RED_STEWARD)

    def given(self, *events: Any) -> "Scenario[S]":
        """What stands in the log already, as the present actor had told it."""
        state = self.decider.fold([(event, self.act) for event in events], self.state)
        return replace(self, state=state, happened=(*self.happened, *events))

    def when(self, *commands: Any, act: Act | None = None) -> "Scenario[S]":
        """Commands that are all accepted; ``outcome`` is what the last one brought about."""
        now = self
        for command in commands:
            doing = act or now.act
            events = tuple(now.decider.consider(command, now.state, doing))
            state = now.decider.fold([(event, doing) for event in events], now.state)
            now = replace(now, state=state, happened=(*now.happened, *events), outcome=events)
        return now

    def then(self, *expected: Any) -> "Scenario[S]":
        """The last command brought about exactly this: events, or kinds of events where their fields do not matter."""
        same = [
            type(event) is want if isinstance(want, type) else event == want
            for event, want in zip(self.outcome, expected, strict=False)
        ]
        assert len(self.outcome) == len(expected) and all(same), f"{self.outcome} instead of {expected}"
        return self

    def refused(self, command: Any, code: str, *, act: Act | None = None, **facts: object) -> "Scenario[S]":
        """The command is refused for this reason, with at least these facts; nothing has changed."""
        try:
            events = self.decider.consider(command, self.state, act or self.act)
        except Refusal as refusal:
            assert refusal.code == code, f"refused as {refusal.code} instead of {code}"
            assert facts.items() <= refusal.facts.items(), f"{refusal.facts} lack {facts}"
            return self
        raise AssertionError(f"{command} was not refused: {events}")

    def holds(self, check: Callable[[S], bool]) -> "Scenario[S]":
        assert check(self.state), self.state
        return self


def last(events: Sequence[Any], kind: type[Any]) -> Any:
    """The latest event of a kind."""
    return next(event for event in reversed(events) if type(event) is kind)
