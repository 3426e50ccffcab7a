"""What is wrong with the lines of a file: the first of it as it will be told, and how many lines in all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from domain.refusal import Refusal

MOST_TOLD = 200  # a person mends the first of them and uploads the file again


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a line of the file, and in which column."""

    number: int
    column: str
    refusal: Refusal
    sheet: str = ""  # its name, where the file has several


@dataclass(slots=True)
class Findings:
    """``lines`` counts the lines with something wrong, ``codes`` what is; ``told`` are the first ``MOST_TOLD``.

    However many lines are wrong, no more is kept, and no line is looked at further than that it is.
    """

    told: list[Wrong] = field(default_factory=list)
    lines: int = 0
    codes: set[str] = field(default_factory=set)

    def note(self, found: Iterable[Wrong]) -> bool:
        """Take down what is wrong with one line; answers whether anything is."""
        wrong = False
        for each in found:
            wrong = True
            self.codes.add(each.refusal.code)
            if len(self.told) >= MOST_TOLD:
                break
            self.told.append(replace(each, refusal=_without_trace(each.refusal)))
        self.lines += wrong
        return wrong

    def __bool__(self) -> bool:
        return bool(self.lines)

    def __iter__(self) -> Iterator[Wrong]:
        return iter(self.told)


def _without_trace(refusal: Refusal) -> Refusal:
    """The same refusal as one that was never raised: a raised one holds on to all that was at hand there."""
    return type(refusal)(refusal.code, **refusal.facts)
