"""Files that are uploaded: read in memory, and what is wrong with their lines in words."""

from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from services.commands.findings import Findings, Wrong
from services.http.forms import FormLimits, form_of
from services.http.problems import Problem, detail
from services.sheets.lines import Aside

PREVIEWED = 20  # lines of a file that are told


@dataclass(frozen=True, slots=True)
class WrongShape:
    """What is wrong with a line of the file; the heading is line 1."""

    line: int
    column: str
    code: str
    detail: str
    sheet: str | None  # its name, where the workbook has several


@dataclass(frozen=True, slots=True)
class AsideShape:
    """What a file holds beside its lines: ``sheets`` with their lines where there are several, the names of sheets that
    were not read, and how many lines are hidden or filtered away in it (they count all the same).
    """

    sheets: dict[str, int]
    unread: list[str]
    hidden: int


def aside_shape(aside: Aside) -> AsideShape:
    return AsideShape(dict(aside.sheets), list(aside.unread), aside.hidden)


async def form_with_file(request: Request, largest: int) -> FormData:
    """The form with a file in it, read in memory: what people wrote down must lie in no file in the clear."""
    return await form_of(request, FormLimits(files=2, fields=20, memory=2 * largest))


async def file_of(form: FormData, name: str) -> bytes:
    """The file of a form; empty where none was chosen."""
    sent = form.get(name)
    return await sent.read() if isinstance(sent, UploadFile) else b""


def worded(language: str, wrong: Wrong) -> str:
    """The sentence for what is wrong with a line."""
    return detail(language, Problem(422, wrong.refusal.code, wrong.refusal.facts))


def wrong_shapes(language: str, wrongs: Findings) -> list[WrongShape]:
    """The first of what is wrong, in words."""
    return [
        WrongShape(each.number, each.column, each.refusal.code, worded(language, each), each.sheet or None)
        for each in wrongs
    ]
