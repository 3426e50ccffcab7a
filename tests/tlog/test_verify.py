"""Verification as a whole: receipts, growth, and every byte altered of a key, note, proof, tile or entry."""

from collections.abc import Iterator

import pytest

from services.tlog.checkpoint import Checkpoint
from services.tlog.leaf import Disclosure
from services.tlog.note import Note, Verifier, opened, parse_note
from services.tlog.policy import Policy
from services.tlog.proof import Proof
from services.tlog.refusals import Malformed, Unproven
from services.tlog.tiles import TileReader
from services.tlog.tree import inclusion_proof, leaf_hash, verify_inclusion
from services.tlog.verify import Carried, Proven, verify, verify_goes_on, verify_growth, verify_receipt
from tests.tlog.logs import LOG, MEMBERS, ORIGIN, POLICY, POLICY_TEXT, QUORUM, MemoryLog, entry, signer

Refused = (Malformed, Unproven)
SIZE = 300
THE_LOG = MemoryLog.of(SIZE)


def test_a_receipt_says_what_was_entered_and_who_vouches() -> None:
    proof = THE_LOG.receipt(123)
    proven = verify_receipt(POLICY, proof.text().encode())
    assert Proof.parse(proof.text()) == proof
    assert (proven.index, proven.disclosed, proven.public["fen"]) == (123, {"name": "欧阳雪"}, 123)
    assert (proven.checkpoint.size, proven.quorum.who, proven.quorum.witnessed) == (SIZE, ("m1", "m2", "jiedao"), True)


def test_a_receipt_that_nobody_witnessed_says_so() -> None:
    assert not verify_receipt(POLICY, THE_LOG.receipt(1, MEMBERS).text()).quorum.witnessed


def test_further_fields_are_shown_to_whoever_asks() -> None:
    data, disclosures = entry(7)
    assert verify(POLICY, THE_LOG.receipt(7), data, disclosures).disclosed == {"name": "欧阳雪", "phone": "13910000007"}
    with pytest.raises(Unproven):
        verify(POLICY, THE_LOG.receipt(7), data, entry(8)[1])
    with pytest.raises(Unproven):
        verify(POLICY, THE_LOG.receipt(7), entry(8)[0])


def test_a_log_goes_on_from_an_earlier_checkpoint() -> None:
    for old in (1, 255, 256, 257, SIZE):
        proof = THE_LOG.consistency(old, SIZE)
        before, after = verify_growth(POLICY, THE_LOG.checkpoint(old), THE_LOG.checkpoint(witnesses=QUORUM), proof)
        assert (before.checkpoint.size, after.quorum.met) == (old, True)


def test_a_log_that_was_written_anew_does_not() -> None:
    other = MemoryLog.of(SIZE)
    other.entries[100] = entry(999)[0]
    for old, proof in ((200, other.consistency(200, SIZE)), (200, THE_LOG.consistency(200, SIZE)), (SIZE, [])):
        with pytest.raises(Unproven) as refused:
            verify_growth(POLICY, THE_LOG.checkpoint(old), other.checkpoint(), proof)
        assert refused.value.code == "other_history"
    with pytest.raises(Unproven) as refused:
        verify_growth(POLICY, THE_LOG.checkpoint(), THE_LOG.checkpoint(200), [])
    assert refused.value.code == "shorter"
    foreign = MemoryLog.of(5, signer("other.example"))
    with pytest.raises(Unproven) as refused:
        verify_growth(POLICY, foreign.checkpoint(), THE_LOG.checkpoint(), [])
    assert refused.value.code == "other_log"
    with pytest.raises(Malformed):
        verify_goes_on(Checkpoint.parse(foreign.checkpoint().text), POLICY.believed(THE_LOG.checkpoint()), [])


def bytes_altered(text: str) -> Iterator[tuple[int, bytes]]:
    """``text`` with every byte of it altered in its lowest bit, and every fifth left out."""
    data = text.encode()
    for at in range(len(data)):
        yield at, data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        if at % 5 == 0:
            yield at, data[:at] + data[at + 1 :]


def test_no_byte_of_a_note_can_be_altered() -> None:
    """Where a witness's line stops being its own the checkpoint is still the log's; then the quorum is not met."""
    note = THE_LOG.checkpoint(5, witnesses=QUORUM)
    for at, altered in bytes_altered(note.written()):
        try:
            assert not POLICY.met(parse_note(altered)).met, (at, altered)
        except Refused:
            continue


def test_no_byte_of_a_key_can_be_altered() -> None:
    note = THE_LOG.checkpoint(5)
    for at, altered in bytes_altered(LOG.verifier.vkey()):
        with pytest.raises(Refused):
            opened(note, [Verifier.parse(altered.decode("utf-8", "surrogateescape"))])
            raise AssertionError(at)


def test_no_byte_of_a_receipt_can_be_altered() -> None:
    """Neither of the entry, nor of what it discloses, nor of the way to the root, nor of the signatures."""
    text = THE_LOG.receipt(123).text()
    for at, altered in bytes_altered(text):
        try:
            proven = verify_receipt(POLICY, altered)
        except Refused:
            continue
        assert not proven.quorum.met, (at, altered)


def test_no_byte_of_a_tile_can_be_altered() -> None:
    log, index = THE_LOG, 280
    files, root = log.files(), log.root(SIZE)
    leaf = leaf_hash(log.entries[index])
    read: dict[str, bytes] = {}

    def fetch(path: str) -> bytes:
        return read.setdefault(path, files[path])

    verify_inclusion(leaf, index, SIZE, inclusion_proof(TileReader(fetch, SIZE).hash_at, index, SIZE), root)
    assert sorted(read) == ["tile/0/001.p/44", "tile/1/000.p/1"]
    for path, tile in list(read.items()):
        for at in range(0, len(tile), 7):
            changed = {**files, path: tile[:at] + bytes([tile[at] ^ 1]) + tile[at + 1 :]}
            if path.startswith("tile/0") and at // 32 == index - 256:
                continue  # the leaf's own place is read from the entry, not from the tile
            proof = inclusion_proof(TileReader(changed.__getitem__, SIZE).hash_at, index, SIZE)
            with pytest.raises(Unproven):
                verify_inclusion(leaf, index, SIZE, proof, root)


def test_a_policy_altered_in_any_byte_does_not_pass_for_the_same() -> None:
    """A key is safe against a slip; what witnesses are called, and how many are wanted, is its keeper's to see."""
    note = THE_LOG.checkpoint(5, witnesses=QUORUM)
    for _, altered in bytes_altered(
        POLICY_TEXT.replace("# two of the three members, and the sub-district or the city\n", "")
    ):
        try:
            policy = Policy.parse(altered)
            quorum = policy.met(note)
        except Refused:
            continue
        keys = {it.verifier.public_key for it in (*policy.logs, *policy.witnesses)}
        assert keys <= {it.verifier.public_key for it in (*POLICY.logs, *POLICY.witnesses)}
        assert quorum.who or not quorum.met


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_proof"),
        ("c2sp.org/tlog-proof@v1\n", "not_a_proof"),
        ("c2sp.org/tlog-proof@v2\nindex 0\n\nx", "not_a_proof"),
        ("c2sp.org/tlog-proof@v1\n\nx", "not_a_proof"),
        ("c2sp.org/tlog-proof@v1\nindex 00\n\nx", "bad_number"),
        ("c2sp.org/tlog-proof@v1\nindex -1\n\nx", "bad_number"),
        ("c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nx", "bad_base64"),
        ("c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\nx", "bad_base64"),
        ("c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx", "bad_hash"),
        ("c2sp.org/tlog-proof@v1\nindex 0\n" + "A" * 43 + "=\n" * 1 + ("A" * 43 + "=\n") * 63 + "\nx", "not_a_proof"),
        ("c2sp.org/tlog-proof@v1\nindex 0\n\nnot a note", "not_a_note"),
        ("c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\nx", "control_character"),
    ],
)
def test_what_is_no_proof_is_refused_for_what_is_wrong(text: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        Proof.parse(text)
    assert refused.value.code == code


@pytest.mark.parametrize("extra", [None, b"", b"{}", b"[]", b"\xff", b'{"leaf":1,"disclosures":[]}', b"[" * 100_000,
                                   b'{"leaf":"!","disclosures":[]}', b'{"leaf":"","disclosures":[1]}',
                                   b'{"leaf":"","disclosures":["x"]}'])  # fmt: skip
def test_a_receipt_without_its_entry_is_refused(extra: bytes | None) -> None:
    with pytest.raises(Malformed):
        Carried.parse(extra)


def test_an_entry_that_is_carried_reads_back() -> None:
    data, disclosures = entry(3)
    assert Carried.parse(Carried(data, disclosures).extra()) == Carried(data, disclosures)
    assert isinstance(disclosures[0], Disclosure)


def test_the_claimed_size_is_the_one_that_was_signed() -> None:
    """A proof alone fits trees of other sizes; nothing but a signed checkpoint can say which one there is."""
    proof = MemoryLog.of(5).receipt(0)
    root = parse_note(proof.note.written()).text
    other = Note(root.replace("\n5\n", "\n6\n"), proof.note.signatures)
    with pytest.raises(Unproven) as refused:
        verify(POLICY, Proof(0, proof.hashes, other), entry(0)[0])
    assert refused.value.code == "bad_signature"
    assert isinstance(verify(POLICY, proof, entry(0)[0]), Proven) and ORIGIN in root
