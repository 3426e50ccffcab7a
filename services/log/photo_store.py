"""Photos, sealed under a key of their own; the case that holds them destroys it with its own."""

from uuid import UUID

from services.database.database import Database
from services.log.randomness import new_id
from services.log.vault import Vault


class PhotoStore:
    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    def store(self, picture: bytes, small: bytes, estate: str, taken_by: UUID) -> UUID:
        """Keep a JPEG and its small copy; answers the photo's id."""
        photo = new_id()
        sealer = self._vault.sealer(photo)
        assert sealer is not None  # a new id has a new key
        with self._database.lend([estate]) as conn:
            conn.execute(
                "INSERT INTO log.photos (photo, estate, taken_by, sealed, sealed_small) VALUES (%s, %s, %s, %s, %s)",
                (
                    photo,
                    estate,
                    taken_by,
                    sealer.seal(picture, _bound(photo, False)),
                    sealer.seal(small, _bound(photo, True)),
                ),
            )
        return photo

    def estate(self, photo: UUID) -> str | None:
        """The estate in which it was taken; ``None`` if there is no such photo."""
        with self._database.lend_by_id() as conn:
            row = conn.execute("SELECT estate FROM log.photos WHERE photo = %s", (photo,)).fetchone()
        return row[0] if row else None

    def fetch(self, photo: UUID, small: bool = False) -> bytes | None:
        """The JPEG; ``None`` once forgotten or if there is no such photo."""
        column = "sealed_small" if small else "sealed"
        with self._database.lend_by_id() as conn:
            row = conn.execute(f"SELECT {column} FROM log.photos WHERE photo = %s", (photo,)).fetchone()
        opener = self._vault.openers({photo}).get(photo)
        return opener.open(row[0], _bound(photo, small)) if row and opener else None


def _bound(photo: UUID, small: bool) -> bytes:
    return f"photo|{photo}|{'small' if small else 'whole'}".encode()
