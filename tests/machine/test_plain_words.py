"""What a clerk reads is said in words that a clerk uses, in every word file."""

from pathlib import Path

import pytest

WORDS = sorted((Path(__file__).resolve().parents[2] / "services").glob("*/words/*/*.ftl"))
JARGON = {  # of accountants and of software, and what is said instead
    "分流": "分类",
    "轧平": "两边对得上",
    "核销": "抵账单",
    "triage": "sort",
    "netted": "set off",
}


@pytest.mark.parametrize("path", WORDS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_jargon(path: Path) -> None:
    said = [line.partition("=")[2].lower() for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(word, line) for word in JARGON for line in said if word in line] == []
