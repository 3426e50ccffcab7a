"""Progress: a bar that fits the terminal, or a line now and then."""

import io

import pytest

from services.runtime.progress import Progress


class Terminal(io.StringIO):
    """A stream with a person before it."""

    def isatty(self) -> bool:
        return True


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_person_sees_one_line_with_a_bar_that_is_drawn_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    terminal, clock = Terminal(), Clock()
    progress = Progress("orders", stream=terminal, clock=clock)
    progress(0, 1_000_000)
    clock.now += 0.01  # too soon to draw anew
    progress(1, 1_000_000)
    clock.now += 9.99
    progress(500_000, 1_000_000)
    clock.now += 10
    progress(1_000_000, 1_000_000)
    progress.close()
    assert terminal.getvalue().endswith("\n")
    first, half, whole = terminal.getvalue().removesuffix("\n").split("\r")[1:]
    assert first == f"orders  [{'.' * 30}]   0%  0 of 1,000,000 events"
    assert half == f"orders  [{'#' * 15}{'.' * 15}]  50%  500,000 of 1,000,000 events, 50,000/s, 10 s left"
    assert whole.rstrip() == f"orders  [{'#' * 30}] 100%  1,000,000 of 1,000,000 events, 50,000/s"
    assert len(whole) >= len(half)  # nothing of the longer line is left


@pytest.mark.parametrize("columns", [20, 40, 60, 80])
def test_a_line_is_never_wider_than_the_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    terminal, clock = Terminal(), Clock()
    progress = Progress("notebook", stream=terminal, clock=clock)
    for done in range(0, 10_000_001, 1_000_000):
        progress(done, 10_000_000)
        clock.now += 17
    lines = terminal.getvalue().split("\r")[1:]
    assert len(lines) == 11 and all(len(line) < columns for line in lines)


def test_one_that_goes_on_counts_its_speed_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    terminal, clock = Terminal(), Clock()
    progress = Progress("orders", stream=terminal, clock=clock)
    progress(900, 1_000)
    clock.now += 1
    progress(910, 1_000)
    assert terminal.getvalue().endswith("910 of 1,000 events, 10/s, 9 s left")


def test_elsewhere_a_line_is_said_now_and_then_and_at_the_end() -> None:
    paper, clock = io.StringIO(), Clock()
    progress = Progress("orders", stream=paper, clock=clock)
    for done in range(0, 11):
        progress(done * 100, 1_000)
        clock.now += 1
    progress.close()
    assert paper.getvalue().splitlines() == [
        "orders   50%  500 of 1,000 events, 100/s, 5 s left",
        "orders  100%  1,000 of 1,000 events, 100/s",
    ]


def test_something_short_says_nothing_before_its_end() -> None:
    paper, clock = io.StringIO(), Clock()
    progress = Progress("orders", stream=paper, clock=clock)
    progress(10, 1_000)
    progress.close()
    assert paper.getvalue() == ""
