"""How every view stands, as any process can tell from the database: for those who run the machine."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from projections.follow import somebody_leads
from projections.projection import Connection, View
from projections.rebuild import beside, rebuilding
from projections.skipped import Skip, skips


@dataclass(frozen=True, slots=True)
class Rebuild:
    """An unfinished rebuild: ``running`` somewhere, or interrupted; ``halted_at`` an event it could not take in."""

    position: int
    running: bool
    halted_at: int | None
    halted_because: str | None


@dataclass(frozen=True, slots=True)
class ViewStanding:
    """``lag`` in events; ``halted_because`` is the type of an error; ``skips`` in log order."""

    view: str
    position: int
    lag: int
    halted_at: int | None
    halted_because: str | None
    rebuild: Rebuild | None
    skips: tuple[Skip, ...]


@dataclass(frozen=True, slots=True)
class Standings:
    """``last_position`` of the log; ``followed`` says whether a follower works, in whatever process."""

    last_position: int
    followed: bool
    views: tuple[ViewStanding, ...]

    def problems(self) -> list[str]:
        """What keeps a view from going on."""
        return [f"view {each.view} is halted at position {each.halted_at}" for each in self.views if each.halted_at]

    def notes(self) -> list[str]:
        """What those who run it should know while it serves; no reason is told, they may be for few eyes."""
        told = [] if self.followed or not any(each.lag for each in self.views) else ["no follower is at work"]
        for each in self.views:
            if each.rebuild and each.rebuild.halted_at:
                told.append(f"the rebuild of view {each.view} is halted at position {each.rebuild.halted_at}")
            elif each.rebuild:
                state = "has reached" if each.rebuild.running else "was interrupted at"
                told.append(f"the rebuild of view {each.view} {state} position {each.rebuild.position}")
            told += [f"view {each.view} skips the event at position {skip.position}" for skip in each.skips]
        return told


def standings(conn: Connection, views: Iterable[View[Any]], last_position: int) -> Standings:
    """How ``views`` stand while the log ends at ``last_position``."""
    names = [view.name for view in views]
    rows = conn.execute("SELECT name, position, halted_at, halted_because FROM view.positions")
    kept: dict[str, tuple[int, int | None, str | None]] = {name: tuple(rest) for name, *rest in rows}
    running = rebuilding(conn, names)
    skipped = skips(conn)
    found = []
    for name in names:
        position, halted_at, because = kept.get(name, (0, None, None))
        rebuild = (
            Rebuild(kept[beside(name)][0], name in running, *kept[beside(name)][1:]) if beside(name) in kept else None
        )
        lag = max(0, last_position - position)
        own = tuple(each for each in skipped if each.view == name)
        found.append(ViewStanding(name, position, lag, halted_at, because, rebuild, own))
    return Standings(last_position, somebody_leads(conn), tuple(found))
