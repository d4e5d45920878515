"""What is watched of a running installation: logs, slow queries, metrics, traces. Read as every other setting."""

from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

LOGS = ("problems", "requests")
LONGEST_QUERY = 60_000  # milliseconds


class Reader(Protocol):
    """What reads settings and keeps every reason to refuse."""

    reasons: list[str]

    def text(self, name: str, default: str) -> str:
        """A setting as it is given."""

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number."""

    def token(self, name: str) -> str:
        """A secret that a program sends."""


@dataclass(frozen=True)
class Watch:
    """What is written down, and who may ask for figures; without a token nobody may."""

    logs: str
    slow_query_ms: int
    metrics_token: str = field(repr=False)
    traces_to: str

    @property
    def every_request(self) -> bool:
        """Whether each request is a line of the log."""
        return self.logs == LOGS[1]

    @classmethod
    def read(cls, reader: Reader) -> "Watch":
        """Read them."""
        watch = cls(
            logs=reader.text("PME_LOG", LOGS[0]).lower(),
            slow_query_ms=reader.number("PME_SLOW_QUERY_MS", 500, 0, LONGEST_QUERY),
            metrics_token=reader.token("PME_METRICS_TOKEN"),
            traces_to=reader.text("PME_TRACES_TO", "").rstrip("/"),
        )
        if watch.logs not in LOGS:
            reader.reasons.append(f"PME_LOG is “{watch.logs}”; give problems or requests.")
        if watch.traces_to and not _is_address(watch.traces_to):
            reader.reasons.append(
                f"PME_TRACES_TO is “{watch.traces_to}”; give the address of an OpenTelemetry collector, "
                "like http://127.0.0.1:4318/v1/traces."
            )
        return watch


def _is_address(given: str) -> bool:
    try:
        parts = urlsplit(given)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        return False
