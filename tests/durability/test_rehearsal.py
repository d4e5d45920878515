"""Three servers, two workers, PostgreSQL and a balancer: killed, rolled and migrated while students answer."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event

import pytest
from sqlalchemy import text

from pme import schema
from pme.config import ROOT
from pme.db import Database
from pme.jobs.models import JobStatus
from tests.durability.cluster import PREPARED, Cluster
from tests.durability.player import Player
from tests.durability.test_kill import acknowledged_by, new_postgres_database, wait_for_acts
from tests.durability.truth import faults

STUDENTS, REPORTS = 3, 6
KILLS, MANY_KILLS = 2, 40
LEASES = 260.0
"""Seconds in which a job whose worker was killed is surely done by another: its lease is two minutes."""
NEXT = '''"""Add a column as a next version would."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "9000", "{head}"
branch_labels = depends_on = None


def upgrade() -> None:
    """Add it."""
    op.add_column("attempt", sa.Column("rehearsed", sa.String(10), server_default="yes"))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("attempt", "rehearsed")
'''


@contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """A cluster that is started, and gone at the end."""
    cluster = Cluster(folder, new_postgres_database("rehearsal"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def migrate_further(folder: Path, monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    """Bring the schema to a version that the running code does not know."""
    shutil.copytree(ROOT / "migrations", folder / "migrations")
    new = folder / "migrations" / "versions" / "9000_rehearsed.py"
    new.write_text(NEXT.format(head=schema.newest()), encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr("pme.schema.ROOT", folder)
        schema.upgrade(database)


def rehearse(folder: Path, monkeypatch: pytest.MonkeyPatch, *, kills: int) -> None:
    """Everything that happens to an installation of many processes, while students answer."""
    with running(folder) as cluster:
        assert cluster.balancer is not None
        stop, dice = Event(), Random(2026)
        emails = cluster.first.add_students(STUDENTS)
        players = [Player(cluster.balancer.port, email, stop) for email in emails]
        database = cluster.first.database()
        try:
            for player in players:
                player.start()
            wait_for_acts(players, STUDENTS)
            cluster.ask_for_reports(REPORTS)
            for number in range(kills):
                server = cluster.servers[number % len(cluster.servers)]
                server.kill_all()
                if kills > KILLS:
                    cluster.kill_a_worker(number % 2)
                wait_for_acts(players, STUDENTS)
                server.start(PREPARED)
                time.sleep(dice.uniform(0, 0.5))
            in_flight = kills * STUDENTS
            assert broken(players) <= in_flight
            before = broken(players)
            migrate_further(folder / "next", monkeypatch, database)
            wait_for_acts(players, STUDENTS)
            cluster.roll()
            wait_for_acts(players, STUDENTS)
            assert broken(players) == before, "a migration and a rolling restart break nothing"
            stop.set()
            for player in players:
                player.join(timeout=90)
            print(f"{acknowledged_by(players)} acts acknowledged, {before} broken by {kills} kills")
            assert [player.problem for player in players if player.problem] == []
            assert faults(database, players) == []
            assert cluster.wait_for_reports(within=LEASES) == {JobStatus.DONE: REPORTS}
            with database.session() as session:
                assert session.scalar(text("SELECT count(*) FROM attempt WHERE rehearsed = 'yes'"))
        finally:
            stop.set()
            database.dispose()


def broken(players: list[Player]) -> int:
    """How many requests came back without an answer: they were with a server when it was killed."""
    return sum(player.broken for player in players)


@pytest.mark.soak
@pytest.mark.database("postgresql")
def test_a_rolling_upgrade_of_many_processes_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    rehearse(tmp_path, monkeypatch, kills=KILLS)


@pytest.mark.soak
def test_many_processes_are_killed_for_a_long_time_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    rehearse(tmp_path, monkeypatch, kills=MANY_KILLS)
