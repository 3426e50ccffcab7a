"""Rules that span streams, as the capabilities name them: each is verified where its views stand at one position."""

from collections.abc import Iterator, Sequence

from projections.follow import Lend
from projections.projection import Connection
from services.capability import Check
from services.running.capabilities import all_of
from services.running.checking.finding import Finding
from services.running.checking.of_views import Eye, one_moment, standings

CHECKS: tuple[Check, ...] = all_of(lambda each: each.checks)


def check_rules(lend: Lend, checks: Sequence[Check] = CHECKS) -> Iterator[Finding]:
    """What is wrong among streams that belong together."""
    for check in checks:
        if check.among is None:
            continue
        names = [view.name for view in check.views]
        with one_moment(lend, names) as conn:
            apart = _apart(conn, names)
            if apart:
                yield Finding(check.name, f"{check.name}: not checked, as {apart}")
                continue
            for wrong in check.among(conn):
                yield Finding(check.name, f"{check.name}: {wrong}")


def _apart(conn: Connection, names: Sequence[str]) -> str:
    """Why these views cannot be held against each other; nothing if they stand together."""
    stands = standings(conn, names)
    positions = sorted({each.position for each in stands.values()})
    if len(positions) > 1:
        late = min(names, key=lambda name: stands[name].position)
        return f"view {late} stands at position {positions[0]} and others at {positions[-1]}"
    return ""


def eyes(conn: Connection, checks: Sequence[Check] = CHECKS) -> list[tuple[str, Eye]]:
    """Who looks at each event."""
    return [(check.name, check.each(conn)) for check in checks if check.each is not None]
