"""Words for people: sentences by key from the Fluent files in each room's ``words`` folder, Chinese first."""

from pathlib import Path
from threading import Lock
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

ROOMS = Path(__file__).parents[1]
LANGUAGES = ("zh", "en")
DEFAULT = "zh"
_LOCALES = {"zh": "zh-CN", "en": "en-GB"}


class NoWords(KeyError):
    """A key that no word file of the language has, or with variables that were not given."""


def files(language: str) -> list[Path]:
    """Every file with words of a language, wherever it lies: ``services/<room>/words/<language>/*.ftl``."""
    return sorted(ROOMS.glob(f"*/words/{language}/*.ftl"))


_bundles: dict[str, FluentBundle] = {}
_reading = Lock()


def bundle(language: str) -> FluentBundle:
    """All words of a language, read once: who needs them meanwhile waits instead of reading them as well."""
    found = _bundles.get(language)
    if found is None:
        with _reading:
            if language not in _bundles:
                _bundles[language] = _read(language)
            found = _bundles[language]
    return found


def words_at_hand() -> None:
    """Read the words of all languages, which takes a second, before many need them at once."""
    for language in LANGUAGES:
        bundle(language)


def _read(language: str) -> FluentBundle:
    functions: dict[str, Any] = {"WORDED": _worded}
    found = FluentBundle([_LOCALES[language]], functions=functions, use_isolating=False)
    for path in files(language):
        found.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return found


def _worded(code: Any, word: Any) -> str:
    """A code of a place with its word, unless it brings one of its own: 3 and 栋, but A座, 1# and 12-1幢."""
    said = str(code)
    own = len(said) > 1 and not (said[-1].isascii() and said[-1].isalnum())
    return said if own else f"{said}{word}"


def say(language: str, key: str, **facts: Any) -> str:
    """The sentence under ``key``; raises ``NoWords``."""
    words = bundle(language)
    if not words.has_message(key):
        raise NoWords(key)
    pattern = words.get_message(key).value
    if pattern is None:
        raise NoWords(key)
    text, errors = words.format_pattern(pattern, facts)
    if errors:
        raise NoWords(f"{key}: {errors[0]}")
    return str(text)


def has(language: str, key: str) -> bool:
    """Whether there are words under ``key``."""
    return bool(bundle(language).has_message(key))


def preferred(accept_language: str | None) -> str:
    """The language to answer in, from an ``Accept-Language`` header; Chinese where it names none of ours."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate((accept_language or "")[:500].split(",")):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        language = tag.strip().lower().split("-")[0]
        if language in LANGUAGES and 0 < quality <= 1:
            wanted.append((-quality, place, language))
    return min(wanted)[2] if wanted else DEFAULT
