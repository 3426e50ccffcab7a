"""What a sentence tells besides what is wrong: who reported it, under which number, and where.

One reader for all callers: console and API come through here, so that a line is the same whichever way it was typed.
"""

from dataclasses import dataclass

from domain.estates.estate import Estate
from domain.estates.place_reading import place_in
from domain.estates.places import Known, Place
from domain.words import NAME_LENGTH, TEXT_LENGTH
from services.cases import contacts
from services.cases.contacts import OPEN, SHUT


@dataclass(frozen=True, slots=True)
class Told:
    """The text without what was lifted out of it, and what stands in the fields for it."""

    text: str
    reporter: str | None
    phone: str | None


def told(text: str, reporter: str | None, phone: str | None, *, name_told: bool) -> Told:
    """Name and number out of the text, where a name in its field may have another behind it. Numbers never stay.

    ``name_told``: the name was looked at beside the text, so its field holds; where that is empty, it was no name.
    """
    found = contacts.phones_in(text) if name_told and not reporter else contacts.lifted(text)
    name = reporter if name_told else reporter or found.reporter
    if not name_told and reporter and found.reporter and found.reporter not in reporter:
        name = f"{reporter}{OPEN}{found.reporter}{SHUT}"[:NAME_LENGTH]
    return Told(found.text, *contacts.placed(name, phone, found.phones))


def place_told(text: str, estate: Estate) -> Place:
    """Where it is, as far as the text says and the estate has it."""
    return place_in(text[:TEXT_LENGTH], Known(estate.buildings))
