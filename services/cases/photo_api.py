"""Photos in and out: read within limits, made small, stripped of everything but the picture, sealed."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Query, Request, Response, UploadFile

from services.cases.photo_keeping import keep
from services.http.border import Upload
from services.http.who import Actor, TheProduct
from services.log.not_found import NotFound

router = APIRouter(prefix="/api/v1", tags=["photos"])
UPLOAD = Upload("/photos$", 15_000_000)


@dataclass(frozen=True, slots=True)
class PhotoKept:
    photo: UUID


@router.post("/photos", status_code=201)
def upload_photo(
    product: TheProduct,
    who: Actor,
    estate: Annotated[str, Query(max_length=64)],
    photo: Annotated[
        UploadFile,
        File(
            description="JPEG, PNG, WebP, GIF or HEIC, at most 15 MB and 40 megapixels; HEIC up to 64, JPEG up to 250."
        ),
    ],
) -> PhotoKept:
    """Keep a photo; attach it to an issue by its id."""
    return PhotoKept(keep(product, who.estates, estate, who.person, photo.file.read(UPLOAD.largest)))


@router.get(
    "/photos/{photo}",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_photo(photo: UUID, request: Request, product: TheProduct, who: Actor, small: bool = False) -> Response:
    """The photo as JPEG; ``small`` is at most 320 pixels wide or high.

    It may show a home, so only those see it who work on cases.
    """
    estate = product.photos.estate(photo)
    picture = product.photos.fetch(photo, small) if estate in who.estates else None
    if picture is None:
        raise NotFound
    headers = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline",
        "Cache-Control": "private, max-age=600",
    }
    return Response(picture, media_type="image/jpeg", headers=headers)
