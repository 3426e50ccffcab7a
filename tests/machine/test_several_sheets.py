"""Workbooks as people keep them: several sheets, hidden and filtered rows, and phones that a spreadsheet has spoilt."""

from contextlib import suppress
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from domain.refusal import Rejection
from domain.written.phones import phone
from services.cases.paper_notebook import rows_of
from services.reconciliation.formats.opening import opened
from services.register.sheet import rows_of_book
from services.sheets.lines import HIDDEN, LINE, SHEET, aside, lines_of
from services.sheets.reading import LIMITS, Limits, read_all

REGISTER = [["房号", "面积", "业主", "电话"], ["1-2-101", 89.35, "甲", "13800000001"], ["1-2-102", 90, "乙", ""]]
NOTES = [["日期", "内容", "电话"], ["2024-03-05", "旧事一", "13800000001"], ["2024-03-06", "旧事二", ""]]


def workbook(sheets: dict[str, list[list[Any]]], hidden: dict[str, set[int]] | None = None, unseen: str = "") -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for at, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    page.write(at, column, cell)
            for at in (hidden or {}).get(name, ()):
                page.set_row(at, None, None, {"hidden": True})
            if name == unseen:
                page.hide()
    return out.getvalue()


def test_every_sheet_with_the_heading_is_read_and_the_others_are_named() -> None:
    more = [["2号楼住户", "", "", ""], *REGISTER[:1], ["2-1-301", 70, "丙", ""], ["2-1-302", 71, "丁", ""]]
    file = workbook(
        {"说明": [["请先看这里"]], "1号楼": REGISTER, "2号楼": more, "空": [], "旧表": REGISTER}, unseen="旧表"
    )
    rows = rows_of_book(read_all(file))
    assert [(row[SHEET], row[LINE], row["owner"]) for row in lines_of(rows)] == [
        ("1号楼", "2", "甲"), ("1号楼", "3", "乙"), ("2号楼", "3", "丙"), ("2号楼", "4", "丁"),
    ]  # fmt: skip
    told = aside(rows)
    assert (told.sheets, sorted(told.unread), told.hidden) == ({"1号楼": 2, "2号楼": 2}, ["旧表", "说明"], 0)


def test_hidden_and_filtered_rows_count_and_are_said() -> None:
    file = workbook({"表": [*REGISTER, ["1-2-103", 88, "戊", ""]]}, {"表": {2, 3}})
    rows = rows_of_book(read_all(file))
    assert [row["owner"] for row in rows] == ["甲", "乙", "戊"]
    assert [HIDDEN in row for row in rows] == [False, True, True]
    assert aside(rows).hidden == 2


def test_one_plain_sheet_reads_as_it_always_did() -> None:
    """So the same file stays the same import."""
    rows = rows_of_book(read_all(workbook({"表": REGISTER})))
    assert [set(row) - {"room", "chargeable_area", "owner", "phone"} for row in rows] == [{LINE}, {LINE}]


def test_a_notebook_comes_as_a_workbook_too() -> None:
    rows = rows_of(workbook({"2024": [["东湖苑值班记录"], *NOTES], "封面": [["记事本"]]}, {"2024": {3}}))
    assert [(row["text"], row[LINE]) for row in lines_of(rows)] == [("旧事一", "3"), ("旧事二", "4")]
    assert (aside(rows).unread, aside(rows).hidden) == (["封面"], 1)
    for wrong, code in (
        (workbook({"表": [["别的"]]}), "import_columns"),
        (workbook({"表": NOTES[:1]}), "import_empty"),
        (workbook({"表": [[*NOTES[0], "备注栏"], *NOTES[1:]]}), "import_unknown_column"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "sheet_unreadable"),
        (b"PK\x03\x04" + b"\0" * 600, "sheet_unreadable"),
    ):
        with pytest.raises(Rejection) as refused:
            rows_of(wrong)
        assert refused.value.code == code


def test_a_statement_passes_no_sheet_over() -> None:
    rows = [["交易日期", "金额"], ["2026-10-05", 1]]
    assert len(opened(workbook({"明细": rows, "空": []})).rows) == 2
    with pytest.raises(Rejection, match="statement_sheets"):
        opened(workbook({"十月": rows, "十一月": rows}))


def test_a_bomb_in_any_sheet_or_in_what_names_them_is_refused() -> None:
    file = workbook({"一": REGISTER, "二": [["x" * 50]] * 300})
    with pytest.raises(Rejection, match="sheet_bomb"):
        read_all(file, Limits(unpacked=20_000))
    with pytest.raises(Rejection, match="sheet_too_long"):
        read_all(file, Limits(rows=302))
    lol = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa">]>'
    out = BytesIO()
    with ZipFile(BytesIO(file)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part.replace(b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', lol, 1)
                         if name == "xl/workbook.xml" else part)  # fmt: skip
    with pytest.raises(Rejection, match="sheet_unreadable"):
        read_all(out.getvalue(), LIMITS)


GOOD = (
    "13805931234", "138 0593 1234", "138-0593-1234", "+86 138 0593 1234", "86-13805931234", "13805931234.0",
    "１３８０５９３１２３４", "0593-2212345", "(0593)2212345", "05932212345", "010-12345678", "2212345",
    "0593-2212345-801", "0593-2212345转801", "400-123-4567", "+852 6123 4567", "00886912345678",
)  # fmt: skip
SPOILT = (
    "1.38E+10", "1.38059E+10", "5932212345", "12345", "110", "95588", "1380593123", "138059312345", "1380593123O",
    "123456789012345678", "见备注", "没有", "13805931234/13900001111", "-", "10012345678", "0593", "#NAME?", "=138",
)  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_a_number_that_can_be_called_is_taken(text: str) -> None:
    assert phone(text)


@pytest.mark.parametrize("text", SPOILT)
def test_a_number_that_nobody_can_call_is_told(text: str) -> None:
    with pytest.raises(Rejection) as refused:
        phone(text)
    assert (refused.value.code, refused.value.facts["field"]) == ("phone_unreadable", "phone")


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Rejection):
        assert phone(text)


def test_a_spoilt_phone_is_an_error_of_its_line_in_the_notebook_as_in_the_register() -> None:
    numbers = [13805931234, "1.38E+10", 5932212345, 12345, 0.5]
    rows = rows_of(workbook({"表": [NOTES[0], *([f"2024-03-0{n + 1}", "事", each] for n, each in enumerate(numbers))]}))
    assert [_wrong(row["phone"]) for row in rows] == [False, True, True, True, True]


def _wrong(text: str) -> bool:
    try:
        phone(text)
    except Rejection:
        return True
    return False
