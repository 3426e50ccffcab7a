"""Routes for whoever runs it: alive, ready, metrics."""

import shutil
from dataclasses import dataclass

import psycopg
from fastapi import APIRouter, Response
from psycopg_pool import PoolTimeout

from services.http.who import TheHouse
from services.metrics import CONTENT_TYPE

router = APIRouter(tags=["running it"])

LEAST_FREE = 200_000_000  # bytes; below that the log may soon not grow


@dataclass(frozen=True, slots=True)
class Health:
    """``problems`` names what is missing; empty when all is well."""

    ready: bool
    problems: list[str]


@router.get("/health/live")
def live() -> dict[str, bool]:
    """The process answers."""
    return {"live": True}


@router.get("/health/ready")
def ready(response: Response, house: TheHouse) -> Health:
    """Commands and pages can be served: the database answers, views go on, there is space."""
    problems = []
    try:
        with house.database.app.connection(timeout=2) as conn:
            halted = conn.execute("SELECT name FROM view.positions WHERE halted_at IS NOT NULL").fetchall()
        problems += [f"view {name} is halted" for (name,) in halted]
    except (psycopg.Error, PoolTimeout):
        problems.append("the database does not answer")
    if shutil.disk_usage(house.settings.data).free < LEAST_FREE:
        problems.append("less than 200 MB of disk are free")
    if problems:
        response.status_code = 503
    return Health(not problems, problems)


@router.get("/metrics", response_class=Response)
def metrics(house: TheHouse) -> Response:
    """Figures for Prometheus."""
    return Response(house.metrics.text(), media_type=CONTENT_TYPE)
