"""A number of the tax office stands for one invoice: whoever records it a second time has mistyped it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never
from uuid import UUID, uuid5

from domain.capacity import ACCOUNTS, Capacity
from domain.decider import Decider
from domain.recorded import Act
from domain.refusal import refuse_if

_STREAMS = UUID("5f6a2f0e-6f5d-4f4e-9a86-3d1a54b2c0d7")  # namespace of invoice numbers


def invoice_number_stream(number: str) -> UUID:
    """The stream of a 20-digit number."""
    return uuid5(_STREAMS, number)


@dataclass(frozen=True, slots=True)
class UseInvoiceNumber:
    """``red`` for the number of the red invoice that reverses it."""

    estate: str
    invoice: UUID
    red: bool = False


Command = UseInvoiceNumber


@dataclass(frozen=True, slots=True)
class InvoiceNumberUsed:
    estate: str
    invoice: UUID
    red: bool = False


Event = InvoiceNumberUsed


@dataclass(frozen=True, slots=True)
class InvoiceNumber:
    """Which invoice the number stands for."""

    estate: str | None = None
    invoice: UUID | None = None
    red: bool = False


def decide(command: Command, number: InvoiceNumber, act: Act) -> Sequence[Event]:
    match command:
        case UseInvoiceNumber(estate, invoice, red):
            if (number.invoice, number.red) == (invoice, red):
                return []
            refuse_if(number.invoice is not None, "invoice_number_used")
            return [InvoiceNumberUsed(estate, invoice, red)]
        case _:
            assert_never(command)


def evolve(number: InvoiceNumber, event: Event, act: Act) -> InvoiceNumber:
    return InvoiceNumber(event.estate, event.invoice, event.red)


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    UseInvoiceNumber: ACCOUNTS,
}

INVOICE_NUMBER: Decider[Command, InvoiceNumber, Event] = Decider(
    name="InvoiceNumber",
    initial=InvoiceNumber(),
    decide=decide,
    evolve=evolve,
    commands=(UseInvoiceNumber,),
    events=(InvoiceNumberUsed,),
    powers=POWERS,
)
