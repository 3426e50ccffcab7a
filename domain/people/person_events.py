"""What happened to a person; kept for ever, fields are only added."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from uuid import UUID

from domain.capacity import Capacity
from domain.erasure import ErasureGround
from domain.people.person_duty import AbsenceKind, Hours, WeeklyShift
from domain.words import NAME_LENGTH, PHONE_LENGTH, Personal, personal


class StewardRole(Enum):
    """What a Red Steward (红管家) does."""

    REPAIRER = "REPAIRER"  # 维修员
    INFO_ADVISER = "INFO_ADVISER"  # 信息咨询员
    MEDIATOR = "MEDIATOR"  # 矛盾调处员


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


@dataclass(frozen=True, slots=True)
class DutiesHandedOver:
    """Told with what ends a person's work: who takes over whatever was in hand."""

    successor: UUID


@dataclass(frozen=True, slots=True)
class PersonDisabled:
    pass


@dataclass(frozen=True, slots=True)
class PersonEnabled:
    pass


@dataclass(frozen=True, slots=True)
class PersonAdmitted:
    """By whoever has the machine, with ``jinlin admit``."""


@dataclass(frozen=True, slots=True)
class AbsencePlanned:
    absence: int
    kind: AbsenceKind
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class AbsenceCancelled:
    """``until`` is when it ended that had begun; ``None`` where it had not."""

    absence: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class WeeklyShiftsSet:
    estate: str
    shifts: tuple[WeeklyShift, ...]


@dataclass(frozen=True, slots=True)
class DayShiftsSet:
    estate: str
    day: date
    shifts: tuple[Hours, ...] | None


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
    | DutiesHandedOver
    | PersonDisabled
    | PersonEnabled
    | PersonAdmitted
    | AbsencePlanned
    | AbsenceCancelled
    | WeeklyShiftsSet
    | DayShiftsSet
)
