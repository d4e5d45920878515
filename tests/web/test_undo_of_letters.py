"""Letters to many wait for a while and are called back with their links; a letter to one goes at once."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from pme.config import Settings
from pme.config_mail import Mail
from pme.db import Database
from pme.outbox.models import Letter, LetterState
from pme.outbox.service import claim
from pme.people.models import Role
from pme.people.models_links import AccountLink
from pme.people.personnel import Facts, add_member
from pme.undoing.models import Change
from tests.conftest import Visits
from tests.support.cast import START
from tests.support.clock import Clock
from tests.support.people import academy_id_of, administrator
from tests.support.work import run_jobs
from tests.web.test_bulk import carry_out, send

INVITED = "/academy/people?standing=invited"


@pytest.fixture(autouse=True)
def _with_mail(app: Flask) -> Iterator[None]:
    own: Settings = app.extensions["pme_settings"]
    app.extensions["pme_settings"] = replace(
        own, mail=Mail("127.0.0.1", 1, "none", "", "", "pme@home.example")
    )
    yield
    app.extensions["pme_settings"] = own


def add(database: Database, *names: str) -> None:
    with database.writing() as session:
        for name in names:
            add_member(
                session,
                academy_id_of(session),
                email=f"{name.lower()}@home.example",
                facts=Facts(name=name),
                roles={Role.STUDENT},
                by=administrator(session),
            )


def due(database: Database, clock: Clock) -> list[str]:
    """Whom the postman would write to now; each of these letters is on its way then."""
    with database.writing() as session:
        return sorted(letter.address for letter in claim(session, at=clock.at, at_most=50))


def test_invitations_to_many_wait_and_are_called_back_with_their_links(
    app: Flask, visit: Visits, database: Database, clock: Clock
):
    add(database, "Ida", "Oto")
    irving = visit("irving")
    asked = irving.get(INVITED).press("Invite all 2 who have no open invitation")
    assert "The letters wait" in asked.words
    assert run_jobs(app) == 1
    assert due(database, clock) == []
    back = irving.get("/changes").press("Cancel sending: Invitations sent")
    assert "none of these letters goes out" in back.words
    clock.move(minutes=5)
    assert due(database, clock) == []
    with database.session() as session:
        assert set(session.scalars(select(Letter.state))) == {LetterState.CALLED_BACK}
        assert all(session.scalars(select(AccountLink.withdrawn_at)))
    assert "Sending cancelled" in irving.get("/academy/letters").words
    irving.get(INVITED).press("Invite all 2 who have no open invitation")
    assert run_jobs(app) == 1
    clock.move(minutes=3)
    assert due(database, clock) == ["ida@home.example", "oto@home.example"]
    assert "Cancel sending" not in irving.get("/changes").text


def test_letters_are_not_even_written_once_they_are_called_back(
    app: Flask, visit: Visits, database: Database
):
    add(database, "Ida", "Oto")
    asked = visit("irving").get(INVITED).press("Invite all 2 who have no open invitation")
    assert "Waiting for its turn" in asked.words
    back = asked.press("Cancel sending")
    assert back.path == asked.path
    assert "Cancelled" in back.words
    assert "Waiting for its turn" not in back.words
    assert run_jobs(app) == 0
    with database.session() as session:
        assert session.scalars(select(Letter.id)).all() == []


def test_what_is_on_its_way_is_told_and_the_rest_called_back(
    app: Flask, visit: Visits, database: Database, clock: Clock
):
    add(database, "Ida", "Oto")
    irving = visit("irving")
    irving.get(INVITED).press("Invite all 2 who have no open invitation")
    run_jobs(app)
    with database.writing() as session:
        gone = session.scalars(select(Letter).where(Letter.address == "ida@home.example")).one()
        gone.state = LetterState.SENT
    told = irving.get("/changes").press("Cancel sending: Invitations sent").words
    assert "The sending of 1 letter is cancelled. 1 letter was on its way already." in told


def test_a_letter_to_one_waits_for_nothing(app: Flask, visit: Visits, database: Database, clock: Clock):
    add(database, "Ida")
    irving = visit("irving")
    asked = irving.get(INVITED).press("Invite the one who has no open invitation")
    assert "Cancel sending" not in asked.text
    run_jobs(app)
    assert due(database, clock) == ["ida@home.example"]
    irving.get("/academy/people/new").press("Add and invite", email="new@home.example", name="New")
    assert due(database, clock) == ["new@home.example"]


def test_invitations_after_a_spreadsheet_wait_too_and_go_with_its_people(
    app: Flask, visit: Visits, database: Database, clock: Clock
):
    irving = visit("irving")
    page = carry_out(app, send(irving, "email,name", "ida@new.example,Ida", "oto@new.example,Oto"))
    assert due(database, clock) == []
    undone = page.follow("Undo it, or see what cannot be undone").press("Undo")
    assert "Undone: 2 people are as before." in undone.words
    clock.move(minutes=5)
    assert due(database, clock) == []
    with database.session() as session:
        assert session.scalars(select(AccountLink.id)).all() == []
        assert len(session.scalars(select(Change.id)).all()) == 2


def failed(database: Database, *names: str, unsure: int = 0, body: str = "Come in.") -> None:
    """Letters of the academy that were given up."""
    with database.writing() as session:
        for name in names:
            address = f"{name.lower()}@home.example"
            session.add(
                Letter(
                    academy_id=academy_id_of(session),
                    person_id=None,
                    key=f"{academy_id_of(session)} {name}",
                    template="notice",
                    language="en",
                    address=address if body else "",
                    subject=name if body else "",
                    body=body,
                    sent_id=f"<{name}@home.example>",
                    state=LetterState.FAILED,
                    unsure=unsure,
                    problem="No such mailbox.",
                    created_at=START,
                    not_before=START,
                    not_after=START,
                )
            )


def test_letters_that_failed_are_tried_again_together_and_can_be_called_back(
    visit: Visits, database: Database, clock: Clock
):
    failed(database, "Ida", "Oto")
    failed(database, "Uma", unsure=2)
    failed(database, "Ole", body="")
    irving = visit("irving")
    page = irving.get("/academy/letters?state=failed").press("Retry all 2 that failed")
    assert "2 letters are tried again." in page.words
    assert "The letters wait" in page.words
    assert due(database, clock) == []
    back = irving.get("/changes").press("Cancel sending: Letters sent again")
    assert "none of these letters goes out" in back.words
    clock.move(minutes=5)
    assert due(database, clock) == []


def test_letters_that_are_tried_again_go_out_when_nobody_calls_them_back(
    visit: Visits, database: Database, clock: Clock
):
    failed(database, "Ida", "Oto")
    failed(database, "Uma", unsure=2)
    visit("irving").get("/academy/letters?state=failed").press("Retry all 2 that failed")
    clock.move(minutes=5)
    assert due(database, clock) == ["ida@home.example", "oto@home.example"]
    page = visit("irving").post("/academy/letters/again")
    assert "No letter can be tried again from here" in page.words, "what may have arrived is left"


def test_a_letter_whose_words_are_not_kept_is_not_tried_again(visit: Visits, database: Database):
    failed(database, "Ole", body="")
    with database.session() as session:
        number = session.scalars(select(Letter.id)).one()
    page = visit("irving").post(f"/academy/letters/{number}/again")
    assert "What it said is not kept any more" in page.words
    assert "Retry all" not in visit("irving").get("/academy/letters?state=failed").words
