"""An account and what was done to it: who let whom in, shut whom out, and who came in as an administrator.

The journal of accounts holds it first, with addresses and everybody's sign-ins; here stands what others must be able to
rely on. ``entry`` is the journal's number of it, so that each is told once. The name of the account is personal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, assert_never
from uuid import UUID

from domain.capacity import PRODUCT, Capacity
from domain.changed import changed
from domain.decider import Decider
from domain.recorded import Act
from domain.words import NAME_LENGTH, Personal, personal

REMEMBERED = 50  # entries that are told at once, at most


class AccountGround(Enum):
    """Why something is done to an account."""

    NEW_STAFF = "NEW_STAFF"  # 新到岗
    LEFT = "LEFT"  # 离岗
    FORGOT_PASSWORD = "FORGOT_PASSWORD"  # 忘了密码
    LOST_DEVICE = "LOST_DEVICE"  # 手机或电脑丢了
    SUSPICION = "SUSPICION"  # 怀疑被人用了
    BACK = "BACK"  # 回来上班
    OTHER = "OTHER"
    NOT_SAID = "NOT_SAID"


class AccountDeed(Enum):
    """What is done to an account."""

    MADE = "MADE"
    SWITCHED_OFF = "SWITCHED_OFF"
    SWITCHED_ON = "SWITCHED_ON"
    PASSWORD_DRAWN = "PASSWORD_DRAWN"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"
    SESSIONS_ENDED = "SESSIONS_ENDED"
    ADMITTED = "ADMITTED"
    WALL_GIVEN = "WALL_GIVEN"
    WALL_TAKEN_BACK = "WALL_TAKEN_BACK"


@dataclass(frozen=True, slots=True)
class NoteAccountDeed:
    """``person`` signs in with the account."""

    entry: int
    deed: AccountDeed
    person: UUID
    why: AccountGround = AccountGround.NOT_SAID
    username: Personal = personal(NAME_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class NoteAdministratorIn:
    """Somebody came in who may do what others may not; ``known``: with a browser that had signed in before."""

    entry: int
    known: bool


@dataclass(frozen=True, slots=True)
class NoteRefusedTries:
    """``times`` tries were refused in the hour from ``hour`` on, from so many addresses (or more)."""

    hour: datetime
    times: int
    addresses: int


Command = NoteAccountDeed | NoteAdministratorIn | NoteRefusedTries


@dataclass(frozen=True, slots=True)
class AccountMade:
    entry: int
    person: UUID
    why: AccountGround
    username: Personal = personal(NAME_LENGTH)


@dataclass(frozen=True, slots=True)
class AccountSwitchedOff:
    entry: int
    person: UUID
    why: AccountGround


@dataclass(frozen=True, slots=True)
class AccountSwitchedOn:
    entry: int
    person: UUID
    why: AccountGround


@dataclass(frozen=True, slots=True)
class PasswordDrawn:
    """An administrator had a new one drawn; whoever was signed in is out."""

    entry: int
    person: UUID
    why: AccountGround


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """By whom it is of."""

    entry: int
    person: UUID


@dataclass(frozen=True, slots=True)
class AccountSessionsEnded:
    entry: int
    person: UUID
    why: AccountGround


@dataclass(frozen=True, slots=True)
class AdministratorLetIn:
    """By whoever has the machine."""

    entry: int
    person: UUID


@dataclass(frozen=True, slots=True)
class WallGiven:
    """A screen on a wall was given its token."""

    entry: int
    person: UUID


@dataclass(frozen=True, slots=True)
class WallTakenBack:
    entry: int
    person: UUID


@dataclass(frozen=True, slots=True)
class AdministratorSignedIn:
    """As what stands in the envelope."""

    entry: int
    known: bool


@dataclass(frozen=True, slots=True)
class SignInsRefused:
    """At the account of an administrator, or, on a stream of their own, at names that no account has."""

    hour: datetime
    times: int
    addresses: int


Event = (
    AccountMade
    | AccountSwitchedOff
    | AccountSwitchedOn
    | PasswordDrawn
    | PasswordChanged
    | AccountSessionsEnded
    | AdministratorLetIn
    | WallGiven
    | WallTakenBack
    | AdministratorSignedIn
    | SignInsRefused
)


@dataclass(frozen=True)
class Account:
    """What of the journal was told last: not more is told at once than is remembered here."""

    entries: tuple[int, ...] = ()
    hour: datetime | None = None


def decide(command: Command, account: Account, act: Act) -> Sequence[Event]:
    match command:
        case NoteRefusedTries(hour, times, addresses):
            again = account.hour is not None and hour <= account.hour
            return [] if again else [SignInsRefused(hour, times, addresses)]
        case NoteAdministratorIn(entry, known):
            return [] if entry in account.entries else [AdministratorSignedIn(entry, known)]
        case NoteAccountDeed():
            return [] if command.entry in account.entries else [_done(command)]
        case _:
            assert_never(command)


def _done(told: NoteAccountDeed) -> Event:
    entry, person, why = told.entry, told.person, told.why
    match told.deed:
        case AccountDeed.MADE:
            return AccountMade(entry, person, why, told.username)
        case AccountDeed.SWITCHED_OFF:
            return AccountSwitchedOff(entry, person, why)
        case AccountDeed.SWITCHED_ON:
            return AccountSwitchedOn(entry, person, why)
        case AccountDeed.PASSWORD_DRAWN:
            return PasswordDrawn(entry, person, why)
        case AccountDeed.PASSWORD_CHANGED:
            return PasswordChanged(entry, person)
        case AccountDeed.SESSIONS_ENDED:
            return AccountSessionsEnded(entry, person, why)
        case AccountDeed.ADMITTED:
            return AdministratorLetIn(entry, person)
        case AccountDeed.WALL_GIVEN:
            return WallGiven(entry, person)
        case AccountDeed.WALL_TAKEN_BACK:
            return WallTakenBack(entry, person)
        case _:
            assert_never(told.deed)


def evolve(account: Account, event: Event, act: Act) -> Account:
    if isinstance(event, SignInsRefused):
        return changed(account, hour=event.hour)
    return changed(account, entries=(*account.entries, event.entry)[-REMEMBERED:])


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    NoteAccountDeed: PRODUCT,
    NoteAdministratorIn: PRODUCT,
    NoteRefusedTries: PRODUCT,
}

ACCOUNT: Decider[Command, Account, Event] = Decider(
    name="Account",
    initial=Account(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
