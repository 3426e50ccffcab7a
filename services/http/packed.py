"""Text packed as gzip around what must not be packed: secrets stand in it as they are, so no length tells of them.

Whoever can put a guess beside a secret and see how long the answer is learns the secret, if both are packed together.
What stands in a gap here is no part of the packing: nothing is found again in it, nor anything of it elsewhere.
"""

import struct
import zlib
from collections.abc import Sequence

from services.log.randomness import random_bytes

LEVEL = 6  # of zlib
MOST_PADDING = 32  # bytes by which the length of an answer is blurred
_BLANK = b"\xff"  # in no UTF-8, so nothing is found again in what fills a gap
_LONGEST = 0xFFFF  # bytes of a stored block
_NAMED = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"  # RFC 1952: deflate, a name follows, no time, no system
_END = b"\x03\0"  # an empty block, the last one


class Packed:
    """Pieces of text with a gap after each but the last, packed once and filled as often as it is answered."""

    __slots__ = ("_packed", "_pieces")

    def __init__(self, pieces: Sequence[bytes], gaps: Sequence[int], level: int = LEVEL) -> None:
        """``gaps``: the bytes that will fill each gap, one less than there are pieces. The pieces are UTF-8."""
        packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._pieces = tuple(pieces)
        self._packed: list[bytes] = []
        for piece, gap in zip(pieces, (*gaps, 0), strict=True):
            self._packed.append(packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH))
            if gap:  # the packer shall count what comes between, and find nothing in it
                packer.compress(_BLANK * gap)
                packer.flush(zlib.Z_SYNC_FLUSH)

    def filled(self, fillings: Sequence[bytes], padding: int | None = None) -> bytes:
        """The whole as gzip, longer by a random ``padding`` of its header. Each filling is as long as was said."""
        blur = random_bytes(1)[0] % MOST_PADDING if padding is None else padding
        parts = [_NAMED, b"-" * blur, b"\0"]
        check = length = 0
        for piece, packed, filling in zip(self._pieces, self._packed, (*fillings, b""), strict=True):
            parts += (packed, _stored(filling))
            check = zlib.crc32(filling, zlib.crc32(piece, check))
            length += len(piece) + len(filling)
        parts += (_END, struct.pack("<LL", check, length & 0xFFFFFFFF))
        return b"".join(parts)


def packed(text: bytes, secrets: Sequence[bytes] = ()) -> bytes | None:
    """A text as gzip with these secrets left as they are; ``None`` where that cannot be done with such a text."""
    pieces, fillings = [text], list[bytes]()
    for secret in {each for each in secrets if each}:
        pieces, fillings = _cut(pieces, fillings, secret)
    if fillings and _BLANK in text:
        return None
    return Packed(pieces, [len(each) for each in fillings]).filled(fillings)


def _cut(pieces: list[bytes], fillings: list[bytes], secret: bytes) -> tuple[list[bytes], list[bytes]]:
    """Cut once more, wherever a secret stands."""
    found, filled = list[bytes](), list[bytes]()
    for piece, filling in zip(pieces, [*fillings, None], strict=True):
        parts = piece.split(secret)
        found += parts
        filled += [secret] * (len(parts) - 1)
        if filling is not None:
            filled.append(filling)
    return found, filled


def _stored(filling: bytes) -> bytes:
    """Blocks of deflate that are not packed."""
    blocks = [filling[at : at + _LONGEST] for at in range(0, len(filling), _LONGEST)]
    return b"".join(struct.pack("<BHH", 0, len(each), len(each) ^ 0xFFFF) + each for each in blocks)
