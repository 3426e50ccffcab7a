"""What somebody who searches means, and what is found by it: places, words in any order, numbers, people."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from domain.capacity import STATION
from domain.estates.place_reading import read
from domain.estates.places import Known, Place
from domain.fees.receipt_book import RECEIPT
from domain.typed import folded, one_line
from domain.written.phones import searched
from projections.cases import notebook, orders
from projections.cases.notebook import NOTEBOOK, IssueLine
from projections.cases.orders import ORDERS, OrderCard
from projections.estates.estates import ESTATES, EstateRow
from projections.fees import payments
from projections.fees.payments import PAYMENTS, PaymentRow
from projections.people import people
from projections.people.people import PEOPLE, PersonRow
from projections.projection import Connection
from projections.register import dwellings
from projections.register.dwellings import DWELLINGS, DwellingRow
from projections.register.owners import OWNERS, words_of
from projections.search import case_words
from projections.search.case_words import CASE_WORDS, Sight, compared
from projections.sounds import sounds_of
from services.http.who import FEE_READING, READING
from services.product import Product
from services.register.plans import dwelling_of
from services.register.search import meant
from services.search.maps import Maps
from services.sessions.member import Member

SHOWN = (DWELLINGS, NOTEBOOK, ORDERS, OWNERS, PAYMENTS, PEOPLE, ESTATES, CASE_WORDS)

LONGEST = 60
MOST = 20  # of each kind
MOST_PLACES = 12
MOST_LOOKED_AT = 200  # dwellings of one word, of which others are asked for as well


@dataclass(frozen=True, slots=True)
class At:
    """A place that the question names, and what it says besides; without a building the whole estate."""

    estate: EstateRow
    place: Place
    besides: tuple[str, ...] = ()

    @property
    def building(self) -> str | None:
        return self.place.building

    @property
    def stairwell(self) -> str | None:
        return self.place.stairwell

    @property
    def dwelling(self) -> str | None:
        return self.place.room


@dataclass(frozen=True, slots=True)
class Question:
    """``said`` as it is shown again; ``words`` as they are compared."""

    said: str
    words: tuple[str, ...]
    places: tuple[At, ...] = ()
    receipt: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, the nearest first; ``looked_in`` tells what was searched, ``read_as`` the places understood."""

    estates: Sequence[EstateRow] = field(default=())
    places: Sequence[At] = field(default=())
    cards: Sequence[OrderCard] = field(default=())
    lines: Sequence[IssueLine] = field(default=())
    persons: Sequence[PersonRow] = field(default=())
    homes: Sequence[DwellingRow] = field(default=())
    receipts: Sequence[PaymentRow] = field(default=())
    read_as: Sequence[At] = field(default=())
    looked_in: Sequence[str] = field(default=())

    @property
    def nothing(self) -> bool:
        found = (self.estates, self.places, self.cards, self.lines, self.persons, self.homes, self.receipts)
        return not any(found)


def usable(said: str) -> str:
    """The question as it can be asked; empty where there is nothing to search by."""
    wanted = one_line(said[: LONGEST * 4])[:LONGEST]
    kept = wanted.isprintable() and not any("\ud800" <= letter <= "\udfff" for letter in wanted)
    return wanted if kept and compared(wanted).strip("|-#/.") else ""


def search(product: Product, who: Member, conn: Connection, said: str, most: int) -> Found:
    """Everything of the member's own estates that is meant, as far as this capacity may know it."""
    own = sorted(who.estates)
    mine = product.part(Maps).mine(conn, own, outside=who.outside)
    asked = _question(said, mine)
    cases, homes = who.capacity in READING, who.capacity in FEE_READING
    persons = [row for row in people.everybody(conn, own) if _is_called(row, asked, who)][:most]
    issues = _issues(conn, own, asked, sight_of(who), most) if cases else []
    cards = orders.of_cases(conn, issues)[:most] if issues else []
    shown = {card.issue for card in cards}
    noted = notebook.of_issues(conn, [each for each in issues if each not in shown])
    return Found(
        estates=[row for row, _ in mine if matches(row.name, asked.said)] if cases else [],
        places=_buildings(asked)[:most] if cases else [],
        cards=cards,
        lines=[noted[each] for each in issues if each in noted][:most],
        persons=persons,
        homes=_homes(product, conn, own, mine, asked, most) if homes else [],
        receipts=payments.with_receipt(conn, own, asked.receipt, most) if homes and asked.receipt else [],
        read_as=[each for each in asked.places if each.place.building is not None],
        looked_in=looked_in(who),
    )


def sight_of(who: Member) -> Sight:
    """By what this member may find cases: who reported them is the station's to know."""
    if who.outside:
        return Sight.NUMBERS
    return Sight.REPORTERS if who.capacity in STATION else Sight.TEXTS


def looked_in(who: Member) -> list[str]:
    """What is searched for this member, as keys of words."""
    found = []
    if who.capacity in READING:
        found += ["numbers", "places"] if who.outside else ["numbers", "texts", "places"]
        found += ["reporters"] if sight_of(who) is Sight.REPORTERS else []
    if who.capacity in FEE_READING:
        found += ["homes", "owners", "receipts"]
    return [*found, "people"]


def matches(name: str | None, wanted: str) -> bool:
    """Whether a name holds the fragment, or its pinyin, whole or by initials, begins with it."""
    if not name:
        return False
    plain, asked = compared(name), compared(wanted)
    if asked in plain:
        return True
    return asked.isascii() and any(each.lower().startswith(asked) for each in sounds_of(plain))


def _question(said: str, mine: Sequence[tuple[EstateRow, Known]]) -> Question:
    called = searched(said)
    words = (called,) if called else tuple(map(compared, said.split()))
    places: dict[tuple[str, Place], At] = {}
    for row, known in mine:
        mentions, rest = read(said, known, whole=True)
        besides = tuple(word for word in map(compared, rest.split()) if word.strip("|-#/.,"))
        for mention in mentions:
            for place in mention.places:
                places.setdefault((row.code, place), At(row, place, besides))
    nearest = sorted(places.values(), key=lambda at: (at.place.room is None, at.place.stairwell is None))
    receipt = RECEIPT.search(folded(said))
    number = f"{receipt[1]}-{receipt[2]}" if receipt else None
    return Question(said, tuple(word for word in words if word.strip("|")), tuple(nearest[:MOST_PLACES]), number)


def _issues(conn: Connection, own: Sequence[str], asked: Question, sight: Sight, most: int) -> list[UUID]:
    found: dict[UUID, None] = {}
    for at in asked.places:
        if len(found) < most:
            here = case_words.at_place(conn, at.estate.code, at.place, at.besides, sight, most)
            found |= dict.fromkeys(here)
    if asked.words:
        found |= dict.fromkeys(case_words.holding(conn, own, asked.words, sight, most))
    return list(found)[: 2 * most]


def _is_called(row: PersonRow, asked: Question, who: Member) -> bool:
    digits = "".join(asked.words)
    by_phone = who.capacity in STATION and row.phone is not None and digits.isdecimal() and len(digits) >= 4
    if by_phone and digits in re.sub(r"\D", "", row.phone or ""):
        return True
    return matches(row.name, asked.said) or (
        len(asked.words) > 1 and all(matches(row.name, each) for each in asked.words)
    )


def _buildings(asked: Question) -> list[At]:
    """Buildings that the question names, each once."""
    found: dict[tuple[str, str | None], At] = {}
    for at in asked.places:
        found.setdefault((at.estate.code, at.place.building), At(at.estate, Place(at.place.building)))
    return list(found.values())


def _homes(
    product: Product, conn: Connection, own: Sequence[str], mine: Sequence[tuple[EstateRow, Known]], asked: Question,
    most: int,
) -> list[DwellingRow]:  # fmt: skip
    ids = [dwelling_of(product.pseudonyms, at.estate.code, place) for at in asked.places for place in _whole(at)]
    rows = [row for row in dwellings.of_ids_in_order(conn, ids[:MOST_LOOKED_AT]) if not row.state.withdrawn]
    besides = asked.places[0].besides if asked.places else ()
    if rows:
        return [row for row in rows if _holds(row, besides)][:most] or rows[:most]
    for at in asked.places:
        if besides:
            some = dwellings.search(conn, [at.estate.code], max(besides, key=len), MOST_LOOKED_AT)
            rows += [row for row in some if _within(row, at.place) and _holds(row, besides)]
        elif at.place.stairwell is not None:
            rows += dwellings.search(
                conn, [at.estate.code], f"|{at.place.building}-{at.place.stairwell}-".lower(), most
            )
    if rows:
        return rows[:most]
    rows = dwellings.search(conn, own, asked.words[0] if len(asked.words) == 1 else meant(asked.said), most)
    if rows or len(asked.words) < 2:
        return rows
    longest = max(asked.words, key=len)
    some = dwellings.search(conn, own, meant(longest), MOST_LOOKED_AT)
    return [row for row in some if _holds(row, asked.words)][:most]


def _whole(at: At) -> Iterator[Place]:
    """The dwellings that a place may be: one for every stairwell that has such a room, where none is named."""
    building, stairwell, room = at.place
    if building is None or room is None:
        return
    for code, rooms in at.estate.state.buildings[building].items():
        if stairwell in (None, code) and room in rooms:
            yield Place(building, code or None, room)


def _within(row: DwellingRow, place: Place) -> bool:
    return row.building == place.building and place.stairwell in (None, row.stairwell)


def _holds(row: DwellingRow, words: Sequence[str]) -> bool:
    """Whether place or owner of a dwelling hold all of these."""
    told = (row.words or "") + (words_of(folded(row.owner_name), row.owner_phone) if row.owner_name else "")
    return all(word in told for word in words)
