"""The cookie that keeps a session in the browser."""

from fastapi import Response

from services.http.who import COOKIE, SECURE_COOKIE
from services.product import Product


def set_cookie(response: Response, product: Product, token: str) -> None:
    """Keep the session in the browser; over TLS in a cookie that no other host can set."""
    secure = product.settings.secure
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE, token, httponly=True, secure=secure, samesite="lax", path="/"
    )


def clear_cookie(response: Response, product: Product) -> None:
    secure = product.settings.secure
    response.delete_cookie(SECURE_COOKIE if secure else COOKIE, httponly=True, secure=secure, samesite="lax", path="/")
