"""However a log is cut into batches and wherever a view halts and goes on: its rows are those of one single fold."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.sql import SQL, Identifier

from domain.cases.issue import AdviceGiven, CaseForgotten, IssueMerged, IssueNoted
from domain.erasure import ErasureGround
from domain.recorded import Reading, Recorded
from projections import rebuild
from projections.catalogue import VIEWS
from projections.projection import View, fold, keyed
from projections.rebuild import rebuild_view
from projections.skip import skip
from projections.skipped import Skip, passing
from tests.conftest import Demo
from tests.machine.ground import ACT, ESTATE, Ground

PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass
class GrowingLog:
    """A log of which only the events up to ``end`` have happened yet."""

    events: Sequence[Recorded[Any]]
    end: int = 0

    def reading(self, after: int, limit: int) -> Reading:
        return Reading(self.events[after : min(self.end, after + limit)])

    def last_position(self) -> int:
        return self.end


Rows = dict[str, tuple[Any, list[str], int]]  # body, estates and position of the last change, by key


def at_once(view: View[Any], events: Sequence[Recorded[Any]]) -> Rows:
    folded = fold(view, {}, keyed(view, events))
    return {
        key: (view.as_kept(row), list(view.estates(row)), position) for key, (row, position) in folded.written.items()
    }


def kept(ground: Ground, view: View[Any]) -> Rows:
    with ground.database.follower.connection() as conn:
        query = SQL("SELECT key, body::text, estates, position FROM view.{}").format(Identifier(view.name))
        return {
            key: (view.decode(body), estates, position) for key, body, estates, position in conn.execute(query)
        }  # fmt: skip


def begin_anew(ground: Ground) -> None:
    tables = [Identifier("view", view.name) for view in VIEWS]
    beside = [Identifier("view", rebuild.beside(view.name)) for view in VIEWS]
    with ground.owner() as conn:
        conn.execute("DELETE FROM view.positions")
        conn.execute("DELETE FROM view.skipped")
        conn.execute(SQL("DROP TABLE IF EXISTS {}").format(SQL(", ").join(beside)))
        conn.execute(SQL("; ").join(SQL("DELETE FROM {}").format(table) for table in tables))


def choking(view: View[Any], at: frozenset[int]) -> View[Any]:
    """The view as code that cannot take in what stands at these positions."""

    def evolve(row: Any, recorded: Recorded[Any]) -> Any:
        if recorded.position in at:
            raise ValueError
        return view.evolve(row, recorded)

    return replace(view, evolve=evolve, stands_for=view)


def halted(ground: Ground) -> dict[str, int]:
    with ground.database.follower.connection() as conn:
        rows = conn.execute("SELECT name, halted_at FROM view.positions WHERE halted_at IS NOT NULL")
        return dict(rows.fetchall())


def go_on(ground: Ground, view: str, position: int) -> None:
    with ground.owner() as conn:
        skip(conn, view, position, "for the test", "anna")


def follow_all(ground: Ground, views: Sequence[View[Any]], log: GrowingLog, ends: Sequence[int]) -> list[Skip]:
    """Follow while the log grows to each of the ends; whatever halts goes on. What was skipped."""
    skipped = []
    follower = ground.follower(views, log)[0]
    for end in ends:
        log.end = end
        follower.catch_up()
        while stopped := halted(ground):
            for view, position in stopped.items():
                go_on(ground, view, position)
                skipped.append(Skip(view, position, "", "", ACT.recorded_at))
            follower.catch_up()
    return skipped


def check_any_split(
    ground: Ground, events: Sequence[Recorded[Any]], cuts: Sequence[int], poison: frozenset[int]
) -> None:
    begin_anew(ground)
    log = GrowingLog(events)
    views = [choking(view, poison) if view.name in ("notebook", "orders") else view for view in VIEWS]
    skipped = follow_all(ground, views, log, [*sorted({cut for cut in cuts if cut < len(events)}), len(events)])
    wanted = {view.name: at_once(view, events) for view in passing(views, skipped)}
    touched = {view.name: [each.position for each in events if list(view.keys(each))] for view in VIEWS}
    assert {(each.view, each.position) for each in skipped} == {
        (view, position) for view in ("notebook", "orders") for position in poison & set(touched[view])
    }
    assert {view.name: kept(ground, view) for view in VIEWS} == wanted
    empty = [view for view in views if not touched[view.name]]
    for view in (*(view for view in views if touched[view.name]), *empty[:1]):  # one that stays empty is like the next
        assert rebuild_view(ground.database.follower.connection, ground.owner, log, view) == len(events)
    assert {view.name: kept(ground, view) for view in VIEWS} == wanted
    with ground.database.follower.connection() as conn:
        positions = dict(conn.execute("SELECT name, position FROM view.positions").fetchall())
    assert positions == dict.fromkeys([view.name for view in VIEWS], len(events))


_STREAMS = [uuid4() for _ in range(4)]


@st.composite
def logs(draw: st.DrawFn) -> list[Recorded[Any]]:
    """A few notebook lines that are noted, answered, merged and forgotten."""
    versions: dict[UUID, int] = {}
    found = []
    for position in range(1, draw(st.integers(1, 20)) + 1):
        stream = draw(st.sampled_from(_STREAMS))
        version = versions[stream] = versions.get(stream, 0) + 1
        later = [AdviceGiven("好"), IssueMerged(_STREAMS[0]), CaseForgotten(ErasureGround.RESIDENT_ASKED, None)]
        event = IssueNoted("IS-1", ESTATE, "漏水") if version == 1 else draw(st.sampled_from(later))
        found.append(Recorded(position, uuid4(), stream, version, event, ACT, ESTATE, stream, None))
    return found


@settings(PATIENT, max_examples=25)
@given(logs(), st.sets(st.integers(1, 19)), st.integers(1, 7), st.frozensets(st.integers(1, 20), max_size=2))
def test_of_a_few_lines(
    ground: Ground,
    monkeypatch: pytest.MonkeyPatch,
    events: list[Recorded[Any]],
    cuts: set[int],
    size: int,
    poison: frozenset[int],
) -> None:
    monkeypatch.setattr(rebuild, "BATCH", size)
    check_any_split(ground, events, sorted(cuts), poison)


@pytest.fixture(scope="module")
def week(demo: Demo) -> list[Recorded[Any]]:
    """A week of two stations, in which everything happens."""
    demo.caught_up()
    return demo.product.log.read(0, 10_000)


@settings(PATIENT, max_examples=20)
@given(data=st.data())
def test_of_a_week_of_two_stations(
    ground: Ground, week: list[Recorded[Any]], monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    position = st.integers(1, len(week))
    events = week[: data.draw(position, label="end")]
    cuts = data.draw(st.sets(position, max_size=12), label="cuts")
    size = data.draw(st.integers(5, 300), label="size of the rebuild's batches")
    poison = data.draw(st.frozensets(position, max_size=3), label="poison")
    monkeypatch.setattr(rebuild, "BATCH", size)
    check_any_split(ground, events, sorted(cuts), poison)
