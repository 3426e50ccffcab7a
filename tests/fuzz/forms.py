"""The forms of the console as a browser finds them: where each goes, and which fields it has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """``fields`` by name, each with the values that the page offers."""

    action: str
    method: str
    files: bool = False
    fields: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            method = said.get("method", "get").upper()
            files = said.get("enctype") == "multipart/form-data"
            self._form = Form(said.get("action") or self._path, method, files)
            self.found.append(self._form)
            return
        if self._form is None or not (said.get("name") or tag == "option"):
            return
        if tag in ("input", "button", "textarea"):
            self._form.fields.setdefault(said["name"], []).append(said.get("value", ""))
        elif tag == "select":
            self._select = said["name"]
            self._form.fields.setdefault(self._select, [])
        elif tag == "option" and self._select:
            self._form.fields[self._select].append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""


def forms_of(path: str, html: str) -> Sequence[Form]:
    """Every form of a page."""
    reader = _Reader(path)
    reader.feed(html)
    return reader.found
