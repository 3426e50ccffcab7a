"""A person who works for the firm or watches it: posts held and, for a Red Steward, roles, estates, buildings."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from domain.calendar import SHANGHAI, local_date
from domain.capacity import HEADS, PRODUCT, Capacity
from domain.decider import Decider
from domain.erasure import ErasureGround
from domain.people import person_duty as duty
from domain.people.person_commands import (
    AdmitPerson,
    Appoint,
    AttachStewardToEstate,
    CancelAbsence,
    Command,
    DisablePerson,
    EnablePerson,
    EnrolSteward,
    ForgetPerson,
    LinkStewardToBuilding,
    PlanAbsence,
    RegisterPerson,
    ReleaseStewardFromBuilding,
    ReleaseStewardFromEstate,
    Relieve,
    SetDayShifts,
    SetWeeklyShifts,
)
from domain.people.person_duty import Absence, DayPlan, WeeklyShift
from domain.people.person_events import (
    AbsenceCancelled,
    AbsencePlanned,
    DayShiftsSet,
    DutiesHandedOver,
    Event,
    PersonAdmitted,
    PersonDisabled,
    PersonEnabled,
    PersonForgotten,
    PersonRegistered,
    StationStaffAppointed,
    StationStaffRelieved,
    StewardAttachedToEstate,
    StewardEnrolled,
    StewardLinkedToBuilding,
    StewardReleasedFromBuilding,
    StewardReleasedFromEstate,
    StewardRole,
    WeeklyShiftsSet,
)
from domain.recorded import Act
from domain.refusal import Rejection, refuse_if, reject_if
from domain.written.phones import phone_if_any

__all__ = [
    "PERSON",
    "POWERS",
    "AbsenceCancelled",
    "AbsencePlanned",
    "AdmitPerson",
    "Appoint",
    "AttachStewardToEstate",
    "CancelAbsence",
    "Command",
    "DayShiftsSet",
    "DisablePerson",
    "DutiesHandedOver",
    "EnablePerson",
    "EnrolSteward",
    "Event",
    "ForgetPerson",
    "LinkStewardToBuilding",
    "Person",
    "PersonAdmitted",
    "PersonDisabled",
    "PersonEnabled",
    "PersonForgotten",
    "PersonRegistered",
    "PlanAbsence",
    "Post",
    "RegisterPerson",
    "ReleaseStewardFromBuilding",
    "ReleaseStewardFromEstate",
    "Relieve",
    "SetDayShifts",
    "SetWeeklyShifts",
    "StationStaffAppointed",
    "StationStaffRelieved",
    "StewardAttachedToEstate",
    "StewardEnrolled",
    "StewardLinkedToBuilding",
    "StewardReleasedFromBuilding",
    "StewardReleasedFromEstate",
    "StewardRole",
    "WeeklyShiftsSet",
]


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
    disabled: bool = False  # nobody signs in as this person, and nothing is given to do
    absences: tuple[Absence, ...] = ()
    weekly: Mapping[str, tuple[WeeklyShift, ...]] = field(default_factory=dict)  # by estate
    days: tuple[DayPlan, ...] = ()

    def holds(self, capacity: Capacity, estate: str | None, moment: datetime) -> bool:
        """INV-05: whether this capacity was held then, in this estate (``None``: in any)."""
        return any(
            post.capacity is capacity and estate in (None, post.estate) and post.held_at(moment) for post in self.posts
        )

    def absent_at(self, moment: datetime) -> Absence | None:
        """The absence of that moment."""
        return duty.absent_at(self.absences, moment)

    def serves(self, estate: str, moment: datetime) -> bool:
        """Whether something may be given to this steward to do there: in the squad for good, not disabled, not away."""
        here = self.stays({Capacity.RED_STEWARD}, estate, moment)
        return here and not self.disabled and self.absent_at(moment) is None

    def on_shift(self, estate: str, moment: datetime) -> bool | None:
        """Whether a planned shift lasts; ``None`` where nothing is planned."""
        return duty.on_shift(self.weekly, self.days, estate, moment)

    def on_duty(self, estate: str, moment: datetime) -> bool:
        """Whether somebody in a post there is to be found at work at that moment, as far as it is planned."""
        held = any(post.estate == estate and post.held_at(moment) for post in self.posts)
        there = held and not self.disabled and self.absent_at(moment) is None
        return there and self.on_shift(estate, moment) is not False

    def already(self, capacity: Capacity, estate: str, since: datetime) -> bool:
        """Whether a post without an end covers all that ``since`` asks for."""
        return any(
            (post.capacity, post.estate, post.until) == (capacity, estate, None) and post.since <= since
            for post in self.posts
        )

    def stays(self, among: Set[Capacity], estate: str, moment: datetime) -> bool:
        """Whether one of these capacities is held there then, and no end of it is told."""
        return any(
            post.capacity in among and post.estate == estate and post.held_at(moment) and post.until is None
            for post in self.posts
        )

    def in_post(self, estate: str, moment: datetime) -> bool:
        """Whether any post is held there, or will be."""
        return any(post.estate == estate and not post.over_at(moment) for post in self.posts)

    def ends(self, capacity: Capacity, estate: str, until: datetime, now: datetime) -> bool:
        """Whether a post held now or later would end earlier than it does."""
        return any(_ends_earlier(post, capacity, estate, until, now) for post in self.posts)


def decide(command: Command, person: Person, act: Act) -> Sequence[Event]:
    """INV-02 to 05."""
    refuse_if(isinstance(command, RegisterPerson) and person.registered, "already_registered")
    refuse_if(not isinstance(command, RegisterPerson) and not person.registered, "unknown_person")
    if person.forgotten:
        again = isinstance(command, ForgetPerson) and command.ground is person.forgotten
        refuse_if(not again, "person_forgotten")
        return []
    now = act.recorded_at
    match command:
        case RegisterPerson(name, phone):
            return [PersonRegistered(name, phone_if_any(phone))]
        case Appoint(capacity, estate, since):
            reject_if(capacity in (Capacity.RED_STEWARD, Capacity.SYSTEM), "not_by_appointment")
            return [] if person.already(capacity, estate, since) else [StationStaffAppointed(capacity, estate, since)]
        case Relieve(capacity, estate, until, successor):
            ends = person.ends(capacity, estate, until, now)
            return _with(successor, StationStaffRelieved(capacity, estate, until)) if ends else []
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
        case ReleaseStewardFromEstate(estate, until, successor):
            ends = person.ends(Capacity.RED_STEWARD, estate, until, now)
            return _with(successor, StewardReleasedFromEstate(estate, until)) if ends else []
        case LinkStewardToBuilding(estate, building):
            refuse_if(not person.holds(Capacity.RED_STEWARD, estate, now), "not_attached")
            linked = (estate, building) in person.links
            return [] if linked else [StewardLinkedToBuilding(estate, building)]
        case ReleaseStewardFromBuilding(estate, building):
            linked = (estate, building) in person.links
            return [StewardReleasedFromBuilding(estate, building)] if linked else []
        case ForgetPerson(ground, successor):
            refuse_if(any(not post.over_at(now) for post in person.posts), "still_in_post")
            return _with(successor, PersonForgotten(ground))
        case DisablePerson(successor):
            return [] if person.disabled else _with(successor, PersonDisabled())
        case EnablePerson():
            return [PersonEnabled()] if person.disabled else []
        case AdmitPerson():
            return [PersonAdmitted()]
        case PlanAbsence():
            return _absence_planned(command, person, now)
        case CancelAbsence(number):
            return _absence_cancelled(number, person, now)
        case SetWeeklyShifts(estate, shifts):
            refuse_if(not person.in_post(estate, now), "not_in_post")
            week = duty.checked_week(shifts)
            return [] if week == person.weekly.get(estate, ()) else [WeeklyShiftsSet(estate, week)]
        case SetDayShifts(estate, day, planned):
            refuse_if(not person.in_post(estate, now), "not_in_post")
            today = local_date(now)
            reject_if(not today <= day <= today + duty.FURTHEST, "shift_day", field="day")
            there = None if planned is None else duty.checked_day(planned)
            known = next((each.shifts for each in person.days if (each.estate, each.day) == (estate, day)), None)
            return [] if there == known else [DayShiftsSet(estate, day, there)]
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
            return replace(person, forgotten=ground, absences=(), weekly={}, days=())
        case PersonDisabled():
            return replace(person, disabled=True)
        case PersonEnabled() | PersonAdmitted():
            return replace(person, disabled=False)
        case AbsencePlanned(number, kind, since, until):
            return replace(person, absences=(*person.absences, Absence(number, kind, since, until)))
        case AbsenceCancelled(number, ended):
            return replace(person, absences=tuple(_cancelled(each, number, ended) for each in person.absences))
        case WeeklyShiftsSet(estate, shifts):
            return replace(person, weekly={**person.weekly, estate: shifts})
        case DayShiftsSet(estate, day, planned):
            others = [each for each in person.days if (each.estate, each.day) != (estate, day)]
            days = others if planned is None else [*others, DayPlan(estate, day, planned)]
            return replace(person, days=duty.still_of_use(days, local_date(act.recorded_at)))
        case DutiesHandedOver():
            return person
        case _:
            assert_never(event)


def _with(successor: UUID | None, event: Event) -> Sequence[Event]:
    return [event] if successor is None else [DutiesHandedOver(successor), event]


def _absence_planned(wanted: PlanAbsence, person: Person, now: datetime) -> Sequence[Event]:
    since, until = wanted.since.astimezone(SHANGHAI), wanted.until.astimezone(SHANGHAI)
    duty.checked_absence(since, until)
    other = duty.overlapping(person.absences, since, until)
    if other is not None and (other.kind, other.since, other.until) == (wanted.kind, since, until):
        return []
    reject_if(until <= now, "absence_past", field="until")
    refuse_if(other is not None, "absence_overlaps", field="since")
    return [AbsencePlanned(len(person.absences) + 1, wanted.kind, since, until)]


def _absence_cancelled(number: int, person: Person, now: datetime) -> Sequence[Event]:
    found = next((each for each in person.absences if each.number == number), None)
    if found is None:
        raise Rejection("unknown_absence")
    if found.cancelled:
        return []
    refuse_if(found.until <= now, "absence_over")
    return [AbsenceCancelled(number, now if found.since <= now else None)]


def _cancelled(absence: Absence, number: int, ended: datetime | None) -> Absence:
    if absence.number != number:
        return absence
    return replace(absence, cancelled=True, until=ended or absence.until)


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
_MINDING = _APPOINTING | HEADS
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
    DisablePerson: _APPOINTING,
    EnablePerson: _APPOINTING,
    AdmitPerson: PRODUCT,
    PlanAbsence: _MINDING,
    CancelAbsence: _MINDING,
    SetWeeklyShifts: _MINDING,
    SetDayShifts: _MINDING,
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
