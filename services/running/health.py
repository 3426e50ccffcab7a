"""Routes for whoever runs it: alive, ready, metrics. Nothing here waits for the database, nor for a busy thread."""

import asyncio

from fastapi import APIRouter, Response

from services.http.problems import RETRY_SECONDS
from services.http.who import TheProduct
from services.running.watch import Health, Watch
from services.runtime.metrics import CONTENT_TYPE

router = APIRouter(tags=["running it"])


@router.get("/health/live")
async def live() -> dict[str, bool]:
    """The process answers."""
    return {"live": True}


@router.get("/health/ready")
async def ready(response: Response, product: TheProduct) -> Health:
    """Commands and pages can be served: the database answers, views go on and are near, there is space."""
    watch = product.part(Watch)
    health = await asyncio.get_running_loop().run_in_executor(watch.answering, watch.health)
    if not health.ready:
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return health


@router.get("/metrics", response_class=Response)
async def metrics(product: TheProduct) -> Response:
    """Figures for Prometheus."""
    watch = product.part(Watch)
    figures = await asyncio.get_running_loop().run_in_executor(watch.answering, watch.figures)
    return Response(figures, media_type=CONTENT_TYPE)
