"""What commands and events of dunning are told in: how somebody was told, who urged, what ended, what is claimed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID


class RemindedBy(Enum):
    """How somebody was reminded: always the debtor alone, never in public."""

    PHONE = "PHONE"
    MESSAGE = "MESSAGE"
    VISIT = "VISIT"
    SEALED_NOTE = "SEALED_NOTE"


class DeliveredBy(Enum):
    """How a demand reached the debtor."""

    BY_HAND = "BY_HAND"
    REGISTERED_POST = "REGISTERED_POST"
    LEFT_WITH_WITNESS = "LEFT_WITH_WITNESS"


class UrgedBy(Enum):
    """Who urges an owner to pay (PMR 64); where no committee is elected, that is stated."""

    OWNERS_COMMITTEE = "OWNERS_COMMITTEE"
    RESIDENTS_COMMITTEE = "RESIDENTS_COMMITTEE"
    NONE_ELECTED = "NONE_ELECTED"


class Mediator(Enum):
    RESIDENTS_COMMITTEE = "RESIDENTS_COMMITTEE"
    MEDIATOR_STEWARD = "MEDIATOR_STEWARD"
    PEOPLES_MEDIATION = "PEOPLES_MEDIATION"


class MediationOutcome(Enum):
    AGREED = "AGREED"
    FAILED = "FAILED"
    NOT_ATTENDED = "NOT_ATTENDED"


class Venue(Enum):
    COURT = "COURT"
    ARBITRATION = "ARBITRATION"


class InterruptedBy(Enum):
    """What gives a claim its three years anew (CC 195); a promise to pay does so also after it has lapsed (CC 192)."""

    DEMAND = "DEMAND"
    ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT"
    SUIT = "SUIT"
    PROMISE = "PROMISE"


class EndedBy(Enum):
    """How proceedings ended."""

    JUDGMENT = "JUDGMENT"  # 裁判生效
    SETTLEMENT = "SETTLEMENT"  # 调解书生效
    WITHDRAWN = "WITHDRAWN"  # 撤诉
    OTHER = "OTHER"


class Hindrance(Enum):
    """Why a claim cannot be raised at present (CC 194)."""

    FORCE_MAJEURE = "FORCE_MAJEURE"  # 不可抗力
    NO_REPRESENTATIVE = "NO_REPRESENTATIVE"  # 没有法定代理人
    HEIRS_UNDETERMINED = "HEIRS_UNDETERMINED"  # 继承开始后未确定继承人或者遗产管理人
    CONTROLLED = "CONTROLLED"  # 权利人被义务人或者其他人控制
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Claim:
    """What of a bill is open, in fen, and when it fell due."""

    bill: UUID
    amount: int
    due: date


@dataclass(frozen=True, slots=True)
class Instalment:
    due: date
    amount: int


def bills_of(claims: Iterable[Claim]) -> tuple[UUID, ...]:
    return tuple(each.bill for each in claims)
