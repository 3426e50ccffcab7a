"""People who owe, for the fee desk of browser tests."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from domain.calendar import local_date
from domain.capacity import Capacity
from domain.contracts.fee_basis import FEE_BASIS, ContractSigned, FeeMode, Terms, fee_basis_stream
from domain.decider import Decider
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, fee_account_stream
from domain.money.items import FeeItem
from domain.recorded import Act
from domain.register.dwelling import DWELLING, DwellingRegistered, OwnershipBegan
from domain.register.owner import OWNER, OwnerKind, OwnerRegistered
from services.log.event_log import Change
from services.running.wiring import built
from services.runtime.settings import Settings
from tests.browser.conftest import RunningProduct
from tests.clock import PATIENCE

TOP = 13  # floors of it


def owe(product: RunningProduct, building: str, topmost: str) -> None:
    """A stairwell of the first estate in which everybody has three years to pay, the topmost one; under a contract."""
    with built(Settings(data=product.data), product.database, product.clock) as parts:
        act = Act(UUID(int=0), Capacity.SYSTEM, parts.clock(), parts.clock())
        this_year = local_date(parts.clock()).year

        def tell(decider: Decider[Any, Any, Any], stream: UUID, key: UUID, *events: Any) -> None:
            parts.log.append([Change(stream, decider.name, 0, events, act, product.estate, key)])

        basis = fee_basis_stream(product.estate)
        if not parts.log.load(FEE_BASIS, basis).version:
            days = date(2020, 1, 1), date(2090, 1, 1)
            signed = ContractSigned(product.estate, uuid4(), "DHY-2020-01", FeeMode.LUMP_SUM, *days, Terms())
            tell(FEE_BASIS, basis, basis, signed)
        for floor in range(1, TOP + 1):
            owner, dwelling = uuid4(), uuid4()
            tell(
                OWNER,
                owner,
                owner,
                OwnerRegistered(product.estate, OwnerKind.PERSON, topmost if floor == TOP else "邹丽华", "13900000000"),
            )
            place = DwellingRegistered(product.estate, building, "1", f"{floor}01", 8937, 7100)
            tell(DWELLING, dwelling, dwelling, place, OwnershipBegan(owner, date(2020, 1, 1)))
            commands: list[Any] = [fees.OpenFeeAccount(dwelling, product.estate, building)]
            for year in range(this_year - (1 if floor == TOP else 3), this_year):  # on any day there is room ahead
                since, until, due = date(year, 1, 1), date(year + 1, 1, 1), date(year, 6, 30)
                formula = fees.Basis(area=8937, unit_price=6000, months=12)
                number = f"{year}-{building}{floor:02d}"
                bill = (uuid4(), number, FeeItem.PROPERTY_FEE, since, until, owner, 64346, due, formula)
                commands.append(fees.IssueBill(*bill))
            state, events = FEE_ACCOUNT.initial, list[Any]()
            for command in commands:
                events += (new := FEE_ACCOUNT.consider(command, state, act))
                state = FEE_ACCOUNT.fold([(event, act) for event in new], state)
            tell(FEE_ACCOUNT, fee_account_stream(dwelling), owner, *events)
        last = parts.log.last_position()
        for view in ("dwellings", "owners", "accounts"):
            assert parts.positions.wait(view, last, PATIENCE), f"{view} does not follow"
