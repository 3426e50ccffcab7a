"""The border of every request: an id, limits, headers of safety, one log line, one measure."""

import asyncio
import re
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.typed import tidy_pairs
from services.http.addresses import caller_of, subscriber_of
from services.http.admission import BODY_LIMIT, LARGEST_KEPT, Admission, Asked, carries, length_of
from services.http.arriving import Arriving
from services.http.devices import device_of
from services.http.forms import FormLimits, form_of
from services.http.networks import held_back, met
from services.http.packing import Packing, Takes, asked_from_here, takes
from services.http.problems import Problem, Unusable, failure_answer, language_of, problem_of
from services.http.slots import Slot, Slots
from services.http.who import Asker, asker_of, own_hosts, token_of
from services.log.randomness import random_bytes
from services.product import Product
from services.sessions.member import TooManyTries
from services.threads.try_later import TryLater

log = structlog.get_logger()

BESIDES = 100_000  # bytes of a form beside its file
MOST_KEPT, KEEPING_SECONDS = 60, 2.0  # fields of a form, when there is too much to do
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
_OF_BODY = (b"content-length", b"content-type", b"content-encoding")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = ("/static/", "/health/", "/metrics")
_ASKS = ("/health/ready", "/metrics")  # the database


@dataclass(frozen=True, slots=True)
class Upload:
    """Addresses at which a file comes, as a pattern that is searched for, and the ``largest`` request in bytes."""

    addresses: str
    largest: int


class Border:
    """ASGI middleware around everything. Of ``uploads`` the first one counts whose pattern is found in a path."""

    def __init__(self, app: ASGIApp, product: Product, slots: Slots, uploads: Sequence[Upload] = ()) -> None:
        self._app = app
        self._product = product
        self._slots = slots
        self._kept: dict[tuple[type[Exception], bool, str], Response] = {}
        self._uploads = [(re.compile(each.addresses), each.largest) for each in uploads]
        headers = _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if product.settings.secure else {})
        self._of_files = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self._of_answers = [*self._of_files, (b"cache-control", b"no-store")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, outer = time.perf_counter(), scope
        asked: Asked = dict(reversed(scope["headers"]))  # the first of each name, as everywhere
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=random_bytes(8).hex())
        # a copy: the server sends no body because it knows that HEAD was asked, and the application answers as to GET
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        scope = {**scope, "method": method, "asked": scope["method"], "query_string": _tidy_query(scope)}
        scope.setdefault("state", {})
        answer = _Answer(self, scope, asked, send)
        try:
            await self._led_in(scope, asked, receive, answer, self._packing(scope, asked, answer))
        finally:
            outer["route"] = scope.get("route")  # for whoever stands around the border
            self._tell(scope, answer.status, time.perf_counter() - started)

    def _packing(self, scope: Scope, asked: Asked, answer: "_Answer") -> Packing:
        """The way of an answer. ``packs`` of the request's state says whether pages may come packed already."""
        wish, request = _wish(asked), Request(scope)
        own = wish.gzip and asked_from_here(request.headers, scope["query_string"], own_hosts(request))
        scope["state"]["packs"] = own
        return Packing(answer, wish, own, lambda: _secrets_of(scope["state"].get("asker")))

    async def _led_in(self, scope: Scope, asked: Asked, receive: Receive, answer: "_Answer", send: Send) -> None:
        """Who asks and whether there is room comes first, then the application; nothing of a body is read before."""
        request, path = Request(scope, receive), scope["path"]
        largest = self._largest(path)
        if not self._in_step(request):
            await held_back(request, self._network(scope))
            await self._hasty(request, TooManyTries(1))(
                scope, receive, answer
            )  # packing would cost more than all of it
            return
        refused = _refused(scope, asked, largest)
        if refused is not None:
            await failure_answer(request, refused, Unusable(refused.status, refused.code))(scope, receive, send)
            return
        asker, slot = await self._known(request)
        admission = Admission(request, asked, self._product, self._slots.files, largest)
        answer.body = arriving = Arriving(receive, carries(asked), slot, admission)
        try:
            if slot.enter():
                await self._app(scope, arriving, send)
            elif asker.member is None:
                await self._hasty(request, TryLater())(scope, receive, answer)
            else:
                answer.body = Arriving(receive, carries(asked), Slot(None), admission)
                await _keep_typed(Request(scope, answer.body))
                await failure_answer(request, problem_of(TryLater()), TryLater())(scope, receive, send)
        finally:
            slot.leave()
            admission.over()

    def _in_step(self, request: Request) -> bool:
        """Whether a stranger's network asks no faster than we look at what it asks."""
        token, _ = token_of(request, self._product)
        if token is not None and self._product.sessions.gave_out(token):
            return True
        slots, path = self._slots, request.scope["path"]
        crowd = slots.crowd
        if path.startswith(_QUIET):
            crowd = slots.fetching if path.startswith("/static/") else slots.probing
        elif (device := device_of(request)) is not None:
            return slots.of_device.allows(device, time.monotonic())
        return crowd.allows(self._network(request.scope), time.monotonic())

    def _network(self, scope: Scope) -> str:
        """From where somebody asks."""
        return subscriber_of(caller_of(scope, self._product.settings.proxies))

    def _hasty(self, request: Request, error: TooManyTries | TryLater) -> Response:
        """An answer that costs nothing, since many may be wanted; drawn once for each language."""
        kind = type(error), request.scope["path"].startswith("/api/"), language_of(request)
        kept = self._kept.get(kind)
        if kept is None:
            path = "/api/" if kind[1] else "/"
            drawn = Request({**request.scope, "path": path, "query_string": b""})
            kept = self._kept[kind] = failure_answer(drawn, problem_of(error), error)
        request.state.hasty = True
        return kept

    async def _known(self, request: Request) -> tuple[Asker, Slot]:
        """Who asks and the slot of this request. Whoever may be made up is looked up in a slot of strangers."""
        slots, address = self._slots, self._network(request.scope)
        if request.scope["path"].startswith(_QUIET):
            return Asker(), Slot(slots.probes if request.scope["path"] in _ASKS else None, address)
        token, _ = token_of(request, self._product)
        if token is None:
            request.state.asker = Asker()
            met(request, address, None)
            await slots.turns.mine(self._members_at_work)
            device = device_of(request)
            return Asker(), Slot(slots.strangers, address) if device is None else Slot(slots.devices, device)
        ours = self._product.sessions.gave_out(token)
        slot = Slot(slots.looked_up, token) if ours else Slot(slots.strangers, address)
        if not ours:
            await slots.turns.mine(self._members_at_work)
        if not slot.enter():
            return Asker(), slot
        try:
            asker = await asker_of(request)
        finally:
            slot.leave()
        met(request, address, token if asker.member else None)
        if asker.member is None and not (ours and asker.broken):
            return asker, Slot(slots.strangers, token if ours else address)  # a device that was signed in before
        return asker, Slot(slots.streams if request.scope["path"] == "/live" else slots.signed_in, token)

    def _members_at_work(self) -> int:
        return self._slots.looked_up.taken + self._slots.signed_in.taken

    def _largest(self, path: str) -> int | None:
        """Bytes of a form with a file at this address; ``None`` where none is sent."""
        return next((largest for found, largest in self._uploads if found.search(path)), None)

    def dressed(self, headers: Iterable[tuple[bytes, bytes]], path: str) -> list[tuple[bytes, bytes]]:
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
        method = scope["asked"] if scope["asked"] in _METHODS else "other"
        self._product.metrics.answered(method, name, status, seconds)
        if scope["path"].startswith(_QUIET) or "hasty" in scope["state"]:
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


class _Answer:
    """ASGI ``send``: dresses an answer, leaves out what the caller has already, says so where a body stays unread."""

    def __init__(self, border: Border, scope: Scope, asked: Asked, send: Send) -> None:
        self._border = border
        self._scope = scope
        self._asked = asked
        self._send = send
        self._bodiless = scope["asked"] == "HEAD"
        self._ended = False
        self.status = 500
        self.body: Arriving | None = None  # of the request, once it may be read

    async def __call__(self, message: Message) -> None:
        if self._ended:  # a body that nobody asked for goes on by itself
            return
        if message["type"] == "http.response.start":
            await self._send(self._begun(message))
        elif self._bodiless:
            self._ended = True
            await self._send({"type": "http.response.body", "body": b""})
        else:
            await self._send(message)

    def _begun(self, message: Message) -> Message:
        headers, self.status = self._border.dressed(message["headers"], self._scope["path"]), message["status"]
        if self.status == 200 and self._scope["method"] == "GET" and _seen_before(self._asked, headers):
            self._bodiless, self.status = True, 304
            headers = [each for each in headers if each[0] not in _OF_BODY]
        if self.body is not None:
            self.body.answered = True
        if carries(self._asked) if self.body is None else self.body.unread:
            headers.append((b"connection", b"close"))  # nobody waits for what still comes
        return {**message, "status": self.status, "headers": headers}


async def _keep_typed(request: Request) -> None:
    """What a person has typed into a form stands on the page that asks to send it again; it is not lost."""
    kind, length = request.headers.get("content-type", ""), request.headers.get("content-length", "")
    if kind.startswith("application/x-www-form-urlencoded") and length.isdigit() and int(length) <= LARGEST_KEPT:
        with suppress(Exception):  # it is kept where that is possible; that there is too much to do is said in any case
            async with asyncio.timeout(KEEPING_SECONDS):
                form = await form_of(request, FormLimits(fields=MOST_KEPT))
            request.state.typed = {name: value for name, value in form.multi_items() if isinstance(value, str)}


def _refused(scope: Scope, asked: Asked, largest: int | None) -> Problem | None:
    """What can be refused before anybody is asked: texts that cannot be kept, bodies too long or of a wrong kind."""
    path: str = scope["path"]
    if "\0" in path:
        return Problem(404, "not_found")
    query: bytes = scope.get("query_string", b"")
    if b"%00" in query or not query.isascii():
        return Problem(422, "unreadable_text")
    length = length_of(asked)
    if length is not None and length > (largest or BODY_LIMIT):
        return Problem(413, "too_large")
    if _wish(asked).none:
        return Problem(406, "coding")
    if not path.startswith("/api/") or not carries(asked) or scope["method"] == "GET":
        return None
    kind = asked.get(b"content-type", b"").split(b";")[0].strip().lower()
    wanted = "application/json" if largest is None else "multipart/form-data"
    return None if kind == wanted.encode() else Problem(415, "content_type", {"wanted": wanted})


def _wish(asked: Asked) -> Takes:
    said = asked.get(b"accept-encoding")
    return takes(None if said is None else said.decode("latin-1"))


def _secrets_of(asker: Asker | None) -> Sequence[bytes]:
    """What stands on pages of whoever asks and nobody else may learn, not by its length either."""
    return () if asker is None or asker.member is None else (asker.member.csrf.encode(),)


def _tidy_query(scope: Scope) -> bytes:
    """The query with its texts as they were meant, however they were typed."""
    query: bytes = scope.get("query_string", b"")
    if b"%" not in query or b"%00" in query or not query.isascii():
        return query
    pairs = parse_qsl(query.decode(), keep_blank_values=True)
    plain = tidy_pairs(pairs)
    return query if plain == pairs else urlencode(plain).encode()


def _seen_before(asked: Asked, headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether the caller has this version already, by ``If-None-Match``; a strong tag meets its weak form."""
    known = asked.get(b"if-none-match")
    tag = next((value for name, value in headers if name == b"etag"), None) if known is not None else None
    if known is None or tag is None:
        return False
    tags = {each.strip().removeprefix(b"W/") for each in known.split(b",")}
    return b"*" in tags or tag.removeprefix(b"W/") in tags
