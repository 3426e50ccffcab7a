"""The live stream: one per page, says only that something is new; the page then asks for its part."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial

import psycopg
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from psycopg_pool import PoolTimeout, TooManyRequests

from projections.news import EVERYWHERE
from services.console.visit import Visiting
from services.http.who import token_of
from services.log.not_found import NotFound
from services.product import Product
from services.threads.try_later import TryLater
from services.threads.waiting import here_or_in_a_thread

router = APIRouter(include_in_schema=False)

HEARTBEAT = 15.0  # seconds of silence after which proxies and browsers hear that the stream lives
ASKED_AGAIN = 3.0  # seconds within which a stream ends after its session, its account or the post
COALESCE = 0.05  # seconds in which several changes are told as one


@router.get("/live")
def live(estate: str, visit: Visiting, request: Request) -> StreamingResponse:
    """Server-sent events ``board <position>`` for one of the visitor's own estates; ``over`` ends it."""
    if estate not in visit.member.estates:
        raise NotFound
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(news_of(visit.product, estate, request), media_type="text/event-stream", headers=headers)


async def news_of(product: Product, estate: str, request: Request) -> AsyncIterator[str]:
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
        yield "retry: 2000\n\n: here\n\n"
        quiet = 0.0
        while not await request.is_disconnected():
            try:
                await asyncio.wait_for(news.wait(), ASKED_AGAIN)
                await asyncio.sleep(COALESCE)
            except TimeoutError:
                quiet += ASKED_AGAIN
            if not await _may_still_listen(product, estate, request):
                yield "event: over\ndata: over\n\n"
                return
            if news.is_set():
                news.clear()
                quiet = 0.0
                yield f"event: board\nid: {newest}\ndata: {newest}\n\n"
            elif quiet >= HEARTBEAT:
                quiet = 0.0
                yield ": still here\n\n"


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
