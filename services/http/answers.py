"""Answers that are files."""

from fastapi import Response

from services.http.handed_out import Taking, handed_out

PDF = "application/pdf"


def pdf(data: bytes, name: str, taking: Taking) -> Response:
    """A PDF that is shown and kept by nobody on the way; that somebody takes it is on record."""
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return handed_out(taking, Response(data, media_type=PDF, headers=headers))


PDF_RESPONSES: dict[int | str, dict[str, object]] = {
    200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}
}
