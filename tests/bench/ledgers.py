"""The page of one account with ten years of bills and payments on it."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from domain.capacity import Capacity
from domain.fees import fee_account as fees
from domain.fees.fee_account import FEE_ACCOUNT, Method, fee_account_stream
from domain.money.items import FeeItem
from domain.recorded import Act
from domain.register.dwelling import DWELLING, DwellingRegistered
from services.demo.cast import FIRST
from services.log.event_log import Change
from services.product import Product
from tests.bench import raw
from tests.bench.ground import Ground, Watch, best
from tests.bench.lines import MeasureLine, progress
from tests.bench.load import Load, under
from tests.bench.reads import wait_until_followed
from tests.bench.station import RunningProduct, Station

CLIENTS = 8
YEARS = 10
LEAST_SECONDS = 3.0  # of looking: a page may be slow


def account_page(ground: Ground, product: RunningProduct) -> Iterator[MeasureLine]:
    """The whole page, while nothing changes on the account."""
    path = f"/accounts/{_old_account(ground, product)}"
    yield from _looked_at(ground, product, "account_page", path, "p99 <= 20")


def account_api(ground: Ground, product: RunningProduct) -> Iterator[MeasureLine]:
    """The same account as JSON, with every bill and payment of it."""
    yield from _looked_at(ground, product, "account_api", f"/api/v1/accounts/{_old_account(ground, product)}", None)


def _looked_at(
    ground: Ground, product: RunningProduct, measure: str, path: str, target: str | None
) -> Iterator[MeasureLine]:
    status, body = product.get(path)
    assert status == 200, f"{path} answers {status} {body[-200:]!r}"
    load = Load(product.port, "GET", [path], CLIENTS, max(ground.seconds, LEAST_SECONDS), headers=product.headers)

    def once() -> dict[str, Any]:
        watch = Watch(product.pid)
        counted = under(load)
        return {
            "value": counted.rate, "p50": counted.p50, "p99": counted.p99, "kilobytes": counted.size / 1024,
            **watch.facts(),
        }  # fmt: skip

    found = best(ground.rounds, once)
    limit = raw.selects(ground, product.url, CLIENTS, body)
    facts = {name: each for name, each in found.items() if name != "value"}
    yield MeasureLine(measure, found["value"], "requests/s, one web process", limit, target, facts)


def _old_account(ground: Ground, product: RunningProduct) -> UUID:
    """A dwelling with ten years of monthly bills on its account, each paid; made once."""
    dwelling: UUID | None = ground.kept.get("old account")
    if dwelling is None:
        progress(f"telling {YEARS} years of an account")
        dwelling = ground.kept["old account"] = uuid4()
        with Station(product.url, product.data).product() as parts:
            _register(parts, dwelling)
            _tell(parts, dwelling)
            wait_until_followed(product.url, parts.log.last_position())
    return dwelling


def _register(product: Product, dwelling: UUID) -> None:
    act = Act(uuid4(), Capacity.SYSTEM, product.clock(), product.clock())
    place = DwellingRegistered(FIRST, "1", "1", "101", 8937, 7100)
    opened = fees.FeeAccountOpened(dwelling, FIRST, "1")
    product.log.append(
        [
            Change(dwelling, DWELLING.name, 0, [place], act, FIRST, dwelling),
            Change(fee_account_stream(dwelling), FEE_ACCOUNT.name, 0, [opened], act, FIRST, dwelling),
        ]
    )


def _tell(product: Product, dwelling: UUID) -> None:
    stream, now = fee_account_stream(dwelling), product.clock()
    state, version = product.log.load(FEE_ACCOUNT, stream)
    act, owner, events = Act(uuid4(), Capacity.SYSTEM, now, now), uuid4(), list[Any]()
    first = now.year - YEARS
    for month in range(12 * YEARS):
        since = date(first + month // 12, month % 12 + 1, 1)
        until = since + timedelta(days=monthrange(since.year, since.month)[1])
        bill, number = uuid4(), f"{since:%Y%m}-00001"
        basis = fees.Basis(area=8937, unit_price=6000, months=1)
        for command in (
            fees.IssueBill(bill, number, FeeItem.PROPERTY_FEE, since, until, owner, 5362, until, basis, "C-1", "8"),
            fees.RecordPayment(uuid4(), owner, 5362, Method.WECHAT, until, f"{since.year}-{month:06d}", bills=(bill,)),
        ):
            new = FEE_ACCOUNT.consider(command, state, act)
            state = FEE_ACCOUNT.fold([(event, act) for event in new], state)
            events += new
    product.log.append([Change(stream, FEE_ACCOUNT.name, version, events, act, FIRST, owner)])
