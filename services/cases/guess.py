"""Guesses place, category and priority from one typed sentence, so that nobody has to be asked first.

The words that give a thing away stand in the word files (keys ``guess-…``), so every language brings its own.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from domain.cases.category import DANGERS, USUAL, Category, Priority
from projections.cases.notebook import IssueLine
from projections.estates.estates import EstateRow
from services.cases.danger import danger_in
from services.words.sentences import LANGUAGES, say

ORDINARY = tuple(category for category in Category if category not in DANGERS)


@dataclass(frozen=True, slots=True)
class Guess:
    """What a sentence seems to be about; ``None`` where it does not say. The place is one that the estate has."""

    building: str | None = None
    stairwell: str | None = None
    dwelling: str | None = None
    category: Category | None = None
    priority: Priority | None = None


@lru_cache(maxsize=64)
def _words(key: str) -> tuple[str, ...]:
    """The words of all languages under one key, in small letters; a bare "-" means none."""
    found = [word.strip().lower() for language in LANGUAGES for word in say(language, f"guess-{key}").split("|")]
    return tuple(dict.fromkeys(word for word in found if word not in ("", "-")))


def category_of(text: str) -> tuple[Category | None, Priority | None]:
    """What may cost a life before all else; otherwise the category whose longest word occurs, with its priority."""
    danger = danger_in(text)
    if danger is not None:
        return danger.kind, Priority.P1 if danger.over else Priority.P0
    low = text.lower()
    best: tuple[int, Category] | None = None
    for category in ORDINARY:
        for word in _words(category.value):
            if word in low and (best is None or len(word) > best[0]):
                best = len(word), category
    if best is None:
        return None, None
    usual = USUAL[best[1]].priority
    hurry = usual not in (Priority.P0, Priority.P1) and any(word in low for word in _words("urgent"))
    return best[1], Priority.P1 if hurry else usual


def place_of(text: str, estate: EstateRow) -> tuple[str | None, str | None, str | None]:
    """Building, stairwell and dwelling, each only if the estate has it."""
    buildings = estate.state.buildings
    dashed = re.search(r"(?<!\d)(\d{1,2})-(\d{1,2})-(\d{3,4})(?!\d)", text)
    rest = text
    if dashed:
        building, stairwell, room = dashed.groups()
    else:
        building, rest = _numbered(text, "building", rest)
        stairwell, rest = _numbered(text, "stairwell", rest)
        found = re.search(r"(?<!\d)(\d{3,4})(?!\d)", rest)
        room = found[1] if found else None
    if building is None or building not in buildings:
        return None, None, None
    stairwell = stairwell if stairwell in buildings[building] else None
    rooms = [buildings[building][stairwell]] if stairwell else list(buildings[building].values())
    dwelling = room if any(room in each for each in rooms) else None
    return building, stairwell, dwelling


def _numbered(text: str, kind: str, rest: str) -> tuple[str | None, str]:
    """The number that stands with a word such as building, and the text without it."""
    digits = _digits()
    number = rf"\d{{1,4}}|[{digits}]{{1,3}}"
    for pattern in (
        rf"({number})\s*(?:{_either(kind)})",
        rf"(?:{_either(f'{kind}-before')})\s*({number})",
    ):
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            return _plain(found[1]), rest.replace(found[0], " ")
    return None, rest


def _either(key: str) -> str:
    return "|".join(re.escape(word) for word in _words(key)) or r"(?!)"


def _digits() -> str:
    """One to ten as they are written out, in order."""
    return say("zh", "guess-digits")


def _plain(number: str) -> str:
    if number.isdecimal() and number.isascii():
        return number
    value = 0
    for letter in number:
        digit = _digits().index(letter) + 1
        value = (value or 1) * 10 if digit == 10 else value + digit
    return str(value)


def guess(text: str, estate: EstateRow) -> Guess:
    """Everything that can be guessed from a sentence, however wide its signs were typed."""
    return Guess(*place_of(unicodedata.normalize("NFKC", text), estate), *category_of(text))


def of_line(line: IssueLine) -> tuple[Category | None, Priority | None]:
    """What a notebook line is about: as triaged, else as guessed."""
    if line.state.triage is not None:
        return line.state.triage.category, line.state.triage.priority
    if line.danger is not None:
        return line.danger, Priority.P0
    return category_of(line.text or "")


def twin(line: IssueLine, others: list[IssueLine]) -> IssueLine | None:
    """The earliest other line that seems to be about the same thing: same category, same building, within a week."""
    category, priority = of_line(line)
    if category is None or line.building is None or priority is Priority.P0:
        return None
    for other in sorted(others, key=lambda each: each.noted_at):
        days = (line.noted_at - other.noted_at).days
        same = other.issue != line.issue and other.building == line.building and of_line(other)[0] is category
        if same and 0 <= days < 7 and (other.noted_at, other.number) < (line.noted_at, line.number):
            return other
    return None
