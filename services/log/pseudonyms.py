"""Ids that tell nothing: always the same for the same thing, and not to be guessed without the product's secret.

A room code, a payer's serial number or the like must stand in no event, URL or log line, and yet each must have one
stream only.
"""

import hashlib
import hmac
from uuid import UUID


class Pseudonyms:
    """``secret``: 32 bytes of this product's own."""

    def __init__(self, secret: bytes) -> None:
        self._keyed = hmac.new(secret, digestmod=hashlib.sha256)

    def of(self, kind: str, *parts: str) -> UUID:
        """The id of one thing of a kind; ``parts`` together tell it apart from the others."""
        said = "".join(f"{len(part)}:{part}" for part in (kind, *parts))  # no two lists of parts read alike
        digest = self._keyed.copy()  # ``hmac.digest`` would give up the interpreter's lock at every call
        digest.update(said.encode())
        return UUID(bytes=digest.digest()[:16])

    def dwelling(self, estate: str, building: str, stairwell: str | None, room: str) -> UUID:
        """A dwelling's id, which is its stream."""
        return self.of("dwelling", estate, building, stairwell or "", room)
