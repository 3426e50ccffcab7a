"""A text that has to be written is never blank: whatever command it is of, the field is told by a name people know."""

from dataclasses import fields, replace
from typing import Any

import pytest

from domain.refusal import Rejection
from domain.typed import tidy
from domain.words import clean
from services.words.sentences import has
from tests.examples import COMMANDS

UNSEEN = (
    "",
    "  ",
    "\t \n",
    "\u3000",
    "\u200b",
    "\u00a0\u2060",
    "\ufeff\u200d",
    "\u3164",
    "\u2800 ",
    "\u00ad",
    "\u115f",
)
REQUIRED = [
    pytest.param(command, item.name, id=f"{type(command).__name__}-{item.name}")
    for command in COMMANDS
    for item in fields(command)
    if item.default is not None and isinstance(getattr(command, item.name), str)
]


@pytest.mark.parametrize(("command", "field"), REQUIRED)
def test_what_nobody_can_see_is_no_text(command: Any, field: str) -> None:
    """As it comes out of forms and bodies, tidy."""
    for unseen in UNSEEN:
        with pytest.raises(Rejection) as refused:
            clean(replace(command, **{field: tidy(unseen)}))
        assert (refused.value.code, refused.value.facts["field"]) == ("blank_text", field)
    assert has("zh", f"field-{field}") and has("en", f"field-{field}")
