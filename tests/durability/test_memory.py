"""The memory of a web process is flat over half an hour of mixed load: pages, answers, decisions, reports, jobs.

`PME_SOAK_MINUTES` makes it shorter or longer. It may run on a machine where others work: memory counts, not speed.
"""

import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
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

MINUTES = float(os.environ.get("PME_SOAK_MINUTES", "30"))
PAUSE, SAMPLED_EVERY, REPORT_EVERY = 0.02, 5.0, 30.0
"""Seconds."""
WARM = 1 / 6
"""The share of the time in which pages, statements and templates are met for the first time."""
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
    """A browser whose person reads for a moment."""

    def send(self, method: str, path: str, form: Form | None = None) -> Reply:
        """One request."""
        time.sleep(PAUSE)
        return super().send(method, path, form)


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
            status = self._wire.send("GET", page).status
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


@pytest.mark.soak
def test_the_memory_of_a_web_process_stays_flat(installation: Installation):
    stop, until, began = Event(), time.monotonic() + 60 * MINUTES, time.monotonic()
    players = [Player(installation.port, email, stop) for email in installation.add_students(3)]
    evans = {"email": "evans@demo.example", "password": installation.sign_ins()["evans@demo.example"]}
    readers = [Reader(installation.port, evans["email"], evans["password"], stop) for _ in range(2)]
    readers.append(Reader(installation.port, players[0].email, PASSWORD, stop))
    for player in players:
        player._wire = Unhurried(installation.port)
    held: dict[int, list[tuple[float, float]]] = {}
    asked_at, asked = 0.0, 0
    for each in (*players, *readers):
        each.start()
    while (now := time.monotonic()) < until and not any(player.problem for player in players):
        if now - asked_at > REPORT_EVERY:
            ask_for_reports(installation, 1, at=datetime.now(UTC))
            asked_at, asked = now, asked + 1
        for pid in installation.workers():
            held.setdefault(pid, []).append((now - began, megabytes(pid)))
        time.sleep(SAMPLED_EVERY)
    stop.set()
    for each in (*players, *readers):
        each.join(60)
    assert [player.problem for player in players if player.problem] == []
    seen = {status: sum(r.statuses.get(status, 0) for r in readers) for status in range(200, 600)}
    print(
        f"\n{MINUTES:.0f} minutes: {acknowledged_by(players)} acts, {sum(seen.values())} pages, {asked} reports"
    )
    grown = {}
    for pid, samples in held.items():
        mb = [each for _, each in samples]
        if len(samples) < 10:
            continue  # it lived for a moment: it printed, or looked for something
        kind, grown[pid] = name_of(pid), growth_of(samples)
        print(
            f"{kind} {pid}: {mb[0]:.1f} MB at first, {median(mb[len(mb) // 6 : len(mb) // 3]):.1f} warm, "
            f"{median(mb[-len(mb) // 6 :]):.1f} at the end, at most {max(mb):.1f}; slope {grown[pid]:+.1f} MB"
        )
        assert samples[-1][0] > 60 * MINUTES * 0.9, "no process was replaced meanwhile"
        assert max(mb) < MOST, (kind, max(mb))
    assert {status for status, count in seen.items() if count} <= {200, 303, 308, 403, 404}
    assert max(grown.values()) < MOST_GROWTH, grown
    database = installation.database()
    assert set(reports_of(database)) <= {JobStatus.DONE, JobStatus.WAITING, JobStatus.RUNNING}
    assert reports_of(database).get(JobStatus.DONE, 0) > asked / 2
    assert faults(database, players) == []
    database.dispose()
