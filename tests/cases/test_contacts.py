"""Who reported something, lifted out of the sentence: no number stays in a text, whichever way it came."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cases.contacts import lifted, phones_in, placed

SENTENCES = [
    line.split(" => ")
    for line in (Path(__file__).parent / "contact_sentences.txt").read_text(encoding="utf-8").splitlines()
]
_WIDE = str.maketrans("0123456789", "".join(chr(0xFF10 + digit) for digit in range(10)))
_SPOKEN = str.maketrans("0123456789", "零一二三四五六七八九")

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
ways = st.sampled_from([
    lambda n: n, lambda n: f"{n[:3]} {n[3:7]} {n[7:]}", lambda n: f"{n[:3]}-{n[3:7]}-{n[7:]}", lambda n: f"+86{n}",
    lambda n: f"+86 {n}", lambda n: f"0086{n}", lambda n: f"86-{n}", lambda n: n.translate(_WIDE), lambda n: f"（{n}）",
    lambda n: f"{n[:7]} {n[7:]}", lambda n: f"电话：{n}", lambda n: n.translate(_SPOKEN), lambda n: "\u200b".join(n),
])  # fmt: skip
around = st.sampled_from(
    ["6栋2单元401", "水管漏了，", "王阿姨", "请下午来 ", "3-1-502 ", "说停水了", "", "，", "Light out "]
)


@pytest.mark.parametrize(("text", "said"), SENTENCES)
def test_a_sentence_as_people_type_it(text: str, said: str) -> None:
    left, phones, reporter = (part.strip() for part in said.split("|"))
    found = lifted(text)
    assert (found.text, " / ".join(found.phones), found.reporter or "") == (left, phones, reporter)


@given(mobiles, ways, around, around)
def test_a_number_never_stays_in_the_text_however_it_is_typed(number: str, way, before: str, after: str) -> None:  # type: ignore[no-untyped-def]
    for found in (phones_in(before + way(number) + after), lifted(before + way(number) + after)):
        assert number in found.phones
        assert number not in re.sub(r"\D", "", found.text)


@given(st.text(st.characters(categories=["L", "Nd", "P", "Zs", "Cf"]), max_size=80))
def test_any_text_can_be_read_and_lifting_twice_lifts_nothing_more(text: str) -> None:
    once = phones_in(text)
    assert phones_in(once.text).phones == ()
    assert lifted(text).phones == once.phones
    assert once.text == text or once.phones


def test_what_cannot_be_rung_stands_behind_the_name_and_stops_nothing() -> None:
    assert placed("李先生", None, ("0592-221234",)) == ("李先生（0592-221234）", None)
    assert placed(None, None, ("0592-221234", "13800000000")) == ("0592-221234", "13800000000")


def test_a_second_number_stands_behind_the_name() -> None:
    numbers = ("13800000000", "13900000000")
    assert placed("王阿姨", None, numbers) == ("王阿姨（13900000000）", "13800000000")
    assert placed(None, "13700000000", numbers) == ("13800000000 / 13900000000", "13700000000")
    assert placed("王阿姨", "13800000000", numbers[:1]) == ("王阿姨", "13800000000")
    assert placed(None, None, ()) == (None, None)
