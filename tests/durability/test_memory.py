"""The memory of a web process is flat over half an hour of mixed load: pages, answers, decisions, reports, jobs.

`PME_SOAK_MINUTES` makes it shorter or longer. It may run on a machine where others work: memory counts, not speed.
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import cycle
from pathlib import Path
from statistics import linear_regression, median
from threading import Event, Thread

import pytest

from pme.jobs.models import JobStatus
from tests.durability.cluster import ask_for_reports, reports_of
from tests.durability.installation import COURSE, MODULE, PASSWORD, Installation
from tests.durability.player import TOKEN, Form, Player, Reply, Wire
from tests.durability.test_kill import acknowledged_by, new_postgres_database
from tests.durability.truth import faults

Held = dict[int, list[tuple[float, float]]]
"""What each process held: seconds after the start, megabytes."""
MINUTES = float(os.environ.get("PME_SOAK_MINUTES", "30"))
PAUSE, SAMPLED_EVERY, REPORT_EVERY = 0.5, 5.0, 30.0
"""Seconds."""
WARM = 1 / 6
"""The share of the time in which pages, statements and templates are met for the first time."""
ENOUGH = 10
"""Samples of a process that is worth looking at."""
MOST_GROWTH = 8.0
"""MB that a process may seem to grow by in all the time after that."""
MOST = 250.0
"""MB that a web process may take under load."""
PAGES = (
    "/academy",
    "/academy/people",
    "/academy/reports",
    "/academy/reports/progress",
    "/academy/reports/completions",
    "/academy/courses",
    "/academy/jobs",
    "/academy/letters",
    "/academy/audit",
    f"/learn/{COURSE}",
    f"/learn/{COURSE}/{MODULE}",
    "/account",
    "/",
    "/no-such-page",
)


class Unhurried(Wire):
    """A browser whose person reads for a moment, and waits or tries again where the machine is busy with others."""

    patience = 150.0

    def send(self, method: str, path: str, form: Form | None = None) -> Reply:
        """One request."""
        while True:
            time.sleep(PAUSE)
            reply = super().send(method, path, form)
            if reply.status != HTTPStatus.SERVICE_UNAVAILABLE:
                return reply


class Reader(Thread):
    """Somebody who only looks, page after page."""

    def __init__(self, port: int, email: str, password: str, stop: Event) -> None:
        super().__init__(name=email, daemon=True)
        self._wire, self._stop_reading = Unhurried(port), stop
        self._sign_in: Form = {"email": email, "password": password}
        self.statuses: dict[int, int] = {}

    def run(self) -> None:
        token = TOKEN.search(self._wire.send("GET", "/sign-in").text)
        assert token is not None
        self._wire.send("POST", "/sign-in", self._sign_in | {"csrf_token": token[1]})
        for page in cycle(PAGES):
            if self._stop_reading.is_set():
                return
            try:
                status = self._wire.send("GET", page).status
            except OSError:
                continue
            self.statuses[status] = self.statuses.get(status, 0) + 1


def megabytes(pid: int) -> float:
    """What a process holds of its own."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"RssAnon:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0


def name_of(pid: int) -> str:
    """What kind of process it is: the web's or the worker's."""
    return "worker" if b"\0work\0" in Path(f"/proc/{pid}/cmdline").read_bytes() else "web"


def growth_of(samples: list[tuple[float, float]]) -> float:
    """MB by which a process grew, by the straight line through its samples after it was warm."""
    last = samples[-1][0]
    warm = [(at, held) for at, held in samples if at > last * WARM]
    slope, _ = linear_regression([at for at, _ in warm], [held for _, held in warm])
    return slope * (last - warm[0][0])


@pytest.fixture(params=["sqlite", "postgresql"])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """One that is started with its worker, and gone at the end."""
    url = None if request.param == "sqlite" else new_postgres_database("memory")
    started = Installation(tmp_path, url)
    started.environment["PME_WORKER"] = "on"
    try:
        started.start()
        yield started
    finally:
        started.kill_all()


def told(held: Held) -> dict[str, float]:
    """By how much each process grew that lived for long; prints its figures."""
    grown = {}
    for pid, samples in held.items():
        if len(samples) < ENOUGH:
            continue  # it lived for a moment: it printed, or looked for something
        mb = [each for _, each in samples]
        part = len(mb) // 6
        name = f"{name_of(pid)} {pid}"
        grown[name] = growth_of(samples)
        print(
            f"{name}, {samples[-1][0] / 60:.0f} minutes: {mb[0]:.1f} MB at first, {median(mb[part : 2 * part]):.1f} "
            f"warm, {median(mb[-part:]):.1f} at the end, {max(mb):.1f} at most; grew by {grown[name]:+.1f} MB"
        )
        assert max(mb) < MOST, name
    return grown


def measure(
    installation: Installation, threads: list[Player | Reader], stop: Event
) -> dict[int, list[tuple[float, float]]]:
    """What each process holds, every few seconds, while everybody is at it and reports are asked for."""
    held: Held = {}
    began, asked_at = time.monotonic(), 0.0
    for each in threads:
        each.start()
    while (now := time.monotonic()) < began + 60 * MINUTES and all(each.is_alive() for each in threads):
        if now - asked_at > REPORT_EVERY:
            ask_for_reports(installation, 1, at=datetime.now(UTC))
            asked_at = now
        for pid in installation.workers():
            with suppress(OSError):  # it was there for a moment
                held.setdefault(pid, []).append((now - began, megabytes(pid)))
        time.sleep(SAMPLED_EVERY)
    stop.set()
    for each in threads:
        each.join(200)
    return held


@pytest.mark.soak
def test_the_memory_of_a_web_process_stays_flat(installation: Installation):
    stop = Event()
    players = [Player(installation.port, email, stop) for email in installation.add_students(3)]
    for player in players:
        player._wire = Unhurried(installation.port)
    evans = "evans@demo.example"
    people = [(evans, installation.sign_ins()[evans])] * 2 + [(players[0].email, PASSWORD)]
    readers = [Reader(installation.port, email, password, stop) for email, password in people]
    held = measure(installation, [*players, *readers], stop)
    pages = sum(sum(reader.statuses.values()) for reader in readers)
    database = installation.database()
    reports = reports_of(database)
    print(
        f"\n{acknowledged_by(players)} acts, {pages} pages looked at, {reports.get(JobStatus.DONE, 0)} reports"
    )
    grown = told(held)
    assert [player.problem for player in players if player.problem] == []
    assert {status for reader in readers for status in reader.statuses} <= {200, 303, 308, 403, 404}
    lasted = [samples[-1][0] for samples in held.values() if len(samples) >= ENOUGH]
    assert min(lasted) > 60 * MINUTES * 0.9, "none was replaced meanwhile"
    assert max(grown.values()) < MOST_GROWTH
    assert set(reports) <= {JobStatus.DONE, JobStatus.WAITING, JobStatus.RUNNING}
    assert reports[JobStatus.DONE] > 0
    assert faults(database, players) == []
    database.dispose()
