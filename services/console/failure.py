"""The page that says what went wrong, what is kept and what to do; our script gets the same as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

import structlog
from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.capacity import Capacity
from projections.people import people
from services.console import render
from services.console.viewer import Viewer
from services.http.problems import Problem, as_json, detail, language_of
from services.product import Product
from services.sessions.member import Member

_ICONS = {401: "lock", 403: "hand-stop", 404: "search", 429: "clock", 503: "clock"}
_TRANSIENT = (429, 500, 503)
_NAMED = 3  # of each post
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
    member = getattr(getattr(request.state, "asker", None), "member", None)
    may = _may(problem)
    viewer = Viewer(
        language=language_of(request),
        theme=request.cookies.get("theme", "auto"),
        csrf=member.csrf if member else "",
        capacity=member.capacity if member else None,
    )
    again = problem.status in _TRANSIENT
    page = render.html(
        "failure.html",
        viewer,
        request.app.state.product.clock(),
        said=detail(viewer.language, replace(problem, facts=_without_may(problem))),
        status=problem.status,
        sign=_ICONS.get(problem.status, "alert-triangle"),
        may=may,
        who=_holders(request, member, may),
        own=[each for each in may if member and each in member.held and each is not member.capacity],
        here=_same_address(request) if request.method == "GET" else "/",
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


def _holders(request: Request, member: Member | None, may: Sequence[Capacity]) -> dict[Capacity, list[str]]:
    """Who holds these posts in the visitor's own estates, at most a few of each; whoever is outside reads no names."""
    if member is None or not may or member.outside or member.wall:
        return {}
    product: Product = request.app.state.product
    now, found = product.clock(), dict[Capacity, list[str]]()
    with product.lend(member) as conn:
        rows = [row for estate in sorted(member.estates) for row in people.of_estate(conn, estate, now)]
    for capacity in may:
        names = {row.name for row in rows for post in row.state.posts
                 if row.name and post.capacity is capacity and post.held_at(now) and not row.state.disabled
                 and post.estate in member.estates and row.person != member.person}  # fmt: skip
        found[capacity] = sorted(names)[:_NAMED]
    return found


def _without_may(problem: Problem) -> dict[str, object]:
    return {key: value for key, value in problem.facts.items() if key != "may"}


def _same_address(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
