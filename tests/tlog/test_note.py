"""Signed notes and the keys under them: the specification's example, and what is no note, no name and no key."""

import pytest

from services.tlog.note import COSIGNATURE, MOST_SIGNATURES, Note, Signature, Signer, Verifier, opened, parse_note
from services.tlog.refusals import Malformed, Unproven
from tests.tlog.logs import LOG, MEMBERS, ORIGIN, signer

EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def test_the_specifications_example_opens() -> None:
    key, note = Verifier.parse(EXAMPLE_KEY), parse_note(EXAMPLE.encode())
    assert opened(note, [key]) == (key,) and key.vkey() == EXAMPLE_KEY and note.written() == EXAMPLE


def test_what_was_signed_reads_back() -> None:
    text = "ein Text\n\nmit leerer Zeile, 近邻\n"
    note = Note(text, (LOG.signed(text), signer("other.example", seed=9).signed(text)))
    assert parse_note(note.written()) == note
    assert opened(note, [LOG.verifier]) == (LOG.verifier,)  # whoever else signed means nothing
    assert note.with_more(note.signatures) == note


def test_a_text_ends_at_its_last_empty_line() -> None:
    note = parse_note("a\n\n\n— n.example AAAAAAA=\n".replace("AAAAAAA=", "AAAAAAE="))
    assert note.text == "a\n\n"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "not_a_note"), ("text\n", "not_a_note"), ("text\n\n", "not_a_note"), ("\n\n— a AAAAAAE=\n", "not_a_note"),
        ("text\n\n— a AAAAAAE=", "not_a_note"), ("text\n— a AAAAAAE=\n", "not_a_note"),
        ("text\n\n- a AAAAAAE=\n", "bad_signature_line"), ("text\n\n—  a AAAAAAE=\n", "bad_signature_line"),
        ("text\n\n— a\u3000b AAAAAAE=\n", "bad_signature_line"), ("text\n\n— a+b AAAAAAE=\n", "bad_name"),
        ("text\n\n— a AAAAAAF=\n", "bad_base64"), ("text\n\n— a AAAAAAE\n", "bad_base64"),
        ("text\n\n— a AAAAAA==\n", "bad_signature_line"), ("text\n\n— a AAAAAAE= \n", "bad_signature_line"),
        ("text\r\n\n— a AAAAAAE=\n", "control_character"), ("te\0xt\n\n— a AAAAAAE=\n", "control_character"),
        (b"te\xffxt\n\na AAAAAAE=\n", "not_text"), ("te\ud800xt\n\n— a AAAAAAE=\n", "not_text"),
        ("text\n\n" + "— a AAAAAAE=\n" * (MOST_SIGNATURES + 1), "too_many_signatures"),
        ("x" * 1_000_000 + "\n\n— a AAAAAAE=\n", "too_long"),
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused_for_what_is_wrong(raw: str | bytes, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse_note(raw)
    assert refused.value.code == code and str(refused.value).endswith(".")


def test_sixteen_signatures_and_more_are_read() -> None:
    others = tuple(signer(f"n{seed}.example", seed=seed).signed("text\n") for seed in range(2, 40))
    note = parse_note(Note("text\n", (*others, LOG.signed("text\n"))).written())
    assert opened(note, [LOG.verifier]) == (LOG.verifier,)


def test_nobody_known_and_a_bad_one_of_somebody_known_are_both_refused() -> None:
    note = Note("text\n", (LOG.signed("text\n"),))
    other = signer("other.example", seed=9)
    same_name = signer(ORIGIN, seed=9)
    for verifiers in ([], [other.verifier], [same_name.verifier], [MEMBERS[0].verifier]):
        with pytest.raises(Unproven) as refused:
            opened(note, verifiers)
        assert refused.value.code == "no_known_signature"
    spoilt = Note("text!\n", (other.signed("text!\n"), *note.signatures))
    with pytest.raises(Unproven) as refused:
        opened(spoilt, [other.verifier, LOG.verifier])
    assert refused.value.code == "bad_signature"


@pytest.mark.parametrize(
    ("vkey", "code"),
    [
        ("", "bad_key"), ("a", "bad_key"), ("a+530d903a", "bad_key"), ("a+530D903A+AekyeRrm56hApGFkyQR4", "bad_key"),
        ("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "bad_name"),
        (EXAMPLE_KEY.replace("foo", "fo o"), "bad_name"), (EXAMPLE_KEY.replace("foo", "fo\u00a0o"), "bad_name"),
        (EXAMPLE_KEY.replace("foo", "fop"), "key_id_differs"), (EXAMPLE_KEY.replace("530d", "530e"), "key_id_differs"),
        (EXAMPLE_KEY[:-1] + "l", "key_id_differs"), (EXAMPLE_KEY[:-4], "bad_key"), (EXAMPLE_KEY + "=", "bad_base64"),
        (EXAMPLE_KEY + "\n", "bad_base64"), (EXAMPLE_KEY.replace("+Ae", "+Be"), "wrong_kind"),
        ("a+00000000+", "wrong_kind"), (MEMBERS[0].verifier.vkey(), "wrong_kind"),
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused_for_what_is_wrong(vkey: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        Verifier.parse(vkey)
    assert refused.value.code == code


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\u2003b", "a\u0085", "\x7f"])
def test_no_key_has_such_a_name(name: str) -> None:
    with pytest.raises(Malformed):
        Signer(name, b"x" * 32)


@pytest.mark.parametrize("kind", [1, COSIGNATURE])
def test_a_private_key_reads_back_and_says_nothing_of_itself(kind: int) -> None:
    key = Signer.generated("近邻.example", kind)
    assert Signer.parse(key.secret(), kind) == key
    assert key.seed.hex() not in repr(key) and repr(key.seed) not in repr(key)
    for altered in (key.secret()[8:], key.secret().replace("近", "远"), key.secret()[:-4], key.secret() + "\n"):
        with pytest.raises(Malformed):
            Signer.parse(altered, kind)
    with pytest.raises(Malformed):
        Signer.parse(key.secret(), 5 - kind)


def test_a_witness_signs_no_note_itself() -> None:
    with pytest.raises(Malformed):
        MEMBERS[0].signed("text\n")
    with pytest.raises(Malformed):
        Verifier("a", b"x" * 32, 6)


def test_a_signature_line_reads_back() -> None:
    signature = LOG.signed("text\n")
    assert Signature.parse(signature.line()) == signature


# every point of small order, and the same written with a y beyond the field
WEAK = [
    "01" + "00" * 31, "ec" + "ff" * 30 + "7f", "00" * 32, "00" * 31 + "80",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "01" + "00" * 30 + "80", "ec" + "ff" * 31, "ed" + "ff" * 30 + "7f", "ee" + "ff" * 30 + "7f",
]  # fmt: skip


@pytest.mark.parametrize("key", WEAK)
def test_no_key_is_believed_under_which_anybody_can_sign(key: str) -> None:
    for kind in (1, COSIGNATURE):
        with pytest.raises(Malformed) as refused:
            Verifier("a.example", bytes.fromhex(key), kind)
        assert refused.value.code == "bad_key"
