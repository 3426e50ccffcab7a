"""Progress of something long: one line with a bar for people at a terminal, a line now and then for everybody else."""

import shutil
import sys
from collections.abc import Callable
from time import monotonic
from typing import TextIO

WIDEST = 30  # characters of the bar
DRAWN_EVERY, TOLD_EVERY = 0.1, 5.0  # seconds


class Progress:
    """Call it with what is done and what there is; ``close`` ends the line. Both are counts of ``unit``."""

    def __init__(
        self, name: str, unit: str = "events", stream: TextIO | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self._name = name
        self._unit = unit
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._bar = self._stream.isatty()
        self._began: tuple[float, int] | None = None
        self._said = float("-inf") if self._bar else clock()
        self._drawn = 0

    def __call__(self, done: int, total: int) -> None:
        now = self._clock()
        if self._began is None:
            self._began = now, done  # one that goes on: what was done before says nothing about the speed
        if done < total and now - self._said < (DRAWN_EVERY if self._bar else TOLD_EVERY):
            return
        self._said = now
        line = self._line(now, done, total)
        if self._bar:
            print(f"\r{line:<{self._drawn}}", end="", file=self._stream, flush=True)
            self._drawn = len(line)
        else:
            print(line, file=self._stream, flush=True)

    def close(self) -> None:
        """What is written next begins a line of its own."""
        if self._bar and self._drawn:
            print(file=self._stream, flush=True)
            self._drawn = 0

    def _line(self, now: float, done: int, total: int) -> str:
        share = done / total if total else 1.0
        began, from_here = self._began or (now, done)
        rate = (done - from_here) / (now - began) if now > began else 0.0
        line = f"{self._name}  {share:4.0%}  {done:,} of {total:,} {self._unit}"
        if rate >= 1:
            line += f", {rate:,.0f}/s" + (f", {(total - done) / rate:,.0f} s left" if done < total else "")
        return self._with_bar(line, share) if self._bar else line

    def _with_bar(self, line: str, share: float) -> str:
        """As wide as the terminal lets it: a line that is broken cannot be drawn over."""
        room = shutil.get_terminal_size().columns - 1
        width = min(WIDEST, room - len(line) - len(" []"))
        if width < 5:
            return line[:room]
        full = round(share * width)
        name, rest = line.split("  ", 1)
        return f"{name}  [{'#' * full}{'.' * (width - full)}] {rest}"
