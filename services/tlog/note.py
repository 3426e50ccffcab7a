"""Signed notes (C2SP signed-note): a text, an empty line, and a line for every signature under it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.tlog.refusals import Malformed, Unproven
from services.tlog.spelling import base64_bytes, base64_text, utf8

ED25519 = 0x01
COSIGNATURE = 0x04
MOST_NOTE = 1_000_000  # bytes
MOST_SIGNATURES = 100
PUBLIC_KEY = 32
_LINE = re.compile(r"— (\S+) ([A-Za-z0-9+/]+=*)")
_SECRET = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: ``value`` is what stands behind the four bytes of the key's id."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        """Without its newline."""
        return f"— {self.name} {base64_text(self.key_id + self.value)}"

    @classmethod
    def parse(cls, line: str) -> Self:
        found = _LINE.fullmatch(line)
        if not found:
            raise Malformed("bad_signature_line", f"This is no line of a signature: {line[:60]!r}.")
        name, written = found.groups()
        data = base64_bytes(written, "signature")
        if len(data) < 5:
            raise Malformed("bad_signature_line", "A signature is too short to have a key's id and a value.")
        return cls(checked_name(name), data[:4], data[4:])


@dataclass(frozen=True, slots=True)
class Note:
    """``text`` ends in a newline."""

    text: str
    signatures: tuple[Signature, ...]

    def written(self) -> str:
        return self.text + "\n" + "".join(signature.line() + "\n" for signature in self.signatures)

    def with_more(self, signatures: Iterable[Signature]) -> "Note":
        """With further signatures; one that stands there already is not doubled."""
        return Note(self.text, tuple(dict.fromkeys((*self.signatures, *signatures))))


def parse_note(raw: bytes | str) -> Note:
    """Reads what somebody handed in; nothing is verified yet. Raises ``Malformed``."""
    text = utf8(raw, "note", MOST_NOTE)
    body, gap, lines = text.rpartition("\n\n")
    if not gap or not body or not lines.endswith("\n"):
        raise Malformed("not_a_note", "This is no signed note: the signatures behind an empty line are missing.")
    written = lines[:-1].split("\n")
    if len(written) > MOST_SIGNATURES:
        raise Malformed("too_many_signatures", f"The note has {len(written)} signatures.")
    return Note(body + "\n", tuple(Signature.parse(line) for line in written))


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with the name and the kind under which it signs."""

    name: str
    public_key: bytes
    kind: int = ED25519
    key_id: bytes = field(init=False)

    def __post_init__(self) -> None:
        checked_name(self.name)
        if self.kind not in (ED25519, COSIGNATURE):
            raise Malformed("unknown_kind", f"Keys of kind {self.kind:#04x} are not known here.")
        if len(self.public_key) != PUBLIC_KEY:
            raise Malformed("bad_key", f"The key has {len(self.public_key)} bytes instead of {PUBLIC_KEY}.")
        if _is_weak(self.public_key):
            raise Malformed("bad_key", f"The key of {self.name} is one under which anybody can sign.")
        object.__setattr__(self, "key_id", _key_id(self.name, bytes([self.kind]) + self.public_key))

    @classmethod
    def parse(cls, vkey: str, kind: int = ED25519) -> Self:
        """Out of a key as people hand it round: ``<name>+<8 hex digits>+<Base 64>``, which must be of ``kind``."""
        name, key_id, material = _three_parts(vkey)
        data = base64_bytes(material, "key")
        if data[:1] != bytes([kind]):
            wanted, got = _KINDS[kind], _KINDS.get(data[0] if data else 0, "an unknown kind of key")
            raise Malformed("wrong_kind", f"The key of {name} is {got}; {wanted} was wanted.")
        verifier = cls(name, data[1:], kind)
        if verifier.key_id.hex() != key_id:
            raise Malformed("key_id_differs", f"The key of {name} was altered: its short number does not belong to it.")
        return verifier

    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64_text(bytes([self.kind]) + self.public_key)}"

    def made(self, signature: Signature) -> bool:
        """Whether the signature says of itself that it is by this key."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def verify(self, message: bytes, signature: bytes) -> None:
        """Raises ``Unproven``."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise Unproven("bad_signature", f"The signature of {self.name} does not belong to this text.") from None


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with the name and the kind under which it signs. Its ``repr`` says nothing of the key."""

    name: str
    seed: bytes = field(repr=False)
    kind: int = ED25519
    verifier: Verifier = field(init=False)

    def __post_init__(self) -> None:
        if len(self.seed) != PUBLIC_KEY:
            raise Malformed("bad_key", f"The private key has {len(self.seed)} bytes instead of {PUBLIC_KEY}.")
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        object.__setattr__(self, "verifier", Verifier(self.name, public, self.kind))

    @classmethod
    def generated(cls, name: str, kind: int = ED25519) -> Self:
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw(), kind)

    @classmethod
    def parse(cls, secret: str, kind: int = ED25519) -> Self:
        """Out of ``secret()``, the form in which Go's tools keep such keys."""
        if not secret.startswith(_SECRET):
            raise Malformed("bad_key", "This is no private key of a note.")
        name, key_id, material = _three_parts(secret.removeprefix(_SECRET))
        data = base64_bytes(material, "private key") if material.isascii() else b""
        if data[:1] != bytes([kind]):
            raise Malformed("wrong_kind", f"The private key of {name} is not {_KINDS[kind]}.")
        signer = cls(name, data[1:], kind)
        if signer.verifier.key_id.hex() != key_id:
            raise Malformed("key_id_differs", f"The private key of {name} was altered.")
        return signer

    def secret(self) -> str:
        """The private key as text: to be kept as one keeps a key."""
        material = base64_text(bytes([self.kind]) + self.seed)
        return f"{_SECRET}{self.name}+{self.verifier.key_id.hex()}+{material}"

    def raw(self, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)

    def signed(self, text: str) -> Signature:
        """A signature of the note's text itself (kind 0x01)."""
        if self.kind != ED25519:
            raise Malformed("wrong_kind", f"The key of {self.name} is {_KINDS[self.kind]} and signs no notes.")
        return Signature(self.name, self.verifier.key_id, self.raw(text.encode("utf-8")))


_KINDS = {ED25519: "a key that signs notes", COSIGNATURE: "a witness's key"}


def opened(note: Note, verifiers: Iterable[Verifier]) -> tuple[Verifier, ...]:
    """Those of the verifiers that signed the note, at least one.

    Signatures by unknown keys mean nothing; a bad one of a known key, or none by a known key, raises ``Unproven``.
    """
    known = [verifier for verifier in verifiers if verifier.kind == ED25519]
    signed = []
    for verifier in known:
        found = [signature for signature in note.signatures if verifier.made(signature)]
        for signature in found:
            verifier.verify(note.text.encode("utf-8"), signature.value)
        signed += [verifier] if found else []
    if not signed:
        raise Unproven("no_known_signature", "Nobody whose key is known here signed this.")
    return tuple(signed)


def checked_name(name: str) -> str:
    """A key's name: not empty, no spaces of any alphabet, no plus, and nothing that ends a line."""
    if not name or "+" in name or any(sign.isspace() or sign < " " or sign == "\x7f" for sign in name):
        raise Malformed("bad_name", f"A key cannot be called {name[:60]!r}.")
    return name


_FIELD = 2**255 - 19
_EIGHTH = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826  # of a point of order eight
_SMALL = {0, 1, _FIELD - 1, _EIGHTH, _FIELD - _EIGHTH}


def _is_weak(public_key: bytes) -> bool:
    """Whether it is a point of small order, which signatures of nobody fit, or written in a second way."""
    y = int.from_bytes(public_key, "little") & (2**255 - 1)
    return y >= _FIELD or y in _SMALL


def _key_id(name: str, material: bytes) -> bytes:
    return sha256(name.encode("utf-8") + b"\n" + material).digest()[:4]


def _three_parts(key: str) -> tuple[str, str, str]:
    name, _, rest = key.partition("+")
    key_id, plus, material = rest.partition("+")
    if not plus or not re.fullmatch(r"[0-9a-f]{8}", key_id, re.ASCII):
        raise Malformed("bad_key", "This is no key: a name, eight digits and Base 64 are wanted, with a plus between.")
    return checked_name(name), key_id, material
