"""Answers that are files."""

from fastapi import Response

PDF = "application/pdf"


def pdf(data: bytes, name: str) -> Response:
    """A PDF that is shown and kept by nobody on the way."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return Response(data, media_type=PDF, headers=headers)


PDF_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}
}
