"""What people write: trimmed, in one form, and refused where nobody could read it."""

import unicodedata
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import SHANGHAI
from domain.cases.work_order import ExtendDeadline
from domain.catalogue import COMMANDS, EVENTS
from domain.refusal import Refusal
from domain.words import CODE_LENGTH, TEXT_LENGTH, Personal, clean, is_personal, limit_of, personal


@dataclass(frozen=True, slots=True)
class Said:
    text: Personal = personal()
    name: Personal = personal(5, default=None)
    code: str = "-"


def refusal(said: Said) -> tuple[str, object]:
    with pytest.raises(Refusal) as refused:
        clean(said)
    return refused.value.code, refused.value.facts.get("field")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  灯不亮  ", "灯不亮"),
        ("一行\r\n两行", "一行\n两行"),
        ("e\u0301", "é"),
        ("灯\t不亮", "灯\t不亮"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),  # joiners inside a text are part of it
        ("３栋", "３栋"),
        ("\u202d13800138000\u202c", "13800138000"),  # as phones copy a number
        ("收\u202e据", "收据"),
        ("\u2067 3-2-501 \u2069", "3-2-501"),  # nor do they keep the spaces around it
        ("\u200e3\u200f栋\u061c", "3栋"),
    ],
)
def test_a_text_is_kept_as_it_was_meant(written: str, kept: str) -> None:
    assert clean(Said(written)).text == kept


@pytest.mark.parametrize("blank", ["", " ", "\n\t", "\u200b", "\u3000", "\u2028\u200d", None])
def test_a_required_text_is_not_blank(blank: str | None) -> None:
    assert refusal(Said(blank)) == ("blank_text", "text")


@pytest.mark.parametrize("blank", ["", "  ", "\u200b", None])
def test_an_optional_text_may_be_left_out(blank: str | None) -> None:
    assert clean(Said("灯", name=blank)).name is None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("灯\x00亮", "control_characters"),
        ("灯\x1b[31m", "control_characters"),
        ("灯\x85亮", "control_characters"),
        ("灯\ud83d", "broken_text"),
        ("灯" * (TEXT_LENGTH + 1), "text_too_long"),
        ("灯" * (TEXT_LENGTH * 5), "text_too_long"),
    ],
)
def test_what_cannot_be_used(written: str, code: str) -> None:
    assert refusal(Said(written)) == (code, "text")


def test_limits_count_what_is_kept() -> None:
    assert clean(Said("  " + "灯" * TEXT_LENGTH + "  ")).text == "灯" * TEXT_LENGTH
    assert clean(Said("灯", name="12345")).name == "12345"
    assert refusal(Said("灯", name="123456")) == ("text_too_long", "name")
    assert refusal(Said("灯", code="x" * (CODE_LENGTH + 1))) == ("text_too_long", "code")


@pytest.mark.parametrize("broken", ["SF1\n2", "SF1\t2", "SF1\r\n2"])
def test_a_code_has_one_line(broken: str) -> None:
    assert refusal(Said("灯", code=broken)) == ("control_characters", "code")


def test_a_moment_names_its_offset() -> None:
    nowhere = ExtendDeadline(datetime(2026, 11, 30, 8), "等配件")
    with pytest.raises(Refusal, match="offset_missing"):
        clean(nowhere)
    assert clean(replace(nowhere, fix_by=nowhere.fix_by.replace(tzinfo=SHANGHAI))).fix_by.tzinfo is SHANGHAI


def test_a_clean_command_is_itself() -> None:
    said = Said("灯不亮", "邹老师")
    assert clean(said) is said


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40), st.none() | st.text(max_size=8))
def test_cleaning_refuses_or_is_done_once_and_for_all(text: str, name: str | None) -> None:
    try:
        once = clean(Said(text, name))
    except Refusal:
        return
    assert clean(once) == once
    assert once.text is not None and unicodedata.is_normalized("NFC", once.text) and once.text.strip() == once.text


def test_every_personal_field_may_be_forgotten() -> None:
    """A sealed field reads as ``None`` once its key is destroyed, so its type has to allow that."""
    for kind in EVENTS.values():
        hints = get_type_hints(kind)
        assert all(hints[item.name] == str | None for item in fields(kind) if is_personal(item)), kind


def test_inv_62_free_text_is_personal() -> None:
    """INV-62: whatever people write down themselves, or say about a resident, is sealed."""
    free = {"text", "reason", "note", "summary", "advice", "answer", "reporter", "phone", "dwelling"}
    for kind in EVENTS.values():
        text = [
            item for item in fields(kind) if item.name in free and item.type in (str, Personal)
        ]  # a pseudonym or one of a few reasons tells nothing
        assert all(is_personal(item) for item in text), kind


def test_what_a_command_takes_the_event_keeps() -> None:
    """No event holds more of a text than its command let in."""
    shared: list[tuple[Any, Any]] = [
        (command, event)
        for command in (field for kind in COMMANDS.values() for field in fields(kind))
        for event in (field for kind in EVENTS.values() for field in fields(kind))
        if command.name == event.name and is_personal(command) and is_personal(event)
    ]
    assert shared and all(limit_of(command) == limit_of(event) for command, event in shared)
