"""Masks: whatever people write into a field for a phone or a name, at most so much of it is shown."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.masks import masked_account, masked_name, masked_phone
from domain.words import NAME_LENGTH, PHONE_LENGTH

OF_A_MOBILE, OF_OTHERS = 7, 2  # digits that may be shown
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdecimal())


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800006603", "138****6603"),
        ("138 0000 6603", "138****6603"),
        ("138-0000-6603", "138****6603"),
        ("+86 138 0000 6603", "138****6603"),
        ("+8613800006603", "138****6603"),
        ("0086-13800006603", "138****6603"),
        ("１３８００００６６０３", "138****6603"),
        ("28765432", "****32"),
        ("2876543", "****43"),
        ("0593-2876543", "****43"),
        ("(0593) 2876 543", "****43"),
        ("059328765432", "****32"),
        ("+86 593 2876543", "****43"),
        ("+86-593-2876543-801", "****01"),
        ("0593-2876543转801", "****01"),
        ("010-12345678", "****78"),
        ("01012345678", "****78"),  # eleven digits of Beijing are no mobile
        ("13800006603 801", "****01"),
        ("+852 9123 4567", "****67"),
        ("801", "****"),
        ("12345", "****"),
        ("李师傅", "****"),
        ("", ""),
        (None, None),
    ],
)
def test_a_phone_is_shown_as_little_whatever_kind_it_is(phone: str | None, shown: str | None) -> None:
    assert masked_phone(phone) == shown


written = st.text("0123456789０１２٣ +-()/转", min_size=1, max_size=PHONE_LENGTH)
landlines = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["", "+86 ", "0086", "86-"]),
    st.sampled_from(["", "0593", "593", "(0593)", "010", "0591-"]),
    st.sampled_from(["", " ", "-"]),
    st.from_regex(r"[2-8][0-9]{2,3}[ -]?[0-9]{4}", fullmatch=True),
    st.sampled_from(["", "-801", " 801", "转8"]),
)


@given(written | landlines | st.text(max_size=PHONE_LENGTH))
@example("13800006603")
@example("0593-2876543")
def test_no_more_digits_are_shown_than_of_a_mobile_and_nothing_else(phone: str) -> None:
    shown = masked_phone(phone) or ""
    plain = digits(phone)
    most = OF_A_MOBILE if len(plain) >= 11 else OF_OTHERS
    assert len(digits(shown)) <= min(most, max(len(plain) - 4, 0))
    assert re.fullmatch(r"(\d{3})?\*{4}(\d\d|\d{4})?" if phone else "", shown, re.ASCII)


@given(landlines)
def test_of_a_landline_two_digits_are_shown_however_it_is_written(phone: str) -> None:
    assert len(digits(masked_phone(phone) or "")) == OF_OTHERS


@given(st.text(min_size=1, max_size=NAME_LENGTH))
@example("欧阳锦绣")
@example("李")
def test_a_name_is_its_first_sign(name: str) -> None:
    assert re.fullmatch(re.escape(name[0]) + r"\*{0,2}", masked_name(name) or "")


def test_no_name_is_none() -> None:
    assert (masked_name(None), masked_name("")) == (None, "")


@given(st.text(min_size=1, max_size=40))
@example("6222021234567890123")
@example("12345")
def test_an_account_hides_as_many_signs_as_it_shows(account: str) -> None:
    shown = (masked_account(account) or "").removeprefix("****")
    assert account.endswith(shown) and len(shown) <= max(min(4, len(account) - 4), 0)
