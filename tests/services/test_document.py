"""The OpenAPI document says everything once, and the whole API keeps to it when it is fed nonsense."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from tests.conftest import Demo

pytestmark = pytest.mark.slow
EXAMPLES = 8  # for each operation and role; more by hand with --hypothesis-seed and a larger figure here


@pytest.fixture(scope="module")
def document(demo: Demo) -> dict[str, object]:
    found: dict[str, object] = demo.client().get("/api/v1/openapi.json").json()
    return found


def test_the_document_is_of_a_readable_size_and_names_every_failure_once(demo: Demo) -> None:
    answer = demo.client().get("/api/v1/openapi.json")
    assert len(answer.content) < 250_000
    assert answer.text.count("Nothing was done; the code says why.") == 1
    found = answer.json()
    for path, methods in found["paths"].items():
        for operation in methods.values():
            assert operation.get("summary"), path
            if path.startswith("/api/"):
                assert operation["responses"]["409"] == {"$ref": "#/components/responses/Problem"}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("role", ["head", "repairer", "admin"])
def test_nonsense_gets_an_answer_that_the_document_foretells(demo: Demo, document: dict[str, object], role: str) -> None:
    client, seen = demo.sign_in(role), 0
    bearer = client.headers["Authorization"]
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", client.app)
    for result in schema.get_all_operations():
        operation = result.ok()
        if (operation.method.upper(), operation.path) in {
            ("DELETE", "/api/v1/session"),
            ("POST", "/api/v1/session"),
            ("POST", "/api/v1/session/capacity"),
            ("POST", "/api/v1/session/password"),
            ("POST", "/api/v1/accounts/{username}/disable"),
        }:
            continue
        seen += 1
        _fed(operation, client, bearer)
    assert seen > 60


def _fed(operation: "schemathesis.APIOperation", client: TestClient, bearer: str) -> None:  # type: ignore[type-arg]
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def feed(case: "schemathesis.Case") -> None:
        case.call_and_validate(
            headers={"Authorization": bearer},
            checks=[
                not_a_server_error,
                status_code_conformance,
                content_type_conformance,
                response_schema_conformance,
            ],
        )

    feed()

