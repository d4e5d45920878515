"""Traces for an OpenTelemetry collector, where `PME_TRACES_TO` names one: a span a request, a job and a statement.

A span bears the route, the status and the statement's first word: no address, no person, no value. The
libraries come with `pip install 'pme[traces]'` and are looked for only where they are wanted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from time import time_ns
from typing import TYPE_CHECKING, Any

from pme.errors import Refused

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter

MISSING = (
    "PME_TRACES_TO is set, but the libraries for traces are not installed: install requirements/traces.txt "
    "(docs/operate.md says how), or leave PME_TRACES_TO empty."
)
_tracers: list[Any] = []


def install(address: str, *, exporter: "SpanExporter | None" = None) -> None:
    """Send traces to a collector. Raises Refused where the libraries are missing."""
    if not address or _tracers:
        return
    if find_spec("opentelemetry.sdk") is None or find_spec("opentelemetry.exporter.otlp.proto.http") is None:
        raise Refused(MISSING)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor  # noqa: PLC0415

    provider = TracerProvider(resource=Resource.create({"service.name": "pme"}))
    if exporter is not None:
        provider.add_span_processor(SimpleSpanProcessor(exporter))
    else:
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=address)))
    _tracers.append(provider.get_tracer("pme"))


def stop() -> None:
    """Send no more traces: for tests."""
    _tracers.clear()


@contextmanager
def span(name: str, **told: str | int) -> Iterator[None]:
    """A span around what is done in the block."""
    if not _tracers:
        yield
        return
    with _tracers[0].start_as_current_span(name, attributes=told, record_exception=False):
        yield


def done(name: str, seconds: float, **told: str | int) -> None:
    """A span of what has just come to its end after so many seconds."""
    if _tracers:
        now = time_ns()
        began = _tracers[0].start_span(name, start_time=now - int(seconds * 1e9), attributes=told)
        began.end(now)


def statement(words: str, seconds: float) -> None:
    """A span of a statement that the database has just answered, named by its first word."""
    if _tracers:
        done(f"sql {words.split(maxsplit=1)[0].upper()}" if words else "sql", seconds)
