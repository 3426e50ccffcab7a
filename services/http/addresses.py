"""Addresses of the product as browsers reach it: they are printed and given out."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request

from services.product import Product


def origin(product: Product, request: Request) -> str:
    """Where browsers reach the product, without a slash at its end."""
    return product.settings.public_url or str(request.base_url).rstrip("/")


def opens_here_only(address: str) -> bool:
    """Whether an address leads every machine to itself, so that no other one opens it."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
