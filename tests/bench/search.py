"""The search over everything: what people type into its box, among 100,000 cases and 100,000 dwellings."""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import psycopg

from domain.capacity import Capacity
from domain.cases.issue import ISSUE, Channel, IssueNoted
from domain.recorded import Act
from services.demo.cast import FIRST
from services.log.bulk_append import BulkAppend, run_of
from services.log.event_log import Change
from services.product import Product
from tests.bench import raw
from tests.bench.ground import Ground, Watch, best
from tests.bench.lines import MeasureLine, progress
from tests.bench.load import Load, under
from tests.bench.reads import wait_until_followed
from tests.bench.register import CLIENTS, DWELLINGS, LEAST_SECONDS, many_dwellings
from tests.bench.station import RunningProduct, Station

CASES = 100_000
_THINGS = (
    "路灯", "水管", "电梯", "门禁", "下水道", "墙皮", "空调", "楼道", "垃圾桶", "井盖", "窗户", "扶手", "雨棚", "车棚",
)  # fmt: skip
_WRONG = ("不亮", "漏水", "异响", "打不开", "堵了", "掉落", "滴水", "堆物", "破损", "松动", "不见了", "关不严")
_WHEN = ("昨晚", "今早", "周末", "半夜", "下雨天", "这几天")
_SURNAMES, _GIVEN = "陈林黄张李王吴刘蔡杨", "伟芳娜秀英敏静丽强磊"
ASKED = (
    "6栋2单元401", "6-2-401", "六栋", "B77-2-1201", "水管 漏水", "异响 电梯 半夜", "灯",
    "IS-20261101-0042", "2026-000123", "陈伟芳", "zwm", "13901234", "没有这样的事", "孤灯独一句", "c",
)  # fmt: skip


def search_everything(ground: Ground, product: RunningProduct) -> Iterator[MeasureLine]:
    """What people type, one after another, all of it in sight of the reader."""
    many_dwellings(ground, product)
    _many_cases(ground, product)
    paths = [f"/search?q={quote(asked)}" for asked in ASKED]
    status, body = product.get(f"/search?q={quote('孤灯独一句')}")
    assert status == 200 and "孤灯独一句".encode() in body.split(b"<main", 1)[1], f"it answers {status}"
    load = Load(product.port, "GET", paths, CLIENTS, max(ground.seconds, LEAST_SECONDS), headers=product.headers)

    def once() -> dict[str, Any]:
        watch = Watch(product.pid)
        counted = under(load)
        return {"value": counted.rate, "p50": counted.p50, "p99": counted.p99, **watch.facts()}

    found = best(ground.rounds, once)
    limit = raw.selects(ground, product.url, CLIENTS, body)
    facts = {name: each for name, each in found.items() if name != "value"}
    facts |= {"dwellings": DWELLINGS, "cases": CASES}
    yield MeasureLine("search_everything", found["value"], "searches/s, one desk", limit, "p99 <= 50", facts)


def _many_cases(ground: Ground, product: RunningProduct) -> None:
    if "cases to search" in ground.kept:
        return
    progress(f"noting {CASES:,} cases")
    with Station(product.url, product.data).product() as parts:
        _note(parts)
        wait_until_followed(product.url, parts.log.last_position())
    with psycopg.connect(product.url, autocommit=True) as conn:  # as autovacuum does within a minute
        conn.execute("VACUUM (ANALYZE) view.case_words, view.notebook")
    ground.kept["cases to search"] = True


def _note(product: Product) -> None:
    now, chance, changes = product.clock(), random.Random(2), list[Change]()
    for n in range(CASES):
        at = now - timedelta(minutes=5 * (CASES - n))
        text = chance.choice(_WHEN) + chance.choice(_THINGS) + chance.choice(_WRONG) + f"，第{n}次说"
        name = chance.choice(_SURNAMES) + "".join(chance.choices(_GIVEN, k=2))
        stream = UUID(int=chance.getrandbits(128))
        noted = IssueNoted(
            number=f"IS-{at:%Y%m%d}-{n % 10_000:04d}",
            estate=FIRST,
            text="孤灯独一句" if n == 5 else text,
            channel=Channel.DESK,
            building=str(n % 9 + 1),
            stairwell=str(n % 3 + 1),
            dwelling=f"{n % 6 + 1}0{n % 2 + 1}",
            reporter=name,
            phone=f"139{chance.randrange(10**8):08d}",
        )
        act = Act(uuid4(), Capacity.DISPATCHER, at, now)
        changes.append(Change(stream, ISSUE.name, 0, [noted], act, FIRST, stream))
    BulkAppend(product.log, product.secret).append(run_of(uuid4(), changes))
