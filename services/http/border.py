"""The border of every request: an id, limits, headers of safety, one log line, one measure."""

import asyncio
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.http.problems import Problem, Unusable, problem_of, told
from services.log.randomness import random_bytes
from services.runtime.metrics import Metrics
from services.threads.try_later import TryLater

log = structlog.get_logger()

BODY_LIMIT = 1_000_000
BESIDES = 100_000  # bytes of a form beside its file
MOST_UNDER_WAY = 200  # requests at once; what comes beyond is told to come again instead of waiting without end
LARGEST_KEPT, MOST_KEPT, KEEPING_SECONDS = 64_000, 60, 2.0  # bytes and fields of a form, when there is too much to do
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = ("/static/", "/health/", "/metrics")
_UNCOUNTED = (*_QUIET, "/live")  # they wait for nothing, or by design


@dataclass(frozen=True, slots=True)
class Upload:
    """Addresses at which a file comes, as a pattern that is searched for, and the ``largest`` request in bytes."""

    addresses: str
    largest: int


class Border:
    """ASGI middleware around everything. Of ``uploads`` the first one counts whose pattern is found in a path."""

    def __init__(self, app: ASGIApp, metrics: Metrics, secure: bool, uploads: Sequence[Upload] = ()) -> None:
        self._app = app
        self._metrics = metrics
        self._uploads = [(re.compile(each.addresses), each.largest) for each in uploads]
        self._under_way = 0
        self._headers = _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status, unchanged = time.perf_counter(), 500, False
        path: str = scope["path"]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=random_bytes(8).hex())
        scope.setdefault("state", {})
        bodiless = scope["method"] == "HEAD"
        if bodiless:
            scope["method"] = "GET"  # the same answer without its body

        async def sending(message: Message) -> None:
            nonlocal status, unchanged
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                self._dress(headers, path)
                if _seen_before(scope, message["status"], headers):
                    unchanged, message["status"] = True, 304
                    del headers["content-length"], headers["content-type"]
                status = message["status"]
            elif unchanged or bodiless:
                message = {**message, "body": b""}
            await send(message)

        busy = self._under_way >= MOST_UNDER_WAY and not path.startswith(_UNCOUNTED)
        refused = problem_of(TryLater()) if busy else self._refused(scope)
        if refused is not None:
            if busy:
                await _keep_typed(Request(scope, receive))
            await told(Request(scope), refused, TryLater())(scope, receive, sending)
        else:
            await self._counted(scope, receive, sending)
        self._tell(scope, status, time.perf_counter() - started)

    async def _counted(self, scope: Scope, receive: Receive, send: Send) -> None:
        counts = not scope["path"].startswith(_UNCOUNTED)
        self._under_way += counts
        try:
            await self._within_limit(scope, receive, send)
        finally:
            self._under_way -= counts

    async def _within_limit(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit, read = self._largest(scope["path"]) or BODY_LIMIT, 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit:
                raise Unusable(413, "too_large")
            return message

        await self._app(scope, counted, send)

    def _largest(self, path: str) -> int | None:
        """Bytes of a form with a file at this address; ``None`` where none is sent."""
        return next((largest for found, largest in self._uploads if found.search(path)), None)

    def _refused(self, scope: Scope) -> Problem | None:
        """What can be refused before anything is read: bodies too long or of a kind that a JSON route does not take."""
        if not scope["path"].startswith("/api/"):
            return None  # the console reads first, so that it can say so on a page
        headers, largest = Headers(scope=scope), self._largest(scope["path"])
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > (largest or BODY_LIMIT):
            return Problem(413, "too_large")
        carries = (length.isdigit() and int(length) > 0) or "transfer-encoding" in headers
        if not carries or scope["method"] in ("GET", "HEAD"):
            return None
        wanted = "application/json" if largest is None else "multipart/form-data"
        kind = headers.get("content-type", "").split(";")[0].strip().lower()
        return None if kind == wanted else Problem(415, "content_type", {"wanted": wanted})

    def _dress(self, headers: MutableHeaders, path: str) -> None:
        for name, value in self._headers.items():
            if name not in headers:
                headers[name] = value
        if not path.startswith("/static/") and "cache-control" not in headers:
            headers["Cache-Control"] = "no-store"

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        name = getattr(route, "path", "-")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.latency.labels(method, name, str(status)).observe(seconds)
        if scope["path"].startswith(_QUIET):
            return
        state = scope["state"]
        log.info(
            "request",
            method=method,
            route=name,
            status=status,
            code=state.get("code"),
            command=state.get("command"),
            outcome=state.get("outcome"),
            version=state.get("version"),
            milliseconds=round(seconds * 1000, 1),
        )


async def _keep_typed(request: Request) -> None:
    """What a person has typed into a form stands on the page that asks to send it again; it is not lost."""
    kind, length = request.headers.get("content-type", ""), request.headers.get("content-length", "")
    if kind.startswith("application/x-www-form-urlencoded") and length.isdigit() and int(length) <= LARGEST_KEPT:
        with suppress(TimeoutError, HTTPException, ClientDisconnect, ValueError):
            async with asyncio.timeout(KEEPING_SECONDS):
                form = await request.form(max_fields=MOST_KEPT)
            request.state.typed = {name: value for name, value in form.multi_items() if isinstance(value, str)}


def _seen_before(scope: Scope, status: int, headers: Headers) -> bool:
    """Whether the caller has this version already, by ``If-None-Match``; a strong tag meets its weak form."""
    known = Headers(scope=scope).get("if-none-match")
    tag = headers.get("etag")
    if known is None or tag is None or status != 200 or scope["method"] not in ("GET", "HEAD"):
        return False
    tags = {each.strip().removeprefix("W/") for each in known.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags
