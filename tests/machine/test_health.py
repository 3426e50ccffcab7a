"""Ready means ready: what stands in the way, what somebody should look after, and both from memory."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any
from uuid import uuid4

import pytest

from domain.cases.issue import ISSUE, IssueNoted
from projections.standings import FollowingStanding, Overview, Standings, ViewStanding
from services.log.event_log import Change
from services.product import Product
from services.running.condition import Bounds, Check, Condition, Disk, Runs, Server
from services.running.watch import Watch, Watched, watch_of
from services.runtime.metrics import Metrics
from services.threads import one_by_one
from services.threads.one_by_one import OneByOne
from services.threads.try_later import TryLater
from tests.clock import PATIENCE, StandingClock
from tests.conftest import FIRST, Demo, a_product
from tests.machine.ground import ACT
from tests.templates import Templates

BOUNDS = Bounds(lag=60.0, backup=26.0)
ROOMY = Disk(free=10**10, total=10**11, ballast=0)
WELL = Server(answers=True)
DAY = 24 * 3600.0


def view(name: str = "notebook", *, lag: int = 0, halted_at: int | None = None) -> ViewStanding:
    return ViewStanding(name, 7, lag, halted_at, "ValueError" if halted_at else None, None, ())


def stands(*views: ViewStanding, followed: bool = True, others: tuple[FollowingStanding, ...] = ()) -> Overview:
    return Overview(Standings(9, followed, views), others)


def a_condition(**changes: Any) -> Condition:
    given: dict[str, Any] = {"server": WELL, "disk": ROOMY, "overview": stands(view()), "backup_age": 3600.0}
    return Condition(**given | changes)


def test_all_is_well() -> None:
    condition = a_condition()
    assert (condition.problems(BOUNDS), condition.notes(BOUNDS)) == ([], [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"server": Server(answers=False)}, "the database does not answer"),
        ({"crowded": True}, "no connection to the database is free"),
        ({"overview": stands(view(halted_at=8))}, "view notebook is halted at position 8"),
        ({"overview": stands(view(lag=3)), "lags": {"notebook": 61.0}}, "views are 61 seconds behind the log"),
        ({"overview": stands(view(lag=3)), "lags": {"notebook": 7300.0}}, "views are 2 hours behind the log"),
        ({"unfollowed": 16.0}, "no follower has been at work for 16 seconds"),
        ({"disk": Disk(199_999_999, 10**11, 0)}, "less than 200 MB of disk are free"),
        ({"disk": Disk(0, 10**11, 10**9)}, "less than 200 MB of disk are free; delete the ballast file and find more"),
    ],
)
def test_what_stands_in_the_way_of_serving(changes: dict[str, Any], said: str) -> None:
    assert a_condition(**changes).problems(BOUNDS) == [said]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"backup_age": None}, "no backup has been taken"),
        ({"backup_age": 3 * DAY}, "the newest backup is 3 days old"),
        ({"backup_failed": True}, "the last backup failed"),
        ({"check": Check(findings=2)}, "the last check found 2 things"),
        ({"runs": (Runs("bill-run", 0, 1, 0),)}, "bill run: 1 stopped; its page says how it goes on"),
        ({"runs": (Runs("register-import", 1, 0, 1),)}, "register import: no progress for minutes"),
        ({"daily_failed": ("let_contracts_live",)}, "the daily work let_contracts_live failed"),
        ({"disk": Disk(900_000_000, 10**11, 0)}, "less than 1 GB of disk is free"),
        ({"overview": stands(view(lag=3), followed=False)}, "no follower is at work"),
        (
            {
                "overview": stands(others=(FollowingStanding("feed", True, 1, 8, None, None, ()),)),
                "lags": {"feed": 90.0},
            },
            "feed is 90 seconds behind the log",
        ),
    ],
)
def test_what_somebody_should_look_after_while_it_serves(changes: dict[str, Any], said: str) -> None:
    condition = a_condition(**changes)
    assert (condition.problems(BOUNDS), condition.notes(BOUNDS)) == ([], [said])


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def slowed(
    server: str, templates: Templates, tmp_path: Path, clock: StandingClock
) -> Iterator[tuple[Product, StandingClock]]:
    """A product whose time passes when somebody says so."""
    with a_product(templates.week(tmp_path), tmp_path, clock) as product:
        yield product, clock


def caught_up(product: Product) -> None:
    last = product.log.last_position()
    assert product.positions.wait("notebook", last, PATIENCE)


def test_it_reads_what_backup_and_check_left_and_says_how_far_views_are_behind(
    slowed: tuple[Product, StandingClock],
) -> None:
    product, clock = slowed
    caught_up(product)
    watch, data = product.part(Watch), product.settings.data
    assert "no backup has been taken" in watch.health().notes

    def left(name: str, **said: Any) -> None:
        (data / name).write_text(json.dumps(said), encoding="utf-8")

    now = clock().isoformat()
    left("backup.json", taken_at=now, position=7, folder="/elsewhere", seconds=2.5, failed_at=None)
    left("check.json", checked_at=now, position=7, findings=3, seconds=1.0)
    (data / "ballast").write_bytes(b"\0" * 4096)
    assert watch.health().notes == ["the last check found 3 things"]
    clock.passes(timedelta(days=3))
    left("check.json", checked_at=now, position=7, findings=0, seconds=1.0)
    assert watch.health().notes == ["the newest backup is 3 days old"]
    left("backup.json", taken_at=now, failed_at=(clock() - timedelta(hours=1)).isoformat())
    assert watch.health().notes == ["the last backup failed", "the newest backup is 3 days old"]
    figures = figures_of(watch)
    assert figures["jinlin_backup_age_seconds"] == 3 * DAY
    assert figures["jinlin_backup_failed"] == 1
    assert figures["jinlin_check_age_seconds"] == 3 * DAY
    assert figures["jinlin_ballast_bytes"] == 4096
    left("backup.json", taken_at="yesterday")  # half written, or another version's
    (data / "check.json").write_text("{", encoding="utf-8")
    assert "no backup has been taken" in watch.health().notes
    assert figures_of(watch)["jinlin_check_age_seconds"] == float("inf")


def test_views_that_are_long_behind_and_a_follower_that_is_missing_are_said(
    slowed: tuple[Product, StandingClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    product, clock = slowed
    caught_up(product)
    watch = product.part(Watch)
    assert watch.health().ready
    product.follower.stop()
    note(product)
    clock.passes(timedelta(seconds=50))
    until = monotonic() + PATIENCE
    while "no follower is at work" not in (health := watch.health()).notes:
        assert monotonic() < until
    assert health.ready
    clock.passes(timedelta(seconds=11))
    assert watch.health().problems == ["views are 61 seconds behind the log"]
    assert figures_of(watch)['jinlin_follower_lag_seconds{view="notebook"}'] == 61
    monkeypatch.setattr("services.running.condition.MOST_UNFOLLOWED", 0.0)
    assert any(each.startswith("no follower has been at work") for each in watch.health().problems)


def note(product: Product) -> None:
    stream, act = uuid4(), ACT._replace(recorded_at=product.clock())
    product.log.append([Change(stream, ISSUE.name, 0, [IssueNoted("IS-9", FIRST, "门坏了")], act, FIRST, stream)])


def figures_of(watch: Watch) -> dict[str, float]:
    lines = watch.figures().decode().splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_the_figures_tell_of_everything_around_the_product(demo: Demo) -> None:
    demo.product.part(Watch).heard_of_daily(["draw_what_is_due"])
    figures = figures_of(demo.product.part(Watch))
    assert figures["jinlin_ready"] == 1
    assert figures["jinlin_database_up"] == 1
    assert figures["jinlin_database_bytes"] > 10**6
    assert 0 < figures["jinlin_database_sessions"] < figures["jinlin_database_sessions_most"]
    assert 0 < figures["jinlin_disk_free_bytes"] <= figures["jinlin_disk_total_bytes"]
    assert figures["process_resident_memory_bytes"] > 10**7
    assert figures['jinlin_pool_connections_most{pool="jinlin web"}'] == 12
    assert {'jinlin_pool_waiting{pool="log web"}', 'jinlin_pool_in_use{pool="jinlin vault"}'} <= set(figures)
    assert figures["jinlin_daily_age_seconds"] < DAY
    assert figures['jinlin_daily_failed{work="draw_what_is_due"}'] == 1
    kinds = {"bill-run", "statements", "notebook-import", "register-import"}
    assert {f'jinlin_runs_stopped{{kind="{kind}"}}' for kind in kinds} <= set(figures)
    assert any(name.startswith("jinlin_info{") and "version=" in name for name in figures)
    assert any(name.startswith("jinlin_database_info{") for name in figures)
    demo.product.part(Watch).heard_of_daily([])
    assert 'jinlin_daily_failed{work="draw_what_is_due"}' not in figures_of(demo.product.part(Watch))


def test_a_run_that_stopped_and_one_that_is_stuck_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    going, begun = Event(), Event()

    def work(id: Any) -> None:
        begun.set()
        assert going.wait(PATIENCE)
        raise ValueError("broken")

    works = OneByOne("bill-run", work, "bill_run_stopped")
    id = uuid4()
    works.begin(id)
    assert begun.wait(PATIENCE)
    assert (works.standing().under_way, works.standing().stuck) == (1, 0)
    monkeypatch.setattr(one_by_one, "STUCK_SECONDS", 0.0)
    assert works.standing().stuck == 1
    going.set()
    works.until_idle()
    assert works.standing() == one_by_one.Standing(under_way=0, stopped=1, stuck=0)
    going.clear()
    works.begin(id)  # somebody presses the button that goes on
    assert works.standing().stopped == 0
    going.set()
    works.close()


def test_who_asks_costs_nothing_and_waits_for_nothing_while_the_watch_looks_by_itself(demo: Demo) -> None:
    looks, hold = 0, Event()

    def stand() -> Overview:
        nonlocal looks
        looks += 1
        if looks > 1:
            assert hold.wait(PATIENCE)
        raise TryLater

    product = demo.product
    watched = Watched(product.settings, product.database, product.log, Metrics(), product.clock, stand)
    watch = Watch(watched)
    watch.go_on()
    until = monotonic() + PATIENCE
    while looks < 2:
        assert monotonic() < until
    for _ in range(100):  # the watch is in the midst of a look that does not end
        assert watch.health().problems == ["the database does not answer"]
        assert b"jinlin_database_up 0.0" in watch.figures()
    assert looks == 2
    hold.set()
    watch.close()


def test_a_watch_that_stands_still_is_no_good_news(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = watch_of(replace(demo.product, metrics=Metrics()))
    watch.go_on()
    until = monotonic() + PATIENCE
    while not watch.health().ready:
        assert monotonic() < until
    watch.close()
    monkeypatch.setattr("services.running.watch.STANDS_STILL", -1.0)
    assert watch.health().problems == ["the watch over the product stands still"]
