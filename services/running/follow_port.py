"""Where ``jinlin follow`` answers those who watch over it: alive, ready, figures, on a port of its own."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from threading import Thread

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.http.problems import RETRY_SECONDS
from services.running.watch import Watch
from services.runtime.metrics import CONTENT_TYPE

MOST_AT_ONCE = 20  # requests; there is one Prometheus, and one who asks whether it is ready
GRACE_SECONDS = 1


class CannotListen(Exception):
    """The address cannot be listened on; the text says why and what to do."""


@contextmanager
def answering(watch: Watch, host: str, port: int | None) -> Iterator[int | None]:
    """Answer as long as this lasts; the port, where there is one. Raises ``CannotListen``."""
    if port is None:
        yield None
        return
    try:
        listening = socket.create_server((host, port), family=_family(host))
    except OSError as wrong:
        raise CannotListen(f"cannot listen on {host} port {port} ({wrong.strerror}); set JINLIN_FOLLOW_PORT") from None
    with listening:
        config = uvicorn.Config(
            _application(watch), log_config=None, access_log=False, server_header=False, proxy_headers=False,
            limit_concurrency=MOST_AT_ONCE, timeout_keep_alive=5, timeout_graceful_shutdown=GRACE_SECONDS,
        )  # fmt: skip
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, name="follow-port", daemon=True)
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(2 * GRACE_SECONDS)


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _application(watch: Watch) -> Starlette:
    async def live(request: Request) -> Response:
        return JSONResponse({"live": True})

    async def ready(request: Request) -> Response:
        health = await asyncio.get_running_loop().run_in_executor(watch.answering, watch.health)
        again = {} if health.ready else {"Retry-After": str(RETRY_SECONDS)}
        return JSONResponse(asdict(health), 200 if health.ready else 503, again)

    async def metrics(request: Request) -> Response:
        figures = await asyncio.get_running_loop().run_in_executor(watch.answering, watch.figures)
        return Response(figures, media_type=CONTENT_TYPE)

    return Starlette(routes=[Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", metrics)])
