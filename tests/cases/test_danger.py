"""What people type when a life may be in danger, and what only sounds like it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cases.category import DANGERS, USUAL, Category, Priority
from services.cases.danger import Danger, danger_in
from services.cases.guess import ORDINARY, category_of
from services.words.sentences import LANGUAGES, has

LINES = [
    (kind, text)
    for kind, _, text in (
        line.partition(" | ")
        for line in (Path(__file__).parent / "danger_sentences.txt").read_text(encoding="utf-8").splitlines()
    )
]
SAID = [(Category[kind], text) for kind, text in LINES if kind in Category.__members__]
OVER = [(Category[kind.removeprefix("over ")], text) for kind, text in LINES if kind.startswith("over ")]
HARMLESS = [text for kind, text in LINES if kind == "none"] + ["", " \n\u3000"]


def test_every_line_of_the_collection_is_tried() -> None:
    assert len(SAID) + len(OVER) + len(HARMLESS) - 2 == len(LINES)
    assert {kind for kind, _ in SAID} == set(DANGERS)


@pytest.mark.parametrize(("kind", "text"), SAID)
def test_whatever_may_cost_a_life_is_told_at_once(kind: Category, text: str) -> None:
    assert danger_in(text) == Danger(kind)
    assert category_of(text) == (kind, Priority.P0)


@pytest.mark.parametrize(("kind", "text"), OVER)
def test_what_is_over_is_looked_at_soon(kind: Category, text: str) -> None:
    assert danger_in(text) == Danger(kind, over=True)
    assert category_of(text) == (kind, Priority.P1)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert danger_in(text) is None
    assert category_of(text)[1] is not Priority.P0


@given(
    st.sampled_from(SAID),
    st.sampled_from(("路灯不亮。", "垃圾桶满了！", "电动车飞线充电，一直没人管，物业费要退；", "邻居吵闹\n")),
    st.text("\u3000 \u200b", max_size=3),
)
def test_it_beats_whatever_else_is_said(told: tuple[Category, str], before: str, space: str) -> None:
    """However long the other words are, and in full-width signs and capitals as well."""
    kind, text = told
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text.upper())
    for each in (text, wide):
        found = category_of(before + space + each + "。还有路灯、健身器材、晨练器材都坏了")
        assert found == (kind, Priority.P0)


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert category_of(text)[0] in (None, *Category)


def test_every_danger_says_what_to_do_first() -> None:
    assert {category for category in Category if USUAL[category].priority is Priority.P0} == set(DANGERS)
    assert set(ORDINARY) | set(DANGERS) == set(Category)
    for language in LANGUAGES:
        assert all(has(language, f"danger-first-{kind.value}") for kind in DANGERS)
