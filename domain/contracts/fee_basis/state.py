"""On what an estate charges, as it stands: what is displayed and what is billed are its answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from uuid import UUID, uuid5

from domain.contracts.fee_basis.vocabulary import FeeMode, Party, Price, ServiceMode, Terms
from domain.money.allocation import AllocationOrder
from domain.money.items import FeeItem
from domain.months import months_later
from domain.recorded import Act
from domain.register.dwelling import Use

_STREAMS = UUID("2c1d7a52-5d4f-4a63-8f9d-7f0c1c5f7b31")  # namespace of fee bases
FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2199, 12, 31)  # beyond them somebody mistyped the year


@lru_cache(4_096)
def fee_basis_stream(estate: str) -> UUID:
    """The stream of an estate's fee basis."""
    return uuid5(_STREAMS, estate)


CHARGING = frozenset({ServiceMode.LOW_PAID, ServiceMode.CONTRACTED, ServiceMode.SELF_MANAGED})


class Call(Enum):
    """What a contract asks of whoever is in charge."""

    TERM_ENDS = "TERM_ENDS"
    NOTICE_RUNS = "NOTICE_RUNS"
    INDEFINITE = "INDEFINITE"
    HOLDING_OVER = "HOLDING_OVER"


class ContractStage(Enum):
    """Where a contract is in its life (CC 946 to 950)."""

    COMING = "COMING"
    IN_TERM = "IN_TERM"
    INDEFINITE = "INDEFINITE"
    HOLDING_OVER = "HOLDING_OVER"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Notice:
    by: Party
    served_on: date
    ends: date
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """A service contract as it stands; ``ended_on`` is the first day on which it charges nothing."""

    contract: UUID
    number: str
    fee_mode: FeeMode
    since: date
    until: date
    terms: Terms
    decision: str | None = None
    firm: str | None = None
    notice: Notice | None = None
    indefinite: bool = False
    expired_on: date | None = None
    ended_on: date | None = None
    reminded: int | None = None  # days that were left when it was last reminded of
    withdrawn: Act | None = None  # whose act took the last notice back

    def covers(self, day: date) -> bool:
        """Whether it carries charges for that day: a term that ran out does, until somebody takes over."""
        return self.since <= day and (self.ended_on is None or day < self.ended_on)

    @property
    def ends(self) -> date | None:
        """The day (excluded) on which it is known to end; nothing is, while it is indefinite without notice."""
        if self.ended_on is not None:
            return self.ended_on
        if self.notice is not None:
            return self.notice.ends
        return None if self.indefinite else self.until

    def is_over_by(self, day: date, today: date) -> bool:
        """Whether its end, known but still to come, lies before that day: nobody has decided what follows."""
        return self.ends is not None and today < self.ends <= day

    def stage(self, day: date) -> ContractStage:
        if day < self.since:
            return ContractStage.COMING
        if self.ended_on is not None and day >= self.ended_on:
            return ContractStage.ENDED
        if self.expired_on is not None and day >= self.expired_on:
            return ContractStage.HOLDING_OVER
        return ContractStage.INDEFINITE if self.indefinite and day >= self.until else ContractStage.IN_TERM

    def call(self, day: date) -> "Reminder | None":
        """What it asks for on that day: nothing before the first reminder of its term, nor once its end is settled."""
        if self.ended_on is not None:
            return None
        if self.expired_on is not None:
            return Reminder(Call.HOLDING_OVER, self.number, self.expired_on, (day - self.expired_on).days)
        if self.notice is not None:
            return Reminder(Call.NOTICE_RUNS, self.number, self.notice.ends, (self.notice.ends - day).days, self.notice)
        if self.indefinite:
            return Reminder(Call.INDEFINITE, self.number, self.until, (day - self.until).days)
        if self.reminded is not None:
            return Reminder(Call.TERM_ENDS, self.number, self.until, (self.until - day).days)
        return None


@dataclass(frozen=True, slots=True)
class Reminder:
    """``days`` from today to ``day``, or since then where that has passed."""

    call: Call
    number: str
    day: date
    days: int
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    schedule: UUID
    contract: UUID
    prices: tuple[Price, ...]
    shown_from: date
    valid_from: date
    decision: str | None = None

    def price(self, item: FeeItem, use: Use) -> Price | None:
        """The one price of an item for a use."""
        return next((each for each in self.prices if each.item is item and use in each.uses), None)


@dataclass(frozen=True, slots=True)
class BasisSpan:
    """Days from ``since`` to ``until`` (excluded) with one contract and one price list."""

    since: date
    until: date
    contract: Contract
    schedule: FeeSchedule


@dataclass(frozen=True, slots=True)
class FeeBasis:
    """``modes`` by the day from which each holds; ``schedules`` in the order of their days."""

    estate: str | None = None
    modes: tuple[tuple[date, ServiceMode], ...] = ()
    contracts: tuple[Contract, ...] = ()
    schedules: tuple[FeeSchedule, ...] = ()
    withdrawn: Mapping[UUID, Act] = field(default_factory=dict)  # price lists, and whose act that was

    def mode_on(self, day: date) -> ServiceMode:
        """The service mode of a day."""
        held = [mode for since, mode in self.modes if since <= day]
        return held[-1] if held else ServiceMode.NONE

    def coming_modes(self, today: date) -> list[tuple[date, ServiceMode]]:
        """The changes of mode that are settled and still to come, each with its day."""
        return [(since, mode) for since, mode in self.modes if since > today and self.mode_on(since) is mode]

    def contract_on(self, day: date) -> Contract | None:
        """The contract that carries charges for a day."""
        return next((each for each in reversed(self.contracts) if each.covers(day)), None)

    def firm_on(self, day: date) -> str | None:
        """Who served by then: the party of the contract in force, else of the last one that had begun."""
        contract = self.contract_on(day) or next((each for each in reversed(self.contracts) if each.since <= day), None)
        return contract.firm if contract else None

    def call(self, today: date) -> Reminder | None:
        """What the contract in force asks of whoever is in charge."""
        contract = self.contract_on(today)
        return contract.call(today) if contract else None

    def schedule_on(self, day: date) -> FeeSchedule | None:
        """The price list that bills a day: the newest of the contract in force."""
        contract = self.contract_on(day)
        if contract is None:
            return None
        valid = [each for each in self.schedules if each.contract == contract.contract and each.valid_from <= day]
        return valid[-1] if valid else None

    def contract_of(self, schedule: FeeSchedule) -> Contract:
        """The contract that a price list belongs to."""
        return next(each for each in self.contracts if each.contract == schedule.contract)

    def displayed(self, today: date) -> tuple[FeeSchedule, ...]:
        """The lists to display: the one that bills today, if any does, and those that are shown already and bill later.

        A list that the next contract leaves behind before its day never bills, so it is not displayed.
        """
        current = self.schedule_on(today) if self.bills(today) else None
        coming = [
            each
            for each in self.schedules
            if each.shown_from <= today < each.valid_from and self.schedule_on(each.valid_from) == each
        ]
        return (*([current] if current is not None and current.shown_from <= today else []), *coming)

    def bills(self, day: date) -> bool:
        """Whether that day is charged for at all (INV-42)."""
        return self.mode_on(day) in CHARGING and self.schedule_on(day) is not None

    def spans(self, since: date, until: date, today: date) -> tuple[BasisSpan, ...]:
        """The charged days of a period, cut where contract or prices change.

        A list not yet shown bills nothing, nor does a contract from the day on which it will end as far as is known.
        """
        return tuple(
            BasisSpan(begin, end, contract, schedule)
            for begin, end in self._cuts(since, until, today)
            if self.mode_on(begin) in CHARGING
            and (contract := self.contract_on(begin)) is not None
            and not contract.is_over_by(begin, today)
            and (schedule := self.schedule_on(begin)) is not None
            and schedule.shown_from <= today
        )

    def _cuts(self, since: date, until: date, today: date) -> Iterator[tuple[date, date]]:
        days = {since, until, *(day for day, _ in self.modes), *(each.valid_from for each in self.schedules)}
        for contract in self.contracts:
            ends = contract.ends if contract.ends and contract.ends > today else contract.ended_on
            days |= {contract.since, ends or contract.since}
        inside = sorted(day for day in days if since <= day <= until)
        yield from pairwise(inside)

    def unserved_since(self, number: str | None, until: date) -> date | None:
        """The first day before ``until`` that nobody serves, because this contract and all that followed it ended."""
        contract = next((each for each in self.contracts if each.number == number), None)
        while contract is not None and contract.ended_on is not None and contract.ended_on < until:
            following = self.contract_on(contract.ended_on)
            if following is None:
                return contract.ended_on
            contract = following
        return None

    def unserved(self, since: date, today: date) -> dict[str, date]:
        """The first day that nobody serves after a contract, by its number; of ends from ``since`` to ``today``."""
        found = {each.number: self.unserved_since(each.number, LAST_DAY) for each in self.contracts}
        return {number: day for number, day in found.items() if day is not None and since <= day <= today}

    def order_on(self, day: date) -> AllocationOrder:
        """What of a debt is settled first (INV-46)."""
        contract = self.contract_on(day)
        return contract.terms.order if contract else AllocationOrder.COSTS_INTEREST_PRINCIPAL

    def prepaid_until(self, day: date) -> date:
        """The day to which fees may be prepaid: so many months as agreed, and no longer than the contract (INV-47)."""
        contract = self.contract_on(day)
        if contract is None:
            return day
        latest = months_later(day, contract.terms.prepayment_months)
        return max(day, min(latest, contract.ends)) if contract.ends else latest

    def penalty_on(self, day: date, number: str | None = None) -> tuple[str, int] | None:
        """Clause and rate in 0.000001 a day, where the contract has one (INV-49).

        It is the contract of that ``number``, under which a bill came about; without one, or an unknown one, the day's.
        """
        named = (each for each in self.contracts if number is not None and each.number == number)
        contract = next(named, None) or self.contract_on(day)
        if contract is None or not contract.terms.penalty_rate or contract.terms.penalty_clause is None:
            return None
        return contract.terms.penalty_clause, contract.terms.penalty_rate
