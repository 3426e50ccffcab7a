"""The live stream: one per page, says only that something is new; the page then asks for its part."""

import asyncio
from collections.abc import AsyncIterator, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from projections.news import EVERYWHERE
from services.console.visit import Visiting
from services.log.not_found import NotFound
from services.product import Product

router = APIRouter(include_in_schema=False)

HEARTBEAT = 15.0  # seconds of silence after which proxies and browsers hear that the stream lives
COALESCE = 0.05  # seconds in which several changes are told as one


@router.get("/live")
def live(estate: str, visit: Visiting, request: Request) -> StreamingResponse:
    """Server-sent events ``board <position>`` for one of the visitor's own estates."""
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
        while not await request.is_disconnected():
            try:
                await asyncio.wait_for(news.wait(), HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            await asyncio.sleep(COALESCE)
            news.clear()
            yield f"event: board\nid: {newest}\ndata: {newest}\n\n"
