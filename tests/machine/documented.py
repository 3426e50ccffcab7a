"""The commands that the README and the handbook name: lines of a block of shell, and what stands inline in a text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHELL = "sh"
LANGUAGES = {SHELL, "text", "python", "toml"}  # of fenced blocks: only what is shell is a command
PROGRAMS = {
    *("make", "jinlin", "python", "pip", "pytest", "ruff", "mypy", "npm", "node", "uv", "curl", "git", "docker"),
    *("systemctl", "useradd", "apt-get", "sudo", "cp", "mv", "rm", "chown", "chmod", "fallocate", "grep"),
    *("psql", "pg_dump", "pg_restore", "tail", "cat", "bash", ".", "source"),
}

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_SETTING = re.compile(r"^[A-Z_]+=\S*$")
_REMARK = re.compile(r"\s{2,}#.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Documented:
    """A command as it is written; ``where`` is the page, from the root of the repository."""

    text: str
    where: str


def pages() -> list[Path]:
    """The README and every page below ``deploy``."""
    return [ROOT / "README.md", *sorted((ROOT / "deploy").rglob("*.md"))]


def commands() -> list[Documented]:
    """All commands of all pages."""
    return [
        Documented(text, page.relative_to(ROOT).as_posix())
        for page in pages()
        for text in commands_of(page.read_text(encoding="utf-8"))
    ]


def commands_of(page: str) -> Iterator[str]:
    """The commands of one page; raises ``ValueError`` for a block that does not say what it is."""
    for _, language, block in _FENCE.findall(page):
        if language not in LANGUAGES:
            raise ValueError(f"a block says that it is {language!r} and not one of {', '.join(sorted(LANGUAGES))}")
        if language == SHELL:
            whole = re.sub(r"\\\n\s*", "", _REMARK.sub("", block))
            yield from (line.strip() for line in whole.splitlines() if line.strip())
    yield from filter(is_command, _INLINE.findall(_FENCE.sub("", page)))


def is_command(text: str) -> bool:
    """Whether an inline text is a call, and not a program's name alone or what it prints."""
    words = text.split()
    while words and _SETTING.match(words[0]):
        words.pop(0)
    return len(words) > 1 and words[0].rpartition("/")[2] in PROGRAMS


def addresses() -> set[tuple[str, str]]:
    """Method and path of every call of the API that a text names, as in `POST /api/v1/issues`."""
    texts = (page.read_text(encoding="utf-8") for page in pages())
    return {found for text in texts for found in re.findall(r"`(GET|POST|PUT|DELETE) (/api/[^`?]+)", text)}
