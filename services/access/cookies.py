"""The cookies that keep in a browser whose session it has, and that somebody signed in with it before."""

from fastapi import Response

from services.http.devices import DEVICE, SECURE_DEVICE
from services.http.who import COOKIE, SECURE_COOKIE
from services.product import Product
from services.sessions.devices import KEPT


def set_cookie(response: Response, product: Product, token: str) -> None:
    """Keep the session in the browser; over TLS in a cookie that no other host can set."""
    secure = product.settings.secure
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE, token, httponly=True, secure=secure, samesite="lax", path="/"
    )


def clear_cookie(response: Response, product: Product) -> None:
    secure = product.settings.secure
    response.delete_cookie(SECURE_COOKIE if secure else COOKIE, httponly=True, secure=secure, samesite="lax", path="/")


def set_device(response: Response, product: Product, token: str) -> None:
    """Keep that somebody signed in here; it says nothing, opens nothing, and stays when a session ends."""
    secure, seconds = product.settings.secure, int(KEPT.total_seconds())
    response.set_cookie(
        SECURE_DEVICE if secure else DEVICE,
        token,
        max_age=seconds,
        httponly=True,
        secure=secure,
        samesite="lax",
        path="/",
    )
