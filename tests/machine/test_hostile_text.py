"""Whatever text stands in a field, query, address, cookie or header, it is taken or refused, and nothing breaks."""

import inspect
import os
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.testclient import TestClient

from domain.capacity import Capacity
from services.http.directory import Directory
from services.http.who import Allowing
from tests.access.reached import Things, filled, things
from tests.conftest import FIRST, Demo
from tests.machine.served import Served, served
from tests.machine.test_door import unhurried

__all__ = ["unhurried"]

ROOT = Path(__file__).resolve().parents[2]
ODD = (
    "\0", "a\0b", "\ud800", "\ufffd", "\uffff", "\u202e", "\u2028", "\r\nX-Y: z", "9" * 30, "9" * 5_000, "-1", "0",
    "1e400", "NaN", "-Infinity", "²", "٣", "１２", "1.5", "0001-01-01", "9999-12-31", "0001-01-01T00:00",
    "9999-12-31T23:59:59", "0001-01-01T00:00+23:59", "2026-02-30", "9999-12", "0001-01", "0000-00", "'", "%", "%s",
    "\\", "🀄" * 300, "x" * 70_000, "", " ", ".", "..", "/", "//", "true", "[]", "{}", "null", "http://[", "=1+1",
    "00000000-0000-0000-0000-000000000000",
)  # fmt: skip
USUAL = {
    "amount": "12.50", "given": "20", "paid_on": "2026-11-24", "occurred_at": "2026-11-24T10:00", "version": "1",
    "text": "路灯不亮", "reason": "OTHER", "rate": "300", "months": "1", "period": "2026-11", "month": "2026-11",
    "estate": FIRST, "after": "1", "page": "1", "stage": "QUEUED", "language": "zh", "until": "2026-12-24",
}  # fmt: skip
HEADERS = (
    "Accept", "Accept-Language", "Cookie", "If-None-Match", "User-Agent", "Referer", "HX-Request", "Range", "Origin",
    "X-CSRF-Token", "X-Forwarded-For", "X-Forwarded-Proto", "Idempotency-Key", "If-Match", "Content-Type",
)  # fmt: skip


_ENDS = ("/live", "/sign-out")  # the one never does, the other one ends us


@dataclass(frozen=True)
class Target:
    """One address and method; ``acts`` are the words that may stand for an act in it."""

    method: str
    path: str
    fields: tuple[str, ...]
    acts: tuple[str, ...]
    client: TestClient


def _queries(dependant: Dependant) -> Iterator[str]:
    yield from (each.alias for each in dependant.query_params)
    for each in dependant.dependencies:
        yield from _queries(each)


def _form_fields() -> tuple[str, ...]:
    """Every name that a page gives a field, and every name that is asked for."""
    pages = (file.read_text("utf-8") for file in (ROOT / "services").rglob("templates/**/*.html"))
    named = {name for page in pages for name in re.findall(r'name="([a-z_A-Z]+)"', page)}
    code = (file.read_text("utf-8") for file in (ROOT / "services").glob("*/*.py"))
    asked = {name for text in code for name in re.findall(r'form(?:\.get\(|\[)"(\w+)"', text)}
    assert len(named | asked) > 80
    return tuple(sorted(named | asked))


def _acts(route: RouteContext) -> tuple[str, ...]:
    """The words in the module of a route that takes acts by their names."""
    if "{act}" not in (route.path or ""):
        return ("",)
    module = inspect.getsourcefile(inspect.unwrap(route.endpoint))
    assert module is not None
    return tuple(sorted(set(re.findall(r'"([a-z]+(?:-[a-z]+)*)"', Path(module).read_text("utf-8")))))


@pytest.fixture(scope="module")
def thing(demo: Demo) -> Things:
    return things(demo, "head", FIRST)


@pytest.fixture(scope="module")
def targets(demo: Demo, thing: Things) -> list[Target]:
    """All pages, and all that the API looks up, each asked by somebody who may."""
    station, admin = demo.sign_in("head"), demo.sign_in("admin")
    app: Any = demo.client().app
    places = {(each.path, min(each.methods)): each for each in Directory(app.router).places}
    fields, found = _form_fields(), []
    for route in iter_route_contexts(app.routes):
        for method in sorted((getattr(route, "methods", None) or set()) & {"GET", "POST"}):
            place = places.get((route.path or "", method))
            if place is None or (method == "POST" and place.path.startswith("/api/")) or place.path in _ENDS:
                continue
            asker = station if all(_may(each) for each in place.permissions) else admin
            names = tuple(_queries(route.dependant)) if method == "GET" else fields
            path = filled(place.path.replace("{act}", "ACT").replace("{username}", "nobody"), thing)
            found.append(Target(method, path, names, _acts(route), asker))
    assert len(found) > 150
    return found


def _may(permission: object) -> bool:
    return not isinstance(permission, Allowing) or Capacity.STATION_HEAD in permission.capacities


def _mixed(chance: random.Random, name: str) -> str:
    return chance.choice(ODD) if chance.random() < 0.5 else USUAL.get(name, "x")


def _written(fields: Mapping[str, str]) -> bytes:
    return "&".join(f"{quote(k)}={quote(v, errors='surrogatepass')}" for k, v in fields.items()).encode()


def try_all(targets: list[Target], seed: int, most_acts: int = 1_000) -> list[tuple[int, str, str, object]]:
    """Each target once with fields at random; what broke: status, method, address, what was sent."""
    broke: list[tuple[int, str, str, object]] = []
    for target in targets:
        acts = random.Random(f"{seed} {target.path}").sample(target.acts, min(len(target.acts), most_acts))
        for act in acts:
            chance = random.Random(f"{seed} {target.path} {act}")
            path = target.path.replace("ACT", act)
            if chance.random() < 0.1:
                parts = path.split("/")
                parts[chance.randrange(1, len(parts))] = quote(
                    chance.choice(ODD)[:3_000], safe="", errors="surrogatepass"
                )
                path = "/".join(parts)
            sent = {name: _mixed(chance, name) for name in target.fields if chance.random() < 0.9}
            name = chance.choice(HEADERS)
            headers = {
                name: chance.choice(ODD).encode("utf-8", "replace").replace(b"\0", b"").replace(b"\r\n", b"")[:3_000]
            }
            if target.method == "GET":
                query = b"?" + _written({key: value[:2_000] for key, value in sent.items()})
                answer = target.client.get(path + query.decode(), headers=headers, follow_redirects=False)
            else:
                kept = headers if name != "Content-Type" else {}
                form = {"Content-Type": "application/x-www-form-urlencoded"} | kept
                clean = (
                    sent
                    if chance.random() < 0.1
                    else {k: v for k, v in sent.items() if "\0" not in v and v != "\ud800"}
                )
                answer = target.client.post(path, content=_written(clean), headers=form, follow_redirects=False)
            if answer.status_code >= 500:
                broke.append((answer.status_code, target.method, path[:200], {k: v[:40] for k, v in sent.items()}))
    return broke


def test_no_text_breaks_anything(targets: list[Target]) -> None:
    assert try_all(targets, 0, most_acts=4) == []


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "undefined", "idna", "hex", "utf-16", "none", ""])
def test_a_form_is_utf_8_whatever_it_says(targets: list[Target], charset: str) -> None:
    said = b'--edge\r\nContent-Disposition: form-data; name="text"\r\n\r\n\\ud800\xff\xe7\x81\xaf\r\n--edge--\r\n'
    kind = {"Content-Type": f"multipart/form-data; boundary=edge; charset={charset}"}
    station = next(each.client for each in targets if each.path == f"/board/{FIRST}/notes")
    assert station.post(f"/board/{FIRST}/notes", content=said, headers=kind, follow_redirects=False).status_code < 500


RAW = {
    "a query of other bytes": b"GET /sign-in?next=\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    "an address of other bytes": b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    "an address of half a character": b"GET /%ED%A0%80 HTTP/1.1\r\nHost: x\r\n\r\n",
    "NUL in the address": b"GET /verify/%00 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a host that is none": b"GET /nothing HTTP/1.1\r\nHost: [\r\n\r\n",
    "a host of other bytes": b"GET /nothing HTTP/1.1\r\nHost: \xff:99999\r\n\r\n",
    "no host": b"GET /sign-in HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /sign-in HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "a cookie of other bytes": b"GET / HTTP/1.1\r\nHost: x\r\nCookie: jinlin=\xff\xfe; language=\xff\r\n\r\n",
    "a token of other bytes": b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n",
    "a language of other bytes": b"GET / HTTP/1.1\r\nHost: x\r\nAccept-Language: \xff;q=nan, zh;q=1e999\r\n\r\n",
    "a kind of other bytes": b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: \xff\r\nContent-Length: 1\r\n\r\na",
    "a form without an edge": (
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data\r\nContent-Length: 1\r\n\r\na"
    ),
    "another site's address": b"GET http://x/sign-in HTTP/1.1\r\nHost: y\r\n\r\n",
    "a star": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "a tunnel": b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    "an old version": b"GET /sign-in HTTP/1.0\r\n\r\n",
    "two lengths": b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
    "a length and chunks": (
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    ),
    "a negative length": b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
}


@pytest.fixture(scope="module")
def door(demo: Demo) -> Iterator[Served]:
    with served(demo.client().app) as made:
        yield made


@pytest.mark.parametrize("said", RAW.values(), ids=RAW)
def test_nothing_that_comes_by_a_socket_breaks_anything(door: Served, said: bytes) -> None:
    with door.calls() as stranger:
        assert 200 <= stranger.say(said).hear().status < 500


@pytest.mark.drill
def test_no_text_breaks_anything_however_often(targets: list[Target]) -> None:
    assert [
        broken for seed in range(1, int(os.environ.get("TEXT_SEEDS", "60"))) for broken in try_all(targets, seed)
    ] == []


@pytest.mark.parametrize("field", ["version", "occurred_at"])
def test_what_comes_with_every_form_is_read_or_refused(demo: Demo, field: str) -> None:
    """Also where a page reads nothing else of it, as that of shifts."""
    head = demo.sign_in("head")
    person = head.get(f"/api/v1/stations/{FIRST}/stewards").json()[0]["person"]
    for odd in ("x", "0001-01-01T00:00", "99999999999999999999", "１２：００"):
        answer = head.post(f"/people/{FIRST}/duty/{person}/week", data={field: odd, "shifts": "8:00-12:00", "day": "1"})
        assert answer.status_code in (409, 412, 422), (odd, answer.status_code)
