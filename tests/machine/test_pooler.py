"""A pooler between the product and PostgreSQL is found out at start, whichever way it would have failed later."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import psycopg
import pytest

from services.database.logins import Login
from services.database.pooler import check_direct
from services.database.safety import check_safe
from services.database.unsafe_server import UnsafeServer
from services.running import schema
from tests.postgres import logins_of, new_database

_READY = b"R" + struct.pack("!ii", 8, 0) + b"K" + struct.pack("!iii", 12, 1, 1) + b"Z" + struct.pack("!i", 5) + b"I"
_TOLD = b"".join(
    b"S" + struct.pack("!i", 4 + len(each)) + each for each in (b"server_version\x0018.0\0", b"client_encoding\0UTF8\0")
)


class Pooler:
    """As PgBouncer with ``pool_mode=transaction``: whoever begins a transaction gets the server that was idle last.

    ``refusing`` says no to settings of a session, as it does unless it is told to drop them.
    """

    def __init__(self, url: str, refusing: bool = False) -> None:
        self._idle = [psycopg.connect(url, autocommit=True) for _ in range(2)]
        self._servers = list(self._idle)
        self._refusing = refusing
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def conninfo(self) -> str:
        port = self._listener.getsockname()[1]
        return f"host=127.0.0.1 port={port} user=somebody dbname=postgres sslmode=disable gssencmode=disable"

    def close(self) -> None:
        self._listener.close()
        for server in self._servers:
            server.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, client.makefile("rb") as said:
            (length,) = struct.unpack("!i", said.read(4))
            if b"options\0" in said.read(length - 4) and self._refusing:
                client.sendall(_error("08P01", "unsupported startup parameter: options"))
                return
            client.sendall(_READY.replace(b"K", _TOLD + b"K", 1))
            server = None
            while (kind := said.read(1)) and kind != b"X":
                body = said.read(4)
                body += said.read(struct.unpack("!i", body)[0] - 4)
                server = server or self._idle.pop()
                with socket.socket(fileno=socket.dup(server.fileno())) as line, line.makefile("rb") as answers:
                    line.setblocking(True)
                    line.sendall(kind + body)
                    if kind not in b"QS" or not _pass_on(answers, client):  # it answers whole requests
                        continue
                self._idle.append(server)
                server = None


def _pass_on(answers: BinaryIO, client: socket.socket) -> bool:
    """Everything up to where the server waits again; whether no transaction is under way."""
    read = answers.read
    while True:
        kind, length = read(1), read(4)
        body = read(struct.unpack("!i", length)[0] - 4)
        client.sendall(kind + length + body)
        if kind == b"Z":
            return bool(body == b"I")


def _error(code: str, text: str) -> bytes:
    body = b"".join(f"{field}{value}".encode() + b"\0" for field, value in (("S", "FATAL"), ("C", code), ("M", text)))
    return b"E" + struct.pack("!i", 5 + len(body)) + body + b"\0"


@contextmanager
def pooled(url: str, refusing: bool = False) -> Iterator[str]:
    pooler = Pooler(url, refusing)
    yield pooler.conninfo
    pooler.close()


def test_a_pooler_that_lends_by_transaction_is_refused_before_anything_is_made(server: str, tmp_path: Path) -> None:
    url = new_database(server)
    with pooled(url) as conninfo, pytest.raises(UnsafeServer, match="lends its servers by transaction"):
        schema.prepare(conninfo, tmp_path)
    assert list(tmp_path.iterdir()) == []
    with psycopg.connect(url) as conn:
        assert conn.execute("SELECT to_regnamespace('jinlin')").fetchone() == (None,)


def test_postgresql_itself_is_none(url: str) -> None:
    check_direct(url)
    check_safe(logins_of(url), Login)


def test_a_pooler_that_refuses_or_drops_the_settings_of_a_session_is_told_of(url: str) -> None:
    logins = logins_of(url)
    for refusing, why in ((True, "refuses the settings of a session"), (False, "settings of a session are dropped")):
        with pooled(url, refusing) as conninfo:
            there = type(logins)(conninfo, logins.installation, logins.passwords)
            with pytest.raises(UnsafeServer, match=why):
                check_safe(there)
