"""Answers to acts that were refused: the sentence for our script, or the page again with what was typed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import FormData, UploadFile

from domain.refusal import Refusal
from projections.people import people
from services.commands.ask import Stale
from services.console.visit import Visit
from services.http.done_before import told
from services.http.forms import form_of
from services.http.problems import MEDIA_TYPE, Problem, detail, known, problem_of

_ABOUT_TIME = ("future", "before_report", "start_before_quote", "capacity_not_held_then")

Wrong = dict[str, str]  # the sentence by the field it is about; "" for the whole form


async def uploads(request: Request) -> list[bytes]:
    """The files of a form, empty choices left out."""
    form = await form_of(request)
    files = [value for _, value in form.multi_items() if isinstance(value, UploadFile) and value.filename]
    return [await each.read() for each in files]


Uploads = Annotated[list[bytes], Depends(uploads)]


def chosen(
    form_with: Callable[[Request], Awaitable[FormData]], file_of: Callable[[FormData], Awaitable[bytes]]
) -> Callable[[Request], Awaitable[bytes]]:
    """Reads the file of a form; its token is left where ``who`` looks for it, so this stands before the member."""

    async def file(request: Request) -> bytes:
        return await file_of(await form_with(request))

    return file


def refused(here: Visit, error: Exception, page: Callable[[Wrong, int], Response]) -> Response:
    """The answer to a refused act. ``page`` draws it for a browser without our script."""
    problem = known(here.request, problem_of(error))
    here.request.state.code = problem.code
    here.product.metrics.refusals.labels(problem.code).inc()
    said, field = sentence(here, error, problem), _field(error)
    if not here.wants_json:
        return page({field: said}, problem.status)
    body = {"code": problem.code, "status": problem.status, "detail": said, "field": field}
    if problem.done is not None:
        body["done"] = told(problem.done)
    return JSONResponse(body, problem.status, media_type=MEDIA_TYPE)


def turned_away(here: Visit, error: Exception) -> tuple[int, str]:
    """Status and sentence of what was refused, for a page that is drawn again; the log line gets its code."""
    problem = known(here.request, problem_of(error))
    here.request.state.code = problem.code
    return problem.status, detail(here.viewer.language, problem)


def sentence(here: Visit, error: Exception, problem: Problem) -> str:
    """What is wrong; of a stale page also who changed it and when."""
    if not isinstance(error, Stale) or error.actor is None or error.at is None:
        return detail(here.viewer.language, problem)
    with here.lend() as conn:
        name = people.named(conn, [error.actor]).get(error.actor)
    who = name or here.voice.say("person-forgotten")
    return here.voice.say("stale-changed", name=who, time=here.voice.when(error.at))


def _field(error: Exception) -> str:
    if not isinstance(error, Refusal):
        return ""
    facts: Mapping[str, object] = error.facts
    return str(facts.get("field", "occurred_at" if error.code in _ABOUT_TIME else ""))
