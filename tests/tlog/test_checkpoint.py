"""Checkpoints and the cosignatures under them."""

import pytest

from services.tlog.checkpoint import Checkpoint, signed
from services.tlog.cosignature import cosign, cosigned, message, verify
from services.tlog.note import Note, Signature, opened, parse_note
from services.tlog.refusals import Malformed, Unproven
from services.tlog.tree import EMPTY_ROOT
from tests.tlog.logs import LOG, MEMBERS, ORIGIN, TIME, MemoryLog, signer

SPECIFIED = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def test_the_specifications_example_reads_back() -> None:
    checkpoint = Checkpoint.parse(SPECIFIED)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.text() == SPECIFIED
    assert message(SPECIFIED, 1679315147) == b"cosignature/v1\ntime 1679315147\n" + SPECIFIED.encode()


def test_both_keys_sign_while_one_is_handed_over() -> None:
    old, new = LOG, signer(ORIGIN, seed=2)
    note = parse_note(signed(Checkpoint(ORIGIN, 0, EMPTY_ROOT), [old, new]).written())
    assert opened(note, [old.verifier]) == (old.verifier,) and opened(note, [new.verifier]) == (new.verifier,)
    assert opened(note, [old.verifier, new.verifier]) == (old.verifier, new.verifier)


@pytest.mark.parametrize(
    "text",
    ["", "\n", "a\n", "a\n1\n", f"a\n1\n{ROOT}", f"\n1\n{ROOT}\n", f"a\n01\n{ROOT}\n", f"a\n-1\n{ROOT}\n",
     f"a\n+1\n{ROOT}\n", f"a\n1.0\n{ROOT}\n", f"a\n1 \n{ROOT}\n", f"a\n１\n{ROOT}\n", f"a\n\n{ROOT}\n",
     f"a\n{2**63}\n{ROOT}\n", f"a\n0\n{ROOT}\n", f"a\n1\n{ROOT[:-1]}\n", f"a\n1\n{ROOT}=\n", "a\n1\nAAAA\n",
     f"a\n1\n{ROOT.replace('I=', 'J=')}\n", f"a\n1\n{ROOT}\n\n", f"a\n1\n{ROOT}\n\nmore\n", f"a\r\n1\r\n{ROOT}\r\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        Checkpoint.parse(text)


def test_what_could_not_be_written_is_not_made() -> None:
    for origin, size, root, more in (
        ("", 1, b"x" * 32, ()), ("a\nb", 1, b"x" * 32, ()), ("a", -1, b"x" * 32, ()), ("a", 2**63, b"x" * 32, ()),
        ("a", 1, b"x", ()), ("a", 0, b"x" * 32, ()), ("a", 1, b"x" * 32, ("",)), ("a", 1, b"x" * 32, ("b\nc",)),
    ):  # fmt: skip
        with pytest.raises(Malformed):
            Checkpoint(origin, size, root, more)


def test_a_witness_vouches_for_a_time() -> None:
    note = MemoryLog.of(3).checkpoint()
    line = cosign(MEMBERS[0], note.text, TIME)
    assert verify(MEMBERS[0].verifier, note.text, line) == TIME
    both = parse_note(note.with_more([line, cosign(MEMBERS[0], note.text, TIME + 60)]).written())
    assert cosigned(both, [member.verifier for member in MEMBERS]) == {MEMBERS[0].verifier: TIME + 60}


def test_a_cosignature_is_of_one_checkpoint_one_time_and_one_witness() -> None:
    text, other = MemoryLog.of(3).checkpoint().text, MemoryLog.of(4).checkpoint().text
    line = cosign(MEMBERS[0], text, TIME)
    later = Signature(line.name, line.key_id, (TIME + 1).to_bytes(8, "big") + line.value[8:])
    never = Signature(line.name, line.key_id, b"\xff" * 8 + line.value[8:])
    short = Signature(line.name, line.key_id, line.value[:8])
    for verifier, said, signature in (
        (MEMBERS[0].verifier, other, line), (MEMBERS[1].verifier, text, line), (MEMBERS[0].verifier, text, later),
        (MEMBERS[0].verifier, text, never), (MEMBERS[0].verifier, text, short), (LOG.verifier, text, line),
        (MEMBERS[0].verifier, text + "more\n", line),
    ):  # fmt: skip
        with pytest.raises(Unproven):
            verify(verifier, said, signature)


def test_only_a_witness_cosigns_and_only_checkpoints() -> None:
    text = MemoryLog.of(3).checkpoint().text
    for key, said, time in (
        (LOG, text, TIME),
        (MEMBERS[0], "hello\n", TIME),
        (MEMBERS[0], text, -1),
        (MEMBERS[0], text, 2**63),
    ):
        with pytest.raises(Malformed):
            cosign(key, said, time)


def test_a_logs_signature_is_not_a_witnesss() -> None:
    """The same key under another kind has another id, and its signature says another thing."""
    note = MemoryLog.of(3).checkpoint()
    twin = signer(ORIGIN, 4)
    assert twin.verifier.public_key == LOG.verifier.public_key and twin.verifier.key_id != LOG.verifier.key_id
    assert cosigned(note, [twin.verifier]) == {}
    forged = Note(note.text, (Signature(ORIGIN, twin.verifier.key_id, bytes(8) + note.signatures[0].value),))
    with pytest.raises(Unproven):
        cosigned(forged, [twin.verifier])
