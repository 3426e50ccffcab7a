"""A log of the module's own."""

from collections.abc import Iterator

import pytest

from tests.projections.ground import Ground, a_ground


@pytest.fixture(scope="module")
def ground(url: str) -> Iterator[Ground]:
    with a_ground(url) as made:
        yield made
