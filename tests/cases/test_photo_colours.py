"""Photos look as they were: sixteen bits, transparency, palettes and very large ones, pixel by pixel."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from domain.refusal import Rejection
from services.cases import photo_keeping
from services.cases.photo_keeping import MOST_IN_STEPS, MOST_PIXELS, SIDE, _jpeg, read
from tests.cases.test_photo_api import chunk

WHITE, RED, GREY = (255, 255, 255), (200, 30, 30), (128, 128, 128)


def saved(picture: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def png(colours: int, bits: int, row: bytes, size: tuple[int, int], *more: tuple[bytes, bytes]) -> bytes:
    """A PNG of equal rows, as no library of ours writes it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *size, bits, colours, 0, 0, 0))
    data = zlib.compress((b"\0" + row) * size[1])
    parts = [chunk(name, each) for name, each in more]
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(parts) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def halves(left: tuple[int, ...], right: tuple[int, ...], mode: str) -> Image.Image:
    picture = Image.new(mode, (64, 32), left)
    picture.paste(right, (32, 0, 64, 32))
    return picture


def indexed() -> bytes:
    picture = halves((*RED, 255), (0, 0, 0, 0), "RGBA").convert("P")
    return saved(picture, transparency=picture.getpixel((60, 16)))


sixteen = struct.pack(">32H", *[0x8080] * 32)
PICTURES: dict[str, tuple[Callable[[], bytes], tuple[int, ...], tuple[int, ...]]] = {
    "sixteen bits of grey": (lambda: png(0, 16, sixteen + struct.pack(">32H", *[0xFFFF] * 32), (64, 32)), GREY, WHITE),
    "sixteen bits of colour": (
        lambda: png(2, 16, struct.pack(">192H", *([200 * 257, 30 * 257, 30 * 257] * 32 + [0xFFFF] * 96)), (64, 32)),
        RED,
        WHITE,
    ),
    "sixteen bits, transparent": (
        lambda: png(6, 16, struct.pack(">256H", *([0x8080] * 3 + [0xFFFF]) * 32, *[0] * 128), (64, 32)),
        GREY,
        WHITE,
    ),
    "transparent": (lambda: saved(halves((*RED, 255), (0, 0, 0, 0), "RGBA")), RED, WHITE),
    "half transparent": (lambda: saved(halves((*RED, 255), (0, 0, 0, 128), "RGBA")), RED, (127, 127, 127)),
    "transparent grey": (lambda: saved(halves((128, 255), (0, 0), "LA")), GREY, WHITE),
    "one colour is transparent": (
        lambda: saved(halves(RED, (0, 0, 0), "RGB"), transparency=(0, 0, 0)),
        RED,
        WHITE,
    ),
    "a palette with transparency": (indexed, RED, WHITE),
    "black and white": (lambda: saved(halves((0,), (255,), "L").convert("1")), (0, 0, 0), WHITE),
    "CMYK": (lambda: saved(halves((0, 0, 0, 0), (0, 255, 255, 0), "CMYK"), "JPEG", quality=95), WHITE, (255, 0, 0)),
    "transparent WebP": (
        lambda: saved(halves((*RED, 255), (0, 0, 0, 0), "RGBA"), "WEBP", lossless=True),
        RED,
        WHITE,
    ),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_keeps_its_colours(name: str) -> None:
    make, left, right = PICTURES[name]
    kept = Image.open(BytesIO(_jpeg(read(make()), SIDE)))
    for at, colour in (((12, 16), left), ((52, 16), right)):
        found = kept.getpixel(at)
        assert isinstance(found, tuple)
        assert max(abs(one - other) for one, other in zip(found, colour, strict=True)) <= 12, (at, found, colour)


def test_a_large_jpeg_is_made_small_while_it_is_read() -> None:
    picture = Image.new("L", (6500, 6400), 90)  # more than is ever unpacked whole
    assert picture.width * picture.height > MOST_PIXELS
    small = read(saved(picture, "JPEG", quality=30))
    assert max(small.size) == SIDE
    assert abs(small.convert("L").getpixel((800, 800)) - 90) <= 2  # type: ignore[operator]


def test_a_phones_own_format_may_be_larger_as_phones_make_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photo_keeping, "MOST_PIXELS", 10_000)
    monkeypatch.setattr(photo_keeping, "MOST_OF_A_PHONE", 50_000)
    assert read(saved(Image.new("RGB", (200, 200), "teal"), "HEIF")).size == (200, 200)
    for kind, side in (("HEIF", 300), ("PNG", 200)):
        with pytest.raises(Rejection, match="photo_too_large"):
            read(saved(Image.new("RGB", (side, side), "teal"), kind))


def test_a_large_picture_of_another_kind_is_refused_unread() -> None:
    for colours, per_pixel in ((0, 1), (2, 3)):
        bomb = png(colours, 8, b"\0" * (8000 * per_pixel), (8000, 1))[:33].replace(
            struct.pack(">II", 8000, 1), struct.pack(">II", 8000, 8000)
        )
        with pytest.raises(Rejection, match=r"photo_too_large|not_a_photo"):
            read(bomb + chunk(b"IDAT", zlib.compress(b"\0" * 10)) + chunk(b"IEND", b""))


def test_a_jpeg_in_steps_has_a_limit_of_its_own() -> None:
    assert MOST_PIXELS < MOST_IN_STEPS
    steps = saved(Image.new("L", (64, 64)), "JPEG", progressive=True)
    huge = steps.replace(struct.pack(">HH", 64, 64), struct.pack(">HH", 10_000, 10_000), 1)
    with pytest.raises(Rejection) as refused:
        read(huge)
    assert refused.value.code == "photo_too_large"
