"""Private addresses of statements: they end by themselves, can be revoked, and tell when they were read."""

from datetime import date

import pytest

from domain.account_statements.link import (
    STATEMENT_LINK,
    IssueStatementLink,
    NoteStatementRead,
    RevokeStatementLink,
    StatementLink,
    StatementLinkIssued,
    StatementLinkRevoked,
    StatementRead,
)
from tests.books.examples import DWELLING, ESTATE, OWNER
from tests.scenario import MONDAY, Scenario


def untouched() -> Scenario[StatementLink]:
    return Scenario(STATEMENT_LINK, STATEMENT_LINK.initial)


def issued(days: int = 30) -> Scenario[StatementLink]:
    return untouched().when(IssueStatementLink(ESTATE, DWELLING, OWNER, days))


def test_it_opens_for_as_many_days_as_were_said() -> None:
    issued().then(StatementLinkIssued(ESTATE, DWELLING, OWNER, date(2026, 12, 23)))
    one_day = issued(1).state
    assert one_day.opens(MONDAY.date()) and not one_day.opens(date(2026, 11, 24))
    assert not StatementLink().opens(MONDAY.date())


@pytest.mark.parametrize("days", [0, -1, 91, 10**9])
def test_it_lasts_a_day_at_least_and_ninety_at_most(days: int) -> None:
    untouched().refused(IssueStatementLink(ESTATE, DWELLING, OWNER, days), "link_days", field="days", most=90)


def test_a_revoked_one_opens_nothing() -> None:
    revoked = issued().when(RevokeStatementLink()).then(StatementLinkRevoked())
    assert not revoked.state.opens(MONDAY.date())
    revoked.when(RevokeStatementLink()).then().refused(NoteStatementRead(), "link_ended")
    untouched().when(RevokeStatementLink()).then()


def test_reading_is_told_once_a_day() -> None:
    read = issued().when(NoteStatementRead()).then(StatementRead())
    read.later(hours=3).when(NoteStatementRead()).then()
    read.later(days=1).when(NoteStatementRead()).then(StatementRead())
    read.later(days=30).refused(NoteStatementRead(), "link_ended")


def test_one_address_is_issued_once() -> None:
    issued().when(IssueStatementLink(ESTATE, DWELLING, OWNER, 5)).then()
    issued().refused(IssueStatementLink(ESTATE, OWNER, DWELLING, 5), "already_registered")
