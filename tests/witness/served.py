"""A witness that answers on a port of its own, for tests."""

import asyncio
import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Queue
from threading import Event, Thread

from services.tlog.note import COSIGNATURE, Signer
from services.witness.answering import Witness
from services.witness.serving import Bounds, Server
from services.witness.state import State
from tests.clock import PATIENCE
from tests.witness.growing import ORIGIN, Log

WITNESS = Signer("witness.example/wang", bytes(32), COSIGNATURE)
USUAL = Bounds()


@dataclass
class Listening:
    port: int

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, str, str]:
        way = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            way.request(method, path, body)
            answer = way.getresponse()
            return answer.status, answer.read().decode(), answer.headers["Content-Type"]
        finally:
            way.close()

    def raw(self, *parts: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), 20) as way:
            for part in parts:
                way.sendall(part)
            came = b""
            while more := way.recv(65_536):
                came += more
            return came


@contextmanager
def serving(
    folder: Path, bounds: Bounds = USUAL, signer: Signer = WITNESS, origin: str = ORIGIN, key: str = ""
) -> Iterator[Listening]:
    state = State(folder, make=True)
    with state.turn() as turn:
        turn.trust(origin, key or Log().signer.verifier.vkey())
    server = Server(Witness(state, signer, lambda: 7), lambda: "about\n", bounds)
    listening = socket.create_server(("127.0.0.1", 0))
    opened, ending = Event(), Queue[Callable[[], object]]()

    async def serve() -> None:
        over = asyncio.Event()
        ending.put(partial(asyncio.get_running_loop().call_soon_threadsafe, over.set))
        open_to_all = await asyncio.start_server(server.meet, sock=listening)
        opened.set()
        await over.wait()
        open_to_all.close()

    thread = Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    assert opened.wait(PATIENCE)
    try:
        yield Listening(listening.getsockname()[1])
    finally:
        ending.get()()
        thread.join(PATIENCE)
