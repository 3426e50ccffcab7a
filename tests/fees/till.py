"""An account with bills in the demo's first estate, and people who take money on it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from uuid import UUID, uuid4

from domain.calendar import local_date
from domain.capacity import Capacity
from domain.cash.drawer import CASH_DRAWER, CashDrawer, drawer_stream
from domain.contracts.fee_basis import FEE_BASIS, ContractSigned, FeeMode, Terms, fee_basis_stream
from domain.decider import Decider
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccount, Method, fee_account_stream
from domain.money.allocation import AllocationOrder
from domain.money.items import FeeItem
from domain.recorded import Act
from domain.register.dwelling import DWELLING, DwellingRegistered, OwnershipBegan
from services.commands.ask import Answer, Ask, Caller
from services.commands.plan import PlanFor
from services.fees.plans import MoneyTaken, NewPayment, take_payment
from services.log.event_log import Change
from services.log.known_states import Loaded
from tests.conftest import FIRST, Demo

A = TypeVar("A", bound=Answer)
YEAR, PARKING = 64346, 15000  # 89.37 m² at 0.60 yuan for twelve months; a parking space
CAPACITIES = {
    "cashier": Capacity.CASHIER,
    "accountant": Capacity.ACCOUNTANT,
    "head": Capacity.STATION_HEAD,
    "clerk": Capacity.DISPATCHER,
}


def contracted(demo: Demo, estate: str) -> None:
    """A contract of the estate, without which nobody pays in advance."""
    product, stream = demo.product, fee_basis_stream(estate)
    if product.log.load(FEE_BASIS, stream).version:
        return
    act, terms = Act(uuid4(), Capacity.SYSTEM, product.clock(), product.clock()), Terms(AllocationOrder.PRINCIPAL_FIRST)
    signed = ContractSigned(estate, uuid4(), "C-1", FeeMode.LUMP_SUM, date(2020, 1, 1), date(2090, 1, 1), terms)
    product.log.append([Change(stream, FEE_BASIS.name, 0, [signed], act, estate, stream)])


@dataclass
class Till:
    """``given`` tells what stands on the account already; ``take`` and ``do`` go the way of everybody's commands."""

    demo: Demo
    dwelling: UUID = field(default_factory=uuid4)
    owner: UUID = field(default_factory=uuid4)
    estate: str = FIRST
    bills: list[UUID] = field(default_factory=list)

    def opened(self) -> "Till":
        contracted(self.demo, self.estate)
        self.given(fees.OpenFeeAccount(self.dwelling, self.estate, "3"))
        return self

    def tell(self, decider: Decider[Any, Any, Any], stream: UUID, *events: Any) -> None:
        """Facts of another stream of the estate."""
        product = self.demo.product
        act, version = (
            Act(uuid4(), Capacity.SYSTEM, product.clock(), product.clock()),
            product.log.load(decider, stream)[1],
        )
        product.log.append([Change(stream, decider.name, version, events, act, self.estate, stream)])

    @property
    def today(self) -> date:
        return local_date(self.demo.product.clock())

    @property
    def loaded(self) -> Loaded[FeeAccount]:
        return self.demo.product.log.load(FEE_ACCOUNT, fee_account_stream(self.dwelling))

    @property
    def state(self) -> FeeAccount:
        return self.loaded.state

    @property
    def version(self) -> int:
        return self.loaded.version

    def given(self, *commands: Any) -> None:
        product, stream = self.demo.product, fee_account_stream(self.dwelling)
        state, version = self.loaded
        act = Act(uuid4(), Capacity.SYSTEM, product.clock(), product.clock())
        events: list[Any] = []
        for command in commands:
            new = FEE_ACCOUNT.consider(command, state, act)
            state = FEE_ACCOUNT.fold([(event, act) for event in new], state)
            events += new
        product.log.append([Change(stream, FEE_ACCOUNT.name, version, events, act, self.estate, self.owner)])

    def bill(self, amount: int = YEAR, since: date = date(2025, 1, 1), item: FeeItem = FeeItem.PROPERTY_FEE) -> UUID:
        bill, until = uuid4(), since.replace(year=since.year + 1)
        basis = fees.Basis(area=8937, unit_price=6000, months=12) if amount == YEAR else fees.Basis()
        number = f"{since:%Y%m%d}-{len(self.bills):05d}"
        self.given(fees.IssueBill(bill, number, item, since, until, self.owner, amount, until, basis, "C-1", "第八条"))
        self.bills.append(bill)
        return bill

    def owned(self, *since: tuple[UUID, date]) -> None:
        """The register's dwelling, and who owned it from when."""
        began = [OwnershipBegan(owner, day) for owner, day in since]
        self.tell(DWELLING, self.dwelling, DwellingRegistered(self.estate, "3", "1", "101", 8937, 7100), *began)

    def who(self, username: str) -> UUID:
        return UUID(self.demo.sign_in(username).get("/api/v1/session").json()["person"])

    def do(self, username: str, plan: PlanFor[A], **more: Any) -> A:
        caller = Caller(self.who(username), CAPACITIES[username], frozenset({FIRST}))
        return self.demo.product.handler.do(Ask(caller, **more), plan)

    def take(self, amount: int, method: Method = Method.WECHAT, by: str = "cashier", **more: Any) -> MoneyTaken:
        return self.do(by, take_payment(NewPayment(self.dwelling, amount, method, **more)))

    def drawer(self, username: str) -> CashDrawer:
        return self.demo.product.log.load(CASH_DRAWER, drawer_stream(FIRST, self.who(username))).state
