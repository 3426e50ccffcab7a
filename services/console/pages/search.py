"""One box for everything: orders, notebook lines, people and buildings, by number, words or pinyin initials."""

from fastapi import APIRouter
from fastapi.responses import Response
from pypinyin import Style, lazy_pinyin

from projections import estates as register
from projections import notebook, orders, people
from services.console.pages.visit import CaseVisit

router = APIRouter(include_in_schema=False)

MOST = 20
LONGEST = 60


@router.get("/search")
def page(visit: CaseVisit, q: str = "") -> Response:
    wanted = q.strip()[:LONGEST]
    own = sorted(visit.member.estates)
    usable = bool(wanted) and wanted.isprintable() and not any("\ud800" <= letter <= "\udfff" for letter in wanted)
    if not usable:
        return visit.html("search.html", here="search", q="", cards=[], lines=[], persons=[], places=[])
    with visit.lend() as conn:
        cards = orders.numbered(conn, own, wanted, MOST)
        lines = notebook.numbered(conn, own, wanted, MOST)
        persons = [row for row in people.everybody(conn, own) if matches(row.name, wanted)][:MOST]
        places = [row for row in register.mine(conn) if row.code in own and matches(row.name, wanted)]
    return visit.html("search.html", here="search", q=wanted, cards=cards, lines=lines, persons=persons, places=places)


def matches(name: str | None, wanted: str) -> bool:
    """Whether a name holds the fragment, or its pinyin initials begin with it."""
    if not name:
        return False
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return wanted.lower() in name.lower() or (wanted.isascii() and initials.startswith(wanted.lower()))
