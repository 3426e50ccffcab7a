"""An attempt at very many streams of one estate, one after another, as an import makes it."""

from typing import Any, TypeVar
from uuid import UUID

from domain.decider import Decider
from domain.recorded import Act
from services.commands.ask import by_itself
from services.commands.plan import Attempt, Reach
from services.log.known_states import Loaded

S = TypeVar("S")


class ManyStreams(Attempt):
    """An attempt at streams of an estate one after another, of which none stands yet if they are ``all_new``."""

    def __init__(self, reach: Reach, estate: str, act: Act, *, all_new: bool = False) -> None:
        super().__init__(reach, by_itself(estate), act.recorded_at)
        self._act = act
        self._all_new = all_new

    def at(self, decider: Decider[Any, S, Any], stream: UUID) -> Loaded[S]:
        if self._all_new:
            return Loaded(decider.initial, 0)
        loaded = self.reach.log.load(decider, stream)
        self.seen[stream] = loaded.version
        return loaded
