"""How the views stand is seen by those who run the machine: in the API, on a page, in figures and in log lines."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import structlog

from projections.catalogue import VIEWS
from projections.following import alone
from projections.rebuild import alone_beside, beside
from projections.skip import skip
from services.database import database
from services.runtime import logs
from services.runtime.metrics import MANY, Metrics
from services.sessions.accounts import Accounts
from services.words.sentences import say
from tests.conftest import Demo
from tests.machine.tally import TALLY

WHY = "the history cannot read it; repaired with the next version"


def as_owner(demo: Demo) -> "psycopg.Connection[tuple[Any, ...]]":
    return database.as_owner(demo.product.database.logins)


@pytest.fixture(scope="module")
def troubled(demo: Demo) -> Iterator[Demo]:
    """The history skips one event, the orders are halted, and the notebook's rebuild was interrupted."""
    demo.caught_up()
    demo.product.part(Accounts).on_record = lambda: None  # the log stands still however often somebody signs in
    demo.product.follower.stop()
    with demo.product.database.follower.connection() as conn:
        halt = "UPDATE view.positions SET halted_at = %s, halted_because = 'KeyError', position = %s WHERE name = %s"
        last = demo.product.log.last_position()
        conn.execute(halt, (last, last - 1, "history"))
        conn.execute(halt, (last - 4, last - 5, "orders"))
        conn.execute("INSERT INTO view.positions (name, position, shape) VALUES (%s, 120, 'x')", (beside("notebook"),))
    with as_owner(demo) as owner:
        skip(owner, "history", last, WHY, "anna")
    yield demo


def figures(demo: Demo) -> list[str]:
    return demo.client().get("/metrics").text.splitlines()


def figure(demo: Demo, name: str, view: str) -> float:
    found = [
        line for line in demo.client().get("/metrics").text.splitlines() if line.startswith(f'{name}{{view="{view}"')
    ]
    return float(found[0].rsplit(" ", 1)[1])


def test_an_administrator_sees_how_every_view_stands(troubled: Demo) -> None:
    last = troubled.product.log.last_position()
    found = troubled.sign_in("admin").get("/api/v1/views").json()
    assert (found["last_position"], found["followed"]) == (last, False)
    by_name = {each["view"]: each for each in found["views"]}
    assert list(by_name) == [view.name for view in VIEWS]
    assert (by_name["people"]["position"], by_name["people"]["lag"], by_name["people"]["skips"]) == (last, 0, [])
    orders = by_name["orders"]
    assert (orders["lag"], orders["halted_at"], orders["halted_because"]) == (5, last - 4, "KeyError")
    assert by_name["notebook"]["rebuild"] == {
        "position": 120,
        "running": False,
        "halted_at": None,
        "halted_because": None,
    }
    (skipped,) = by_name["history"]["skips"]
    assert (skipped["position"], skipped["because"], skipped["by"]) == (last, WHY, "anna")


@pytest.mark.parametrize("username", ["head", "clerk", "repairer", "committee", "centre"])
def test_nobody_else_does(troubled: Demo, username: str) -> None:
    client = troubled.sign_in(username)
    assert client.get("/api/v1/views").status_code == 403
    assert client.get("/admin/views").status_code == 403


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_it_in_words(troubled: Demo, language: str) -> None:
    client = troubled.client()
    client.post("/sign-in", data={"username": "admin", "password": troubled.passwords["admin"], "next": "/"})
    client.get(f"/language/{language}")
    page = client.get("/admin/views").text
    last = troubled.product.log.last_position()
    for words in (
        say(language, "views-nobody-follows"),
        say(language, "views-halted", position=last - 4, because="KeyError"),
        say(language, "views-rebuild-waits", position=120),
        say(language, "view-history"),
        WHY,
    ):
        assert words in page
    assert f"jinlin skip orders {last - 4} --because" in page


def test_what_anybody_may_ask_for_tells_no_reason(troubled: Demo) -> None:
    last = troubled.product.log.last_position()
    ready = troubled.client().get("/health/ready")
    assert (ready.status_code, ready.json()["problems"]) == (503, [f"view orders is halted at position {last - 4}"])
    assert ready.json()["notes"][:3] == [
        "no follower is at work",
        f"view history skips the event at position {last}",
        "the rebuild of view notebook was interrupted at position 120",
    ]
    assert WHY not in ready.text + troubled.client().get("/metrics").text


def test_the_figures_are_those_of_the_database(troubled: Demo) -> None:
    last = troubled.product.log.last_position()
    assert figure(troubled, "jinlin_follower_halted", "orders") == 1
    assert figure(troubled, "jinlin_follower_halted", "people") == 0
    assert figure(troubled, "jinlin_follower_lag_events", "orders") == 5
    assert figure(troubled, "jinlin_view_skipped_events", "history") == 1
    assert figure(troubled, "jinlin_rebuild_position", "notebook") == 120
    assert figure(troubled, "jinlin_rebuild_total", "notebook") == last
    assert figure(troubled, "jinlin_rebuild_running", "notebook") == 0
    with as_owner(troubled) as owner, alone_beside(owner, "notebook"):
        assert figure(troubled, "jinlin_rebuild_running", "notebook") == 1
    assert "jinlin_follower_working 0.0" in figures(troubled)


@pytest.fixture
def tallied(troubled: Demo, monkeypatch: pytest.MonkeyPatch) -> Iterator[Demo]:
    """A following that is no view is halted."""
    last, follower = troubled.product.log.last_position(), troubled.product.follower
    monkeypatch.setattr(follower, "groups", (*follower.groups, alone(TALLY)))
    with troubled.product.database.follower.connection() as conn:
        conn.execute(
            "INSERT INTO view.positions (name, position, shape, halted_at, halted_because)"
            " VALUES ('tally', 3, '', 4, 'ValueError')"
        )
        yield troubled
        conn.execute("DELETE FROM view.positions WHERE name = 'tally'")
    assert last == troubled.product.log.last_position()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_another_following_is_seen_too_and_is_no_problem_of_pages(tallied: Demo, language: str) -> None:
    client, last = tallied.client(), tallied.product.log.last_position()
    client.post("/sign-in", data={"username": "admin", "password": tallied.passwords["admin"], "next": "/"})
    client.get(f"/language/{language}")
    page = client.get("/admin/views").text
    assert say(language, "views-halted", position=4, because="ValueError") in page
    assert say(language, "views-nobody-leads") in page
    assert "jinlin skip tally 4 --because" in page
    ready = tallied.client().get("/health/ready").json()
    assert not [problem for problem in ready["problems"] if "tally" in problem]
    notes = [note for note in ready["notes"] if "tally" in note]
    assert notes == ["nobody follows the log for tally", "tally is halted at position 4"]
    assert figure(tallied, "jinlin_follower_lag_events", "tally") == last - 3
    assert "tally" not in [each["view"] for each in tallied.sign_in("admin").get("/api/v1/views").json()["views"]]


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """The log lines so far."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    lines = logs.configure("info")

    def found() -> list[dict[str, Any]]:
        lines.flush()
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    yield found
    structlog.reset_defaults()


def test_the_alarm_says_how_to_go_on(log_lines: Callable[[], list[dict[str, Any]]]) -> None:
    Metrics().halted("notebook", 12_345_678, "ValueError")
    (line,) = log_lines()
    del line["timestamp"]
    assert line == {
        "event": "view_halted",
        "level": "error",
        "view": "notebook",
        "position": 12_345_678,
        "error": "ValueError",
        "remedy": 'jinlin skip notebook 12345678 --because "..."',
    }


def test_a_view_that_lags_is_told_once_and_once_more_when_it_has_caught_up(
    log_lines: Callable[[], list[dict[str, Any]]],
) -> None:
    metrics = Metrics()
    for lag in (0, MANY, MANY + 5, 7, 0, 0):
        metrics.lags("orders", lag)
    assert [(line["event"], line["view"], line.get("count")) for line in log_lines()] == [
        ("view_lags", "orders", MANY),
        ("view_caught_up", "orders", None),
    ]
