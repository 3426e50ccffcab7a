"""Letters by HTTP, to addresses that a setting names."""

import http.client

from services.runtime.outward import Errand, Unreached, run


class Refused(Exception):
    """It was not sent, or not taken; the text is a word for it and holds nothing of what was sent."""


def post(url: str, body: bytes, headers: dict[str, str], *, private: bool) -> bytes:
    """The beginning of what was answered. Raises ``Refused`` or ``OSError``."""
    kind = {"Content-Type": "application/json; charset=utf-8"}
    try:
        said = run(Errand(url, body, kind | headers, private))
    except Unreached as wrong:
        raise Refused(str(wrong)) from None
    except http.client.HTTPException as wrong:
        raise Refused(type(wrong).__name__) from None
    if not 200 <= said.status < 300:
        raise Refused(f"status_{said.status}")
    return said.body
