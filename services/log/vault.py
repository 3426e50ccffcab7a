"""The vault: one key per case, person or photo, and what is sealed under it. Destroying a key forgets everything."""

import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.database.database import Database
from services.database.logins import Login
from services.database.pulse import Pulse
from services.log.randomness import random_bytes

KEY_BYTES = 32
NONCE_BYTES = 12
CACHED = 50_000  # keys of about 100 bytes
KEPT_SECONDS = 60.0  # a key that was destroyed elsewhere opens nothing any longer than that
_TRIED = 20  # keys of which one at least must be opened by ours: a broken one is no other key


class _Key(NamedTuple):
    """A subject's key at work: what seals, and what salts of public digests are made from."""

    cipher: AESGCM
    salting: bytes

    @classmethod
    def of(cls, key: bytes) -> "_Key":
        return cls(AESGCM(key), hmac.new(key, b"jinlin salts", hashlib.sha256).digest())


class Vault:
    """``kek`` (32 bytes, kept outside the database) wraps every key."""

    def __init__(self, database: Database, kek: bytes) -> None:
        self._database = database
        self._kek = AESGCM(kek)
        self._cache: OrderedDict[UUID, tuple[_Key, float]] = OrderedDict()  # and when it was read
        self._gone: OrderedDict[UUID, None] = OrderedDict()  # never cached: whoever read one before may be late
        self._lock = Lock()

    @property
    def pulses(self) -> Mapping[Login, Pulse]:
        """Those of the database in which the keys are."""
        return self._database.pulses

    def check(self) -> None:
        """Raise ``WrongKey`` where the keys in the database were wrapped by another key than ours."""
        with self._database.vault.connection() as conn:
            rows = conn.execute(
                "SELECT subject, wrapped FROM vault.keys WHERE wrapped IS NOT NULL LIMIT %s", (_TRIED,)
            ).fetchall()
        if rows and not any(map(self._opens, rows)):
            raise WrongKey("vault.key in JINLIN_DATA does not open this database's vault; use the one it was made with")

    def _opens(self, row: tuple[UUID, bytes]) -> bool:
        try:
            self._unwrap(*row)
        except BrokenKey:
            return False
        return True

    def sealer(self, subject: UUID) -> "Sealer | None":
        """What seals under the subject's key, making one where there is none; ``None`` once it is destroyed.

        The key is durable before this returns. Raises ``BrokenKey``.
        """
        cached = self._cached(subject)
        if cached is None:
            found, wrapped = self._stored(subject)
            if found and wrapped is None:
                return None
            cached = self._keep(subject, self._unwrap(subject, wrapped)) if wrapped else self._make(subject)
        return Sealer(cached.cipher) if cached else None

    def new_key(self, subject: UUID) -> "NewKey":
        """A key for what is just coming into being; whoever stores its first events stores ``wrapped`` with them."""
        drawn = random_bytes(KEY_BYTES + NONCE_BYTES)
        key, nonce = drawn[:KEY_BYTES], drawn[KEY_BYTES:]
        return NewKey(subject, nonce + self._kek.encrypt(nonce, key, subject.bytes), *_Key.of(key))

    def keep(self, new: "NewKey") -> None:
        """A new key has become durable: remember it."""
        self._remember(new.subject, _Key(new.cipher, new.salting))

    def openers(self, subjects: set[UUID]) -> "dict[UUID, Sealer]":
        """What opens under these subjects' keys; destroyed and unknown ones are absent, broken ones open nothing."""
        found = {subject: key for subject in subjects if (key := self._cached(subject)) is not None}
        broken: dict[UUID, Sealer] = {}
        missing = list(subjects - found.keys())
        if missing:
            with self._database.vault.connection() as conn:
                rows = conn.execute(
                    "SELECT subject, wrapped FROM vault.keys WHERE subject = ANY(%s) AND wrapped IS NOT NULL",
                    (missing,),
                ).fetchall()
            for subject, wrapped in rows:
                try:
                    found[subject] = self._keep(subject, self._unwrap(subject, wrapped))
                except BrokenKey:
                    broken[subject] = _Shut()
        return broken | {subject: Sealer(key.cipher) for subject, key in found.items()}

    def saltings(self, subjects: set[UUID]) -> dict[UUID, bytes | None]:
        """What salts are made from, of 32 bytes for each subject; ``None`` where the key is destroyed or broken.

        Subjects that never had a key are absent. Nothing here is kept longer than the keys themselves.
        """
        found: dict[UUID, bytes | None] = {
            subject: key.salting for subject in subjects if (key := self._cached(subject)) is not None
        }
        missing = list(subjects - found.keys())
        if missing:
            with self._database.vault.connection() as conn:
                rows = conn.execute(
                    "SELECT subject, wrapped FROM vault.keys WHERE subject = ANY(%s)", (missing,)
                ).fetchall()
            for subject, wrapped in rows:
                try:
                    found[subject] = self._keep(subject, self._unwrap(subject, wrapped)).salting if wrapped else None
                except BrokenKey:
                    found[subject] = None
        return found

    def destroy(self, subject: UUID) -> None:
        """Destroy the subject's key for good; sealing under it later stores nothing. Twice is as good as once."""
        self.drop_cached(subject)  # first: who reads it until it is gone does not keep it
        with self._database.vault.connection() as conn:
            conn.execute(
                "INSERT INTO vault.keys (subject, wrapped, destroyed_at) VALUES (%s, NULL, now())"
                " ON CONFLICT (subject) DO UPDATE SET wrapped = NULL, destroyed_at = now()"
                " WHERE vault.keys.wrapped IS NOT NULL",
                (subject,),
            )
            conn.execute("VACUUM vault.keys")  # the old row version still holds the key until then

    def drop_cached(self, subject: UUID) -> None:
        """Forget a key that is destroyed, or is about to be, by whichever process; it is not kept again."""
        with self._lock:
            self._cache.pop(subject, None)
            self._gone[subject] = None
            while len(self._gone) > CACHED:
                self._gone.popitem(last=False)

    def _cached(self, subject: UUID) -> _Key | None:
        with self._lock:
            key, since = self._cache.get(subject, (None, 0.0))
            if key is not None and monotonic() - since > KEPT_SECONDS:
                del self._cache[subject]
                return None
            if key is not None:
                self._cache.move_to_end(subject)
            return key

    def _keep(self, subject: UUID, key: bytes) -> _Key:
        return self._remember(subject, _Key.of(key))

    def _remember(self, subject: UUID, key: _Key) -> _Key:
        with self._lock:
            if subject not in self._gone:
                self._cache[subject] = key, monotonic()
            while len(self._cache) > CACHED:
                self._cache.popitem(last=False)
        return key

    def _stored(self, subject: UUID) -> tuple[bool, bytes | None]:
        with self._database.vault.connection() as conn:
            row = conn.execute("SELECT wrapped FROM vault.keys WHERE subject = %s", (subject,)).fetchone()
        return (False, None) if row is None else (True, row[0])

    def _make(self, subject: UUID) -> _Key | None:
        key = random_bytes(KEY_BYTES)
        wrapped = self._wrap(subject, key)
        with self._database.vault.connection() as conn:
            made = conn.execute(
                "INSERT INTO vault.keys (subject, wrapped) VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING 1",
                (subject, wrapped),
            ).fetchone()
        if made:
            return self._keep(subject, key)
        _, stored = self._stored(subject)  # somebody else was first, or it is destroyed
        return self._keep(subject, self._unwrap(subject, stored)) if stored else None

    def _wrap(self, subject: UUID, key: bytes) -> bytes:
        nonce = random_bytes(NONCE_BYTES)
        return nonce + self._kek.encrypt(nonce, key, subject.bytes)

    def _unwrap(self, subject: UUID, wrapped: bytes) -> bytes:
        """The key of a subject. Raises ``BrokenKey``."""
        try:
            key = self._kek.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], subject.bytes)
        except (InvalidTag, ValueError):  # not what was wrapped, or not even long enough
            raise BrokenKey(str(subject)) from None
        if len(key) != KEY_BYTES:
            raise BrokenKey(str(subject))
        return key


class Sealer:
    """Seals and opens under one key (AES-256-GCM); ``bound`` says what the sealed bytes belong to."""

    __slots__ = ("_key",)

    def __init__(self, key: AESGCM) -> None:
        self._key = key

    def seal(self, clear: bytes, bound: bytes) -> bytes:
        nonce = random_bytes(NONCE_BYTES)
        return nonce + self._key.encrypt(nonce, clear, bound)

    def seal_all(self, clear: Sequence[tuple[bytes, bytes]]) -> list[bytes]:
        """``seal`` for several texts, each with what it belongs to: their nonces are drawn together."""
        drawn, encrypt = random_bytes(NONCE_BYTES * len(clear)), self._key.encrypt
        nonces = (drawn[at : at + NONCE_BYTES] for at in range(0, len(drawn), NONCE_BYTES))
        return [nonce + encrypt(nonce, text, bound) for nonce, (text, bound) in zip(nonces, clear, strict=True)]

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        """Raises ``Tampered`` if the bytes were changed or moved elsewhere."""
        try:
            return self._key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
        except (InvalidTag, ValueError):
            raise Tampered(bound.decode("ascii", "replace")) from None


class _Shut(Sealer):
    """Stands for a key that is broken."""

    __slots__ = ()

    def __init__(self) -> None: ...

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        raise BrokenKey


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that is not yet durable: sealed with it is only what becomes durable together with ``wrapped``."""

    subject: UUID
    wrapped: bytes
    cipher: AESGCM
    salting: bytes

    @property
    def sealer(self) -> Sealer:
        return Sealer(self.cipher)


class WrongKey(Exception):
    """The key outside the database does not belong to the vault in it."""


class BrokenKey(Exception):
    """A key in the vault is not what was wrapped under the key outside; what it seals cannot be opened."""


class Tampered(Exception):
    """Sealed bytes do not belong where they stand."""
