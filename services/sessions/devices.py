"""Browsers that signed in before: what they keep is signed and says nothing; who tries there is no stranger."""

import base64
import binascii
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from psycopg import Connection

from services.database.database import Row

KEPT = timedelta(days=180)  # a browser that nobody signs in with for so long is a stranger again
_DRAWN, _SIGNED = 18, 18  # bytes, so that both are written without padding


class DeviceTokens:
    """``secret``: 32 bytes of this product's own. A made-up token costs no look into the database."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"device", hashlib.sha256)

    def new(self) -> str:
        drawn = secrets.token_bytes(_DRAWN)
        return base64.urlsafe_b64encode(drawn + self._signature(drawn)).decode()

    def digest(self, token: str | None) -> bytes | None:
        """What is kept of a token; ``None`` for one that this product did not sign."""
        if not token or len(token) != (_DRAWN + _SIGNED) * 4 // 3 or not token.isascii():
            return None
        try:
            given = base64.b64decode(token, altchars=b"-_", validate=True)
        except binascii.Error:
            return None
        if not hmac.compare_digest(given[_DRAWN:], self._signature(given[:_DRAWN])):
            return None
        return hashlib.sha256(given[:_DRAWN]).digest()

    def _signature(self, drawn: bytes) -> bytes:
        return hmac.digest(self._key, drawn, hashlib.sha256)[:_SIGNED]


def knows(conn: Connection[Row], device: bytes, username: str, now: datetime) -> bool:
    """Whether the account has signed in with this browser lately."""
    found = conn.execute(
        "SELECT 1 FROM access.devices WHERE device = %s AND username = %s AND seen_at > %s",
        (device, username, now - KEPT),
    )
    return found.fetchone() is not None


def remember(conn: Connection[Row], device: bytes, username: str, now: datetime) -> None:
    """The account has signed in with it."""
    conn.execute(
        "INSERT INTO access.devices (device, username, first_at, seen_at) VALUES (%(device)s, %(of)s, %(now)s, %(now)s)"
        " ON CONFLICT (device, username) DO UPDATE SET seen_at = %(now)s",
        {"device": device, "of": username, "now": now},
    )


def forget(conn: Connection[Row], username: str) -> None:
    """Every browser of the account is a stranger again."""
    conn.execute("DELETE FROM access.devices WHERE username = %s", (username,))
