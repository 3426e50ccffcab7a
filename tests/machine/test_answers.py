"""Answers of every kind are kept under their keys, told again to who asks again, and read as they were kept once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from domain.capacity import Capacity
from services.arrears.plans import ManyDone
from services.billing.plans import BillNumbered
from services.cases.plans import Noted, Promoted
from services.commands.ask import Answer, Ask, Caller, KeyReused
from services.commands.handle import Handler
from services.commands.plan import Attempt, PlanFor, PlannedAs
from services.contracts.plans import BasisChanged
from services.fees.invoice_plans import InvoiceWanted
from services.fees.plans import MoneyTaken, RefundWanted
from services.log.event_store import StoredAnswer
from services.product import Product
from tests.conftest import a_product
from tests.postgres import new_database

STREAM, THING = UUID(int=7), UUID(int=8)
KINDS: dict[str, Answer] = {
    "done": Answer(STREAM, 3),
    "noted": Noted(STREAM, 3, number="IS-20261123-0001"),
    "promoted": Promoted(STREAM, 3, order=THING, number="WO-20261123-0001"),
    "money taken": MoneyTaken(STREAM, 3, payment=THING, receipt="2026-000001"),
    "refund wanted": RefundWanted(STREAM, 3, refund=THING),
    "invoice wanted": InvoiceWanted(STREAM, 3, invoice=THING),
    "price list made": BasisChanged(STREAM, 3, made=THING),
    "handed over": BasisChanged(STREAM, 3, made=None),
    "bill numbered": BillNumbered(STREAM, 3, number="FB-20261123-0001"),
    "many done": ManyDone(STREAM, 3, count=12),
}
# what the log holds of them from before each had fields of its own
ONCE: dict[str, tuple[str | None, str | None]] = {
    "done": (None, None),
    "noted": ("IS-20261123-0001", None),
    "promoted": ("WO-20261123-0001", str(THING)),
    "money taken": ("2026-000001", str(THING)),
    "refund wanted": (None, str(THING)),
    "invoice wanted": (None, str(THING)),
    "price list made": (None, str(THING)),
    "handed over": (None, None),
    "bill numbered": ("FB-20261123-0001", None),
    "many done": ("12", None),
}


@dataclass(frozen=True)
class Handlers:
    product: Product

    def process(self) -> Handler:
        """One that has just started and remembers nothing."""
        product = self.product
        return Handler(product.handler.reach, product.clock)


@pytest.fixture(scope="module")
def handlers(server: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    data: Path = tmp_path_factory.mktemp("answers")
    with a_product(new_database(server), data) as product:
        yield Handlers(product)


def asking() -> Ask:
    return Ask(Caller(uuid4(), Capacity.SYSTEM, frozenset()), key=uuid4().hex, fingerprint=b"same")


def telling(answer: Answer) -> PlanFor[Answer]:
    def make(attempt: Attempt) -> PlannedAs[Answer]:
        assert attempt.act
        return PlannedAs([], answer)

    return PlanFor(make, answers=type(answer))


def without_position(answer: Answer) -> dict[str, object]:
    return {name: getattr(answer, name) for name in answer.__dataclass_fields__ if name != "position"}


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_told_again_by_who_gave_it_and_by_a_process_that_has_just_started(
    handlers: Handlers, kind: str
) -> None:
    ask, plan, giver = asking(), telling(KINDS[kind]), handlers.process()
    first = giver.do(ask, plan)
    assert without_position(first) == without_position(KINDS[kind])
    assert giver.do(ask, plan) == first
    again = handlers.process().do(ask, plan)
    assert (type(again), again) == (type(first), first)


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_of_earlier_versions_is_told_again(handlers: Handlers, kind: str) -> None:
    ask, (number, order) = asking(), ONCE[kind]
    body = {"stream": str(STREAM), "version": 3, "number": number, "order": order}
    kept = StoredAnswer(ask.caller.person, ask.key or "", ask.fingerprint, body)
    handlers.product.log.append([], kept, {})
    again = handlers.process().do(ask, telling(KINDS[kind]))
    assert type(again) is type(KINDS[kind])
    assert without_position(again) == without_position(KINDS[kind])


def test_a_key_that_was_answered_otherwise_answers_nothing_else(handlers: Handlers) -> None:
    ask, giver = asking(), handlers.process()
    giver.do(ask, telling(KINDS["done"]))
    for handler in (giver, handlers.process()):
        with pytest.raises(KeyReused):
            handler.do(ask, telling(KINDS["money taken"]))
