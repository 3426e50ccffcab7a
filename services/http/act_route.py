"""Routes of acts: documented by the framework, served the short way.

Every act takes the same few things: who asks, the headers of asking, an address, a body. The framework works out anew
for each request what to do about them, which costs more than the act itself; here it is worked out once.
"""

import inspect
import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.params import Depends, Path
from fastapi.routing import APIRoute
from pydantic import BaseModel, TypeAdapter, ValidationError

from services.http.acting import Asking, asking_of
from services.http.problems import Unusable
from services.http.who import PERMISSIONS
from services.product import House

_Handle = Callable[[Request], Coroutine[Any, Any, Response]]
_Wrongs = list[dict[str, Any]]


class ActRoute(APIRoute):
    """For ``APIRouter(route_class=...)``; a route that is not like an act is served the framework's way."""

    def get_route_handler(self) -> _Handle:
        if not inspect.iscoroutinefunction(self.endpoint) or self.methods != {"POST"}:
            return super().get_route_handler()
        needs = _Needs(self.endpoint)
        status = self.status_code or 200
        endpoint = self.endpoint

        async def handle(request: Request) -> Response:
            response = Response(media_type="application/json", status_code=status)
            values = await needs.met(request, response)
            response.body = msgspec.json.encode(await endpoint(**values))
            response.headers["Content-Length"] = str(len(response.body))
            return response

        return handle


class _Needs:
    """What an endpoint takes, by name. Raises ``TypeError`` for what no act takes."""

    def __init__(self, endpoint: Callable[..., Awaitable[Any]]) -> None:
        hints = get_type_hints(endpoint, include_extras=True)
        self._request: list[str] = []
        self._response: list[str] = []
        self._house: list[str] = []
        self._asking: list[str] = []
        self._permissions: list[tuple[str, Any]] = []
        self._addresses: list[tuple[str, str, TypeAdapter[Any]]] = []
        self._body: tuple[str, type[BaseModel], bool] | None = None
        for name, parameter in inspect.signature(endpoint).parameters.items():
            self._add(name, hints[name], parameter.default)

    def _add(self, name: str, hint: Any, default: Any) -> None:
        plain, *notes = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        demanded = next((note.dependency for note in notes if isinstance(note, Depends)), None)
        model = next((each for each in (plain, *get_args(plain)) if _is_model(each)), None)
        for known, names in (
            (Request, self._request), (Response, self._response), (House, self._house), (Asking, self._asking),
        ):  # fmt: skip
            if plain is known:
                names.append(name)
                return
        if demanded in PERMISSIONS:
            self._permissions.append((name, demanded))
        elif plain in (UUID, str):
            alias = next((note.alias for note in notes if isinstance(note, Path)), None)
            self._addresses.append((name, alias or name, TypeAdapter(plain)))
        elif model is not None:
            optional = NoneType in get_args(plain)
            needed = default is inspect.Parameter.empty or any(
                each.is_required() for each in model.model_fields.values()
            )
            self._body = (name, model, needed and not optional)
        else:
            raise TypeError(f"no act takes {name}: {hint}")

    async def met(self, request: Request, response: Response) -> dict[str, Any]:
        """The values of all parameters. Raises what the permissions raise, ``Unusable``, ``RequestValidationError``."""
        values: dict[str, Any] = dict.fromkeys(self._request, request)
        values |= dict.fromkeys(self._response, response)
        values |= dict.fromkeys(self._house, request.app.state.house)
        for name, permission in self._permissions:
            values[name] = await permission(request)
        raw = await request.body()
        said = _parsed(raw)
        for name in self._asking:
            values[name] = asking_of(request, raw, said)
        wrongs: _Wrongs = []
        for name, alias, kind in self._addresses:
            values[name] = _address(request.path_params, alias, kind, wrongs)
        if self._body is not None:
            name, model, needed = self._body
            values[name] = _body(model, said, needed, raw, wrongs)
        if wrongs:
            raise RequestValidationError(wrongs)
        return values


def _is_model(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, BaseModel)


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except (ValueError, RecursionError):
        raise Unusable(400, "body") from None


def _address(given: Mapping[str, Any], alias: str, kind: TypeAdapter[Any], wrongs: _Wrongs) -> Any:
    try:
        return kind.validate_python(given[alias])
    except ValidationError as wrong:
        wrongs += [dict(each, loc=("path", alias)) for each in wrong.errors(include_url=False)]
        return None


def _body(model: type[BaseModel], said: Any, needed: bool, raw: bytes, wrongs: _Wrongs) -> BaseModel | None:
    if not raw:
        if needed:
            wrongs.append({"type": "missing", "loc": ("body",)})
        return None if needed else model()
    try:
        return model.model_validate(said)
    except ValidationError as wrong:
        wrongs += [dict(each, loc=("body", *each["loc"])) for each in wrong.errors(include_url=False)]
        return None
