"""What someone asks for: modes, contracts, notices and price lists of an estate."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from domain.contracts.fee_basis.vocabulary import CODE, CONTENT, FeeMode, ModeGround, Party, Price, ServiceMode, Terms


@dataclass(frozen=True, slots=True)
class ChangeServiceMode:
    """``reference`` names the decision or the contract that the change rests on."""

    estate: str
    mode: ServiceMode
    since: date
    ground: ModeGround
    reference: str = field(metadata=CODE)


@dataclass(frozen=True, slots=True)
class SignContract:
    """From ``since`` to ``until`` (excluded). ``decision``: the owners' joint decision, where one was taken.

    ``firm``: the full name of the party that serves and charges (CC 937), as it stands on every paper.
    """

    estate: str
    contract: UUID
    number: str = field(metadata=CODE)
    fee_mode: FeeMode
    since: date
    until: date
    terms: Terms = Terms()
    decision: str | None = None
    firm: str | None = field(default=None, metadata=CONTENT)


@dataclass(frozen=True, slots=True)
class GiveNotice:
    """Written notice that the contract ends on ``ends`` (excluded)."""

    contract: UUID
    by: Party
    served_on: date
    ends: date
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawNotice:
    contract: UUID


@dataclass(frozen=True, slots=True)
class CompleteHandover:
    """Somebody has taken over on ``day``: nothing is charged from then on (CC 949, 950)."""

    contract: UUID
    day: date


@dataclass(frozen=True, slots=True)
class LetTimePass:
    """What the calendar does to contracts by ``day``: reminders, expiry, indefinite terms, holding over."""

    day: date


@dataclass(frozen=True, slots=True)
class AdoptFeeSchedule:
    """A whole price list. It is displayed from ``shown_from`` and bills from ``valid_from``."""

    schedule: UUID
    contract: UUID
    prices: tuple[Price, ...]
    shown_from: date
    valid_from: date
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawFeeSchedule:
    """A list that does not bill yet is taken back."""

    schedule: UUID


Command = (
    ChangeServiceMode
    | SignContract
    | GiveNotice
    | WithdrawNotice
    | CompleteHandover
    | LetTimePass
    | AdoptFeeSchedule
    | WithdrawFeeSchedule
)
