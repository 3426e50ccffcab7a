"""Routes for whoever runs it: alive, ready, metrics."""

import shutil
from contextlib import suppress
from dataclasses import dataclass

import psycopg
from fastapi import APIRouter, Response
from psycopg_pool import PoolTimeout

from services.http.who import TheProduct
from services.running.views_standing import how_followings_stand
from services.runtime.metrics import CONTENT_TYPE
from services.runtime.steady_clock import SteadyClock
from services.threads.try_later import TryLater

router = APIRouter(tags=["running it"])

LEAST_FREE = 200_000_000  # bytes; below that the log may soon not grow


@dataclass(frozen=True, slots=True)
class Health:
    """``problems`` names what is missing; ``notes`` what those who run it should know while it serves."""

    ready: bool
    problems: list[str]
    notes: list[str]


@router.get("/health/live")
def live() -> dict[str, bool]:
    """The process answers."""
    return {"live": True}


@router.get("/health/ready")
def ready(response: Response, product: TheProduct) -> Health:
    """Commands and pages can be served: the database answers, views go on, there is space."""
    problems, notes = [], []
    try:
        found = how_followings_stand(product)
        problems, notes = found.problems(), found.notes()
    except (psycopg.Error, PoolTimeout, TryLater):
        problems.append("the database does not answer")
    if shutil.disk_usage(product.settings.data).free < LEAST_FREE:
        problems.append("less than 200 MB of disk are free")
    notes = [*notes, *product.part(SteadyClock).notes()]
    if problems:
        response.status_code = 503
    return Health(not problems, problems, notes)


@router.get("/metrics", response_class=Response)
def metrics(product: TheProduct) -> Response:
    """Figures for Prometheus. While the database is away, those of the views stay as they were last."""
    with suppress(psycopg.Error, PoolTimeout, TryLater):
        product.metrics.show(how_followings_stand(product))
    return Response(product.metrics.text(), media_type=CONTENT_TYPE)
