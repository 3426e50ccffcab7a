"""Traces reach a collector, whole and without anything about a person; nobody pays for them where they are off."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread

import pytest
import structlog
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.testclient import TestClient

from services.running.app import create_app
from services.runtime import logs, traces
from services.runtime.traces import ALLOWED, tracing
from tests.clock import PATIENCE
from tests.conftest import FIRST, a_product
from tests.postgres import drop
from tests.templates import Templates, passwords_in

ROOT = Path(__file__).resolve().parents[2]
NAME, PHONE, TEXT = "陈志强", "13800138000", "三栋一单元门口路灯不亮"


class Collector(ThreadingHTTPServer):
    """Takes spans by HTTP, as any collector of OpenTelemetry."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.bodies: list[bytes] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def spans(self) -> list[Span]:
        requests = map(ExportTraceServiceRequest.FromString, self.bodies)
        return [
            span
            for request in requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


class _Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        assert self.path == "/v1/traces"
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def a_collector() -> Iterator[Collector]:
    with Collector() as collector:
        thread = Thread(target=collector.serve_forever, args=(0.02,), name="collector", daemon=True)
        thread.start()
        yield collector
        collector.shutdown()
        thread.join(PATIENCE)


@pytest.fixture
def log_lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[str]]]:
    """What was logged so far."""
    written = StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    lines = logs.configure()

    def said() -> list[str]:
        lines.flush()
        return [line for line in written.getvalue().splitlines() if line.startswith("{")]

    yield said
    lines.flush()
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_a_command_is_found_from_its_request_to_the_views_and_nobody_is_in_it(
    server: str, templates: Templates, tmp_path: Path, log_lines: Callable[[], list[str]]
) -> None:
    url = templates.week(tmp_path)
    with a_collector() as collector, tracing(collector.address, "9.9"), a_product(url, tmp_path) as product:
        with TestClient(create_app(product), base_url="http://station.test") as client:
            password = passwords_in(tmp_path)["head"]
            token = client.post("/api/v1/session", json={"username": "head", "password": password}).json()["token"]
            client.headers["Authorization"] = f"Bearer {token}"
            body = {"estate": FIRST, "text": TEXT, "reporter": NAME, "phone": PHONE}
            noted = client.post("/api/v1/issues", json=body).json()
            client.get(f"/api/v1/issues/{noted['issue']}", params={"after": noted["position"]})
            client.get("/api/v1/no-such-thing/13800138000")
        assert product.positions.wait("notebook", noted["position"], PATIENCE)
        product.follower.stop()
        member = product.sessions.member(token)
        traces_of_lines = [json.loads(line).get("trace") for line in log_lines() if '"request"' in line]
    drop(server, url)

    spans = {span.name: span for span in collector.spans()}
    request, append = spans["POST /api/v1/issues"], spans["append"]
    command = next(span for span in spans.values() if span.parent_span_id == request.span_id)
    assert facts(command)["jinlin.outcome"] == "done"
    assert append.parent_span_id == command.span_id
    assert append.trace_id == command.trace_id == request.trace_id
    assert facts(append)["jinlin.events"] == 1
    assert facts(request) == {
        "http.request.method": "POST", "http.route": "/api/v1/issues", "http.response.status_code": 201,
    }  # fmt: skip
    assert facts(spans["follow notebook"])["jinlin.events"] > 0
    assert request.trace_id.hex() in traces_of_lines
    assert {key for span in collector.spans() for key in facts(span)} <= ALLOWED
    assert member is not None
    said = b"".join(collector.bodies)
    for personal in (NAME, PHONE, TEXT, "head", token, str(member.person), noted["issue"], noted["number"]):
        assert personal.encode() not in said


def facts(span: Span) -> dict[str, object]:
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


def test_an_error_is_told_by_its_type_and_never_by_its_text() -> None:
    act = {"jinlin.command": "Note", "actor": NAME}
    with (
        a_collector() as collector,
        tracing(f"{collector.address}/v1/traces", "9.9"),
        pytest.raises(ValueError),
        traces.span("act", act),
    ):
        raise ValueError(PHONE)
    [span] = collector.spans()
    assert facts(span) == {"jinlin.command": "Note", "error.type": "ValueError"}
    assert not span.events
    assert PHONE.encode() not in collector.bodies[0]


def test_a_collector_that_is_away_holds_up_nobody() -> None:
    with a_collector() as gone:
        address = gone.address
    with tracing(address, "9.9"):
        for _ in range(100):
            with traces.span("act"):
                pass


def test_off_there_is_nothing_to_pay_for() -> None:
    assert not traces.is_on()
    assert traces.span("one") is traces.span("another", {"jinlin.events": 1})
    loaded = "import sys, services.runtime.logs; sys.exit('opentelemetry.sdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, check=False).returncode == 0
