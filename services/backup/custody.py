"""The keys of an installation in its backups: sealed for a recovery key that people keep, on paper, elsewhere.

Whoever takes a backup needs its public half alone, so the schedule can seal and nobody has to type. X25519 with a key
made for each sealing, HKDF-SHA256, AES-256-GCM.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from services.database.installation import KEY_BYTES, PRODUCT_KEY, TRAIL_KEY, VAULT_KEY, fingerprint

_CHECK = 3  # bytes behind the key by which a mistyped one is told from a wrong one
_GROUP = 4
_INFO = b"jinlin recovery 1"
_NONCE = bytes(12)  # each sealing has a key of its own


class KeyRefused(Exception):
    """A key does not belong to the backup, or is missing; the text says which and what would be lost."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Both keys of an installation, and beside them what its audit trail signs with: ``trail`` is its file as it is.

    It is empty where there was no trail yet.
    """

    vault: bytes
    product: bytes
    trail: bytes = b""

    @classmethod
    def kept_in(cls, data: Path) -> "Pair":
        """Those of a data folder that has them."""
        trail = data / TRAIL_KEY
        vault, product = ((data / name).read_bytes() for name in (VAULT_KEY, PRODUCT_KEY))
        return cls(vault, product, trail.read_bytes() if trail.exists() else b"")

    @property
    def fingerprints(self) -> dict[str, str]:
        return {VAULT_KEY: fingerprint(self.vault), PRODUCT_KEY: fingerprint(self.product)}


class RecoveryKey:
    """``text`` is what people keep: 56 letters and digits in groups of four."""

    def __init__(self, private: X25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def new(cls) -> "RecoveryKey":
        return cls(X25519PrivateKey.generate())

    @classmethod
    def read(cls, text: str) -> "RecoveryKey":
        """However it was typed: small letters, spaces and lines do not matter. Raises ``KeyRefused``."""
        signs = "".join(text.split()).replace("-", "").upper()
        try:
            told = base64.b32decode(signs)
        except (binascii.Error, ValueError):
            told = b""
        key, check = told[:-_CHECK], told[-_CHECK:]
        if len(key) != KEY_BYTES or hashlib.sha256(key).digest()[:_CHECK] != check:
            raise KeyRefused("this is no recovery key, which has 14 groups of 4 letters and digits; look again")
        return cls(X25519PrivateKey.from_private_bytes(key))

    @property
    def text(self) -> str:
        key = self._private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        signs = base64.b32encode(key + hashlib.sha256(key).digest()[:_CHECK]).decode()
        return "-".join(signs[at : at + _GROUP] for at in range(0, len(signs), _GROUP))

    @property
    def public(self) -> bytes:
        return _raw(self._private.public_key())

    def open(self, sealed: bytes, installation: UUID) -> Pair:
        """The keys that were sealed for this one. Raises ``KeyRefused``."""
        made, box = X25519PublicKey.from_public_bytes(sealed[:KEY_BYTES]), sealed[KEY_BYTES:]
        try:
            both = _cipher(self._private.exchange(made), sealed[:KEY_BYTES], self.public).decrypt(
                _NONCE, box, installation.bytes
            )
        except InvalidTag:
            raise KeyRefused(
                "this recovery key does not open these backups, which were sealed for another one. Without the right"
                " one, or the files vault.key and product.key themselves (--keys FOLDER), nobody can read what is"
                " personal in them"
            ) from None
        return Pair(both[:KEY_BYTES], both[KEY_BYTES : 2 * KEY_BYTES], both[2 * KEY_BYTES :])


def seal(pair: Pair, public: bytes, installation: UUID) -> bytes:
    """All keys for whoever holds the private half."""
    once = X25519PrivateKey.generate()
    made = _raw(once.public_key())
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return made + _cipher(shared, made, public).encrypt(
        _NONCE, pair.vault + pair.product + pair.trail, installation.bytes
    )


def _cipher(shared: bytes, made: bytes, public: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, made + public, _INFO).derive(shared))


def _raw(key: X25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
