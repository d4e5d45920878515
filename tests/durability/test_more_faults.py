"""More that breaks: a slow disk, no connection left, no room for a file, a clock put back, two faults at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from pme import db
from pme.config import Settings
from pme.db import Database
from pme.jobs.duties import do_due
from pme.jobs.models import Job, JobStatus
from pme.jobs.registry import Round
from pme.jobs.worker import Worker
from pme.outbox import service as outbox
from pme.quick import Quick
from pme.reports.datasets.filters import Filters
from pme.reports.export import Export, ask
from pme.reports.files.form import Form, Head
from tests.conftest import Visits
from tests.durability.test_faults import begun, each_connection, refused, saved, taken
from tests.support.clock import Clock
from tests.support.mail import MailServer, mail_server
from tests.support.people import academy_id_of, id_of
from tests.support.work import run_jobs


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    """A mail server that the application knows."""
    own: Settings = app.extensions["pme_settings"]
    with mail_server() as started:
        app.extensions["pme_settings"] = replace(own, mail=started.settings)
        yield started
    app.extensions["pme_settings"] = own


def ask_for_report(database: Database, clock: Clock) -> int:
    with database.writing() as session:
        export = Export("progress", Form.CSV, Filters(), "", Head("Home Academy", "home", clock()))
        academy, evans = academy_id_of(session), id_of(session, "evans")
        return ask(session, export, academy_id=academy, person_id=evans, at=clock()).id


def write_letter(database: Database, clock: Clock) -> None:
    with database.writing() as session:
        outbox.queue(
            session,
            academy_id=academy_id_of(session),
            person_id=None,
            to="adams@home.example",
            template="invitation",
            values={"called": "Adams", "academy": "Home", "link": "https://x.example", "until": clock()},
            language="en",
            at=clock(),
            key=f"{clock()}",
        )


@pytest.mark.database("sqlite")
def test_while_the_disk_takes_its_time_one_answer_is_saved_and_the_others_are_told_after_a_bounded_wait(
    visit: Visits, database: Database, app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(db, "BUSY_MILLISECONDS", 300)
    browsers = [visit("adams") for _ in range(4)]
    question = begun(browsers[0])
    slow, written, together = Event(), Event(), Quick.together

    @contextmanager
    def take_time(self: Quick) -> Iterator[None]:
        with together(self):
            yield
            if not slow.is_set():
                slow.set()
                assert written.wait(30)  # the disk has written at last

    def answer(number: int) -> int:
        return browsers[number].send(question, answer="1").status_code

    monkeypatch.setattr(Quick, "together", take_time)
    try:
        with ThreadPoolExecutor(4) as hands:
            first = hands.submit(answer, 0)
            assert slow.wait(30)
            others = [hands.submit(answer, number) for number in (1, 2, 3)]
            assert [each.result(30) for each in others] == [503, 503, 503]
            assert not first.done(), "nobody is told of what is not on the disk"
            assert saved(database) == 0
            assert browsers[1].get("/learn").status == 200, "reading goes on"
            written.set()
            assert first.result(30) == 303
    finally:
        written.set()
    assert saved(database) == 1
    taken(browsers[1], question)


@pytest.mark.database("postgresql")
def test_where_every_connection_stays_in_use_the_others_are_told_after_a_bounded_wait(
    visit: Visits, database: Database, app: Flask, monkeypatch: pytest.MonkeyPatch
):
    adams = visit("adams")
    question = begun(adams)
    own: Database = app.extensions["pme_database"]
    pool: Any = own.engine.pool
    assert pool._timeout == db.BUSY_MILLISECONDS / 1000
    monkeypatch.setattr(pool, "_timeout", 0.05)
    held = [own.engine.connect() for _ in range(pool.size() + pool._max_overflow)]
    try:
        refused(adams, question)
    finally:
        for each in held:
            each.close()
    taken(adams, question)


class Full:
    """A file on a disk without room."""

    def __init__(self, **_: object) -> None:
        self._file = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115

    def write(self, content: bytes) -> int:
        """Fails, as the system does it."""
        return self._file.write(content)

    def close(self) -> None:
        """Let go of it."""
        self._file.close()


@pytest.mark.database("sqlite")
def test_where_there_is_no_room_for_what_is_sent_it_is_said_and_taken_later(
    app: Flask, visit: Visits, monkeypatch: pytest.MonkeyPatch
):
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\n'
    body = head + b"PK" + b"x" * 700_000 + b"\r\n--x--\r\n"
    form = {"data": body, "content_type": "multipart/form-data; boundary=x"}
    with app.test_client().post("/verify-return.json", **form) as reply:
        assert reply.status_code == 200
    made: list[Full] = []

    def full(**about: object) -> Full:
        made.append(Full(**about))
        return made[-1]

    with monkeypatch.context() as patched:
        patched.setattr("werkzeug.formparser.SpooledTemporaryFile", full)
        with app.test_client().post("/verify-return.json", **form) as reply:
            assert reply.status_code == 503
            assert "has no room on its disk just now" in reply.get_data(as_text=True)
            assert reply.headers["Retry-After"] == "10"
        assert visit("nobody").get("/").status == 200
    for each in made:
        each.close()
    with app.test_client().post("/verify-return.json", **form) as reply:
        assert reply.status_code == 200


@pytest.mark.database("sqlite")
def test_a_result_whose_file_is_gone_is_said_to_be_and_another_can_be_asked_for(
    app: Flask, database: Database, clock: Clock, visit: Visits
):
    job_id, evans = ask_for_report(database, clock), visit("evans")
    run_jobs(app)
    for each in (app.extensions["pme_settings"].instance_dir / "jobs").glob(f"{job_id}-*"):
        each.unlink()
    gone = evans.fetch(f"/academy/jobs/{job_id}/result")
    assert gone.status_code == 404
    assert "Ask for it again" in gone.get_data(as_text=True)
    again = ask_for_report(database, clock)
    run_jobs(app)
    assert evans.fetch(f"/academy/jobs/{again}/result", buffered=True).status_code == 200


def test_a_clock_that_is_put_back_by_an_hour_holds_up_nothing(
    app: Flask, database: Database, clock: Clock, server: MailServer
):
    given = Round(database, app.extensions["pme_settings"], clock)
    do_due(given)
    assert do_due(given) == 0
    waiting, left = ask_for_report(database, clock), ask_for_report(database, clock)
    with database.writing() as session:
        job = session.get_one(Job, left)
        job.status, job.lease, job.tries = JobStatus.RUNNING, "dead", 1
        job.leased_until = clock() + timedelta(minutes=2)
    write_letter(database, clock)
    clock.move(minutes=-60)
    assert do_due(given) > 0
    assert len(server.taken) == 1
    assert run_jobs(app) == 2
    with database.session() as session:
        done = select(Job.status).where(Job.id.in_([waiting, left]))
        assert set(session.scalars(done)) == {JobStatus.DONE}
    do_due(given)
    assert do_due(given) == 0, "and nothing is done over and over"
    assert len(server.taken) == 1


@pytest.mark.database("sqlite")
def test_two_faults_at_once_are_got_over_once_both_are_mended(
    app: Flask, database: Database, clock: Clock, visit: Visits, server: MailServer
):
    own: Database = app.extensions["pme_database"]
    adams = visit("adams")
    question = begun(adams)
    write_letter(database, clock)
    server.answers["hello"] = "hang up"
    worker = Worker(own, app.extensions["pme_settings"], clock)
    with each_connection(own, "PRAGMA query_only = ON", "PRAGMA query_only = OFF"):
        refused(adams, question)
        with pytest.raises(SQLAlchemyError):
            worker.drain()
    worker.drain()
    clock.move(minutes=5)
    server.answers.clear()
    worker.drain()
    assert len(server.taken) == 1
    taken(adams, question)
    assert saved(database) == 1
