"""Nothing Chinese stands outside of the word files."""

import ast
import re
from typing import Any

from tests.machine.test_words import CHINESE, OWN_NAME, ROOT, TEMPLATES, trees

# capitals of amounts, and the words of places and hours that people type in both languages at once
CHINESE_ITSELF = {
    ("money", "amount.py"),
    ("estates", "place_words.py"),
    ("estates", "hours_words.py"),
    ("people", "duty_pages.py"),
    ("written", "phones.py"),
    ("written", "numbers.py"),
    ("written", "days.py"),
}


def _docstrings(tree: ast.Module) -> set[int]:
    found = set()
    for node in ast.walk(tree):
        body: list[Any] = getattr(node, "body", [])
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            found.add(id(body[0].value))
    return found


def _examples(tree: ast.Module) -> set[int]:
    """Strings of the API's examples: data, as people of a station would send it."""
    found: set[int] = set()
    for node in ast.walk(tree):
        named = [getattr(target, "id", "") for target in getattr(node, "targets", [getattr(node, "target", None)])]
        if any("EXAMPLE" in name for name in named) or (isinstance(node, ast.keyword) and node.arg == "examples"):
            found |= {id(each) for each in ast.walk(node)}
    return found


def test_no_chinese_in_code() -> None:
    for path, tree in trees():
        if "demo" in path.parts or path.parts[-2:] in CHINESE_ITSELF:
            continue
        left_out = _docstrings(tree) | _examples(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
                assert not CHINESE.search(node.value.replace(OWN_NAME, "")), f"{path.name}:{node.lineno}"


def test_no_chinese_in_templates_scripts_and_styles() -> None:
    rooms, assets = ROOT / "services", ROOT / "services" / "console" / "assets"
    for path in (*TEMPLATES, *assets.glob("*.js"), *rooms.glob("*/*.js"), *assets.glob("*.svg")):
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not CHINESE.search(text), path.name
    fonts = re.compile(r"font-family:[^;}]*|--f:[^;}]*")
    for path in (*assets.glob("*.css"), *rooms.glob("*/*.css")):
        assert not CHINESE.search(fonts.sub("", path.read_text(encoding="utf-8"))), path.name
