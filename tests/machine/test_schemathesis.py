"""Random requests about things that are there, by every role: acts go through or are refused, nothing else happens."""

from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from domain.fees import fee_account as fees
from domain.money.items import FeeItem
from domain.register.owner import OWNER, OwnerKind, OwnerRegistered
from tests.conftest import FIRST, Demo
from tests.fees.till import PARKING, YEAR, Till

pytestmark = pytest.mark.slow

FEW, READS, ACTS = 2, 3, 6  # examples per operation and role; more only where the role is let in
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
# they end the session that asks, or are throttled by design; test_http_session has them
LEFT_OUT = {
    ("DELETE", "/api/v1/session"),
    ("POST", "/api/v1/session"),
    ("POST", "/api/v1/session/capacity"),
    ("POST", "/api/v1/session/password"),
}
LANES = ("waiting", "sent", "working", "checking", "held", "ended")
SHUT = {401, 403}
# how many different operations must have succeeded at least once: a run that only collects refusals proves little
LEAST_DONE = {"nobody": 3, "head": 60, "accountant": 35, "repairer": 20, "committee": 15, "admin": 10}


@dataclass
class Known:
    """Ids of things of the first estate, by the name of the parameter or field that takes them."""

    ids: dict[str, Sequence[str]]
    done: Counter[str] = field(default_factory=Counter)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)  # by operation and status

    def shut(self, operation: str) -> bool:
        """Whether whoever asked was never let in."""
        return all(status in SHUT for (label, status) in self.answers if label == operation)

    def put_into(self, values: Any, pick: int) -> None:
        if isinstance(values, dict):
            for name in values.keys() & self.ids.keys():
                values[name] = self.ids[name][pick % len(self.ids[name])]


def fresh(case: Any) -> schemathesis.Case:
    """The same request, to be changed without changing the other."""
    parts = ("path_parameters", "headers", "cookies", "query", "body", "media_type", "multipart_content_types", "meta")
    return schemathesis.Case(
        case.operation, case.method, case.path, **{part: deepcopy(getattr(case, part)) for part in parts}
    )


Drawn = tuple[Any, int, int, str]  # a case, whether it stays strange, which of the things that are there, words


@dataclass
class Operation:
    """One of the document's; what is asked of it is the same for every role, and made once: that takes the longest."""

    label: str
    cases: st.SearchStrategy[Any]
    made: dict[int, list[Drawn]] = field(default_factory=dict)  # by how many

    def drawn(self, examples: int) -> Iterator[Drawn]:
        """So many random cases, the same ones in every run, each free to be changed."""
        if examples not in self.made:
            self.made[examples] = self._draw(examples)
        for case, *more in self.made[examples]:
            yield fresh(case), *more

    def _draw(self, examples: int) -> list[Drawn]:
        found: list[Drawn] = []

        @seed(examples)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=self.cases, strange=st.integers(0, 4), pick=st.integers(0, 10_000), words=st.text(min_size=1))
        def once(case: Any, strange: int, pick: int, words: str) -> None:
            found.append((case, strange, pick, words))

        once()
        return found


@pytest.fixture(scope="module")
def operations(demo: Demo) -> list[Operation]:
    demo.client().app.state.slots.crowd.of_network.at_once = 10**6  # type: ignore[attr-defined]  # nobody waits here
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", demo.client().app)
    found = [each.ok() for each in schema.get_all_operations()]
    return [
        Operation(each.label, each.as_strategy()) for each in found if (each.method.upper(), each.path) not in LEFT_OUT
    ]


@pytest.fixture
def known(demo: Demo) -> Known:
    """Issues and orders in every stage of the demo's week, more that still wait, and people without a post.

    Of the fees a few homes with an owner, bills, a payment and a refund that is asked for.
    """
    head, admin = demo.sign_in("head"), demo.sign_in("admin")
    for number in range(12):
        noted = head.post("/api/v1/issues", json={"estate": FIRST, "text": f"第 {number} 件"}).json()["issue"]
        if number % 2:
            head.post(f"/api/v1/issues/{noted}/promote-to-work-order", json={"category": "GREENERY"})
    place = f"/api/v1/stations/{FIRST}"
    orders = [each["order"] for lane in LANES for each in head.get(f"{place}/work-orders?lane={lane}").json()]
    people = [
        admin.post("/api/v1/people", json={"name": f"新来的 {n}", "another": True}).json()["person"] for n in range(3)
    ]
    stewards = [each["person"] for each in head.get(f"{place}/stewards").json()]
    issues = [each["issue"] for each in head.get(f"{place}/issues").json()]
    tills = [owing(demo) for _ in range(3)]
    return Known(
        {
            "dwelling": [str(till.dwelling) for till in tills],
            "owner": [str(till.owner) for till in tills],
            "payer": [str(till.owner) for till in tills],
            "bill": [str(bill) for till in tills for bill in till.bills],
            "payment": [str(payment) for till in tills for payment in till.state.payments],
            "refund": [str(refund) for till in tills for refund in till.state.refunds],
            "issue": issues,
            "into": issues,
            "order": orders,
            "follows": orders,
            "person": people,
            "steward": stewards,
            "estate": [FIRST],
            "building": ["1", "2"],
            "lane": LANES,
        }
    )


def owing(demo: Demo) -> Till:
    """A home whose owner paid some years in advance, wants some of it back, and owes parking."""
    till, paid, first = Till(demo), uuid4(), date(2022, 1, 1)
    till.tell(OWNER, till.owner, OwnerRegistered(FIRST, OwnerKind.PERSON, "邹文静"))
    till.owned((till.owner, first))
    till.opened()
    for year in range(4):
        till.bill(since=first.replace(year=first.year + year))
    money = fees.RecordPayment(
        paid, till.owner, 5 * YEAR, fees.Method.CARD, till.today, receipt="2026-000000", prepay_limit=YEAR,
    )  # fmt: skip
    till.given(money)
    for place in range(4):
        till.bill(PARKING, date(2022 + place, 1, 1), FeeItem.PARKING)
    till.given(fees.RequestRefund(uuid4(), paid, 100, fees.RefundReason.OVERPAID))
    return till


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", LEAST_DONE)
def test_every_operation_keeps_to_the_document(
    demo: Demo, operations: list[Operation], known: Known, role: str
) -> None:
    client = demo.client() if role == "nobody" else demo.sign_in(role)
    headers = {"Authorization": client.headers["Authorization"]} if role != "nobody" else {}
    for operation in operations:
        asked(operation, headers, known, FEW)
        if not known.shut(operation.label):
            asked(operation, headers, known, READS if operation.label.startswith("GET ") else ACTS)
    assert len(known.done) >= LEAST_DONE[role], sorted(known.done)
    if role != "nobody":
        assert client.get("/api/v1/session").status_code == 200, "the session held to the end"


def asked(operation: Operation, headers: dict[str, str], known: Known, examples: int) -> None:
    """Ask the operation about so many random cases; an answer that the document does not tell of fails."""
    for case, strange, pick, words in operation.drawn(examples):
        if strange:  # four of five ask about what is there, with headers that can be read
            known.put_into(case.path_parameters, pick)
            known.put_into(case.query, pick)
            known.put_into(case.body, pick)
            for name in [name for name in case.headers if name.lower() in ("idempotency-key", "if-match")]:
                del case.headers[name]
            if isinstance(case.body, dict):
                case.body.pop("occurredAt", None)
                case.body.update({name: words for name in ("reason", "note", "text") if name in case.body})
        case.headers.update(headers)
        answer = case.call()
        known.answers[operation.label, answer.status_code] += 1
        if answer.status_code < 300:
            known.done[operation.label] += 1
        case.validate_response(answer, checks=CHECKS)
