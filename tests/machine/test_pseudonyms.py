"""Ids that tell nothing: the same for ever, as streams are found by them, and never the same for two things."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.log.pseudonyms import Pseudonyms

OURS = Pseudonyms(b"p" * 32)
PARTS = st.lists(st.text(max_size=4), max_size=4)


def test_an_id_is_the_same_in_every_release() -> None:
    assert OURS.dwelling("350902002999-001", "3", "2", "501") == UUID("703976d6-1176-99ab-37a4-5f21d720c863")
    assert OURS.of("statement-line", "WECHAT", "4200000001") == UUID("2b0ae7cd-06c3-8a0a-1aaf-b42e2536c332")


def test_another_installation_calls_nothing_the_same() -> None:
    assert Pseudonyms(b"q" * 32).of("statement-line", "WECHAT", "1") != OURS.of("statement-line", "WECHAT", "1")


@given(PARTS, PARTS)
def test_parts_that_read_alike_when_joined_are_told_apart(some: list[str], others: list[str]) -> None:
    assert (OURS.of("kind", *some) == OURS.of("kind", *others)) is (some == others)
