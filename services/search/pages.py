"""One box for everything: dwellings, orders, notebook lines, people and buildings, by number, words or initials."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup, escape
from pypinyin import Style, lazy_pinyin

from projections.cases import notebook, orders
from projections.cases.notebook import NOTEBOOK, IssueLine
from projections.cases.orders import ORDERS, OrderCard
from projections.estates import estates
from projections.estates.estates import ESTATES, EstateRow
from projections.people import people
from projections.people.people import PEOPLE, PersonRow
from projections.projection import Connection
from projections.register import dwellings
from projections.register.dwellings import DWELLINGS, DwellingRow
from projections.register.owners import OWNERS
from services.console.render import Voice
from services.console.visit import Visit, Visiting
from services.http.who import FEE_READING, READING

router = APIRouter(include_in_schema=False)

_SHOWN = (DWELLINGS, NOTEBOOK, ORDERS, OWNERS, PEOPLE, ESTATES)

MOST, MOST_IN_PALETTE = 20, 5
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A building, and the estate in which it is."""

    estate: EstateRow
    building: str


@dataclass(frozen=True, slots=True)
class Found:
    estates: Sequence[EstateRow] = field(default=())
    places: Sequence[Place] = field(default=())
    cards: Sequence[OrderCard] = field(default=())
    lines: Sequence[IssueLine] = field(default=())
    persons: Sequence[PersonRow] = field(default=())
    homes: Sequence[DwellingRow] = field(default=())

    @property
    def nothing(self) -> bool:
        return not (self.estates or self.places or self.cards or self.lines or self.persons or self.homes)


@router.get("/search")
def page(visit: Visiting, q: str = "") -> Response:
    """The page; for the palette only what was found, a few of each."""
    wanted = q.strip()[:LONGEST]
    usable = bool(wanted) and wanted.isprintable() and not any("\ud800" <= letter <= "\udfff" for letter in wanted)
    palette = visit.request.headers.get("hx-request") is not None
    found, stale = Found(), ""
    if usable:
        stale = visit.caught_up(0, _SHOWN)
        with visit.lend() as conn:
            found = _found(conn, visit, wanted, MOST_IN_PALETTE if palette else MOST)
    template = "part/search_found.html" if palette else "search.html"
    return visit.html(template, here="search", q=wanted if usable else "", found=found, marked=marked, stale=stale)


def _found(conn: Connection, visit: Visit, wanted: str, most: int) -> Found:
    own = sorted(visit.member.estates)
    mine = [row for row in estates.mine(conn) if row.code in visit.member.estates]
    persons = [row for row in people.everybody(conn, own) if matches(row.name, wanted)][:most]
    homes = dwellings.search(conn, own, wanted, most) if visit.member.capacity in FEE_READING else []
    if visit.member.capacity not in READING:  # keeps accounts, sees no cases
        return Found(persons=persons, homes=homes)
    cards = orders.numbered(conn, own, wanted, most)
    shown = {card.issue for card in cards}
    lines = [line for line in notebook.numbered(conn, own, wanted, 2 * most) if line.issue not in shown][:most]
    named = [row for row in mine if matches(row.name, wanted)]
    return Found(named, _places(mine, wanted, visit.voice)[:most], cards, lines, persons, homes)


def _places(estates: Sequence[EstateRow], wanted: str, voice: Voice) -> list[Place]:
    """Buildings whose name in the reader's language begins like this: 3, 3 with its word, or the word with 3."""
    asked = wanted.lower().replace(" ", "")
    return [
        Place(row, building)
        for row in estates
        for building in row.buildings()
        if asked == building or voice.say("place-building", building=building).lower().replace(" ", "") == asked
    ]


def matches(name: str | None, wanted: str) -> bool:
    """Whether a name holds the fragment, or its pinyin initials begin with it."""
    if not name:
        return False
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return wanted.lower() in name.lower() or (wanted.isascii() and initials.startswith(wanted.lower()))


def marked(text: str | None, wanted: str) -> Markup:
    """Markup of a text with the fragment marked wherever it stands."""
    if not text or (len(wanted) < 2 and wanted.isascii()):
        return escape(text or "")
    parts = re.split(f"({re.escape(wanted)})", text, flags=re.IGNORECASE)
    wrapped = (
        Markup("<mark>{}</mark>").format(part) if index % 2 else escape(part) for index, part in enumerate(parts)
    )
    return Markup("").join(wrapped)
