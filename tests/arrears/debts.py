"""Homes with bills that are overdue, in the demo's first estate: put on the log as the register and a bill run do."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.arrears.dunning import DUNNING, Dunning, dunning_stream
from domain.calendar import local_date
from domain.capacity import Capacity
from domain.decider import Decider
from domain.fees.fee_account import FEE_ACCOUNT, IssueBill, Method, OpenFeeAccount, RecordPayment, fee_account_stream
from domain.money.items import FeeItem
from domain.recorded import Act
from domain.register.dwelling import DWELLING, BeginOwnership, RegisterDwelling
from domain.register.owner import OWNER, NameOwnerStaff, OwnerKind, RegisterOwner
from services.log.event_log import Change
from tests.conftest import FIRST, Demo

YEAR = 64346  # 89.37 m² at 0.60 yuan for twelve months


@dataclass
class Home:
    """One dwelling with its owner; what is given stands in the log at once."""

    demo: Demo
    room: str
    name: str = "邹文静"
    building: str = "3"
    dwelling: UUID = field(init=False)
    owner: UUID = field(default_factory=uuid4)
    bills: list[UUID] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dwelling = self.demo.product.pseudonyms.dwelling(FIRST, self.building, "1", self.room)
        self._given(OWNER, self.owner, RegisterOwner(FIRST, OwnerKind.PERSON, self.name, "13900000000"))
        self._given(
            DWELLING,
            self.dwelling,
            RegisterDwelling(FIRST, self.building, "1", self.room, 8937, 7100),
            BeginOwnership(self.owner, date(2019, 1, 1)),
        )
        self._given(FEE_ACCOUNT, fee_account_stream(self.dwelling), OpenFeeAccount(self.dwelling, FIRST, self.building))

    def owed(self, *days: int, amount: int = YEAR, payer: UUID | None = None) -> "Home":
        """Bills that fell due so many days ago."""
        for ago in days:
            due = self.today - timedelta(days=ago)
            self.bills.append(uuid4())
            since = due - timedelta(days=30)
            self._given(
                FEE_ACCOUNT,
                fee_account_stream(self.dwelling),
                IssueBill(
                    self.bills[-1], f"T-{self.room}-{len(self.bills):03d}", FeeItem.PROPERTY_FEE, since, due,
                    payer or self.owner, amount, due, contract="DHY-1", clause="第八条",
                ),
            )  # fmt: skip
        return self

    def pays(self, amount: int, payer: UUID | None = None, days_ago: int = 0) -> None:
        """Money for the bills of this home's owner, whoever pays it."""
        named = (self.bills[0],) if payer else ()
        receipt = f"T-{uuid4().hex[:8]}"
        day = self.today - timedelta(days=days_ago)
        payment = RecordPayment(uuid4(), payer or self.owner, amount, Method.CASH, day, receipt, bills=named)
        self._given(FEE_ACCOUNT, fee_account_stream(self.dwelling), payment)

    def works_here(self, person: UUID) -> None:
        self._given(OWNER, self.owner, NameOwnerStaff(person))

    @property
    def today(self) -> date:
        return local_date(self.demo.product.clock())

    @property
    def dunning(self) -> Dunning:
        return self.demo.product.log.load(DUNNING, dunning_stream(self.dwelling)).state

    @property
    def pick(self) -> dict[str, str]:
        return {"dwelling": str(self.dwelling), "payer": str(self.owner)}

    def _given(self, decider: Decider[Any, Any, Any], stream: UUID, *commands: Any) -> None:
        product = self.demo.product
        state, version = product.log.load(decider, stream)
        act = Act(uuid4(), Capacity.SYSTEM, product.clock(), product.clock())
        events: list[Any] = []
        for command in commands:
            new = decider.consider(command, state, act)
            state = decider.fold([(event, act) for event in new], state)
            events += new
        about = self.owner if decider in (OWNER, FEE_ACCOUNT) else self.dwelling
        product.log.append([Change(stream, decider.name, version, events, act, FIRST, about)])
