"""What a browser keeps for a person until it is sent is sealed under that person's own key.

Only pages of the person carry the key, so whoever signs in next at the same desk can neither read nor send it.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Keeper:
    """``tag`` tells one person's things from another's and names nobody; ``key`` opens them: 256 bits, in base64."""

    tag: str
    key: str


def keeper_of(secret: bytes, person: UUID) -> Keeper:
    """``secret``: 32 bytes of this product's own."""
    tag = hmac.digest(secret, b"keeps for|" + person.bytes, hashlib.sha256).hex()[:24]
    key = hmac.digest(secret, b"seals for|" + person.bytes, hashlib.sha256)
    return Keeper(tag, base64.b64encode(key).decode())
