"""Reads from a sentence whether somebody's life may be in danger: before anything else is guessed from it.

The phrases stand in the word files (keys ``danger-…``), of all languages at once, since whoever types at a desk mixes
them. A phrase that is denied (it did not happen) is no danger. One that is over is none any more, but what it was stays
known: somebody has to go and look.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from domain.cases.category import DANGERS, Category
from services.words.sentences import LANGUAGES, say

_NEAR = r"[^.;!?\u3002\n]"  # a comma may stand between the parts of a phrase; full-width signs were folded
_DENYING = 40  # signs before a phrase that are looked at
_WORDY = re.compile(r"[a-z]")


@dataclass(frozen=True, slots=True)
class Danger:
    """What kind it is; ``over`` where the text says that it has passed."""

    kind: Category
    over: bool = False


def first_of(kind: Category) -> str:
    """The key of what to do first; whatever somebody triaged as P0 may be a danger to life."""
    return f"danger-first-{kind.value}" if kind in DANGERS else "danger-first-OTHER"


def danger_in(text: str) -> Danger | None:
    """The gravest danger that a text tells of; one that is still there beats whatever is over."""
    told = _read_alike(text)
    if _practised().search(told):
        return None
    told = _harmless().sub(lambda found: " " * len(found[0]), told)
    passed: Danger | None = None
    for kind in DANGERS:
        happened = [
            found.end() for found in _phrases(kind).finditer(told) if not _denied().search(_before(told, found))
        ]
        if not happened:
            continue
        if not any(end > happened[-1] for end in _ends(kind, told)):
            return Danger(kind)
        passed = passed or Danger(kind, over=True)
    return passed


def _ends(kind: Category, told: str) -> Iterator[int]:
    """Where it is said to be over."""
    for found in _over(kind).finditer(told):
        if not _not_over().search(_before(told, found)):
            yield found.end()


def _before(told: str, found: re.Match[str]) -> str:
    """The signs before a phrase, as many as may deny it."""
    return told[max(0, found.start() - _DENYING) : found.start()]


def _read_alike(text: str) -> str:
    """The same for every way of typing it: full-width signs, capitals, spaces between Chinese signs."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")
    return re.sub(r"(?<![a-z0-9])[ \t]+|[ \t]+(?![a-z0-9])", "", re.sub(r"[ \t]+", " ", plain))


@cache
def _listed(key: str) -> tuple[str, ...]:
    found = [word.strip() for language in LANGUAGES for word in say(language, f"danger-{key}").split("|")]
    return tuple(word for word in dict.fromkeys(found) if word not in ("", "-"))


def _either(key: str) -> str:
    """A pattern for any of the listed phrases, the longest first; one that never matches where there is none."""
    return "|".join(_pattern(word) for word in sorted(_listed(key), key=len, reverse=True)) or r"(?!)"


def _pattern(phrase: str) -> str:
    phrase, _, unless = phrase.partition("~")
    ends = f"(?![{unless}])" if unless else ""
    parts = [re.escape(part).replace(r"\ ", " ") for part in phrase.split("…")]
    if _WORDY.search(phrase):
        return rf"\b{f'{_NEAR}{{0,30}}?'.join(parts)}\b"
    return f"{_NEAR}{{0,12}}?".join(parts) + ends


@cache
def _phrases(kind: Category) -> re.Pattern[str]:
    return re.compile(_either(kind.value))


@cache
def _over(kind: Category) -> re.Pattern[str]:
    return re.compile(_either(f"over-{kind.value}"))


@cache
def _harmless() -> re.Pattern[str]:
    return re.compile(_either("not"))


@cache
def _practised() -> re.Pattern[str]:
    return re.compile(_either("practised"))


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(rf"(?:{_either('denied')})(?:{_either('denied-filler')}| )*$")


@cache
def _not_over() -> re.Pattern[str]:
    return re.compile(rf"(?:{_either('over-not')}) ?$")
