"""What is declared as an act is one, or the product does not start."""

from typing import Annotated
from uuid import UUID

import pytest
from fastapi import APIRouter, Depends, Request

from services.http.act_route import act_at
from services.http.acts import Done
from services.http.who import Actor
from services.sessions.accounts import Member


def test_an_act_that_would_hold_up_the_others_is_none() -> None:
    def waits(stream: UUID, who: Actor) -> Done:
        return Done(1, 1)

    with pytest.raises(TypeError, match="waits waits for the database"):
        act_at(APIRouter(), "/{stream}/wait")(waits)  # type: ignore[type-var]


async def somebody(request: Request) -> Member:
    raise NotImplementedError


@pytest.mark.parametrize("hint", [int, Annotated[Member, Depends(somebody)]])
def test_an_act_takes_only_what_acts_take(hint: object) -> None:
    async def strange(stream: UUID, taken: hint) -> Done:  # type: ignore[valid-type]
        return Done(1, 1)

    with pytest.raises(TypeError, match="no act takes taken"):
        act_at(APIRouter(), "/{stream}/strange")(strange)
