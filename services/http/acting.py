"""What every act has in common on its way in and out: key, version seen, outcome, position to wait for."""

import hashlib
import hmac
import json
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response

from domain.refusal import Refusal
from projections.projection import View
from services.commands.ask import Answer, Ask, Forbidden, Stale
from services.commands.plan import PlanFor
from services.http.problems import Unusable
from services.http.showing import lagging
from services.http.who import SignedIn, TheProduct
from services.log.not_found import NotFound
from services.product import Product
from services.runtime import traces
from services.sessions.member import Member

A = TypeVar("A", bound=Answer)

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_REFUSALS = (Refusal, Forbidden, NotFound, Stale)
_ETAG = re.compile(r'"(\d{1,9})"')


@dataclass(frozen=True, slots=True)
class Asking:
    """The headers of an act."""

    key: str | None
    fingerprint: bytes
    expected_version: int | None

    def by(self, member: Member, occurred_at: datetime | None = None) -> Ask:
        """The act's envelope for this member."""
        return Ask(member.caller, occurred_at, self.expected_version, self.key, self.fingerprint)


_Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="Repeats get the first answer; 1 to 128 visible ASCII characters."),
]


async def _asking(
    request: Request,
    _idempotency_key: _Key = None,
    _if_match: Annotated[
        str | None, Header(alias="If-Match", description='The version seen, as in ETag: `"7"`.')
    ] = None,
) -> Asking:
    return await _asked(request)


async def _asking_of_several(request: Request, _idempotency_key: _Key = None) -> Asking:
    return await _asked(request)


async def _asked(request: Request) -> Asking:
    raw = await request.body()
    try:
        said = json.loads(raw) if raw else None
    except (ValueError, RecursionError):
        said = None
    return asking_of(request, raw, said)


AskingNow = Annotated[Asking, Depends(_asking)]  # of one thing: its version is asked for, and told in ``ETag``
AskingOfSeveral = Annotated[Asking, Depends(_asking_of_several)]  # there is no one version to ask for or to tell


def asking_of(request: Request, raw: bytes, said: Any) -> Asking:
    """The headers of an act with the body ``raw``, which says ``said`` if it is JSON. Raises ``Unusable``."""
    key = key_of(request.headers.get("idempotency-key"))
    product: Product = request.app.state.product
    told_by = fingerprint(product, request, raw if said is None else _canonical(said, raw)) if key is not None else b""
    return Asking(key, told_by, version_of(request.headers.get("if-match")))


def key_of(said: str | None) -> str | None:
    """A key as it may be kept, from wherever it came. Raises ``Unusable``."""
    if said is not None and not _KEY.fullmatch(said):
        raise Unusable(400, "idempotency_key")
    return said


def _canonical(said: Any, raw: bytes) -> bytes:
    """The same for the same JSON, however it was spaced and ordered."""
    try:
        return _CANONICAL.encode(said).encode()
    except RecursionError:
        return raw


def fingerprint(product: Product, request: Request, body: bytes) -> bytes:
    """Tells two requests under one key apart, and tells nothing else about them."""
    said = f"{request.method} {request.scope['path']}\n".encode() + body
    return hmac.new(product.secret, said, hashlib.sha256).digest()  # hmac.digest gives up the interpreter's lock


def version_of(if_match: str | None) -> int | None:
    """The version in an ``If-Match`` header."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise Unusable(400, "if_match")
    return int(found[1])


def perform(request: Request, command: str, do: Callable[[], A]) -> A:
    """Do one act; tells the log line and the metrics how it went."""
    with traces.span(command, {"jinlin.command": command}) as span, _Told(request, command, span):
        answer = do()
    return _noted(request, answer)


async def performing(request: Request, product: Product, command: str, ask: Ask, plan: PlanFor[A]) -> A:
    """``perform`` for the event loop."""
    with traces.span(command, {"jinlin.command": command}) as span, _Told(request, command, span):
        answer = await product.handler.doing(ask, plan)
    return _noted(request, answer)


class _Told:
    """How the act within went: told when it has ended, in whatever way."""

    __slots__ = ("_command", "_request", "_span")

    def __init__(self, request: Request, command: str, span: traces.Span) -> None:
        self._request = request
        self._command = command
        self._span = span

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        outcome = "done" if kind is None else "refused" if issubclass(kind, _REFUSALS) else "broken"
        state = self._request.state
        state.command, state.outcome = self._command, outcome
        product: Product = self._request.app.state.product
        product.metrics.commands.labels(self._command, outcome).inc()
        self._span.tell({"jinlin.outcome": outcome})


def _noted(request: Request, answer: A) -> A:
    request.state.version = answer.version
    request.state.answered = answer
    own_writes: OwnWrites = request.app.state.own_writes
    own_writes.note(request.state.person, answer.position)
    return answer


class OwnWrites:
    """How far into the log each person has written, so that whoever just did something sees it done."""

    _MOST = 10_000

    def __init__(self) -> None:
        self._lock = Lock()
        self._positions: OrderedDict[UUID, int] = OrderedDict()

    def note(self, person: UUID, position: int) -> None:
        with self._lock:
            self._positions[person] = max(position, self._positions.pop(person, 0))
            while len(self._positions) > self._MOST:
                self._positions.popitem(last=False)

    def last(self, person: UUID) -> int:
        with self._lock:
            return self._positions.get(person, 0)


def own_position(request: Request, person: UUID, after: int = 0) -> int:
    """How far into the log this person has written, or the position that the address names if that is later."""
    own_writes: OwnWrites = request.app.state.own_writes
    return max(after, own_writes.last(person))


def showing(*views: View[Any]) -> Any:
    """For a route that tells what these views hold; ``X-View-Lags`` says that they lag."""

    def caught_up(
        request: Request,
        response: Response,
        product: TheProduct,
        who: SignedIn,
        after: Annotated[int | None, Query(ge=0, le=2**62, description="Position that the answer should show.")] = None,
    ) -> None:
        if lagging(product, own_position(request, who.person, after or 0), views):
            response.headers["X-View-Lags"] = "true"

    return Depends(caught_up)


def etag(version: int) -> str:
    """The entity tag of a stream's version."""
    return f'"{version}"'
