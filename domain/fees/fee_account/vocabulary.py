"""What commands and events of an account are told in: methods, reasons, and parts of an amount."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID


class Method(Enum):
    """How money came or went."""

    CASH = "CASH"
    CARD = "CARD"
    WECHAT = "WECHAT"
    ALIPAY = "ALIPAY"
    BANK_TRANSFER = "BANK_TRANSFER"


class VoidReason(Enum):
    """Why a bill does not stand."""

    WRONG_AREA = "WRONG_AREA"
    WRONG_PRICE = "WRONG_PRICE"
    WRONG_PAYER = "WRONG_PAYER"
    WRONG_PERIOD = "WRONG_PERIOD"
    NOT_SERVED = "NOT_SERVED"
    DISPUTE_UPHELD = "DISPUTE_UPHELD"
    CONTRACT_ENDED = "CONTRACT_ENDED"
    OTHER = "OTHER"


class ReversalReason(Enum):
    """Why a payment does not stand."""

    BOUNCED = "BOUNCED"
    WRONG_DWELLING = "WRONG_DWELLING"
    WRONG_AMOUNT = "WRONG_AMOUNT"
    ENTERED_TWICE = "ENTERED_TWICE"
    OTHER = "OTHER"
    AT_ONCE = "AT_ONCE"  # by whoever took it, within seconds (``UndoPayment``)


GIVEN_REASONS = tuple(each for each in ReversalReason if each is not ReversalReason.AT_ONCE)  # that somebody may name


class WaiverReason(Enum):
    """Why part of a bill is let go."""

    HARDSHIP = "HARDSHIP"
    SERVICE_SHORTFALL = "SERVICE_SHORTFALL"
    MEDIATION = "MEDIATION"
    ROUNDING = "ROUNDING"
    OTHER = "OTHER"


class RefundReason(Enum):
    """Why money goes back."""

    OVERPAID = "OVERPAID"
    MOVED_OUT = "MOVED_OUT"
    CONTRACT_ENDED = "CONTRACT_ENDED"
    OTHER = "OTHER"


LEAVING = frozenset({RefundReason.CONTRACT_ENDED, RefundReason.MOVED_OUT})  # what was served is paid first


class RefundStage(Enum):
    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    PAID = "PAID"
    RETURNED = "RETURNED"  # paid out, and sent back by the bank


class InvoiceStage(Enum):
    REQUESTED = "REQUESTED"
    ISSUED = "ISSUED"
    WITHDRAWN = "WITHDRAWN"
    REVERSED = "REVERSED"


@dataclass(frozen=True, slots=True)
class Basis:
    """How an amount came about: area x price x (months + days/of_days) x factor, rounded half up (``fee_formula``).

    ``area`` in 0.01 m² (100 for a piece), ``unit_price`` in 0.0001 yuan, ``factor`` in 0.0001. A line that is one
    payer's part of a span has the ``whole`` in fen and the payer's ``share_days`` of ``share_of``. An amount that
    follows no formula, such as a quote, has an ``area`` of 0.
    """

    area: int = 0
    unit_price: int = 0
    months: int = 0
    days: int = 0
    of_days: int = 1
    factor: int = 10_000
    quantity: int = 1
    whole: int = 0
    share_days: int = 0
    share_of: int = 0


@dataclass(frozen=True, slots=True)
class Reclaim:
    """A refund, paid out on ``refunded_on``, of a payment under ``receipt`` that did not stand: it is owed back."""

    refund: UUID
    payment: UUID
    receipt: str
    refunded_on: date


@dataclass(frozen=True, slots=True)
class Allocation:
    """So many fen of a payment go to a bill."""

    bill: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class Draw:
    """So many fen that were held of a payment go to a bill."""

    payment: UUID
    bill: UUID
    amount: int


@dataclass(frozen=True, slots=True)
class Freed:
    """So many fen of a payment are held again, because their bill does not stand."""

    payment: UUID
    amount: int
