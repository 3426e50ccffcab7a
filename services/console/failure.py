"""The page that says what went wrong, what is kept and what to do; our script gets the same as JSON."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

import structlog
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.capacity import Capacity
from services.console import render
from services.console.viewer import Viewer
from services.http.problems import Problem, as_json, detail, language_of

_ICONS = {401: "lock", 403: "hand-stop", 404: "search", 429: "clock", 503: "clock"}
_TRANSIENT = (429, 500, 503)
_UNSEEN = ("csrf", "key", "version", "back", "next", "password", "old", "new")


def error_page(request: Request, problem: Problem, error: Exception) -> Response:
    """Sign-in for whoever is not signed in, JSON for the script, else a page of its own."""
    if "application/json" in request.headers.get("accept", ""):
        return as_json(request, problem)
    typed: Mapping[str, str] = getattr(request.state, "typed", None) or {}
    words = [text for name, text in typed.items() if name not in _UNSEEN and len(text) > 1]
    signed_out = problem.code == "not_signed_in"
    if signed_out and not words and request.headers.get("hx-request") is None:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        back = here if request.method == "GET" else "/"
        return RedirectResponse(f"/sign-in?next={quote(back, safe='')}", 303)
    viewer = Viewer(language=language_of(request), theme=request.cookies.get("theme", "auto"))
    again = problem.status in _TRANSIENT
    page = render.html(
        "failure.html",
        viewer,
        request.app.state.product.clock(),
        said=detail(viewer.language, replace(problem, facts=_without_may(problem))),
        status=problem.status,
        sign=_ICONS.get(problem.status, "alert-triangle"),
        may=_may(problem),
        words=words,
        signed_out=signed_out,
        signed_in=getattr(request.state, "person", None) is not None,
        again=_same_address(request) if again and request.method == "GET" else None,
        resend=typed if again and request.method == "POST" and "password" not in typed else {},
        action=request.url.path,
        number=structlog.contextvars.get_contextvars().get("request", "") if problem.status == 500 else "",
    )
    return HTMLResponse(page, problem.status, {**problem.headers, "Cache-Control": "no-store"})


def _may(problem: Problem) -> list[Capacity]:
    """Who may do what was asked, if that is known; the product itself is nobody one could ask."""
    holders = problem.facts.get("may")
    if not isinstance(holders, frozenset):
        return []
    return sorted((each for each in holders if each is not Capacity.SYSTEM), key=list(Capacity).index)


def _without_may(problem: Problem) -> dict[str, object]:
    return {key: value for key, value in problem.facts.items() if key != "may"}


def _same_address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
