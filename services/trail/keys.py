"""The trail's own keys: what signs the log's checkpoints, and the secret by which streams are named in it.

They lie in one file of mode 0600 in the data folder, outside the database, and sealed in backups. A new signing key
signs beside the old one for a while, so that nobody who checks has to change keys on a certain day.
"""

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from services.database.installation import KEY_BYTES, TRAIL_KEY, write_whole
from services.tlog.note import Signer, Verifier, checked_name
from services.tlog.refusals import Malformed


class TrailKeyMissing(Exception):
    """The trail's keys are not there, or are none; the text says what follows and what to do."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """``seed`` of Ed25519. ``until`` is set once another one has taken over: until then both sign."""

    seed: bytes = field(repr=False)
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrailKeys:
    """``origin`` is the log's name, and that of its keys. ``secret``: 32 bytes."""

    origin: str
    secret: bytes = field(repr=False)
    signing: tuple[SigningKey, ...]

    @classmethod
    def new(cls, origin: str, now: datetime) -> "TrailKeys":
        return cls(
            checked_name(origin), secrets.token_bytes(KEY_BYTES), (SigningKey(secrets.token_bytes(KEY_BYTES), now),)
        )

    @classmethod
    def read(cls, body: bytes) -> "TrailKeys":
        """Out of ``body()``. Raises ``ValueError``."""
        said = json.loads(body)
        signing = tuple(
            SigningKey(
                bytes.fromhex(each["seed"]),
                datetime.fromisoformat(each["since"]),
                datetime.fromisoformat(each["until"]) if each["until"] else None,
            )
            for each in said["signing"]
        )
        keys = cls(checked_name(said["origin"]), bytes.fromhex(said["secret"]), signing)
        if len(keys.secret) != KEY_BYTES or not signing or any(len(each.seed) != KEY_BYTES for each in signing):
            raise ValueError("a key has another length")
        return keys

    def body(self) -> bytes:
        signing = [
            {
                "seed": each.seed.hex(),
                "since": each.since.isoformat(),
                "until": each.until.isoformat() if each.until else None,
            }
            for each in self.signing
        ]
        said = {"origin": self.origin, "secret": self.secret.hex(), "signing": signing}
        return (json.dumps(said, indent=1) + "\n").encode()

    @property
    def mark(self) -> str:
        """Tells the secret from every other one, and nothing else about it."""
        return hmac.new(self.secret, b"jinlin trail", hashlib.sha256).hexdigest()[:32]

    def signers(self, now: datetime) -> tuple[Signer, ...]:
        """All that sign now, the newest last."""
        going_on = [each for each in self.signing if each.until is None or each.until > now]
        return tuple(Signer(self.origin, each.seed) for each in going_on)

    def verifiers(self) -> tuple[Verifier, ...]:
        """Those of all keys that ever signed."""
        return tuple(Signer(self.origin, each.seed).verifier for each in self.signing)

    def rotated(self, now: datetime, until: datetime) -> "TrailKeys":
        """With a new signing key, beside which the present ones sign ``until`` then."""
        earlier = tuple(replace(each, until=min(each.until or until, until)) for each in self.signing)
        return replace(self, signing=(*earlier, SigningKey(secrets.token_bytes(KEY_BYTES), now)))

    def called(self, origin: str) -> "TrailKeys":
        """The same under another name, as which a log goes on whose history has changed."""
        return replace(self, origin=checked_name(origin))


def kept_keys(data: Path) -> TrailKeys | None:
    """The keys of a data folder; ``None`` where there are none. Raises ``TrailKeyMissing``."""
    path = data / TRAIL_KEY
    if not path.exists():
        return None
    try:
        return TrailKeys.read(path.read_bytes())
    except (ValueError, LookupError, TypeError, Malformed):
        raise TrailKeyMissing(f"{path} holds no keys of an audit trail. {REMEDY}") from None


def keep_keys(data: Path, keys: TrailKeys) -> None:
    """Write them down, whole or not at all."""
    write_whole(data / TRAIL_KEY, keys.body())


def own_keys(data: Path, mark: str | None, origin: str, now: datetime) -> TrailKeys:
    """The keys that belong to the trail in the database; made now, for a log called ``origin``, only where it has none.

    ``mark`` is what the database tells of their secret, if anything was ever put into its trail. Raises
    ``TrailKeyMissing``.
    """
    keys = kept_keys(data)
    if keys is None:
        if mark is not None:
            raise TrailKeyMissing(f"{data / TRAIL_KEY} is missing, and the audit trail was begun. {REMEDY}")
        keys = TrailKeys.new(origin, now)
        keep_keys(data, keys)
    if mark is not None and keys.mark != mark:
        raise TrailKeyMissing(f"{data / TRAIL_KEY} is that of another audit trail, not of this database's. {REMEDY}")
    return keys


def origin_for(public_url: str | None, installation: UUID | None) -> str:
    """A name for a new log that no other one has: where it can be reached, as far as that is known, and a number."""
    host = urlsplit(public_url or "").hostname or "jinlin.invalid"
    return f"{host}/{(installation or uuid4()).hex[:8]}"


def mark_in(conn: Any) -> str | None:
    """What the database tells of the secret; ``None`` where the trail was not begun."""
    if conn.execute("SELECT to_regclass('trail.head')").fetchone() == (None,):
        return None
    row = conn.execute("SELECT mark FROM trail.head").fetchone()
    return str(row[0]) if row else None


REMEDY = (
    "Without the right one receipts given for what was reported and paid cannot be explained any more, and no"
    " checkpoint can be signed, so no other one is made or used. Put the file back from where it is kept, or out of a"
    " backup: jinlin restore FOLDER --keys-only"
)
