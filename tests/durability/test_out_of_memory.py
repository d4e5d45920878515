"""No more memory to have, for the printer or for the worker itself: the job is told as failed in a sentence that helps,
and whoever did it does the next.
"""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from pme.db import Database
from pme.errors import Unavailable
from pme.jobs.models import Job, JobStatus
from pme.jobs.tries import MOST_TRIES
from pme.press.keeper import SHORT_OF_MEMORY, STOPPED, Press, Trade
from pme.reports.datasets.filters import Filters
from pme.reports.export import Export, ask
from pme.reports.files import pdf
from pme.reports.files.form import Form, Head
from tests.durability.installation import ROOT, Installation
from tests.durability.test_kill import running
from tests.support.clock import Clock
from tests.support.people import academy_id_of, id_of
from tests.support.work import run_jobs

SPARE = 1 << 20
LITTLE, ENOUGH = 60 << 20, 900 << 20
WITHIN = 280.0
"""Seconds: a job is begun three times, the last after two minutes."""
DEMO = {"academy": "demo", "who": "evans@demo.example"}
HELPS = ("Filter the report", "Ask for less at once")


def ask_for_paper(database: Database, at: datetime, *, academy: str = "home", who: str = "evans") -> int:
    """Ask for a report as a PDF; gives its job."""
    with database.writing() as session:
        export = Export("progress", Form.PDF, Filters(), "", Head("An academy", academy, at))
        academy_id, person_id = academy_id_of(session, academy), id_of(session, who)
        return ask(session, export, academy_id=academy_id, person_id=person_id, at=at).id


def the_job(database: Database, job_id: int) -> Job:
    with database.session() as session:
        return session.get_one(Job, job_id)


@contextmanager
def short_of_memory(process: int, most: int | None = None) -> Iterator[None]:
    """Let a process that runs, and whoever it starts, take no more than this, by default hardly more than it has."""
    if most is None:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + SPARE
    before = resource.prlimit(process, resource.RLIMIT_AS)
    resource.prlimit(process, resource.RLIMIT_AS, (most, before[1]))
    try:
        yield
    finally:
        if Path(f"/proc/{process}").exists():
            resource.prlimit(process, resource.RLIMIT_AS, before)


@pytest.mark.database("sqlite")
def test_a_printer_that_gets_no_more_memory_fails_its_job_in_words_and_the_next_is_printed(
    app: Flask, database: Database, clock: Clock
):
    pdf.close()
    first = ask_for_paper(database, clock())
    run_jobs(app)
    assert the_job(database, first).status is JobStatus.DONE
    process = pdf._press.process
    assert process is not None
    poor = ask_for_paper(database, clock())
    with short_of_memory(process):
        run_jobs(app, raises=False)
    while the_job(database, poor).status is JobStatus.WAITING:  # it died of it, and another was started
        clock.at += timedelta(minutes=3)
        run_jobs(app, raises=False)
    told = the_job(database, poor)
    assert told.tries <= MOST_TRIES
    assert told.status is JobStatus.DONE or any(words in told.failure for words in HELPS), told.failure
    last = ask_for_paper(database, clock())
    run_jobs(app)
    assert the_job(database, last).status is JobStatus.DONE


class Bounded(Trade):
    """The printer of reports, as `ulimit -v` lets it be."""

    most = LITTLE

    @property
    def command(self) -> tuple[str, ...]:
        """How its process is started."""
        return "sh", "-c", f'ulimit -v {self.most // 1024}; exec "$@"', "sh", *super().command


class Sufficient(Bounded):
    """With enough for a report, and less than it would take by itself."""

    most = ENOUGH


def press_of(kind: type[Trade]) -> Press:
    return Press(kind(**{name: getattr(pdf.REPORTS, name) for name in Trade.__dataclass_fields__}))


def test_under_a_limit_of_the_installation_it_is_memory_that_is_told_to_lack_and_no_library():
    press = press_of(Bounded)
    try:
        with pytest.raises(Unavailable) as told:
            press.print(b"{}", within=60)
    finally:
        press.close()
    assert told.value.says in (str(SHORT_OF_MEMORY), str(STOPPED))
    press = press_of(Sufficient)
    try:
        with pytest.raises(Unavailable) as told:
            press.print(b"{}", within=60)  # no report, so that it answers
    finally:
        press.close()
    assert told.value.says == str(pdf.REPORTS.failed)


@contextmanager
def a_worker(installation: Installation) -> Iterator[subprocess.Popen[bytes]]:
    with installation.log.open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "pme.cli", "work"],
            env=installation.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait()


def until(holds: Callable[[], Any]) -> None:
    last = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < last
        time.sleep(0.2)


@pytest.mark.soak
def test_a_worker_that_may_take_no_more_memory_lives_on_and_works_again_once_it_may(tmp_path: Path):
    with running(tmp_path) as installation, a_worker(installation) as worker:
        database = installation.database()
        first = ask_for_paper(database, datetime.now(UTC), **DEMO)
        until(lambda: the_job(database, first).is_over)
        assert the_job(database, first).status is JobStatus.DONE
        for press in children_of(worker.pid):
            os.kill(press, 9)  # the next has to be started under the limit
        with short_of_memory(worker.pid, LITTLE):
            poor = ask_for_paper(database, datetime.now(UTC), **DEMO)
            until(lambda: the_job(database, poor).is_over)
        told = the_job(database, poor)
        assert told.status is JobStatus.FAILED
        assert any(words in told.failure for words in HELPS), told.failure
        assert worker.poll() is None, "it lives"
        last = ask_for_paper(database, datetime.now(UTC), **DEMO)
        until(lambda: the_job(database, last).is_over)
        assert the_job(database, last).status is JobStatus.DONE
        database.dispose()


def children_of(process: int) -> list[int]:
    """The processes that it started."""
    told = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(number) for number in told.split()]
