"""The one place that sets pages: a template and its facts become a PDF that needs nothing else to be shown."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Semaphore
from typing import Any, cast

import msgspec
import typst
import zxingcpp

from services.console.render import STATIC

TEMPLATES = Path(__file__).parent / "templates"
FONTS = STATIC / "fonts"

_setting = Semaphore(1)  # thousands of pages take some hundred megabytes while they are set


class NoFonts(Exception):
    """The fonts are not there: the console's files were not built."""


def pressed(template: str, facts: Any, words: Mapping[str, str]) -> bytes:
    """The PDF of ``template``: ``facts`` are anything that JSON can say, ``words`` what the template itself says."""
    data = msgspec.json.encode({"words": words, "facts": facts}).decode()
    with _setting:
        compiler = typst.Compiler(
            input=TEMPLATES / template,
            root=TEMPLATES,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"data": data},
        )
        pdf = compiler.compile(format="pdf", timestamp=0, pdf_tags=False)
    assert isinstance(pdf, bytes)
    return pdf


@cache
def _fonts() -> typst.Fonts:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    if not fonts.families():
        raise NoFonts(f"no fonts in {FONTS}: run make install")
    return fonts


def qr(text: str) -> dict[str, Any]:
    """A QR code for templates: ``side`` in modules, ``rows`` as one text of noughts (dark) and ones (light)."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    modules = memoryview(cast(Any, code.to_image(scale=1, add_quiet_zones=False)))
    assert modules.shape is not None
    return {"side": modules.shape[0], "rows": modules.tobytes().translate(_MODULES).decode()}


_MODULES = bytes([ord("0")]) + bytes([ord("1")]) * 255


@cache
def said_in(template: str) -> frozenset[str]:
    """The names of the words that a template says by itself."""
    return frozenset(_WORD.findall((TEMPLATES / template).read_text(encoding="utf-8")))


_WORD = re.compile(r"\bwords\.([a-z]+(?:-[a-z]+)*)")
