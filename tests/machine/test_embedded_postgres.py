"""PostgreSQL beside the product: comes back after any kill with what was committed, private, one at a time."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from services.database.embedded_postgres import SOCKET_PATH_LIMIT, EmbeddedPostgres, PostgresError, running_url

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
CHILD = """
import sys
from pathlib import Path
from services.database.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
print(server.start(), server.pid, flush=True)
sys.stdin.read()
server.stop()
"""


@contextmanager
def started(data: Path) -> Iterator[tuple[EmbeddedPostgres, str]]:
    server = EmbeddedPostgres(data)
    try:
        yield server, server.start()
    finally:
        server.stop()


@contextmanager
def in_a_process(data: Path) -> Iterator[tuple["subprocess.Popen[str]", str, int]]:
    """Another process with a server of its own: the process, the URL, the server's process id."""
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(data)], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        url, pid = process.stdout.readline().split()
        yield process, url, int(pid)
    finally:
        process.kill()
        process.communicate()


def write(url: str, value: int) -> None:
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("CREATE TABLE IF NOT EXISTS kept (value int)")
        conn.execute("INSERT INTO kept VALUES (%s)", (value,))


def kept(url: str) -> list[int]:
    with psycopg.connect(url) as conn:
        return [value for (value,) in conn.execute("SELECT value FROM kept ORDER BY value")]


def until(done: Callable[[], bool], what: str, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except OSError:
        return True
    return state == "Z"


def test_it_keeps_its_data_over_a_stop(tmp_path: Path) -> None:
    with started(tmp_path) as (server, url):
        write(url, 1)
        pid = server.pid
    assert pid is not None and gone(pid)
    with started(tmp_path) as (_, url):
        assert kept(url) == [1]


def test_it_is_private_durable_and_quiet(tmp_path: Path) -> None:
    with started(tmp_path) as (server, url), psycopg.connect(url) as conn:
        found = {
            name: conn.execute("SELECT current_setting(%s)", (name,)).fetchone()[0]  # type: ignore[index]
            for name in (
                "listen_addresses", "fsync", "full_page_writes", "synchronous_commit", "data_checksums",
                "log_error_verbosity", "log_parameter_max_length_on_error", "server_encoding",
            )
        }  # fmt: skip
        folder = server.socket_folder()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((server.data / "cluster").stat().st_mode) == 0o700
    assert found == {
        "listen_addresses": "", "fsync": "on", "full_page_writes": "on", "synchronous_commit": "on",
        "data_checksums": "on", "log_error_verbosity": "terse", "log_parameter_max_length_on_error": "0",
        "server_encoding": "UTF8",
    }  # fmt: skip


def test_folders_above_are_left_as_closed_as_they_were(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with started(closed / "data") as (_, url):
        write(url, 1)
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700


def test_a_killed_server_starts_again_with_what_was_committed(tmp_path: Path) -> None:
    with started(tmp_path) as (server, url):
        for value in range(3):
            write(url, value)
            assert server.pid is not None
            os.kill(server.pid, signal.SIGKILL)
            until(lambda: not server.running(), "the server lives on")
            url = server.start()
        assert kept(url) == [0, 1, 2]


def test_it_goes_when_the_product_is_killed_and_comes_back(tmp_path: Path) -> None:
    with in_a_process(tmp_path) as (process, url, pid):
        write(url, 7)
        process.kill()
        process.wait()
        until(lambda: gone(pid), "the server outlived the product")
    with started(tmp_path) as (_, url):
        assert kept(url) == [7]


def test_product_and_server_killed_at_once(tmp_path: Path) -> None:
    with in_a_process(tmp_path) as (process, url, pid):
        write(url, 8)
        os.kill(pid, signal.SIGKILL)
        process.kill()
        process.wait()
    with started(tmp_path) as (_, url):
        assert kept(url) == [8]


def test_a_server_that_was_stopped_and_then_killed_leaves_nobody_in_the_way(tmp_path: Path) -> None:
    with in_a_process(tmp_path) as (process, url, pid):
        write(url, 1)
        with psycopg.connect(url) as conn:
            held = conn.info.backend_pid
            os.kill(held, signal.SIGSTOP)
            os.kill(pid, signal.SIGSTOP)
            process.kill()
            process.wait()
            os.kill(pid, signal.SIGKILL)
            with started(tmp_path) as (_, again):
                assert kept(again) == [1]


def test_a_stale_pid_file_whose_number_somebody_else_has(tmp_path: Path) -> None:
    with started(tmp_path) as (_, url):
        write(url, 1)
    pid_file = tmp_path / "cluster" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{tmp_path / 'cluster'}\n1\n5432\n\n\n", encoding="utf-8")
    with started(tmp_path) as (_, url):
        assert kept(url) == [1]


def test_one_product_at_a_time(tmp_path: Path) -> None:
    with in_a_process(tmp_path) as (_, url, _), pytest.raises(PostgresError, match="another jinlin"):
        assert running_url(tmp_path) == url
        EmbeddedPostgres(tmp_path).start()


def test_no_server_no_running_url(tmp_path: Path) -> None:
    assert running_url(tmp_path) is None


def data_whose_socket_folder_has(size: int, beside: Path) -> Path:
    """A data folder so that the socket's folder in it has a path of ``size`` bytes."""
    missing = size - len(os.fsencode(beside / "socket")) - 1
    assert missing > 0, "the tests' own folder is too long for this"
    while missing > 200:
        beside, missing = beside / ("d" * 100), missing - 101
    return beside / ("d" * missing)


@pytest.mark.parametrize(("size", "roomy"), [(SOCKET_PATH_LIMIT, True), (SOCKET_PATH_LIMIT + 1, True), (700, False)])
def test_a_socket_of_any_path(size: int, roomy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest path that the system takes, one byte more, many more; also where $TMPDIR is too long itself."""
    with TemporaryDirectory(dir="/tmp", prefix="j") as room:
        elsewhere = Path(room) / ("t" * (1 if roomy else 90))
        elsewhere.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
        data = data_whose_socket_folder_has(size, Path(room))
        with started(data) as (server, url):
            folder = server.socket_folder()
            assert (folder == data / "socket") is (size <= SOCKET_PATH_LIMIT)
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            monkeypatch.setattr(tempfile, "tempdir", room)  # another command, whose $TMPDIR is another
            assert running_url(data) == url
            write(url, 1)
            assert kept(url) == [1]
            monkeypatch.setattr(tempfile, "tempdir", str(elsewhere))
        assert folder.exists() is (folder == data / "socket")


@pytest.mark.parametrize("name", ['o\'brien, "two"\nlines\\', " b\u00fcro \u00e0 c\u00f4t\u00e9 "])
def test_a_folder_of_any_name(name: str) -> None:
    with TemporaryDirectory(dir="/tmp", prefix="j") as room, started(Path(room) / name) as (_, url):
        assert running_url(Path(room) / name) == url
        write(url, 1)
        assert kept(url) == [1]


def test_a_path_too_long_for_postgres_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(PostgresError, match="too long for PostgreSQL; set a shorter JINLIN_DATA"):
        EmbeddedPostgres(tmp_path.joinpath(*["d" * 100] * 9)).start()
    assert list(tmp_path.iterdir()) == []


def test_a_planted_socket_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "socket").symlink_to(tmp_path / "elsewhere")
    server = EmbeddedPostgres(tmp_path / "data")
    try:
        with pytest.raises(PostgresError, match="leads elsewhere"):
            server.start()
    finally:
        server.stop()


def test_a_start_killed_in_the_middle_is_done_over(tmp_path: Path) -> None:
    (tmp_path / "cluster.new").mkdir()
    (tmp_path / "cluster.new" / "half").write_text("", encoding="utf-8")
    with started(tmp_path) as (_, url):
        write(url, 1)


def test_what_postgres_says_is_told_when_it_does_not_start(tmp_path: Path) -> None:
    with started(tmp_path):
        pass
    with (tmp_path / "cluster" / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("no_such_setting = on\n")
    server = EmbeddedPostgres(tmp_path)
    with pytest.raises(PostgresError, match="no_such_setting"):
        server.start()
    server.stop()
