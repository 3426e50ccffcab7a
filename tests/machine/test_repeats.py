"""An act that is done already is not answered as done anew: every command of every stream, given once more.

Whoever hears yes pays out money, hands over a receipt, goes to a home. So one hears it; the others hear who did it.
"""

from typing import Any
from uuid import UUID

import pytest

from domain.catalogue import COMMANDS
from domain.refusal import AlreadyDone, Refusal
from tests.capabilities import in_each_folder
from tests.repeats import Again, Repeat
from tests.scenario import Scenario

REPEATS: tuple[Repeat, ...] = tuple(each for found in in_each_folder("repeats") for each in found.REPEATS)
COLLEAGUE = UUID(int=0xC0)
_NAMES = [type(each.command).__name__ for each in REPEATS]
each_command = pytest.mark.parametrize("repeat", REPEATS, ids=_NAMES)


def test_every_command_says_what_comes_of_giving_it_again() -> None:
    assert sorted(set(_NAMES)) == sorted(COMMANDS)


def outcome(standing: Scenario[Any], command: Any, actor: UUID) -> list[Any] | Refusal:
    try:
        return list(standing.decider.consider(command, standing.state, standing.by(actor, standing.capacity).act))
    except Refusal as refusal:
        return refusal


@each_command
def test_given_again_by_the_same_person_or_by_another(repeat: Repeat) -> None:
    first = repeat.ground.when(repeat.command)
    assert first.outcome, "it did nothing the first time"
    for actor in (first.actor, COLLEAGUE):
        answer = outcome(first.later(minutes=1), repeat.command, actor)
        match repeat.again:
            case Again.HARMLESS:
                assert answer == []
            case Again.ANEW:
                assert repeat.why and isinstance(answer, list) and answer
            case Again.REFUSED:
                assert isinstance(answer, Refusal) and answer.code == repeat.code, answer
                if repeat.told:
                    assert isinstance(answer, AlreadyDone) and answer.done == first.act


@each_command
def test_another_content_is_never_passed_over(repeat: Repeat) -> None:
    first = repeat.ground.when(repeat.command)
    for other in repeat.others:
        assert type(other) is type(repeat.command) and other != repeat.command
        assert outcome(first.later(minutes=1), other, COLLEAGUE) != []
