"""What the reader of places looks for, as patterns over a text made ready for it."""

import re
from collections.abc import Sequence

from domain.estates import place_words as words

HAN = re.compile(f"[{words.HAN}]")


def _any(those: Sequence[str]) -> str:
    return "|".join(map(re.escape, those))


RUN = r"[0-9a-z]+"
ONE = re.compile(RUN)
CODE = re.compile(rf"{RUN}(?:[-/.]{RUN})*")  # as long as it goes: 12-1, 102-1, 1-3
GLUED = re.compile(r"([a-z]{1,2})(?=[0-9]{3,4}(?![0-9a-z]))")  # a101
DASHED = re.compile(rf"{RUN}(?:[-/#_.]+{RUN}){{1,6}}")
SPACED = re.compile(rf"{RUN}(?:[-/#_. ]+{RUN}){{1,6}}")
SPACED_TRIPLE = re.compile(r"[0-9a-z]{1,4} [0-9]{1,2} [0-9]{3,4}[a-z]?(?![0-9a-z])")
PARTS = re.compile(r"[-/#_. ]+")
RANGE_END = re.compile(r"[-~]")
BUILDING = re.compile(_any(words.BUILDING))
MAYBE_BUILDING = re.compile(_any(words.MAYBE_BUILDING))
STAIRWELL = re.compile(rf"(?:{_any(words.STAIRWELL)})(?![{words.NO_STAIRWELL}])")
ROOM = re.compile(rf"(?:{_any(words.ROOM)})(?![{words.NO_ROOM}])")
FLOORED = re.compile(rf"([0-9]{{1,2}})(?:st|nd|rd|th)?(?:{_any(words.FLOOR)}|{_any(words.BEFORE_FLOOR)})")
BEFORE_FLOOR = re.compile(rf"(?:{_any(words.BEFORE_FLOOR)})[ .:]*([0-9]{{1,2}})(?![0-9a-z])")
BEFORE_BUILDING = re.compile(rf"(?:{_any(words.BEFORE_BUILDING)})(?:s|no)?[ .:#]*(?=[0-9a-z])")
BEFORE_STAIRWELL = re.compile(rf"(?:{_any(words.BEFORE_STAIRWELL)})(?:s|no)?[ .:#]*(?=[0-9a-z])")
BEFORE_ROOM = re.compile(rf"(?:(?:{_any(words.BEFORE_ROOM)})(?:s|no)?[ .:#]*|#)(?=[0-9a-z])")
BETWEEN = re.compile(rf"(?:[ ,:#/-]|{words.LINK}|of |in )*")
LISTED = re.compile(rf"[{words.LISTED},/&~-]| and | or ")
ONE_MORE = re.compile(rf"(?<![0-9a-z])[0-9a-z]{{1,4}}[{words.LISTED},/&~-]$")  # 6、 of 6、7栋
UNITS = re.compile(rf"[{re.escape(words.UNITS[0])}]|(?:{_any(words.UNITS[1:])})(?![0-9a-z])|[:.][0-9]")
COUNTED_AFTER = re.compile(_any(words.COUNTED_AFTER))
PHONE = 6  # digits in a row that no code has
