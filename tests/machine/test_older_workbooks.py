"""Workbooks of the older binary kind: read as any other, within the same limits; locked or damaged ones refused."""

from datetime import date, datetime
from random import Random

import pytest

from domain.refusal import Rejection
from services.reconciliation.formats.opening import opened
from services.reconciliation.formats.reading import Understood, understand
from services.sheets.reading import LIMITS, Limits, read, read_all
from tests.machine.older_workbook import Error, older, record, stream, workbook

HEAD = ["交易日期", "摘要", "对方户名", "借方发生额", "贷方发生额", "余额"]
ROWS = [
    ["中国某某银行账户明细", None, None, None, None, None],
    HEAD,
    [date(2026, 10, 5), "3-2-501 物业费", "邹老师", None, 643.46, 10643.46],
    [datetime(2026, 10, 6, 8, 30), "退汇", "林小美", 20.0, None, 10623.46],
]


def code(file: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(Rejection) as refused:
        read(file, limits)
    with pytest.raises(Rejection) as over_all:
        read_all(file, limits)
    assert over_all.value.code == refused.value.code
    return refused.value.code


def test_it_reads_as_a_newer_one_does() -> None:
    rows = read(workbook(*ROWS)).rows
    assert rows[1] == HEAD
    assert rows[2] == ["2026-10-05", "3-2-501 物业费", "邹老师", "", "643.46", "10643.46"]
    assert rows[3][0] == "2026-10-06 08:30:00"
    book = read_all(older(stream({"封面": [["说明"]], "明细": ROWS}, frozenset({3}))))
    assert [(each.name, each.hidden) for each in book.sheets] == [("封面", frozenset()), ("明细", {3})]
    assert read(older(stream({"一": ROWS}), "Book")).rows[1] == HEAD


def test_a_bank_s_statement_of_this_kind_is_understood() -> None:
    found = understand(workbook(*ROWS), lambda _: {})
    assert isinstance(found, Understood)
    assert [(each.amount, each.at.date(), each.payer) for each in found.statement.entries] == [
        (64346, date(2026, 10, 5), "邹老师"), (-2000, date(2026, 10, 6), "林小美"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "<html><table><tr><td>交易日期</td><td>金额</td></tr><tr><td>2026-10-05</td><td>1.00</td></tr></table></html>",
        "交易日期\t金额\n2026-10-05\t1.00\n",
    ],
)
def test_one_in_name_alone_is_read_as_what_it_is(text: str) -> None:
    found = opened(text.encode("gb18030"))
    assert found.lines is not None or found.rows[1] == ["2026-10-05", "1.00"]


def test_what_shows_an_error_says_so() -> None:
    rows = read(workbook(["金额", "余额"], [Error(), 1.0], [Error(0x17), 2.0])).rows
    assert rows[1:] == [["#N/A", "1"], ["#REF!", "2"]]


def test_a_locked_or_damaged_one_is_refused_in_words() -> None:
    sound = workbook(*ROWS)
    assert code(older(stream({"一": ROWS}, locked=True))) == "sheet_older"
    assert code(older(b"\0" * 5000, "EncryptedPackage")) == "sheet_older"
    assert code(older(b"\0" * 5000, "WordDocument")) == "sheet_unreadable"
    assert code(sound[:700]) == "sheet_unreadable"
    assert code(workbook([])) == "sheet_empty"
    for kind in (0x9, 0x209, 0x409):
        assert code(older(record(kind, b"\0" * 6) + b"\0" * 4096)) == "sheet_older"


def test_cells_far_apart_are_no_way_to_fill_the_memory() -> None:
    far = [[None] * 255 + ["x"], *([[]] * 65_000), ["x"]]
    assert code(workbook(*far)) == "sheet_bomb"
    assert code(workbook(*([["x"] * 3] * 20)), Limits(cells=50)) == "sheet_bomb"
    assert code(workbook(*([["x"]] * 20)), Limits(rows=10)) == "sheet_too_long"


def test_whatever_is_changed_in_it_is_read_or_refused() -> None:
    """And chains of sectors that lead in circles end."""
    sound, dice = workbook(*ROWS), Random(7)
    for _ in range(150):
        broken = bytearray(sound)
        for _ in range(dice.choice([1, 1, 3, 20])):
            place = dice.choice([dice.randrange(512), dice.randrange(len(sound)), len(sound) - dice.randrange(1, 1200)])
            broken[place] = dice.randrange(256)
        try:
            read_all(bytes(broken), LIMITS)
        except Rejection as refused:
            assert refused.code.startswith("sheet_")
