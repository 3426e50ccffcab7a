"""Who reported something and under which number, lifted out of the sentence: contact data never stay in a text.

A number is one however it was typed: +86, spaces or dashes, full-width or written-out digits, an area code in brackets.
A name is taken for one only where it stands as people give theirs: before a number, or before what somebody says. The
words stand in the word files (keys ``contact-…``), of both languages at once.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from domain.words import NAME_LENGTH, TEXT_LENGTH
from domain.written.area_codes import DIGITS
from domain.written.phones import reachable
from services.words.sentences import LANGUAGES, say

_GAP = r"[ \-.\u00b7_]?"
_MOBILE = rf"(?:(?:\+|00)?{_GAP}86{_GAP}|0)?1[3-9]\d(?:{_GAP}\d){{8}}"
_LANDLINE = rf"(?:\(0\d{{2,3}}\)|0\d{{2,3}}){_GAP}[2-8]\d{{2,3}}{_GAP}\d{{4}}(?:[-\u8f6c#](?:\d{{1,5}}))?"
_SPOILT = (
    rf"(?:\(0\d{{2,3}}\)|0\d{{2,3}}){_GAP}\d{{6}}(?!{_GAP}\d)"  # a landline with a digit too few is somebody's, too
)
_ENDS = r"(?!%|\d(?!\d?[\u680b\u5e62\u53f7\u697c\u5355#-]))"  # a building may stand right behind it
_NUMBER = re.compile(rf"(?<![\d.])(?:\+?86{_GAP})?(?:{_MOBILE}|{_LANDLINE}){_ENDS}|(?<![\d.])\+?{_MOBILE}{_ENDS}")
_SHORT = re.compile(rf"(?<![\d.\-]){_SPOILT}")
_AFTER_ROOM = re.compile(
    rf"(?<!\d)(\d{{3}})(?=(?:(?:00)?86{_GAP})?1[3-9]\d(?:{_GAP}\d){{8}}{_ENDS})"
)  # 401 and a number, without a gap
_GLUED = re.compile(r"(?<!\d)(?:1[3-9]\d{9}){2,4}(?!\d)")  # numbers with nothing between them
_HAN = r"\u4e00-\u9fff"
_COMMA, OPEN, SHUT = map(chr, (0xFF0C, 0xFF08, 0xFF09))
_STOPS = "".join(map(chr, (0xFF0C, 0x3002, 0xFF1B, 0xFF1A, 0xFF01, 0xFF1F)))  # full-width , . ; : ! ?
_LOOSE = f" ,;:/{chr(0xB7)}-{chr(0x3001)}{_STOPS[:4]}"  # what is left over at both ends of a gap
_BRACKETS = f"(){OPEN}{SHUT}"


@dataclass(frozen=True, slots=True)
class Lifted:
    """The sentence without what was lifted; whatever it did not say is ``None`` or empty."""

    text: str
    phones: tuple[str, ...] = ()
    reporter: str | None = None


def lifted(text: str) -> Lifted:
    """Everything about the reporter, as the desk types it in one go."""
    if len(text) > 2 * TEXT_LENGTH:  # too long to be taken, however it is read
        return Lifted(text)
    plain = _plain(text)
    numbers = list(_numbers(plain))
    spans = [(found[0], found[1]) for found in numbers]
    wechat = _wechat().search(plain)
    if wechat:
        spans.append(wechat.span())
    name = _name(plain, spans)
    if name:
        spans.append(name[0])
    if not spans:
        return Lifted(text)
    reporter = name[1] if name else None
    if wechat:
        known = f"{say('zh' if _chinese(plain) else 'en', 'contact-wechat-word')} {wechat['id']}"
        reporter = f"{reporter}{OPEN}{known}{SHUT}" if reporter else known
    return Lifted(_without(plain, spans), _unique(numbers), reporter and reporter[:NAME_LENGTH])


def phones_in(text: str) -> Lifted:
    """Numbers alone: for texts that come with a field for the name."""
    plain = _plain(text) if text and len(text) <= 2 * TEXT_LENGTH else ""
    numbers = list(_numbers(plain))
    if not numbers:
        return Lifted(text)
    return Lifted(_without(plain, [(start, end) for start, end, _ in numbers]), _unique(numbers))


def placed(reporter: str | None, phone: str | None, found: Sequence[str]) -> tuple[str | None, str | None]:
    """Reporter and number as their fields take them: the first that can be rung to its own, others behind the name."""
    phone = phone or next((each for each in found if reachable(each)), None)
    others = [each for each in found if each != (phone or "").strip() and each not in (reporter or "")]
    if not others:
        return reporter, phone
    more = " / ".join(others)
    said = f"{reporter}{OPEN}{more}{SHUT}" if reporter else more
    return said[:NAME_LENGTH], phone


def _plain(text: str) -> str:
    """Full-width digits and letters as narrow ones, invisible signs gone; all else stays as it was typed."""
    signs = (sign for sign in text if unicodedata.category(sign) != "Cf")
    folded = "".join(unicodedata.normalize("NFKC", sign) if _foldable(sign) else sign for sign in signs)
    spoken = _spoken().sub(lambda found: _figures(found[0]), folded)
    apart = _GLUED.sub(lambda found: " ".join(re.findall(r"\d{11}", found[0])), spoken)
    return _AFTER_ROOM.sub(r"\1 ", apart)


def _foldable(sign: str) -> bool:
    return sign.isdecimal() or (0xFF01 <= ord(sign) <= 0xFF5E and sign not in _STOPS)


def _numbers(plain: str) -> list[tuple[int, int, str]]:
    """Where numbers stand with the words before them, and each as it is dialled."""
    found = [(*_with_cue(plain, *each.span()), _dialled(each[0])) for each in _NUMBER.finditer(plain)]
    short = [(*_with_cue(plain, *each.span()), each[0]) for each in _SHORT.finditer(plain) if _area(each[0]) in DIGITS]
    found += [each for each in short if not any(each[0] < end and start < each[1] for start, end, _ in found)]
    local = [(each.start(), each.end(), each["number"]) for each in _local().finditer(plain)]
    return found + [each for each in local if not any(each[0] < end and start < each[1] for start, end, _ in found)]


def _with_cue(plain: str, start: int, end: int) -> tuple[int, int]:
    """With the word for it in front: 'phone:' says nothing once the number is gone."""
    before = _cue().search(plain[:start])
    return (before.start() if before else start), end


def _dialled(number: str) -> str:
    """A mobile as its eleven digits, a landline as area code, number and extension."""
    digits = re.sub(r"\D", "", number)
    mobile = re.fullmatch(r"(?:0?0?86|0)?(1[3-9]\d{9})", digits)
    if mobile:
        return mobile[1]
    plain = re.sub(r"^\+?86\D?", "", number)
    area = re.fullmatch(r"\(?(0\d{2,3}?)\)?[^\d]?([2-8]\d{2,3})[^\d]?(\d{4})(?:[-\u8f6c#](\d+))?", plain)
    if area is None:
        return digits
    return f"{area[1]}-{area[2]}{area[3]}" + (f"-{area[4]}" if area[4] else "")


def _area(number: str) -> str:
    return re.split(r"\D", number.lstrip("("), maxsplit=1)[0]


def _unique(numbers: list[tuple[int, int, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(number for _, _, number in sorted(numbers)))


def _name(plain: str, contacts: list[tuple[int, int]]) -> tuple[tuple[int, int], str] | None:
    """Somebody's name beside a number or before what is said, with the words of saying; the first there is."""
    starts, ends = {start for start, _ in contacts}, {end for _, end in contacts}
    for found in _named().finditer(plain):
        name, begin, end = found["name"], found.start("name"), found.end("name")
        after = plain[end:].lstrip(_LOOSE + _BRACKETS)
        gap = len(plain) - len(after)
        introduced = _introduced().search(plain[:begin])
        front = introduced.start() if introduced else begin
        behind = len(plain[:front].rstrip(_LOOSE + _BRACKETS)) in ends and (gap > end or not after)
        called = gap in starts or behind
        said = _said().match(after)
        titled = found["title"] or found["mr"]
        whole = not titled and any(sign in say("zh", "contact-not") for sign in name[1:])
        if not whole and (called or (titled and (said or after.startswith(_listed("home"))))):
            return (front, gap + said.end() if said else end), name
    return None


def _without(plain: str, spans: list[tuple[int, int]]) -> str:
    """What is left, with one comma where something stood in the middle, and without the words of saying."""
    parts, at = [], 0
    for start, end in sorted(spans):
        if start >= at and plain[at:start].strip(_LOOSE) not in _listed("or"):
            parts.append(plain[at:start])
        at = max(at, end)
    parts.append(plain[at:])
    said = _said().match(parts[-1].lstrip(_LOOSE + _BRACKETS))
    if said:
        parts[-1] = parts[-1].lstrip(_LOOSE + _BRACKETS)[said.end() :]
    kept = [part for each in parts if (part := each.strip(_LOOSE + _BRACKETS))]
    return (_COMMA if _chinese(plain) else ", ").join(kept)


def _chinese(text: str) -> bool:
    return re.search(f"[{_HAN}]", text) is not None


@cache
def _listed(key: str) -> tuple[str, ...]:
    found = [word.strip() for language in LANGUAGES for word in say(language, f"contact-{key}").split("|")]
    return tuple(sorted((word for word in dict.fromkeys(found) if word not in ("", "-")), key=len, reverse=True))


def _either(key: str) -> str:
    return "|".join(map(re.escape, _listed(key))) or r"(?!)"


@cache
def _cue() -> "re.Pattern[str]":
    return re.compile(rf"(?:{_either('cue')})[ :\uff1a\u662f,\uff0c]*$", re.IGNORECASE)


@cache
def _local() -> "re.Pattern[str]":
    """A number without an area code, or a mobile with a digit amiss, is one only behind the word for it."""
    digits = r"[2-8]\d{6,7}|1[3-9]\d{7,8}|1[3-9]\d{10,11}"
    return re.compile(rf"(?:{_either('cue')})[ :\uff1a\u662f,\uff0c]*(?P<number>{digits})(?!\d)", re.IGNORECASE)


@cache
def _wechat() -> "re.Pattern[str]":
    return re.compile(
        rf"(?:{_either('wechat')})[ :\uff1a\u662f]*(?P<id>[a-z][a-z0-9_-]{{5,19}})(?![a-z0-9_-])", re.IGNORECASE
    )


@cache
def _said() -> "re.Pattern[str]":
    return re.compile(rf"(?:{_either('said')})[ ,:\uff0c\uff1a]*", re.IGNORECASE)


@cache
def _named() -> "re.Pattern[str]":
    """A surname with a title, a familiar form, or a whole name; where it begins, something else has ended."""
    one, titles = f"[{say('zh', 'contact-surnames')}]", _either("titles")
    surname = f"(?:{_either('surnames-two')}|{one})"
    english = rf"(?P<mr>\b(?:{_either('titles-before')})\.? [a-z]{{2,20}}\b)"
    chinese = rf"{surname}[{_HAN}]{{0,2}}?(?P<title>{titles})|(?:{_either('familiar')}){one}|{surname}[{_HAN}]{{1,2}}"
    begins = rf"(?:^|(?<=[\s\d,;:.()\uff0c\u3002\uff1b\uff1a\u3001\uff08\uff09])|{_either('before')})"
    return re.compile(rf"{begins}\s*(?P<name>{english}|{chinese})", re.IGNORECASE)


@cache
def _introduced() -> "re.Pattern[str]":
    """Words before a name that say nothing without it."""
    return re.compile(rf"(?:{_either('introduced')})[ :\uff1a]*$", re.IGNORECASE)


@cache
def _spoken() -> "re.Pattern[str]":
    """Eleven or more digits written out one by one."""
    signs = say("zh", "contact-digits") + "".join(_listed("digits-other"))
    signs = "".join(dict.fromkeys(sign for sign in signs if not sign.isascii()))
    return re.compile(rf"[{signs}]{{11,12}}(?![{signs}])")


def _figures(written: str) -> str:
    digits = say("zh", "contact-digits")
    others = say("zh", "contact-digits-other").split("|")
    table = {sign: str(value) for value, sign in enumerate(digits)} | dict(zip(others[0::2], others[1::2], strict=True))
    return "".join(table[sign] for sign in written)
