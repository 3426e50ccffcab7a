"""A person who works for the firm or watches it: posts held and, for a Red Steward, roles, estates, buildings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any, assert_never

from domain.capacity import HEADS, PRODUCT, Capacity
from domain.decider import Decider
from domain.erasure import ErasureGround
from domain.recorded import Act
from domain.refusal import refuse_if, reject_if
from domain.words import NAME_LENGTH, PHONE_LENGTH, Personal, personal


class StewardRole(Enum):
    """What a Red Steward (红管家) does."""

    REPAIRER = "REPAIRER"  # 维修员
    INFO_ADVISER = "INFO_ADVISER"  # 信息咨询员
    MEDIATOR = "MEDIATOR"  # 矛盾调处员


# -- commands ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RegisterPerson:
    name: Personal = personal(NAME_LENGTH)
    phone: Personal = personal(PHONE_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class Appoint:
    """Give a post in one estate; ``since`` is when it starts."""

    capacity: Capacity
    estate: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Relieve:
    capacity: Capacity
    estate: str
    until: datetime


@dataclass(frozen=True, slots=True)
class EnrolSteward:
    """Into the Red Steward squad: a Party member (INV-03) with at least one role."""

    roles: tuple[StewardRole, ...]
    party_member: bool
    consents_to_roster: bool = False  # INV-04


@dataclass(frozen=True, slots=True)
class AttachStewardToEstate:
    estate: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ReleaseStewardFromEstate:
    estate: str
    until: datetime


@dataclass(frozen=True, slots=True)
class LinkStewardToBuilding:
    estate: str
    building: str


@dataclass(frozen=True, slots=True)
class ReleaseStewardFromBuilding:
    estate: str
    building: str


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    ground: ErasureGround


Command = (
    RegisterPerson
    | Appoint
    | Relieve
    | EnrolSteward
    | AttachStewardToEstate
    | ReleaseStewardFromEstate
    | LinkStewardToBuilding
    | ReleaseStewardFromBuilding
    | ForgetPerson
)

# -- events ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PersonRegistered:
    name: Personal = personal(NAME_LENGTH)
    phone: Personal = personal(PHONE_LENGTH, default=None)


@dataclass(frozen=True, slots=True)
class StationStaffAppointed:
    capacity: Capacity
    estate: str
    since: datetime


@dataclass(frozen=True, slots=True)
class StationStaffRelieved:
    capacity: Capacity
    estate: str
    until: datetime


@dataclass(frozen=True, slots=True)
class StewardEnrolled:
    roles: tuple[StewardRole, ...]
    consents_to_roster: bool = False


@dataclass(frozen=True, slots=True)
class StewardAttachedToEstate:
    estate: str
    since: datetime


@dataclass(frozen=True, slots=True)
class StewardReleasedFromEstate:
    estate: str
    until: datetime


@dataclass(frozen=True, slots=True)
class StewardLinkedToBuilding:
    estate: str
    building: str


@dataclass(frozen=True, slots=True)
class StewardReleasedFromBuilding:
    estate: str
    building: str


@dataclass(frozen=True, slots=True)
class PersonForgotten:
    ground: ErasureGround


Event = (
    PersonRegistered
    | StationStaffAppointed
    | StationStaffRelieved
    | StewardEnrolled
    | StewardAttachedToEstate
    | StewardReleasedFromEstate
    | StewardLinkedToBuilding
    | StewardReleasedFromBuilding
    | PersonForgotten
)

# -- state -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Post:
    """A capacity held in one estate from ``since`` (included) to ``until`` (excluded)."""

    capacity: Capacity
    estate: str
    since: datetime
    until: datetime | None = None

    def held_at(self, moment: datetime) -> bool:
        return self.since <= moment and not self.over_at(moment)

    def over_at(self, moment: datetime) -> bool:
        return self.until is not None and self.until <= moment


@dataclass(frozen=True, slots=True)
class Person:
    registered: bool = False
    forgotten: ErasureGround | None = None
    posts: tuple[Post, ...] = ()
    roles: tuple[StewardRole, ...] = ()
    consents_to_roster: bool = False
    links: frozenset[tuple[str, str]] = frozenset()  # (estate, building)

    def holds(self, capacity: Capacity, estate: str | None, moment: datetime) -> bool:
        """INV-05: whether this capacity was held then, in this estate (``None``: in any)."""
        return any(
            post.capacity is capacity and estate in (None, post.estate) and post.held_at(moment) for post in self.posts
        )

    def already(self, capacity: Capacity, estate: str, since: datetime) -> bool:
        """Whether a post without an end covers all that ``since`` asks for."""
        return any(
            (post.capacity, post.estate, post.until) == (capacity, estate, None) and post.since <= since
            for post in self.posts
        )

    def ends(self, capacity: Capacity, estate: str, until: datetime, now: datetime) -> bool:
        """Whether a post held now or later would end earlier than it does."""
        return any(_ends_earlier(post, capacity, estate, until, now) for post in self.posts)


def decide(command: Command, person: Person, act: Act) -> Sequence[Event]:
    """INV-02 to 05."""
    refuse_if(isinstance(command, RegisterPerson) and person.registered, "already_registered")
    refuse_if(not isinstance(command, RegisterPerson) and not person.registered, "unknown_person")
    if person.forgotten:
        refuse_if(command != ForgetPerson(person.forgotten), "person_forgotten")
        return []
    now = act.recorded_at
    match command:
        case RegisterPerson(name, phone):
            return [PersonRegistered(name, phone)]
        case Appoint(capacity, estate, since):
            reject_if(capacity in (Capacity.RED_STEWARD, Capacity.SYSTEM), "not_by_appointment")
            return [] if person.already(capacity, estate, since) else [StationStaffAppointed(capacity, estate, since)]
        case Relieve(capacity, estate, until):
            ends = person.ends(capacity, estate, until, now)
            return [StationStaffRelieved(capacity, estate, until)] if ends else []
        case EnrolSteward(roles, party_member, consents):
            reject_if(not party_member, "not_a_party_member")
            reject_if(not roles, "no_role")
            wanted = tuple(sorted(set(roles), key=lambda role: role.value))
            already = (wanted, consents) == (person.roles, person.consents_to_roster)
            return [] if already else [StewardEnrolled(wanted, consents)]
        case AttachStewardToEstate(estate, since):
            refuse_if(not person.roles, "not_a_steward")
            already = person.already(Capacity.RED_STEWARD, estate, since)
            return [] if already else [StewardAttachedToEstate(estate, since)]
        case ReleaseStewardFromEstate(estate, until):
            ends = person.ends(Capacity.RED_STEWARD, estate, until, now)
            return [StewardReleasedFromEstate(estate, until)] if ends else []
        case LinkStewardToBuilding(estate, building):
            refuse_if(not person.holds(Capacity.RED_STEWARD, estate, now), "not_attached")
            linked = (estate, building) in person.links
            return [] if linked else [StewardLinkedToBuilding(estate, building)]
        case ReleaseStewardFromBuilding(estate, building):
            linked = (estate, building) in person.links
            return [StewardReleasedFromBuilding(estate, building)] if linked else []
        case ForgetPerson(ground):
            refuse_if(any(not post.over_at(now) for post in person.posts), "still_in_post")
            return [PersonForgotten(ground)]
        case _:
            assert_never(command)


def evolve(person: Person, event: Event, act: Act) -> Person:
    match event:
        case PersonRegistered():
            return replace(person, registered=True)
        case StationStaffAppointed(capacity, estate, since):
            return replace(person, posts=(*person.posts, Post(capacity, estate, since)))
        case StationStaffRelieved(capacity, estate, until):
            return replace(person, posts=_ended(person.posts, capacity, estate, until, act))
        case StewardEnrolled(roles, consents):
            return replace(person, roles=roles, consents_to_roster=consents)
        case StewardAttachedToEstate(estate, since):
            return replace(person, posts=(*person.posts, Post(Capacity.RED_STEWARD, estate, since)))
        case StewardReleasedFromEstate(estate, until):
            links = frozenset(link for link in person.links if link[0] != estate)
            return replace(person, posts=_ended(person.posts, Capacity.RED_STEWARD, estate, until, act), links=links)
        case StewardLinkedToBuilding(estate, building):
            return replace(person, links=person.links | {(estate, building)})
        case StewardReleasedFromBuilding(estate, building):
            return replace(person, links=person.links - {(estate, building)})
        case PersonForgotten(ground):
            return replace(person, forgotten=ground)
        case _:
            assert_never(event)


def _ends_earlier(post: Post, capacity: Capacity, estate: str, until: datetime, now: datetime) -> bool:
    same = (post.capacity, post.estate) == (capacity, estate) and not post.over_at(now)
    return same and (post.until is None or until < post.until)


def _ended(posts: tuple[Post, ...], capacity: Capacity, estate: str, until: datetime, act: Act) -> tuple[Post, ...]:
    return tuple(
        replace(post, until=until) if _ends_earlier(post, capacity, estate, until, act.recorded_at) else post
        for post in posts
    )


_APPOINTING = frozenset({Capacity.ADMINISTRATOR, Capacity.SYSTEM})
_SQUAD = HEADS | PRODUCT
POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    RegisterPerson: _APPOINTING | HEADS,
    Appoint: _APPOINTING,
    Relieve: _APPOINTING,
    EnrolSteward: _SQUAD,
    AttachStewardToEstate: _SQUAD,
    ReleaseStewardFromEstate: _SQUAD,
    LinkStewardToBuilding: _SQUAD,
    ReleaseStewardFromBuilding: _SQUAD,
    ForgetPerson: _APPOINTING,
}

PERSON: Decider[Command, Person, Event] = Decider(
    name="Person",
    initial=Person(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
    powers=POWERS,
    erasure=PersonForgotten,
)
