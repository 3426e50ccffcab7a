"""A fingerprint of what code means: of functions and classes, with all that they name in our packages.

It changes with a condition, a constant, a field or a helper function, wherever that stands. It does not change with
comments, docstrings, formatting or annotations of functions, nor with the names of functions, classes and modules:
what is told of is told by what it says. Only classes whose name is stored, events, are known by that name.

It is read off the syntax tree, so it is the same in every process and, but for a tree that a new Python draws another
way, under every Python. Python itself and libraries count by name, not by their versions.
"""

import ast
import builtins
import hashlib
import linecache
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import _lru_cache_wrapper, cached_property
from inspect import get_annotations
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, TypeVar, get_args, get_origin

PACKAGES = frozenset({"domain", "projections", "services"})
_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(...))
_SAYS_NOTHING = frozenset({"ctx", "annotation", "returns", "simple", "type_comment", "type_params", "kind"})


def fingerprint(
    *things: object,
    stored: Mapping[type[Any], str] | None = None,
    without: Collection[str] = (),
    packages: Collection[str] = PACKAGES,
) -> str:
    """16 hexadecimal digits for functions, classes and values of ``packages``.

    ``stored`` are classes known by a stored name; ``without`` names fields, as ``Decider.decide``, that do not count.
    Raises ``NoSource`` where the source of a function is not at hand.
    """
    with sources_at_hand():
        return _Teller(stored or {}, without, packages).digest(things)


@contextmanager
def sources_at_hand() -> Iterator[None]:
    """Syntax trees are read once for all fingerprints that are taken meanwhile, and are big: not kept any longer."""
    _sources.users += 1
    try:
        yield
    finally:
        _sources.users -= 1
        if not _sources.users:
            _sources.by_line.clear()


class NoSource(Exception):
    """The source of a function is not at hand, so nobody can say what it means."""


class _Sources(threading.local):
    """The definitions of functions by the line on which they begin, by file; each thread has its own."""

    def __init__(self) -> None:
        self.users = 0
        self.by_line: dict[str, dict[int, list[ast.AST]]] = {}

    def of(self, code: CodeType) -> ast.AST:
        """The definition that was compiled to ``code``."""
        lines = self.by_line.get(code.co_filename)
        if lines is None:
            lines = self.by_line[code.co_filename] = _functions_by_line(code.co_filename)
        found = [node for node in lines.get(code.co_firstlineno, ()) if _is_of(node, code)]
        if not found:
            raise NoSource(f"{code.co_qualname} in {code.co_filename}")
        return found[0]


_sources = _Sources()


def _functions_by_line(filename: str) -> dict[int, list[ast.AST]]:
    found: dict[int, list[ast.AST]] = {}
    for node in ast.walk(ast.parse("".join(linecache.getlines(filename)))):
        if isinstance(node, ast.Lambda):
            found.setdefault(node.lineno, []).append(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            begins = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            found.setdefault(begins, []).append(node)
    return found


def _is_of(node: ast.AST, code: CodeType) -> bool:
    """Several lambdas may begin on one line: the body's place tells which."""
    if not isinstance(node, ast.Lambda):
        return getattr(node, "name", None) == code.co_name
    body = node.body
    place = (body.lineno, body.end_lineno, body.col_offset, body.end_col_offset)
    return code.co_name == "<lambda>" and place in set(code.co_positions())


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of a function and of all functions within it."""
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)


class _Names:
    """What the names in a function stand for."""

    def __init__(self, function: FunctionType) -> None:
        code, codes = function.__code__, list(_codes(function.__code__))
        self.own = {name for each in codes for name in (*each.co_varnames, *each.co_cellvars)}
        self._asked = {name for each in codes for name in each.co_names}
        self._around = dict(zip(code.co_freevars, function.__closure__ or (), strict=True))
        self._globals = function.__globals__

    def found(self, name: str) -> Iterator[object]:
        """What stands under the name outside of the function; nothing, or one thing."""
        if name in self._around:
            yield self._around[name].cell_contents
        elif name not in self.own or name in self._asked:  # one name may be both, here and in a function within
            if name in self._globals:
                yield self._globals[name]
            elif hasattr(builtins, name):
                yield getattr(builtins, name)

    def module(self, node: ast.AST) -> ModuleType | None:
        """The module that an expression names, if it does."""
        if isinstance(node, ast.Name):
            found = next(self.found(node.id), None)
        elif isinstance(node, ast.Attribute) and (parent := self.module(node.value)):
            found = getattr(parent, node.attr, None)
        else:
            found = None
        return found if isinstance(found, ModuleType) else None


class _Teller:
    """Tells of things one after the other: functions and classes by number, then what each of those says."""

    def __init__(self, stored: Mapping[type[Any], str], without: Collection[str], packages: Collection[str]) -> None:
        self._stored = stored
        self._without = without
        self._packages = packages
        self._said: list[str] = []
        self._numbers: dict[int, tuple[int, object]] = {}  # with the thing, as an id is given away anew
        self._ahead: deque[tuple[Callable[[Any], None], Any]] = deque()
        self._within: list[int] = []

    def digest(self, things: Iterable[object]) -> str:
        for thing in things:
            self.tell(thing)
        while self._ahead:
            tell, thing = self._ahead.popleft()
            tell(thing)
        return hashlib.sha256("\0".join(self._said).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def tell(self, thing: Any) -> None:
        """Whatever it is."""
        if isinstance(thing, Enum):
            self._say("member", thing.name)
            self.tell(type(thing))
        elif isinstance(thing, _PLAIN):
            self._say(type(thing).__name__, repr(thing))
        elif isinstance(thing, type) and get_origin(thing) in (None, thing):
            self._once(thing, self._class)
        elif get_origin(thing) is not None:
            self._say("of")
            self._each((get_origin(thing), *get_args(thing)))
        elif isinstance(thing, FunctionType):
            self._once(thing, self._function)
        elif isinstance(thing, _lru_cache_wrapper):
            self.tell(thing.__wrapped__)
        elif isinstance(thing, MethodType):
            self._each((thing.__func__, thing.__self__))
        elif isinstance(thing, ModuleType):
            self._say("module", "" if self._is_ours(thing.__name__) else thing.__name__)
        elif isinstance(thing, TypeVar):
            self._say("variable")
        elif hasattr(thing, "__supertype__"):
            self.tell(thing.__supertype__)
        else:
            self._value(thing)

    def _say(self, *said: str) -> None:
        self._said += said

    def _each(self, things: Collection[Any]) -> None:
        self._say(str(len(things)))
        for each in things:
            self.tell(each)

    def _is_ours(self, module: str | None) -> bool:
        return module is not None and module.partition(".")[0] in self._packages

    def _once(self, thing: Any, tell: Callable[[Any], None]) -> None:
        """A function or class, which is told later; one of another package by its name alone."""
        if not self._is_ours(thing.__module__):
            self._say(f"{thing.__module__}.{thing.__qualname__}")
            return
        if id(thing) not in self._numbers:
            self._numbers[id(thing)] = len(self._numbers), thing
            self._ahead.append((tell, thing))
        self._say("number", str(self._numbers[id(thing)][0]))

    # -- values --------------------------------------------------------------------------------------------------

    def _value(self, thing: Any) -> None:
        if id(thing) in self._within:
            self._say("within", str(len(self._within) - self._within.index(id(thing))))
            return
        self._within.append(id(thing))
        if isinstance(thing, tuple | list):
            self.tell(type(thing))
            self._each(thing)
        elif isinstance(thing, set | frozenset):
            self._say("set", *sorted(self._apart(each) for each in thing))
        elif isinstance(thing, Mapping):
            self._say("mapping")
            self._each([part for pair in thing.items() for part in pair])
        elif is_dataclass(thing):
            self.tell(type(thing))
            for item in fields(thing):
                if f"{type(thing).__name__}.{item.name}" not in self._without:
                    self._say(item.name)
                    self.tell(getattr(thing, item.name))
        else:
            self._other(thing)
        self._within.pop()

    def _apart(self, thing: Any) -> str:
        """Of one that stands in no order: told as if it came next, so that all can be put in the order of that."""
        teller = _Teller(self._stored, self._without, self._packages)
        teller._numbers, teller._within = dict(self._numbers), list(self._within)
        return teller.digest([thing])

    def _other(self, thing: Any) -> None:
        """A function of C by its name; anything else by what it would be made of again."""
        owner = getattr(thing, "__self__", None)
        if hasattr(thing, "__qualname__"):
            self._say(f"{getattr(thing, '__module__', None)}.{thing.__qualname__}")
            if owner is not None and not isinstance(owner, ModuleType):
                self.tell(owner)
            return
        try:
            made_of = thing.__reduce_ex__(2)
        except TypeError:  # a lock, a connection: nothing that says what a row holds
            self.tell(type(thing))
            return
        if isinstance(made_of, str):
            self._say(made_of)
        else:
            self._each([list(part) if isinstance(part, Iterator) else part for part in made_of])

    # -- classes -------------------------------------------------------------------------------------------------

    def _class(self, kind: type[Any]) -> None:
        self._say("class", self._stored.get(kind, ""))
        self._each(kind.__bases__)
        if issubclass(kind, Enum):
            self.tell({name: member.value for name, member in kind.__members__.items()})
        else:
            self.tell(get_annotations(kind))
        if is_dataclass(kind):
            self._say(repr(kind.__dataclass_params__))  # type: ignore[attr-defined]  # what every dataclass has
            for item in fields(kind):
                default = () if item.default is MISSING else (item.default,)
                factory = () if item.default_factory is MISSING else (item.default_factory,)
                self._say(item.name, repr((item.init, item.compare, item.kw_only)))
                self._each((default, factory, dict(item.metadata)))
        for defaults in ("_field_defaults", "__struct_defaults__"):  # of a named tuple, of msgspec
            self.tell(kind.__dict__.get(defaults))
        for name, part in vars(kind).items():
            for function in self._functions_in(part):
                self._say(name)
                self.tell(function)

    def _functions_in(self, part: Any) -> Iterator[FunctionType]:
        """The functions that somebody wrote into a class: what a dataclass makes for itself follows from its fields."""
        if isinstance(part, property):
            found = [part.fget, part.fset, part.fdel]
        elif isinstance(part, staticmethod | classmethod):
            found = [part.__func__]
        elif isinstance(part, cached_property):
            found = [part.func]
        else:
            found = [getattr(part, "__wrapped__", part)]
        for each in found:
            if isinstance(each, FunctionType) and not each.__code__.co_filename.startswith("<"):
                yield each

    # -- functions -----------------------------------------------------------------------------------------------

    def _function(self, function: FunctionType) -> None:
        node, names = _sources.of(function.__code__), _Names(function)
        self._say("function")
        for name, part in ast.iter_fields(node):
            if name != "name":
                self._part(name, part, names)

    def _part(self, name: str, part: Any, names: _Names) -> None:
        """A field of a node; what is not there is not told, as a new Python may have more that may be there."""
        if name in _SAYS_NOTHING or part is None or part == []:
            return
        self._say(name)
        if isinstance(part, list):
            part = part[1:] if name == "body" and _is_docstring(part[0]) else part
            self._say(str(len(part)))
            for each in part:
                self._node(each, names)
        else:
            self._node(part, names)

    def _node(self, node: Any, names: _Names) -> None:
        if not isinstance(node, ast.AST):
            self.tell(node)
        elif isinstance(node, ast.Name):
            self._name(node.id, names)
        elif isinstance(node, ast.Attribute) and (module := names.module(node.value)):
            self.tell(getattr(module, node.attr, node.attr))
        else:
            self._say(type(node).__name__)
            for name, part in ast.iter_fields(node):
                self._part(name, part, names)

    def _name(self, name: str, names: _Names) -> None:
        found = list(names.found(name))
        if name in names.own or not found:
            self._say("name", name)
        for each in found:
            self.tell(each)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
