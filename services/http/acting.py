"""What every act has in common on its way in and out: key, version seen, outcome, position to wait for."""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Query, Request, Response

from domain.refusal import Refusal
from services.accounts import Member
from services.handle import Answer, Ask, Forbidden, NotFound, Stale
from services.house import House
from services.http.problems import Unusable
from services.http.who import TheHouse

WAIT_SECONDS = 0.3  # how long a reader waits for the view to show what was just done
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_ETAG = re.compile(r'"(\d{1,9})"')


@dataclass(frozen=True, slots=True)
class Asking:
    """The headers of an act."""

    key: str | None
    fingerprint: bytes
    expected_version: int | None

    def by(self, member: Member, occurred_at: datetime | None = None) -> Ask:
        """The act's envelope for this member."""
        return Ask(member.caller, occurred_at, self.expected_version, self.key, self.fingerprint)


async def _asking(
    request: Request,
    house: TheHouse,
    idempotency_key: Annotated[
        str | None, Header(description="Repeats get the first answer; 1 to 128 visible ASCII characters.")
    ] = None,
    if_match: Annotated[str | None, Header(description='The version seen, as in ETag: `"7"`.')] = None,
) -> Asking:  # fmt: skip
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        raise Unusable(400, "idempotency_key")
    body = await request.body()
    return Asking(idempotency_key, fingerprint(house, request, body), version_of(if_match))


AskingNow = Annotated[Asking, Depends(_asking)]


def fingerprint(house: House, request: Request, body: bytes) -> bytes:
    """Tells two requests under one key apart, and tells nothing else about them."""
    said = f"{request.method} {request.url.path}\n".encode() + body
    return hmac.new(house.secret, said, hashlib.sha256).digest()


def version_of(if_match: str | None) -> int | None:
    """The version in an ``If-Match`` header."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise Unusable(400, "if_match")
    return int(found[1])


def perform(request: Request, command: str, do: Callable[[], Answer]) -> Answer:
    """Do one act; tells the log line and the metrics how it went."""
    house: House = request.app.state.house
    request.state.command, request.state.outcome = command, "broken"
    try:
        answer = do()
    except (Refusal, Forbidden, NotFound, Stale):
        request.state.outcome = "refused"
        raise
    else:
        request.state.outcome, request.state.version = "done", answer.version
        return answer
    finally:
        house.metrics.commands.labels(command, request.state.outcome).inc()


def _caught_up(
    response: Response,
    house: TheHouse,
    after: Annotated[int | None, Query(ge=0, le=2**62, description="Position that the answer should show.")] = None,
) -> None:
    if after is not None and not shows(house, after):
        response.headers["X-View-Lags"] = "true"


def shows(house: House, position: int) -> bool:
    """Whether the views of cases have reached a position, after a short wait."""
    return all(house.positions.wait(view, position, WAIT_SECONDS) for view in ("notebook", "orders", "history"))


CaughtUp = Depends(_caught_up)


def etag(version: int) -> str:
    """The entity tag of a stream's version."""
    return f'"{version}"'
