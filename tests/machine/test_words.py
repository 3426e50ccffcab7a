"""Words: both languages say everything, every word is used, and nothing Chinese stands outside the word files."""

import ast
import re
from collections.abc import Iterator
from enum import Enum
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import TypeGuard

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent
from fluent.syntax.visitor import Visitor
from jinja2 import Environment, nodes

import domain
import projections
import services
from domain.capacity import Capacity
from domain.cases import issue, work_order
from domain.cases.category import Priority
from domain.cases.work_order import Stage
from domain.closing.ledger import EntryKind
from domain.money.allocation import DebtPart
from services.billing.runs import RunStanding
from services.cases.acts import ISSUE_ACTS, ORDER_ACTS, controls
from services.cases.guess import ORDINARY
from services.words.sentences import DEFAULT, LANGUAGES, NoWords, files, has, preferred, say

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "services").glob("*/templates/**/*.html"))
MODULES = sorted(path for part in ("domain", "projections", "services") for path in (ROOT / part).rglob("*.py"))


def _enums() -> Iterator[type[Enum]]:
    """Every enumeration of ours, where it is told of first."""
    for part in (domain, projections, services):
        for named in walk_packages(part.__path__, f"{part.__name__}."):
            if not named.name.endswith("__main__"):
                module = import_module(named.name)
                yield from (found for found in vars(module).values() if _told_first(found, named.name))


def _told_first(found: object, module: str) -> TypeGuard[type[Enum]]:
    return isinstance(found, type) and issubclass(found, Enum) and found.__module__ == module


NEVER_NAMED = {DebtPart, EntryKind}  # told in sentences that name what they are about
VOCABULARY = tuple(
    found
    for found in _enums()
    if (found.__module__.startswith("domain.") and found not in NEVER_NAMED)
    or any(has(DEFAULT, f"{found.__name__.lower()}-{member.value}") for member in found)
)
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
OWN_NAME = "近邻"
NUMBERS = {"n", "people", "orders", "late", "accounts"}  # variables that count something


# -- what the word files say -------------------------------------------------------------------------------------------


class _Variables(Visitor):  # type: ignore[misc]
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: fluent.VariableReference) -> None:
        self.names.add(node.id.name)


@cache
def messages(language: str) -> dict[str, frozenset[str]]:
    """Every key of a language with its variables."""
    found: dict[str, frozenset[str]] = {}
    for path in files(language):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, fluent.Junk), f"{path.name}: {entry.content}"
            if isinstance(entry, fluent.Message):
                assert entry.id.name not in found, f"{path.name}: {entry.id.name} is said twice"
                seen = _Variables()
                seen.visit(entry)
                found[entry.id.name] = frozenset(seen.names)
    return found


def rooms_of_words(language: str) -> dict[str, str]:
    """The room in whose folder each key lies."""
    parsed = ((path.parents[2].name, FluentParser().parse(path.read_text("utf-8")).body) for path in files(language))
    return {entry.id.name: room for room, body in parsed for entry in body if isinstance(entry, fluent.Message)}


def sentence(language: str, key: str, number: int = 2) -> str:
    facts = {name: number if name in NUMBERS else f"‹{name}›" for name in messages(language)[key]}
    return say(language, key, **facts)


def test_both_languages_say_the_same_things_with_the_same_facts() -> None:
    first, *others = (messages(language) for language in LANGUAGES)
    for other in others:
        assert first.keys() == other.keys()
        assert {key: (first[key], other[key]) for key in first if first[key] != other[key]} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said(language: str) -> None:
    for key in messages(language):
        assert sentence(language, key).strip(), key


def test_a_missing_word_or_fact_is_noticed() -> None:
    with pytest.raises(NoWords):
        say("zh", "no-such-key")
    with pytest.raises(NoWords):
        say("zh", "lane-late")


@pytest.mark.parametrize("number", [0, 1, 2, 21])
def test_english_counts_in_the_right_number(number: int) -> None:
    wrong = re.compile(rf"(?<![-\d]){number}\s+[a-z]+(?<!s)s\b" if number == 1 else r"(?!)")
    for key, names in messages("en").items():
        if names & NUMBERS:
            text = sentence("en", key, number)
            assert not wrong.search(text), f"{key}: {text}"


def test_chinese_is_spoken_as_to_a_guest() -> None:
    for key in messages("zh"):
        text = sentence("zh", key)
        for word in ("系统", "用户", "操作", "非法", "请联系管理员", "！", "!"):
            assert word not in text, f"{key}: {text}"
        assert not re.search(r"[\u4e00-\u9fff][,;:?](?!/)", text), f"{key}: half-width punctuation in {text}"


def test_english_has_no_chinese_but_what_is_named_so() -> None:
    named_so = {"language-other", "language-other-long", "language-name-zh"}
    for key in messages("en"):
        if not key.startswith("guess-") and key not in named_so:
            assert not CHINESE.search(sentence("en", key)), key


# -- everything that needs words has them ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", VOCABULARY, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_member_has_a_name_and_no_two_the_same(kind: type[Enum], language: str) -> None:
    names = [say(language, f"{kind.__name__.lower()}-{member.value}") for member in kind]
    assert len(set(names)) == len(names)


def test_the_vocabulary_is_found() -> None:
    assert {Stage, Capacity, RunStanding} <= set(VOCABULARY) and len({kind.__name__ for kind in VOCABULARY}) > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_of_a_case_has_a_history_line(language: str) -> None:
    for event in (*issue.ISSUE.events, *work_order.WORK_ORDER.events):
        assert has(language, f"told-{event.__name__}"), event.__name__


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_has_a_verb_an_explanation_and_names_for_its_fields(language: str) -> None:
    for act, command in (ORDER_ACTS | ISSUE_ACTS).items():
        assert has(language, f"act-{act}") and has(language, f"about-{act}"), act
        for control in controls(command):
            assert has(language, f"field-{control.name}"), f"{act}.{control.name}"
            if control.kind == "text":
                assert has(language, f"hint-{act}"), act
            if control.kind == "yes-no":
                assert has(language, f"yes-{control.name}") and has(language, f"no-{control.name}"), control.name
        if issubclass(command, tuple(work_order.WORK_ORDER.commands)):
            assert command in work_order.ALLOWED


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_is_said_long_and_every_priority_short(language: str) -> None:
    assert all(has(language, f"stage-long-{stage.value}") for stage in Stage)
    assert all(has(language, f"priority-short-{priority.value}") for priority in Priority)
    assert all(has(language, f"guess-{category.value}") for category in ORDINARY)


# -- how the code asks for words ---------------------------------------------------------------------------------------


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in MODULES:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


_RAISERS = {
    "refuse_if": 1, "refuse_done": 1, "reject_if": 1, "AlreadyDone": 0,
    "Refusal": 0, "Rejection": 0, "Forbidden": 0, "Problem": 1, "Unusable": 1,
    "number": 2, "count": 2, "money": 1, "moment": 1, "day": 1, "read_day": 1,  # what people write, or the code
}  # fmt: skip


@cache
def said_in() -> dict[str, frozenset[str]]:
    """Every code with which the product refuses something, and the rooms in which it does."""
    found: dict[str, set[str]] = {}
    for path, tree in trees():
        room = path.relative_to(ROOT).parts[1]
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _RAISERS:
                place = _RAISERS[node.func.id]
                finer = [one.value for one in node.keywords if one.arg == "too_fine"]
                told = [*node.args[place : place + 1], *finer]
                for code in (code for each in told for code in _told(each)):
                    found.setdefault(code, set()).add(room)
        if path.name == "problems.py":
            for code in _mapped(tree):
                found.setdefault(code, set()).add(room)
    return {code: frozenset(rooms) for code, rooms in found.items()}


def _told(node: ast.expr) -> Iterator[str]:
    """A code as it stands there, or one of two; what is looked up elsewhere is told there."""
    match node:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp():
            yield from _told(node.body)
            yield from _told(node.orelse)


def _mapped(tree: ast.Module) -> Iterator[str]:
    """Codes in the tables of what the framework says, and what stands for all it says otherwise."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            values = [value.value for value in node.values if isinstance(value, ast.Constant)]
            if len(values) == len(node.values) and all(isinstance(key, ast.Constant) for key in node.keys):
                yield from (str(value) for value in values if re.fullmatch(r"[a-z]+(_[a-z]+)*", str(value)))
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "get" and len(node.args) == 2:
            name = getattr(node.func, "value", None)
            if getattr(name, "id", "").lower().endswith("codes"):
                yield from _strings(node.args[1])


def _strings(node: ast.expr) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_refusal_has_a_sentence_and_every_sentence_a_refusal(language: str) -> None:
    said = {key.removeprefix("refused-") for key in messages(language) if key.startswith("refused-")}
    assert len(said) > 60
    assert said == said_in().keys()


def test_what_one_capability_alone_says_lies_in_its_folder() -> None:
    """Its refusals and the members of its enumerations: who adds them writes in no other room."""
    said = {f"refused-{code}": rooms for code, rooms in said_in().items()}
    said |= {
        f"{kind.__name__.lower()}-{member.value}": frozenset({kind.__module__.split(".")[1]})
        for kind in VOCABULARY
        for member in kind
    }
    capabilities = {path.parent.name for path in (ROOT / "domain").glob("*/__init__.py")}
    capabilities &= {path.parent.name for path in (ROOT / "services").glob("*/__init__.py")}
    for key, lies_in in rooms_of_words(DEFAULT).items():
        alone = said.get(key, frozenset())
        assert lies_in in alone or len(alone) != 1 or not alone <= capabilities, f"{key} lies in {lies_in}"


def _template_calls() -> Iterator[tuple[str, str, bool, set[str], bool]]:
    """Where, key or its beginning, whether whole, the facts given, whether more facts may come."""
    environment = Environment(trim_blocks=True, lstrip_blocks=True)
    for path in TEMPLATES:
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            target = call.node
            if isinstance(target, nodes.Name) and target.name == "say" and call.args:
                given = {pair.key for pair in call.kwargs}
                for key, whole in _template_keys(call.args[0]):
                    yield path.name, key, whole, given, call.dyn_kwargs is not None


def _template_keys(node: nodes.Expr) -> Iterator[tuple[str, bool]]:
    match node:
        case nodes.Const():
            yield str(node.value), True
        case nodes.Concat():
            first = node.nodes[0]
            if isinstance(first, nodes.Const):
                yield str(first.value), False
        case nodes.CondExpr():
            yield from _template_keys(node.expr1)
            if node.expr2 is not None:
                yield from _template_keys(node.expr2)


def _module_calls() -> Iterator[tuple[str, str, bool, set[str], bool]]:
    for path, tree in trees():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name != "say" or not call.args:
                continue
            place = 1 if isinstance(call.func, ast.Name) and len(call.args) > 1 else 0
            given = {pair.arg for pair in call.keywords if pair.arg}
            for key, whole in _module_keys(call.args[place]):
                yield path.name, key, whole, given, len(given) < len(call.keywords)


def _module_keys(node: ast.expr) -> Iterator[tuple[str, bool]]:
    match node:
        case ast.Constant(value=str(key)):
            yield key, True
        case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_]):
            yield beginning, False
        case ast.IfExp():
            yield from _module_keys(node.body)
            yield from _module_keys(node.orelse)


def test_every_word_asked_for_is_there_with_the_facts_it_needs() -> None:
    known = messages(DEFAULT)
    for where, key, whole, given, more in (*_template_calls(), *_module_calls()):
        asked = {key} if whole else {each for each in known if each.startswith(key)}
        assert asked, f"{where}: nothing is said under {key}"
        for each in asked:
            assert each in known, f"{where}: {each}"
            if whole and not more:
                assert given == known[each], f"{where}: {each} is given {given}, needs {set(known[each])}"


@cache
def _literals() -> tuple[frozenset[str], frozenset[str]]:
    """Strings of the code, whole and as beginnings of something put together."""
    whole: set[str] = set()
    begun: set[str] = set()
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(str(node.values[0].value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
    environment = Environment(trim_blocks=True, lstrip_blocks=True)
    for path in TEMPLATES:
        tree = environment.parse(path.read_text(encoding="utf-8"))
        whole |= {str(node.value) for node in tree.find_all(nodes.Const)}
        for put in tree.find_all(nodes.Concat):
            if isinstance(put.nodes[0], nodes.Const):
                begun.add(str(put.nodes[0].value))
    return frozenset(whole), frozenset(each for each in begun if re.fullmatch(r"[a-z]+(-[a-z]+)*-", each))


def test_every_word_is_used() -> None:
    whole, begun = _literals()
    names = {f"{kind.__name__.lower()}-" for kind in VOCABULARY}  # said by their kind and member
    unused = [
        key
        for key in messages(DEFAULT)
        if key not in whole and not key.startswith(tuple(begun | names)) and not key.startswith("refused-")
    ]
    assert unused == []


def test_no_family_of_words_has_members_that_nothing_names() -> None:
    """Families are put together from a beginning and a member; their members come from what is."""
    acts = {*ORDER_ACTS, *ISSUE_ACTS, "photo"}
    members: dict[str, set[str]] = {f"{kind.__name__.lower()}-": {m.value for m in kind} for kind in VOCABULARY}
    members |= {"act-": acts, "about-": acts, "hint-": acts, "stage-long-": {s.value for s in Stage}}
    for key in messages(DEFAULT):
        beginning = max((each for each in members if key.startswith(each)), key=len, default=None)
        if beginning is not None and not key.startswith(("status-4", "status-5", "priority-short-")):
            assert key.removeprefix(beginning) in members[beginning], key


# -- which language ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"), ("", "zh"), ("en", "en"), ("en-US,en;q=0.9", "en"), ("zh-CN,en;q=0.5", "zh"), ("fr, de", "zh"),
        ("en;q=0.2, zh;q=0.8", "zh"), ("fr, en;q=0.4", "en"), ("en;q=0", "zh"), ("en;q=x", "zh"), ("*", "zh"),
        ("zh-Hant, en", "zh"), ("EN", "en"), ("en;q=nan", "zh"),
    ],
)  # fmt: skip
def test_the_browser_says_which_language(header: str | None, language: str) -> None:
    assert preferred(header) == language


@pytest.mark.parametrize(
    ("building", "stairwell", "said"),
    [("3", "1", "3栋1单元"), ("A座", "东单元", "A座东单元"), ("12-1", "东", "12-1栋东单元"), ("1#", "1", "1#1单元")],
)
def test_a_code_with_a_word_of_its_own_gets_no_other(building: str, stairwell: str, said: str) -> None:
    assert say("zh", "place-stairwell", building=building, stairwell=stairwell) == said
