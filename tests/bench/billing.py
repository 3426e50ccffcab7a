"""How fast a month of 100,000 dwellings is billed: from confirm to every bill shown in the views."""

import time
from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4, uuid5

from domain.calendar import SHANGHAI, local_date
from domain.capacity import Capacity
from domain.contracts.fee_basis import (
    FEE_BASIS,
    Charged,
    ContractSigned,
    EstateServiceModeChanged,
    FeeMode,
    FeeScheduleAdopted,
    ModeGround,
    Price,
    ServiceMode,
    Terms,
    fee_basis_stream,
)
from domain.estates.estate import ESTATE as ESTATES
from domain.estates.estate import EstateRegistered, estate_stream
from domain.fees.fee_account import FEE_ACCOUNT, FeeAccountOpened, fee_account_stream
from domain.money.items import FeeItem
from domain.months import months_later
from domain.people.person import PERSON, PersonRegistered, StationStaffAppointed
from domain.recorded import Act
from domain.register.dwelling import DWELLING, DwellingRegistered, OwnershipBegan, Use
from projections.catalogue import VIEWS
from projections.fees.accounts import ACCOUNTS
from projections.fees.bills import BILLS
from services.billing.runs import BillRuns, RunStanding
from services.commands.ask import Ask, Caller
from services.log.bulk_append import BulkAppend, run_of
from services.log.event_log import Change
from services.product import Product
from services.running.wiring import built
from services.runtime.settings import Settings
from tests.bench import raw
from tests.bench.ground import Ground
from tests.bench.lines import MeasureLine, progress

ESTATE = "350902002999-001"
DWELLINGS, QUICK = 100_000, 20_000
ACCOUNTANT = UUID(int=7)
PATIENCE = 600.0  # seconds


def bill_run_100k(ground: Ground) -> Iterator[MeasureLine]:
    """Seconds from confirm to the last bill visible, the follower in the same process; quick: of 20,000 dwellings."""
    count = DWELLINGS if ground.full else QUICK
    url = ground.new_database()
    with built(Settings(data=ground.new_folder()), url) as product:
        progress(f"registers {count:,} dwellings")
        _registered(product, count)
        product.follower.start()
        _followed(product)
        since = months_later(local_date(product.clock()).replace(day=1), 1)
        ask = Ask(Caller(ACCOUNTANT, Capacity.ACCOUNTANT, frozenset({ESTATE})))
        progress("reckons a month")
        started = time.perf_counter()
        run = product.part(BillRuns).prepare(ESTATE, since, months_later(since, 1), ask).stream
        reckoned = time.perf_counter() - started
        before = product.log.last_position()
        started = time.perf_counter()
        product.part(BillRuns).confirm(run, ask)
        product.part(BillRuns).until_idle()
        issued = time.perf_counter() - started
        last = product.log.last_position()
        for view in (BILLS, ACCOUNTS):
            assert product.positions.wait(view.name, last, PATIENCE), view.name
        took = time.perf_counter() - started
        now = product.part(BillRuns).one(run)
        assert now.standing is RunStanding.DONE and now.issued == count, now
        limit = count / raw.copied(url, raw.rows_after(url, before))
    said = {"dwellings": count, "bills_a_second": count / took, "reckoned_seconds": reckoned, "issued_seconds": issued}
    yield MeasureLine("bill_run_100k", took, "s until visible", limit, "value <= 20", said)


def _registered(product: Product, count: int) -> None:
    now = product.clock().astimezone(SHANGHAI)
    act, begins = Act(UUID(int=0), Capacity.SYSTEM, now, now), local_date(now).replace(day=1)
    estate, basis, contract = estate_stream(ESTATE), fee_basis_stream(ESTATE), uuid4()
    price = Price(FeeItem.PROPERTY_FEE, Charged.PER_AREA, (Use.RESIDENCE,), 6000, "8", "-")
    ground = [
        EstateServiceModeChanged(ESTATE, ServiceMode.NONE, ServiceMode.CONTRACTED, begins, ModeGround.CONTRACT, "C-1"),
        ContractSigned(ESTATE, contract, "C-1", FeeMode.LUMP_SUM, begins, months_later(begins, 36), Terms()),
        FeeScheduleAdopted(uuid4(), contract, (price,), begins, begins),
    ]
    posts = [
        PersonRegistered(name="会计", phone=None),
        StationStaffAppointed(estate=ESTATE, capacity=Capacity.ACCOUNTANT, since=now),
    ]
    changes = [
        Change(estate, ESTATES.name, 0, [EstateRegistered(ESTATE, "SC-1", "-", "-")], act, ESTATE, estate),
        Change(basis, FEE_BASIS.name, 0, ground, act, ESTATE, basis),
        Change(ACCOUNTANT, PERSON.name, 0, posts, act, ESTATE, ACCOUNTANT),
    ]
    for n in range(count):
        building, room = str(n // 500 + 1), f"{n % 500 // 20 + 1}{n % 20 + 1:02}"
        dwelling = product.pseudonyms.dwelling(ESTATE, building, "1", room)
        account, owner = fee_account_stream(dwelling), uuid5(dwelling, "owner")
        home = DwellingRegistered(ESTATE, building, "1", room, 8937, 7000, Use.RESIDENCE)
        opened = FeeAccountOpened(dwelling, ESTATE, building)
        owned = OwnershipBegan(owner, date(2020, 1, 1))
        changes += [
            Change(dwelling, DWELLING.name, 0, [home, owned], act, ESTATE, dwelling),
            Change(account, FEE_ACCOUNT.name, 0, [opened], act, ESTATE, account),
        ]
    BulkAppend(product.log, product.secret).append(run_of(UUID(int=1), changes))


def _followed(product: Product) -> None:
    last = product.log.last_position()
    for view in VIEWS:
        assert product.positions.wait(view.name, last, PATIENCE), view.name
