"""Which rows a workbook does not show: hidden by hand or by a filter. The reader of its cells does not tell.

It reads what was unpacked within limits already, part by part, and no entities of anybody's making.
"""

import re
from io import BytesIO
from posixpath import join, normpath
from xml.etree import ElementTree
from zipfile import ZipFile

_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])([^>]*)>")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([0-9]{1,8})["']""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'](?:1|true)["']""")
_TO = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def hidden_rows(unpacked: bytes) -> dict[str, frozenset[int]]:
    """By the name of the sheet its rows that are not shown, from 0; sheets that show all are left out."""
    with ZipFile(BytesIO(unpacked)) as book:
        parts = {name.lower(): name for name in book.namelist()}
        found: dict[str, frozenset[int]] = {}
        for name, part in _parts(book, parts).items():
            real = parts.get(part.lower())
            hidden = frozenset(_of(book.read(real))) if real else frozenset[int]()
            if hidden:
                found[name] = hidden
        return found


def _parts(book: ZipFile, parts: dict[str, str]) -> dict[str, str]:
    """The part of each sheet by its name."""
    index, relations = parts.get("xl/workbook.xml"), parts.get("xl/_rels/workbook.xml.rels")
    if index is None or relations is None:
        return {}
    targets = {each.get("Id"): each.get("Target", "") for each in _tree(book.read(relations)).iter()}
    sheets = (each for each in _tree(book.read(index)).iter() if each.tag.rpartition("}")[2] == "sheet")
    return {each.get("name", ""): _path(targets.get(each.get(_TO)) or "") for each in sheets}


def _path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _tree(part: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise ValueError("entities")
    return ElementTree.fromstring(part)


def _of(sheet: bytes) -> list[int]:
    place, found = 0, []
    for row in _ROW.finditer(sheet):
        stated = _PLACE.search(row[1])
        place = int(stated[1]) if stated else place + 1
        if _HIDDEN.search(row[1]):
            found.append(place - 1)
    return found
