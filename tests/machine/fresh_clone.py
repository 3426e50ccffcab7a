"""The repository as somebody finds it who has just cloned it, and a shell in it."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path
from threading import Event, Thread
from urllib.request import urlopen

from domain.calendar import local_date
from domain.months import following, month_of
from tests.clock import PATIENCE
from tests.machine.documented import ROOT

MINUTES = 600.0  # seconds that an installation may take on a slow line
OURS = (
    "JINLIN_",
    "PYTEST",
    "MAKE",
    "MFLAGS",
    "TESTS_",
    "PORT",
    "VIRTUAL_ENV",
    "PYTHON",
    "COV",
)  # of this run's settings

# for machines without curl: the few options that the pages use
CURL = """\
import argparse, sys, urllib.error, urllib.request
told = argparse.ArgumentParser()
told.add_argument("url")
told.add_argument("-s", action="store_true")
told.add_argument("-X", dest="method")
told.add_argument("-H", dest="headers", action="append", default=[])
told.add_argument("-d", dest="data")
asked = told.parse_args()
request = urllib.request.Request("http://" + asked.url, asked.data and asked.data.encode(), method=asked.method)
for header in asked.headers:
    request.add_header(*header.split(": ", 1))
try:
    print(urllib.request.urlopen(request).read().decode())
except urllib.error.HTTPError as refused:
    print(refused.read().decode())
"""


@dataclass
class Said:
    """What a command wrote, all of it and what went to standard output, and how it ended."""

    output: str
    printed: str
    status: int


@dataclass
class Clone:
    """``folder`` holds what a clone would and nothing else; ``beside`` is for what its user keeps elsewhere."""

    folder: Path
    beside: Path
    port: int = field(default_factory=lambda: _free_port())
    product: "Under | None" = None
    _said: dict[str, Said] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "build" / "data"

    def run(self, command: str, fill: Callable[[str], str] = str, again: bool = False, **settings: str) -> Said:
        """Run a command once, ``fill`` putting in what it leaves to its reader; what it said is remembered."""
        if again or command not in self._said:
            done = subprocess.run(
                ["bash", "-c", fill(command)], cwd=self.folder, env=self.environment(command) | settings, text=True,
                capture_output=True, stdin=subprocess.DEVNULL, check=False, timeout=MINUTES,
            )  # fmt: skip
            self._said[command] = Said(done.stdout + done.stderr, done.stdout, done.returncode)
        return self._said[command]

    def environment(self, command: str) -> dict[str, str]:
        """A shell of its own; ``jinlin`` and ``python`` are there once one has entered ``.venv``, as the pages say."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        path = [own.get("PATH", "/usr/bin:/bin")]
        if command.startswith(("jinlin ", "python ")):
            path.insert(0, str(self.folder / ".venv" / "bin"))
        if shutil.which("curl") is None:
            path.insert(0, str(self._curl()))
        return own | {"PATH": os.pathsep.join(path), "PORT": str(self.port)}

    def _curl(self) -> Path:
        made = self.beside / "bin" / "curl"
        if not made.exists():
            made.parent.mkdir(parents=True)
            made.write_text(f"#!{sys.executable}\n{CURL}", encoding="utf-8")
            made.chmod(0o755)
        return made.parent

    @contextmanager
    def under_way(self, command: str, ready: str) -> Iterator["Under"]:
        """A command that goes on until Ctrl-C, from the moment it says ``ready``."""
        under = Under(command, self, ready)
        try:
            yield under
        finally:
            under.interrupt()

    def running(self, wanted: bool) -> None:
        """Have the product running, or not."""
        if wanted and self.product is None:
            self.product = Under("make run", self, "Ctrl-C stops it")
        elif not wanted and self.product is not None:
            product, self.product = self.product, None
            self._said["make run"] = product.interrupt()

    def password(self, username: str) -> str:
        """Of one of the demo's accounts."""
        accounts = json.loads((self.data / "demo-accounts.json").read_text(encoding="utf-8"))
        [found] = [str(each["password"]) for each in accounts if each["username"] == username]
        return found

    def next_month(self) -> str:
        """The month after the product's present one, by its own clock: it is run as everybody runs it."""
        with urlopen(f"http://127.0.0.1:{self.port}/health/live") as answer:
            return following(month_of(local_date(parsedate_to_datetime(answer.headers["date"]))))


class Under:
    """A command that is under way, in a terminal's group of processes."""

    def __init__(self, command: str, clone: Clone, ready: str) -> None:
        self._lines: list[str] = []
        self._is_ready, self._ready = Event(), re.compile(ready)
        self._child = subprocess.Popen(
            ["bash", "-c", command], cwd=clone.folder, env=clone.environment(command), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._reader = Thread(target=self._read)
        self._reader.start()
        if not self._is_ready.wait(MINUTES) or not self._ready.search(self.output):
            raise AssertionError(f"{command} did not start: {self.interrupt().output[-2000:]}")

    @property
    def output(self) -> str:
        return "".join(self._lines)

    def _read(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            self._lines.append(line)
            if self._ready.search(line):
                self._is_ready.set()
        self._is_ready.set()  # it has ended: there is nothing more to wait for

    def interrupt(self) -> Said:
        """Ctrl-C."""
        if self._child.poll() is None:
            os.killpg(self._child.pid, signal.SIGINT)
        try:
            self._child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self._child.pid, signal.SIGKILL)
            raise
        self._reader.join(PATIENCE)
        return Said(self.output, self.output, self._child.returncode)


def cloned(folder: Path) -> None:
    """Copy what a clone holds: every file of the repository as it stands here, nothing that was installed or built."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
