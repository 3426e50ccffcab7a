"""Numbers on pages that open lists: read from the page, and compared with the length of the list behind each."""

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from starlette.testclient import TestClient

_MOST_PAGES = 200


@dataclass(frozen=True)
class Numbered:
    """A number and the address of the list that it opens."""

    n: int
    href: str


class Page(HTMLParser):
    """Of a page: numbers that open lists, the rows of its own list, what it says their number is, the next page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.numbers: list[Numbered] = []
        self.rows, self.total, self.next = 0, None if "data-total" not in text else -1, ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("data-n") is not None:
            self.numbers.append(Numbered(int(given["data-n"] or ""), given["href"] or ""))
        if "data-row" in given:
            self.rows += 1
        if given.get("data-total") is not None:
            self.total = int(given["data-total"] or "")
        if given.get("rel") == "next":
            self.next = given["href"] or ""


def page_at(client: TestClient, address: str) -> Page:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return Page(answer.text)


def length(client: TestClient, address: str) -> int:
    """How many rows the list at this address has on all its pages."""
    first = found = page_at(client, address)
    rows = found.rows
    for _ in range(_MOST_PAGES):
        if not found.next:
            break
        address = urljoin(address, found.next)
        found = page_at(client, address)
        rows += found.rows
    assert first.total == rows, f"{address} says {first.total} and lists {rows}"
    return rows


def numbers_that_lie(client: TestClient, address: str, known: dict[str, int] | None = None) -> list[str]:
    """Numbers on the page at this address that are not the length of the list they open; ``known`` keeps lengths."""
    known = {} if known is None else known
    wrong = []
    for each in page_at(client, address).numbers:
        target = urljoin(address, each.href)
        parts = urlsplit(target)
        key = f"{parts.path}?{urlencode(sorted(parse_qsl(parts.query)))}"
        if key not in known:
            known[key] = length(client, target)
        if known[key] != each.n:
            wrong.append(f"{address}: {each.n} opens {known[key]} at {target}")
    return wrong
