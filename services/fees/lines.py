"""Every line of an account with where it comes from: how a bill came about, and who paid it with what and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, assert_never
from uuid import UUID

from domain.changed import changed
from domain.fees.fee_account import (
    Basis,
    BillIssued,
    Method,
    PaymentFoundOnStatement,
    PaymentRecorded,
    PaymentReleasedFromStatement,
    Reclaim,
    ReversalReason,
    VoidReason,
)
from domain.fees.fee_account.moved import payment_after
from domain.fees.fee_account.movements import (
    Billed,
    Drawn,
    Held,
    InvoiceMoved,
    Movement,
    Received,
    RefundAsked,
    RefundDecided,
    Refunded,
    Released,
    Returned,
    Reversed,
    Settled,
    Undone,
    Voided,
    Waived,
    moved_by,
)
from domain.money.items import FeeItem
from domain.money.repair_costs import RepairCosts
from domain.recorded import Recorded


@dataclass(frozen=True, slots=True)
class Part:
    """So many fen of a payment settled so much of a bill: ``drawn`` from what was held in advance, or at once."""

    payment: UUID
    bill: UUID
    amount: int
    drawn: bool
    at: datetime
    position: int


@dataclass(frozen=True)
class BillLine:
    """A bill, its formula, and the event that issued it (``position``)."""

    bill: UUID
    number: str
    item: FeeItem
    since: date
    until: date
    payer: UUID
    amount: int
    due: date
    basis: Basis
    contract: str | None
    clause: str | None
    position: int
    issued_at: datetime
    corrects: UUID | None = None
    reference: UUID | None = None
    costs: RepairCosts | None = None
    reclaims: Reclaim | None = None
    waived: int = 0
    parts: tuple[Part, ...] = ()
    voided: VoidReason | None = None
    voided_at: int = 0  # the position of the event

    @property
    def paid(self) -> int:
        return sum(part.amount for part in self.parts)

    @property
    def open(self) -> int:
        return 0 if self.voided else self.amount - self.waived - self.paid


@dataclass(frozen=True)
class PaymentLine:
    """A payment, what it settled so far, and what of it is held or went back.

    ``line`` is the line of a statement that brought it or was found for it, ``found_at`` the event that says so.
    """

    payment: UUID
    payer: UUID
    amount: int
    method: Method
    paid_on: date
    receipt: str
    by: UUID
    position: int
    recorded_at: datetime
    reference: str | None = None
    line: UUID | None = None
    found_at: int = 0
    parts: tuple[Part, ...] = ()
    prepaid: int = 0
    overpaid: int = 0
    refunded: int = 0
    reversed: ReversalReason | None = None
    reversed_at: int = 0
    reversed_because: str | None = None


@dataclass
class AccountLines:
    """All bills and payments of an account in the order of happening."""

    bills: dict[UUID, BillLine] = field(default_factory=dict)
    payments: dict[UUID, PaymentLine] = field(default_factory=dict)

    def _settle(self, part: Part) -> None:
        bill, payment = self.bills[part.bill], self.payments[part.payment]
        self.bills[part.bill] = changed(bill, parts=(*bill.parts, part))
        self.payments[part.payment] = changed(payment, parts=(*payment.parts, part))

    def _tell(self, id: UUID, **fields: Any) -> None:
        self.payments[id] = changed(self.payments[id], **fields)

    def take_in(self, recorded: Recorded[Any]) -> None:
        """One more event of the account."""
        event, at = recorded.event, recorded.act.recorded_at
        match event:
            case BillIssued():
                self.bills[event.bill] = BillLine(
                    bill=event.bill,
                    number=event.number,
                    item=event.item,
                    since=event.since,
                    until=event.until,
                    payer=event.payer,
                    amount=event.amount,
                    due=event.due,
                    basis=event.basis,
                    contract=event.contract,
                    clause=event.clause,
                    position=recorded.position,
                    issued_at=at,
                    corrects=event.corrects,
                    reference=event.reference,
                    costs=event.costs,
                    reclaims=event.reclaims,
                )
            case PaymentRecorded():
                self.payments[event.payment] = PaymentLine(
                    payment=event.payment,
                    payer=event.payer,
                    amount=event.amount,
                    method=event.method,
                    paid_on=event.paid_on,
                    receipt=event.receipt,
                    by=recorded.act.actor,
                    position=recorded.position,
                    recorded_at=at,
                    reference=event.reference,
                    line=event.line,
                )
            case PaymentFoundOnStatement(payment, line):
                self._tell(payment, line=line, found_at=recorded.position)
            case PaymentReleasedFromStatement(payment):
                self._tell(payment, line=None, found_at=0)
        for moved in moved_by(event):
            self._move(moved, recorded)

    def _move(self, moved: Movement, recorded: Recorded[Any]) -> None:
        match moved:
            case Settled() | Drawn():
                drawn, at = isinstance(moved, Drawn), recorded.act.recorded_at
                self._pay(moved)
                self._settle(Part(moved.payment, moved.bill, moved.amount, drawn, at, recorded.position))
            case Released() | Undone():
                self._pay(moved)
                self._unsettle(moved.payment, moved.bill)
            case Held() | Refunded() | Returned():
                self._pay(moved)
            case Waived(bill, amount):
                self.bills[bill] = changed(self.bills[bill], waived=self.bills[bill].waived + amount)
            case Voided(bill, reason):
                self.bills[bill] = changed(self.bills[bill], voided=reason, voided_at=recorded.position)
            case Reversed(payment, _, reason):
                self._pay(moved)
                gone = {"line": None, "found_at": 0, "reversed": reason, "reversed_at": recorded.position}
                self._tell(payment, **gone, reversed_because=recorded.event.text)
            case Billed() | Received() | RefundAsked() | RefundDecided() | InvoiceMoved():
                pass  # lines of their own, or none
            case _:
                assert_never(moved)

    def _pay(self, moved: Settled | Drawn | Released | Undone | Held | Refunded | Returned | Reversed) -> None:
        self.payments[moved.payment] = payment_after(self.payments[moved.payment], moved)

    def _unsettle(self, id: UUID, of: UUID) -> None:
        bill, payment = self.bills[of], self.payments[id]
        self.bills[of] = changed(bill, parts=tuple(part for part in bill.parts if part.payment != id))
        self.payments[id] = changed(payment, parts=tuple(part for part in payment.parts if part.bill != of))


def account_lines(events: Iterable[Recorded[Any]]) -> AccountLines:
    """The lines of an account after all its events."""
    lines = AccountLines()
    for recorded in events:
        lines.take_in(recorded)
    return lines


def summed(parts: Iterable[Part], by: str) -> Mapping[UUID, int]:
    """What parts come to, by ``payment`` or by ``bill``."""
    found: dict[UUID, int] = {}
    for part in parts:
        key: UUID = getattr(part, by)
        found[key] = found.get(key, 0) + part.amount
    return found
