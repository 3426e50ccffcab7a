"""The page on which a member signs by hand: one file, which needs nothing and asks nobody, open or saved."""

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.http.problems import language_of
from services.trail.witness_codes import PAGE
from services.words.sentences import say

router = APIRouter(include_in_schema=False)

_TEMPLATE = Path(__file__).with_name("templates") / "witness-signing.html"
_SHOWN = (
    *("title", "lead", "h-key", "key-what", "name", "key-make", "key-make-file", "key-from-file", "key-mine"),
    *("key-mine-what", "h-log", "log-what", "log-add", "log-trust", "h-sign", "file", "paste", "sign", "done", "line"),
    *("copy", "save"),
)
_SAID = (
    *("bad-key", "wrong-kind", "key-altered", "no-question", "bad-name", "unknown-log", "bad-signature"),
    *("no-signature", "smaller", "fork", "stale", "unproven", "entries", "goes-on", "first", "no-key", "fits"),
    *("bad-key-file", "no-camera", "no-code", "old-browser", "broken"),
)
_FACTS = {name: f"{{{name}}}" for name in ("name", "last", "size", "old", "n")}


@router.get(PAGE)
def signing(request: Request) -> Response:
    """Open in a browser; nothing of what is typed or signed is sent."""
    html, policy = _page(language_of(request))
    headers = {
        "Content-Security-Policy": policy,
        "Cache-Control": "public, max-age=3600",
        "Vary": "Accept-Language, Cookie",
    }
    return HTMLResponse(html, headers=headers)


@router.get(f"{PAGE}.html")
def saved(request: Request) -> Response:
    """The same as a file, for a device that is never online."""
    language = language_of(request)
    named = f'attachment; filename="jinlin-witness-{language}.html"'
    return HTMLResponse(_page(language)[0], headers={"Content-Disposition": named, "Cache-Control": "no-store"})


@cache
def _page(language: str) -> tuple[str, str]:
    """The file, and what a browser lets it do where it comes from us: its own script, and nothing from anywhere."""
    html = _TEMPLATE.read_text(encoding="utf-8")
    words = {key: say(language, f"trailsign-{key}", **_FACTS) for key in _SAID}
    for key in _SHOWN:
        html = html.replace(f"[[{key}]]", say(language, f"trailsign-{key}").replace("&", "&amp;").replace("<", "&lt;"))
    html = html.replace("[[lang]]", say(language, "language-tag"))
    html = html.replace("[[words]]", json.dumps(words, ensure_ascii=False).replace("<", "\\u003c"))
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    policy = (
        f"default-src 'none'; script-src {_hashes(scripts)}; style-src {_hashes(styles)}; img-src blob:;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return html, policy


def _hashes(parts: list[str]) -> str:
    digests = (base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in parts)
    return " ".join(f"'sha256-{digest}'" for digest in digests)
