"""The page that says what went wrong, what is kept and what to do; our script gets the same as JSON."""

from datetime import UTC, datetime
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from services.console import render
from services.console.render import Viewer
from services.http.problems import Problem, as_json, detail, language_of


def error_page(request: Request, problem: Problem, error: Exception) -> Response:
    """Sign-in for whoever is not signed in, JSON for the script, else a page of its own."""
    if "application/json" in request.headers.get("accept", ""):
        return as_json(request, problem)
    if problem.code == "not_signed_in" and request.headers.get("hx-request") is None:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        back = here if request.method == "GET" else "/"
        return RedirectResponse(f"/sign-in?next={quote(back, safe='')}", 303)
    viewer = Viewer(language=language_of(request), theme=request.cookies.get("theme", "auto"))
    said = detail(viewer.language, problem)
    page = render.html("failure.html", viewer, datetime.now(UTC), said=said, status=problem.status)
    return HTMLResponse(page, problem.status, {**problem.headers, "Cache-Control": "no-store"})
