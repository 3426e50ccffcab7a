"""What people do with the register: dwellings with their owners, and what either takes besides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from domain.estates.estate import Estate
from domain.estates.places import Place
from domain.people.person import PERSON
from domain.refusal import Refusal, refuse_if, reject_if
from domain.register import dwelling as dwellings
from domain.register import owner as owners
from domain.register.dwelling import DWELLING, BeginOwnership, Dwelling, RegisterDwelling
from domain.register.owner import OWNER, Owner, OwnerKind, RegisterOwner
from services.commands.ask import Answer
from services.commands.plan import Attempt, Plan, Planned, Reach
from services.log.event_log import Change
from services.log.pseudonyms import Pseudonyms
from services.log.randomness import new_id
from services.register.owned import still_owns


@dataclass(frozen=True, slots=True)
class HandOver:
    """A dwelling goes over to somebody who is not in the register yet."""

    since: date
    kind: OwnerKind
    name: str
    phone: str | None = None


def place_of(register: Estate, building: str | None, stairwell: str | None, room: str | None) -> Place:
    """The place of a dwelling with the stairwell it belongs to, so that it has one identity however it was written.

    Refuses what ``Estate.place`` refuses, and ``stairwell_missing`` where several have such a room.
    """
    place = register.place(building, stairwell, room)
    reject_if(place.building is None or place.room is None, "building_missing")
    assert place.building is not None
    if place.stairwell is not None:
        return place._replace(stairwell=place.stairwell or None)
    having = [code for code, rooms in register.buildings[place.building].items() if place.room in rooms]
    reject_if(len(having) > 1, "stairwell_missing", field="stairwell", building=place.building)
    return place._replace(stairwell=having[0] or None)


def dwelling_of(pseudonyms: Pseudonyms, estate: str, place: Place) -> UUID:
    """The id of the dwelling at a whole place, registered or not."""
    assert place.building is not None and place.room is not None
    return pseudonyms.dwelling(estate, place.building, place.stairwell, place.room)


def dwelling_at(
    pseudonyms: Pseudonyms, register: Estate, building: str | None, stairwell: str | None, room: str | None
) -> UUID | None:
    """The id of the dwelling at a place, registered or not; ``None`` where the place names no single one."""
    if register.estate is None or building is None or room is None:
        return None
    try:
        return dwelling_of(pseudonyms, register.estate, place_of(register, building, stairwell, room))
    except Refusal:  # several stairwells have such a room
        return None


def register_dwelling(command: RegisterDwelling, owner: HandOver | None = None) -> Plan:
    """A dwelling that belongs to the estate's map, with its owner if he is named; its stream is the pseudonym of its
    place.
    """
    new = new_id()

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(RegisterDwelling, command.estate)
        said = DWELLING.consider(command, Dwelling(), attempt.act)[0]
        assert isinstance(said, dwellings.DwellingRegistered) and said.room is not None
        place = place_of(attempt.estate(said.estate), said.building, said.stairwell, said.room)
        stream = dwelling_of(attempt.reach.pseudonyms, said.estate, place)
        placed = replace(command, building=place.building or "", stairwell=place.stairwell, room=place.room)
        planned = attempt.decided(DWELLING, stream, attempt.at(DWELLING, stream), placed, stream, said.estate)
        if owner is None:
            return planned
        (registered,) = planned.changes
        state = DWELLING.fold([(event, attempt.act) for event in registered.events], attempt.at(DWELLING, stream).state)
        owned, begun = _begun(attempt, new, owner, state, said.estate)
        registered = replace(registered, events=[*registered.events, *begun])
        answer = replace(planned.answer, version=planned.answer.version + len(begun))
        return Planned([owned, registered], answer)

    return Plan(make)


def on_dwelling(stream: UUID, command: dwellings.Command) -> Plan:
    """Something about a dwelling of the register."""

    def make(attempt: Attempt) -> Planned:
        loaded = attempt.own(DWELLING, stream)
        attempt.check_power(type(command), loaded.state.estate)
        match command:
            case BeginOwnership():
                owner = attempt.at(OWNER, command.owner).state
                reject_if(owner.estate != loaded.state.estate, "owner_unknown", field="owner")
                refuse_if(owner.forgotten is not None, "owner_forgotten", field="owner")
            case dwellings.WithdrawOwnership():
                before = loaded.state.ownerships[-2:-1]
                gone = [each for each in before if attempt.at(OWNER, each.owner).state.forgotten]
                refuse_if(bool(gone), "owner_before_forgotten")
        return attempt.decided(DWELLING, stream, loaded, command, correlation=stream)

    return Plan(make)


def hand_over(stream: UUID, to: HandOver) -> Plan:
    """A new owner, registered and owning the dwelling in one transaction."""
    new = new_id()

    def make(attempt: Attempt) -> Planned:
        loaded = attempt.own(DWELLING, stream)
        estate = loaded.state.estate
        assert estate is not None
        attempt.check_power(BeginOwnership, estate)
        attempt.check_power(RegisterOwner, estate)
        attempt.check_version(loaded.version, stream)
        owned, began = _begun(attempt, new, to, loaded.state, estate)
        change = Change(stream, DWELLING.name, loaded.version, began, attempt.act, estate, stream)
        return Planned([owned, change], Answer(stream, loaded.version + len(began)))

    return Plan(make)


def _begun(
    attempt: Attempt, new: UUID, to: HandOver, dwelling: Dwelling, estate: str
) -> tuple[Change, Sequence[dwellings.Event]]:
    """Somebody who is not in the register yet, and the dwelling's events by which it is his."""
    registered = OWNER.consider(RegisterOwner(estate, to.kind, to.name, to.phone), Owner(), attempt.act)
    began = DWELLING.consider(BeginOwnership(new, to.since), dwelling, attempt.act)
    return Change(new, OWNER.name, 0, registered, attempt.act, estate, new), began


def register_owner(command: RegisterOwner) -> Plan:
    """Somebody who owns, or will own, something in the estate."""
    stream = new_id()

    def make(attempt: Attempt) -> Planned:
        attempt.check_power(RegisterOwner, command.estate)
        attempt.estate(command.estate)
        events = OWNER.consider(command, Owner(), attempt.act)
        change = Change(stream, OWNER.name, 0, events, attempt.act, command.estate, stream)
        return Planned([change], Answer(stream, len(events)))

    return Plan(make)


def on_owner(stream: UUID, command: owners.Command) -> Plan:
    """Something about an owner."""

    def make(attempt: Attempt) -> Planned:
        loaded = attempt.own(OWNER, stream)
        attempt.check_power(type(command), loaded.state.estate)
        match command:
            case owners.NameOwnerStaff(person):
                refuse_if(not attempt.at(PERSON, person).state.registered, "unknown_person", field="person")
            case owners.ForgetOwner():
                refuse_if(still_owns(attempt, stream, loaded.state.estate), "owner_still_owns")
        return attempt.decided(OWNER, stream, loaded, command, correlation=stream)

    def forget(reach: Reach) -> None:
        reach.vault.destroy(stream)  # after the event: a crash in between is mended by saying it again

    return Plan(make, forget if isinstance(command, owners.ForgetOwner) else None)
