"""The bell and what was sent, over HTTP."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from domain.telling.occasions import NoticeWay, Occasion
from services.http.who import SignedIn, TheProduct
from services.log.not_found import NotFound
from services.telling import kept
from services.telling.access import SentReader
from services.telling.letters import checked_mail, leave_mail

router = APIRouter(prefix="/api/v1", tags=["people"])


@dataclass(frozen=True, slots=True)
class NoticeShape:
    letter: UUID
    what: Occasion
    estate: str
    order: UUID | None
    made_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class LetterShape:
    """``person`` is somebody of the station, ``line`` the notebook's line of a reporter; no address is told."""

    letter: UUID
    what: Occasion
    estate: str
    order: UUID | None
    channel: NoticeWay
    person: UUID | None
    line: UUID | None
    state: str
    tries: int
    made_at: datetime
    sent_at: datetime | None
    error: str | None


class MailAddress(BaseModel):
    model_config = ConfigDict(extra="forbid")

    address: Annotated[str | None, Field(max_length=400, examples=["clerk@example.com"])] = None


@router.get("/bell")
def list_notices(product: TheProduct, who: SignedIn) -> list[NoticeShape]:
    """What I was told in the console, the newest first."""
    return [
        NoticeShape(each.id, Occasion(each.what), each.estate, each.order, each.made_at, each.read_at)
        for each in kept.of_bell(product.database, who.person, who.estates)
    ]


@router.post("/bell/read", status_code=204)
def mark_read(product: TheProduct, who: SignedIn) -> None:
    """I have seen it all."""
    kept.read_all(product.database, who.person, who.estates, product.clock())


@router.post("/bell/mail", status_code=204)
def leave_address(product: TheProduct, who: SignedIn, mail: MailAddress) -> None:
    """Where I get e-mail; without an address, nowhere."""
    leave_mail(product, who.person, checked_mail(mail.address))


@router.get("/letters")
def list_letters(
    product: TheProduct,
    who: SentReader,
    state: Annotated[str | None, Query(max_length=10)] = None,
    channel: NoticeWay | None = None,
    before: datetime | None = None,
) -> list[LetterShape]:
    """What was sent in my estates by e-mail, webhook and SMS, or waits; the newest first, a hundred from ``before``."""
    found = kept.of_estates(product.database, who.estates, state, channel and channel.value, _aware(before))
    return [
        LetterShape(
            each.id, Occasion(each.what), each.estate, each.order, NoticeWay(each.channel), each.person, each.line,
            each.state, each.tries, each.made_at, each.sent_at, each.error,
        )
        for each in found
    ]  # fmt: skip


@router.post("/letters/{letter}/resend", status_code=204)
def resend(letter: UUID, product: TheProduct, who: SentReader) -> None:
    """Try anew what was given up."""
    if not kept.resend(product.database, letter, who.estates, product.clock()):
        raise NotFound


def _aware(moment: datetime | None) -> datetime | None:
    return None if moment is None or moment.tzinfo is None else moment
