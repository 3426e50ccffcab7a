"""What stands behind the code on a receipt: which payment it is about, signed, so that nobody can make one up."""

import base64
import binascii
import hashlib
import hmac
from typing import NamedTuple
from uuid import UUID

_SIGNED = 12  # bytes of the signature: the ids before it are as hard to guess
_LONGEST = 100


class Receipted(NamedTuple):
    """A payment on the account of a dwelling, by ids that tell nothing."""

    dwelling: UUID
    payment: UUID


class ReceiptTokens:
    """``secret``: 32 bytes of this product's own."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hmac.digest(secret, b"receipt", hashlib.sha256)

    def of(self, dwelling: UUID, payment: UUID) -> str:
        """The last part of the address that a receipt's code leads to."""
        said = dwelling.bytes + payment.bytes
        return base64.urlsafe_b64encode(said + self._signature(said)).decode().rstrip("=")

    def read(self, token: str) -> Receipted | None:
        """What the token is about; ``None`` for one that this product did not sign, or that was changed."""
        if len(token) > _LONGEST or not token.isascii():
            return None
        try:
            given = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        except binascii.Error:
            return None
        if len(given) != 32 + _SIGNED:
            return None
        found = Receipted(UUID(bytes=given[:16]), UUID(bytes=given[16:32]))
        # compared as it is written: the last sign has bits to spare, and only one way of writing it is ours
        return found if hmac.compare_digest(token, self.of(*found)) else None

    def _signature(self, said: bytes) -> bytes:
        return hmac.digest(self._secret, said, hashlib.sha256)[:_SIGNED]
