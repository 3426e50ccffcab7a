"""The books in plans: nothing is dated in a closed month; months are locked and closed."""

from datetime import date

from domain.books.books import BOOKS, Books, CloseMonth, LockMonth, books_stream
from domain.calendar import local_date
from services.commands.plan import Attempt, Plan, Planned
from services.log.event_log import EventLog


def check_open(attempt: Attempt, estate: str, day: date | None = None) -> None:
    """Refuses ``period_closed`` if ``day`` lies in a closed month; without one, the day on which it happened.

    The books are looked at, so a month that closes meanwhile is noticed.
    """
    day = day or local_date(attempt.act.occurred_at)
    attempt.at(BOOKS, books_stream(estate)).state.check_open(day)


def on_books(estate: str, command: LockMonth | CloseMonth) -> Plan:
    """A month of an estate is locked, or closed with its figures."""
    stream = books_stream(estate)

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(type(command), estate)
        attempt.estate(estate)
        return attempt.decided(BOOKS, stream, attempt.at(BOOKS, stream), command, stream, estate)

    return Plan(make)


def books_of(log: EventLog, estate: str) -> Books:
    """The books as they stand."""
    return log.load(BOOKS, books_stream(estate)).state
