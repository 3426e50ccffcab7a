"""Traces by OpenTelemetry, where a setting says so: what a request, a command, an append or a batch took, and of what.

Off, there is nothing: no library is loaded, and a span is a name that nobody keeps. On, spans go to a collector in the
background; while that is away they are dropped. A span tells names of routes, commands and followings, and numbers;
never an address with ids in it, a text, or who it was.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as _Otel
    from opentelemetry.trace import Tracer

ALLOWED = frozenset(
    {
        "http.request.method", "http.route", "http.response.status_code", "error.type", "jinlin.command",
        "jinlin.outcome", "jinlin.code", "jinlin.events", "jinlin.following", "jinlin.position",
    }
)  # fmt: skip
EXPORT_SECONDS = 2.0  # to hand spans to the collector, and to hand over the last ones at the end
MOST_WAITING = 4_096  # spans; what comes beyond them is dropped

Fact = str | int


class Span(Protocol):
    """What is told while it lasts."""

    def name(self, name: str) -> None:
        """What it turned out to be."""

    def tell(self, facts: Mapping[str, Fact | None]) -> None:
        """Some of ``ALLOWED``."""


class _Nothing:
    """The span of whoever is not traced."""

    def name(self, name: str) -> None: ...

    def tell(self, facts: Mapping[str, Fact | None]) -> None: ...


_NOTHING = _Nothing()
_UNTRACED: AbstractContextManager[Span] = nullcontext(_NOTHING)
_tracer: "Tracer | None" = None


def is_on() -> bool:
    """Whether anything is traced."""
    return _tracer is not None


def present() -> str | None:
    """The id of the trace under way, under which all of it is found."""
    from opentelemetry.trace import get_current_span

    context = get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def span(name: str, facts: Mapping[str, Fact | None] | None = None) -> AbstractContextManager[Span]:
    """A span for as long as the context lasts, part of the one around it."""
    return _UNTRACED if _tracer is None else _spanned(_tracer, name, facts or {})


@contextmanager
def tracing(collector: str | None, version: str) -> Iterator[None]:
    """Trace to the collector at this address for as long as this lasts; without one, nothing."""
    global _tracer
    if collector is None:
        yield
        return
    provider = _provider(collector, version)
    _tracer = provider.get_tracer("jinlin", version)
    try:
        yield
    finally:
        _tracer = None
        provider.shutdown()


def _provider(collector: str, version: str) -> "TracerProvider":
    """Loaded here alone: it takes a third of a second and some megabytes."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(
        resource=Resource.create({"service.name": "jinlin", "service.version": version}), shutdown_on_exit=False
    )
    exporter = OTLPSpanExporter(endpoint=_endpoint(collector), timeout=EXPORT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=MOST_WAITING))
    return provider


def _endpoint(collector: str) -> str:
    """An address without a path gets the usual one."""
    rest = collector.split("://", 1)[-1]
    return collector if "/" in rest.rstrip("/") else f"{collector.rstrip('/')}/v1/traces"


@contextmanager
def _spanned(tracer: "Tracer", name: str, facts: Mapping[str, Fact | None]) -> Iterator[Span]:
    from opentelemetry.trace import Status, StatusCode

    # errors are told by their type alone: their texts carry values
    with tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as found:
        traced = _Traced(found)
        traced.tell(facts)
        try:
            yield traced
        except BaseException as error:
            traced.tell({"error.type": type(error).__name__})
            found.set_status(Status(StatusCode.ERROR))
            raise


class _Traced:
    def __init__(self, span: "_Otel") -> None:
        self._span = span

    def name(self, name: str) -> None:
        self._span.update_name(name)

    def tell(self, facts: Mapping[str, Fact | None]) -> None:
        for key, fact in facts.items():
            if fact is not None and key in ALLOWED:
                self._span.set_attribute(key, fact)
