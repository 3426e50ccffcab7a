"""The search over HTTP: what the box of the console finds, as the same person may find it."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from services.http.acting import showing
from services.http.who import SignedIn, TheProduct
from services.search import looking
from services.search.looking import MOST, SHOWN, At, Found

router = APIRouter(prefix="/api/v1", tags=["search"])


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place as the question was understood, or a building that it names."""

    estate: str
    building: str | None
    stairwell: str | None
    room: str | None


@dataclass(frozen=True, slots=True)
class CaseFound:
    """A case: its line of the notebook, or its work order. ``text`` is missing where one may not read it."""

    estate: str
    issue: UUID
    order: UUID | None
    number: str
    text: str | None
    building: str | None
    stairwell: str | None


@dataclass(frozen=True, slots=True)
class HomeFound:
    estate: str
    dwelling: UUID
    label: str | None
    owner_name: str | None


@dataclass(frozen=True, slots=True)
class PersonFound:
    person: UUID
    name: str | None


@dataclass(frozen=True, slots=True)
class ReceiptFound:
    estate: str
    payment: UUID
    dwelling: UUID
    receipt: str


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What was found of each kind, the nearest first; ``looked_in`` tells what was searched for this reader."""

    question: str
    read_as: list[PlaceFound]
    estates: list[str]
    buildings: list[PlaceFound]
    orders: list[CaseFound]
    issues: list[CaseFound]
    dwellings: list[HomeFound]
    receipts: list[ReceiptFound]
    people: list[PersonFound]
    looked_in: list[str]


@router.get("/search", dependencies=[showing(*SHOWN)])
def search(
    product: TheProduct,
    who: SignedIn,
    q: Annotated[
        str,
        Query(
            max_length=400,
            description="A place in any spelling, words in any order, a number, a receipt, a name, its pinyin initials"
            " or a phone: whatever the reader may know of it.",
            examples=["6-2-401"],
        ),
    ] = "",
) -> SearchAnswer:
    """Find everything that is meant, up to 20 of each kind; readers outside the station find nothing personal."""
    wanted = looking.usable(q)
    found = Found(looked_in=looking.looked_in(who))
    if wanted:
        with product.lend(who) as conn:
            found = looking.search(product, who, conn, wanted, MOST)
    return _answer(wanted, found)


def _answer(wanted: str, found: Found) -> SearchAnswer:
    return SearchAnswer(
        question=wanted,
        read_as=[_place(each) for each in found.read_as],
        estates=[row.code for row in found.estates],
        buildings=[_place(each) for each in found.places],
        orders=[
            CaseFound(card.estate, card.issue, card.order, card.number, card.text, card.building, card.stairwell)
            for card in found.cards
        ],
        issues=[
            CaseFound(line.estate, line.issue, None, line.number, line.text, line.building, line.stairwell)
            for line in found.lines
        ],
        dwellings=[HomeFound(row.estate, row.dwelling, row.label, row.owner_name) for row in found.homes],
        receipts=[ReceiptFound(row.estate, row.payment, row.dwelling, row.receipt) for row in found.receipts],
        people=[PersonFound(row.person, row.name) for row in found.persons],
        looked_in=list(found.looked_in),
    )


def _place(at: At) -> PlaceFound:
    return PlaceFound(at.estate.code, *at.place)
