"""The journal of accounts over HTTP: sign-ins, refused tries, and what was done to accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from projections.people.people import PEOPLE
from services.access.keeping import kept_accounts
from services.access.reading import JournalReader
from services.http.acting import showing
from services.http.who import TheProduct
from services.log.not_found import NotFound
from services.sessions.accounts import Accounts
from services.sessions.journal import NOBODY, AccountAct

router = APIRouter(prefix="/api/v1", tags=["people"])


@dataclass(frozen=True, slots=True)
class SignInShape:
    """``username`` is ``null`` for tries at a name that no account has, which is told nowhere.

    ``by`` is the person whose act it was, where it was not the account's own. Refused tries stand together for an hour:
    ``times`` between ``at`` and ``until``; an empty ``address`` then stands for many.
    """

    id: int
    at: datetime
    until: datetime
    what: AccountAct
    username: str | None
    by: UUID | None
    address: str
    device: str
    times: int


@router.get("/sign-ins", dependencies=[showing(PEOPLE)])
def list_sign_ins(
    product: TheProduct,
    who: JournalReader,
    username: Annotated[str | None, Query(max_length=64)] = None,
    what: AccountAct | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> list[SignInShape]:
    """What happened to accounts in the reader's estates, the newest first, a hundred entries from ``before``."""
    kept = kept_accounts(product, who.estates)
    if username is not None and username not in kept:
        raise NotFound
    of = [username] if username is not None else [*kept, NOBODY]
    found = product.part(Accounts).journal(of, before=before, acts=[what] if what else [])
    return [
        SignInShape(
            each.id,
            each.at,
            each.last_at,
            each.what,
            each.username or None,
            each.by,
            each.address,
            each.device,
            each.times,
        )
        for each in found
    ]
