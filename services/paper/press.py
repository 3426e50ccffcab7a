"""The one place that sets pages: a template and its facts become a PDF that needs nothing else to be shown."""

import re
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Semaphore
from typing import Any, cast

import msgspec
import zxingcpp

from services.console.signs import STATIC

ROOMS = Path(__file__).parents[1]  # templates lie beside what fills them; what all share in ``page.typ``
FONTS = STATIC / "fonts"

LONGEST_SECONDS = 120
_SETTER = Path(__file__).with_name("setting.py")
LARGE = 100_000  # bytes of facts: more take some hundred megabytes while they are set
_setting_large, _setting = Semaphore(1), Semaphore(2)  # nobody at the desk waits for a thousand letters


class NotSet(Exception):
    """No PDF came of it; the text says why."""


def pressed(template: str, facts: Any, words: Mapping[str, str]) -> bytes:
    """The PDF of ``template``, named as in ``fees/receipt.typ``.

    ``facts`` are anything that JSON can say, ``words`` what the template itself says. Raises ``NotSet`` where it cannot
    be set.
    """
    data = msgspec.json.encode({"words": words, "facts": facts})
    if not any(FONTS.glob("*.ttf")):
        raise NotSet(f"no fonts in {FONTS}: run make install")
    command = [sys.executable, "-I", str(_SETTER), str(ROOMS), template, str(FONTS)]
    with _setting_large if len(data) > LARGE else _setting:
        try:
            done = subprocess.run(command, input=data, capture_output=True, timeout=LONGEST_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise NotSet(f"not set within {LONGEST_SECONDS} s") from None
    if done.returncode or not done.stdout:
        raise NotSet(done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:300])
    return done.stdout


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
    return frozenset(_WORD.findall((ROOMS / template).read_text(encoding="utf-8")))


_WORD = re.compile(r"\bwords\.([a-z]+(?:-[a-z]+)*)")
