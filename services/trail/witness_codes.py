"""Codes for phones: what is to be signed, behind the address of the signing page, where no server sees it."""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import quote

import zxingcpp

from services.witness.submission import Submission

PAGE = "/audit/witness"


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code as the path of an SVG of ``side`` modules, quiet zone included."""

    side: int
    path: str


def link(origin: str, log_key: str, submission: Submission) -> str:
    """The signing page with what is to be signed; all of it behind the ``#``, which a browser keeps to itself."""
    text = quote(f"{log_key}\n{submission.text()}", safe="/+=:").replace("~", "%7E").replace("%0A", "~")
    return f"{origin}{PAGE}#{text}"


def code(text: str, level: str = "L") -> Code | None:
    """``None`` where it does not fit into any code that a phone reads off a screen."""
    try:
        made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    except (ValueError, RuntimeError):
        return None
    modules = memoryview(cast(Any, made.to_image(scale=1, add_quiet_zones=True)))
    assert modules.shape is not None
    side, raw = modules.shape[0], modules.tobytes()
    return Code(side, "".join(_runs(raw[row * side : (row + 1) * side], row) for row in range(side)))


def _runs(row: bytes, y: int) -> str:
    """Dark modules of one row that stand together are one stroke."""
    found, start = [], None
    for x, shade in enumerate([*row, 255]):
        if shade == 0 and start is None:
            start = x
        elif shade and start is not None:
            found.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            start = None
    return "".join(found)
