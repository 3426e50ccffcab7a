"""Acts as routes: declared with ``act_at``, documented by the framework, served with everything worked out once.

Every act takes the same few things: who asks, the headers of asking, an address, a body. The framework works out anew
for each request what to do about them, which costs more than the act itself.
"""

import inspect
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.params import Depends, Path
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from services.http.acting import Asking, asking_of
from services.http.problems import Unusable
from services.http.who import is_permission
from services.product import Product

RECEIPT_HEADER = "Jinlin-Receipt"

_Endpoint = Callable[..., Awaitable[Any]]
_E = TypeVar("_E", bound=_Endpoint)


def act_at(
    router: APIRouter,
    path: str,
    *,
    status_code: int | None = None,
    name: str | None = None,
    description: str | None = None,
    responses: dict[int | str, dict[str, Any]] | None = None,
) -> Callable[[_E], _E]:
    """``POST path`` is this act. Raises ``TypeError`` where it takes what no act takes, or would hold up the others."""

    def add(endpoint: _E) -> _E:
        router.add_api_route(
            path, endpoint, methods=["POST"], status_code=status_code, name=name, description=description,
            responses=responses, route_class_override=ActRoute,
        )  # fmt: skip
        return endpoint

    return add


class ActRoute(APIRoute):
    """A route as the framework documents it, and the act that answers there."""

    @cached_property
    def act(self) -> "Act":
        """What answers."""
        return Act(self.endpoint, self.status_code or 200)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        return self.act.answer


class Act:
    """ASGI: meets the needs of an endpoint, awaits it, and answers with what it returns as JSON."""

    def __init__(self, endpoint: _Endpoint, status: int) -> None:
        if not inspect.iscoroutinefunction(endpoint):
            raise TypeError(f"{endpoint.__name__} waits for the database, which acts leave to the log")
        self._endpoint = endpoint
        self._needs = _Needs(endpoint)
        self._status = status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.answer(Request(scope, receive))
        await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """The answer. Raises what the endpoint and its permission raise, ``Unusable``, ``RequestValidationError``."""
        response = _Json(self._status)
        said = await self._endpoint(**await self._needs.met(request, response))
        if wants_receipt(request):
            said = await _with_receipt(request, said)
        response.hold(said)
        return response


def wants_receipt(request: Request) -> bool:
    """Whether the answer is to say where in the audit trail the act stands: by ``?receipt=1`` or a header."""
    query: bytes = request.scope["query_string"]
    asked = b"receipt" in query and request.query_params.get("receipt", "")
    return (asked or request.headers.get(RECEIPT_HEADER, "0")) not in ("", "0", "no")


async def _with_receipt(request: Request, said: Any) -> Any:
    """The answer with ``receipt`` in it, for an act that answers with an object."""
    told = getattr(request.app.state, "receipts", None)
    receipt = await told(request) if told is not None else None
    plain = msgspec.to_builtins(said)
    return {**plain, "receipt": receipt} if receipt is not None and isinstance(plain, dict) else said


class _Json(Response):
    """The headers of an answer while its act is under way, then the answer."""

    def __init__(self, status: int) -> None:
        self.status_code = status
        self.background = None
        self.raw_headers = [(b"content-type", b"application/json")]

    def hold(self, said: Any) -> None:
        self.body = msgspec.json.encode(said)
        self.raw_headers.append((b"content-length", str(len(self.body)).encode()))


@dataclass(slots=True)
class _Call:
    """One request for an act: ``said`` is the JSON of its body ``raw``, ``wrongs`` what is found wrong with it."""

    request: Request
    response: Response
    raw: bytes
    said: Any
    wrongs: list[dict[str, Any]] = field(default_factory=list)


_Take = Callable[[_Call], Any]


class _Needs:
    """What an endpoint takes, by name."""

    def __init__(self, endpoint: _Endpoint) -> None:
        hints = get_type_hints(endpoint, include_extras=True)
        self._permissions: list[tuple[str, Any]] = []
        self._others: list[tuple[str, _Take]] = []
        for name, parameter in inspect.signature(endpoint).parameters.items():
            plain, *notes = get_args(hints[name]) if get_origin(hints[name]) is Annotated else (hints[name],)
            demanded = next((note.dependency for note in notes if isinstance(note, Depends)), None)
            if is_permission(demanded):
                self._permissions.append((name, demanded))
            else:
                self._others.append((name, _taken(name, plain, notes, parameter.default)))

    async def met(self, request: Request, response: Response) -> dict[str, Any]:
        """The values of all parameters. Nothing of the body is read before it is known who asks."""
        values = {name: await permission(request) for name, permission in self._permissions}
        raw = await _read(request.receive)
        call = _Call(request, response, raw, _parsed(raw))
        for name, take in self._others:
            values[name] = take(call)
        if call.wrongs:
            raise RequestValidationError(call.wrongs)
        return values


def _taken(name: str, plain: Any, notes: list[Any], default: Any) -> _Take:
    """How a parameter that is no permission comes by its value. Raises ``TypeError`` for what no act takes."""
    if plain in _OF_EVERY_CALL:
        return _OF_EVERY_CALL[plain]
    if plain in (UUID, str):
        alias = next((note.alias for note in notes if isinstance(note, Path)), None) or name
        return partial(_address, alias, TypeAdapter(plain).validator.validate_python)
    model = next((each for each in (plain, *get_args(plain)) if _is_model(each)), None)
    if model is None:
        raise TypeError(f"no act takes {name}: {plain}")
    required = any(each.is_required() for each in model.model_fields.values())
    needed = (default is inspect.Parameter.empty or required) and NoneType not in get_args(plain)
    if needed:
        return partial(_body, model.__pydantic_validator__.validate_python, None)
    return partial(_body, model.__pydantic_validator__.validate_python, model)


def _is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _product(call: _Call) -> Product:
    product: Product = call.request.app.state.product
    return product


_OF_EVERY_CALL: Mapping[Any, _Take] = {
    Request: lambda call: call.request,
    Response: lambda call: call.response,
    Product: _product,
    Asking: lambda call: asking_of(call.request, call.raw, call.said),
}


async def _read(receive: Receive) -> bytes:
    """The body of a request, which mostly comes in one piece. Raises ``ClientDisconnect``."""
    pieces, more = [], True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except (ValueError, RecursionError):
        raise Unusable(400, "body") from None


def _address(alias: str, validated: Callable[[Any], Any], call: _Call) -> Any:
    try:
        return validated(call.request.path_params[alias])
    except ValidationError as wrong:
        call.wrongs += [dict(each, loc=("path", alias)) for each in wrong.errors(include_url=False)]
        return None


def _body(validated: Callable[[Any], Any], otherwise: Callable[[], Any] | None, call: _Call) -> Any:
    """``otherwise`` makes the body of a request that has none; without it there must be one."""
    if not call.raw:
        if otherwise is None:
            call.wrongs.append({"type": "missing", "loc": ("body",)})
        return otherwise and otherwise()
    try:
        return validated(call.said)
    except ValidationError as wrong:
        call.wrongs += [dict(each, loc=("body", *each["loc"])) for each in wrong.errors(include_url=False)]
        return None
