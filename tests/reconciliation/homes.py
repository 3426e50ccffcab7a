"""Dwellings with owners and open bills in the demo's first estate, and what its accountant does with statements."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4, uuid5

from starlette.testclient import TestClient

from domain.capacity import Capacity
from domain.fees.fee_account import FEE_ACCOUNT, BillIssued, FeeAccountOpened, fee_account_stream
from domain.fees.fee_account import Basis as BillBasis
from domain.money.items import FeeItem
from domain.recorded import Act
from domain.register.dwelling import DWELLING, DwellingRegistered, OwnershipBegan, Use
from services.log.event_log import Change
from services.reconciliation.files import StatementImports
from tests.conftest import FIRST, Demo
from tests.fees.till import contracted

NOBODY = UUID(int=0)


@dataclass
class Ledger:
    """Rooms of building 90, which nobody else's tests use."""

    demo: Demo
    building: str = "90"
    estate: str = FIRST
    dwellings: dict[str, UUID] = field(default_factory=dict)
    owners: dict[str, UUID] = field(default_factory=dict)
    bills: dict[str, list[UUID]] = field(default_factory=dict)

    def billed(self, room: str, *amounts: int) -> UUID:
        """A dwelling whose owner owes these amounts, the oldest first."""
        product = self.demo.product
        contracted(self.demo, self.estate)
        dwelling = product.pseudonyms.dwelling(self.estate, self.building, "1", room)
        owner, now = uuid4(), self.demo.now
        act = Act(NOBODY, Capacity.SYSTEM, now, now)
        account = fee_account_stream(dwelling)
        bills = [uuid5(dwelling, f"bill {n}") for n in range(len(amounts))]
        issued = [
            BillIssued(
                dwelling, self.building, bill, f"T{self.building}{room}{n:04}", FeeItem.PROPERTY_FEE,
                date(2026, n + 1, 1), date(2026, n + 2, 1), owner, amount, date(2026, n + 1, 10), BillBasis(),
            )
            for n, (bill, amount) in enumerate(zip(bills, amounts, strict=True))
        ]  # fmt: skip
        registered = DwellingRegistered(
            estate=self.estate, building=self.building, stairwell="1", room=room, chargeable_area=8937,
            exclusive_area=7000, use=Use.RESIDENCE,
        )  # fmt: skip
        product.log.append(
            [
                Change(dwelling, DWELLING.name, 0, [registered, OwnershipBegan(owner, date(2020, 1, 1))], act,
                       self.estate, dwelling),
                Change(account, FEE_ACCOUNT.name, 0, [FeeAccountOpened(dwelling, self.estate, self.building), *issued],
                       act, self.estate, account),
            ]
        )  # fmt: skip
        self.dwellings[room], self.owners[room], self.bills[room] = dwelling, owner, bills
        return dwelling

    def account(self, room: str) -> Any:
        return self.demo.product.log.load(FEE_ACCOUNT, fee_account_stream(self.dwellings[room])).state

    def upload(self, client: TestClient, file: bytes) -> Any:
        answer = client.post(f"/api/v1/estates/{self.estate}/statements", files={"statement": ("bill.csv", file)})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def confirm(self, client: TestClient, file: str) -> Any:
        answer = client.post(f"/api/v1/statements/{file}/confirm")
        assert answer.status_code == 202, answer.text
        self.demo.product.part(StatementImports).until_idle()
        self.demo.caught_up()
        done = client.get(f"/api/v1/statements/{file}").json()
        assert done["standing"] == "DONE", done
        return done

    def lines(self, client: TestClient, stage: str = "QUEUED") -> list[Any]:
        self.demo.caught_up()
        found = client.get(f"/api/v1/estates/{self.estate}/statement-lines?stage={stage}")
        assert found.status_code == 200, found.text
        return list(found.json())
