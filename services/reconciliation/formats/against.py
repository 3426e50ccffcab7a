"""What in a remark speaks against a home: another estate, another building or room, or somebody else's name.

The words are data (``against.toml``). Pure: the caller brings the estate's own name, those of the others, and names of
owners.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from services.reconciliation.formats.strangers import stranger_in, words_of

_HAN = r"\u3400-\u9fff"
_LONGEST = 8  # signs of a name before its last word
_SHORTEST = 2
_NAMES = (2, 3, 4)  # signs of a person's name


@cache
def words() -> Mapping[str, Any]:
    """The file of words."""
    return tomllib.loads((Path(__file__).parent / "against.toml").read_text(encoding="utf-8"))


def said_of(*texts: str | None) -> str:
    """Texts as they are compared: usual width, without blanks, one behind the other."""
    return " ".join("".join(unicodedata.normalize("NFKC", text).split()).upper() for text in texts if text)


@dataclass(frozen=True)
class Around:
    """The estate whose money is looked for, among others of the firm; ``owners`` are names of owners by dwelling."""

    own: str = ""
    others: tuple[str, ...] = ()
    owners: Mapping[UUID, str] = field(default_factory=dict)

    @cached_property
    def _own(self) -> str:
        return said_of(self.own)

    @cached_property
    def _known(self) -> list[str]:
        """Names of estates, the own one among them, the longest first: a name inside another is not read for itself."""
        names = {self._own, *(said_of(each) for each in self.others)} - {""}
        return sorted(names, key=lambda each: (-len(each), each))

    @cached_property
    def _cores(self) -> frozenset[str]:
        """Other estates without their last word, where that leaves a name which is not the own one's, too."""
        own, cores = _core(self._own), {_core(said_of(each)) for each in self.others}
        return frozenset(each for each in cores if len(each) > 1 and each not in own and own not in each)

    @cached_property
    def _people(self) -> Mapping[int, frozenset[str]]:
        names = {said_of(name) for name in self.owners.values()}
        return {length: frozenset(each for each in names if len(each) == length) for length in _NAMES}

    def estate_in(self, said: str) -> str | None:
        """The name of another estate that a text holds."""
        rest = said
        for name in self._known:
            if name in rest:
                if name != self._own:
                    return name
                rest = rest.replace(name, " ")
        for core in self._cores:
            if re.search(rf"{re.escape(core)}(?![{_HAN}])", rest):
                return core
        return next((name for name in _estates_in(rest) if not self._is_own(name)), None)

    def stranger_in(self, text: str | None, payer: str | None) -> str | None:
        """A name before a home that is none of ours: perhaps that of an estate which nobody here knows."""
        people = {name for some in self._people.values() for name in some} | {said_of(payer)}
        core = _core(self._own)
        ours = {self._own, core, *(core + last for last in words()["estate"]["same"])} if self._own else set()
        return stranger_in(text, ours, people, words_of(words))

    def _is_own(self, name: str) -> bool:
        own = self._own
        if own and (own in name or name in own):
            return True
        alike = tuple(words()["estate"]["same"])
        return bool(own) and name.endswith(alike) and _core(name) == _core(own)

    def person_in(self, said: str, dwelling: UUID, payer: str | None) -> str | None:
        """Somebody whom a text names and who neither owns the dwelling nor pays."""
        theirs = [each for each in (said_of(self.owners.get(dwelling)), said_of(payer)) if each]
        rest = said.replace(self._own, " ") if self._own else said
        for each in sorted(theirs, key=len, reverse=True):
            rest = rest.replace(each, " ")
        for run in re.findall(f"[{_HAN}]{{2,}}", rest):
            for length in reversed(_NAMES):
                among = self._people.get(length) or frozenset()
                for at in range(len(run) - length + 1 if among else 0):
                    if (name := run[at : at + length]) in among and not _is_one_of(name, theirs):
                        return str(name)
        strangers = _people_in(rest) if theirs else ()  # where nobody is known, nobody is another one
        return next((name for name in strangers if not _is_one_of(name, theirs)), None)


def foreign_place(rest: str) -> str | None:
    """What looks like a building, a stairwell or a room in a text from which the known ones were taken out."""
    for pattern in words()["place"]["foreign"]:
        found = re.search(pattern, rest)
        if found is not None:
            return found[0]
    return None


def _core(name: str) -> str:
    lasts = (*words()["estate"]["long"], *words()["estate"]["short"])
    last = next((each for each in lasts if name.endswith(each) and len(name) > len(each)), "")
    return name.removesuffix(last)


def _estates_in(said: str) -> Iterable[str]:
    """Names in a text that an estate may have."""
    known = words()["estate"]
    not_before = "".join(known["not_before"])
    for lasts, behind in (
        (known["long"], ""),
        (known["short"], f"(?![{not_before}])"),
        (known["before_place"], "(?=[0-9A-Z])"),
    ):
        pattern = rf"([{_HAN}]{{1,{_LONGEST}}}?)({'|'.join(lasts)}){behind}"
        for found in re.finditer(pattern, said):
            name = found[1]
            for each in known["leading"]:
                name = name.rpartition(each)[2]
            while len(name) > _SHORTEST and name[0] in known["leading_signs"]:
                name = name[1:]
            whole = name + found[2]
            if len(name) >= _SHORTEST and not whole.endswith(tuple(known["never"])):
                yield whole


def _people_in(said: str) -> Iterable[str]:
    """Strangers whom a text names with a word before or a title behind."""
    known = words()["person"]
    surname, after = f"[{known['surnames']}]", "|".join(known["after"])
    titles = "|".join(known["titles"])
    for found in re.finditer(f"({surname})({titles})", said):
        yield found[0]
    before = "|".join(sorted(known["before"], key=len, reverse=True))
    for found in re.finditer(rf"(?:{before})[:\s]?({surname}[{_HAN}]{{1,2}}?)(?={after}|[^{_HAN}]|$)", said):
        if not any(each in found[1] for each in known["never"]):
            yield found[1]


def _is_one_of(name: str, theirs: Iterable[str]) -> bool:
    """Whether a name, or a surname with a title, is one of these people; stars stand for signs that are masked."""
    titles = tuple(words()["person"]["titles"])
    if name.endswith(titles):
        return any(each.startswith(name[0]) or each == name for each in theirs)
    return any(
        name in each or ("*" in each and each.split("*")[0] == name[: len(each.split("*")[0])]) for each in theirs
    )
