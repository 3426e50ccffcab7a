"""Whom the embedded server lets in: who comes over its socket with a password, the superuser too.

The socket's folder is closed to other users already. A password keeps out what comes through our own: a session of the
product cannot connect anew as somebody else, as it could where whoever reached the socket was believed.
"""

import os
import pwd
import secrets
import signal
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.sql import SQL, Literal

from services.database.unsafe_server import UnsafeServer

RELOAD_SECONDS = 30.0  # for the server to read its rules anew
PASSWORD = "superuser.password"  # beside the cluster, mode 0600
CLOSED = """\
# written by jinlin: nobody without a password, nobody from elsewhere
local all all scram-sha-256
"""
_OPEN = """\
# written by jinlin for the moment in which the superuser gets a password
local all postgres trust
"""


class Admission:
    """Of the server over ``data``, which runs as ``user`` where that is not us. ``socket_folder`` is where it is."""

    def __init__(self, data: Path, socket_folder: Path, user: pwd.struct_passwd | None = None) -> None:
        self._password = data / PASSWORD
        self._rules = data / "cluster" / "pg_hba.conf"
        self._socket_folder = socket_folder
        self._user = user

    def url(self) -> str:
        """For the superuser."""
        password = self._password.read_text(encoding="ascii").strip() if self._password.exists() else ""
        return self._url(password)

    def before_start(self) -> None:
        """Closed, unless the superuser has no password yet: the cluster is new, or of an older version."""
        self._admit(CLOSED if self._closed() and self._password.exists() else _OPEN)

    def after_start(self) -> None:
        """Nobody comes in without a password from here on, and the superuser does with his."""
        if self._closed():
            if _lets_in(self.url()):
                return
            self._admit(_OPEN)  # the password in the folder is another cluster's
            self._reload()
        self._give_password()
        self._admit(CLOSED)
        self._reload()

    def _give_password(self) -> None:
        drawn = secrets.token_urlsafe(32)
        with psycopg.connect(self._url(""), autocommit=True) as conn:
            verifier = conn.pgconn.encrypt_password(drawn.encode(), b"postgres", b"scram-sha-256").decode()
            self._write(self._password, drawn + "\n")
            conn.execute(SQL("ALTER ROLE postgres PASSWORD {}").format(Literal(verifier)))

    def _reload(self) -> None:
        """Let the server read its rules anew, and wait until it goes by them."""
        pid = int((self._rules.parent / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
        os.kill(pid, signal.SIGHUP)
        until = time.monotonic() + RELOAD_SECONDS
        while _lets_in(self._url("")) is self._closed():
            if time.monotonic() > until:
                raise UnsafeServer(
                    "the embedded PostgreSQL does not go by its new rules of who may log in; start again"
                )
            time.sleep(0.01)

    def _closed(self) -> bool:
        return self._rules.exists() and self._rules.read_text(encoding="utf-8") == CLOSED

    def _admit(self, rules: str) -> None:
        self._write(self._rules, rules)
        if self._user:
            os.chown(self._rules, self._user.pw_uid, self._user.pw_gid)

    def _write(self, path: Path, text: str) -> None:
        """In place of what was there, whole or not at all, for one's own eyes."""
        draft = path.with_name(path.name + ".new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        with draft.open("w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def _url(self, password: str) -> str:
        return f"postgresql://postgres:{password}@/postgres?host={quote(str(self._socket_folder), safe='')}"


def _lets_in(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
