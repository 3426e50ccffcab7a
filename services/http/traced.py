"""One span for each request, around everything else. Only where traces are wanted it is there at all."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.runtime import traces

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Traced:
    """ASGI: tells method, route and status; the route as it is declared, so that no id of an address is in it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "other"
        with traces.span(method, {"http.request.method": method}) as span:

            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.tell({"http.response.status_code": message["status"]})
                await send(message)

            try:
                await self._app(scope, receive, sending)
            finally:
                route = getattr(scope.get("route"), "path", None)
                span.tell({"http.route": route, "jinlin.code": scope.get("state", {}).get("code")})
                span.name(f"{method} {route or '-'}")
