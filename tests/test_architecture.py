"""What may know what: data flow one way, the domain stays pure, and every name in the log means one thing."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from domain.catalogue import COMMANDS, DECIDER_OF, DECIDERS, EVENTS, POWERS
from domain.estates.estate import ESTATE
from domain.words import is_personal

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = sorted((ROOT / "domain").glob("**/*.py"))
IMPURE = {"os", "io", "random", "secrets", "time", "socket", "subprocess", "threading", "asyncio", "logging", "pathlib"}


def test_the_import_contracts_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def imported(module: ast.Module) -> Iterator[str]:
    """The outermost names of all modules that a module imports."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def test_the_domain_imports_the_standard_library_only_and_asks_no_clock() -> None:
    """No clock, no chance, no world outside."""
    for file in DOMAIN:
        module = ast.parse(file.read_text(encoding="utf-8"))
        names = set(imported(module))
        assert names <= {*sys.stdlib_module_names, "domain"} and not names & IMPURE, file
        asked = {node.attr for node in ast.walk(module) if isinstance(node, ast.Attribute)}
        assert not asked & {"now", "utcnow", "today", "uuid1", "uuid4"}, file


MACHINES_CLOCK = re.compile(
    r"\b(datetime\.now|utcnow|date\.today|time\.time|time\.time_ns|time\.localtime)\(|from time import .*\btime\b"
    r"|Date\.now\(|new Date\(\)|CURRENT_(DATE|TIME)|LOCALTIME|clock_timestamp\(|(?<![\w.])now\(\)"
)
STAMPS = {"skip.py", "log_functions.py", "schema.py", "vault.py"}  # of the database's own: nothing is reckoned by them


def test_one_place_reads_the_machines_clock() -> None:
    """Everything else is told the time, so that no test passes or fails by the day on which it runs."""
    folders = (ROOT / folder for folder in ("domain", "projections", "services", "tests"))
    files = (file for folder in folders for file in folder.rglob("*.py") if "node_modules" not in file.parts)
    asking = {file.name for file in files if MACHINES_CLOCK.search(file.read_text(encoding="utf-8"))}
    assert asking - STAMPS == {"wiring.py", "command.py", Path(__file__).name}  # a witness is a program of its own


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("now = datetime.now(UTC)", True), ("date.today()", True), ("began = time.time()", True),
        ("from time import sleep, time", True), ("page.evaluate('Date.now()')", True), ("'SELECT now()'", True),
        ("product.clock()", False), ("self._now()", False), ("began = time.monotonic()", False), ("voice.now", False),
        ("from time import monotonic", False),
    ],
)  # fmt: skip
def test_the_machines_clock_is_known_when_it_is_read(said: str, asks: bool) -> None:
    assert bool(MACHINES_CLOCK.search(said)) is asks


def test_every_command_has_its_powers_and_one_decider() -> None:
    kinds = [command for decider in DECIDERS for command in decider.commands]
    assert set(POWERS) == set(kinds) and len(kinds) == len(COMMANDS)
    assert all(command in DECIDER_OF[command].commands for command in kinds)


def test_every_event_has_a_name_of_its_own() -> None:
    names = [event.__name__ for decider in DECIDERS for event in decider.events]
    assert len(names) == len(set(names)) == len(EVENTS)
    assert not EVENTS.keys() & COMMANDS.keys()
    assert len({decider.name for decider in DECIDERS}) == len(DECIDERS)


def test_commands_and_events_cannot_be_changed() -> None:
    for kind in (*EVENTS.values(), *COMMANDS.values()):
        assert is_dataclass(kind) and kind.__dataclass_params__.frozen, kind  # type: ignore[attr-defined]
        assert "__slots__" in kind.__dict__ and "__dict__" not in dir(kind), kind


INVARIANTS = ROOT / "deploy" / "handbook" / "invariants.md"


def test_every_rule_that_is_cited_is_listed_and_every_listed_one_has_its_test() -> None:
    listed = dict(re.findall(r"^\| (INV-\d\d) \|.*\| `(test_\w+)` \|$", INVARIANTS.read_text("utf-8"), re.MULTILINE))
    ours = [file.read_text("utf-8") for part in ("domain", "projections", "services") for file in _python(part)]
    tests = [file.read_text("utf-8") for file in _python("tests")]
    cited = {number for text in [*ours, *tests] for number in _cited(text)}
    assert len(listed) > 30 and sorted(listed) == sorted(cited)
    named = {name for text in tests for name in re.findall(r"^def (test_inv_\w+)", text, re.MULTILINE)}
    assert not [id for id, test in listed.items() if test not in named or not test.startswith(f"test_{_as_name(id)}_")]


def _python(folder: str) -> list[Path]:
    return [file for file in (ROOT / folder).rglob("*.py") if "node_modules" not in file.parts]


def _cited(text: str) -> Iterator[str]:
    """``INV-42``, ``INV-41 to 54`` (whatever of these there is), ``INV-42, 46 and 49``, ``test_inv_42_...``."""
    for numbers in re.findall(r"INV-(\d\d(?:(?:, | and | to )(?:INV-)?\d\d)*)", text):
        yield from (f"INV-{number}" for number in re.findall(r"\d\d", numbers))
    yield from (f"INV-{number}" for number in re.findall(r"\btest_inv_(\d\d)_", text))


def _as_name(id: str) -> str:
    return id.lower().replace("-", "_")


SAYS_NOTHING = {"utils", "util", "common", "core", "base", "models", "manager", "helpers", "misc"}


@pytest.mark.parametrize("folder", ["domain", "projections", "services", "tests"])
def test_every_module_says_what_is_inside(folder: str) -> None:
    files = _python(folder)
    assert files and not [file for file in files if {file.stem, *file.relative_to(ROOT).parts} & SAYS_NOTHING]
    silent = [
        file for file in files if file.stat().st_size and not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ]
    assert not silent


def test_events_say_what_happened() -> None:
    """A name like ``IssueUpdated`` says that something is different, and hides what."""
    assert not [name for name in EVENTS if name.endswith(("Updated", "Edited", "Modified", "Saved"))]


# texts of several capabilities that may be read aloud in the square; those of one alone are named by its ``CLEAR``
CLEAR_TO_ALL = {"number", "estate", "building", "stairwell"}


def test_every_text_is_personal_or_known_to_be_none() -> None:
    """INV-62: whoever adds a text has to say whether it is personal; a name is, but what an estate is called."""
    for kind in (*EVENTS.values(), *COMMANDS.values()):
        capability = import_module(".".join(kind.__module__.split(".")[:2]))
        hints = get_type_hints(kind)
        texts = {item for item in fields(kind) if hints[item.name] in (str, str | None)}
        clear = CLEAR_TO_ALL | getattr(capability, "CLEAR", set())
        assert {item.name for item in texts if not is_personal(item)} <= clear, kind
        assert DECIDER_OF[kind] is ESTATE or all(is_personal(item) for item in texts if item.name == "name"), kind


def test_pages_and_routes_of_the_api_do_not_know_each_other() -> None:
    """What both need lies in a module that is neither: a page and a route may change for reasons of their own."""
    for file in sorted((ROOT / "services").rglob("*.py")):
        kind = _edge(file.stem)
        if kind is None:
            continue
        known = {name.rpartition(".")[2] for name in _modules(ast.parse(file.read_text(encoding="utf-8")))}
        assert not {each for each in known if _edge(each) not in (None, kind)}, file


def _edge(module: str) -> str | None:
    return next((kind for kind in ("pages", "api") if module == kind or module.endswith(f"_{kind}")), None)


def _modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("services."):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
