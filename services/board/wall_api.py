"""Screens on walls over HTTP: made with a token that is told once, listed, revoked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.http.who import TheProduct, WallKeeper, own
from services.log.not_found import NotFound
from services.sessions.accounts import Accounts

router = APIRouter(prefix="/api/v1", tags=["stations"])


@dataclass(frozen=True, slots=True)
class WallShape:
    """A screen on a wall: ``name`` says where it hangs, ``seen_at`` when it last asked for its board."""

    wall: UUID
    name: str
    made_by: UUID
    made_at: datetime
    seen_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewWallShape:
    """``token`` is told this once; the screen takes it at ``/wall``, or finds it behind ``/wall#``."""

    wall: UUID
    token: str


class NewWall(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=1000, examples=["大厅"])]


@router.get("/estates/{estate}/walls")
def list_walls(estate: str, product: TheProduct, who: WallKeeper) -> list[WallShape]:
    """Every screen of the estate, those in use first."""
    own(estate, who)
    return [
        WallShape(each.wall, each.name, each.made_by, each.made_at, each.seen_at, each.revoked_at)
        for each in product.part(Accounts).walls.of_estate(estate)
    ]


@router.post("/estates/{estate}/walls", status_code=201)
def make_wall(estate: str, product: TheProduct, who: WallKeeper, new: NewWall) -> NewWallShape:
    """A token for a screen: it shows the masked board of this estate, does nothing, and holds until it is revoked."""
    own(estate, who)
    return NewWallShape(*product.part(Accounts).walls.make(estate, new.name, who))


@router.delete("/estates/{estate}/walls/{wall}", status_code=204)
def revoke_wall(estate: str, wall: UUID, product: TheProduct, who: WallKeeper) -> None:
    """The screen shows nothing from now on; doing it again changes nothing."""
    own(estate, who)
    if not product.part(Accounts).walls.revoke(estate, wall, who):
        raise NotFound
