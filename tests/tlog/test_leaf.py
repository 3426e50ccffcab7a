"""Leaves: one form alone, salted digests that disclose one field without the rest, decoys among them."""

import json
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.tlog.leaf import (
    MOST_INT,
    Disclosure,
    Value,
    check,
    decoy,
    decoys_wanted,
    digest_of,
    leaf,
    read,
)  # fmt: skip
from services.tlog.refusals import Malformed, Unproven
from services.tlog.spelling import base64url_text

SALT = bytes(range(16))
NAME = Disclosure(SALT, "name", "欧阳雪")
PHONE = Disclosure(SALT[::-1], "phone", "13910000001")
PUBLIC: dict[str, Value] = {"v": 1, "type": "IssueReported", "fen": 12345, "late": False, "none": None}


def test_the_digest_is_that_of_rfc_9901() -> None:
    disclosure = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert digest_of(disclosure) == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


def test_one_field_is_shown_without_the_rest() -> None:
    data = leaf(PUBLIC, [NAME, PHONE], [SALT])
    opened = check(data, [Disclosure.parse(PHONE.text())])
    assert (opened.public, opened.disclosed, opened.shut) == (PUBLIC, {"phone": "13910000001"}, 2)
    assert check(data).disclosed == {}
    for secret in ("欧阳雪", "13910000001", "phone", "name"):
        assert secret.encode() not in data
        assert sha256(secret.encode()).digest() not in data and sha256(secret.encode()).hexdigest().encode() not in data


def test_the_order_of_the_digests_says_nothing() -> None:
    assert leaf(PUBLIC, [NAME, PHONE], [SALT]) == leaf(PUBLIC, [PHONE, NAME], [SALT])
    assert list(read(leaf(PUBLIC, [NAME, PHONE], [SALT]))[1]) == sorted([NAME.digest(), PHONE.digest(), decoy(SALT)])


def test_decoys_hide_how_many_fields_there_are() -> None:
    assert [count + decoys_wanted(count) for count in range(10)] == [4, 4, 4, 4, 4, 8, 8, 8, 8, 12]
    assert len(decoy(SALT)) == len(NAME.digest())
    with pytest.raises(Malformed):
        decoy(b"short")


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-MOST_INT, MOST_INT), st.text('aé欧\n"\\\x01\x7f😀/', max_size=20)
)
NAMES = st.text("abcXYZ019_-", min_size=1, max_size=8).filter(lambda name: not name.startswith("_sd"))


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(NAMES, SCALARS, max_size=8))
def test_a_leaf_reads_back_and_has_one_form(public: dict[str, Value]) -> None:
    data = leaf(public)
    assert read(data) == (public, ())
    assert data == json.dumps(public, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@settings(max_examples=30, deadline=None)
@given(st.binary(min_size=16, max_size=32), NAMES, SCALARS)
def test_a_disclosure_reads_back(salt: bytes, name: str, value: Value) -> None:
    disclosure = Disclosure(salt, name, value)
    again = Disclosure.parse(disclosure.text())
    assert again == disclosure and again.digest() == disclosure.digest()
    assert check(leaf({}, [disclosure]), [again]).disclosed == {name: value}


def test_a_disclosure_is_hashed_as_it_was_written() -> None:
    spaced = base64url_text(json.dumps([base64url_text(SALT), "name", "x"]).encode())
    disclosure = Disclosure.parse(spaced)
    assert disclosure == Disclosure(SALT, "name", "x") and disclosure.digest() == digest_of(spaced)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("é", 1),
        ("", 1),
        ("a\n", 1),
        ("_sd", 1),
        ("_sd_alg", 1),
        ("...", 1),
        ("a", 1.5),
        ("a", float("nan")),
        ("a", 2**53),
        ("a", -(2**53)),
        ("a", [1]),
        ("a", {}),
        ("a", b"x"),
        ("a", "\ud800"),
        ("a", "e\u0301"),
        (1, 1),
    ],
)
def test_what_the_profile_does_not_allow_is_not_made(name: str, value: Value) -> None:
    with pytest.raises(Malformed):
        leaf({name: value})
    with pytest.raises(Malformed):
        Disclosure(SALT, name, value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b'"a"',
        b"{",
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'{"b":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":NaN}',
        b'{"a":[1]}',
        b'{"a":{}}',
        b'{"a":9007199254740992}',
        b'{"a":"\xff"}',
        b'{"a":"\\u0041"}',
        b'{"a":1}\n',
        b'{"a":"e\xcc\x81"}',
        b"[" * 100_000,
        b'{"_sd":"x"}',
        b'{"_sd":[1]}',
        b'{"_sd":[]}',
        b'{"_sd":["b","a"],"_sd_alg":"sha-256"}',
        b'{"_sd":["a","a"],"_sd_alg":"sha-256"}',
        b'{"_sd":["a"]}',
        b'{"_sd":["a"],"_sd_alg":"md5"}',
        b'{"a":"\\ud800"}',
        b'{"a":' + b"9" * 5000 + b"}",
    ],
)
def test_what_leaf_would_not_have_made_is_not_read(data: bytes) -> None:
    with pytest.raises(Malformed):
        read(data)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "é",
        "W10",
        base64url_text(b"{}"),
        base64url_text(b'["c2hvcnQ","a",1]'),
        NAME.text() + "=",
        NAME.text() + "\n",
        base64url_text(b'["' + base64url_text(SALT).encode() + b'","a",1,2]'),
        base64url_text(b'[1,"a",1]'),
        base64url_text(b'["' + base64url_text(SALT).encode() + b'","a",1.5]'),
        "A" * 60_001,
    ],
)
def test_what_is_no_disclosure_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        Disclosure.parse(text)


def test_a_disclosure_of_something_else_is_refused() -> None:
    data = leaf(PUBLIC, [NAME])
    for wrong in (
        PHONE,
        Disclosure(SALT, "name", "欧阳雨"),
        Disclosure(SALT[::-1], "name", "欧阳雪"),
        Disclosure(SALT, "n", "欧阳雪"),
    ):
        with pytest.raises(Unproven) as refused:
            check(data, [wrong])
        assert refused.value.code == "not_of_entry"
    with pytest.raises(Unproven):
        check(data, [NAME, NAME])


def test_a_digest_does_not_open_as_a_field_that_is_public() -> None:
    """Whoever made the leaf could have put a digest of a second ``type`` among the others."""
    second = Disclosure(SALT, "type", "Refunded")
    with pytest.raises(Malformed):
        leaf(PUBLIC, [second])
    forged = leaf({}, [second]).replace(b"{", b'{"a":1,', 1)
    made = json.loads(forged) | {"type": "Paid"}
    data = json.dumps(made, sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(Unproven) as refused:
        check(data, [second])
    assert refused.value.code == "field_twice"


def test_a_leaf_is_no_longer_than_a_bundle_takes() -> None:
    with pytest.raises(Malformed) as refused:
        leaf({"a": "x" * 65_536})
    assert refused.value.code == "long_entry"
    with pytest.raises(Malformed):
        leaf({}, [NAME, NAME])
    with pytest.raises(Malformed):
        leaf({}, [], [SALT, SALT])
