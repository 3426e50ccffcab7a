"""The live stream: one per page, says only that something is new; the page then asks for its part."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Annotated, Any

import psycopg
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from psycopg_pool import PoolTimeout, TooManyRequests

from projections.catalogue import VIEWS
from projections.news import EVERYWHERE
from projections.projection import View
from services.console.visit import ListenVisit
from services.http.showing import LAGS_AFTER
from services.http.who import token_of
from services.log.not_found import NotFound
from services.product import Product
from services.threads.try_later import TryLater
from services.threads.waiting import here_or_in_a_thread

router = APIRouter(include_in_schema=False)

ASKED_AGAIN = (
    3.0  # seconds within which a stream ends after its session, its account or the post, and says that it lives
)
COALESCE = 0.05  # seconds in which several changes are told as one


@router.get("/live")
def live(
    estate: str, visit: ListenVisit, request: Request, views: Annotated[str, Query(max_length=200)] = ""
) -> StreamingResponse:
    """Server-sent events for one of the visitor's own estates: ``board <position>``, ``here`` and ``over``.

    ``here <now>`` comes every few seconds, so that a page knows that it hears; where ``views`` of the page stand
    still, the moment for which they stand follows. Both are seconds since 1970. ``over`` ends the stream.
    """
    if estate not in visit.member.estates:
        raise NotFound
    return streamed(visit.product, estate, request, views.split(","))


def streamed(product: Product, estate: str, request: Request, views: Sequence[str]) -> StreamingResponse:
    """The stream of an estate for whoever may hear it, about a page that shows these views."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    shown = [view for view in VIEWS if view.name in views]
    return StreamingResponse(news_of(product, estate, request, shown), media_type="text/event-stream", headers=headers)


async def news_of(
    product: Product, estate: str, request: Request, shown: Sequence[View[Any]] = ()
) -> AsyncIterator[str]:
    """No thread waits here: the listening thread of the views wakes this coroutine."""
    loop = asyncio.get_running_loop()
    news = asyncio.Event()
    newest = 0

    def hear(view: str, position: int, estates: Sequence[str]) -> None:
        nonlocal newest
        if estate in estates or EVERYWHERE in estates:
            newest = max(newest, position)
            loop.call_soon_threadsafe(news.set)

    with product.positions.subscribed(hear):
        yield "retry: 2000\n\n"
        while not await request.is_disconnected():
            yield f"event: here\ndata: {await _moments(product, shown)}\n\n"
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), ASKED_AGAIN)
                await asyncio.sleep(COALESCE)
            if not await _may_still_listen(product, estate, request):
                yield "event: over\ndata: over\n\n"
                return
            if news.is_set():
                news.clear()
                yield f"event: board\nid: {newest}\ndata: {newest}\n\n"


async def _moments(product: Product, shown: Sequence[View[Any]]) -> str:
    """What time it is, and for which moment these views stand if they are behind the log."""
    now = int(product.clock().timestamp())
    behind = [view.name for view in shown if product.positions.behind(view.name) > LAGS_AFTER]
    if not behind:
        return str(now)
    stands = min(product.positions.position(name) for name in behind)
    try:
        recorded = await here_or_in_a_thread(partial(product.log.recorded_at, stands))
    except (LookupError, TryLater, PoolTimeout, TooManyRequests, psycopg.OperationalError):
        return f"{now} {now}"
    return f"{now} {int(recorded.timestamp())}"


async def _may_still_listen(product: Product, estate: str, request: Request) -> bool:
    """Whether the session holds and the post with it. Listening is no use of a session: it keeps none from running out.

    While the database is away there is nothing new to hear either.
    """
    token, _ = token_of(request, product)
    try:
        member = await here_or_in_a_thread(partial(product.sessions.member, token or "", used=False))
    except (TryLater, PoolTimeout, TooManyRequests, psycopg.OperationalError):
        return True
    return member is not None and estate in member.estates
