"""What happened to that on which an estate charges; kept for ever, fields are only added."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.contracts.fee_basis.vocabulary import FeeMode, ModeGround, Party, Price, ServiceMode, Terms


@dataclass(frozen=True, slots=True)
class EstateServiceModeChanged:
    estate: str
    before: ServiceMode
    mode: ServiceMode
    since: date
    ground: ModeGround
    reference: str


@dataclass(frozen=True, slots=True)
class ContractSigned:
    estate: str
    contract: UUID
    number: str
    fee_mode: FeeMode
    since: date
    until: date
    terms: Terms
    decision: str | None = None
    firm: str | None = None


@dataclass(frozen=True, slots=True)
class ContractTermReminded:
    contract: UUID
    days_left: int


@dataclass(frozen=True, slots=True)
class ContractNoticeGiven:
    contract: UUID
    by: Party
    served_on: date
    ends: date
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class ContractNoticeWithdrawn:
    contract: UUID


@dataclass(frozen=True, slots=True)
class ContractExpired:
    """The term or the notice has run out on ``day``; the firm goes on until somebody takes over (CC 950)."""

    contract: UUID
    day: date


@dataclass(frozen=True, slots=True)
class ContractBecameIndefinite:
    """The term has run out on ``day`` with no decision, and the firm goes on (CC 948)."""

    contract: UUID
    day: date


@dataclass(frozen=True, slots=True)
class ContractTerminated:
    """Handed over, or followed by the next contract (CC 940)."""

    contract: UUID
    day: date


@dataclass(frozen=True, slots=True)
class FeeScheduleAdopted:
    schedule: UUID
    contract: UUID
    prices: tuple[Price, ...]
    shown_from: date
    valid_from: date
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class FeeScheduleWithdrawn:
    schedule: UUID


Event = (
    EstateServiceModeChanged
    | ContractSigned
    | ContractTermReminded
    | ContractNoticeGiven
    | ContractNoticeWithdrawn
    | ContractExpired
    | ContractBecameIndefinite
    | ContractTerminated
    | FeeScheduleAdopted
    | FeeScheduleWithdrawn
)
