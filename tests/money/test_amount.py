"""Money in figures and capitals: the central bank's own examples, and that no two amounts look alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money.amount import capital, yuan

AMOUNTS = st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1)
_VALUES = {word: value for value, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
_SMALL = {"拾": 10, "佰": 100, "仟": 1000}


def read(words: str) -> int:
    """Fen of an amount in capitals, by another way than it was written."""
    sign = -1 if words.startswith("负") else 1
    words = words.removeprefix("负").removesuffix("整")
    yuan_words, rest = words.split("元") if "元" in words else ("", words)
    total = group = digit = 0
    for word in yuan_words:
        if word in _VALUES:
            digit = _VALUES[word]
        elif word in _SMALL:
            group, digit = group + digit * _SMALL[word], 0
        else:
            total, group, digit = total + (group + digit) * {"万": 10**4, "亿": 10**8}[word], 0, 0
    fen = (total + group + digit) * 100
    for word in rest:
        if word in _VALUES:
            digit = _VALUES[word]
        else:
            fen, digit = fen + digit * {"角": 10, "分": 1}[word], 0
    return sign * fen


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (71_68, "柒拾壹元陆角捌分"),
        (643_46, "陆佰肆拾叁元肆角陆分"),
        (1_409_50, "壹仟肆佰零玖元伍角"),  # up to (325.04) from the rules for filling in vouchers
        (6_007_14, "陆仟零柒元壹角肆分"),
        (1_680_32, "壹仟陆佰捌拾元零叁角贰分"),
        (107_000_53, "壹拾万柒仟元零伍角叁分"),
        (16_409_02, "壹万陆仟肆佰零玖元零贰分"),
        (325_04, "叁佰贰拾伍元零肆分"),
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角"),
        (55, "伍角伍分"),
        (1_00, "壹元整"),
        (10_00, "壹拾元整"),
        (100_00, "壹佰元整"),
        (10_000_00, "壹万元整"),
        (100_010_00, "壹拾万零壹拾元整"),
        (100_000_000_00, "壹亿元整"),
        (100_001_000_00, "壹亿零壹仟元整"),
        (1_000_000_000_01, "壹拾亿元零壹分"),
        (-71_68, "负柒拾壹元陆角捌分"),
    ],
)
def test_capitals(fen: int, words: str) -> None:
    assert capital(fen) == words


@given(AMOUNTS)
def test_capitals_read_back_are_the_amount(fen: int) -> None:
    words = capital(fen)
    assert read(words) == fen
    assert "零零" not in words
    assert not words.endswith("零")


@given(AMOUNTS)
def test_figures_read_back_are_the_amount(fen: int) -> None:
    assert int(yuan(fen).replace(",", "").replace(".", "")) == fen


def test_figures() -> None:
    assert [yuan(fen) for fen in (0, 5, -5, 1_234_56, -123_456_789_00)] == [
        "0.00",
        "0.05",
        "-0.05",
        "1,234.56",
        "-123,456,789.00",
    ]


def test_too_large_for_capitals() -> None:
    with pytest.raises(ValueError, match="too large"):
        capital(10**14)
