"""The cookie of a browser in which somebody signed in before: no stranger, although nobody is signed in there now."""

from fastapi import Request

from services.product import Product
from services.sessions.devices import DeviceTokens

DEVICE, SECURE_DEVICE = "jinlin-device", "__Host-jinlin-device"


def device_in(request: Request) -> str | None:
    """What the browser keeps, whoever made it."""
    product: Product = request.app.state.product
    return request.cookies.get(SECURE_DEVICE if product.settings.secure else DEVICE)


def device_of(request: Request) -> bytes | None:
    """The digest of what the browser keeps, if this product gave it out; told without the database."""
    product: Product = request.app.state.product
    kept = device_in(request)
    return DeviceTokens(product.secret).digest(kept) if kept else None
