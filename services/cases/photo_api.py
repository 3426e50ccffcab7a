"""Photos in and out: read within limits, made small, stripped of everything but the picture, sealed."""

from dataclasses import dataclass
from io import BytesIO
from threading import Semaphore
from typing import Annotated
from uuid import UUID

import pillow_heif
from fastapi import APIRouter, File, Query, Request, Response, UploadFile
from PIL import Image, ImageOps, UnidentifiedImageError

from domain.refusal import Refusal
from services.http.border import Upload
from services.http.who import Actor, Reader, TheHouse
from services.log.not_found import NotFound
from services.product import House

router = APIRouter(prefix="/api/v1", tags=["photos"])
UPLOAD = Upload("/photos$", 15_000_000)

pillow_heif.register_heif_opener()

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "GIF")
MOST_PIXELS = 40_000_000
SIDE, SMALL_SIDE, QUALITY = 1600, 320, 78
_decoding = Semaphore(1)  # one at a time: 40 megapixels take some hundred megabytes while they are unpacked


@dataclass(frozen=True, slots=True)
class PhotoKept:
    photo: UUID


@router.post("/photos", status_code=201)
def upload_photo(
    house: TheHouse,
    who: Actor,
    estate: Annotated[str, Query(max_length=64)],
    photo: Annotated[UploadFile, File(description="JPEG, PNG, WebP, GIF or HEIC, at most 15 MB and 40 megapixels.")],
) -> PhotoKept:
    """Keep a photo; attach it to an issue by its id."""
    return PhotoKept(keep(house, who.estates, estate, who.person, photo.file.read(UPLOAD.largest)))


@router.get(
    "/photos/{photo}",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_photo(photo: UUID, request: Request, house: TheHouse, who: Reader, small: bool = False) -> Response:
    """The photo as JPEG; ``small`` is at most 320 pixels wide or high."""
    estate = house.photos.estate(photo)
    picture = house.photos.fetch(photo, small) if estate in who.estates else None
    if picture is None:
        raise NotFound
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
        "Cache-Control": "private, max-age=600",
    }
    return Response(picture, media_type="image/jpeg", headers=headers)


def keep(house: House, estates: frozenset[str], estate: str, person: UUID, uploaded: bytes) -> UUID:
    """Read, shrink and store what somebody sent. Refuses ``not_a_photo`` and ``photo_too_large``."""
    if estate not in estates:
        raise NotFound
    with _decoding:
        picture = read(uploaded)
    return house.photos.store(_jpeg(picture, SIDE), _jpeg(picture, SMALL_SIDE), estate, person)


def read(uploaded: bytes) -> Image.Image:
    """The picture, made small and turned upright; its size is judged before a pixel is decoded."""
    try:
        picture = Image.open(BytesIO(uploaded), formats=FORMATS)
        if picture.width * picture.height > MOST_PIXELS:
            raise Refusal("photo_too_large", megapixels=MOST_PIXELS // 1_000_000)
        if picture.mode == "P":
            return _small(picture.convert("RGB"))  # indexed colours cannot be mixed
        return _small(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise Refusal("not_a_photo") from None


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
