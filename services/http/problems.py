"""Every failure as RFC 9457 problem details, or as a page for the console. The only place with failure status codes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from psycopg_pool import PoolTimeout, TooManyRequests
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from domain.recorded import Unreadable
from domain.refusal import AlreadyDone, Refusal, Rejection
from services.commands.ask import Forbidden, KeyReused, Stale
from services.http.done_before import DoneBefore, known_to, said_of_it, told
from services.log.not_found import NotFound
from services.log.vault import BrokenKey, Tampered
from services.sessions.member import TooManyTries, WrongCredentials
from services.threads.try_later import TryLater
from services.words.sentences import NoWords, has, preferred, say

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2


class NotSignedIn(Exception):
    """No session, or one that ended."""


class NotOurForm(Exception):
    """A changing request with a cookie that did not come from our own pages."""


class Unusable(Exception):
    """A request that cannot be read: ``status`` and ``code`` say how."""

    def __init__(self, status: int, code: str, **facts: object) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Problem:
    """What is told of a failure. ``facts`` hold nothing personal; ``errors`` are per field."""

    status: int
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)
    errors: tuple[Mapping[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    done: DoneBefore | None = None


def problem_of(error: Exception) -> Problem:
    """The problem that an exception means."""
    match error:
        case Rejection():
            return Problem(422, error.code, error.facts)
        case AlreadyDone():
            return Problem(409, error.code, error.facts, done=DoneBefore(error.done, error.how))
        case Refusal():
            return Problem(409, error.code, error.facts)
        case Forbidden():
            return Problem(403, error.code, error.facts)
        case NotFound():
            return Problem(404, "not_found")
        case Stale():
            return Problem(412, "stale", {"version": error.version, "actor": error.actor, "at": error.at})
        case KeyReused():
            return Problem(422, "key_reused")
        case Unreadable():
            return Problem(409, "unreadable", {"position": error.position})
        case Tampered() | BrokenKey():
            return Problem(409, "sealed")
        case WrongCredentials():
            return Problem(401, "wrong_credentials", headers={"WWW-Authenticate": "Bearer"})
        case NotSignedIn():
            return Problem(401, "not_signed_in", headers={"WWW-Authenticate": "Bearer"})
        case NotOurForm():
            return Problem(403, "not_our_form")
        case TooManyTries():
            wait = {"Retry-After": str(error.seconds)}
            return Problem(429, "too_many_tries", {"seconds": error.seconds}, headers=wait)
        case Unusable():
            return Problem(error.status, error.code, error.facts)
        case RequestValidationError():
            return _invalid(error)
        case TryLater() | PoolTimeout() | TooManyRequests() | psycopg.OperationalError() | psycopg.InterfaceError():
            return Problem(503, "try_later", {"seconds": RETRY_SECONDS}, headers={"Retry-After": str(RETRY_SECONDS)})
        case ClientDisconnect():  # nobody is there to read the answer
            return Problem(400, "body")
        case HTTPException():
            # while it reads a body, the framework says of whatever is raised that it cannot be parsed
            meant = problem_of(error.__cause__) if isinstance(error.__cause__, Exception) else None
            return _of_framework(error) if meant is None or meant.code == "broken" else meant
        case psycopg.DataError() | UnicodeEncodeError() if _is_unreadable(error):
            return Problem(422, "unreadable_text")
    return Problem(500, "broken")


_NO_SUCH_CHARACTER = (None, "22021", "22P05")  # SQL states; none where psycopg refuses a NUL before sending it


def _is_unreadable(error: psycopg.DataError | UnicodeEncodeError) -> bool:
    """Whether the text that somebody sent holds what the database keeps nowhere: NUL, or half a character."""
    if isinstance(error, UnicodeEncodeError):
        return "surrogates" in error.reason
    return error.sqlstate in _NO_SUCH_CHARACTER


def _of_framework(error: HTTPException) -> Problem:
    codes = {400: "body", 404: "not_found", 405: "method", 413: "too_large", 415: "content_type", 422: "invalid"}
    return Problem(error.status_code, codes.get(error.status_code, "invalid"), headers=dict(error.headers or {}))


def _invalid(error: RequestValidationError) -> Problem:
    """Per field what is wrong with it; never what was sent, which may be personal."""
    found = []
    for each in error.errors():
        place = [str(part) for part in each["loc"]]
        if each["type"] == "json_invalid":
            return Problem(400, "body")
        code = _FIELD_CODES.get(each["type"], "field_invalid")
        found.append({"field": (".".join(place[1:]) or place[0])[:_LONGEST_NAME], "code": code})
    return Problem(422, "invalid", errors=tuple(found[:20]))


_LONGEST_NAME = 64  # of a field that somebody made up
_FIELD_CODES = {"missing": "field_missing", "extra_forbidden": "field_unknown", "string_unicode": "broken_text"}


def _methods(request: Request) -> list[str]:
    """Every method that some route takes at this address; the framework names those of the first route only."""

    def leaves(routes: Iterable[Any]) -> Iterator[Any]:
        for route in routes:
            inner = getattr(route, "original_router", None)
            yield from leaves(inner.routes) if inner is not None else (route,)

    found: set[str] = set()
    for route in leaves(request.app.routes):
        if route.matches(dict(request.scope))[0] is not Match.NONE:
            found |= getattr(route, "methods", None) or set()
    return sorted(found)


def detail(language: str, problem: Problem) -> str:
    """The sentence for people."""
    facts = {key: _worded(language, key, value) for key, value in problem.facts.items() if value is not None}
    try:
        said = say(language, f"refused-{problem.code}", **facts)
    except NoWords:  # a code without words is a gap that a test finds; people still get an answer
        said = problem.code
    return said if problem.done is None else said_of_it(language, said, problem.done)


def _worded(language: str, key: str, value: object) -> Any:
    """A fact as it is said: enum members by their own words."""
    if isinstance(value, Enum):
        name = f"{type(value).__name__.lower()}-{value.value}"
        return say(language, name) if has(language, name) else value.value
    if key == "field":
        name = f"field-{str(value).partition('.')[0]}"
        return say(language, name) if has(language, name) else str(value)
    return value if isinstance(value, int | float) else str(value)


def language_of(request: Request) -> str:
    """Language of the account, else of the cookie, else of ``Accept-Language``, else Chinese."""
    chosen = getattr(request.state, "language", None) or request.cookies.get("language")
    return chosen if chosen in ("zh", "en") else preferred(request.headers.get("accept-language"))


def as_json(request: Request, problem: Problem) -> Response:
    """Problem details (RFC 9457) with a stable ``code`` and a sentence in the caller's language."""
    language = language_of(request)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": say(language, f"status-{problem.status}") if has(language, f"status-{problem.status}") else "",
        "status": problem.status,
        "detail": detail(language, problem),
        "code": problem.code,
    }
    if problem.code == "stale":
        body["version"] = problem.facts["version"]
    if problem.done is not None:
        body["done"] = told(problem.done)
    if problem.errors:
        body["errors"] = [
            {**each, "detail": detail(language, Problem(422, each["code"], {"field": each["field"]}))}
            for each in problem.errors
        ]
    elif "field" in problem.facts:
        body["errors"] = [{"field": str(problem.facts["field"]), "code": problem.code, "detail": body["detail"]}]
    headers = {**problem.headers, "Content-Language": language}
    return JSONResponse(body, problem.status, headers, MEDIA_TYPE)


def known(request: Request, problem: Problem) -> Problem:
    """The problem as it is told to this member: with the name of whoever was here before, if they may see it."""
    return problem if problem.done is None else replace(problem, done=known_to(request, problem.done))


def failure_answer(request: Request, problem: Problem, error: Exception) -> Response:
    """The answer, counted: a page where people look, problem details for programs."""
    request.state.code = problem.code
    request.app.state.product.metrics.refusals.labels(problem.code).inc()
    problem = known(request, problem)
    page = getattr(request.app.state, "error_page", None)
    if page is not None and not request.scope["path"].startswith(("/api/", "/health", "/metrics")):
        response: Response = page(request, problem, error)
        return response
    return as_json(request, problem)


def install(app: FastAPI) -> None:
    """Answer every exception; pages of the console through ``app.state.error_page`` where it is set."""

    def answer(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        if problem.status == 405:
            problem = replace(problem, headers={"Allow": ", ".join(_methods(request))})
        if problem.status == 500:
            log.error("broken", exc_info=error)
        elif problem.code == "unreadable_text" and not isinstance(error, Unusable):
            log.warning("unreadable_text", exc_info=error)  # it should have been refused before
        if isinstance(error, Unreadable):
            log.error("event_unreadable", position=error.position, error=error.because)
        return failure_answer(request, problem, error)

    for kind in (
        Refusal, Forbidden, NotFound, Stale, KeyReused, WrongCredentials, NotSignedIn, NotOurForm, TooManyTries,
        Unusable, Unreadable, Tampered, BrokenKey, RequestValidationError, TryLater, PoolTimeout, TooManyRequests,
        psycopg.OperationalError, psycopg.InterfaceError, ClientDisconnect, HTTPException, Exception,
    ):  # fmt: skip
        app.add_exception_handler(kind, answer)
