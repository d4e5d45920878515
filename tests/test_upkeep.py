"""What the server does by itself: attempts whose time is over are handed in, by one worker, as long as one lives."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from pme.assessment.models import Attempt, AttemptStatus
from pme.authoring import previews
from pme.authoring.models_preview import PreviewState
from pme.authoring.trial import Trial
from pme.config import ROOT
from pme.content.catalogue import current
from pme.db import Database
from pme.enrolment.models import Enrolment
from pme.invigilation import begin_task
from pme.upkeep import Upkeep
from tests.support.timed import publish_timed, the_attempt

PATIENCE = 90.0
SERVED = "from pme.upkeep import serving; import time; serving(); time.sleep(30)"


def until(holds: Callable[[], bool]) -> bool:
    """Whether it holds before long."""
    ends = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > ends:
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def overdue(database: Database) -> Callable[[], None]:
    """Lets an attempt be over since a minute, be it a new one or the same again."""
    publish_timed(database)
    at = datetime.now(UTC)

    def make() -> None:
        with database.writing() as session:
            catalogue = current(session)
            enrolment = session.scalars(select(Enrolment).where(Enrolment.course == "core").limit(1)).one()
            begin_task(
                session,
                lambda: catalogue,
                enrolment,
                catalogue.quizzes_by_slug["check"],
                module="basics",
                at=at,
            )
            session.execute(update(Attempt).values(ends_at=at - timedelta(minutes=1)))

    return make


def is_done(database: Database) -> Callable[[], bool]:
    return lambda: the_attempt(database).status is AttemptStatus.FINISHED


def test_what_is_overdue_is_handed_in_at_the_start(
    database: Database, tmp_path: Path, overdue: Callable[[], None]
):
    overdue()
    upkeep = Upkeep(database, tmp_path / "lock", every=60)
    upkeep.start()
    assert until(is_done(database))
    upkeep.end()
    assert the_attempt(database).handed_in_at == the_attempt(database).ends_at


def test_one_works_and_the_other_stands_by_until_it_is_gone(
    database: Database, tmp_path: Path, overdue: Callable[[], None]
):
    first, second = (Upkeep(database, tmp_path / "lock", every=every) for every in (600, 0.05))
    first.start()
    time.sleep(0.2)
    second.start()
    overdue()
    time.sleep(0.5)
    assert not is_done(database)(), "the first has the lock and is not due yet"
    first.end()
    assert until(is_done(database))
    second.end()


class Beside:
    """Stands in for the worker beside the server, and notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def ensure(self) -> None:
        self.told.append("work")

    def end(self) -> None:
        self.told.append("end")


def test_a_worker_is_kept_beside_the_server_by_the_one_that_has_the_lock(database: Database, tmp_path: Path):
    first, second = Beside(), Beside()
    works = Upkeep(database, tmp_path / "lock", every=0.02, companion=first)  # type: ignore[arg-type]
    stands_by = Upkeep(database, tmp_path / "lock", every=0.02, companion=second)  # type: ignore[arg-type]
    works.start()
    assert until(lambda: len(first.told) > 1)
    stands_by.start()
    works.end()
    assert first.told[-1] == "end"
    assert until(lambda: "work" in second.told)
    stands_by.end()


def test_a_database_that_is_away_is_waited_for(
    database: Database, tmp_path: Path, overdue: Callable[[], None], capsys: pytest.CaptureFixture[str]
):
    overdue()
    away = Database(f"sqlite:///{tmp_path / 'nothing' / 'here.sqlite'}")
    upkeep = Upkeep(away, tmp_path / "lock", every=0.02)
    upkeep.start()
    time.sleep(0.3)
    upkeep._database = database
    assert until(is_done(database))
    upkeep.end()
    away.dispose()
    assert "upkeep failed" in capsys.readouterr().err


def test_a_server_does_it_by_itself(
    database: Database, environment: dict[str, str], tmp_path: Path, overdue: Callable[[], None]
):
    overdue()
    mine = environment | {"PME_INSTANCE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen([sys.executable, "-c", SERVED], env=mine, cwd=ROOT) as server:
        done = until(is_done(database))
        server.kill()
    assert done


def test_previews_that_nobody_uses_any_more_are_forgotten(database: Database, tmp_path: Path):
    def left() -> list[str]:
        with database.session() as session:
            return list(session.scalars(select(PreviewState.owner)))

    at = datetime.now(UTC)
    with database.writing() as session:
        previews.keep(session, "person 1, published", Trial(), at=at - previews.KEPT)
        previews.keep(session, "person 2, published", Trial(), at=at)
    upkeep = Upkeep(database, tmp_path / "lock")
    upkeep.start()
    assert until(lambda: left() == ["person 2, published"])
    upkeep.end()


@pytest.mark.database("sqlite")
def test_sqlite_counts_what_has_grown_and_looks_up_the_rarer_thing_first(database: Database, tmp_path: Path):
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT"
    with database.writing() as session:
        session.execute(text("CREATE TABLE act (academy INTEGER, who INTEGER, what INTEGER, number INTEGER)"))
        session.execute(text(f"INSERT INTO act {numbers} 1, i / 6, i, 1 FROM n"))
        session.execute(text("CREATE UNIQUE INDEX by_who ON act (who, what, number)"))
        session.execute(text("CREATE INDEX by_academy ON act (academy)"))
    upkeep = Upkeep(database, tmp_path / "upkeep.lock", every=0.05)
    upkeep.start()
    try:
        assert until(lambda: "by_who" in plan_of(database))
    finally:
        upkeep.end()


def plan_of(database: Database) -> str:
    """How SQLite finds the acts of somebody at an academy."""
    asked = text("EXPLAIN QUERY PLAN SELECT max(number) FROM act WHERE who = 7 AND academy = 1")
    with database.session() as session:
        return str(session.execute(asked).all())
