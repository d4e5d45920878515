"""The disk under a running server becomes read-only, or slow, while students answer: what is said to be saved is saved,
everybody else is told, and all goes on within seconds, without a restart.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pme.jobs.models import JobStatus
from tests.durability.cluster import ask_for_reports, reports_of
from tests.durability.faulty import NO_COMPILER, FaultyDisk, faulty_disk, has_compiler
from tests.durability.installation import ROOT, Installation
from tests.durability.machine import BUSY, KNOWN, goes_on, playing
from tests.durability.test_faults import AWAY
from tests.durability.test_kill import acknowledged_by, new_postgres_database

pytestmark = [pytest.mark.soak, pytest.mark.skipif(not has_compiler(), reason=NO_COMPILER)]
LASTS = 8.0
SLOW = 3.0
REPORTS = 2
DONE_WITHIN = 90.0
"""Seconds: a job looks every thirty whether its disk takes something again, and the machine may be busy."""


@contextmanager
def served(folder: Path, database_url: str | None = None) -> Iterator[tuple[Installation, FaultyDisk]]:
    """A server whose instance folder is on such a disk."""
    (folder / "made").mkdir()
    installation = Installation(folder / "served", database_url)
    disk = faulty_disk(folder / "made", installation.instance)
    installation.environment |= disk.environment
    try:
        installation.start()
        yield installation, disk
    finally:
        installation.kill_all()


@contextmanager
def a_worker(installation: Installation) -> Iterator[None]:
    """Beside it, on the same disk."""
    with (
        installation.log.open("ab") as log,
        subprocess.Popen(
            [sys.executable, "-m", "pme.cli", "work"],
            env=installation.environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        ) as worker,
    ):
        try:
            yield
            assert worker.poll() is None, "it lives"
        finally:
            worker.kill()


def test_while_the_instance_folder_is_read_only_nothing_is_said_to_be_saved_and_then_it_is_again(
    tmp_path: Path,
):
    with served(tmp_path) as (installation, disk), playing(installation) as (players, wires):
        with disk.read_only():
            time.sleep(1)  # what was under way is over
            before = acknowledged_by(players)
            time.sleep(LASTS)
            assert acknowledged_by(players) == before, "nobody is told of what is not on the disk"
        mended = time.monotonic()
        goes_on(players, installation, since=mended)
        assert any(wire.said[AWAY] for wire in wires), "whoever sent something was told why"


def test_with_the_records_elsewhere_a_read_only_folder_holds_up_files_only(tmp_path: Path):
    with (
        served(tmp_path, new_postgres_database("read_only")) as (installation, disk),
        a_worker(installation),
        playing(installation) as (players, wires),
    ):
        database = installation.database()
        with disk.read_only():
            ask_for_reports(installation, REPORTS, at=datetime.now(UTC))
            before = acknowledged_by(players)
            time.sleep(LASTS)
            assert acknowledged_by(players) > before, "answers go on"
            assert not any(wire.said for wire in wires), "and nobody hears of it"
            assert set(reports_of(database)) <= {JobStatus.WAITING, JobStatus.RUNNING}
        until = time.monotonic() + DONE_WITHIN
        while reports_of(database) != {JobStatus.DONE: REPORTS}:
            assert time.monotonic() < until, reports_of(database)
            time.sleep(0.2)
        database.dispose()


def test_on_a_disk_that_takes_seconds_answers_are_slow_and_true(tmp_path: Path):
    with served(tmp_path) as (installation, disk), playing(installation) as (players, wires):
        with disk.slow(SLOW):
            before = acknowledged_by(players)
            time.sleep(3 * LASTS)
            meanwhile = acknowledged_by(players) - before
        goes_on(players, installation, since=time.monotonic())
        assert 0 < meanwhile < 3 * LASTS / SLOW + len(players) * installation_workers(installation)
        assert all(set(wire.said) <= {BUSY} for wire in wires), KNOWN


def installation_workers(installation: Installation) -> int:
    """How many processes may each have had one answer on its way."""
    return len(installation.workers())
