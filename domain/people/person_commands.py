"""What someone asks for: everything that can be done about a person."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.capacity import Capacity
from domain.erasure import ErasureGround
from domain.people.person_duty import AbsenceKind, Hours, WeeklyShift
from domain.people.person_events import StewardRole
from domain.words import NAME_LENGTH, PHONE_LENGTH, Personal, personal


@dataclass(frozen=True, slots=True)
class RegisterPerson:
    """``another``: somebody else than whoever is known by that phone or name."""

    name: Personal = personal(NAME_LENGTH)
    phone: Personal = personal(PHONE_LENGTH, default=None)
    another: bool = False


@dataclass(frozen=True, slots=True)
class Appoint:
    """Give a post in one estate; ``since`` is when it starts."""

    capacity: Capacity
    estate: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Relieve:
    """``successor`` takes over whatever the person answers for in that post, in the same act."""

    capacity: Capacity
    estate: str
    until: datetime
    successor: UUID | None = None


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
    """``successor`` takes over the orders in hand, in the same act."""

    estate: str
    until: datetime
    successor: UUID | None = None


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
    """``successor`` takes over whatever is still left to answer for."""

    ground: ErasureGround
    successor: UUID | None = None


@dataclass(frozen=True, slots=True)
class DisablePerson:
    """Nobody signs in as this person any more, and nothing is given to do; the posts stay, so it can be undone."""

    successor: UUID | None = None


@dataclass(frozen=True, slots=True)
class EnablePerson:
    """Undo that."""


@dataclass(frozen=True, slots=True)
class AdmitPerson:
    """Whoever has the machine lets this person in as an administrator."""


@dataclass(frozen=True, slots=True)
class PlanAbsence:
    kind: AbsenceKind
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class CancelAbsence:
    """One that has begun ends now."""

    absence: int


@dataclass(frozen=True, slots=True)
class SetWeeklyShifts:
    """The shifts of every week in one estate from now on; none: on duty whenever the post is held."""

    estate: str
    shifts: tuple[WeeklyShift, ...]


@dataclass(frozen=True, slots=True)
class SetDayShifts:
    """What holds on one day in place of the week; no shifts: off duty; ``None``: as in every week."""

    estate: str
    day: date
    shifts: tuple[Hours, ...] | None = None


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
    | DisablePerson
    | EnablePerson
    | AdmitPerson
    | PlanAbsence
    | CancelAbsence
    | SetWeeklyShifts
    | SetDayShifts
)
