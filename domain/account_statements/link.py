"""A private address under which an owner reads the own statement of one dwelling, for a while, without an account.

The stream's id is a keyed hash of what the address holds; the log never knows the address itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, assert_never
from uuid import UUID

from domain.calendar import local_date
from domain.capacity import MONEY, PRODUCT, Capacity
from domain.changed import changed
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import refuse_if, reject_if

LONGEST_DAYS = 90


@dataclass(frozen=True, slots=True)
class IssueStatementLink:
    """Let ``owner`` read what concerns the owner at ``dwelling`` for ``days``, today included."""

    estate: str
    dwelling: UUID
    owner: UUID
    days: int


@dataclass(frozen=True, slots=True)
class RevokeStatementLink:
    """It opens nothing any more."""


@dataclass(frozen=True, slots=True)
class NoteStatementRead:
    """Somebody has opened it; told once a day."""


Command = IssueStatementLink | RevokeStatementLink | NoteStatementRead


@dataclass(frozen=True, slots=True)
class StatementLinkIssued:
    """``until`` is the first day on which it opens nothing any more."""

    estate: str
    dwelling: UUID
    owner: UUID
    until: date


@dataclass(frozen=True, slots=True)
class StatementLinkRevoked:
    pass


@dataclass(frozen=True, slots=True)
class StatementRead:
    pass


Event = StatementLinkIssued | StatementLinkRevoked | StatementRead


@dataclass(frozen=True)
class StatementLink:
    estate: str | None = None
    dwelling: UUID | None = None
    owner: UUID | None = None
    until: date | None = None
    revoked: bool = False
    read_on: date | None = None

    def opens(self, day: date) -> bool:
        """Whether it still leads to a statement."""
        return self.until is not None and not self.revoked and day < self.until


def decide(command: Command, link: StatementLink, act: Act) -> Sequence[Event]:
    today = local_date(act.recorded_at)
    match command:
        case IssueStatementLink(estate, dwelling, owner, days):
            if link.until is not None:
                same = (link.estate, link.dwelling, link.owner) == (estate, dwelling, owner)
                refuse_if(not same, "already_registered")
                return []
            reject_if(not 1 <= days <= LONGEST_DAYS, "link_days", field="days", most=LONGEST_DAYS)
            return [StatementLinkIssued(estate, dwelling, owner, today + timedelta(days=days))]
        case RevokeStatementLink():
            return [] if link.revoked or link.until is None else [StatementLinkRevoked()]
        case NoteStatementRead():
            refuse_if(not link.opens(today), "link_ended")
            return [] if link.read_on == today else [StatementRead()]
        case _:
            assert_never(command)


def evolve(link: StatementLink, event: Event, act: Act) -> StatementLink:
    match event:
        case StatementLinkIssued(estate, dwelling, owner, until):
            return changed(link, estate=estate, dwelling=dwelling, owner=owner, until=until)
        case StatementLinkRevoked():
            return changed(link, revoked=True)
        case StatementRead():
            return changed(link, read_on=local_date(act.recorded_at))
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    IssueStatementLink: MONEY,
    RevokeStatementLink: MONEY,
    NoteStatementRead: PRODUCT,
}

STATEMENT_LINK: Decider[Command, StatementLink, Event] = Decider(
    name="StatementLink",
    initial=StatementLink(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
