"""Whom to ring besides 119, 110 and 120: the firm that maintains or repairs on an estate, by what it is there for.

Of each kind there is one at a time. A small firm's number may be somebody's mobile, and its name somebody's name, so
both are kept as personal: in the events they are sealed, and the fold knows the kinds alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, assert_never
from uuid import UUID, uuid5

from domain.capacity import HEADS, PRODUCT, Capacity
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import reject_if
from domain.words import NAME_LENGTH, PHONE_LENGTH, Personal, personal
from domain.written.phones import hotline

_STREAMS = UUID("6b1f0c53-0f1e-4b7a-9d7c-3a5f7be2c914")  # namespace of the streams of emergency contacts


class Maintainer(Enum):
    """What a firm is rung for."""

    LIFT_MAINTENANCE = "LIFT_MAINTENANCE"
    FIRE_MAINTENANCE = "FIRE_MAINTENANCE"
    GAS_REPAIR = "GAS_REPAIR"
    WATER_REPAIR = "WATER_REPAIR"
    POWER_REPAIR = "POWER_REPAIR"


def contacts_stream(estate: str) -> UUID:
    """The stream of an estate's emergency contacts."""
    return uuid5(_STREAMS, estate)


@dataclass(frozen=True, slots=True)
class SetEmergencyContact:
    """From now on this firm is rung, at any hour; whoever was registered for the same is replaced."""

    estate: str
    maintainer: Maintainer
    firm: Personal = personal(NAME_LENGTH)
    phone: Personal = personal(PHONE_LENGTH)


@dataclass(frozen=True, slots=True)
class WithdrawEmergencyContact:
    """Nobody is registered any more for this."""

    estate: str
    maintainer: Maintainer


Command = SetEmergencyContact | WithdrawEmergencyContact


@dataclass(frozen=True, slots=True)
class EmergencyContactSet:
    estate: str
    maintainer: Maintainer
    firm: Personal = personal(NAME_LENGTH)
    phone: Personal = personal(PHONE_LENGTH)


@dataclass(frozen=True, slots=True)
class EmergencyContactWithdrawn:
    estate: str
    maintainer: Maintainer


Event = EmergencyContactSet | EmergencyContactWithdrawn


@dataclass(frozen=True, slots=True)
class EmergencyContacts:
    """For what somebody is registered."""

    estate: str | None = None
    registered: tuple[Maintainer, ...] = ()


def decide(command: Command, contacts: EmergencyContacts, act: Act) -> Sequence[Event]:
    """Rejects ``firm_nameless`` and what ``hotline`` rejects."""
    match command:
        case SetEmergencyContact(estate, maintainer, firm, phone):
            assert firm is not None and phone is not None
            reject_if(not any(map(str.isalpha, firm)), "firm_nameless", field="firm")
            return [EmergencyContactSet(estate, maintainer, " ".join(firm.split()), hotline(phone))]
        case WithdrawEmergencyContact(estate, maintainer):
            known = maintainer in contacts.registered
            return [EmergencyContactWithdrawn(estate, maintainer)] if known else []
        case _:
            assert_never(command)


def evolve(contacts: EmergencyContacts, event: Event, act: Act) -> EmergencyContacts:
    others = tuple(each for each in contacts.registered if each is not event.maintainer)
    match event:
        case EmergencyContactSet(estate, maintainer):
            return EmergencyContacts(estate, (*others, maintainer))
        case EmergencyContactWithdrawn():
            return replace(contacts, registered=others)
        case _:
            assert_never(event)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    SetEmergencyContact: HEADS | PRODUCT,
    WithdrawEmergencyContact: HEADS,
}

EMERGENCY_CONTACTS: Decider[Command, EmergencyContacts, Event] = Decider(
    name="EmergencyContacts",
    initial=EmergencyContacts(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
)
