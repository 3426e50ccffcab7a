"""Sheets read back: texts are texts whatever they begin with, amounts are right to the fen, nothing is a formula."""

import csv
from datetime import date
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from services.sheets.writing import Cell, Kind, Sheet, SheetColumn, csv_file, workbook

pytestmark = pytest.mark.slow

COLUMNS = (
    SheetColumn("购方名称"),
    SheetColumn("金额", Kind.MONEY),
    SheetColumn("笔数", Kind.COUNT),
    SheetColumn("日期", Kind.DATE),
)
DAY = date(2026, 11, 24)
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\uff1d1+1",
    "\uff20SUM(A1)",
    '=HYPERLINK("http://x")',
    "http://example.org",
    "00123",
    "1e5",
)


def sheet(*rows: tuple[Cell, ...], total: tuple[Cell, ...] | None = None) -> Sheet:
    return Sheet("待开票", COLUMNS, rows, total)


def read(file: bytes, name: str = "待开票") -> list[list[object]]:
    return CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_name(name).to_python()


def test_a_workbook_reads_back_as_it_was_written() -> None:
    file = workbook([sheet(("林小梅", 643_46, 3, DAY), (None, -5, None, None), total=("合计", 643_41, 3, None))])
    assert read(file) == [
        ["购方名称", "金额", "笔数", "日期"],
        ["林小梅", 643.46, 3.0, DAY],
        ["", -0.05, "", ""],
        ["合计", 643.41, 3.0, ""],
    ]


def test_no_text_becomes_a_formula_or_a_link_in_a_workbook() -> None:
    file = workbook([sheet(*((text, 1, 1, DAY) for text in FORMULAS))])
    assert [row[0] for row in read(file)[1:]] == list(FORMULAS)
    with ZipFile(BytesIO(file)) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in page and "hyperlink" not in page
        assert not any("rels" in name and "sheet" in name for name in parts.namelist())


def test_no_text_becomes_a_formula_in_csv() -> None:
    file = csv_file(sheet(*((text, -5, 1, DAY) for text in FORMULAS)))
    assert file.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(file.decode("utf-8-sig"))))[1:]
    assert not [row[0] for row in rows if row[0][0] in "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"]
    assert [row[0].removeprefix("'") for row in rows] == list(FORMULAS)
    assert {tuple(row[1:]) for row in rows} == {("-0.05", "1", "2026-11-24")}  # a number of ours stays one


@given(st.lists(st.tuples(st.text(max_size=40), st.integers(-(10**12), 10**12)), max_size=5))
@settings(max_examples=25, deadline=None)
def test_whatever_is_written_reads_back_from_csv(rows: list[tuple[str, int]]) -> None:
    rows = [(text.encode("utf-8", "replace").decode(), amount) for text, amount in rows]
    file = csv_file(sheet(*((text, amount, None, None) for text, amount in rows)))
    found = list(csv.reader(StringIO(file.decode("utf-8-sig"), newline="")))[1:]
    for (text, amount), (said, told, *_) in zip(rows, found, strict=True):
        assert said in (text, f"'{text}")
        assert int(told.replace(".", "")) == amount


@given(st.integers(-(10**12), 10**12))
@settings(max_examples=25, deadline=None)
def test_amounts_are_right_to_the_fen_in_a_workbook(fen: int) -> None:
    cell = read(workbook([sheet(("x", fen, 0, DAY))]))[1][1]
    assert isinstance(cell, float) and round(cell * 100) == fen


def test_names_of_sheets_that_a_workbook_cannot_have_are_made_fit() -> None:
    file = workbook([Sheet("2026/11 [东湖苑]: 应收?*" + "长" * 40, COLUMNS, [])])
    (name,) = CalamineWorkbook.from_filelike(BytesIO(file)).sheet_names
    assert len(name) <= 31 and name.startswith("2026 11  东湖苑")


def test_a_row_of_another_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        workbook([sheet(("林小梅", 1))])
    with pytest.raises(ValueError, match="zip"):
        csv_file(sheet(("林小梅", 1)))
