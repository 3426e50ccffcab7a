"""Files of the asset build: content-hashed names, so browsers keep them for ever; packed beforehand."""

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response

from services.console.signs import STATIC, STATIC_URL
from services.http.packing import takes
from services.log.not_found import NotFound

router = APIRouter(include_in_schema=False)

_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
}


@router.get(STATIC_URL + "/{name}")
async def static_file(name: str, request: Request) -> Response:  # on no thread: all of them may be waiting
    path = STATIC / name
    if path.parent != STATIC or path.suffix not in _TYPES or not path.is_file():
        raise NotFound
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    packed = Path(f"{path}.gz")
    if takes(request.headers.get("accept-encoding")).gzip and packed.is_file():
        path, headers["Content-Encoding"] = packed, "gzip"
    kind = _TYPES[Path(name).suffix]
    return FileResponse(path, media_type=kind, headers=headers)
