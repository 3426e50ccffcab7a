"""Nothing that can be asked for cuts anything off (INV-48)."""

import re
from dataclasses import fields
from enum import Enum
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest

import domain
from domain.catalogue import COMMANDS, EVENTS
from services.words.sentences import files

_TAKEN = (
    r"(cut|shut|stop|turn|switch|block|lock|disable|deactivate|suspend|revoke|withhold|interrupt|limit|deny"
    r"|restrict|freeze|disconnect|terminate|remove|cancel|ban|bar|expel|clos|throttle|seal|off(?![a-z]))"
)


_THINGS = (
    r"(water|power|electric|energy|gas(?!t)|heat|light|lift|elevator|gate|door|card|access|entry|barrier|utilit|supply"
    r"|meter|valve|plate|parking)"
)


CUTS = re.compile(rf"{_TAKEN}.*{_THINGS}|{_THINGS}.*{_TAKEN}", re.IGNORECASE)
_DEED = re.compile(r"(停|断|切|限|锁|封|关闭|(?<!门)禁)(用|掉|止)?(水|电|气|暖|热|门禁|门|卡|梯)|消磁|拉闸")


def _names(kind: type[Any]) -> list[str]:
    members = [
        member.name
        for item in fields(kind)
        if isinstance(item.type, type) and issubclass(item.type, Enum)
        for member in item.type
    ]
    return [kind.__name__, *(item.name for item in fields(kind)), *members]


def _vocabularies() -> list[type[Enum]]:
    """Every choice that anything in the domain offers."""
    modules = [import_module(found.name) for found in walk_packages(domain.__path__, "domain.")]
    kinds = {each for module in modules for each in vars(module).values() if isinstance(each, type)}
    return sorted(
        (kind for kind in kinds if issubclass(kind, Enum) and kind is not Enum), key=lambda kind: kind.__name__
    )


def test_inv_48_no_choice_cuts_anything_off() -> None:
    kinds = _vocabularies()
    assert len(kinds) > 30
    names = [f"{kind.__name__}.{member.name}" for kind in kinds for member in kind]
    assert not [name for name in names if CUTS.search(name.partition(".")[2])]


@pytest.mark.parametrize("kind", [*COMMANDS.values(), *EVENTS.values()], ids=lambda kind: kind.__name__)
def test_inv_48_nothing_that_can_be_asked_for_cuts_anything_off(kind: type[Any]) -> None:
    assert not [name for name in _names(kind) if CUTS.search(name)]


def test_inv_48_no_button_and_no_line_of_a_history_speaks_of_it() -> None:
    lines = [line for path in files("zh") for line in path.read_text("utf-8").splitlines()]
    sentences = [line for line in lines if re.match(r"[a-z]+-[\w-]+ = ", line)]
    sentences = [
        line for line in sentences if not line.startswith(("guess-", "danger-", "demand-nothing-cut", "category-"))
    ]
    assert len(sentences) > 300
    assert not [line for line in sentences if _DEED.search(line)]


@pytest.mark.parametrize(
    "wrong",
    [
        "CutWater",
        "SuspendElectricity",
        "RevokeAccessCard",
        "card_blocked",
        "GateLocked",
        "close-valve",
        "FreezeCard",
        "restrict_access",
        "RemoveFacePlate",
        "POWER_OFF",
    ],
)
def test_inv_48_such_a_name_would_be_found(wrong: str) -> None:
    assert CUTS.search(wrong)


@pytest.mark.parametrize("wrong", ["停水", "断电", "停用门禁卡", "禁用门禁", "锁门"])
def test_inv_48_such_a_word_would_be_found(wrong: str) -> None:
    assert _DEED.search(wrong)
