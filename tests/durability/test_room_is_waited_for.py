"""No room, no more files to open, no log: what works in the background waits for it, however long, and goes on by
itself; nothing that was to be made is lost meanwhile.
"""

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from pme.db import Database
from pme.jobs import registry, worker
from pme.jobs.models import Job, JobStatus
from pme.jobs.tries import MOST_TRIES, WHILE_AWAY
from pme.jobs.worker import Worker
from pme.upkeep import Upkeep
from tests.conftest import Visits
from tests.durability.test_more_faults import ask_for_report
from tests.support.clock import Clock
from tests.support.work import run_jobs

pytestmark = pytest.mark.database("sqlite")
PATIENCE = 30.0


def failing(number: int, kind: type[OSError] = OSError) -> Callable[..., None]:
    def fail(*_given: object, **_more: object) -> None:
        raise kind(number, os.strerror(number))

    return fail


def the_job(database: Database) -> Job:
    with database.session() as session:
        return session.scalars(select(Job)).one()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EMFILE])
def test_a_job_waits_for_room_as_long_as_it_takes_and_is_not_given_up(
    app: Flask, database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch, number: int
):
    ask_for_report(database, clock)
    with monkeypatch.context() as patched:
        patched.setitem(registry.HANDLERS, "report-export", failing(number))
        for _ in range(MOST_TRIES + 2):
            run_jobs(app)
            clock.at += WHILE_AWAY
            assert the_job(database).status is JobStatus.WAITING
    run_jobs(app)
    assert the_job(database).status is JobStatus.DONE
    assert the_job(database).tries == 1


def test_a_job_that_takes_too_much_memory_is_tried_again_and_given_up(
    app: Flask, database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    def take_too_much(_work: object) -> None:
        raise MemoryError

    ask_for_report(database, clock)
    monkeypatch.setitem(registry.HANDLERS, "report-export", take_too_much)
    for _ in range(MOST_TRIES):
        assert the_job(database).status is JobStatus.WAITING
        run_jobs(app, raises=False)
        clock.at += timedelta(minutes=3)
    given_up = the_job(database)
    assert given_up.status is JobStatus.FAILED
    assert "No change was left half done" in given_up.failure


def test_a_worker_whose_duties_break_off_takes_them_up_again(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
):
    again, troubles = Event(), [failing(errno.EMFILE), failing(errno.EIO)]

    def do(_given: object, *, line: str) -> int:
        try:
            trouble = troubles.pop()  # whichever line comes first
        except IndexError:
            again.set()
            return len(line)
        trouble()
        return 0

    monkeypatch.setattr(worker, "do_due", do)
    monkeypatch.setattr(worker, "WHEN_AWAY", 0.01)
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.01)
    working = Worker(database, app.extensions["pme_settings"], lambda: datetime.now(UTC))
    runs = Thread(target=working.run)
    runs.start()
    try:
        assert again.wait(PATIENCE)
    finally:
        working.end()
        runs.join()


def test_upkeep_that_cannot_begin_or_go_on_tries_again(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    began, closed = Event(), Event()
    monkeypatch.setattr("pme.upkeep.AGAIN", 0.01)

    class NoWorker:
        """A worker that cannot be started."""

        def ensure(self) -> None:
            began.set()
            failing(errno.ENOMEM)()

        def end(self) -> None:
            """Nothing runs."""

    monkeypatch.setattr("pme.invigilation.close_overdue", lambda *_given, **_more: closed.set())
    folder = tmp_path / "not-there-yet"
    upkeep = Upkeep(database, folder / "lock", every=60, companion=NoWorker())  # type: ignore[arg-type]
    upkeep.start()
    try:
        assert not began.wait(0.1)
        folder.mkdir()
        assert began.wait(PATIENCE)
        assert closed.wait(PATIENCE), "what is overdue is handed in all the same"
    finally:
        upkeep.end()


def test_where_not_even_a_page_can_be_opened_its_words_are_said(
    visit: Visits, monkeypatch: pytest.MonkeyPatch
):
    adams = visit("adams")
    monkeypatch.setattr("pme.web.errors.render_template", failing(errno.EMFILE))
    reply = adams.fetch("/nowhere")
    assert reply.status_code == 404
    assert "There is nothing at this address" in reply.get_data(as_text=True)
