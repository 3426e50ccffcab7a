"""Refusals: each says itself whether it is about how things stand or about what was sent, and always the same."""

import ast
import inspect
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.refusal import Refusal, Rejection, refuse_if, reject_if
from domain.written import days, numbers
from services.http.problems import problem_of

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(path for part in ("domain", "projections", "services") for path in (ROOT / part).rglob("*.py"))
STANDS, SENT = 409, 422
_SAYING = {
    "refuse_if": (1, STANDS), "refuse_done": (1, STANDS), "Refusal": (0, STANDS),
    "reject_if": (1, SENT), "Rejection": (0, SENT),
}  # fmt: skip

# readers of what people write are told by which code they shall say that it cannot be read
READERS = {each.__name__: list(inspect.signature(each).parameters) for each in (
    days.day, days.moment, numbers.money, numbers.count, numbers.number,
)}  # fmt: skip
CODES = ("unreadable", "too_fine")


def said() -> Iterator[tuple[str, ast.expr, int]]:
    """Where something is refused, the code of it and the status that its word means."""
    for path in MODULES:
        if path.name == "refusal.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _SAYING:
                place, status = _SAYING[node.func.id]
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node.args[place], status
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                for code in told_to_readers(node):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", code, SENT


def told_to_readers(call: ast.Call) -> Iterator[ast.expr]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    named = READERS.get(name, [])
    given = {**dict(zip(named, call.args, strict=False)), **{each.arg or "": each.value for each in call.keywords}}
    for code in CODES if named else ():
        if isinstance(given.get(code), ast.Constant) and isinstance(given[code].value, str):
            yield given[code]


def codes(node: ast.expr) -> Iterator[str]:
    """The code as it stands there, or one of two."""
    if isinstance(node, ast.IfExp):
        yield from codes(node.body)
        yield from codes(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for each in node.values:
            yield from codes(each)
    elif isinstance(node, ast.Call) or (isinstance(node, ast.Name) and node.id in CODES):
        return  # it was said before, or whoever calls the reader says it
    else:
        assert isinstance(node, ast.Constant) and isinstance(node.value, str), ast.unparse(node)
        yield node.value


def test_a_code_is_always_refused_with_one_status() -> None:
    found: dict[str, dict[int, str]] = defaultdict(dict)
    for where, node, status in said():
        for code in codes(node):
            found[code][status] = where
    assert len(found) > 250
    assert {code: places for code, places in found.items() if len(places) > 1} == {}


@pytest.mark.parametrize(("refuse", "status"), [(refuse_if, STANDS), (reject_if, SENT)])
def test_the_word_is_the_status(refuse: Callable[..., None], status: int) -> None:
    with pytest.raises(Refusal) as refused:
        refuse(True, "blank_text", field="text")
    problem = problem_of(refused.value)
    assert (problem.status, problem.code, problem.facts) == (status, "blank_text", {"field": "text"})
    assert isinstance(refused.value, Rejection) == (status == SENT)


@pytest.mark.parametrize("refuse", [refuse_if, reject_if])
def test_nothing_is_refused_without_a_reason(refuse: Callable[..., None]) -> None:
    refuse(False, "blank_text")
