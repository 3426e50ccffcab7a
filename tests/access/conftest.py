"""Somebody with an account of the test's own."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from services.sessions.accounts import Accounts
from tests.conftest import Demo


@pytest.fixture
def somebody(demo: Demo) -> Iterator[tuple[str, str]]:
    """A new account with its password: a second one of the clerk's person."""
    username = f"u{uuid4().hex[:10]}"
    person = demo.product.part(Accounts).account("clerk")
    assert person is not None
    yield username, demo.product.part(Accounts).create(username, person.person)
