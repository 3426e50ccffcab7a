"""Session tokens: drawn at random, with a mark by which the product knows its own without asking the database."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

_DRAWN, _MARK = 43, 16  # characters: 256 bits drawn, 96 bits of mark


class Tokens:
    """What nobody outside can make up. A token of ours may belong to a session that has ended; the database knows."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def draw(self) -> str:
        """A new token."""
        drawn = secrets.token_urlsafe(32)
        return drawn + self._mark(drawn)

    def is_ours(self, token: str) -> bool:
        """Whether this product gave it out."""
        drawn, mark = token[:_DRAWN], token[_DRAWN:]
        return len(mark) == _MARK and mark.isascii() and hmac.compare_digest(mark, self._mark(drawn))

    def _mark(self, drawn: str) -> str:
        said = b"session token|" + drawn.encode("utf-8", "surrogatepass")
        return urlsafe_b64encode(hmac.new(self._secret, said, hashlib.sha256).digest()[:12]).decode()
