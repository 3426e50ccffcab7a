"""The cookie that keeps a session in the browser."""

from fastapi import Response

from services.http.who import COOKIE, SECURE_COOKIE
from services.product import House


def set_cookie(response: Response, house: House, token: str) -> None:
    """Keep the session in the browser; over TLS in a cookie that no other host can set."""
    secure = house.settings.secure
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE, token, httponly=True, secure=secure, samesite="lax", path="/"
    )


def clear_cookie(response: Response, house: House) -> None:
    secure = house.settings.secure
    response.delete_cookie(SECURE_COOKIE if secure else COOKIE, httponly=True, secure=secure, samesite="lax", path="/")
