"""Several servers and workers on one PostgreSQL, behind a balancer: what an alliance would run, on loopback."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from pme.db import Database
from pme.jobs.models import Job, JobStatus
from pme.people.queries import academy_by_slug, person_by_email
from pme.reports.datasets.filters import Filters
from pme.reports.export import Export, ask
from pme.reports.files.form import Form, Head
from tests.durability.balancer import Balancer
from tests.durability.installation import ROOT, Installation

SERVERS, WORKERS = 3, 2
PREPARED = "--prepared"
ENDS_WITHIN = 40.0
"""Seconds that a process may take to come to its end when asked; the machine may be busy."""


class Cluster:
    """Installations that share their folder and their database; the first makes both."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.servers = [Installation(folder, database_url) for _ in range(SERVERS)]
        for server in self.servers:
            server.environment["PME_WORKERS"] = "1"
            server.environment["PME_INSTANCE_DIR"] = str(server.instance)
            server.environment["PME_SERVER"] = str(server.port)  # tells its processes from the others'
            server.mark = f"PME_SERVER={server.port}"
        self.first = self.servers[0]
        self.workers: list[subprocess.Popen[bytes]] = []
        self.balancer: Balancer | None = None

    def start(self) -> int:
        """Start everything; gives the balancer's port."""
        self.first.start()
        return self.start_prepared(self.servers[1:])

    def start_through(self, pooled_url: str, **settings: str) -> int:
        """The same, with a pooler before the database, past which it is prepared."""
        self.first.start()
        self.first.end(within=ENDS_WITHIN)
        for server in self.servers:
            server.environment |= {"PME_DATABASE_URL": pooled_url, "PME_DATABASE_POOLED": "yes", **settings}
        return self.start_prepared(self.servers)

    def start_prepared(self, servers: Sequence[Installation]) -> int:
        """Start these servers, all workers and the balancer."""
        for server in servers:
            server.start(PREPARED)
        self.workers = [self._worker() for _ in range(WORKERS)]
        self.balancer = Balancer([server.port for server in self.servers])
        return self.balancer.port

    def stop(self) -> None:
        """kill -9 for everything."""
        if self.balancer is not None:
            self.balancer.shutdown()
            self.balancer.server_close()
        for worker in self.workers:
            worker.kill()
            worker.wait()
        for server in self.servers:
            server.kill_all()

    def roll(self) -> None:
        """End and start one server after the other, and one worker after the other, as an upgrade does."""
        for server in self.servers:
            server.end(within=ENDS_WITHIN)
            server.start(PREPARED)
        for number, worker in enumerate(self.workers):
            worker.send_signal(signal.SIGTERM)
            worker.wait(ENDS_WITHIN)
            self.workers[number] = self._worker()

    def freeze_workers(self) -> None:
        """SIGSTOP for every worker."""
        for worker in self.workers:
            worker.send_signal(signal.SIGSTOP)

    def thaw_workers(self) -> None:
        """They go on where they were."""
        for worker in self.workers:
            worker.send_signal(signal.SIGCONT)

    def supervise(self) -> None:
        """Start again each worker that has ended, as systemd does: while the database is away none can start."""
        for number, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.workers[number] = self._worker()

    def add_a_worker(self) -> None:
        """One more."""
        self.workers.append(self._worker())

    def kill_a_worker(self, number: int) -> None:
        """kill -9, and another in its place."""
        self.workers[number].kill()
        self.workers[number].wait()
        self.workers[number] = self._worker()

    def ask_for_reports(self, number: int) -> None:
        """Ask for so many files in the background."""
        ask_for_reports(self.first, number, at=datetime.now(UTC))

    def reports(self) -> dict[JobStatus, int]:
        """How many of those are in which state."""
        database = self.first.database()
        found = reports_of(database)
        database.dispose()
        return found

    def wait_for_reports(self, *, within: float) -> dict[JobStatus, int]:
        """Wait until each has come to its end."""
        until = time.monotonic() + within
        while set(found := self.reports()) - {JobStatus.DONE} and time.monotonic() < until:
            time.sleep(0.2)
        return found

    def _worker(self) -> subprocess.Popen[bytes]:
        with self.first.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "pme.cli", "work"],
                env=self.first.environment | {"PME_SERVER": f"worker-{os.getpid()}"},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )


def ask_for_reports(installation: Installation, number: int, *, at: datetime) -> None:
    """Ask for so many files in the background."""
    database = installation.database()
    with database.writing() as session:
        academy = academy_by_slug(session, "demo")
        evans = person_by_email(session, "evans@demo.example")
        assert academy is not None
        assert evans is not None
        head = Head(academy.name, academy.slug, at)
        export = Export("progress", Form.CSV, Filters(), "", head)
        for _ in range(number):
            ask(session, export, academy_id=academy.id, person_id=evans.id, at=at)
    database.dispose()


def reports_of(database: Database) -> dict[JobStatus, int]:
    """How many reports are in which state."""
    with database.session() as session:
        counted = select(Job.status, func.count()).where(Job.kind == "report-export")
        return dict(session.execute(counted.group_by(Job.status)).all())
