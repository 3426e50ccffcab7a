"""Random requests about things that are there, by every role: acts go through or are refused, nothing else happens."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.conftest import FIRST, Demo

pytestmark = pytest.mark.slow

EXAMPLES = 10  # per operation and role
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
# how many different operations must have succeeded at least once: a run that only collects refusals proves little
LEAST_DONE = {"nobody": 3, "head": 30, "repairer": 20, "committee": 10, "admin": 10}


@dataclass
class Known:
    """Ids of things of the first estate, by the name of the parameter or field that takes them."""

    ids: dict[str, Sequence[str]]
    done: Counter[str] = field(default_factory=Counter)

    def put_into(self, values: Any, pick: int) -> None:
        if isinstance(values, dict):
            for name in values.keys() & self.ids.keys():
                values[name] = self.ids[name][pick % len(self.ids[name])]


@pytest.fixture
def known(demo: Demo) -> Known:
    """Issues and orders in every stage of the demo's week, more that still wait, and people without a post."""
    head, admin = demo.sign_in("head"), demo.sign_in("admin")
    for number in range(12):
        noted = head.post("/api/v1/issues", json={"estate": FIRST, "text": f"第 {number} 件"}).json()["issue"]
        if number % 2:
            head.post(f"/api/v1/issues/{noted}/promote-to-work-order", json={"category": "GREENERY"})
    place = f"/api/v1/stations/{FIRST}"
    orders = [each["order"] for lane in LANES for each in head.get(f"{place}/work-orders?lane={lane}").json()]
    people = [admin.post("/api/v1/people", json={"name": f"新来的 {n}"}).json()["person"] for n in range(3)]
    stewards = [each["person"] for each in head.get(f"{place}/stewards").json()]
    issues = [each["issue"] for each in head.get(f"{place}/issues").json()]
    return Known(
        {
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


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", LEAST_DONE)
def test_every_operation_keeps_to_the_document(demo: Demo, known: Known, role: str) -> None:
    client = demo.client() if role == "nobody" else demo.sign_in(role)
    headers = {"Authorization": client.headers["Authorization"]} if role != "nobody" else {}
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", client.app)
    for found in schema.get_all_operations():
        operation = found.ok()
        if (operation.method.upper(), operation.path) not in LEFT_OUT:
            fuzzed(operation, headers, known)()
    assert len(known.done) >= LEAST_DONE[role], sorted(known.done)
    if role != "nobody":
        assert client.get("/api/v1/session").status_code == 200, "the session held to the end"


def fuzzed(operation: Any, headers: dict[str, str], known: Known) -> Callable[[], None]:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(), strange=st.integers(0, 4), pick=st.integers(0, 10_000), words=st.text(min_size=1)
    )
    def once(case: Any, strange: int, pick: int, words: str) -> None:
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
        if answer.status_code < 300:
            known.done[operation.label] += 1
        case.validate_response(answer, checks=CHECKS)

    return once
