"""Where anybody checks a receipt or last week's sheet, without an account; and the same as one file for offline use."""

import json
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.concurrency import run_in_threadpool

from domain.capacity import Capacity
from domain.catalogue import EVENTS
from domain.trail.crowd import Coarseness
from services.console import render
from services.console.signs import assets
from services.console.viewer import Viewer
from services.http.border import Upload
from services.http.problems import language_of
from services.http.who import TheProduct, check_origin
from services.product import Product
from services.tlog.spelling import base64_text
from services.trail.publishing import Publisher
from services.trail.verify_compare import MOST_TYPED, Compared, compared, text_of
from services.trail.verify_policy import policy_of
from services.words.sentences import bundle, say

router = APIRouter(include_in_schema=False)
UPLOAD = Upload("^/audit/photo$", 400_000)  # bytes: the page makes photographs small enough before it sends them
MOST_OFFLINE = 10 * 1024  # bytes of the file for offline use: it fits on anything, and somebody can read all of it

_TEMPLATES = Path(__file__).with_name("templates")
_SAYS = (
    *("kept", "kept-what", "waits", "waits-what", "altered", "altered-what", "other", "other-what", "unread"),
    *("unread-what", "old", "old-what", "policy", "policy-what", "one", "one-what", "two", "two-what", "three"),
    *(
        "three-what",
        "few",
        "few-what",
        "nobody",
        "nobody-what",
        "limit",
        "type",
        "recorded",
        "stated",
        "as",
        "fen",
        "coarse",
        "is-event",
    ),
)
_FACTS = {name: f"{{{name}}}" for name in ("n", "size", "origin", "who", "when")}


@router.get("/audit/verify")
def verify(request: Request, product: TheProduct) -> Response:
    """Where a receipt is checked, by the browser that shows this: nothing of it is sent."""
    language = language_of(request)
    known = {each.value: say(language, f"capacity-{each.value}") for each in Capacity}
    known |= {each.value: say(language, f"coarseness-{each.value}") for each in Coarseness}
    called = ((name, f"trailevent-{name}") for name in EVENTS)  # what the desk has words for; the rest by its own name
    known |= {name: say(language, key) for name, key in called if bundle(language).has_message(key)}
    words = _words(language) | {f"is-{value}": said for value, said in known.items()}
    return _page(request, product, "trail_verify.html", words=_json(words), policy=policy_of(product).text())


@router.get("/audit/verify.html")
def offline(request: Request, product: TheProduct) -> Response:
    """The same as one file, which needs nothing and asks nobody."""
    language = language_of(request)
    html = offline_file(language, policy_of(product).text())
    named = f'attachment; filename="jinlin-verify-{language}.html"'
    return HTMLResponse(html, headers={"Content-Disposition": named, "Cache-Control": "no-store"})


@router.get("/audit/policy.txt")
def policy(product: TheProduct) -> Response:
    """Whom to believe, as C2SP tlog-policy."""
    return PlainTextResponse(policy_of(product).text(), headers={"Cache-Control": "no-store"})


@router.get("/audit/compare")
def compare(request: Request, product: TheProduct, text: Annotated[str, Query(max_length=MOST_TYPED)] = "") -> Response:
    """Whether the log goes on from what a sheet says, in one sentence; the browser then reckons it once more itself."""
    found = _compared(product, text) if text.strip() else None
    shows = _json(_shown(found)) if found and found.answer in ("goes-on", "same") else ""
    policy = policy_of(product).text()
    return _page(request, product, "trail_compare.html", text=text, found=found, shows=shows, policy=policy)


async def _from_here(request: Request) -> None:
    check_origin(request)


@router.post("/audit/photo")
async def photo(request: Request, _own_page: Annotated[None, Depends(_from_here)]) -> Response:
    """What the code on a photograph says; the photograph is looked at and kept nowhere."""
    return JSONResponse({"text": await run_in_threadpool(text_of, await request.body())})


def offline_file(language: str, policy: str) -> str:
    """The page of one file, with the policy in it that whoever opens it may replace by his own."""
    return _offline(language).replace("\x02policy\x02", _escaped(policy))


@cache
def _offline(language: str) -> str:
    template = (_TEMPLATES / "verify-offline.html").read_text(encoding="utf-8")
    html = "".join(line.strip() for line in template.splitlines())

    def said(key: str) -> str:
        return _escaped(say(language, f"trailverify-{key}"))

    for key in ("title", "lead", "file", "paste", "believed", "believed-what"):
        html = html.replace(f"{{{key}}}", said(key))
    parts = {"lang": say(language, "language-tag"), "words": _json(_words(language)), "policy": "\x02policy\x02"}
    for key, text in parts.items():
        html = html.replace(f"{{{key}}}", text)
    return html.replace("{script}", assets().text("offline.js").strip())


def _words(language: str) -> dict[str, str]:
    return {key: say(language, f"trailverify-{key}", **_FACTS) for key in _SAYS}


def _json(found: Any) -> str:
    """For the text of a script element, where no tag may begin."""
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _compared(product: Product, text: str) -> Compared:
    with product.database.app.connection() as conn:
        newest = product.part(Publisher).newest(conn)
        return compared(conn, newest.note if newest else None, text)


def _shown(found: Compared) -> dict[str, Any]:
    """What the browser reckons with, once more."""
    if found.old is None or found.note is None:
        return {}
    old = {"origin": found.old.origin, "size": found.old.size, "root": base64_text(found.old.root)}
    return {"old": old, "note": found.note.written(), "proof": [base64_text(it) for it in found.proof]}


def _page(request: Request, product: Product, template: str, **context: Any) -> Response:
    viewer = Viewer(language=language_of(request), theme=request.cookies.get("theme", "auto"))
    html = render.html(template, viewer, product.clock(), **context)
    return HTMLResponse(html, headers={"Cache-Control": "no-store"})
