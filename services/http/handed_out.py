"""What leaves the product as a file or on paper, and pages of numbers in the clear: on record before anybody has it.

A file is answered by ``handed_out`` alone (``answers.pdf`` does so); without the record there is no file.
"""

from dataclasses import dataclass

from fastapi import Response

from domain.access.reading import READING, Command, ContactList, NoteContactsRead, NoteTaken, Taken, reading_stream
from domain.recorded import Act
from services.commands.ask import Answer, by_itself
from services.commands.plan import Attempt, Plan, Planned
from services.log.event_log import Change
from services.product import Product
from services.sessions.member import Member


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes what of which estate; ``things`` is how many papers or lines it has, where that is known."""

    product: Product
    who: Member
    what: Taken
    estate: str | None
    things: int | None = None


def handed_out(taking: Taking, response: Response) -> Response:
    """The response, once the log says who took it. Raises what the log raises."""
    _noted(taking.product, taking.who, NoteTaken(taking.what, taking.things), taking.estate)
    return response


def contacts_read(product: Product, who: Member, which: ContactList, estate: str | None, people: int) -> None:
    """Say that a page with numbers of so many people is looked at; nothing where it was a moment ago."""
    if people:
        _noted(product, who, NoteContactsRead(which, estate, people), estate)


def _noted(product: Product, who: Member, command: Command, estate: str | None) -> None:
    stream = reading_stream(who.person)

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(type(command), None)
        act = Act(who.person, who.capacity, attempt.act.occurred_at, attempt.act.recorded_at)
        loaded = attempt.at(READING, stream)
        events = READING.consider(command, loaded.state, act)
        change = Change(stream, READING.name, loaded.version, events, act, estate, who.person)
        return Planned([change], Answer(stream, loaded.version + len(events)))

    product.handler.do(by_itself(""), Plan(make))


__all__ = ["Taking", "contacts_read", "handed_out"]
