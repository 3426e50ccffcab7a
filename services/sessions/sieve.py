"""A sieve before Argon2: fifteen of sixteen wrong passwords are told at once, so that a flood of them takes no turn.

What is kept are four bits of an HMAC under the product's own secret. To whoever has the database alone they say
nothing; whoever has the secret as well tries passwords sixteen times as fast, at Argon2's price for each that is left.
"""

import hashlib
import hmac

_MARKED = 4  # bytes that tell under which secret a sieve was made
_FINENESS = 0x0F


class Sieve:
    """``secret``: 32 bytes of this product's own."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"sieve", hashlib.sha256)
        self._mark = hashlib.sha256(self._key).digest()[:_MARKED]

    def of(self, username: str, password: str) -> bytes:
        """What is kept of a password."""
        said = f"{len(username)}:{username}{password}".encode("utf-8", "surrogatepass")
        return self._mark + bytes([hmac.digest(self._key, said, hashlib.sha256)[0] & _FINENESS])

    def nobodys(self, username: str) -> bytes:
        """For an account that does not exist: it lets through as many passwords as any other."""
        return self._mark + bytes([hmac.digest(self._key, username.encode(), hashlib.sha512)[0] & _FINENESS])

    def made(self, kept: bytes | None) -> bool:
        """Whether it was made, and under this secret; otherwise Argon2 alone can tell."""
        return kept is not None and kept[:_MARKED] == self._mark

    def passes(self, kept: bytes | None, username: str, password: str) -> bool:
        """Whether the password may be the right one."""
        return not self.made(kept) or kept == self.of(username, password)
