"""How fast a month's statement of 50,000 lines becomes payments: from the file's bytes to the last one durable."""

import time
from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid5

from domain.calendar import SHANGHAI
from domain.capacity import Capacity
from domain.fees.fee_account import FEE_ACCOUNT, Basis, BillIssued, FeeAccount, FeeAccountOpened, fee_account_stream
from domain.fees.payment_reference import payment_reference
from domain.money.items import FeeItem
from domain.people.person import PERSON, PersonRegistered, StationStaffAppointed
from domain.recorded import Act
from domain.register.dwelling import DWELLING, DwellingRegistered, OwnershipBegan, Use
from domain.register.owner import OWNER, OwnerKind, OwnerRegistered
from projections.fees.accounts import ACCOUNTS
from projections.fees.bills import BILLS
from projections.reconciliation.lines import STATEMENT_LINES
from projections.register.dwellings import DWELLINGS
from services.commands.ask import Ask, Caller
from services.log.bulk_append import BulkAppend, run_of
from services.log.event_log import Change
from services.log.known_states import Loaded
from services.product import Product
from services.reconciliation.files import StatementImports
from services.reconciliation.previews import StatementStage
from services.running.wiring import built
from services.runtime.settings import Settings
from tests.bench.ground import Ground
from tests.bench.lines import MeasureLine, progress
from tests.reconciliation.files import Paid, wechat

ESTATE = "350902002999-001"
LINES = 50_000
ACCOUNTANT = UUID(int=7)
_FOLLOWED = (DWELLINGS, BILLS, ACCOUNTS, STATEMENT_LINES)


def reconcile_50k(ground: Ground) -> Iterator[MeasureLine]:
    """Lines a second, each of another dwelling: a third by reference, by bill number, by dwelling and amount."""
    with built(Settings(data=ground.new_folder()), ground.new_database()) as product:
        progress(f"bills {LINES:,} dwellings")
        file = wechat(_billed(product)).encode("gb18030")
        product.follower.start()
        last = product.log.last_position()
        for view in _FOLLOWED:
            assert product.positions.wait(view.name, last, 600), view.name
        product.follower.stop()
        progress(f"takes over a file of {len(file):,} bytes")
        ask = Ask(Caller(ACCOUNTANT, Capacity.ACCOUNTANT, frozenset({ESTATE})))
        started = time.perf_counter()
        id = product.part(StatementImports).upload(ESTATE, file, ACCOUNTANT)
        read = time.perf_counter()
        product.part(StatementImports).confirm(id, ask)
        product.part(StatementImports).until_idle()
        took = time.perf_counter() - started
        assert product.part(StatementImports).one(id).standing is StatementStage.DONE
        paid = sum(each.state.open == 0 for each in _accounts(product))
        assert paid == LINES, f"{paid:,} of {LINES:,} accounts are paid"
    said = {"seconds": took, "read_seconds": read - started}
    yield MeasureLine("reconcile_50k", LINES / took, "lines/s", target="seconds <= 10", facts=said)


def _dwelling(product: Product, n: int) -> tuple[UUID, str, str]:
    building, room = str(n // 500 + 1), f"{n % 500 // 20 + 1}{n % 20 + 1:02}"
    return product.pseudonyms.dwelling(ESTATE, building, "1", room), building, room


def _billed(product: Product) -> list[Paid]:
    now = product.clock().astimezone(SHANGHAI)
    act = Act(UUID(int=0), Capacity.SYSTEM, now, now)
    changes, lines = [], []
    for n in range(LINES):
        dwelling, building, room = _dwelling(product, n)
        owner, account, amount = uuid5(dwelling, "owner"), fee_account_stream(dwelling), 10_000 + n % 977
        number = f"20260101-0001-{n:05}"
        registered = DwellingRegistered(
            estate=ESTATE, building=building, stairwell="1", room=room, chargeable_area=8937, exclusive_area=7000,
            use=Use.RESIDENCE,
        )  # fmt: skip
        bill = BillIssued(
            dwelling, building, uuid5(dwelling, "bill"), number, FeeItem.PROPERTY_FEE, date(2026, 1, 1),
            date(2026, 2, 1), owner, amount, date(2026, 1, 10), Basis(),
        )  # fmt: skip
        changes += [
            Change(owner, OWNER.name, 0, [OwnerRegistered(ESTATE, OwnerKind.PERSON, "业主")], act, ESTATE, owner),
            Change(dwelling, DWELLING.name, 0, [registered, OwnershipBegan(owner, date(2020, 1, 1))], act, ESTATE,
                   dwelling),
            Change(account, FEE_ACCOUNT.name, 0, [FeeAccountOpened(dwelling, ESTATE, building), bill], act, ESTATE,
                   account),
        ]  # fmt: skip
        said = (payment_reference(dwelling), number, f"{building}-1-{room}")[n % 3]
        lines.append(Paid(f"{n:010}", amount, f"物业费 {said}", f"oPayer{n:08}"))
    posts = [
        PersonRegistered(name="会计", phone=None),
        StationStaffAppointed(estate=ESTATE, capacity=Capacity.ACCOUNTANT, since=now),
    ]
    changes.append(Change(ACCOUNTANT, PERSON.name, 0, posts, act, ESTATE, ACCOUNTANT))
    BulkAppend(product.log, product.secret).append(run_of(UUID(int=1), changes))
    return lines


def _accounts(product: Product) -> Iterator[Loaded[FeeAccount]]:
    for first in range(0, LINES, 5_000):
        streams = [fee_account_stream(_dwelling(product, n)[0]) for n in range(first, first + 5_000)]
        yield from product.log.remembered_all(FEE_ACCOUNT, streams).values()
