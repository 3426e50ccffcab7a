"""Where each address leads: the routes of all routers laid out once, so that a request finds its own at one look.

The framework asks one router after the other and each of its routes, and asks the chosen one's twice: for the pages,
which come last, that costs more than most of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from fastapi.routing import APIRoute, APIRouter, RouteContext, iter_route_contexts
from starlette.convertors import StringConvertor
from starlette.types import ASGIApp, Receive, Scope, Send

from services.http.act_route import ActRoute
from services.http.who import Permission, is_permission

_Key = tuple[str, int, str | None]  # method, number of parts, the last part or that it is a parameter


@dataclass(frozen=True, slots=True)
class Place:
    """What answers at an address of the form ``path``, as ``scope["route"]`` names it.

    ``permissions`` is what it demands of who asks; where that is nothing, everybody may.
    """

    path: str
    form: re.Pattern[str]
    methods: frozenset[str]
    app: ASGIApp
    permissions: tuple[Permission, ...]

    @property
    def parts(self) -> int:
        return self.path.count("/")

    @property
    def last(self) -> str | None:
        """The last part of the address; ``None`` where it holds a parameter."""
        last = self.path.rpartition("/")[2]
        return None if "{" in last else last


class Directory:
    """ASGI: leads each request to the first route that takes its method and address, in the order of inclusion.

    What no route takes is left to the framework: it says 404 or 405.
    """

    def __init__(self, router: APIRouter) -> None:
        self._otherwise = AsyncExitStackMiddleware(router)
        self.places = [each for each in map(_place, iter_route_contexts(router.routes)) if each is not None]
        self._table = _laid_out(self.places)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self.find(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self._otherwise(scope, receive, send)
        else:
            scope["route"], scope["path_params"] = found
            await found[0].app(scope, receive, send)

    def find(self, method: str, path: str) -> tuple[Place, dict[str, str]] | None:
        """Who answers, and the parameters in the address."""
        parts, last = path.count("/"), path.rpartition("/")[2]
        for place in self._table.get((method, parts, last)) or self._table.get((method, parts, None), ()):
            found = place.form.match(path)
            if found:
                return place, found.groupdict()
        return None


def _place(route: RouteContext) -> Place | None:
    """``None`` for what the framework is to find itself: what is no route of ours, or converts its parameters."""
    if not isinstance(route.original_route, APIRoute) or any(
        not isinstance(each, StringConvertor) for each in route.param_convertors.values()
    ):
        return None
    if isinstance(route.original_route, ActRoute):
        app: ASGIApp = route.original_route.act
    else:
        app = AsyncExitStackMiddleware(route.app)  # it closes the files that a request has brought
    permissions = tuple(filter(is_permission, _demanded(route.dependant)))
    return Place(route.path or "", route.path_regex, frozenset(route.methods or ()), app, permissions)


def _demanded(dependant: Dependant) -> Iterator[Any]:
    """Everything that is called before a route runs."""
    yield dependant.call
    for each in dependant.dependencies:
        yield from _demanded(each)


def _laid_out(places: Sequence[Place]) -> Mapping[_Key, Sequence[Place]]:
    """Under each key all that may answer, in order: what ends in a parameter stands under every last part too."""
    keys = {(method, each.parts, last) for each in places for method in each.methods for last in (each.last, None)}
    return {
        (method, parts, last): [
            each for each in places if method in each.methods and each.parts == parts and each.last in (last, None)
        ]
        for method, parts, last in keys
    }
