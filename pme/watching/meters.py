"""The figures that Prometheus asks for: of requests as they happen, of the work that waits when it asks.

Every process of this machine writes its figures into the same folder, so that any of them can answer for all
(prometheus_client's multi-process mode). Nothing is labelled with an academy, a person or a course.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, AttemptStatus
from pme.jobs.models import Duty, Job, JobStatus
from pme.jobs.queries import job_counts, worker_is_missed
from pme.outbox.models import LetterState
from pme.outbox.queries import counts_everywhere
from pme.people.models import BrowserSession

if TYPE_CHECKING:
    from prometheus_client.core import GaugeMetricFamily

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
ACTIVE = timedelta(hours=1)
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable by which all processes of a machine know their common folder."""
QUERIES = (0, 1, 2, 4, 6, 10, 20, 50)


class Meters:
    """The counters of this process. Importing what they are made of takes a moment, so make them once."""

    def __init__(self) -> None:
        from prometheus_client import (  # noqa: PLC0415  (only where figures are wanted)
            CollectorRegistry,
            Counter,
            Gauge,
            Histogram,
        )

        self.registry = CollectorRegistry()
        self._requests = Counter(
            "pme_requests", "Requests answered", ("method", "endpoint", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "pme_request_seconds",
            "Seconds to the first byte",
            ("endpoint",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._queries = Histogram(
            "pme_request_queries",
            "Statements a request",
            ("endpoint",),
            buckets=QUERIES,
            registry=self.registry,
        )
        self._slow = Counter("pme_slow_queries", "Statements slower than allowed", registry=self.registry)
        self._under_way = Gauge(
            "pme_requests_under_way",
            "Requests being answered now",
            registry=self.registry,
            multiprocess_mode="livesum",
        )

    def began(self) -> None:
        """A request is being answered."""
        self._under_way.inc()

    def ended(self) -> None:
        """It has come to its end, however it did."""
        self._under_way.dec()

    def answered(self, method: str, endpoint: str, status: int, seconds: float) -> None:
        """A request was answered in so many seconds."""
        self._requests.labels(method, endpoint, str(status)).inc()
        self._seconds.labels(endpoint).observe(seconds)

    def asked(self, endpoint: str, queries: int, slow: int) -> None:
        """A request asked the database so often, and so often slowly."""
        self._queries.labels(endpoint).observe(queries)
        if slow:
            self._slow.inc(slow)


def fresh_folder(folder: Path) -> Path:
    """An empty folder for the figures of a server that starts."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _forget_the_dead(folder: str) -> None:
    """A process that was killed answers no requests any more, whatever its file says."""
    for file in Path(folder).glob("gauge_live*_*.db"):
        process = file.stem.rpartition("_")[2]
        if process.isdigit() and not Path("/proc", process).exists():
            file.unlink(missing_ok=True)


def told(meters: Meters, session: Session, *, folder: str, version: str, at: datetime) -> bytes:
    """Every figure in Prometheus' text format: all processes' that write into the folder, then what waits."""
    from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415
    from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

    everything = CollectorRegistry()
    if folder:
        _forget_the_dead(folder)
        MultiProcessCollector(everything, path=folder)  # type: ignore[no-untyped-call]
    waits = CollectorRegistry()
    waits.register(_Waiting(session, version, at))
    own = generate_latest(everything) if folder else generate_latest(meters.registry)
    return own + generate_latest(waits)


class _Waiting:
    """Asked when Prometheus asks: the work that waits, in numbers for the whole installation."""

    def __init__(self, session: Session, version: str, at: datetime) -> None:
        self._session, self._version, self._at = session, version, at

    def describe(self) -> list[object]:
        """Nothing is asked of the database at the registration."""
        return []

    def collect(self) -> "Iterator[GaugeMetricFamily]":
        """The figures, by five small queries."""
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415

        session, at = self._session, self._at
        yield _family("pme_info", "The version of the platform", {self._version: 1}, "version")
        jobs, letters = job_counts(session), counts_everywhere(session)
        by_state = {state.value: jobs.get(state, 0) for state in JobStatus}
        yield _family("pme_jobs", "Jobs by state", by_state, "state")
        oldest = session.scalar(select(func.min(Job.not_before)).where(Job.status == JobStatus.WAITING))
        waits = max(0.0, (at - oldest).total_seconds()) if oldest else 0.0
        yield GaugeMetricFamily("pme_job_oldest_wait_seconds", "How long the oldest job waits", value=waits)
        by_state = {state.value: letters.get(state, 0) for state in LetterState}
        yield _family("pme_letters", "Letters by state", by_state, "state")
        missed = float(worker_is_missed(session, at=at))
        yield GaugeMetricFamily(
            "pme_worker_missed", "1 where no worker was seen for two minutes", value=missed
        )
        troubled = session.scalar(select(func.count(Duty.name)).where(Duty.problem != "")) or 0
        yield GaugeMetricFamily("pme_duties_failed", "Duties whose last run failed", value=troubled)
        open_now = (
            session.scalar(select(func.count(Attempt.id)).where(Attempt.status == AttemptStatus.OPEN)) or 0
        )
        yield GaugeMetricFamily("pme_attempts_open", "Attempts under way", value=open_now)
        active = BrowserSession.ended_at.is_(None), BrowserSession.renewed_at > at - ACTIVE
        count = session.scalar(select(func.count(BrowserSession.id)).where(*active)) or 0
        yield GaugeMetricFamily("pme_sessions_active", "Browsers seen within the hour", value=count)


def _family(
    name: str, says: str, values: dict[str, float] | dict[str, int], label: str
) -> "GaugeMetricFamily":
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415

    family = GaugeMetricFamily(name, says, labels=(label,))
    for value, count in values.items():
        family.add_metric([value], count)
    return family
