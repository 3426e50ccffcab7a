"""A provider's number (of WeChat, Alipay or a bank) means one payment: whoever takes it again says that it is another.

Its stream is named by a pseudonym of the number, so the number itself stands in no event.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never
from uuid import UUID

from domain.capacity import MONEY, Capacity
from domain.decider import Decider
from domain.fees.payment_reference import references_in
from domain.recorded import Act
from domain.refusal import refuse_if
from domain.typed import folded

_SIGNS = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"[0-9]")
_RUNS = re.compile(r"[0-9a-z]+")
_SHORTEST = 3  # less, or one sign over and over, is typed to fill the field
_WITH_WORDS = 8  # signs of a number that stands among words


def plain_reference(said: str) -> str:
    """The number in what was typed as a reference, as it is compared; empty where there is none.

    Wide digits, blanks, hyphens and capitals make no other number. Among words (``微信 4200…``) it is the longest run
    of letters and digits, if that is long enough to be one. Our own reference of a dwelling is no provider's number.
    """
    plain = said.lower() if said.isascii() and said.isalnum() else "".join(_SIGNS.findall(folded(said)))
    if "jl" in plain and references_in([plain]):
        return ""
    if not plain.isascii():
        runs = [run for run in _RUNS.findall(plain) if len(run) >= _WITH_WORDS]
        plain = max(runs, key=len, default="")
    filler = len(plain) < _SHORTEST or not plain.strip(plain[0])
    return plain if _DIGIT.search(plain) and not filler else ""


@dataclass(frozen=True, slots=True)
class TakeProviderNumber:
    """``again``: whoever takes it says that this is another payment. ``void`` are earlier ones that do not stand."""

    estate: str
    dwelling: UUID
    payment: UUID
    again: bool = False
    void: tuple[UUID, ...] = ()


Command = TakeProviderNumber


@dataclass(frozen=True, slots=True)
class ProviderNumberTaken:
    estate: str
    dwelling: UUID
    payment: UUID
    again: bool = False


Event = ProviderNumberTaken


@dataclass(frozen=True, slots=True)
class ProviderNumber:
    """The payments under a number, and the dwelling of each, the newest last."""

    payments: Mapping[UUID, UUID]


def decide(command: Command, number: ProviderNumber, act: Act) -> Sequence[Event]:
    match command:
        case TakeProviderNumber(estate, dwelling, payment, again, void):
            refuse_if(not again and not number.payments.keys() <= set(void), "reference_taken", field="reference")
            return [ProviderNumberTaken(estate, dwelling, payment, again)]
        case _:
            assert_never(command)


def evolve(number: ProviderNumber, event: Event, act: Act) -> ProviderNumber:
    return ProviderNumber({**number.payments, event.payment: event.dwelling})


POWERS: Mapping[type[Any], frozenset[Capacity]] = {
    TakeProviderNumber: MONEY,
}

PROVIDER_NUMBER: Decider[Command, ProviderNumber, Event] = Decider(
    name="ProviderNumber",
    initial=ProviderNumber({}),
    decide=decide,
    evolve=evolve,
    commands=(TakeProviderNumber,),
    events=(ProviderNumberTaken,),
    powers=POWERS,
)
