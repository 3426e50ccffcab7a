"""Text that people write: which fields are personal, and what makes a text unusable.

A personal field is sealed before it is stored and reads as ``None`` once its key is destroyed, so its type
allows ``None``. Every text of a command passes ``clean`` before anybody decides on it.
"""

import unicodedata
from dataclasses import Field, field, fields, replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar

from domain.refusal import Rejection, reject_if

Personal = str | None

C = TypeVar("C")

NAME_LENGTH = 60
PHONE_LENGTH = 40  # with spaces, country and extension
CODE_LENGTH = 64
TEXT_LENGTH = 2000
_REQUIRED = object()
# marks of writing direction: they come along with numbers copied from phones, and can make a text read as another
_DIRECTIONS = dict.fromkeys((0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def personal(limit: int = TEXT_LENGTH, *, default: Any = _REQUIRED) -> Any:
    """A field holding personal data (free text, a name, a phone, a dwelling), at most ``limit`` characters."""
    metadata = {"personal": True, "limit": limit}
    return field(metadata=metadata) if default is _REQUIRED else field(default=default, metadata=metadata)


def is_personal(item: "Field[Any]") -> bool:
    """Whether a dataclass field was made by ``personal``."""
    return bool(item.metadata.get("personal"))


def limit_of(item: "Field[Any]") -> int:
    """The longest text a field takes, in characters."""
    limit: int = item.metadata.get("limit", CODE_LENGTH)
    return limit


def clean(command: C) -> C:
    """The command with its texts trimmed, in NFC and without marks of writing direction.

    Refuses ``blank_text`` (also for a required text that is missing), ``text_too_long``, ``control_characters`` and
    ``broken_text`` (lone surrogates), each with the ``field`` it is about. An empty optional text becomes ``None``.
    A moment without an offset is refused as ``offset_missing``.
    """
    changed: dict[str, Any] = {}
    for rule in _rules(type(command)):  # type: ignore[arg-type]  # mypy takes no class of a TypeVar for hashable
        value = getattr(command, rule.field)
        if type(value) is str:
            text = _checked(value, rule)
            reject_if(not text and not rule.optional, "blank_text", field=rule.field)
            if (text or None) != value:
                changed[rule.field] = text or None
        elif value is None:
            reject_if(rule.personal and not rule.optional, "blank_text", field=rule.field)
        elif isinstance(value, datetime):
            reject_if(value.utcoffset() is None, "offset_missing", field=rule.field)
    return replace(command, **changed) if changed else command  # type: ignore[type-var]


class _Rule(NamedTuple):
    """What a field asks of its text."""

    field: str
    limit: int
    personal: bool
    optional: bool


@cache
def _rules(kind: type[Any]) -> tuple[_Rule, ...]:
    return tuple(_Rule(item.name, limit_of(item), is_personal(item), item.default is None) for item in fields(kind))


def _checked(value: str, rule: _Rule) -> str:
    if len(value) > rule.limit * 4:  # before any costly look
        raise Rejection("text_too_long", field=rule.field, limit=rule.limit)
    if value.isprintable():  # nothing broken, invisible or controlling in it, by the same Unicode categories
        text = unicodedata.normalize("NFC", value).strip()
        if len(text) > rule.limit:
            raise Rejection("text_too_long", field=rule.field, limit=rule.limit)
        return text
    reject_if(any("\ud800" <= c <= "\udfff" for c in value), "broken_text", field=rule.field)
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").translate(_DIRECTIONS)).strip()
    reject_if(len(text) > rule.limit, "text_too_long", field=rule.field, limit=rule.limit)
    lines = "\n\t" if rule.personal else ""  # a code has one line
    unprintable = any(unicodedata.category(c) == "Cc" and c not in lines for c in text)
    reject_if(unprintable, "control_characters", field=rule.field)
    invisible = bool(text) and all(unicodedata.category(c) in ("Cf", "Zs", "Zl", "Zp", "Cc") for c in text)
    return "" if invisible else text
