"""Text that people write: which fields are personal, and what makes a text unusable.

A personal field is sealed before it is stored and reads as ``None`` once its key is destroyed, so its type
allows ``None``. Every text of a command passes ``clean`` before anybody decides on it.
"""

import unicodedata
from dataclasses import Field, field, fields, replace
from datetime import datetime
from typing import Any, TypeVar

from domain.refusal import refuse_if

Personal = str | None

C = TypeVar("C")

NAME_LENGTH = 60
PHONE_LENGTH = 20
CODE_LENGTH = 64
TEXT_LENGTH = 2000
_REQUIRED = object()


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
    """The command with its texts trimmed and in NFC.

    Refuses ``blank_text`` (also for a required text that is missing), ``text_too_long``, ``control_characters`` and
    ``broken_text`` (lone surrogates), each with the ``field`` it is about. An empty optional text becomes ``None``.
    A moment without an offset is refused as ``offset_missing``.
    """
    changed: dict[str, Any] = {}
    for item in fields(command):  # type: ignore[arg-type]
        value = getattr(command, item.name)
        if isinstance(value, datetime):
            refuse_if(value.utcoffset() is None, "offset_missing", field=item.name)
        refuse_if(value is None and is_personal(item) and item.default is not None, "blank_text", field=item.name)
        if not isinstance(value, str) or type(value) is not str:
            continue
        text = _checked(value, item)
        optional = item.default is None
        refuse_if(not text and not optional, "blank_text", field=item.name)
        if (text or None) != value:
            changed[item.name] = text or None
    return replace(command, **changed) if changed else command  # type: ignore[type-var]


def _checked(value: str, item: "Field[Any]") -> str:
    limit = limit_of(item)
    refuse_if(len(value) > limit * 4, "text_too_long", field=item.name, limit=limit)  # before any costly look
    if value.isprintable():  # nothing broken, invisible or controlling in it, by the same Unicode categories
        text = unicodedata.normalize("NFC", value).strip()
        refuse_if(len(text) > limit, "text_too_long", field=item.name, limit=limit)
        return text
    refuse_if(any("\ud800" <= c <= "\udfff" for c in value), "broken_text", field=item.name)
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    refuse_if(len(text) > limit, "text_too_long", field=item.name, limit=limit)
    unprintable = any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text)
    refuse_if(unprintable, "control_characters", field=item.name)
    invisible = bool(text) and all(unicodedata.category(c) in ("Cf", "Zs", "Zl", "Zp", "Cc") for c in text)
    return "" if invisible else text
