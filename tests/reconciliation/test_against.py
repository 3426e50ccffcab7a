"""What a remark says against a home: another estate, another building or room, or somebody else's name."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.capacity import Capacity
from domain.fees.payment_reference import payment_reference
from domain.money.evidence import Evidence
from domain.reconciliation.line import Waiting
from domain.recorded import Act
from domain.register.owner import OWNER, OwnerKind, OwnerRegistered
from services.log.event_log import Change
from services.reconciliation.formats.against import Around, said_of
from services.reconciliation.formats.matching import Book, Debts, Match, candidates_of, match, suggestions, traces_of
from tests.conftest import FIRST, SECOND, Demo
from tests.reconciliation import files
from tests.reconciliation.files import Paid
from tests.reconciliation.homes import NOBODY, Ledger
from tests.reconciliation.test_matching import BILL_A, ENTRY, MARK, A, B, C, book

AROUND = Around(
    "东湖苑",
    ("柳岸新村", "东湖苑二期", "翡翠湾", "金桂苑", "枫林阁"),
    {A: "林小美", B: "王五", C: "福建某某商贸有限公司"},
)


def found(said: str, payer: str | None = None, mark: UUID | None = None, amount: int = 9500) -> Match | Waiting:
    entry = replace(ENTRY, remark=said, payer=payer, amount=amount)
    return match(entry, traces_of(entry), mark, book(around=AROUND, marks={MARK: frozenset({A})}))


FIRM = ["柳岸新村", "东湖苑二期", "翡翠湾", "金桂苑", "枫林阁", "柳岸"]
STRANGE = [
    "阳光花园", "锦绣家园", "御景城", "西湖府", "碧水云天公寓",
    "幸福小区", "书香苑", "金色名邸", "万达广场", "龙湖山庄",
    "美丽新城", "滨江一号公馆", "绿地国际", "月亮湾花园", "日月城",
]  # fmt: skip


@pytest.mark.parametrize("estate", FIRM + STRANGE)
@pytest.mark.parametrize(
    "said",
    ["{}3-2-501车位费", "代缴{} 3-2-501 物业费", "物业费{}3栋2单元501", "{}\u30003－2－501", "3-2-501 {}3-2-501"],
)
def test_a_room_of_another_estate_is_nobody_s_here(estate: str, said: str) -> None:
    assert found(said.format(estate)) is Waiting.OTHER_ESTATE
    entry = replace(ENTRY, remark=said.format(estate))
    assert suggestions(entry, traces_of(entry), MARK, book(around=AROUND, marks={MARK: frozenset({A})})) == []


@pytest.mark.parametrize(
    "said",
    [
        "东湖苑3-2-501", "东湖小区3-2-501",
        "东湖苑小区 3栋2单元501", "龙岩市新罗区东湖苑3-2-501", "本小区3-2-501 物业费",
        "小区物业费3-2-501", "3-2-501 花园维护费", "同城转账 3-2-501", "跨行同城汇款3-2-501", "县政府补贴3-2-501",
        "我住在东湖苑3栋2单元501", "城东街道东湖苑3-2-501", "3-2-501 林小美", "林小姐 3-2-501", "业主林小美3-2-501",
        "代林小美交物业费3-2-501", "业主交费 3-2-501", "代缴物业费3-2-501", "代付车位费3-2-501", "2026年10月 3-2-501",
        "3-2-501 2026-10-05", "3-2-501 电话13905933501", "3-2-501 95元", "3-2-501 10-12月",
        "3号楼2单元501", "本小区 3-2-501", "贵小区3-2-501", "全年物业费3-2-501",
    ],
)  # fmt: skip
def test_what_only_sounds_like_another_one_is_booked(said: str) -> None:
    assert found(said) == Match(A, Evidence.DWELLING_AND_AMOUNT)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("3-2-501 转9栋", Waiting.OTHER_HOME),
        ("13-2-501 3-2-501", Waiting.OTHER_HOME),
        ("3-2-501 3-2-999", Waiting.OTHER_HOME),
        ("3-2-501 1单元", Waiting.OTHER_HOME),
        ("3-2-501和3-1-502", Waiting.SEVERAL),
        ("3-2-501 王五", Waiting.OTHER_PERSON),
        ("替王五交3-2-501", Waiting.OTHER_PERSON),
        ("业主：赵六 3-2-501", Waiting.OTHER_PERSON),
        ("代李四交物业费 3-2-501", Waiting.OTHER_PERSON),
        ("张先生3-2-501", Waiting.OTHER_PERSON),
    ],
)
def test_another_home_or_person_beside_it_asks(said: str, why: Waiting) -> None:
    assert found(said) is why
    assert found(f"{payment_reference(A)} {said}") in (why, Waiting.OTHER_HOME)  # not even our own number overrules it


@pytest.mark.parametrize(
    "said",
    [
        "万科3-2-501", "万达广场2栋", "碧桂园3栋2单元501", "龙湖 3-2-501", "融创3#2-501", "保利3-2-501物业费",
        "金地物业费3-2-501",
        "华润三期3-2-501", "滨江3-2-501", "锦绣3栋2单元501", "御景3-2-501", "水岸3-2-501车位费", "中央公园3-2-501",
        "凤凰城3-2-501",
        "恒大的3-2-501", "给万科3-2-501交物业费", "阳光城3-2-501", "翡丽3号楼2单元501", "代缴铂悦3-2-501",
        "云谷3-2-501",
    ],
)  # fmt: skip
def test_a_name_before_a_home_that_nobody_here_knows_asks(said: str) -> None:
    assert found(said) is Waiting.OTHER_ESTATE


@pytest.mark.parametrize(
    "said",
    [
        "陈明3-2-501", "林美玲3-2-501", "陈明交3-2-501物业费", "业主陈大明3-2-501", "妈妈家3-2-501", "谢谢3-2-501",
        "辛苦了，3-2-501",
        "新年快乐 3-2-501", "祝大家平安 3-2-501", "麻烦查收 3-2-501", "房号3-2-501", "房号：3-2-501",
        "交第四季度物业费3-2-501",
        "2026年下半年物业服务费3-2-501", "十月份水电费3-2-501", "补交去年欠费3-2-501",
        "福建省龙岩市新罗区龙岩大道3-2-501", "东城街道3-2-501",
        "装修押金3-2-501", "垃圾清运费3栋2单元501", "手机银行转账3-2-501", "建行网银汇款3-2-501",
        "跨行转账附言3-2-501", "微信扫码付款3-2-501",
        "本人3-2-501", "我家3-2-501", "租客3-2-501", "租户小王3-2-501", "地下室租金3-2-501", "电梯费公摊费3-2-501",
        "王先生3-2-501 王五",
        "全年物业费已交清3-2-501", "东湖3-2-501", "住在3栋2单元501", "预存一年物业费3-2-501", "物业费（含公摊）3-2-501",
        "退休教师陈志强3-2-501", "业委会统一代收3-2-501", "个人转账3-2-501",
    ],
)  # fmt: skip
def test_who_says_for_what_for_whom_and_when_is_no_stranger(said: str) -> None:
    answer = found(said)
    assert answer in (Match(A, Evidence.DWELLING_AND_AMOUNT), Waiting.OTHER_PERSON), said


@pytest.mark.parametrize("estate", FIRM)
def test_an_estate_of_the_firm_is_known_wherever_it_stands(estate: str) -> None:
    assert found(f"3-2-501/{estate}") is found(f"{estate}，3-2-501") is Waiting.OTHER_ESTATE


@pytest.mark.parametrize("said", ["9栋物业费", "13-2-501", "3-2-999", "王五", "柳岸新村", "5栋1单元302室"])
def test_an_earlier_payer_does_not_overrule_what_the_remark_names(said: str) -> None:
    assert found("谢谢", None, MARK, 10_000) == Match(A, Evidence.PAYER_AND_AMOUNT)
    assert isinstance(found(said, None, MARK, 10_000), Waiting)


def test_who_pays_may_be_called_like_an_estate_only_as_the_owner() -> None:
    assert found("3-2-501", "柳岸新村业主委员会") is Waiting.OTHER_ESTATE
    assert found("3-2-501", "王五") == Match(A, Evidence.DWELLING_AND_AMOUNT)  # family pays: the remark says for whom
    assert found("王五交 3-2-501", "王五") == Match(A, Evidence.DWELLING_AND_AMOUNT)
    shop = replace(AROUND, owners={A: "福建锦绣花园酒店有限公司"})
    entry = replace(ENTRY, remark="3-2-501", payer="福建锦绣花园酒店有限公司")
    assert match(entry, traces_of(entry), None, book(around=shop)) == Match(A, Evidence.DWELLING_AND_AMOUNT)


def test_a_bill_s_number_is_not_stronger_either() -> None:
    assert found("20260101-0001-00001") == Match(A, Evidence.BILL_NUMBER, (BILL_A,))
    assert found("20260101-0001-00001 柳岸新村") is Waiting.OTHER_ESTATE


@given(
    st.lists(
        st.one_of(
            st.sampled_from([*FIRM, *STRANGE, "3-2-501", "3栋1单元502", "王五", "物业费", "代"]), st.text(max_size=6)
        ),
        max_size=5,
    ).map("".join),
    st.sampled_from([None, MARK]),
)
def test_whatever_names_another_estate_is_never_booked(said: str, mark: UUID | None) -> None:
    entry = replace(ENTRY, remark=said)
    traces = traces_of(entry)
    known: Book = book(
        around=AROUND, marks={MARK: frozenset({A})}, debts={each: Debts(((BILL_A, 9500),)) for each in (A, B)}
    )
    answer = match(entry, traces, mark, known)
    if AROUND.estate_in(said_of(said)) is not None:
        assert answer is Waiting.OTHER_ESTATE
    if isinstance(answer, Match):
        assert answer.dwelling in candidates_of(traces, mark, known)


@pytest.fixture(scope="module")
def ledger(demo: Demo) -> Iterator[Ledger]:
    made = Ledger(demo, "96")
    for n, amount in enumerate((5110, 5120, 5130, 5140), 1):
        made.billed(f"10{n}", amount)
    owner, act = made.owners["103"], Act(NOBODY, Capacity.SYSTEM, demo.now, demo.now)
    named = OwnerRegistered(FIRST, OwnerKind.PERSON, "钱七", None)
    demo.product.log.append([Change(owner, OWNER.name, 0, [named], act, FIRST, owner)])
    demo.caught_up()
    yield made


def test_the_clerk_reads_why_and_the_other_estate_gets_it(ledger: Ledger) -> None:
    demo, theirs = ledger.demo, Ledger(ledger.demo, "96", SECOND)
    theirs.billed("101", 5110)
    demo.caught_up()
    accountant, head = demo.sign_in_patient("accountant"), demo.sign_in_patient("head2")
    paid = [
        Paid("G1", 5110, "柳岸新村96-1-101车位费"), Paid("G2", 5120, "96-1-102 转95栋"),
        Paid("G3", 5130, "业主：赵六 96-1-103"), Paid("G4", 5140, "阳光花园96-1-104"),
    ]  # fmt: skip
    seen = ledger.upload(accountant, files.wechat(paid).encode())
    assert seen["look"]["matched"] == []
    ledger.confirm(accountant, seen["id"])
    waiting: dict[int, Any] = {each["amount"]: each for each in ledger.lines(accountant)}
    assert [(waiting[each]["waiting"], waiting[each]["named"]) for each in (5110, 5120, 5130, 5140)] == [
        ("OTHER_ESTATE", "柳岸新村"), ("OTHER_HOME", "95栋"), ("OTHER_PERSON", "赵六"), ("OTHER_ESTATE", "阳光花园"),
    ]  # fmt: skip
    assert waiting[5110]["suggestions"] == [] and ledger.account("101").payments == {}
    page = accountant.get(f"/statements/{FIRST}").text
    assert "写的是别的小区" in page and "写着「柳岸新村」" in page

    done = theirs.confirm(head, theirs.upload(head, files.wechat(paid[:1]).encode())["id"])
    assert done["matched"] == 1 and theirs.account("101").open == 0
    assert 5110 not in {each["amount"] for each in ledger.lines(accountant)}
