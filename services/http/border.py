"""The border of every request: an id, limits, headers of safety, one log line, one measure."""

import asyncio
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.http.problems import Problem, Unusable, failure_answer, problem_of
from services.log.randomness import random_bytes
from services.runtime.metrics import Metrics
from services.threads.try_later import TryLater

log = structlog.get_logger()

_Asked = Mapping[bytes, bytes]  # headers of a request

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
_OF_BODY = (b"content-length", b"content-type")
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
        headers = _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})
        self._of_files = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self._of_answers = [*self._of_files, (b"cache-control", b"no-store")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status, unchanged = time.perf_counter(), 500, False
        path: str = scope["path"]
        asked: _Asked = dict(reversed(scope["headers"]))  # the first of each name, as everywhere
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=random_bytes(8).hex())
        scope.setdefault("state", {})
        bodiless = scope["method"] == "HEAD"
        if bodiless:
            scope["method"] = "GET"  # the same answer without its body

        async def sending(message: Message) -> None:
            nonlocal status, unchanged
            if message["type"] == "http.response.start":
                headers, status = self._dressed(message["headers"], path), message["status"]
                if status == 200 and scope["method"] == "GET" and _seen_before(asked, headers):
                    unchanged, status = True, 304
                    headers = [each for each in headers if each[0] not in _OF_BODY]
                message = {**message, "status": status, "headers": headers}
            elif unchanged or bodiless:
                message = {**message, "body": b""}
            await send(message)

        counts, largest = not path.startswith(_UNCOUNTED), self._largest(path)
        busy = counts and self._under_way >= MOST_UNDER_WAY
        refused = problem_of(TryLater()) if busy else _refused(scope, asked, largest)
        try:
            if refused is not None:
                if busy:
                    await _keep_typed(Request(scope, receive))
                await failure_answer(Request(scope), refused, TryLater())(scope, receive, sending)
            else:
                self._under_way += counts
                try:
                    await self._app(scope, _within(largest or BODY_LIMIT, receive), sending)
                finally:
                    self._under_way -= counts
        finally:
            self._tell(scope, status, time.perf_counter() - started)

    def _largest(self, path: str) -> int | None:
        """Bytes of a form with a file at this address; ``None`` where none is sent."""
        return next((largest for found, largest in self._uploads if found.search(path)), None)

    def _dressed(self, headers: Iterable[tuple[bytes, bytes]], path: str) -> list[tuple[bytes, bytes]]:
        """The headers of an answer with those of safety, where it has none of its own."""
        said = list(headers)
        names = {name for name, _ in said}
        said += [
            each
            for each in (self._of_files if path.startswith("/static/") else self._of_answers)
            if each[0] not in names
        ]
        return said

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        name = getattr(route, "path", "-")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.answered(method, name, status, seconds)
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


def _within(limit: int, receive: Receive) -> Receive:
    """Refuses to go on reading a body beyond ``limit`` bytes."""
    read = 0

    async def counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise Unusable(413, "too_large")
        return message

    return counted


async def _keep_typed(request: Request) -> None:
    """What a person has typed into a form stands on the page that asks to send it again; it is not lost."""
    kind, length = request.headers.get("content-type", ""), request.headers.get("content-length", "")
    if kind.startswith("application/x-www-form-urlencoded") and length.isdigit() and int(length) <= LARGEST_KEPT:
        with suppress(TimeoutError, HTTPException, ClientDisconnect, ValueError):
            async with asyncio.timeout(KEEPING_SECONDS):
                form = await request.form(max_fields=MOST_KEPT)
            request.state.typed = {name: value for name, value in form.multi_items() if isinstance(value, str)}


def _refused(scope: Scope, asked: _Asked, largest: int | None) -> Problem | None:
    """What can be refused before anything is read: bodies too long or of a kind that a JSON route does not take."""
    path: str = scope["path"]
    if not path.startswith("/api/"):
        return None  # the console reads first, so that it can say so on a page
    length = asked.get(b"content-length", b"0")
    if length.isdigit() and int(length) > (largest or BODY_LIMIT):
        return Problem(413, "too_large")
    carries = (length.isdigit() and int(length) > 0) or b"transfer-encoding" in asked
    if not carries or scope["method"] in ("GET", "HEAD"):
        return None
    kind = asked.get(b"content-type", b"").split(b";")[0].strip().lower()
    wanted = "application/json" if largest is None else "multipart/form-data"
    return None if kind == wanted.encode() else Problem(415, "content_type", {"wanted": wanted})


def _seen_before(asked: _Asked, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the caller has this version already, by ``If-None-Match``; a strong tag meets its weak form."""
    known = asked.get(b"if-none-match")
    tag = next((value for name, value in headers if name == b"etag"), None) if known is not None else None
    if known is None or tag is None:
        return False
    tags = {each.strip().removeprefix(b"W/") for each in known.split(b",")}
    return b"*" in tags or tag.removeprefix(b"W/") in tags
