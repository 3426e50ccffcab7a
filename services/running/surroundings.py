"""What the product notices of the machine and the network around it, for those who run it."""

from typing import Protocol, runtime_checkable

from services.product import Product
from services.runtime.settings import Settings


@runtime_checkable
class Notes(Protocol):
    """A part that has something to say to those who run the product."""

    def notes(self) -> list[str]: ...


def notes(product: Product) -> list[str]:
    """What they should know while it serves; told without waiting for anything."""
    own = [note for part in product.parts.values() if isinstance(part, Notes) for note in part.notes()]
    return [*own, *_of_proxies(product.settings)]


def _of_proxies(settings: Settings) -> list[str]:
    """TLS ends at a proxy; one that is not named tells nobody's address but its own."""
    if settings.secure and not settings.proxies:
        return ["JINLIN_PROXIES is not set: everybody behind the proxy of JINLIN_PUBLIC_URL has one address"]
    return []
