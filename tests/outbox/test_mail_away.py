"""The mail server refuses, hangs, breaks off, is away for hours: letters wait, nobody else does, and nothing is sent
twice without bound or without being said.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select, update

from pme.config import Settings
from pme.db import Database
from pme.outbox import handing, sending, service
from pme.outbox.models import Letter, LetterState
from pme.outbox.tries import MOST_UNSURE, WAITS_AWAY
from tests.conftest import Visits
from tests.support.cast import email_of
from tests.support.clock import Clock
from tests.support.mail import MailServer, mail_server
from tests.support.people import academy_id_of
from tests.support.work import run_duty

QUICK = 0.2
SOON = WAITS_AWAY[-1] + timedelta(seconds=1)


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    """A mail server that the application knows."""
    own: Settings = app.extensions["pme_settings"]
    with mail_server() as started:
        app.extensions["pme_settings"] = replace(own, mail=started.settings)
        yield started
    app.extensions["pme_settings"] = own


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits for an answer are over at once."""
    monkeypatch.setattr(handing, "SECONDS", QUICK)
    monkeypatch.setattr(handing, "ANSWER_SECONDS", QUICK)


def write(database: Database, clock: Clock, *names: str) -> None:
    with database.writing() as session:
        for name in names:
            service.queue(
                session,
                academy_id=academy_id_of(session),
                person_id=None,
                to=f"{name}@home.example",
                template="invitation",
                values={"called": name, "academy": "Home", "link": "https://x.example/s", "until": clock()},
                language="en",
                at=clock(),
                key=name,
            )


def kept(database: Database) -> list[Letter]:
    with database.session() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


@pytest.mark.database("sqlite")
@pytest.mark.parametrize("trouble", ["hang up", "hang", "421 closed"])
@pytest.mark.usefixtures("impatient")
def test_after_hours_without_a_mail_server_everything_goes_out_once_it_is_back(
    app: Flask, database: Database, clock: Clock, server: MailServer, visit: Visits, trouble: str
):
    server.answers["hello" if trouble.startswith("hang") else "MAIL"] = trouble
    write(database, clock, "adams", "baker", "clarke")
    irving, lund = visit("irving"), visit("lund")
    for _ in range(40):  # five minutes each
        run_duty(app, "letters")
        clock.at += SOON
        if trouble == "hang" and kept(database)[0].tries == 3:
            break
    assert {each.state for each in kept(database)} == {LetterState.WAITING}
    assert {each.unsure for each in kept(database)} == {0}
    irving, lund = visit("irving"), visit("lund")
    for page in (irving.get("/academy/letters"), lund.get("/install/work")):
        assert "The mail server takes no letters just now" in page.words
        assert "everything else works meanwhile" in page.words
    server.answers.clear()
    server.released.set()
    clock.move(minutes=5)
    run_duty(app, "letters")
    run_duty(app, "letters")
    assert sorted(each["To"] for each in server.taken) == [
        "adams@home.example",
        "baker@home.example",
        "clarke@home.example",
    ]
    assert "takes no letters" not in irving.get("/academy/letters").words


def test_a_letter_that_gets_through_calls_all_that_wait_for_the_server(
    app: Flask, database: Database, clock: Clock, server: MailServer
):
    server.answers["hello"] = "hang up"
    write(database, clock, "adams", "baker")
    for _ in range(3):
        run_duty(app, "letters")
        clock.move(minutes=3)
    server.answers.clear()
    before = {each.not_before for each in kept(database)}
    assert min(before) > clock()
    write(database, clock, "clarke")
    run_duty(app, "letters")
    assert [each["To"][:6] for each in server.taken] == ["clarke", "adams@", "baker@"]


@pytest.mark.parametrize("trouble", ["hang up", "hang"])
@pytest.mark.usefixtures("impatient")
def test_a_letter_that_is_taken_without_an_answer_is_said_to_be_unsure_and_sent_three_times_at_most(
    app: Flask, database: Database, clock: Clock, server: MailServer, visit: Visits, trouble: str
):
    server.answers["."] = trouble
    write(database, clock, "adams", "baker")
    run_duty(app, "letters")
    first, second = kept(database)
    assert (first.unsure, second.unsure) == (1, 0), "only one was handed over"
    assert first.problem == sending.MAY_HAVE_ARRIVED
    for _ in range(12):
        clock.at += timedelta(minutes=61)
        run_duty(app, "letters")
    told = [each["Message-ID"] for each in server.taken]
    assert {number: told.count(number) for number in set(told)} == dict.fromkeys(set(told), MOST_UNSURE)
    assert {(each.state, each.unsure) for each in kept(database)} == {(LetterState.FAILED, MOST_UNSURE)}
    page = visit("irving").get(f"/academy/letters/{first.id}")
    assert "It may have arrived. Ask its person" in page.words
    server.answers.clear()
    page.press("Try again")
    run_duty(app, "letters")
    assert kept(database)[0].state is LetterState.SENT


def test_a_worker_that_dies_while_it_hands_a_letter_over_sends_it_three_times_at_most(
    app: Flask, database: Database, clock: Clock, server: MailServer
):
    write(database, clock, "adams", "baker")
    for _ in range(MOST_UNSURE):
        with database.writing() as session:
            adams, _baker = service.claim(session, at=clock(), at_most=9)
        with database.writing() as session:
            assert service.hand_over(session, adams, at=clock())
        clock.at += service.LEASE + timedelta(seconds=1)
    run_duty(app, "letters")
    lost, sent = kept(database)
    assert (lost.state, sent.state) == (LetterState.FAILED, LetterState.SENT)
    assert "given this letter 3 times" in lost.problem


def test_a_worker_that_was_frozen_past_its_lease_sends_none_of_what_another_has_sent(
    app: Flask, database: Database, clock: Clock, server: MailServer, monkeypatch: pytest.MonkeyPatch
):
    write(database, clock, "adams", "baker", "clarke")
    send, sent = sending._sent, []

    def frozen(*given: object) -> object:
        sent.append(given)
        if len(sent) == 1:
            clock.at += service.LEASE + timedelta(seconds=1)
            run_duty(app, "letters")  # another worker, meanwhile
        return send(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(sending, "_sent", frozen)
    run_duty(app, "letters")
    told = [each["To"] for each in server.taken]
    assert sorted(told) == [
        "adams@home.example",
        *[f"{name}@home.example" for name in ("adams", "baker", "clarke")],
    ]
    assert {each.state for each in kept(database)} == {LetterState.SENT}


def test_while_the_mail_server_hangs_nobody_waits_for_it(
    app: Flask, database: Database, clock: Clock, server: MailServer, visit: Visits
):
    server.answers["MAIL"] = "hang"
    write(database, clock, "adams")
    postman = Thread(target=run_duty, args=(app, "letters"))
    postman.start()
    assert server.is_hanging.wait(10)
    asked = visit("nobody").get("/forgotten").submit(email=email_of("adams"))
    assert asked.status == 200
    assert postman.is_alive(), "it was answered meanwhile"
    server.answers.clear()
    server.released.set()
    postman.join()
    clock.at += SOON
    run_duty(app, "letters")
    assert len(server.taken) == 2


def test_a_letter_that_breaks_every_connection_holds_up_the_others_for_a_minute(
    app: Flask, database: Database, clock: Clock, server: MailServer
):
    server.answers["adams@home.example"] = "hang up"
    write(database, clock, "adams", "baker", "clarke")
    run_duty(app, "letters")
    assert server.taken == []
    clock.at += WAITS_AWAY[0]
    with database.writing() as session:
        session.execute(
            update(Letter).where(Letter.address.like("adams%")).values(not_before=clock.at + SOON)
        )
    run_duty(app, "letters")
    assert len(server.taken) == 2
