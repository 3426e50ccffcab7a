"""What the tests of the desk do to a trail: let it grow, alter a leaf as a superuser, read an archive."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import ZipFile

import psycopg

from services.trail.publishing import Publisher
from tests.clock import PATIENCE
from tests.conftest import Demo


class _Grown:
    """Called, it waits until the trail has the whole log, and signs a checkpoint of it."""

    def __call__(self, demo: Demo) -> None:
        product = demo.product
        demo.caught_up()
        assert product.positions.wait("trail", product.log.last_position(), PATIENCE)
        with product.database.app.connection() as conn:
            product.part(Publisher).publish(conn)

    @contextmanager
    def altered(self, demo: Demo, index: int) -> Iterator[None]:
        """Somebody with all rights rewrites one entry; afterwards it is what it was."""
        with psycopg.connect(demo.url, autocommit=True) as conn:
            conn.execute("ALTER TABLE trail.entry DISABLE TRIGGER USER")
            row = conn.execute("SELECT entry FROM trail.entry WHERE idx = %s", (index,)).fetchone()
            assert row is not None
            other = bytes(row[0]).replace(b'"pos":', b'"pos":9')
            conn.execute("UPDATE trail.entry SET entry = %s WHERE idx = %s", (other, index))
            try:
                yield
            finally:
                conn.execute("UPDATE trail.entry SET entry = %s WHERE idx = %s", (row[0], index))
                conn.execute("ALTER TABLE trail.entry ENABLE TRIGGER USER")


grown = _Grown()


class _Archived:
    """The files of an archive in memory."""

    def __init__(self, packed: bytes) -> None:
        self._zip = ZipFile(BytesIO(packed))

    def names(self) -> Iterable[str]:
        return self._zip.namelist()

    def read(self, name: str, most: int) -> bytes:
        return self._zip.read(name)


def archived(packed: bytes) -> _Archived:
    return _Archived(packed)
