"""Letters: each is sent once, or says why not; what is secret in one is read by its addressee alone."""

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from pme.config import Settings
from pme.db import Database
from pme.errors import Invalid
from pme.outbox import service
from pme.outbox.dressing import dressed
from pme.outbox.models import Letter, LetterState
from pme.outbox.sending import message_of
from pme.outbox.service import Posted, queue
from pme.outbox.tries import next_try
from pme.outbox.wording import FOLDER, LANGUAGES, opened, worded
from pme.people.models import Person, Personnel
from pme.people.queries import academy_by_slug
from tests.conftest import Visits
from tests.support.cast import HOME, START, email_of
from tests.support.clock import Clock
from tests.support.html import html_validate
from tests.support.mail import MailServer, mail_server
from tests.support.work import run_duty

SECRET = "https://pme.example/activate/s3cret"
VALUES = {"called": "Captain Adams", "academy": "Home Academy", "link": SECRET, "until": START}


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    """A mail server that the application knows."""
    own: Settings = app.extensions["pme_settings"]
    with mail_server() as started:
        app.extensions["pme_settings"] = replace(own, mail=started.settings)
        yield started
    app.extensions["pme_settings"] = own


def write(database: Database, clock: Clock, **more: Any) -> bool:
    with database.writing() as session:
        academy = academy_by_slug(session, HOME)
        assert academy is not None
        about: dict[str, Any] = {
            "academy_id": academy.id,
            "person_id": None,
            "to": "adams@home.example",
            "template": "invitation",
            "values": VALUES,
            "language": "en",
            "at": clock(),
            "key": "one",
        }
        return queue(session, **(about | more))


def kept(database: Database) -> list[Letter]:
    with database.session() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def test_a_letter_is_sent_once_and_its_secret_is_for_its_addressee_alone(
    app: Flask, database: Database, clock: Clock, server: MailServer, visit: Visits
):
    assert write(database, clock)
    assert not write(database, clock)
    page = visit("irving").get("/academy/letters")
    assert "Your account at Home Academy" in page.words
    run_duty(app, "letters")
    run_duty(app, "letters")
    (taken,) = server.taken
    assert taken["To"] == "adams@home.example"
    assert taken["From"] == "Home Academy <pme@home.example>"
    assert taken["Subject"] == "Your account at Home Academy"
    assert taken["Auto-Submitted"] == "auto-generated"
    for kind in ("plain", "html"):
        part = taken.get_body((kind,))
        assert part is not None
        assert SECRET in part.get_content()
    (letter,) = kept(database)
    assert (letter.state, letter.secrets, letter.tries) == (LetterState.SENT, {}, 1)
    assert SECRET not in letter.body
    shown = visit("evans").get(f"/academy/letters/{letter.id}")
    assert "a personal link, for the addressee only" in shown.words
    assert "Sent" in shown.words
    assert visit("frost").fetch(f"/academy/letters/{letter.id}").status_code == 404


def test_it_is_written_in_the_language_of_its_person(database: Database, clock: Clock):
    with database.writing() as session:
        adams = session.scalars(select(Person.id).where(Person.email == email_of("adams"))).one()
        session.execute(update(Person).where(Person.id == adams).values(reading_language="fr"))
    write(database, clock, person_id=adams, language=None, key="a")
    with database.writing() as session:
        session.execute(update(Personnel).where(Personnel.person_id == adams).values(language="en"))
    write(database, clock, person_id=adams, language=None, key="b")
    write(database, clock, language="de", key="c")
    assert [each.language for each in kept(database)] == ["fr", "en", "en"]
    assert "vous invite" in kept(database)[0].body


def test_what_is_rolled_back_is_not_sent(app: Flask, database: Database, clock: Clock, server: MailServer):
    class Changed(Exception):
        """The act failed after all."""

    def act() -> None:
        with database.writing() as session:
            queue(
                session,
                academy_id=None,
                person_id=None,
                to="adams@home.example",
                template="invitation",
                values=VALUES,
                language="en",
                at=clock(),
                key="one",
            )
            raise Changed

    with pytest.raises(Changed):
        act()
    run_duty(app, "letters")
    assert server.taken == []


def test_a_server_that_is_away_is_tried_again_with_growing_waits(
    app: Flask, database: Database, clock: Clock, server: MailServer, visit: Visits
):
    server.answers["MAIL"] = "421 come back later"
    write(database, clock)
    run_duty(app, "letters")
    (letter,) = kept(database)
    assert (letter.state, letter.tries) == (LetterState.WAITING, 1)
    assert "come back later" in letter.problem
    run_duty(app, "letters")
    assert kept(database)[0].tries == 1, "it is not due yet"
    server.answers["MAIL"] = "hang up"
    clock.move(minutes=2)
    run_duty(app, "letters")
    assert kept(database)[0].tries == 2
    assert "come back later" not in visit("irving").get(f"/academy/letters/{letter.id}").words
    server.answers.clear()
    clock.move(minutes=10)
    run_duty(app, "letters")
    assert len(server.taken) == 1
    assert kept(database)[0].state is LetterState.SENT


def test_a_refused_address_is_given_up_at_once_the_others_are_sent_and_it_can_be_tried_again(
    app: Flask, database: Database, clock: Clock, server: MailServer, visit: Visits
):
    server.answers["gone@home.example"] = "550 no such <person>"
    for number, to in enumerate(("gone@home.example", "baker@home.example")):
        write(database, clock, to=to, key=str(number))
    run_duty(app, "letters")
    gone, baker = kept(database)
    assert (gone.state, baker.state) == (LetterState.FAILED, LetterState.SENT)
    assert gone.problem == "The mail server does not take this address: 550 no such <person>"
    assert server.connections == 1
    irving = visit("irving")
    page = irving.get("/academy/letters?state=failed")
    assert "gone@home.example" in page.words
    assert "baker" not in page.words
    server.answers.clear()
    irving.get(f"/academy/letters/{gone.id}").press("Try again")
    run_duty(app, "letters")
    assert len(server.taken) == 2


def test_a_postman_that_died_is_followed_by_another_with_the_same_letter(
    app: Flask, database: Database, clock: Clock, server: MailServer
):
    write(database, clock)
    with database.writing() as session:
        (lost,) = service.claim(session, at=clock(), at_most=9)
    run_duty(app, "letters")
    assert server.taken == []
    clock.at += service.LEASE + timedelta(seconds=1)
    run_duty(app, "letters")
    assert server.taken[0]["Message-ID"] == f"<{lost.sent_id}@home.example>"


def test_a_letter_that_is_deleted_on_its_way_holds_up_no_other(database: Database, clock: Clock):
    write(database, clock)
    with database.writing() as session:
        (lost,) = service.claim(session, at=clock(), at_most=9)
        session.execute(delete(Letter))
    with database.writing() as session:
        service.note_sent(session, lost.id, at=clock())
        service.note_problem(session, lost.id, "no", at=clock(), is_final=True)
    assert kept(database) == []


def test_without_a_mail_server_letters_wait_say_so_and_are_closed_after_their_days(
    app: Flask, database: Database, clock: Clock, visit: Visits
):
    write(database, clock)
    run_duty(app, "letters")
    page = visit("irving").get("/academy/letters")
    assert "no mail server (PME_SMTP_HOST is not set)" in page.words
    letter = visit("irving").get(f"/academy/letters/{kept(database)[0].id}")
    assert "invites you to its courses" in letter.words
    assert SECRET not in letter.text
    run_duty(app, "old letters", at=clock.at + timedelta(days=6))
    assert kept(database)[0].state is LetterState.LATE
    assert "no longer kept" in letter.visit.post(letter.path + "/again").words
    run_duty(app, "old letters", at=clock.at + timedelta(days=100))
    (old,) = kept(database)
    assert (old.body, old.address) == ("", "")
    assert not write(database, clock), "what was written once is not written again"
    assert "What it said is not kept any more" in visit("irving").get(letter.path).words


def test_what_is_no_single_address_is_refused(database: Database, clock: Clock):
    wrong = [
        "",
        "adams",
        "a@b, c@d",
        "a@b\r\nBcc: c@d",
        "A <a@b>",
        "a@b c@d",
        '"a b"@c',
        "a" * 250 + "@b.example",
    ]
    for to in wrong:
        with pytest.raises(Invalid):
            write(database, clock, to=to)
    assert kept(database) == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_no_name_can_add_a_header_a_line_or_open_a_secret(name: str, language: str):
    values = VALUES | {"academy": f"{name}\r\nBcc: x@y\n\n{name}", "called": f"[[link]] {name}"}
    wording = worded("invitation", values, language)
    letter = Posted(
        1, "adams@home.example", wording.subject, wording.body, wording.secrets, language, name, "id", START
    )
    message = message_of(letter, MailServer().settings)
    assert len(message.keys()) == len(set(message.keys())) == 10
    assert message["Bcc"] is None
    assert len(wording.body.splitlines()) == len(worded("invitation", VALUES, language).body.splitlines())
    assert opened(wording.body, wording.secrets).count(SECRET) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_beside_its_text_goes_a_page_that_says_the_same_and_fetches_nothing(language: str):
    values = VALUES | {"academy": "<img src=//x.example> & Co"}
    wording = worded("invitation", values, language)
    text = opened(wording.body, wording.secrets)
    page = dressed(text, subject=wording.subject, sender="Home & Co", language=language)
    tree = lxml.html.document_fromstring(page)
    words = " ".join(tree.body.text_content().split())
    for paragraph in text.partition("\n-- \n")[0].split("\n\n"):
        assert " ".join(paragraph.split()) in words
    assert {link.get("href") for link in tree.iter("a")} == {SECRET}
    assert tree.xpath("//@src | //link | //script | //form | //*[@srcset]") == []
    assert (tree.get("lang"), tree.get("dir")) == (language, "rtl" if language == "ar" else "ltr")
    assert html_validate({language: page}) == []


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.txt")), ids=lambda path: path.name)
def test_every_template_is_there_in_every_language(path: Path):
    name, _language, _ = path.name.split(".")
    assert {each.name for each in FOLDER.glob(f"{name}.*.txt")} == {
        f"{name}.{each}.txt" for each in LANGUAGES
    }
    if name != "foot":
        assert path.read_text(encoding="utf-8").startswith("Subject: ")


def test_waits_grow_until_the_days_are_over():
    at, end = START, START + timedelta(days=5)
    waits: list[timedelta] = []
    while (then := next_try(len(waits) + 1, at=at, not_after=end)) is not None:
        waits.append(then - at)
        at = then
    assert waits == sorted(waits)
    assert len(waits) >= 8
    assert max(waits) <= timedelta(days=1)


def test_what_goes_wrong_with_the_connection_is_said_in_words():
    from pme.outbox.sending import _in_words  # noqa: PLC0415

    mail = MailServer(port=25).settings
    says: Callable[[Exception], str] = lambda error: _in_words(error, mail)  # noqa: E731
    assert "refuses PME_SMTP_USER" in says(smtplib.SMTPAuthenticationError(535, b"no"))
    assert "does not let PME_SMTP_SENDER" in says(smtplib.SMTPSenderRefused(550, b"no", "x"))
    assert "Correct PME_SMTP_SECURITY" in says(smtplib.SMTPNotSupportedError("STARTTLS"))
    assert "cannot be reached: Connection refused" in says(ConnectionRefusedError("Connection refused"))
