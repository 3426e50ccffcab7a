"""What the asset build made, under names that never change, and the icons and signs that stand in it."""

import json
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

STATIC = Path(__file__).parent / "static"
STATIC_URL = "/static"


class Assets:
    """Content-hashed files of the asset build: logical name -> URL and integrity."""

    def __init__(self, folder: Path = STATIC) -> None:
        manifest: dict[str, dict[str, str]] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self._files = manifest
        self._folder = folder
        self._sprites = {sign: name for name in reversed(manifest) for sign in manifest[name].get("holds", "").split()}

    def url(self, name: str) -> str:
        return f"{STATIC_URL}/{self._files[name]['file']}"

    def text(self, name: str) -> str:
        """What is in the file, for pages that must stand alone."""
        return (self._folder / self._files[name]["file"]).read_text(encoding="utf-8")

    def integrity(self, name: str) -> str:
        return self._files[name]["integrity"]

    def sprite(self, sign: str) -> str:
        """The URL of the sprite that holds an icon; ``KeyError`` where no list of icons names it."""
        return self.url(self._sprites[sign])

    def has(self, name: str) -> bool:
        return name in self._files


@lru_cache(maxsize=1)
def assets() -> Assets:
    return Assets()


@lru_cache(maxsize=512)
def icon(name: str, extra: str = "") -> Markup:
    """Markup of one icon of a sprite; it is never read aloud, so a word stands beside it."""
    return Markup('<svg class="i {}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        extra, assets().sprite(name), name
    )


@lru_cache(maxsize=512)
def glyph(name: str, extra: str = "") -> Markup:
    """Markup of one of our own signs: p0 to p4, s-… of a stage, brand."""
    return Markup('<svg class="glyph {}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        extra, assets().url("icons.svg"), name
    )


DOT = Markup('<i class="dot"></i>')
