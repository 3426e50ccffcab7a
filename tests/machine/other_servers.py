"""An external PostgreSQL: over TLS, with an owner that is no superuser.

Found where Debian and Ubuntu put it, in ``/usr/lib/postgresql/<version>``; 18 is the wheel's, which knows no TLS.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from uuid import uuid4

from services.database.embedded_postgres import binaries

HOME = Path("/usr/lib/postgresql")
VERSIONS = tuple(sorted({"15", "18", *(path.name for path in HOME.glob("1[5-8]"))}))  # the oldest has to be there
_CONF = """
port = {port}
listen_addresses = '127.0.0.1'
unix_socket_directories = '{folder}'
ssl = {tls}
"""


@dataclass(frozen=True)
class OtherServer:
    """``password`` is that of the owner of every database made here."""

    folder: Path
    port: int
    home: Path
    password: str
    tls: bool

    def new_database(self) -> str:
        """The URL of an empty database, whose owner may create roles and is no superuser."""
        name = f"t_{uuid4().hex[:12]}"
        self.sql(f"CREATE DATABASE {name} OWNER jinlin")
        url = f"postgresql://jinlin:{self.password}@127.0.0.1:{self.port}/{name}"
        return f"{url}?sslmode=verify-full&sslrootcert={self.folder / 'data' / 'server.crt'}" if self.tls else url

    def sql(self, statement: str) -> None:
        """As the superuser, over the socket."""
        command = [self.home / "psql", "-qh", self.folder, "-p", str(self.port), "-U", "super", "-d", "postgres"]
        subprocess.run([*command, "-c", statement], check=True, capture_output=True)


@contextmanager
def a_server_of(version: str) -> Iterator[OtherServer]:
    """Raises ``AssertionError`` where that version is not installed."""
    home = HOME / version / "bin"
    tls = home.is_dir()
    if version == "18" and not tls:
        home = binaries()
    assert home.is_dir(), f"this drill needs PostgreSQL {version}: apt-get install postgresql-{version}"
    folder = Path(tempfile.mkdtemp(prefix="jinlin-other-"))
    who = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    if who:
        shutil.chown(folder, "postgres", "postgres")
    folder.chmod(0o755)
    data = folder / "data"

    def run(*command: str | Path) -> None:
        subprocess.run([*map(str, command)], check=True, capture_output=True, cwd=folder, **who)  # type: ignore[call-overload]

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    known = ("-U", "super", "--auth-local", "trust", "--auth-host", "scram-sha-256", "-E", "UTF8")
    run(home / "initdb", "-D", data, *known)
    run(
        "openssl", "req", "-new", "-x509", "-days", "30", "-nodes", "-subj", "/CN=127.0.0.1",
        "-addext", "subjectAltName=IP:127.0.0.1", "-out", data / "server.crt", "-keyout", data / "server.key",
    )  # fmt: skip
    data.chmod(0o750)
    (data / "server.key").chmod(0o600)
    with (data / "postgresql.conf").open("a") as conf:
        conf.write(_CONF.format(port=port, folder=folder, tls="on" if tls else "off"))
    if tls:
        hba = data / "pg_hba.conf"
        hba.write_text(hba.read_text().replace("\nhost ", "\nhostssl "))
    run(home / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "start")
    made = OtherServer(folder, port, home, token_hex(16), tls)
    try:
        made.sql(f"CREATE ROLE jinlin LOGIN CREATEROLE PASSWORD '{made.password}'")
        yield made
    finally:
        run(home / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
