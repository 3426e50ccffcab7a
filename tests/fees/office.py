"""The fee side of one station in memory: plans as everybody's commands go through them, over a log that is a list."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID, uuid5

from domain.billing.reckoning import ReckonedLine, reckoned
from domain.calendar import SHANGHAI, local_date
from domain.capacity import Capacity
from domain.catalogue import DECIDERS
from domain.contracts.fee_basis import (
    FEE_BASIS,
    AdoptFeeSchedule,
    ChangeServiceMode,
    FeeBasis,
    ModeGround,
    ServiceMode,
    SignContract,
    fee_basis_stream,
)
from domain.decider import Decider
from domain.estates.estate import ESTATE, RegisterBuilding, RegisterEstate, Stairwell, estate_stream
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, fee_account_stream
from domain.money.items import FeeItem
from domain.people.person import PERSON, Appoint, RegisterPerson
from domain.recorded import Act, Recorded
from domain.refusal import Refusal
from domain.register.dwelling import DWELLING, BeginOwnership, Dwelling, RegisterDwelling
from domain.register.owner import OwnerKind, RegisterOwner
from services.closing.guard import closed_months
from services.commands.ask import Answer, Ask, Caller, Forbidden
from services.commands.plan import Attempt, PlanFor, Reach, made
from services.fees.dwelling_accounts import account_opened, billed_stays, put_on_what_stands
from services.log.event_log import Change
from services.log.known_states import Loaded
from services.log.not_found import NotFound
from services.log.pseudonyms import Pseudonyms
from services.register.plans import on_dwelling, register_dwelling, register_owner

A = TypeVar("A", bound=Answer)
ESTATE_CODE = "350902002999-001"
HEAD, ACCOUNTANT, CASHIER = (UUID(int=n) for n in range(0x900, 0x903))
STAFF = {HEAD: Capacity.STATION_HEAD, ACCOUNTANT: Capacity.ACCOUNTANT, CASHIER: Capacity.CASHIER}
_DECIDERS = {each.name: each for each in DECIDERS}
_RUNS = UUID(int=0x910)  # namespace of bill runs


class _Numbers:
    """Numbers of bills, drawn one by one."""

    def __init__(self) -> None:
        self._last = 0

    def draw(self, prefix: str, centre: str, day: date) -> str:
        self._last += 1
        return f"{prefix}-{day:%Y%m%d}-{self._last:04d}"


@dataclass
class MemoryLog:
    """Appends all changes of a plan or none, each to a stream that stands where the plan saw it."""

    written: list[Recorded[Any]] = field(default_factory=list)
    _states: dict[UUID, Loaded[Any]] = field(default_factory=dict)

    def remembered(self, decider: Decider[Any, Any, Any], stream: UUID) -> Loaded[Any]:
        return self._states.get(stream, Loaded(decider.initial, 0))

    def history(self, stream: UUID) -> list[Recorded[Any]]:
        return [each for each in self.written if each.stream == stream]

    def newest(self, stream: UUID) -> Recorded[Any] | None:
        return next((each for each in reversed(self.written) if each.stream == stream), None)

    def append(self, changes: Iterable[Change]) -> None:
        for change in changes:
            decider = _DECIDERS[change.category]
            state, version = self.remembered(decider, change.stream)
            assert version == change.expected_version
            for event in change.events:
                version += 1
                state = decider.evolve(state, event, change.act)
                position = len(self.written) + 1
                self.written.append(
                    Recorded(
                        position,
                        UUID(int=position),
                        change.stream,
                        version,
                        event,
                        change.act,
                        change.estate,
                        change.correlation,
                        None,
                    )
                )
            self._states[change.stream] = Loaded(state, version)


class Office:
    """``begins`` is the first day; time goes on only by ``later``."""

    def __init__(self, begins: date, contract: SignContract, prices: AdoptFeeSchedule) -> None:
        self.log = MemoryLog()
        self.now = datetime(begins.year, begins.month, begins.day, 9, tzinfo=SHANGHAI)
        self.reach = Reach(
            cast(Any, None),
            cast(Any, self.log),
            cast(Any, None),
            cast(Any, _Numbers()),
            cast(Any, None),
            Pseudonyms(b"p" * 32),
        )
        self.tell(ESTATE, estate_stream(ESTATE_CODE), RegisterEstate(ESTATE_CODE, "SC-001", "东湖苑", "荷塘社区"))
        self.tell(ESTATE, estate_stream(ESTATE_CODE), RegisterBuilding("3", (Stairwell("1", ("101", "102")),)))
        for person, capacity in STAFF.items():
            self.tell(PERSON, person, RegisterPerson("某"), Appoint(capacity, ESTATE_CODE, self.now))
        mode = ChangeServiceMode(
            ESTATE_CODE, ServiceMode.CONTRACTED, contract.since, ModeGround.CONTRACT, contract.number
        )
        self.tell(FEE_BASIS, fee_basis_stream(ESTATE_CODE), contract, mode, prices)

    # -- what happens --------------------------------------------------------------------------------------------

    def later(self, days: int) -> None:
        self.now += timedelta(days=days)

    def tell(self, decider: Decider[Any, Any, Any], stream: UUID, *commands: Any) -> None:
        """What the product itself does with one stream."""
        act = Act(UUID(int=0), Capacity.SYSTEM, self.now, self.now)
        for command in commands:
            state, version = self.log.remembered(decider, stream)
            events = decider.consider(command, state, act)
            estate = ESTATE_CODE if decider is not PERSON else None
            self.log.append([Change(stream, decider.name, version, events, act, estate, stream)])

    def do(self, plan: PlanFor[A], who: UUID = ACCOUNTANT) -> A | None:
        """What somebody asks for; ``None`` where it is turned away, and then nothing has happened."""
        caller = Caller(who, STAFF.get(who, Capacity.SYSTEM), frozenset({ESTATE_CODE}))
        attempt = Attempt(self.reach, Ask(caller), self.now)
        try:
            planned = made(plan, attempt, (closed_months, put_on_what_stands, billed_stays), (account_opened,))
        except (Refusal, Forbidden, NotFound):
            return None
        self.log.append(planned.changes)
        return planned.answer

    def bill(self, since: date, until: date) -> list[ReckonedLine]:
        """A bill run of all dwellings: the lines it reckoned, all of them issued."""
        spans = self.basis.spans(since, until, self.today)
        billed: dict[tuple[UUID, FeeItem], list[tuple[date, date]]] = {}
        for dwelling, account in self.accounts().items():
            for bill in account.bills.values():
                if not bill.voided:
                    billed.setdefault((dwelling, bill.item), []).append((bill.since, bill.until))
        lines = list(reckoned(self.dwellings().items(), spans, billed).lines)
        run = uuid5(_RUNS, str(len(self.log.written)))
        for place, line in enumerate(lines, 1):
            command = line.issue(uuid5(run, str(place)), f"{since:%Y%m%d}-{place:06d}", run)
            self.tell(FEE_ACCOUNT, fee_account_stream(line.dwelling), command)
        return lines

    def sold(self, room: str, area: int, owner: str, since: date) -> tuple[UUID, UUID]:
        """A dwelling with its first owner."""
        command = RegisterDwelling(ESTATE_CODE, "3", "1", room, area, area)
        dwelling = self.do(register_dwelling(command))
        first = self.do(register_owner(RegisterOwner(ESTATE_CODE, OwnerKind.PERSON, owner)))
        assert dwelling is not None and first is not None
        assert self.do(on_dwelling(dwelling.stream, BeginOwnership(first.stream, since)))
        return dwelling.stream, first.stream

    # -- how it stands -------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        return local_date(self.now)

    @property
    def basis(self) -> FeeBasis:
        state: FeeBasis = self.log.remembered(FEE_BASIS, fee_basis_stream(ESTATE_CODE)).state
        return state

    def dwellings(self) -> dict[UUID, Dwelling]:
        """The register, in the order in which dwellings came into it."""
        ids = dict.fromkeys(each.stream for each in self.log.written if type(each.event) in DWELLING.events)
        return {id: self.log.remembered(DWELLING, id).state for id in ids}

    def accounts(self) -> dict[UUID, FeeAccount]:
        return {id: self.account(id) for id in self.dwellings()}

    def account(self, dwelling: UUID) -> FeeAccount:
        state: FeeAccount = self.log.remembered(FEE_ACCOUNT, fee_account_stream(dwelling)).state
        return state
