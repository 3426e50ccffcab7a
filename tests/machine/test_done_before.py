"""Whose act it was, as it is said to whoever comes second."""

from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from psycopg_pool import PoolTimeout

from domain.capacity import Capacity
from domain.fees.fee_account import Method
from domain.recorded import Act
from domain.told_late import TOLERANCE
from services.http.done_before import DoneBefore, known_to, said_of_it, told
from tests.scenario import HEAD, MONDAY

DONE = DoneBefore(Act(HEAD, Capacity.ACCOUNTANT, MONDAY, MONDAY), Method.CASH, "林静怡", UUID(int=9), MONDAY)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "已付。已由林静怡（会计）于 08:40 办理（现金）"),
        ("en", "已付. Done by 林静怡 (Accountant) at 08:40 (Cash)"),
    ],
)
def test_it_says_who_when_and_how(language: str, said: str) -> None:
    assert said_of_it(language, "已付", DONE) == said


def test_whom_one_may_not_see_is_called_by_the_capacity_and_oneself_by_neither() -> None:
    unseen = DoneBefore(DONE.act, None, None, UUID(int=9), MONDAY)
    assert said_of_it("zh", "已付", unseen) == "已付。已由会计于 08:40 办理"
    assert "已由您本人于" in said_of_it("zh", "已付", DoneBefore(DONE.act, None, "林静怡", HEAD, MONDAY))
    assert told(unseen)["name"] is None and told(unseen)["acting_as"] == "ACCOUNTANT"


def test_what_was_told_late_has_both_times() -> None:
    late = DONE.act._replace(recorded_at=MONDAY + TOLERANCE + timedelta(minutes=1))
    said = said_of_it("zh", "已付", DoneBefore(late, None, None, None, MONDAY))
    assert "08:40（08:56 补记）" in said


def test_without_the_database_a_refusal_stands_without_a_name() -> None:
    @contextmanager
    def lend(estates: frozenset[str]) -> Any:
        raise PoolTimeout
        yield

    product = SimpleNamespace(database=SimpleNamespace(lend=lend), clock=lambda: MONDAY)
    request: Any = SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(product=product)), state=SimpleNamespace())
    found = known_to(request, DoneBefore(DONE.act))
    assert (found.name, found.now) == (None, MONDAY)
