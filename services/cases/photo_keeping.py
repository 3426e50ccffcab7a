"""Photos that are kept: made small, stripped of everything but the picture, sealed."""

from io import BytesIO
from threading import Semaphore
from uuid import UUID

import pillow_heif
from PIL import Image, ImageOps

from domain.refusal import Rejection
from services.log.not_found import NotFound
from services.product import Product
from services.sheets.damaged import Damaged, judged

pillow_heif.register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF")
MOST_PIXELS = 40_000_000  # that are unpacked whole
MOST_OF_A_PHONE = 64_000_000  # of HEIC, as phones of 48 or 50 megapixels make it: it has no other colours than three
MOST_IN_STEPS = 80_000_000  # of a JPEG that is sharpened step by step: all its steps are kept until the last
MOST_SHRUNK = 250_000_000  # of a JPEG that is made small while it is unpacked
Image.MAX_IMAGE_PIXELS = MOST_SHRUNK  # what else is too large is refused here before a pixel is decoded
SIDE, SMALL_SIDE, QUALITY = 1600, 320, 78
_SIXTEEN_BITS = frozenset({"I;16", "I;16B", "I;16L", "I;16N", "I"})
_decoding = Semaphore(1)  # one at a time: 40 megapixels take some hundred megabytes while they are unpacked


def keep(product: Product, estates: frozenset[str], estate: str, person: UUID, uploaded: bytes) -> UUID:
    """Read, shrink and store what somebody sent. Refuses ``not_a_photo`` and ``photo_too_large``."""
    if estate not in estates:
        raise NotFound
    with _decoding:
        picture = read(uploaded)
    return product.photos.store(_jpeg(picture, SIDE), _jpeg(picture, SMALL_SIDE), estate, person)


def read(uploaded: bytes) -> Image.Image:
    """The picture, made small and turned upright; its size is judged before a pixel is decoded."""
    try:
        with judged():
            picture = Image.open(BytesIO(uploaded), formats=FORMATS)
            most = _most(picture)
            if picture.width * picture.height > most:
                raise Rejection("photo_too_large", megapixels=most // 1_000_000)
            picture.draft("RGB", (SIDE, SIDE))  # a JPEG comes out as small as may be
            unpacked = min(most, MOST_PIXELS) if picture.format == "JPEG" else most
            if picture.width * picture.height > unpacked:
                raise Rejection("photo_too_large", megapixels=unpacked // 1_000_000)
            return _small(_of_eight_bits(picture))
    except Damaged:
        raise Rejection("not_a_photo") from None


def _most(picture: Image.Image) -> int:
    if picture.format == "HEIF" and picture.mode == "RGB":
        return MOST_OF_A_PHONE
    if picture.format != "JPEG":
        return MOST_PIXELS
    return MOST_IN_STEPS if picture.info.get("progressive") or picture.info.get("progression") else MOST_SHRUNK


def _of_eight_bits(picture: Image.Image) -> Image.Image:
    """In colours that can be mixed: of sixteen bits the upper eight, indexed and single bits as what they stand for."""
    if picture.mode in _SIXTEEN_BITS:
        return picture.point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode in ("P", "PA") or "transparency" in picture.info:
        return picture.convert("RGBA")
    return picture


def _small(picture: Image.Image) -> Image.Image:
    """Made small at once, so that the large one stands in memory once; what is transparent lies on white."""
    picture.thumbnail((SIDE, SIDE))
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "La", "RGBa"):
        upright = upright.convert("RGBA")
        white = Image.new("RGBA", upright.size, "white")
        return Image.alpha_composite(white, upright).convert("RGB")
    return upright.convert("RGB")


def _jpeg(picture: Image.Image, side: int) -> bytes:
    copy = picture.copy()
    copy.info.clear()  # a JPEG's comment would be written again
    copy.thumbnail((side, side))
    out = BytesIO()
    copy.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
