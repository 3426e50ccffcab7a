"""Two processes over one log, and facts for them to act on at the same moment: what a race needs."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from threading import Barrier
from typing import Any, TypeVar
from uuid import UUID, uuid4

from domain.calendar import local_date
from domain.capacity import Capacity
from domain.contracts import fee_basis as basis
from domain.contracts.fee_basis import FEE_BASIS, Charged, FeeMode, ModeGround, Price, ServiceMode, Terms
from domain.decider import Decider
from domain.estates.estate import ESTATE, BuildingRegistered, EstateRegistered, Stairwell, estate_stream
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, fee_account_stream
from domain.money.allocation import AllocationOrder
from domain.money.items import FeeItem
from domain.people.person import PERSON, PersonRegistered, StationStaffAppointed
from domain.recorded import Act, Recorded
from domain.refusal import Refusal
from domain.register.dwelling import DWELLING, DwellingRegistered, OwnershipBegan, Use
from domain.register.owner import OWNER, OwnerKind, OwnerRegistered
from services.commands.ask import Answer, Ask, Caller, Forbidden
from services.commands.plan import PlanFor
from services.log.event_log import Change
from services.log.not_found import NotFound
from services.product import Product
from services.running.wiring import built
from tests.conftest import Demo

A = TypeVar("A", bound=Answer)
OWNED_SINCE = date(2015, 1, 1)
ROOMS = tuple(str(100 * floor + place) for floor in range(1, 61) for place in range(1, 30))


@dataclass
class Estate:
    """An estate with a contract that charges, prices, and people in its posts."""

    code: str
    contract: UUID = field(default_factory=uuid4)
    head: UUID = field(default_factory=uuid4)
    accountant: UUID = field(default_factory=uuid4)
    cashier: UUID = field(default_factory=uuid4)
    admin: UUID = field(default_factory=uuid4)
    rooms: Iterator[str] = field(default_factory=lambda: iter(ROOMS))  # of its map, where nobody lives yet


@dataclass
class Home:
    dwelling: UUID
    owner: UUID
    estate: Estate


@dataclass(frozen=True)
class Round:
    """Two acts that begin at the same moment, and what has to hold of all that happened since."""

    first: Callable[[], object]
    second: Callable[[], object]
    holds: Callable[[Sequence[Recorded[Any]]], bool]


class Grounds:
    """``product`` and ``other`` are two processes over one log; whoever acts ``there`` is in the other one."""

    def __init__(self, demo: Demo, other: Product) -> None:
        self.demo, self.product, self.other = demo, demo.product, other
        self._codes, self._homes = count(1), count(1)
        self.estate = self.new_estate()

    @property
    def today(self) -> date:
        return local_date(self.product.clock())

    # -- what stands -----------------------------------------------------------------------------------------------

    def tell(self, estate: str | None, *told: tuple[Decider[Any, Any, Any], UUID, Sequence[Any]]) -> None:
        """Facts of several streams, all at once."""
        now = self.product.clock()
        act = Act(uuid4(), Capacity.SYSTEM, now, now)
        versions = self.product.log.versions([stream for _, stream, _ in told])
        self.product.log.append(
            [
                Change(stream, decider.name, versions[stream], events, act, estate, stream)
                for decider, stream, events in told
            ]
        )

    def person(self, estate: Estate, *capacities: Capacity, id: UUID | None = None) -> UUID:
        person, since = id or uuid4(), self.product.clock() - timedelta(days=400)
        posts = [StationStaffAppointed(each, estate.code, since) for each in capacities]
        self.tell(None, (PERSON, person, [PersonRegistered("某"), *posts]))
        return person

    def new_estate(self) -> Estate:
        made, begins = Estate(f"350902002{next(self._codes):03d}-001"), date(2020, 1, 1)
        terms = Terms(AllocationOrder.PRINCIPAL_FIRST, penalty_rate=500, penalty_clause="9")
        fee = Price(FeeItem.PROPERTY_FEE, Charged.PER_AREA, (Use.RESIDENCE,), 6000, "8", "保洁、秩序")
        card = Price(FeeItem.KEY_CARD, Charged.PER_PIECE, (Use.RESIDENCE,), 150_000, "11", "门禁卡")
        number, schedule = "C-1", uuid4()
        charged = (
            basis.ContractSigned(made.code, made.contract, number, FeeMode.LUMP_SUM, begins, date(2090, 1, 1), terms),
            basis.EstateServiceModeChanged(
                made.code, ServiceMode.NONE, ServiceMode.CONTRACTED, begins, ModeGround.CONTRACT, number
            ),
            basis.FeeScheduleAdopted(schedule, made.contract, (fee, card), begins, begins),
        )
        self.tell(
            made.code,
            (
                ESTATE,
                estate_stream(made.code),
                [
                    EstateRegistered(made.code, f"SC-{made.code[9:12]}", "东湖苑", "荷塘社区"),
                    BuildingRegistered("3", (Stairwell("1", ROOMS),)),
                ],
            ),
            (FEE_BASIS, basis.fee_basis_stream(made.code), charged),
        )
        for person, capacity in (
            (made.head, Capacity.STATION_HEAD),
            (made.accountant, Capacity.ACCOUNTANT),
            (made.cashier, Capacity.CASHIER),
            (made.admin, Capacity.ADMINISTRATOR),
        ):
            self.person(made, capacity, id=person)
        return made

    def home(self, estate: Estate | None = None, *, sold_by: UUID | None = None) -> Home:
        """A dwelling with its owner and account; ``sold_by`` owned it before."""
        where = estate or self.estate
        room = f"H{next(self._homes)}"  # as many as are wanted: facts need no map
        made = Home(self.product.pseudonyms.dwelling(where.code, "3", "1", room), uuid4(), where)
        owners = [each for each in (sold_by, made.owner) if each is not None]
        began = [OwnershipBegan(each, OWNED_SINCE.replace(year=2015 + n)) for n, each in enumerate(owners)]
        self.tell(
            where.code,
            *((OWNER, each, [OwnerRegistered(where.code, OwnerKind.PERSON, "邹文静")]) for each in owners),
            (DWELLING, made.dwelling, [DwellingRegistered(where.code, "3", "1", room, 8937, 7100), *began]),
            (
                FEE_ACCOUNT,
                fee_account_stream(made.dwelling),
                [fees.FeeAccountOpened(made.dwelling, where.code, "3")],
            ),
        )
        return made

    def put(self, home: Home, *commands: Any) -> None:
        """What stands on the account already."""
        now = self.product.clock()
        act, stream = Act(uuid4(), Capacity.SYSTEM, now, now), fee_account_stream(home.dwelling)
        state = self.account(home)
        events: list[Any] = []
        for command in commands:
            new = FEE_ACCOUNT.consider(command, state, act)
            state = FEE_ACCOUNT.fold([(event, act) for event in new], state)
            events += new
        self.tell(home.estate.code, (FEE_ACCOUNT, stream, events))

    def bill(self, home: Home, amount: int = 50_000, payer: UUID | None = None, **more: Any) -> fees.IssueBill:
        """A bill that has been due for three months."""
        since = self.today - timedelta(days=200)
        usual: dict[str, Any] = {"item": FeeItem.PROPERTY_FEE, "since": since, "until": since + timedelta(days=100)}
        due = self.today - timedelta(days=100)
        return fees.IssueBill(
            bill=uuid4(), number=f"T-{uuid4().hex[:8]}", payer=payer or home.owner, amount=amount, due=due,
            contract="C-1", **(usual | more),
        )  # fmt: skip

    def payment(self, home: Home, amount: int = 50_000, **more: Any) -> fees.RecordPayment:
        usual: dict[str, Any] = {"method": fees.Method.CARD, "receipt": "2020-000000", "prepay_limit": amount}
        return fees.RecordPayment(uuid4(), home.owner, amount, paid_on=self.today, **(usual | more))

    def account(self, home: Home) -> FeeAccount:
        return self.product.log.load(FEE_ACCOUNT, fee_account_stream(home.dwelling)).state

    # -- what people do --------------------------------------------------------------------------------------------

    def does(
        self,
        person: UUID,
        capacity: Capacity,
        plan: Callable[[], PlanFor[A]],
        estate: Estate | None = None,
        *,
        there: bool = False,
    ) -> Callable[[], A]:
        """An act for later, here or in the other process."""
        caller = Caller(person, capacity, frozenset({(estate or self.estate).code}))
        handler = (self.other if there else self.product).handler
        return lambda: handler.do(Ask(caller), plan())

    def accountant(self, plan: Callable[[], PlanFor[A]], estate: Estate | None = None, **more: Any) -> Callable[[], A]:
        return self.does((estate or self.estate).accountant, Capacity.ACCOUNTANT, plan, estate, **more)

    def head(self, plan: Callable[[], PlanFor[A]], estate: Estate | None = None, **more: Any) -> Callable[[], A]:
        return self.does((estate or self.estate).head, Capacity.STATION_HEAD, plan, estate, **more)

    def cashier(self, plan: Callable[[], PlanFor[A]], estate: Estate | None = None, **more: Any) -> Callable[[], A]:
        return self.does((estate or self.estate).cashier, Capacity.CASHIER, plan, estate, **more)

    def admin(self, plan: Callable[[], PlanFor[A]], estate: Estate | None = None, **more: Any) -> Callable[[], A]:
        return self.does((estate or self.estate).admin, Capacity.ADMINISTRATOR, plan, estate, **more)

    def raced(self, made: Round) -> tuple[bool, bool]:
        """Which of the two acts went through. Fails if what has to hold does not hold afterwards."""
        log, begin = self.product.log, Barrier(2)
        start = log.last_position()

        def run(act: Callable[[], object]) -> bool:
            begin.wait()
            try:
                act()
            except (Refusal, NotFound):
                return False
            except Forbidden as forbidden:
                assert forbidden.code != "capacity"  # who may do it at all is no matter of the moment
                return False
            return True

        with ThreadPoolExecutor(2) as two:
            went = tuple(two.map(run, (made.first, made.second)))
        happened = log.read(start, 10_000)
        assert made.holds(happened), [(each.position, each.event) for each in happened]
        return went[0], went[1]


def never_after(kind: type[Any], forbidden: type[Any]) -> Callable[[Sequence[Recorded[Any]]], bool]:
    """No event of the ``forbidden`` kind comes after one of the first kind."""

    def holds(happened: Sequence[Recorded[Any]]) -> bool:
        since = min((each.position for each in happened if isinstance(each.event, kind)), default=None)
        return since is None or not any(
            isinstance(each.event, forbidden) and each.position > since for each in happened
        )

    return holds


def not_both(one: type[Any], other: type[Any]) -> Callable[[Sequence[Recorded[Any]]], bool]:
    """Of two kinds of events only one has come."""

    def holds(happened: Sequence[Recorded[Any]]) -> bool:
        kinds = {type(each.event) for each in happened}
        return not {one, other} <= kinds

    return holds


def exactly_one(kind: type[Any]) -> Callable[[Sequence[Recorded[Any]]], bool]:
    return lambda happened: sum(isinstance(each.event, kind) for each in happened) == 1


Race = Callable[[Grounds], Round]
RACES: dict[str, list[Race]] = {}  # by the rule


def race(*rules: str) -> Callable[[Race], Race]:
    """What tries these rules: called for every round, it puts the facts there and says who does what."""

    def known(made: Race) -> Race:
        for rule in rules:
            RACES.setdefault(rule, []).append(made)
        return made

    return known


@contextmanager
def two_processes(demo: Demo) -> Iterator[Grounds]:
    """The demo's product, and another process over the same log."""
    with built(demo.product.settings, demo.url, demo.product.clock) as other:
        yield Grounds(demo, other)
