"""Passwords: Argon2id under a bound of cores, drawn ones that can be read aloud, and what makes one unusable."""

import os
import secrets
from threading import Semaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from domain.refusal import reject_if

SHORTEST, LONGEST = 8, 256
_COMMON = frozenset(
    [
        "password",
        "12345678",
        "123456789",
        "1234567890",
        "qwertyui",
        "qwerty123",
        "11111111",
        "88888888",
        "66666666",
        "00000000",
        "87654321",
        "abcd1234",
        "a1234567",
        "aa123456",
        "woaini520",
        "iloveyou",
        "admin123",
        "password1",
        "passw0rd",
        "1qaz2wsx",
        "qazwsxedc",
    ]
)
_DRAWN_FROM = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken when read aloud


class Passwords:
    """Hashes and verifies on as many cores as there are; strangers leave one of them to those who are known.

    Who waits for a core is bounded by those who ask.
    """

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
        cores = os.cpu_count() or 1
        self._cores = Semaphore(cores)
        self._strangers = Semaphore(max(1, cores - 1))
        self.nobodys = self._hasher.hash(secrets.token_hex(8))  # verified for unknown accounts: the time is the same

    def hashed(self, password: str) -> str:
        """The hash to keep."""
        with self._cores:
            return self._hasher.hash(_bytes(password))

    def verified(self, kept: str, password: str, *, known: bool) -> bool:
        """Whether the password is the one that was hashed; ``known`` is whoever is no stranger."""
        with self._cores if known else self._strangers:
            try:
                return self._hasher.verify(kept, _bytes(password))
            except (VerificationError, InvalidHashError):
                return False

    def outdated(self, kept: str) -> bool:
        """Whether a hash was made with weaker figures than today's."""
        return self._hasher.check_needs_rehash(kept)


def check_new(password: str, username: str) -> None:
    """Refuse ``password_too_short``, ``password_too_long`` and ``password_common``."""
    reject_if(len(password) < SHORTEST, "password_too_short", least=SHORTEST)
    reject_if(len(password) > LONGEST, "password_too_long", most=LONGEST)
    reject_if(password.lower() in _COMMON or password.lower() == username, "password_common")


def drawn_password() -> str:
    """Twelve characters in three groups, easy to read aloud, about 59 bits."""
    groups = ("".join(secrets.choice(_DRAWN_FROM) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
