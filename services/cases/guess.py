"""Guesses place, category and priority from one typed sentence, so that nobody has to be asked first.

The words that give a thing away stand in the word files (keys ``guess-…``), so every language brings its own.
"""

from dataclasses import dataclass
from functools import lru_cache

from domain.cases.category import DANGERS, USUAL, Category, Priority
from domain.estates.place_reading import place_in
from domain.estates.places import Known
from domain.typed import folded
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
    low = folded(text)
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


def guess(text: str, estate: EstateRow) -> Guess:
    """Everything that can be guessed from a sentence."""
    return Guess(*place_in(text, Known(estate.state.buildings)), *category_of(text))


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
