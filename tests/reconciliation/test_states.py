"""Money that never came is not booked: what a file says of how each line stands, and what it says of it later."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.reconciliation.line import Provider, Waiting
from services.reconciliation.formats import reading
from services.reconciliation.formats.entry import ProviderStatement
from services.reconciliation.formats.layouts import plain
from services.reconciliation.formats.states import State, Told, as_stated, state_of, words
from tests.conftest import Demo
from tests.reconciliation import exports, files
from tests.reconciliation.files import Paid
from tests.reconciliation.homes import Ledger
from tests.reconciliation.test_matching import ENTRY

NEVER = [
    "交易关闭", "交易失败", "已撤销",
    "已全额退款", "全额退款", "对方已退还", "已退还", "支付失败", "已取消", "冲正", "退汇",
    "交易关闭(超时未支付)", "支付失败，余额不足", "CLOSED", "Trade_Closed", "FAIL", "支付成功/已全额退款",
    "已退款(￥95.00)",
    "支付中", "等待付款", "等待买家付款", "待支付", "冻结", "支付成功（已冻结）", "处理中", "USERPAYING",
]  # fmt: skip
DOUBTFUL = [
    "已退款",
    "退款成功",
    "转入退款",
    "部分退款",
    "退款中",
    "交易异常",
    "奇怪",
    "？",
    "交易成功(已退款)",
    "待核实",
    "已退款(￥950.00)",
]
CAME = [
    "交易成功", "支付成功", "已支付", "已收钱", "已存入零钱", "对方已收钱",
    "已到账", "成功", "完成", "SUCCESS", "Trade_Success", "", "/",
    "支付成功-微信", "未退款", "正常",
]  # fmt: skip


def read(text: str) -> ProviderStatement:
    found = reading.read(text.encode(), lambda prints: {})
    assert isinstance(found, ProviderStatement)
    return found


@pytest.mark.parametrize("column", ["交易状态", "订单状态", "状态", "咋样了"])
@pytest.mark.parametrize("said", NEVER)
def test_what_never_came_brings_nothing(said: str, column: str) -> None:
    found = read(exports.orders([("95.00", said, "3-2-501"), ("10.00", "交易成功", "谢谢")], column))
    if column == "咋样了" and state_of(said).told in (Told.PARTLY, Told.UNKNOWN):
        return  # its words are all that tells what the column is
    if column != "咋样了" or said in words()["nothing"] or said in words()["not_yet"]:
        assert found.money_in == 1000 and [each.net for each in found.entries if each.waits is None and each.net] == [
            1000
        ]


@pytest.mark.parametrize("said", DOUBTFUL)
def test_words_that_are_no_yes_wait_and_are_shown(said: str) -> None:
    [line] = read(exports.orders([("95.00", said, "3-2-501")])).entries
    assert (line.net, line.waits, line.state) == (9500, Waiting.STATE, said)


@pytest.mark.parametrize("said", CAME)
def test_what_came_is_as_it_was(said: str) -> None:
    [line] = read(exports.orders([("95.00", said, "3-2-501")])).entries
    assert (line.net, line.waits, line.refunded) == (9500, None, 0)


@pytest.mark.parametrize(
    "said", ["已退款(￥12.00)", "已退款（￥12.00）", "已部分退款(¥12)", "部分退款12.00元", "交易成功(已退款¥12.00)"]
)
def test_a_part_that_went_back_is_taken_off(said: str) -> None:
    [line] = read(exports.orders([("95.00", said, "3-2-501")])).entries
    assert (line.amount, line.refunded, line.net, line.waits) == (9500, 1200, 8300, None)


def test_a_column_of_refunds_counts_too() -> None:
    found = read(exports.with_refunds([("95.00", "12.00", "a"), ("95.00", "0.00", "b"), ("95.00", "-95.00", "c")]))
    assert [each.net for each in found.entries] == [8300, 9500, 0] and found.money_in == 17_800


def test_a_remark_that_speaks_of_refunds_is_no_state() -> None:
    rows = ["交易日期,交易金额,摘要", "2026-10-05,95.00,退款成功", "2026-10-05,10.00,冲正", ""]
    assert [(each.amount, each.waits, each.refunded) for each in read("\n".join(rows)).entries] == [
        (9500, None, 0), (1000, None, 0),
    ]  # fmt: skip


def test_money_that_went_out_and_was_given_back_is_no_line() -> None:
    assert as_stated(replace(ENTRY, amount=-100), ["已全额退款"]) is None
    back = as_stated(replace(ENTRY, amount=-100), ["退款成功"])
    assert back is not None and back.refund_of == ""


@given(st.text(max_size=12))
def test_no_word_that_nobody_knows_says_that_money_came(said: str) -> None:
    found = as_stated(ENTRY, [said])
    came = found is not None and found.waits is None and found.net == ENTRY.amount
    if came and state_of(said) == State(Told.CAME):
        known = {each.upper() for each in words()["came"]}
        word = plain(said).upper()
        assert word in ("", "/", "-", "--") or any(each in word for each in known)
    assert found is None or 0 <= found.net <= ENTRY.amount


PERSONAL = [
    (exports.wechat_personal, Provider.WECHAT),
    (exports.alipay_personal, Provider.ALIPAY),
    (lambda lines: exports.alipay_old([(*each, "0.00") for each in lines]), Provider.ALIPAY),
]


@pytest.mark.parametrize(("export", "provider"), PERSONAL, ids=["WeChat", "Alipay", "Alipay of old"])
def test_a_person_s_own_export_is_told_apart_and_books_nothing(export: Any, provider: Provider) -> None:
    lines = [("95.00", "交易成功", "3-2-501"), ("95.00", "交易关闭", "3-2-501"), ("95.00", "已全额退款", "3-2-501")]
    found = read(export(lines))
    assert (found.personal, found.provider, found.money_in) == (True, provider, 9500)
    assert [each.waits for each in found.entries if each.net] == [Waiting.PERSONAL]
    assert len({each.serial for each in found.entries}) == len(found.entries)
    assert all("=" not in each.serial for each in found.entries)  # known by the provider's number


def test_a_part_refund_in_an_export_of_old() -> None:
    found = read(exports.alipay_old([("95.00", "交易成功", "a", "12.00")]))
    assert [(each.amount, each.refunded) for each in found.entries] == [(9500, 1200)]


def test_a_firm_s_bills_say_their_states_in_words_too() -> None:
    paid = [
        Paid("1", 9500),
        Paid("2", 9500, state="CLOSED"),
        Paid("3", 9500, state="USERPAYING"),
        Paid("4", 9500, state="HMM"),
    ]
    found = read(files.wechat(paid))
    assert (found.void, [(each.amount, each.waits) for each in found.entries]) == (
        2, [(9500, None), (9500, Waiting.STATE)],
    )  # fmt: skip
    strange = files.alipay([Paid("1", 9500), Paid("2", 9500)], count=1)
    strange = strange.replace("交易,物业费", "转账,物业费", 1).replace("共190.00元", "共95.00元")
    assert [(each.waits, each.state) for each in read(strange).entries] == [(Waiting.STATE, "转账"), (None, None)]


@pytest.fixture(scope="module")
def ledger(demo: Demo) -> Iterator[Ledger]:
    made = Ledger(demo, "97")
    for n, amount in enumerate((6110, 6120, 6130, 6140), 1):
        made.billed(f"10{n}", amount)
    demo.caught_up()
    yield made


def test_the_clerk_sees_what_came_what_went_back_and_what_later_goes_back(ledger: Ledger) -> None:
    client = ledger.demo.sign_in_patient("accountant")
    first = [
        ("61.10", "交易成功", "97-1-101"), ("61.20", "已退款(￥12.00)", "97-1-102"),
        ("61.30", "已全额退款", "97-1-103"),
        ("61.40", "神秘状态", "97-1-104"),
    ]  # fmt: skip
    seen = ledger.upload(client, exports.orders(first).encode())
    look = seen["look"]
    assert (look["money_in"], look["void"]) == (6110 + 4920 + 6140, 1)
    assert {each["why"] for each in look["waiting"]} == {"REFUNDED_PARTLY", "STATE"}
    done = ledger.confirm(client, seen["id"])
    assert (done["matched"], done["queued"]) == (1, 2)
    assert [len(ledger.account(f"10{n}").payments) for n in range(1, 5)] == [1, 0, 0, 0]
    waiting = {each["waiting"]: each for each in ledger.lines(client) if each["amount"] in (4920, 6140)}
    assert (waiting["REFUNDED_PARTLY"]["amount"], waiting["REFUNDED_PARTLY"]["refunded"]) == (4920, 1200)
    assert waiting["STATE"]["state"] == "神秘状态"
    page = client.get(f"/statements/{ledger.estate}").text
    assert "收到 ¥61.20，退回 ¥12.00，剩 ¥49.20" in page and "神秘状态" in page

    later = [("61.10", "已全额退款", "97-1-101"), *first[1:]]
    seen = ledger.upload(client, exports.orders(later).encode())
    assert seen["look"]["waiting"] == [{"why": "REFUND", "lines": 1}]
    ledger.confirm(client, seen["id"])
    [back] = [each for each in ledger.lines(client) if each["amount"] == -6110]
    [paid] = ledger.account("101").payments
    assert (back["waiting"], back["about"]) == ("REFUND", str(paid))
    again = ledger.upload(client, exports.orders(later, "状态").encode())
    assert again["look"]["waiting"] == [] and again["look"]["matched"] == []  # once


def test_a_person_s_export_says_what_to_download(ledger: Ledger) -> None:
    client = ledger.demo.sign_in_patient("accountant")
    seen = ledger.upload(client, exports.wechat_personal([("61.30", "已存入零钱", "97-1-103 物业费")]).encode())
    assert seen["look"]["personal"] and [each["why"] for each in seen["look"]["waiting"]] == ["PERSONAL"]
    assert "微信支付商户平台" in client.get(f"/statements/{ledger.estate}/{seen['id']}").text
    ledger.confirm(client, seen["id"])
    assert ledger.account("103").payments == {}
