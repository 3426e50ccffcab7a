"""Rules that span streams, as the capabilities name them: each is verified where its views stand at one position."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic, sleep
from typing import Any

from domain.recorded import Recorded
from projections.follow import Lend
from projections.projection import Connection, View
from services.capability import Check
from services.running.capabilities import all_of
from services.running.checking.finding import Finding
from services.running.checking.of_views import Eye, one_moment, standings

GLANCE_SECONDS = 0.05
CHECKS: tuple[Check, ...] = all_of(lambda each: each.checks)


def check_rules(lend: Lend, checks: Sequence[Check] = CHECKS) -> Iterator[Finding]:
    """What is wrong among streams that belong together."""
    for check in checks:
        if check.among is None:
            continue
        try:
            wrongs = _wrongs(lend, check, check.among)
        except Exception as broken:  # a row that no view would write
            wrongs = [f"cannot be checked ({type(broken).__name__})"]
        for wrong in wrongs:
            yield Finding(check.name, f"{check.name}: {wrong}")


def _wrongs(lend: Lend, check: Check, among: Callable[[Connection], Iterable[str]]) -> list[str]:
    names = [view.name for view in check.views]
    with one_moment(lend, names) as conn:
        apart = _apart(conn, names)
        return [f"not checked, as {apart}"] if apart else list(among(conn))


def _apart(conn: Connection, names: Sequence[str]) -> str:
    """Why these views cannot be held against each other; nothing if they stand together."""
    stands = standings(conn, names)
    positions = sorted({each.position for each in stands.values()})
    if len(positions) > 1:
        late = min(names, key=lambda name: stands[name].position)
        return f"view {late} stands at position {positions[0]} and others at {positions[-1]}"
    return ""


def reached(conn: Connection, last: int, patience: float, checks: Sequence[Check] = CHECKS) -> int:
    """Up to where events can be held against what views show; a follower at work has some seconds to come there."""
    names = sorted({view.name for check in checks if check.each is not None for view in check.views})
    until = monotonic() + patience
    while True:
        stands = standings(conn, names).values()
        here = min((each.position for each in stands), default=last)
        halted = any(each.halted_at is not None for each in stands)
        if here >= last or halted or monotonic() >= until:
            return min(here, last)
        sleep(GLANCE_SECONDS)


def eyes(conn: Connection, checks: Sequence[Check] = CHECKS) -> list[tuple[str, Eye]]:
    """Who looks at each event."""
    found: list[tuple[str, Eye]] = []
    for check in checks:
        if check.each is not None:
            try:
                with conn.transaction():
                    found.append((check.name, _as_far(conn, check.views, check.each(conn))))
            except Exception as broken:  # a row that no view would write
                found.append((check.name, _blind(type(broken).__name__)))
    return found


def _as_far(conn: Connection, views: Sequence[View[Any]], eye: Eye) -> Eye:
    """Looks no further than its views have come, and says so: what they do not show yet nobody can be blamed for."""
    stands = standings(conn, [view.name for view in views])
    late = min(stands, key=lambda name: stands[name].position)
    reached, said = stands[late].position, False

    def look(recorded: Recorded[Any]) -> str | None:
        nonlocal said
        if recorded.position <= reached:
            return eye(recorded)
        first, said = not said, True
        return f"not checked from here on, as view {late} stands at position {reached}" if first else None

    return look


def _blind(because: str) -> Eye:
    """Says once that a rule cannot be held against events."""
    said: list[str] = []

    def look(recorded: Recorded[Any]) -> str | None:
        if said:
            return None
        said.append(because)
        return f"not checked from here on ({because})"

    return look
