"""The books in plans: nothing is dated in a closed month; months are locked and closed."""

from datetime import date

from domain.books.books import BOOKS, Books, CloseMonth, LockMonth, books_stream
from domain.calendar import local_date
from services.commands.plan import Looking, Plan, Planned
from services.log.event_log import EventLog


def check_open(look: Looking, estate: str, day: date | None = None) -> None:
    """Refuses ``period_closed`` if ``day`` lies in a closed month; without one, the day on which it happened.

    The books are looked at, so a month that closes meanwhile is noticed.
    """
    day = day or local_date(look.act.occurred_at)
    look.at(BOOKS, books_stream(estate)).state.check_open(day)


def on_books(estate: str, command: LockMonth | CloseMonth) -> Plan:
    """A month of an estate is locked, or closed with its figures."""
    stream = books_stream(estate)

    def make(look: Looking) -> Planned:
        look.check_power(type(command), estate)
        look.register(estate)
        return look.decided(BOOKS, stream, look.at(BOOKS, stream), command, stream, estate)

    return Plan(make)


def books_of(log: EventLog, estate: str) -> Books:
    """The books as they stand."""
    return log.load(BOOKS, books_stream(estate)).state
