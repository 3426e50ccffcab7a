"""A first start that is cut short leaves nothing behind that the next one trips over; whoever started it is greeted."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from domain.capacity import Capacity
from domain.estates.estate import RegisterEstate
from services.commands.ask import Ask, Caller
from services.demo.cast import CENTRE, COMMUNITY, ESTATES
from services.demo.week import SYSTEM
from services.estates import plans as estate_plans
from services.running import run, schema
from services.runtime.settings import Settings
from tests.conftest import FIRST, a_product
from tests.postgres import new_database


class PowerCut(Exception):
    pass


def tell_something(url: str, data: Path, *, cut: bool) -> int:
    """A first start with one event; answers the log's last position before it."""
    with a_product(url, data) as product:
        before = product.log.last_position()
        with schema.setting_up(url):
            ask = Ask(Caller(SYSTEM, Capacity.SYSTEM, frozenset({FIRST})))
            product.handler.do(
                ask, estate_plans.on_estate(FIRST, RegisterEstate(FIRST, CENTRE, ESTATES[FIRST], COMMUNITY))
            )
            if cut:
                raise PowerCut
    return before


def test_a_first_start_that_was_cut_short_begins_anew(server: str, tmp_path: Path) -> None:
    url = new_database(server)
    with pytest.raises(PowerCut):
        tell_something(url, tmp_path, cut=True)
    assert tell_something(url, tmp_path, cut=False) == 0


def test_a_first_start_that_was_finished_is_kept(server: str, tmp_path: Path) -> None:
    url = new_database(server)
    tell_something(url, tmp_path, cut=False)
    schema.prepare(url, tmp_path)
    with a_product(url, tmp_path) as product:
        assert product.log.last_position() == 1


class Starting:
    """A start as the greeting sees it. What changes, changes while it waits."""

    def __init__(self, data: Path, heard: Callable[[], str], *, follow: bool = True) -> None:
        self.behind, self.heard = 3.0, heard
        positions = SimpleNamespace(behind=lambda view: self.behind)
        self.metrics, self.server = SimpleNamespace(lagging=True), SimpleNamespace(started=False)
        self.daily = SimpleNamespace(looked_after=False)
        self.product: Any = SimpleNamespace(
            settings=Settings(data=data, follow=follow), metrics=self.metrics, positions=positions
        )

    def said_at(self, monkeypatch: pytest.MonkeyPatch, *steps: Callable[[], object]) -> list[str]:
        """What was said before each of these steps and at the end."""
        left, said_at = list(steps), list[str]()

        async def happens(seconds: float) -> None:
            said_at.append(self.heard())
            left.pop(0)()

        monkeypatch.setattr(run, "asyncio", SimpleNamespace(sleep=happens))
        lines: Any = SimpleNamespace(flush=lambda: print("the last log line"))
        server: Any = self.server
        daily: Any = self.daily
        with pytest.raises(StopIteration):  # it never really sleeps here, and so needs no event loop
            run.welcome(self.product, server, daily, lines).send(None)
        assert left == []
        return [*said_at, self.heard()]

    def opens(self) -> None:
        self.server.started = True

    def shows_all(self) -> None:
        self.behind = 0.0

    def says_so(self) -> None:
        self.metrics.lagging = False

    def has_looked_after_the_day(self) -> None:
        self.daily.looked_after = True


def test_the_greeting_is_the_last_that_a_start_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for last in range(4):  # whichever of them is the last to happen
        start = Starting(tmp_path, lambda: capsys.readouterr().out)
        steps = [start.shows_all, start.says_so, start.has_looked_after_the_day, start.opens]
        *before, greeting = start.said_at(monkeypatch, *steps[last + 1 :], *steps[: last + 1])
        assert before == [""] * 4 and "the last log line\n\n  http://127.0.0.1:8000/" in greeting
        assert greeting.endswith("Ctrl-C stops it\n\n")
    elsewhere = Starting(tmp_path, lambda: capsys.readouterr().out, follow=False)
    assert len(elsewhere.said_at(monkeypatch, elsewhere.has_looked_after_the_day, elsewhere.opens)) == 3


def test_the_greeting_waits_for_no_view_that_never_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "CALM_SECONDS", 0.0)
    start = Starting(tmp_path, lambda: capsys.readouterr().out)
    before, greeting = start.said_at(monkeypatch, start.opens)
    assert (before, "Ctrl-C stops it" in greeting) == ("", True)


def test_passwords_are_told_at_the_first_start_and_at_no_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    product: Any = SimpleNamespace(settings=Settings(data=tmp_path))
    account = {"username": "head", "password": "abcd-efgh-jkmn", "role": "站长"}
    (tmp_path / "demo-accounts.json").write_text(json.dumps([account]), encoding="utf-8")
    for first in (True, False):
        run._greet(product, first=first)
        said = capsys.readouterr().out
        assert ("abcd-efgh-jkmn" in said) is first and str(tmp_path / "demo-accounts.json") in said
