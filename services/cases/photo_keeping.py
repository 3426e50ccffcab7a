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
MOST_PIXELS = 40_000_000
SIDE, SMALL_SIDE, QUALITY = 1600, 320, 78
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
            if picture.width * picture.height > MOST_PIXELS:
                raise Rejection("photo_too_large", megapixels=MOST_PIXELS // 1_000_000)
            if picture.mode == "P":
                return _small(picture.convert("RGB"))  # indexed colours cannot be mixed
            return _small(picture)
    except Damaged:
        raise Rejection("not_a_photo") from None


def _small(picture: Image.Image) -> Image.Image:
    """Made small before anything else, so that the large one stands in memory once."""
    picture.thumbnail((SIDE, SIDE))
    return ImageOps.exif_transpose(picture).convert("RGB")


def _jpeg(picture: Image.Image, side: int) -> bytes:
    copy = picture.copy()
    copy.info.clear()  # a JPEG's comment would be written again
    copy.thumbnail((side, side))
    out = BytesIO()
    copy.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
