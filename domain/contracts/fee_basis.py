"""On what an estate charges at all (收费依据): its service mode, its service contracts, and its price lists.

One stream per estate. What is displayed and what is billed are answers of the same functions, so they cannot differ.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import assert_never
from uuid import UUID, uuid5

from domain.calendar import local_date
from domain.decider import Decider
from domain.money.allocation import AllocationOrder
from domain.money.formula import WHOLE, months_later
from domain.money.items import FeeItem
from domain.recorded import Act
from domain.refusal import refuse_if
from domain.register.dwelling import Use
from domain.words import CODE_LENGTH, clean

_STREAMS = UUID("2c1d7a52-5d4f-4a63-8f9d-7f0c1c5f7b31")  # namespace of fee bases
SHOWN_DAYS = 30  # a change is displayed so long before it bills
DISMISSAL_DAYS = 60  # CC 946, and either side of an indefinite contract (CC 948)
NON_RENEWAL_DAYS = 90  # CC 947
MOST_PREPAID_MONTHS = 12
REMINDED_DAYS = (90, 60, 30)  # before a term ends
HIGHEST_PENALTY = 3_000  # 0.3 % a day, the highest seen in older contracts
FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2199, 12, 31)  # beyond them somebody mistyped the year
_CODE = {"limit": CODE_LENGTH}
_CONTENT = {"limit": 120}


@lru_cache(4_096)
def fee_basis_stream(estate: str) -> UUID:
    """The stream of an estate's fee basis."""
    return uuid5(_STREAMS, estate)


class ServiceMode(Enum):
    """Who serves the estate, and whether anything is charged."""

    NONE = "NONE"
    BASELINE_PUBLIC_INTEREST = "BASELINE_PUBLIC_INTEREST"
    LOW_PAID = "LOW_PAID"
    CONTRACTED = "CONTRACTED"
    SELF_MANAGED = "SELF_MANAGED"


CHARGING = frozenset({ServiceMode.LOW_PAID, ServiceMode.CONTRACTED, ServiceMode.SELF_MANAGED})


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
class Price:
    """``unit_price`` in 0.0001 yuan for one of ``charged``, for dwellings of these ``uses``."""

    item: FeeItem
    charged: Charged
    uses: tuple[Use, ...]
    unit_price: int
    clause: str = field(metadata=_CODE)
    content: str = field(metadata=_CONTENT)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a contract agrees on money. Rates: ``penalty_rate`` in 0.000001 a day, ``vacancy_factor`` in 0.0001."""

    order: AllocationOrder = AllocationOrder.COSTS_INTEREST_PRINCIPAL
    prepayment_months: int = MOST_PREPAID_MONTHS
    payment_days: int = 0  # after the last day of the period billed
    penalty_rate: int = 0
    penalty_clause: str | None = field(default=None, metadata=_CODE)
    vacancy_factor: int = WHOLE
    vacancy_clause: str | None = field(default=None, metadata=_CODE)


# -- commands ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangeServiceMode:
    """``reference`` names the decision or the contract that the change rests on."""

    estate: str
    mode: ServiceMode
    since: date
    ground: ModeGround
    reference: str = field(metadata=_CODE)


@dataclass(frozen=True, slots=True)
class SignContract:
    """From ``since`` to ``until`` (excluded). ``decision``: the owners' joint decision, where one was taken.

    ``firm``: the full name of the party that serves and charges (CC 937), as it stands on every paper.
    """

    estate: str
    contract: UUID
    number: str = field(metadata=_CODE)
    fee_mode: FeeMode
    since: date
    until: date
    terms: Terms = Terms()
    decision: str | None = None
    firm: str | None = field(default=None, metadata=_CONTENT)


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

# -- events ------------------------------------------------------------------------------------------------------


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

# -- state -------------------------------------------------------------------------------------------------------


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


# -- decide ------------------------------------------------------------------------------------------------------


def decide(command: Command, basis: FeeBasis, act: Act) -> Sequence[Event]:
    """INV-42, 46, 47, 49; CC 940 and 946 to 950."""
    for item in fields(command):
        said = getattr(command, item.name)
        unlikely = isinstance(said, date) and not FIRST_DAY <= said <= LAST_DAY
        refuse_if(unlikely, "day_unlikely", field=item.name)
    match command:
        case ChangeServiceMode(estate, mode, since, ground, reference):
            before = basis.mode_on(since)
            refuse_if(
                bool(basis.modes) and since < basis.modes[-1][0],
                "mode_before",
                since=basis.modes[-1][0] if basis.modes else since,
            )
            without = mode is ServiceMode.CONTRACTED and basis.contract_on(since) is None
            refuse_if(without, "contract_missing")
            return [] if before is mode else [EstateServiceModeChanged(estate, before, mode, since, ground, reference)]
        case SignContract():
            return _signed(command, basis)
        case GiveNotice():
            return _noticed(command, _contract(basis, command.contract), act)
        case WithdrawNotice(id):
            contract = _contract(basis, id)
            refuse_if(contract.expired_on is not None, "contract_expired")
            return [ContractNoticeWithdrawn(id)] if contract.notice else []
        case CompleteHandover(id, day):
            contract = _contract(basis, id)
            refuse_if(day > local_date(act.recorded_at), "future", field="day")
            refuse_if(contract.expired_on is None or day < contract.expired_on, "contract_not_expired")
            return [] if contract.ended_on else [ContractTerminated(id, day)]
        case LetTimePass(day):
            return [event for contract in basis.contracts for event in _passed(contract, day)]
        case AdoptFeeSchedule():
            return _adopted(command, basis, act)
        case WithdrawFeeSchedule(id):
            found = next((each for each in basis.schedules if each.schedule == id), None)
            if found is None:
                return []
            refuse_if(found.valid_from <= local_date(act.recorded_at), "schedule_bills")
            return [FeeScheduleWithdrawn(id)]
        case _:
            assert_never(command)


def _signed(new: SignContract, basis: FeeBasis) -> list[Event]:
    if any(each.contract == new.contract for each in basis.contracts):
        return []
    terms = clean(new.terms)
    refuse_if(new.until <= new.since, "period")
    refuse_if(not 0 <= terms.prepayment_months <= MOST_PREPAID_MONTHS, "prepayment_months", most=MOST_PREPAID_MONTHS)
    refuse_if(not 0 <= terms.payment_days <= 366, "payment_days")
    refuse_if(not 0 <= terms.penalty_rate <= HIGHEST_PENALTY, "penalty_rate")
    refuse_if(bool(terms.penalty_rate) and not terms.penalty_clause, "clause_missing", field="penalty_clause")
    refuse_if(not 0 <= terms.vacancy_factor <= WHOLE, "vacancy_factor")
    refuse_if(terms.vacancy_factor != WHOLE and not terms.vacancy_clause, "clause_missing", field="vacancy_clause")
    refuse_if(any(each.number == new.number for each in basis.contracts), "contract_number")
    last = basis.contracts[-1] if basis.contracts else None
    refuse_if(last is not None and new.since <= last.since, "contract_overlaps", number=last.number if last else "")
    in_term = last is not None and last.ended_on is None and last.expired_on is None and not last.indefinite
    early = in_term and last is not None and last.ends is not None and new.since < last.ends
    refuse_if(early, "contract_overlaps", number=last.number if last else "")
    over = last is not None and last.ended_on is not None and new.since < last.ended_on
    refuse_if(over, "contract_overlaps", number=last.number if last else "")
    signed = ContractSigned(
        new.estate, new.contract, new.number, new.fee_mode, new.since, new.until, terms, new.decision, new.firm
    )
    if last is not None and last.ended_on is None:
        return [ContractTerminated(last.contract, new.since), signed]
    return [signed]


def _noticed(new: GiveNotice, contract: Contract, act: Act) -> list[Event]:
    said = Notice(new.by, new.served_on, new.ends, new.decision)
    if contract.notice == said:
        return []
    refuse_if(contract.notice is not None, "notice_given")
    refuse_if(contract.ended_on is not None or contract.expired_on is not None, "contract_expired")
    refuse_if(new.served_on > local_date(act.recorded_at), "future", field="served_on")
    refuse_if(new.by is Party.OWNERS and not contract.indefinite and not new.decision, "decision_missing")
    by_firm = new.by is Party.FIRM and not contract.indefinite
    refuse_if(by_firm and new.ends < contract.until, "firm_before_term", until=contract.until)
    days = NON_RENEWAL_DAYS if by_firm else DISMISSAL_DAYS
    earliest = new.served_on + timedelta(days=days)
    refuse_if(new.ends < earliest, "notice_short", days=days, earliest=earliest)
    return [ContractNoticeGiven(new.contract, new.by, new.served_on, new.ends, new.decision)]


def _passed(contract: Contract, day: date) -> Iterator[Event]:
    if contract.ended_on is not None or contract.expired_on is not None:
        return
    ends = contract.ends
    if ends is None:
        return
    if day >= ends:
        if contract.notice is not None:
            yield ContractExpired(contract.contract, ends)
        else:
            yield ContractBecameIndefinite(contract.contract, ends)
        return
    left = (ends - day).days
    due = [days for days in REMINDED_DAYS if left <= days]
    if due and (contract.reminded is None or min(due) < contract.reminded) and day >= contract.since:
        yield ContractTermReminded(contract.contract, min(due))


def _adopted(new: AdoptFeeSchedule, basis: FeeBasis, act: Act) -> list[Event]:
    if any(each.schedule == new.schedule for each in basis.schedules):
        return []
    contract, today = _contract(basis, new.contract), local_date(act.recorded_at)
    prices = tuple(clean(price) for price in new.prices)
    refuse_if(not prices, "no_price")
    for price in prices:
        refuse_if(not 0 < price.unit_price < 10**9, "unit_price")
        refuse_if(not price.uses, "no_use")
    pairs = [(price.item, use) for price in prices for use in price.uses]
    refuse_if(len(set(pairs)) < len(pairs), "price_twice")
    refuse_if(new.shown_from < today, "shown_in_the_past")
    refuse_if(contract.ended_on is not None and new.valid_from >= contract.ended_on, "contract_expired")
    refuse_if(new.shown_from > max(new.valid_from, today), "shown_after_billing", field="shown_from")
    refuse_if(new.valid_from < contract.since, "before_contract", since=contract.since)
    last = basis.schedules[-1] if basis.schedules else None
    if last is not None:
        refuse_if(new.valid_from <= last.valid_from, "schedule_order", since=last.valid_from)
        earliest = new.shown_from + timedelta(days=SHOWN_DAYS)
        refuse_if(new.valid_from < earliest, "shown_too_short", days=SHOWN_DAYS, earliest=earliest)
    return [FeeScheduleAdopted(new.schedule, new.contract, prices, new.shown_from, new.valid_from, new.decision)]


def _contract(basis: FeeBasis, id: UUID) -> Contract:
    found = next((each for each in basis.contracts if each.contract == id), None)
    refuse_if(found is None, "unknown_contract")
    assert found is not None
    return found


# -- evolve ------------------------------------------------------------------------------------------------------


def evolve(basis: FeeBasis, event: Event, act: Act) -> FeeBasis:
    match event:
        case EstateServiceModeChanged(estate, _, mode, since):
            return replace(basis, estate=estate, modes=(*basis.modes, (since, mode)))
        case ContractSigned(estate, id, number, fee_mode, since, until, terms, decision, firm):
            signed = Contract(id, number, fee_mode, since, until, terms, decision, firm)
            return replace(basis, estate=estate, contracts=(*basis.contracts, signed))
        case ContractTermReminded(id, days_left):
            return _with(basis, id, reminded=days_left)
        case ContractNoticeGiven(id, by, served_on, ends, decision):
            return _with(basis, id, notice=Notice(by, served_on, ends, decision), reminded=None)
        case ContractNoticeWithdrawn(id):
            return _with(basis, id, notice=None, reminded=None)
        case ContractExpired(id, day):
            return _with(basis, id, expired_on=day)
        case ContractBecameIndefinite(id):
            return _with(basis, id, indefinite=True, reminded=None)
        case ContractTerminated(id, day):
            return _with(basis, id, ended_on=day)
        case FeeScheduleAdopted(schedule, contract, prices, shown_from, valid_from, decision):
            adopted = FeeSchedule(schedule, contract, prices, shown_from, valid_from, decision)
            return replace(basis, schedules=(*basis.schedules, adopted))
        case FeeScheduleWithdrawn(schedule):
            kept = tuple(each for each in basis.schedules if each.schedule != schedule)
            return replace(basis, schedules=kept)
        case _:
            assert_never(event)


def _with(basis: FeeBasis, id: UUID, **fields: object) -> FeeBasis:
    contracts = tuple(
        replace(each, **fields) if each.contract == id else each  # type: ignore[arg-type]
        for each in basis.contracts
    )
    return replace(basis, contracts=contracts)


FEE_BASIS: Decider[Command, FeeBasis, Event] = Decider(
    name="FeeBasis",
    initial=FeeBasis(),
    decide=decide,
    evolve=evolve,
    commands=Command.__args__,
    events=Event.__args__,
)
