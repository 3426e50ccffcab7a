"""Forms of pages: read once, within limits, and only text that can be kept; a file only behind its form's token."""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing
from dataclasses import dataclass

from fastapi import Request
from starlette.datastructures import FormData
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from domain.typed import tidy_pairs
from services.http.problems import Unusable
from services.http.who import CSRF_HEADER, SAFE, asker_of

MOST_FIELDS = 150
LARGEST_FIELD = 1024 * 1024  # the domain refuses a text that is too long with a sentence
TOKEN = "csrf"  # the field with the form's token
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class FormLimits:
    """``memory`` is what one file may take of it; beyond that it would lie in a file of the machine, in the clear."""

    files: int = 20
    fields: int = MOST_FIELDS
    memory: int = 40_000_000


async def form_of(request: Request, limits: FormLimits = FormLimits()) -> FormData:
    """The form of a request, empty where none is sent; its token is left where ``signed_in`` looks for it.

    Raises ``Unusable`` for what cannot be read or kept, ``NotOurForm`` for a file whose form has not shown its token.
    """
    found: FormData | None = getattr(request.state, "form", None)
    if found is None:
        found = FormData(tidy_pairs((await _read(request, limits)).multi_items()))
        check_text(text for each in found.multi_items() for text in each if isinstance(text, str))
        request.state.form = found
        request.state.form_csrf = next((text for text in found.getlist(TOKEN) if isinstance(text, str)), None)
    return found


async def _read(request: Request, limits: FormLimits) -> FormData:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return FormData()
    try:
        async with aclosing(request.stream()) as sent:
            if kind == "multipart/form-data":
                return await _Parts(request, sent, limits, await _token_wanted(request)).parse()
            parser = FormParser(request.headers, sent, max_fields=limits.fields, max_part_size=LARGEST_FIELD)
            return await parser.parse()
    except (MultiPartException, KeyError, UnicodeError):
        raise Unusable(400, "body") from None


async def _token_wanted(request: Request) -> bool:
    """Whether a file has to come behind the form's token: where another site may have made the browser send it."""
    asker = await asker_of(request)
    return asker.by_cookie and request.method not in SAFE and CSRF_HEADER not in request.headers


class _Parts(MultiPartParser):
    """Reads UTF-8 whatever the request calls it, and no file before the form's token."""

    def __init__(self, request: Request, sent: AsyncIterator[bytes], limits: FormLimits, token_first: bool) -> None:
        super().__init__(
            request.headers, sent, max_files=limits.files, max_fields=limits.fields,  # type: ignore[arg-type]
            max_part_size=LARGEST_FIELD,
        )  # fmt: skip
        self.spool_max_size = limits.memory
        self._request = request
        self._token_first = token_first

    def on_headers_finished(self) -> None:
        self._charset = "utf-8"
        super().on_headers_finished()
        if self._current_part.file is not None and self._token_first:
            given = next((text for name, text in self.items if name == TOKEN and isinstance(text, str)), None)
            self._request.state.asker.check_csrf(given)
            self._token_first = False


def check_text(texts: Iterable[str]) -> None:
    """Refuses what neither the database nor an answer can hold: NUL, and halves of characters."""
    for text in texts:
        if "\0" in text or _HALVES.search(text):
            raise Unusable(422, "unreadable_text")
