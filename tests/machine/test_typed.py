"""One normaliser for what people type: it changes how a thing was typed and never what was meant."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.typed import folded, one_line, tidied, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("１栋２单元ＡＢｃ", "1栋2单元ABc"),
        ("路灯\u3000不亮\xa0了", "路灯 不亮 了"),
        ("路\u200b灯\ufeff不\u00ad亮\u2060", "路灯不亮"),
        ("\u202d138\u202c \u200e3\u061c栋\u2067x\u2069", "138 3栋x"),
        ("灯\x00坏\x07了\x1b\x7f\x9f", "灯坏了"),
        ("第一行\r\n第二行\r第三行\u2028四\x0b五\x85六", "第一行\n第二行\n第三行\n四\n五\n六"),
        ("坏了，（很急）！：；？～", "坏了，（很急）！：；？～"),  # Chinese punctuation is what was meant
        ("漏了½桶，89.35㎡，25℃，①号", "漏了½桶，89.35㎡，25℃，①号"),
        ("👨‍👩‍👧 ❤️‍🔥 👍🏽 3️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👨‍👩‍👧 ❤️‍🔥 👍🏽 3️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("水‍管‌漏", "水管漏"),
        ("می‌خواهم", "می‌خواهم"),
        ("⼀单元", "一单元"),
        ("\u3164\u2800 ", " "),
        ("－１＃％＠", "-1#%@"),
        ("葛󠄀城", "葛󠄀城"),
    ],
)
def test_what_was_meant_is_kept(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


@pytest.mark.parametrize(
    ("one", "other"), [("3", "３"), ("101a", "１０１Ａ"), ("3️⃣", "3"), ("Ⅱ", "ii"), ("ﬁ", "FI"), ("Ａ 座", "a 座")]
)
def test_what_looks_alike_is_compared_as_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_a_name_has_one_line() -> None:
    assert one_line("  林\u3000静怡\n\t先生 ") == "林 静怡 先生"


def test_a_secret_is_never_touched() -> None:
    said = {
        "password": "ｐｗ\u200b",
        "new_password": "１",
        "name": "１",
        "deep": [{"text": "２"}],
        "count": 3,
        "no": None,
    }
    assert tidied(said) == said | {"name": "1", "deep": [{"text": "2"}]}


@given(st.text())
def test_done_twice_it_changes_nothing_more(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_nothing_that_controls_is_left(text: str) -> None:
    assert not [each for each in tidy(text) if unicodedata.category(each) == "Cc" and each not in "\n\t"]


@given(st.text(st.characters(categories=("L", "N", "P", "S"), max_codepoint=0x2FFF)))
def test_no_letter_is_lost(text: str) -> None:
    hidden = "\u115f\u1160\u3164\u2800"
    assert len(tidy(text)) >= len(unicodedata.normalize("NFC", "".join(each for each in text if each not in hidden)))
