"""What pages weigh on their way to a browser that has nothing of them yet, in bytes as they are sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx

from tests.browser.conftest import RunningProduct

FIRST_VISIT = 60_000  # bytes of a first page with everything that it needs
FRAGMENT = 10_000  # bytes of what is sent when one card has changed
ROLES = ("head", "cashier", "accountant", "repairer", "committee", "centre", "admin")
_WAYS = re.compile(r'id="palette-go".*?</nav>', re.S)
_HREF = re.compile(r'href="([^"#]+)"')
_NEEDED = re.compile(r'"(/static/[^"#]+)[#"]')


@dataclass(frozen=True, slots=True)
class Weight:
    """One page of somebody; ``page`` and ``needed`` in bytes as they are sent, ``plain`` of the page as it is read."""

    role: str
    path: str
    page: int
    plain: int
    needed: dict[str, int]

    @property
    def first_visit(self) -> int:
        return self.page + sum(self.needed.values())


class Scales:
    """Weighs pages for one person; ``takes`` is what his browser says that it unpacks."""

    def __init__(self, product: RunningProduct, role: str, takes: str = "gzip") -> None:
        self.role = role
        self.estate = product.estate
        headers = {"Accept-Encoding": takes, "Sec-Fetch-Site": "same-origin"}
        self.client = httpx.Client(base_url=product.url, headers=headers, follow_redirects=True)
        body = {"username": role, "password": product.passwords[role]}
        self.client.post("/api/v1/session", json=body).raise_for_status()
        self._needed: dict[str, int] = {}

    def first_pages(self) -> Iterator[str]:
        """Every page to which the palette leads this person: the first one of each area."""
        ways = _WAYS.search(self.client.get("/").text)
        assert ways, "no way leads anywhere"
        yield from dict.fromkeys(_HREF.findall(ways[0]))

    def weigh(self, path: str) -> Weight:
        sent, text = self.fetch(path)
        needed = {each: self._of_file(each) for each in dict.fromkeys(_NEEDED.findall(text))}
        return Weight(self.role, path.replace(self.estate, "…"), sent, len(text.encode()), needed)

    def fetch(self, path: str, **headers: str) -> tuple[int, str]:
        """How many bytes of an answer's body came, and what they say."""
        with self.client.stream("GET", path, headers=headers) as answer:
            answer.read()
            assert answer.status_code == 200, (path, answer.status_code)
            return answer.num_bytes_downloaded, answer.text

    def _of_file(self, path: str) -> int:
        if path not in self._needed:
            self._needed[path] = self.fetch(path)[0]
        return self._needed[path]


def all_weights(product: RunningProduct) -> list[Weight]:
    """Every first page once, as whoever meets it first finds it."""
    found: dict[str, Weight] = {}
    for role in ROLES:
        scales = Scales(product, role)
        for path in scales.first_pages():
            if path.replace(product.estate, "…") not in found:
                weight = scales.weigh(path)
                found[weight.path] = weight
    return list(found.values())
