"""Commands in processes of their own that need not read the product first: forked from one that has read it.

``python -m services run`` reads for two seconds before it does anything, on every start. What is forked here does the
same from there on, with arguments, environment and streams of its own, and dies alone; what reads the product anew is
tested where it matters (`test_documented_commands`).

``python -m tests.forked`` is the process that is forked from: it ends with whoever started it.
"""

import json
import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from projections.catalogue import VIEWS
from projections.views import together
from services.log.snapshots import know_folds

ROOT = Path(__file__).resolve().parents[1]
READ = ("services.running.run", "services.running.following", "services.running.checking.check", "tests.product")
_MOST = 1 << 20  # bytes of a question: arguments and environment


class Forked:
    """What ``subprocess.Popen`` would be of ``python -m MODULE ARGUMENTS``."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self.pid = int(line.recv(20))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        return self._ended(0.0)

    def wait(self, timeout: float | None = None) -> int:
        ended = self._ended(timeout)
        if ended is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
        return ended

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self, seconds: float | None) -> int | None:
        if self.returncode is None:
            self._line.settimeout(seconds)
            with suppress(TimeoutError, BlockingIOError):
                self.returncode = int(self._line.recv(20))
                self._line.close()
        return self.returncode


class Nursery:
    """The process that has read the product, started when it is first wanted."""

    def __init__(self) -> None:
        near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._line = near
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked", str(far.fileno())], cwd=ROOT, pass_fds=[far.fileno()]
        )
        far.close()

    def start(
        self, module: str, arguments: Sequence[str], environment: dict[str, str], output: IO[Any] | int
    ) -> Forked:
        """``python -m MODULE ARGUMENTS`` in the repository, standard output and errors going to one place."""
        near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        asked = json.dumps({"module": module, "arguments": [*arguments], "environment": environment}).encode()
        stream = output if isinstance(output, int) else output.fileno()
        socket.send_fds(self._line, [asked], [far.fileno(), stream])
        far.close()
        return Forked(near)

    def close(self) -> None:
        self._line.close()
        self._process.wait(20)


def main(line: socket.socket) -> Callable[[], object] | None:
    """Fork whatever is asked for, until nobody asks any more; in the forked process: what it is to do."""
    for module in READ:
        import_module(module)
    know_folds()
    together(VIEWS)  # what they mean is worked out from their source
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who wait for the others
    while True:
        asked, passed, _, _ = socket.recv_fds(line, _MOST, 2)
        if not asked:
            return None
        if os.fork() == 0:
            line.close()
            return _watched(json.loads(asked), socket.socket(fileno=passed[0]), passed[1])
        for each in passed:
            os.close(each)


def _watched(asked: dict[str, Any], told: socket.socket, stream: int) -> Callable[[], object]:
    """In a process between: fork, tell who it is and how it ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    made = os.fork()
    if made:
        os.close(stream)
        told.send(str(made).encode())
        _, status = os.waitpid(made, 0)
        with suppress(OSError):  # nobody wants to know
            told.send(str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    told.close()
    for standard in (1, 2):
        os.dup2(stream, standard)
    os.close(stream)
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = [asked["module"], *asked["arguments"]]
    return lambda: runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    todo = main(socket.socket(fileno=int(sys.argv[1])))
    if todo is not None:
        todo()
