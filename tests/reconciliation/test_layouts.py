"""Statements in the layouts of some forty downloads, each with the lines that are in it."""

import io
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
import xlsxwriter

from services.reconciliation.formats import reading
from services.reconciliation.formats.entry import ProviderStatement
from services.reconciliation.formats.mapping import Mapping
from services.reconciliation.formats.reading import Unknown

LAYOUTS: list[dict[str, Any]] = [
    layout
    for file in sorted((Path(__file__).parent / "layouts").glob("*.toml"))
    for layout in tomllib.loads(file.read_text(encoding="utf-8"))["layout"]
]


def nothing(prints: Sequence[str]) -> dict[str, Mapping]:
    return {}


def file_of(layout: dict[str, Any]) -> bytes:
    content = layout["content"].strip("\n") + "\n"
    match layout.get("kind", "text"):
        case "xlsx":
            out = io.BytesIO()
            with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
                sheet = book.add_worksheet()
                for place, line in enumerate(content.strip().split("\n")):
                    for column, cell in enumerate(line.split(",")):
                        number = len(cell) < 10 and cell.replace(".", "", 1).isdecimal()
                        sheet.write(place, column, float(cell) if number else cell)
            return out.getvalue()
        case "xml":
            rows = "".join(
                "<Row>"
                + "".join(f"<Cell><Data ss:Type='String'>{escape(cell)}</Data></Cell>" for cell in line.split(","))
                + "</Row>"
                for line in content.strip().split("\n")
            )
            content = (
                "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'"
                " xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet ss:Name='1'>"
                f"<Table>{rows}</Table></Worksheet></Workbook>"
            )
    return content.replace("\n", "\r\n").encode(layout.get("encoding", "utf-8"))


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout["name"])
def test_a_layout_is_read_line_by_line(layout: dict[str, Any]) -> None:
    found = reading.read(file_of(layout), nothing)
    if "unread" in layout:  # a person says what it is; what was understood is there
        assert isinstance(found, Unknown)
        assert (found.wrong or {}).get("code", "") == layout["unread"]
        assert found.guess["at"] is not None
        return
    assert isinstance(found, ProviderStatement), found
    lines = [
        [f"{each.at:%Y-%m-%d}", each.amount, each.payer or "", each.account or "", each.remark or ""]
        for each in found.entries
        if each.net
    ]
    assert lines == layout["lines"]
    assert [[each.of.value, each.stated, each.counted] for each in found.differences] == layout.get("differs", [])
    assert (found.provider.value, found.footed) == (layout.get("provider", "BANK"), layout.get("footed", False))
    void = found.void + len([each for each in found.entries if not each.net])
    assert (void, len(found.foreign)) == (layout.get("void", 0), layout.get("foreign", 0))
    assert not found.breaks


def test_there_are_enough_layouts() -> None:
    assert len([layout for layout in LAYOUTS if "unread" not in layout]) >= 30
