"""What is planned together: companions add changes of other streams, guards refuse all or nothing."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from domain.capacity import Capacity
from domain.recorded import Act
from domain.refusal import Refusal, refuse_if
from services.commands.ask import Answer, Ask, Caller
from services.commands.plan import Attempt, Plan, Planned, made
from services.log.event_log import Change
from tests.conftest import shanghai

NOW = shanghai("2026-11-23 08:40")
FIRST, SECOND, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)


def change(stream: UUID) -> Change:
    act = Act(UUID(int=9), Capacity.ACCOUNTANT, NOW, NOW)
    return Change(stream, "Something", 0, ["happened"], act, None, stream)


def an_attempt() -> Attempt:
    ask = Ask(Caller(UUID(int=9), Capacity.ACCOUNTANT, frozenset()))
    return Attempt(cast(Any, None), ask, NOW + timedelta(minutes=1))


PLAN = Plan(lambda attempt: Planned([change(FIRST)], Answer(FIRST, 1, 0)))


def test_a_companion_sees_what_came_before_it_and_a_guard_sees_everything() -> None:
    seen: list[tuple[str, list[UUID]]] = []

    def companion(name: str, of: UUID) -> Any:
        def beside(attempt: Attempt, changes: Sequence[Change]) -> Sequence[Change]:
            seen.append((name, [each.stream for each in changes]))
            return [change(of)]

        return beside

    def guard(attempt: Attempt, changes: Sequence[Change]) -> None:
        seen.append(("guard", [each.stream for each in changes]))

    planned = made(PLAN, an_attempt(), [guard], [companion("first", SECOND), companion("second", THIRD)])
    assert [each.stream for each in planned.changes] == [FIRST, SECOND, THIRD]
    assert planned.answer == Answer(FIRST, 1, 0)
    assert seen == [("first", [FIRST]), ("second", [FIRST, SECOND]), ("guard", [FIRST, SECOND, THIRD])]


def test_a_guard_refuses_what_a_companion_would_change() -> None:
    def guard(attempt: Attempt, changes: Sequence[Change]) -> None:
        refuse_if(any(each.stream == SECOND for each in changes), "period_closed")

    assert made(PLAN, an_attempt(), [guard]).changes == [change(FIRST)]
    with pytest.raises(Refusal, match="period_closed"):
        made(PLAN, an_attempt(), [guard], [lambda attempt, changes: [change(SECOND)]])
