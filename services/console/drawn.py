"""HTML as it was drawn, with marks where each answer puts something of its own, plain or packed."""

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from services.http.packed import Packed
from services.log.randomness import new_id

CSRF_MARK = Markup("\x02csrf\x02")  # the token of the session goes here
KEY_MARK = Markup("\x02key\x02")  # and a key of its own for each form, new for every answer
_MARKS = re.compile("\x02(csrf|key|=[^\x02]*)\x02")


def apart(secret: str) -> Markup:
    """Markup of a secret that is packed together with nothing, so that no length tells of it."""
    return Markup("\x02={}\x02").format(secret)


class Drawn:
    """A page or fragment that may be answered several times, to everybody who may see the same."""

    __slots__ = ("_gaps", "_packed", "_pieces", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        parts = _MARKS.split(text)
        self._pieces = [piece.encode() for piece in parts[::2]]
        self._gaps = parts[1::2]
        self._packed: tuple[int, Packed] | None = None

    def plain(self, csrf: str) -> bytes:
        """The HTML for the holder of this token."""
        return b"".join(_in_turn(self._pieces, self._fillings(csrf)))

    def packed(self, csrf: str) -> bytes:
        """The same as gzip; but for the fillings it is packed once."""
        fillings = self._fillings(csrf)
        if self._packed is None or self._packed[0] != len(csrf):
            self._packed = len(csrf), Packed(self._pieces, [len(each) for each in fillings])
        return self._packed[1].filled(fillings)

    def _fillings(self, csrf: str) -> list[bytes]:
        token = str(escape(csrf))
        return [_filling(gap, token).encode() for gap in self._gaps]


def _filling(gap: str, token: str) -> str:
    match gap:
        case "csrf":
            return token
        case "key":
            return new_id().hex
    return gap[1:]


def _in_turn(pieces: Sequence[bytes], fillings: Sequence[bytes]) -> Iterator[bytes]:
    for piece, filling in zip(pieces, [*fillings, b""], strict=True):
        yield piece
        yield filling
