"""The books in plans: nothing is dated in a closed month; months are locked and closed."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.account_statements.link import STATEMENT_LINK, IssueStatementLink, NoteStatementRead, RevokeStatementLink
from domain.books.books import BOOKS, CloseMonth, LockMonth, books_stream
from domain.calendar import local_date
from domain.closing.ledger import dated
from domain.fees.fee_account import FEE_ACCOUNT
from services.commands.ask import NotFound
from services.commands.plan import Looking, Plan, Planned
from services.log.event_log import Change


def check_open(look: Looking, estate: str, day: date | None = None) -> None:
    """Refuses ``period_closed`` if ``day`` lies in a closed month; without one, the day on which it happened.

    The books are looked at, so a month that closes meanwhile is noticed.
    """
    day = day or local_date(look.act.occurred_at)
    look.at(BOOKS, books_stream(estate)).state.check_open(day)


def check_changes(look: Looking, changes: Sequence[Change]) -> None:
    """Refuses ``period_closed`` where something that moves money would be dated in a closed month.

    Asked of every plan, so that none can forget it; plans that know the day before may ask ``check_open`` earlier.
    """
    for change in changes:
        if change.category != FEE_ACCOUNT.name or change.estate is None:
            continue
        days = [day for event in change.events if (day := dated(event, change.act)) is not None]
        if days:
            check_open(look, change.estate, min(days))


def on_books(estate: str, command: LockMonth | CloseMonth) -> Plan:
    """A month of an estate is locked, or closed with its figures."""
    stream = books_stream(estate)

    def make(look: Looking) -> Planned:
        look.check_power(type(command), estate)
        look.register(estate)
        return look.decided(BOOKS, stream, look.at(BOOKS, stream), command, stream, estate)

    return Plan(make)


def on_statement_link(stream: UUID, command: IssueStatementLink | RevokeStatementLink | NoteStatementRead) -> Plan:
    """A private address is given out, taken back or used."""

    def make(look: Looking) -> Planned:
        loaded = look.at(STATEMENT_LINK, stream)
        estate = command.estate if isinstance(command, IssueStatementLink) else loaded.state.estate
        if estate is None:
            raise NotFound
        look.check_power(type(command), estate)
        return look.decided(STATEMENT_LINK, stream, loaded, command, stream, estate)

    return Plan(make)
