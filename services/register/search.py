"""What somebody means who looks for a dwelling: the many ways of writing 3-2-501 down as one."""

import re
from functools import cache

from projections.register.dwellings import folded
from services.words.sentences import LANGUAGES, say

LONGEST = 60
_CODES = re.compile(r"[0-9a-z]+([ -]+[0-9a-z]+)+")


def meant(said: str) -> str:
    """The fragment to search by; empty where there is nothing to search by."""
    text = folded(said.strip()[:LONGEST])
    if not text.isprintable() or any("\ud800" <= letter <= "\udfff" for letter in text):
        return ""
    text = _place_words().sub("-", text)
    text = re.sub(r"\s*[-#/_.\u2013\u2014][-#/_.\u2013\u2014\s]*", "-", text).strip("- |")
    if _CODES.fullmatch(text):
        return re.sub(r"(^|-)0+(?=[0-9])", r"\1", re.sub(r"[ -]+", "-", text))
    return "".join(text.split()).replace("|", "")


@cache
def _place_words() -> "re.Pattern[str]":
    """Words for building, stairwell and room, where they follow a number, or a letter at the beginning."""
    words = {folded(word.strip()) for each in LANGUAGES for word in say(each, "register-place-words").split("/")}
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(r"(?:(?<=[0-9])|(?<=^[a-z]))\s*(" + "|".join(map(re.escape, longest_first)) + r")\s*")
