"""Three servers, two workers, PgBouncer, PostgreSQL and a balancer, while students answer: frozen, crashed, cut off.

`test_rehearsal.py` kills and rolls; here nobody dies who could be told of it. PostgreSQL crashes as with the power,
the pooler is killed, a server hangs with what it holds, a worker dies or hangs in the middle of a job. Times are
measured against how long the same takes while nothing is wrong, since the machine may be busy.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest
from sqlalchemy import select

from pme.db import Database
from pme.jobs.models import Job, JobStatus
from tests.durability import balancer
from tests.durability.cluster import PREPARED, Cluster
from tests.durability.player import Form, Player, Reply, Wire
from tests.durability.test_kill import acknowledged_by
from tests.durability.truth import faults
from tests.support.engines import POOLER, OwnPooler, OwnPostgres, has_pooler

STUDENTS, ROUNDS = 4, 2
LIMITS = {"PME_LOCK_SECONDS": "2", "PME_SILENCE_SECONDS": "3", "PME_STATEMENT_SECONDS": "20"}
FROZEN = 8.0
"""Seconds: long enough for PostgreSQL to take back what a frozen server was about to save."""
PATIENCE = 150.0
BACK_WITHIN, SLOWER = 10.0, 5
"""Seconds in which a server must answer again once what it stands on is there; each second that it usually takes
for an answer adds so many."""
LEASES = 600.0
TRIES = 100


class Patient(Wire):
    """A browser whose person waits, and sends the same again where the page asks to."""

    patience = PATIENCE
    refused = 0

    def send(self, method: str, path: str, form: Form | None = None) -> Reply:
        """One request."""
        until = time.monotonic() + PATIENCE
        while True:
            reply = super().send(method, path, form)
            if reply.status != 503 or time.monotonic() > until:
                return reply
            self.refused += 1
            time.sleep(0.2)


@dataclass
class Scene:
    """What there is, and who is at it."""

    postgres: OwnPostgres
    pooler: OwnPooler
    cluster: Cluster
    players: list[Player]
    database: Database
    reports: int = 0

    def go_on(self, acts: int = STUDENTS) -> None:
        """So much gets done."""
        wanted, until = acknowledged_by(self.players) + acts, time.monotonic() + PATIENCE
        while acknowledged_by(self.players) < wanted:
            assert time.monotonic() < until, [each.problem for each in self.players]
            time.sleep(0.05)

    def ask(self, number: int) -> None:
        """Ask for reports."""
        self.cluster.ask_for_reports(number)
        self.reports += number

    def come_back(self, began: float, usual: float) -> None:
        """Every server answers again by itself."""
        for server in self.cluster.servers:
            while not server.answers():
                assert time.monotonic() < began + BACK_WITHIN + SLOWER * usual, "it did not come back in time"
        print(f"back after {time.monotonic() - began:.1f} s (an answer usually takes {usual:.2f} s)")

    def statuses(self) -> dict[int, JobStatus]:
        """Every report, by its number."""
        with self.database.session() as session:
            rows = session.execute(select(Job.id, Job.status).where(Job.kind == "report-export"))
            return {job: status for job, status in rows.all()}  # noqa: C416 (rows are not pairs to the type checker)


@contextmanager
def scene(folder: Path, engines: Path) -> Iterator[Scene]:
    for name in ("postgres", "pooler"):
        (engines / name).mkdir()
    postgres = OwnPostgres(engines / "postgres")
    stop = Event()
    try:
        url = postgres.make("rehearsal")
        pooler = OwnPooler(engines / "pooler", postgres)
        cluster = Cluster(folder, url)
        database = cluster.first.database()
        try:
            port = cluster.start_through(postgres.url("rehearsal", port=pooler.port), **LIMITS)
            players = [Player(port, email, stop) for email in cluster.first.add_students(STUDENTS)]
            for player in players:
                player._wire = Patient(port)
                player.start()
            yield Scene(postgres, pooler, cluster, players, database)
            stop.set()
            for player in players:
                player.join(timeout=PATIENCE)
        finally:
            stop.set()
            cluster.stop()
            database.dispose()
            pooler.stop()
    finally:
        postgres.stop()


def usual_time(scene: Scene) -> float:
    """How long an answer takes while nothing is wrong, seconds."""
    began = time.monotonic()
    for server in scene.cluster.servers:
        assert server.answers()
    return (time.monotonic() - began) / len(scene.cluster.servers)


def freeze_a_server(scene: Scene, number: int) -> None:
    """It hangs with what it holds; the others go on."""
    server = scene.cluster.servers[number % len(scene.cluster.servers)]
    server.freeze()
    try:
        began = time.monotonic()
        scene.go_on(1)
        time.sleep(max(0.0, began + FROZEN - time.monotonic()))
    finally:
        server.thaw()
    scene.go_on()


def crash_postgresql(scene: Scene, _number: int) -> None:
    """As with the power: every session is gone, and what was acknowledged is there."""
    usual = usual_time(scene)
    scene.postgres.crash()
    time.sleep(1)
    scene.postgres.start()
    scene.come_back(time.monotonic(), usual)
    scene.go_on()


def kill_the_pooler(scene: Scene, _number: int) -> None:
    usual = usual_time(scene)
    scene.pooler.stop()
    time.sleep(1)
    scene.pooler.start()
    scene.come_back(time.monotonic(), usual)
    scene.go_on()


def everything_at_once(scene: Scene, number: int) -> None:
    """A server is killed, another frozen, the pooler is gone and PostgreSQL crashes."""
    servers = scene.cluster.servers
    dead, frozen = servers[number % 3], servers[(number + 1) % 3]
    usual = usual_time(scene)
    dead.kill_all()
    frozen.freeze()
    scene.pooler.stop()
    scene.postgres.crash()
    time.sleep(1)
    scene.postgres.start()
    scene.pooler.start()
    frozen.thaw()
    dead.start(PREPARED)
    scene.come_back(time.monotonic(), usual)
    scene.go_on()


def hang_and_kill_workers(scene: Scene, _number: int) -> None:
    """Both hang in the middle of a job; one is killed, the other wakes up long after somebody else did its job."""
    job = _in_the_middle(scene)
    begun = _tries(scene, job)
    killed = scene.cluster.workers.pop(0)
    killed.kill()
    killed.wait()
    sleeping = scene.cluster.workers[:]
    for _ in range(2):
        scene.cluster.add_a_worker()
    until = time.monotonic() + LEASES
    while scene.statuses()[job] is not JobStatus.DONE:
        assert time.monotonic() < until, f"nobody took job {job} over: {scene.statuses()[job]}"
        scene.cluster.supervise()
        time.sleep(0.5)
    assert _tries(scene, job) > begun, "by another than began it"
    scene.cluster.thaw_workers()
    for worker in sleeping:
        assert worker.poll() is None
    scene.go_on()


def _tries(scene: Scene, job: int) -> int:
    with scene.database.session() as session:
        return session.get_one(Job, job).tries


def _in_the_middle(scene: Scene) -> int:
    """Freeze the workers while one of them has a job; gives the job."""
    for _ in range(TRIES):
        scene.ask(3)
        until = time.monotonic() + PATIENCE
        while JobStatus.RUNNING not in scene.statuses().values() and time.monotonic() < until:
            scene.cluster.supervise()
        scene.cluster.freeze_workers()
        if running := [job for job, status in scene.statuses().items() if status is JobStatus.RUNNING]:
            return running[0]
        scene.cluster.thaw_workers()
    raise AssertionError("no worker was ever met at work")


FAULTS: tuple[Callable[[Scene, int], None], ...] = (
    freeze_a_server,
    crash_postgresql,
    kill_the_pooler,
    hang_and_kill_workers,
    everything_at_once,
)


@pytest.mark.soak
def test_whatever_hangs_or_crashes_nothing_acknowledged_is_lost_and_all_goes_on_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if not has_pooler():
        pytest.skip(POOLER)
    monkeypatch.setattr(balancer, "SECONDS", PATIENCE)
    with TemporaryDirectory(prefix="pme-engines-") as engines:
        Path(engines).chmod(0o711)
        with scene(tmp_path, Path(engines)) as played:
            played.go_on()
            for number in range(ROUNDS):
                for fault in FAULTS:
                    print(f"\n{fault.__name__}: ", end="")
                    fault(played, number)
                    assert [each.problem for each in played.players if each.problem] == []
            broken = sum(player.broken for player in played.players)
            assert broken <= ROUNDS * STUDENTS, "only those that were with a server when it was killed"
            played.cluster.supervise()
            done = played.cluster.wait_for_reports(within=LEASES)
            assert done == {JobStatus.DONE: played.reports}
            for player in played.players:
                player._stop_playing.set()
            for player in played.players:
                player.join(timeout=PATIENCE)
            assert [player.problem for player in played.players if player.problem] == []
            assert faults(played.database, played.players) == []
            refused = sum(getattr(player._wire, "refused", 0) for player in played.players)
            acts = acknowledged_by(played.players)
            print(f"\n{acts} acts acknowledged, {broken} broken, {refused} asked to try again")
