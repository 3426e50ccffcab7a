"""The search of the fee desk: any fragment of a place, a name, its initials or a phone among 100,000 dwellings."""

import random
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import psycopg

from domain.capacity import Capacity
from domain.recorded import Act
from domain.register.dwelling import DWELLING, DwellingRegistered, OwnershipBegan, Use
from domain.register.owner import OWNER, OwnerKind, OwnerRegistered
from services.demo.cast import FIRST
from services.log.bulk_append import BulkAppend, run_of
from services.log.event_log import Change
from services.product import Product
from tests.bench import raw
from tests.bench.ground import Ground, Watch, best
from tests.bench.lines import MeasureLine, progress
from tests.bench.load import Load, under
from tests.bench.reads import wait_until_followed
from tests.bench.station import RunningProduct, Station

DWELLINGS = 100_000
CLIENTS = 1  # one desk asks at a time
LEAST_SECONDS = 3.0
_SURNAMES, _GIVEN = "陈林黄张李王吴刘蔡杨", "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂"
ASKED = ("B77-2-1201", "B77栋2单元1201", "1201", "7-2", "陈伟", "芳", "zwm", "c", "5566", "13901234", "没有这个人")


def fee_desk_search(ground: Ground, product: RunningProduct) -> Iterator[MeasureLine]:
    """What people type, one after another, all of it in sight of the reader."""
    many_dwellings(ground, product)
    paths = [f"/api/v1/dwellings?estate={FIRST}&q={quote(asked)}" for asked in ASKED]
    status, body = product.get(paths[0])
    assert status == 200 and b"B77-2-1201" in body, f"{paths[0]} answers {status} {body[-200:]!r}"
    load = Load(product.port, "GET", paths, CLIENTS, max(ground.seconds, LEAST_SECONDS), headers=product.headers)

    def once() -> dict[str, Any]:
        watch = Watch(product.pid)
        counted = under(load)
        return {"value": counted.rate, "p50": counted.p50, "p99": counted.p99, **watch.facts()}

    found = best(ground.rounds, once)
    limit = raw.selects(ground, product.url, CLIENTS, body)
    facts = {name: each for name, each in found.items() if name != "value"} | {"dwellings": DWELLINGS}
    yield MeasureLine("fee_desk_search", found["value"], "searches/s, one desk", limit, "p99 <= 50", facts)


def many_dwellings(ground: Ground, product: RunningProduct) -> None:
    """A hundred thousand dwellings of one estate; made once, and followed before this returns."""
    if "dwellings" in ground.kept:
        return
    progress(f"registering {DWELLINGS:,} dwellings")
    with Station(product.url, product.data).product() as parts:
        _register(parts)
        wait_until_followed(product.url, parts.log.last_position())
    with psycopg.connect(product.url, autocommit=True) as conn:  # as autovacuum does within a minute
        conn.execute("VACUUM (ANALYZE) view.dwellings, view.owners")
    ground.kept["dwellings"] = True


def _register(product: Product) -> None:
    now, chance = product.clock(), random.Random(1)
    act, changes = Act(uuid4(), Capacity.SYSTEM, now, now), list[Change]()
    for n in range(DWELLINGS):
        building, stairwell, room = f"B{n // 1000}", str(n // 500 % 2 + 1), f"{n % 500 // 20 + 1}{n % 20 + 1:02d}"
        name = chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=2))
        owner, phone = UUID(int=chance.getrandbits(128)), f"139{chance.randrange(10**8):08d}"
        dwelling = product.pseudonyms.dwelling(FIRST, building, stairwell, room)
        known = OwnerRegistered(FIRST, OwnerKind.PERSON, name, phone)
        changes.append(Change(owner, OWNER.name, 0, [known], act, FIRST, owner))
        registered = DwellingRegistered(FIRST, building, stairwell, room, 8935, 7120, Use.RESIDENCE)
        events = [registered, OwnershipBegan(owner, date(2020, 1, 1))]
        changes.append(Change(dwelling, DWELLING.name, 0, events, act, FIRST, dwelling))
    BulkAppend(product.log, product.secret).append(run_of(uuid4(), changes))
