"""Cosignatures (C2SP tlog-cosignature, Ed25519): at a time this was the largest tree a witness had seen."""

from collections.abc import Iterable

from services.tlog.checkpoint import Checkpoint
from services.tlog.note import COSIGNATURE, Note, Signature, Signer, Verifier
from services.tlog.refusals import Malformed, Unproven
from services.tlog.spelling import MOST_NUMBER

_TIME = 8  # bytes before the signature itself


def message(checkpoint_text: str, time: int) -> bytes:
    """What is signed; ``time`` in seconds since 1970."""
    return f"cosignature/v1\ntime {time}\n{checkpoint_text}".encode()


def cosign(signer: Signer, checkpoint_text: str, time: int) -> Signature:
    """Whoever calls this has seen that the checkpoint goes on from the last one it cosigned, and has kept that."""
    Checkpoint.parse(checkpoint_text)
    if signer.kind != COSIGNATURE:
        raise Malformed("wrong_kind", f"The key of {signer.name} is not a witness's key.")
    if not 0 <= time <= MOST_NUMBER:
        raise Malformed("bad_number", "The time of a cosignature is in seconds since 1970.")
    value = time.to_bytes(_TIME, "big") + signer.raw(message(checkpoint_text, time))
    return Signature(signer.name, signer.verifier.key_id, value)


def verify(verifier: Verifier, checkpoint_text: str, signature: Signature) -> int:
    """The time that the witness vouches for. Raises ``Unproven``."""
    time = int.from_bytes(signature.value[:_TIME], "big")
    if verifier.kind != COSIGNATURE or not verifier.made(signature):
        raise Unproven("no_known_signature", f"This signature is not by {verifier.name}.")
    if time > MOST_NUMBER:
        raise Unproven("bad_signature", f"The cosignature of {verifier.name} has no possible time.")
    verifier.verify(message(checkpoint_text, time), signature.value[_TIME:])
    return time


def cosigned(note: Note, verifiers: Iterable[Verifier]) -> dict[Verifier, int]:
    """Which witnesses cosigned the note's checkpoint, and when last; a bad one of a known key raises ``Unproven``."""
    times: dict[Verifier, int] = {}
    for verifier in verifiers:
        for signature in note.signatures:
            if verifier.made(signature):
                times[verifier] = max(verify(verifier, note.text, signature), times.get(verifier, 0))
    return times
