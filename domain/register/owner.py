"""Who owns dwellings (业主) and so owes for them: a person, a firm or the developer.

Everything else names an owner by this stream's id alone; name and phone are sealed under its own key.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, assert_never
from uuid import UUID

from domain.capacity import ACCOUNTS, HEADS, MONEY, STATION, Capacity
from domain.changed import changed
from domain.decider import Decider
from domain.erasure import ErasureGround
from domain.recorded import Act
from domain.refusal import refuse_if, reject_if
from domain.words import NAME_LENGTH, PHONE_LENGTH, Personal, personal
from domain.written.phones import phone_if_any


class OwnerKind(Enum):
    PERSON = "PERSON"
    COMPANY = "COMPANY"
    DEVELOPER = "DEVELOPER"  # 建设单位: owes for what is not sold


# -- commands ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RegisterOwner:
    estate: str
    kind: OwnerKind
    name: Personal = personal(NAME_LENGTH)
    phone: Personal = personal(PHONE_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class CorrectOwnerContact:
    """Name and phone as they are now; no phone means that there is none."""

    name: Personal = personal(NAME_LENGTH)
    phone: Personal = personal(PHONE_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class NameOwnerStaff:
    """This owner works here, as that person: nobody waives what he owes himself (INV-53)."""

    person: UUID


@dataclass(frozen=True, slots=True)
class ViewOwnerContact:
    """Look at the phone in full; that somebody did is kept (INV-63)."""

    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class ForgetOwner:
    ground: ErasureGround


Command = RegisterOwner | CorrectOwnerContact | NameOwnerStaff | ViewOwnerContact | ForgetOwner

# -- events ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnerRegistered:
    estate: str
    kind: OwnerKind
    name: Personal = personal(NAME_LENGTH)
    phone: Personal = personal(PHONE_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class OwnerContactCorrected:
    name: Personal = personal(NAME_LENGTH)
    phone: Personal = personal(PHONE_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class OwnerIsStaff:
    person: UUID


@dataclass(frozen=True, slots=True)
class OwnerContactViewed:
    reason: Personal = personal()


@dataclass(frozen=True, slots=True)
class OwnerForgotten:
    ground: ErasureGround


Event = OwnerRegistered | OwnerContactCorrected | OwnerIsStaff | OwnerContactViewed | OwnerForgotten


@dataclass(frozen=True)
class Owner:
    """``person`` is set where the owner works here."""

    estate: str | None = None
    kind: OwnerKind = OwnerKind.PERSON
    person: UUID | None = None
    forgotten: ErasureGround | None = None


def decide(command: Command, owner: Owner, act: Act) -> Sequence[Event]:
    if isinstance(command, RegisterOwner):
        refuse_if(owner.estate is not None, "already_registered")
        return [OwnerRegistered(command.estate, command.kind, command.name, phone_if_any(command.phone))]
    reject_if(owner.estate is None, "owner_unknown")
    if owner.forgotten:
        refuse_if(command != ForgetOwner(owner.forgotten), "owner_forgotten")
        return []
    match command:
        case CorrectOwnerContact(name, phone):
            return [OwnerContactCorrected(name, phone_if_any(phone))]
        case NameOwnerStaff(person):
            return [] if person == owner.person else [OwnerIsStaff(person)]
        case ViewOwnerContact(reason):
            return [OwnerContactViewed(reason)]
        case ForgetOwner(ground):
            return [OwnerForgotten(ground)]
        case _:
            assert_never(command)


def evolve(owner: Owner, event: Event, act: Act) -> Owner:
    match event:
        case OwnerRegistered(estate, kind):
            return Owner(estate, kind)
        case OwnerIsStaff(person):
            return changed(owner, person=person)
        case OwnerForgotten(ground):
            return changed(owner, forgotten=ground)
        case OwnerContactCorrected() | OwnerContactViewed():
            return owner
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    RegisterOwner: ACCOUNTS,
    CorrectOwnerContact: ACCOUNTS,
    NameOwnerStaff: HEADS,
    ViewOwnerContact: MONEY | STATION,
    ForgetOwner: HEADS,
}

OWNER: Decider[Command, Owner, Event] = Decider(
    name="Owner",
    initial=Owner(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
    erasure=OwnerForgotten,
)
