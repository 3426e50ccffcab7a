"""What commands and events of a fee basis are told in: modes, parties, what a price is for, what a contract agrees."""

from dataclasses import dataclass, field
from enum import Enum

from domain.money.allocation import AllocationOrder
from domain.money.formula import WHOLE
from domain.money.items import FeeItem
from domain.register.dwelling import Use
from domain.words import CODE_LENGTH

MOST_PREPAID_MONTHS = 12
CODE = {"limit": CODE_LENGTH}
CONTENT = {"limit": 120}


class ServiceMode(Enum):
    """Who serves the estate, and whether anything is charged."""

    NONE = "NONE"
    BASELINE_PUBLIC_INTEREST = "BASELINE_PUBLIC_INTEREST"
    LOW_PAID = "LOW_PAID"
    CONTRACTED = "CONTRACTED"
    SELF_MANAGED = "SELF_MANAGED"


class ModeGround(Enum):
    """What a change of mode rests on."""

    LEAD_ORGANISATION = "LEAD_ORGANISATION"
    OWNERS_DECISION = "OWNERS_DECISION"
    CONTRACT = "CONTRACT"


class FeeMode(Enum):
    """Whose the surplus is."""

    LUMP_SUM = "LUMP_SUM"  # 包干制: profit or loss is the firm's
    COMMISSION = "COMMISSION"  # 酬金制: funds are held for the owners


class Party(Enum):
    """Who gives notice."""

    OWNERS = "OWNERS"
    FIRM = "FIRM"


class Charged(Enum):
    """What a price is for one of."""

    PER_AREA = "PER_AREA"  # square metre and month
    PER_UNIT = "PER_UNIT"  # piece and month
    PER_PIECE = "PER_PIECE"  # piece, once


@dataclass(frozen=True, slots=True)
class Price:
    """``unit_price`` in 0.0001 yuan for one of ``charged``, for dwellings of these ``uses``."""

    item: FeeItem
    charged: Charged
    uses: tuple[Use, ...]
    unit_price: int
    clause: str = field(metadata=CODE)
    content: str = field(metadata=CONTENT)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract agrees on money. Rates: ``penalty_rate`` in 0.000001 a day, ``vacancy_factor`` in 0.0001."""

    order: AllocationOrder = AllocationOrder.COSTS_INTEREST_PRINCIPAL
    prepayment_months: int = MOST_PREPAID_MONTHS
    payment_days: int = 0  # after the last day of the period billed
    penalty_rate: int = 0
    penalty_clause: str | None = field(default=None, metadata=CODE)
    vacancy_factor: int = WHOLE
    vacancy_clause: str | None = field(default=None, metadata=CODE)
