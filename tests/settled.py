"""The demo as it would be under other settings."""

from dataclasses import replace
from typing import Any

from starlette.testclient import TestClient

from services.running.app import create_app
from tests.conftest import Demo


def settled(demo: Demo, **settings: Any) -> Demo:
    """The same product, its settings changed; clients come by the address that it has then."""
    product = replace(demo.product, settings=replace(demo.product.settings, **settings))
    app = create_app(product)

    def client() -> TestClient:
        return TestClient(app, base_url=product.settings.origin, raise_server_exceptions=False)

    return replace(demo, product=product, client=client)
