"""The accounts that an administrator keeps, over HTTP."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, ConfigDict, Field

from domain.access.account import AccountGround
from projections.people.people import PEOPLE
from services.access.keeping import kept_account, may_keep
from services.access.switching import switched_off, switched_on
from services.commands.ask import Ask
from services.http.acting import showing
from services.http.bodies import Typed
from services.http.who import Administrator, TheProduct
from services.log.not_found import NotFound
from services.sessions.accounts import Accounts

router = APIRouter(prefix="/api/v1", tags=["people"])


@dataclass(frozen=True, slots=True)
class SignInAccountShape:
    username: str
    person: UUID
    made_at: datetime
    disabled: bool
    sessions: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """The password drawn, told this once."""

    username: str
    password: str


Why = Annotated[AccountGround, Query(description="Why it is done; it stands in the log.")]


class NewAccount(Typed):
    model_config = ConfigDict(extra="forbid")

    username: Annotated[str, Field(max_length=64, examples=["clerk2"])]
    person: UUID
    why: AccountGround = AccountGround.NOT_SAID


@router.get("/accounts", dependencies=[showing(PEOPLE)])
def list_accounts(product: TheProduct, who: Administrator) -> list[SignInAccountShape]:
    """Accounts of people in the administrator's estates."""
    return [
        SignInAccountShape(each.username, each.person, each.made_at, each.disabled, each.sessions)
        for each in product.part(Accounts).everybody()
        if may_keep(product, who.estates, each.person)
    ]


@router.post("/accounts", status_code=201)
def create_account(product: TheProduct, who: Administrator, new: NewAccount) -> Drawn:
    """An account for a person with a post; the password is drawn and told once."""
    if not may_keep(product, who.estates, new.person):
        raise NotFound
    return Drawn(new.username, product.part(Accounts).create(new.username, new.person, who.person, new.why))


class SwitchedOff(BaseModel):
    model_config = ConfigDict(extra="forbid")

    successor: UUID | None = None
    why: AccountGround = AccountGround.NOT_SAID


@router.post("/accounts/{username}/disable", status_code=204)
def disable_account(
    username: str, product: TheProduct, who: Administrator, off: Annotated[SwitchedOff | None, Body()] = None
) -> None:
    """Nobody signs in with it any more; with the last one of a person, ``successor`` takes over what is in hand."""
    kept = kept_account(product, who.estates, username)
    successor = off.successor if off else None
    switched_off(product, Ask(who.caller), kept, successor, off.why if off else AccountGround.NOT_SAID)


@router.post("/accounts/{username}/enable", status_code=204)
def enable_account(username: str, product: TheProduct, who: Administrator, why: Why = AccountGround.NOT_SAID) -> None:
    """It may sign in again."""
    kept = kept_account(product, who.estates, username)
    switched_on(product, Ask(who.caller), kept, why)


@router.post("/accounts/{username}/reset-password")
def reset_password(username: str, product: TheProduct, who: Administrator, why: Why = AccountGround.NOT_SAID) -> Drawn:
    """Draw a new password; all its sessions end."""
    kept = kept_account(product, who.estates, username)
    return Drawn(kept, product.part(Accounts).reset(kept, who.person, why))


@router.delete("/accounts/{username}/sessions", status_code=204)
def end_sessions(username: str, product: TheProduct, who: Administrator, why: Why = AccountGround.NOT_SAID) -> None:
    """End all sessions of an account."""
    product.part(Accounts).end_sessions(kept_account(product, who.estates, username), who.person, why)
