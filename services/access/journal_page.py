"""The journal of accounts as a page: who signed in from where, what was refused, what was done."""

from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from projections.people import people
from projections.people.people import PEOPLE
from services.access.keeping import kept_accounts
from services.access.reading import JournalVisit
from services.sessions.accounts import Accounts
from services.sessions.journal import MOST_READ, NOBODY, AccountAct

router = APIRouter(include_in_schema=False)

PATH = "/admin/sign-ins"


@router.get(PATH)
def page(visit: JournalVisit, username: str = "", what: str = "", before: str = "") -> Response:
    stale = visit.caught_up(0, [PEOPLE])
    kept = kept_accounts(visit.product, visit.member.estates)
    act = next((each for each in AccountAct if each.value == what), None)
    only = username if username in kept else ""
    start = int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None
    found = visit.product.part(Accounts).journal(
        [only] if only else [*kept, NOBODY], before=start, acts=[act] if act else []
    )
    with visit.lend() as conn:
        names = people.named(conn, [*kept.values(), *(each.by for each in found if each.by)])
    asked = {"username": only, "what": act.value if act else ""}
    older = urlencode(asked | {"before": found[-1].id}) if len(found) == MOST_READ else ""
    return visit.html(
        "sign_ins.html",
        here="journal",
        stale=stale,
        entries=found,
        kept=kept,
        names=names,
        acts=tuple(AccountAct),
        only=only,
        act=act,
        newest=urlencode(asked) if start is not None else "",
        older=older,
    )
