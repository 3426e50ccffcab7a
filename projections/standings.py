"""How every view and every other following stands, as any process can tell: for those who run the machine."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from projections.follow import led
from projections.following import Group
from projections.projection import Connection
from projections.rebuild import beside, rebuilding
from projections.skipped import Skip, skips
from projections.views import GROUP as VIEWS


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


@dataclass(frozen=True, slots=True)
class FollowingStanding:
    """A following that is no view: ``led`` says whether a process works for it; the rest as of a view's."""

    name: str
    led: bool
    position: int
    lag: int
    halted_at: int | None
    halted_because: str | None
    skips: tuple[Skip, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Pages are read from ``views``; no page waits for the ``others``."""

    views: Standings
    others: tuple[FollowingStanding, ...]

    def problems(self) -> list[str]:
        """What keeps a view from going on."""
        return [
            f"view {each.view} is halted at position {each.halted_at}" for each in self.views.views if each.halted_at
        ]

    def notes(self) -> list[str]:
        """What those who run it should know while it serves; no reason is told, they may be for few eyes."""
        lags = any(each.lag for each in self.views.views)
        return [
            *(["no follower is at work"] if lags and not self.views.followed else []),
            *(note for each in self.views.views for note in _of_view(each)),
            *(note for each in self.others for note in _of_other(each)),
        ]


def _of_view(each: ViewStanding) -> Iterator[str]:
    if each.rebuild and each.rebuild.halted_at:
        yield f"the rebuild of view {each.view} is halted at position {each.rebuild.halted_at}"
    elif each.rebuild:
        state = "has reached" if each.rebuild.running else "was interrupted at"
        yield f"the rebuild of view {each.view} {state} position {each.rebuild.position}"
    for skip in each.skips:
        yield f"view {each.view} skips the event at position {skip.position}"


def _of_other(each: FollowingStanding) -> Iterator[str]:
    if each.lag and not each.led:
        yield f"nobody follows the log for {each.name}"
    if each.halted_at:
        yield f"{each.name} is halted at position {each.halted_at}"
    for skip in each.skips:
        yield f"{each.name} skips the event at position {skip.position}"


_Kept = tuple[int, int | None, str | None]  # position, where it is halted, why
_NOTHING: _Kept = (0, None, None)


def overview(conn: Connection, groups: Sequence[Group], last_position: int) -> Overview:
    """How the followings of ``groups`` stand while the log ends at ``last_position``."""
    rows = conn.execute("SELECT name, position, halted_at, halted_because FROM view.positions")
    kept: dict[str, _Kept] = {name: (position, at, because) for name, position, at, because in rows}
    skipped, leads = skips(conn), led(conn, [group.name for group in groups])
    views = [each.name for group in groups if group.name == VIEWS for each in group.followings]
    others = [(group.name, each.name) for group in groups if group.name != VIEWS for each in group.followings]
    running = rebuilding(conn, views)

    def of_view(name: str) -> ViewStanding:
        stands, rebuild = _stands(kept, name, last_position), _rebuild(kept, name, running)
        return ViewStanding(name, *stands, rebuild, _own(skipped, name))

    def of_other(group: str, name: str) -> FollowingStanding:
        return FollowingStanding(name, group in leads, *_stands(kept, name, last_position), _own(skipped, name))

    return Overview(
        Standings(last_position, VIEWS in leads, tuple(map(of_view, views))),
        tuple(of_other(group, name) for group, name in others),
    )


def _stands(kept: Mapping[str, _Kept], name: str, last_position: int) -> tuple[int, int, int | None, str | None]:
    """Position, lag, where it is halted and why."""
    position, halted_at, because = kept.get(name, _NOTHING)
    return position, max(0, last_position - position), halted_at, because


def _rebuild(kept: Mapping[str, _Kept], view: str, running: set[str]) -> Rebuild | None:
    if beside(view) not in kept:
        return None
    position, halted_at, because = kept[beside(view)]
    return Rebuild(position, view in running, halted_at, because)


def _own(skipped: Iterable[Skip], name: str) -> tuple[Skip, ...]:
    return tuple(each for each in skipped if each.view == name)
