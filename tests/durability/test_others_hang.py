"""Servers of others that hang: a record store or a mail server that takes the call and never answers, a name that
nobody knows any more. Whoever waits for one holds up nobody else, and all goes on once it is back.
"""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pme.config import Settings
from pme.db import Database
from pme.jobs import registry, worker
from pme.jobs.duties import lines
from pme.jobs.models import Job, JobStatus
from pme.jobs.worker import Worker
from pme.outbox.models import Letter, LetterState
from pme.people.models import Academy, Person
from pme.xapi.models import Lrs
from pme.xapi.queries import standing_of
from pme.xapi.service import Wanted, connect
from tests.conftest import Visits
from tests.durability.test_faults import begun
from tests.durability.test_more_faults import ask_for_report, server, write_letter
from tests.support.cast import START, email_of
from tests.support.clock import Clock
from tests.support.graduates import graduate
from tests.support.lrs import PASSWORD, USER, SmallLrs, small_lrs
from tests.support.mail import MailServer
from tests.support.work import run_duty

__all__ = ["server"]
DUTY = "xapi statements"
WITHIN = 60.0
"""Seconds; the machine may be busy."""


@pytest.fixture
def lrs(app: Flask, database: Database, clock: Clock) -> Iterator[SmallLrs]:
    """A record store that Adams's academy tells what Adams did."""
    clock.at = START + timedelta(days=1)
    with small_lrs() as lrs:
        with database.writing() as session:
            graduate(session, "adams", at=START)
            academy = session.scalars(select(Academy).where(Academy.slug == "home")).one()
            evans = session.scalars(select(Person.id).where(Person.email == email_of("evans"))).one()
            settings = app.extensions["pme_settings"]
            connect(
                session,
                academy,
                Wanted(lrs.address, USER, PASSWORD, names_certificates=False),
                settings,
                by_id=evans,
                at=clock.at,
            )
        yield lrs


def until(holds: Callable[[], Any], what: str) -> None:
    """Look until it holds."""
    last = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < last, what
        time.sleep(0.02)


@contextmanager
def working(app: Flask, database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One worker that looks often."""
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.05)
    runs = Worker(database, app.extensions["pme_settings"], clock)
    thread = Thread(target=runs.run)
    thread.start()
    try:
        yield
    finally:
        runs.end()
        thread.join(WITHIN)


def status_of(database: Database, job_id: int) -> JobStatus:
    with database.session() as session:
        return session.get_one(Job, job_id).status


def failures(database: Database) -> int:
    with database.session() as session:
        return session.scalars(select(Lrs.failures)).one()


def waiting(database: Database) -> int:
    """How many statements wait."""
    with database.session() as session:
        academy = session.scalars(select(Lrs.academy_id)).one()
        return standing_of(session, academy).waiting


def test_what_talks_to_others_stands_in_a_line_of_its_own():
    registry.load()
    assert lines() == ["", "lrs", "mail"]


@pytest.mark.database("sqlite")
def test_while_a_record_store_hangs_one_worker_sends_letters_does_its_jobs_and_tries_it_later(
    app: Flask,
    database: Database,
    clock: Clock,
    lrs: SmallLrs,
    server: MailServer,
    visit: Visits,
    monkeypatch: pytest.MonkeyPatch,
):
    lrs.trouble = lambda _statements: (0, "")
    with working(app, database, clock, monkeypatch):
        assert lrs.is_hanging.wait(WITHIN)
        clock.move(seconds=20)  # letters are due again
        write_letter(database, clock)
        job = ask_for_report(database, clock)
        until(lambda: server.taken, "no letter went out")
        until(lambda: status_of(database, job) is JobStatus.DONE, "no job was done")
        begun(visit("adams"))
        assert failures(database) == 0, "all of that while it hangs"
        assert len(lrs.batches) == 1, "one call, however many look"
        lrs.released.set()
        until(lambda: failures(database) == 1, "it is not noted")
    assert waiting(database) > 0, "nothing is lost"
    asked = len(lrs.asked)
    run_duty(app, DUTY)
    assert len(lrs.asked) == asked, "it is left alone for a while"
    lrs.trouble = lambda _statements: None
    clock.move(minutes=2)
    run_duty(app, DUTY)
    assert (waiting(database), failures(database)) == (0, 0)


@pytest.mark.database("sqlite")
def test_while_the_mail_server_hangs_statements_are_told_and_jobs_are_done(
    app: Flask,
    database: Database,
    clock: Clock,
    lrs: SmallLrs,
    server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
):
    server.answers["hello"] = "hang"
    write_letter(database, clock)
    gate = Event()
    lrs.trouble = lambda _statements: None if gate.is_set() else (503, "not yet")
    with working(app, database, clock, monkeypatch):
        assert server.is_hanging.wait(WITHIN)
        gate.set()
        clock.move(minutes=5)
        job = ask_for_report(database, clock)
        until(lambda: waiting(database) == 0 and lrs.kept, "no statement was told")
        until(lambda: status_of(database, job) is JobStatus.DONE, "no job was done")
        assert server.connections == 1, "all of that while it hangs"
        server.answers.clear()
        server.released.set()
        until(lambda: (clock.move(minutes=6), server.taken)[1], "the letter did not go out")


@pytest.mark.database("sqlite")
def test_where_nobody_knows_the_name_of_the_mail_server_letters_wait_and_it_is_said_what_to_look_at(
    app: Flask,
    database: Database,
    clock: Clock,
    server: MailServer,
    visit: Visits,
    monkeypatch: pytest.MonkeyPatch,
):
    own: Settings = app.extensions["pme_settings"]
    asked = socket.getaddrinfo

    def nobody_knows(host: Any, *more: Any, **how: Any) -> Any:
        if host == "mail.home.example":
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return asked(host, *more, **how)

    monkeypatch.setattr(socket, "getaddrinfo", nobody_knows)
    app.extensions["pme_settings"] = replace(own, mail=replace(server.settings, host="mail.home.example"))
    write_letter(database, clock)
    for _ in range(3):
        run_duty(app, "letters")
        clock.move(minutes=6)
    with database.session() as session:
        kept = session.scalars(select(Letter)).one()
    assert kept.state is LetterState.WAITING
    page = visit("irving").get("/academy/letters")
    assert "The mail server takes no letters just now" in page.words
    assert "The name of the mail server, mail.home.example, is not known just now" in kept.problem
    assert "PME_SMTP_HOST" in kept.problem
    app.extensions["pme_settings"] = own
    run_duty(app, "letters")
    assert len(server.taken) == 1
