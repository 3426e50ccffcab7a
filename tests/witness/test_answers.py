"""What a witness answers: exactly what C2SP tlog-witness says, for every kind of thing that may be handed in."""

import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from services.tlog.cosignature import cosigned
from services.tlog.note import COSIGNATURE, Note, Signer, parse_note
from services.witness.answering import SIZE, Witness
from services.witness.state import State
from services.witness.submission import MOST_BYTES, Submission
from tests.witness.growing import ORIGIN, Log

NOW = 1_764_500_000
WITNESS = Signer("witness.example/wang", bytes(32), COSIGNATURE)


@pytest.fixture
def log() -> Log:
    return Log().grow(9)


@pytest.fixture
def state(tmp_path: Path, log: Log) -> State:
    state = State(tmp_path, make=True)
    with state.turn() as turn:
        turn.trust(ORIGIN, log.signer.verifier.vkey())
    return state


@pytest.fixture
def witness(state: State) -> Witness:
    return Witness(state, WITNESS, lambda: NOW)


def test_what_goes_on_from_the_last_checkpoint_is_cosigned_with_the_time(witness: Witness, log: Log) -> None:
    for old, new in ((0, 3), (3, 3), (3, 8), (8, 9)):
        answer = witness.add_checkpoint(log.body(old, new))
        assert answer.status == 200
        note = parse_note(log.checkpoint(new).written() + answer.body)
        assert cosigned(note, [WITNESS.verifier]) == {WITNESS.verifier: NOW}


def test_monitors_fetch_the_last_one_with_the_signatures_that_count(witness: Witness, log: Log) -> None:
    address = sha256(ORIGIN.encode()).hexdigest()
    assert witness.checkpoint(address).status == 404
    said = log.submission(0, 5)
    stranger = Signer("stranger.example", b"s" * 32).signed(said.note.text)
    with_stranger = Submission(0, (), said.note.with_more([stranger]))
    line = witness.add_checkpoint(with_stranger.text().encode()).body
    assert witness.checkpoint(address).body == said.note.written() + line
    assert witness.checkpoint("0" * 64).status == 404


def test_the_size_cosigned_last_comes_with_409(witness: Witness, log: Log) -> None:
    witness.add_checkpoint(log.body(0, 5))
    for old, new in ((0, 9), (3, 9), (4, 4), (9, 9), (0, 3)):
        answer = witness.add_checkpoint(log.body(old, new))
        assert (answer.status, answer.kind, answer.body) == (409, SIZE, "5\n")


def test_an_unknown_log_an_unknown_key_and_a_bad_signature(witness: Witness, log: Log) -> None:
    elsewhere = Log(log.leaves, Signer("elsewhere.example", b"e" * 32))
    assert witness.add_checkpoint(elsewhere.body(0)).status == 404
    forged = Log(log.leaves, Signer(ORIGIN, b"f" * 32))
    assert witness.add_checkpoint(forged.body(0)).status == 403
    said = log.submission(0)
    broken = Note(said.note.text.replace("9\n", "8\n"), said.note.signatures)
    assert witness.add_checkpoint(Submission(0, (), broken).text().encode()).status == 403


def test_a_good_signature_beside_a_bad_one_of_the_same_key_is_malformed(witness: Witness, log: Log) -> None:
    said = log.submission(0)
    note = said.note.with_more(log.checkpoint(8).signatures)
    assert witness.add_checkpoint(Submission(0, (), note).text().encode()).status == 403


def test_an_old_size_beyond_the_checkpoint_is_no_request(witness: Witness, log: Log) -> None:
    assert witness.add_checkpoint(log.body(9, 5)).status == 400


def test_another_history_is_refused_and_kept_as_evidence(witness: Witness, state: State, log: Log) -> None:
    witness.add_checkpoint(log.body(0, 5))
    forked = log.other(2)
    assert witness.add_checkpoint(forked.body(5, 9)).status == 422
    assert witness.add_checkpoint(forked.body(5, 5)).status == 422
    assert witness.add_checkpoint(forked.body(3, 5)).status == 409
    with state.look() as looking:
        kept = looking.refusals()
    assert [each.why for each in kept] == ["unproven", "two_roots"]
    assert [parse_note(each.note) for each in kept] == [forked.checkpoint(9), forked.checkpoint(5)]
    for each in kept:
        assert cosigned(parse_note(each.latest), [WITNESS.verifier]) and parse_note(each.latest).text.startswith(ORIGIN)
    assert witness.add_checkpoint(log.body(5, 9)).status == 200, "the honest history goes on"


def test_no_proof_of_the_wrong_length_is_taken(witness: Witness, log: Log) -> None:
    more = Submission(0, (bytes(32),), log.checkpoint(5))
    assert witness.add_checkpoint(more.text().encode()).status == 422
    witness.add_checkpoint(log.body(0, 5))
    good = log.submission(5, 9)
    for proof in (good.proof[:-1], (*good.proof, bytes(32)), (), good.proof[::-1], (bytes(32), *good.proof[1:])):
        assert witness.add_checkpoint(Submission(5, proof, good.note).text().encode()).status == 422
    assert witness.add_checkpoint(Submission(5, (bytes(32),), log.checkpoint(5)).text().encode()).status == 422


def test_a_tree_without_entries_has_one_root(witness: Witness, state: State, log: Log) -> None:
    text = f"{ORIGIN}\n0\n{b64encode(bytes(32)).decode()}\n"
    wrong = Submission(0, (), Note(text, (log.signer.signed(text),)))
    assert witness.add_checkpoint(wrong.text().encode()).status == 422
    assert witness.add_checkpoint(log.body(0, 0)).status == 200
    assert witness.add_checkpoint(log.body(0, 4)).status == 200
    with state.look() as looking:
        assert [each.why for each in looking.refusals()] == ["impossible_root"]


GOOD = Log().grow(9).body(0).decode()
NO_REQUESTS: dict[str, Callable[[str], str]] = {
    "nothing": lambda text: "",
    "a page": lambda text: "<html>",
    "no old size": lambda text: text.removeprefix("old 0\n"),
    "leading nought": lambda text: text.replace("old 0", "old 00"),
    "a sign": lambda text: text.replace("old 0", "old +0"),
    "two spaces": lambda text: text.replace("old 0", "old  0"),
    "other digits": lambda text: text.replace("old 0", "old ٠"),
    "beyond 63 bits": lambda text: text.replace("old 0", f"old {2**63}"),
    "short hash": lambda text: text.replace("old 0\n", f"old 0\n{b64encode(bytes(31)).decode()}\n"),
    "loose last bits": lambda text: text.replace("old 0\n", f"old 0\n{'A' * 42}B=\n"),
    "64 hashes": lambda text: text.replace("old 0\n", "old 0\n" + f"{b64encode(bytes(32)).decode()}\n" * 64),
    "no empty line": lambda text: text.replace("\n\n", "\n"),
    "one empty line": lambda text: text.replace("\n\n", "\n", 1),
    "line ends of elsewhere": lambda text: text.replace("\n", "\r\n"),
    "no last line end": lambda text: text.rstrip("\n"),
    "a nought byte": lambda text: text.replace("old", "old\0"),
    "no signature": lambda text: text[: text.rindex("—")],
    "another dash": lambda text: text.replace("—", "-"),
    "too long": lambda text: text + "x" * MOST_BYTES,
    "no root": lambda text: re.sub(r"\n9\n\S+\n", "\n9\n", text),
    "size with a nought": lambda text: text.replace("\n9\n", "\n09\n"),
}


@pytest.mark.parametrize("kind", NO_REQUESTS)
def test_what_cannot_be_read_is_no_request(witness: Witness, kind: str) -> None:
    answer = witness.add_checkpoint(NO_REQUESTS[kind](GOOD).encode())
    assert answer.status == 400 and len(answer.body) > 10


def test_bytes_that_are_no_text(witness: Witness) -> None:
    assert witness.add_checkpoint(b"\xff\xfe old 0").status == 400


@settings(max_examples=60, deadline=None)
@given(place=some.integers(0, len(GOOD.encode()) - 1), flip=some.integers(1, 255))
def test_no_altered_byte_is_cosigned(place: int, flip: int) -> None:
    """But for those in what nobody reads: the name of a stranger's signature."""
    from tempfile import TemporaryDirectory

    raw = bytearray(GOOD.encode())
    raw[place] ^= flip
    with TemporaryDirectory() as folder:
        state = State(Path(folder), make=True)
        with state.turn() as turn:
            turn.trust(ORIGIN, Log().signer.verifier.vkey())
        assert Witness(state, WITNESS, lambda: NOW).add_checkpoint(bytes(raw)).status in (400, 403, 404, 409)


def test_a_key_taken_back_cosigns_no_more_and_remembers(witness: Witness, state: State, log: Log) -> None:
    witness.add_checkpoint(log.body(0, 5))
    old, new = log.signer.verifier.vkey(), Signer(ORIGIN, b"n" * 32)
    with state.turn() as turn:
        turn.trust(ORIGIN, new.verifier.vkey())
        assert turn.distrust(ORIGIN, old) and not turn.distrust(ORIGIN, old)
    assert witness.add_checkpoint(log.body(5, 9)).status == 403
    assert witness.add_checkpoint(Log(log.leaves, new).body(0, 9)).status == 409
    assert witness.add_checkpoint(Log(log.leaves, new).body(5, 9)).status == 200


def test_evidence_makes_room_for_stronger_evidence(
    witness: Witness, state: State, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.witness.state.MOST_REFUSED", 2)
    witness.add_checkpoint(log.body(0, 5))
    for size in (6, 7, 8):
        assert witness.add_checkpoint(Submission(5, (), log.checkpoint(size)).text().encode()).status == 422
    assert witness.add_checkpoint(log.other(1).body(5, 5)).status == 422
    with state.look() as looking:
        assert [each.why for each in looking.refusals()] == ["unproven", "two_roots"]
