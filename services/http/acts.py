"""Acts as routes: one documented route for each command, made from the command itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from services.commands.ask import Answer
from services.commands.plan import Plan
from services.http.act_route import act_at
from services.http.acting import AskingNow, etag, performing
from services.http.bodies import body_of, command_of, default_of, described, path_of
from services.http.who import TheProduct


@dataclass(frozen=True, slots=True)
class Done:
    """``version`` of the thing now (as in ``ETag``), ``position`` of the log to wait for with ``?after=``."""

    version: int
    position: int


Planning = Callable[[UUID, Any], Plan]


def add_acts(router: APIRouter, thing: str, commands: Iterable[type[Any]], member: Any, planning: Planning) -> None:
    """``POST …/{thing}/the-act`` for each command. ``member`` is the permission type of who may ask."""
    for command in commands:
        _add_act(router, thing, command, member, planning)


def _add_act(router: APIRouter, thing: str, command: type[Any], member: Any, planning: Planning) -> None:
    body_type = body_of(command)

    async def act(
        stream: Annotated[UUID, Path(alias=thing)],
        request: Request,
        response: Response,
        product: TheProduct,
        who: member,
        asking: AskingNow,
        body: body_type = default_of(body_type),  # type: ignore[valid-type]  # noqa: B008
    ) -> Done:
        ask = asking.by(who, body.occurred_at)  # type: ignore[attr-defined]
        wanted = command_of(command, body)
        answer = await performing(request, product, command.__name__, ask, planning(stream, wanted))
        response.headers["ETag"] = etag(answer.version)
        return Done(answer.version, answer.position)

    act_at(router, f"/{{{thing}}}/{path_of(command)}", name=command.__name__, description=described(command))(act)


def done(response: Response, answer: Answer) -> Done:
    """The answer of an act, with the version of the thing in its ``ETag``."""
    response.headers["ETag"] = etag(answer.version)
    return Done(answer.version, answer.position)
