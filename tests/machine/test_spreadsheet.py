"""Sheets as people send them: what they say comes in as text, and nothing that is sent fills the memory."""

import struct
import zlib
from datetime import date, datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from domain.refusal import Refusal
from services.sheets.reading import Limits, Merged, is_total, read
from services.sheets.writing import Sheet, SheetColumn, csv_file, workbook

pytestmark = pytest.mark.slow

HEADING = "楼栋,单元,房号,建筑面积\n"
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def refused(file: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Refusal) as caught:
        read(file, limits) if limits else read(file)
    return caught.value.code


def written(*cells: tuple[int, int, object]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("台账")
        days = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for row, column, value in cells:
            if isinstance(value, date):
                sheet.write_datetime(row, column, value, days)
            else:
                sheet.write(row, column, value)
    return out.getvalue()


def with_part(file: bytes, name: str, contents: bytes) -> bytes:
    """The workbook with one part of it replaced."""
    out = BytesIO()
    with ZipFile(BytesIO(file)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, contents)
    return out.getvalue()


def with_sheet(rows: str) -> bytes:
    return with_part(written((0, 0, "x")), "xl/worksheets/sheet1.xml", SHEET.format(rows).encode())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_file_is_read_in_the_encodings_that_are_common(encoding: str) -> None:
    sheet = read((HEADING + '3,2,501,"1,089.35"\r\n').encode(encoding))
    assert sheet.rows == [["楼栋", "单元", "房号", "建筑面积"], ["3", "2", "501", "1,089.35"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_lines_of_plain_words_before_the_heading_do_not_matter(delimiter: str) -> None:
    text = "凤阳新城业主台账\n\n" + HEADING.replace(",", delimiter) + delimiter.join(["3", "2", "501", "89.35"])
    assert read(text.encode()).rows[3] == ["3", "2", "501", "89.35"]


def test_rows_keep_their_count_and_blanks_at_the_end_are_dropped() -> None:
    sheet = read("a, b ,,\n\n　c　\u200b,\n,,\n\n".encode())
    assert sheet.rows == [["a", "b"], [], ["c"]]


def test_what_looks_like_a_formula_is_text() -> None:
    cells = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")']
    assert read(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in cells).encode()).rows == [cells]
    out = workbook([Sheet("x", tuple(SheetColumn(cell) for cell in cells), [])])
    assert list(read(out).rows[0]) == cells


def test_a_workbook_shows_what_people_see_in_it() -> None:
    file = written(
        (2, 0, 3), (2, 1, 89.35), (2, 2, 0.1 + 0.2), (2, 3, 13777770001), (2, 4, True), (2, 5, datetime(2026, 1, 2)),
        (2, 6, datetime(2026, 1, 2, 9, 30)), (2, 7, 4200001234202611240123456789), (2, 8, 0.00001), (2, 9, "0501"),
    )  # fmt: skip
    said = ["3", "89.35", "0.3", "13777770001", "TRUE", "2026-01-02", "2026-01-02 09:30:00", "4.20000123420261E+27",
            "0.00001", "0501"]  # fmt: skip
    assert read(file).rows == [[], [], said]


def test_a_formula_counts_as_what_it_showed_last() -> None:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet().write_formula(0, 0, "=A2*2", None, 178.7)
    assert read(out.getvalue()).rows == [["178.7"]]


def test_an_error_and_a_formula_nobody_reckoned_are_told_as_words() -> None:
    cells = (
        '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B1"><f>SUM(A1:A9)</f><v></v></c>'
        '<c r="C1" s="1"><f>1&lt;2</f></c>'
        '<c r="D1" t="str"><f>IF(1,"","")</f><v></v></c><c r="E1"><f>2+3</f><v>5</v></c><c t="e" r="F1"><v>#N/A</v></c>'
        '<c r="G1"><f t="shared" si="0"/></c><c r="H1"/>'
    )
    said = ["#DIV/0!", "=SUM(A1:A9)", "=1<2", "", "5", "#N/A", "="]
    assert read(with_sheet(f'<row r="1">{cells}</row>')).rows == [said]


def test_merged_cells_are_told() -> None:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 2, "台账")
        sheet.merge_range(1, 0, 3, 0, "3")
        sheet.write(3, 1, "501")
    found = read(out.getvalue())
    assert found.rows == [["台账"], ["3"], [], ["", "501"]]
    assert found.merged == [Merged(0, 0, 0, 2), Merged(1, 0, 3, 0)]
    assert found.merged[1].holds(3, 0) and not found.merged[1].holds(3, 1)


def test_the_first_visible_sheet_that_says_something_is_read() -> None:
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet("空").activate()
        hidden = book.add_worksheet("旧")
        hidden.write(0, 0, "no")
        hidden.hide()
        book.add_worksheet("台账").write(0, 0, "yes")
    assert read(out.getvalue()).rows == [["yes"]]


@pytest.mark.parametrize(
    ("row", "total"),
    [
        (["", "合 计", "", "178.7"], True), (["小计：", "1"], True), (["Total", "1"], True), (["Sub total"], True),
        (["3", "合计"], False), (["", ""], False), ([], False), (["张合计"], False),
    ],
)  # fmt: skip
def test_rows_that_add_up_others_are_known(row: list[str], total: bool) -> None:
    assert is_total(row) is total


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "sheet_empty"),
        (b" ,\n,\n", "sheet_empty"),
        (b"\xff\xff\xfe\x81 \x80\xff,1\n", "sheet_encoding"),
        ("楼栋".encode() + b"\xff\xb0\x80,1", "sheet_encoding"),
        (b"a\0b,1", "sheet_unreadable"),
        (b'a,b\n1,"2\n3,4\n', "sheet_quotes"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "sheet_unreadable"),
        (b"PK\x03\x04 not an archive", "sheet_unreadable"),
        (written(), "sheet_empty"),
        (with_part(written((0, 0, 1)), "xl/workbook.xml", b"<broken"), "sheet_unreadable"),
        (with_part(written((0, 0, 1)), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row"), "sheet_unreadable"),
        (written((0, 0, 1))[:-40], "sheet_unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_sheet_is_refused_in_words(file: bytes, code: str) -> None:
    assert refused(file) == code


def test_an_archive_of_something_else_is_no_workbook() -> None:
    out = BytesIO()
    with ZipFile(out, "w") as other:
        other.writestr("word/document.xml", "<x/>")
    assert refused(out.getvalue()) == "sheet_unreadable"


def test_limits_of_size_rows_and_columns() -> None:
    assert refused(b"x" * 101, Limits(size=100)) == "sheet_too_large"
    assert refused(b"x\n" * 11, Limits(rows=10)) == "sheet_too_long"
    assert len(read(b"x\n" * 10 + b"\n\n", Limits(rows=10)).rows) == 10
    assert refused(b"x," * 10 + b"x", Limits(columns=10)) == "sheet_too_wide"
    assert refused(written((10, 0, "x")), Limits(rows=10)) == "sheet_too_long"
    assert refused(written((0, 10, "x")), Limits(columns=10)) == "sheet_too_wide"
    assert refused(b"x,x\n" * 10, Limits(cells=19)) == "sheet_bomb"


def test_a_sheet_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    bomb = with_sheet('<row r="1"><c r="A1"><v>1</v></c></row>' + " " * 3_000_000)
    assert len(bomb) < 20_000
    assert refused(bomb, Limits(unpacked=1_000_000)) == "sheet_bomb"
    assert read(bomb).rows == [["1"]]


def test_an_archive_that_lies_about_its_sizes_is_found_out() -> None:
    """The directory says ten bytes; what comes out is three megabytes."""
    name = b"xl/worksheets/sheet1.xml"
    contents = SHEET.format("<row/>" + " " * 3_000_000).encode()
    file = bytearray(with_sheet("<row/>" + " " * 3_000_000))
    for mark, sizes, named in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = -1
        while (at := file.find(mark, at + 1)) >= 0:
            if file[at + named : at + named + len(name)] == name:
                assert struct.unpack_from("<I", file, at + sizes)[0] == len(contents)
                struct.pack_into("<I", file, at + sizes, 10)
                struct.pack_into("<I", file, at + sizes - 8, zlib.crc32(contents[:10]))
    assert refused(bytes(file)) in ("sheet_unreadable", "sheet_empty")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>',
        "<row>" + "<c><v>1</v></c>" * 3_000_001 + "</row>",
    ],
    ids=["two cells far apart", "no places told", "too many cells"],
)
def test_cells_that_would_fill_the_memory_are_refused(rows: str) -> None:
    assert refused(with_sheet(rows)) == "sheet_bomb"


def test_entities_are_not_expanded() -> None:
    sheet = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>'
    assert refused(with_part(written((0, 0, 1)), "xl/worksheets/sheet1.xml", sheet)) == "sheet_unreadable"


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cf")), max_size=12)


@given(st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_is_written_out_reads_back(rows: list[list[str]]) -> None:
    sheet = Sheet("x", tuple(SheetColumn(name) for name in ("a", "b", "c")), rows)
    back = read(workbook([sheet])).rows[1:]
    assert [(*row, *[""] * (3 - len(row))) for row in back] == [tuple(row) for row in rows[: len(back)]]
    assert not any(any(row) for row in rows[len(back) :])
    kept = read(csv_file(sheet)).rows[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in kept] == [
        [cell.removeprefix("'") for cell in row][: len(kept[place])] for place, row in enumerate(rows[: len(kept)])
    ]


@given(st.binary(max_size=300))
def test_whatever_is_sent_is_read_or_refused(file: bytes) -> None:
    for each in (file, b"PK\x03\x04" + file, written((0, 0, 1))[:-30] + file):
        try:
            read(each)
        except Refusal as refusal:
            assert refusal.code.startswith("sheet_")
