"""Style sheets go to the pages of one area: none of its pages shows what only the sheet of another area knows."""

import re
from functools import lru_cache
from pathlib import Path

import pytest

from services.console.areas import area_of
from services.console.build_assets import ASSETS, FILES, SPRITES, named
from services.running.capabilities import NAVIGATION

ROOMS = Path(__file__).resolve().parents[2] / "services"
TEMPLATES = {
    path.relative_to(folder).as_posix(): path
    for folder in sorted(ROOMS.glob("*/templates"))
    for path in sorted(folder.rglob("*.html"))
}
PAGES = [name for name, path in TEMPLATES.items() if "{% extends 'base.html' %}" in path.read_text(encoding="utf-8")]
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_SELECTORS = re.compile(r"([^{}]*)\{")
_CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
_ATTRIBUTE = re.compile(r'class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"', re.S)
_WORKED_OUT, _SAID = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S), re.compile(r"'([^']*)'")
_OTHER = re.compile(r"\{%-? *(?:include|extends|import|from) '([^']+)'")


@lru_cache(maxsize=32)
def selectors(sheet: str) -> frozenset[frozenset[str]]:
    """The classes of each thing of which a sheet says something."""
    said = "".join(_COMMENT.sub("", path.read_text(encoding="utf-8")) for path in FILES.get(sheet, ()))
    parts = (part for found in _SELECTORS.findall(said) for part in found.split(","))
    return frozenset(frozenset(_CLASS.findall(part)) for part in parts)


def styled(sheet: str) -> set[str]:
    return {name for each in selectors(sheet) for name in each}


def shown(template: str) -> set[str]:
    """The classes that a page shows, with all that it is put together from."""
    found, known, todo = set(), {template}, [template]
    while todo:
        text = TEMPLATES[todo.pop()].read_text(encoding="utf-8")
        for each in _ATTRIBUTE.findall(text):
            found |= set(
                re.findall(r"[A-Za-z][\w-]*", _WORKED_OUT.sub(lambda of: " ".join(_SAID.findall(of[0])), each))
            )
        todo += {*_OTHER.findall(text), *(["part/card.html"] if "{{ card.html }}" in text else [])} - known
        known |= set(todo)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_no_page_shows_what_is_styled_in_another_area_alone(page: str) -> None:
    own = f"{area_of(TEMPLATES[page].parents[1].name)}.css"
    here, seen = styled("console.css") | styled(own), shown(page)
    missed = {
        (sheet, *sorted(each - here))
        for sheet in FILES
        if sheet.endswith(".css") and sheet != own
        for each in selectors(sheet)
        if each <= seen and not each <= here
    }
    assert missed == set()


def test_every_style_of_the_console_is_sent_to_somebody() -> None:
    assert set(ASSETS.glob("*.css")) <= {path for paths in FILES.values() for path in paths}
    assert set(ASSETS.glob("*.js")) <= {path for paths in FILES.values() for path in paths}


def test_no_icon_is_sent_in_two_sprites_of_the_console() -> None:
    every, rare = (named(SPRITES[name]) for name in ("icons.svg", "rare.svg"))
    assert set(every) & set(rare) == set()


def test_the_sign_of_an_area_is_in_the_sprite_of_every_page() -> None:
    """Another sprite would be sent with each of them, for one sign."""
    assert {each.sign for each in NAVIGATION.entries} <= set(named(SPRITES["icons.svg"]))
