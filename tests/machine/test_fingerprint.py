"""A view is built anew, and a snapshot made anew, when its fold means something else; not when a comment does."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

import pytest

from domain.catalogue import DECIDERS
from projections.cases import orders
from projections.cases.orders import ORDERS
from projections.catalogue import VIEWS
from projections.fingerprint import NoSource, fingerprint
from projections.projection import meaning
from services.log.snapshots import fold_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

FILES = {
    "steps.py": '''
"""What is done step by step."""
from enum import Enum
from decimal import Decimal

LARGEST = 40
RATE = Decimal("0.05")

class Stage(Enum):
    """How far it is."""
    OPEN = "open"
    DONE = "done"

    @property
    def ended(self) -> bool:
        return self is Stage.DONE

def capped(amount: int) -> int:
    """At most so much."""
    return min(amount, LARGEST)

def interest(amount: int, times: int = 2) -> int:
    return int(amount * RATE) * times
''',
    "case.py": '''
from dataclasses import dataclass, replace
from . import steps
from .steps import Stage, interest

@dataclass(frozen=True)
class Opened:
    amount: int

@dataclass(frozen=True)
class Paid:
    """Somebody paid."""

@dataclass(frozen=True)
class Waived:
    pass

KINDS = frozenset({Opened, Paid, Waived})

@dataclass(frozen=True)
class Case:
    amount: int = 0
    stage: Stage = Stage.OPEN

    def owed(self) -> int:
        return 0 if self.stage.ended else self.amount + interest(self.amount)

def evolve(case: Case, event: object) -> Case:
    match event:
        case Opened(amount):
            return replace(case, amount=steps.capped(amount))
        case Paid():
            return replace(case, stage=Stage.DONE)
        case Waived():
            return replace(case, amount=0)
    return case
''',
    "shown.py": """
from dataclasses import dataclass
from .case import Case, evolve as evolve_case, KINDS

@dataclass(frozen=True)
class Row:
    case: Case
    changes: int = 0

def keys(event):
    return ("one",) if type(event) in KINDS else ()

def evolve(row, event):
    if row is None:
        return Row(evolve_case(Case(), event))
    return Row(evolve_case(row.case, event), row.changes + 1)

first, second = (lambda row: row.changes), (lambda row: row.case.owed())
COLUMNS = {"owed": "body->>'owed'"}
""",
}

_STEPS = FILES["steps.py"]
CAPPED = _STEPS[_STEPS.index("def capped") : _STEPS.index("def interest")]
Edit = tuple[str, str, str]  # file, what stands there, what shall stand there


@pytest.fixture
def fingerprint_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The fingerprint of the files above with some edits, imported anew as another package, perhaps from a folder."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def found(*edits: Edit, folder: str = "", rename: Mapping[str, str] = MappingProxyType({})) -> str:
        root = f"thrown_{uuid4().hex}"
        files = dict(FILES)
        for name, old, new in edits:
            assert old in files.get(name, ""), (name, old)
            files[name] = files[name].replace(old, new)
        place = tmp_path / root / folder
        place.mkdir(parents=True)
        for name, text in files.items():
            (place / rename.get(name, name)).write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        package = ".".join([root, *folder.split("/")]) if folder else root
        case, module = (importlib.import_module(f"{package}.{name[:-3]}") for name in ("case.py", "shown.py"))
        stored = {case.__dict__[name]: name for name in ("Opened", "Paid", "Waived") if name in case.__dict__}
        if "Settled" in case.__dict__:
            stored[case.Settled] = "Settled"
        row = next(value for name, value in vars(module).items() if name in ("Row", "Line"))
        return fingerprint(
            row, module.keys, module.evolve, module.first, module.second, module.COLUMNS, stored=stored, packages={root}
        )

    return found


SAME: dict[str, list[Edit]] = {
    "a comment": [("case.py", "    return case", "    # as it was\n    return case")],
    "a docstring more": [("case.py", "    match event:", '    """The next."""\n    match event:')],
    "another docstring": [("steps.py", '"""At most so much."""', '"""No more than that."""')],
    "another docstring of an event": [("case.py", '"""Somebody paid."""', '"""Paid."""')],
    "a docstring less": [("steps.py", '    """At most so much."""\n', "")],
    "other line breaks": [
        ("case.py", "steps.capped(amount))", "steps.capped(\n                amount,\n            ))")
    ],
    "a blank line": [("steps.py", "LARGEST = 40", "\n\nLARGEST = 40")],
    "annotations of a function": [("case.py", "(case: Case, event: object) -> Case", "(case, event)")],
    "a function's name": [("steps.py", "def capped", "def limited"), ("case.py", "steps.capped", "steps.limited")],
    "a constant's name": [("steps.py", "LARGEST", "MOST")],
    "the row's name": [("shown.py", "Row", "Line")],
    "a function that moves": [
        ("steps.py", CAPPED, ""),
        ("case.py", "KINDS =", CAPPED.replace("LARGEST", "steps.LARGEST") + "KINDS ="),
        ("case.py", "steps.capped", "capped"),
    ],
    "the same constant in other words": [("steps.py", "LARGEST = 40", "LARGEST = 8 * 5")],
    "what nobody calls": [("steps.py", "def interest", "def unused():\n    return 7\n\ndef interest")],
}

OTHER: dict[str, list[Edit]] = {
    "a constant of another module": [("steps.py", "LARGEST = 40", "LARGEST = 41")],
    "a decimal of another module": [("steps.py", '"0.05"', '"0.06"')],
    "a condition": [("shown.py", "if row is None", "if row is not None")],
    "a helper in another module": [("steps.py", "min(amount, LARGEST)", "max(amount, LARGEST)")],
    "a helper of a method": [("steps.py", "int(amount * RATE) * times", "int(amount * RATE) + times")],
    "a default of a helper": [("steps.py", "times: int = 2", "times: int = 3")],
    "a field more": [("shown.py", "changes: int = 0", "changes: int = 0\n    paid: bool = False")],
    "a field of a state within": [("case.py", "Stage = Stage.OPEN", "Stage = Stage.OPEN\n    late: bool = False")],
    "a field's name": [("shown.py", "changes", "edits")],
    "a field's type": [("shown.py", "changes: int", "changes: float")],
    "a field's default": [("case.py", "amount: int = 0", "amount: int = 1")],
    "a field of an event": [("case.py", "Opened:\n    amount: int", "Opened:\n    amount: int\n    by: str = ''")],
    "the stored text of a member": [("steps.py", '"done"', '"ended"')],
    "a property of a member": [("steps.py", "self is Stage.DONE", "self is Stage.OPEN")],
    "two events of one shape, exchanged": [
        ("case.py", "case Paid()", "case Other()"),
        ("case.py", "case Waived()", "case Paid()"),
        ("case.py", "case Other()", "case Waived()"),
    ],
    "an event's name": [("case.py", "Paid", "Settled")],
    "what keys look at": [("case.py", "frozenset({Opened, Paid, Waived})", "frozenset({Opened, Paid})")],
    "one of two lambdas on a line": [("shown.py", "row.case.owed()", "row.case.owed() + 1")],
    "the other one": [("shown.py", "lambda row: row.changes)", "lambda row: -row.changes)")],
    "both exchanged": [("shown.py", "first, second = (lambda", "second, first = (lambda")],
    "a column": [("shown.py", "body->>'owed'", "body->>'due'")],
}


@pytest.mark.parametrize("what", SAME)
def test_it_stays_for(fingerprint_of: Callable[..., str], what: str) -> None:
    assert fingerprint_of(*SAME[what]) == fingerprint_of()


@pytest.mark.parametrize("what", OTHER)
def test_it_changes_with(fingerprint_of: Callable[..., str], what: str) -> None:
    assert fingerprint_of(*OTHER[what]) != fingerprint_of()


def test_it_stays_for_modules_that_move_and_change_their_names(fingerprint_of: Callable[..., str]) -> None:
    assert fingerprint_of(folder="cases/room") == fingerprint_of()
    renamed = [("case.py", "import steps", "import pace as steps"), ("case.py", "from .steps", "from .pace")]
    assert fingerprint_of(*renamed, rename={"steps.py": "pace.py"}) == fingerprint_of()


def test_a_function_without_source_is_refused() -> None:
    made: dict[str, Any] = {"__name__": "domain.nowhere"}
    exec("def evolve(row):\n    return row", made)
    with pytest.raises(NoSource):
        fingerprint(made["evolve"])


def test_a_view_counts_what_it_calls_in_the_domain_and_not_what_is_only_decided(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def shape_now() -> str:
        return meaning(ORDERS.row, ORDERS.keys, ORDERS.evolve, ORDERS.estates, dict(ORDERS.columns), ORDERS.indexes)

    assert shape_now() == ORDERS.shape
    with monkeypatch.context() as patch:
        patch.setattr(orders, "WORK_ORDER", replace(orders.WORK_ORDER, decide=lambda command, state, act: []))
        assert shape_now() == ORDERS.shape
    with monkeypatch.context() as patch:
        patch.setattr(orders, "WORK_ORDER", replace(orders.WORK_ORDER, evolve=lambda state, event, act: state))
        assert shape_now() != ORDERS.shape
    with monkeypatch.context() as patch:
        patch.setattr(orders, "soon_from", orders.changed)
        assert shape_now() != ORDERS.shape
    assert shape_now() == ORDERS.shape


_TELL = """
import json
from domain.catalogue import DECIDERS
from projections.catalogue import VIEWS
from services.log.snapshots import fold_of
print(json.dumps([[view.shape for view in VIEWS], [fold_of(decider) for decider in DECIDERS]]))
"""


def test_every_process_tells_the_same_whatever_its_hash_seed() -> None:
    shapes, folds = [view.shape for view in VIEWS], [fold_of(decider) for decider in DECIDERS]
    assert len(set(shapes)) == len(VIEWS) and len(set(folds)) == len(DECIDERS)
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", _TELL],
            cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert json.loads(done.stdout) == [shapes, folds]


_ALL = """
from domain.catalogue import DECIDERS
from projections.catalogue import VIEWS
from services.log.snapshots import fold_of
print([view.shape for view in VIEWS], [fold_of(decider) for decider in DECIDERS])
"""


def test_every_process_reads_the_same_meaning() -> None:
    """Sets have another order in each process: what is made of one would have its views built anew at every start."""
    said = {
        subprocess.run(
            [sys.executable, "-c", _ALL], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}, check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1 and len(said.pop()) > 500
