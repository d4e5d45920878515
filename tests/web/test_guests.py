"""The door of the demonstration: shut unless the setting opens it; a guest is a student for a day and is erased."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from flask import Flask
from sqlalchemy import func, select

from pme import guests
from pme.db import Database
from pme.jobs.registry import Round
from pme.people.models import Person
from pme.people.service import add_academy
from tests.conftest import Visits


@pytest.fixture
def open_door(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The setting, and an academy to look around in."""
    opened = replace(app.extensions["pme_settings"], demo_door=True)
    monkeypatch.setitem(app.extensions, "pme_settings", opened)
    with database.writing() as session:
        add_academy(session, slug="demo", name="Demo Academy", nation="Demonstration", at=datetime.now(UTC))


def guests_of(database: Database) -> int:
    with database.session() as session:
        return (
            session.scalar(select(func.count()).select_from(Person).where(Person.email.like(guests.LIKE)))
            or 0
        )


def test_without_the_setting_there_is_no_button_and_no_way_in(visit: Visits):
    nobody = visit("nobody")
    assert "Look around" not in nobody.get("/").words
    assert nobody.post("/look-around").status == HTTPStatus.NOT_FOUND


def test_a_guest_is_a_student_of_their_own_with_every_course_for_students(
    visit: Visits, open_door: None, database: Database
):
    home = visit("nobody").get("/").press("Look around as a student")
    assert home.path == "/learn"
    assert "Welcome, Guest" in home.words
    assert "Begin" in home.words
    other = visit("nobody").get("/").press("Look around as a student")
    assert other.path == "/learn"
    assert guests_of(database) == 2


def test_a_guest_is_told_why_there_is_no_password_to_change(visit: Visits, open_door: None):
    guest = visit("nobody").get("/").press("Look around as a student").visit.get("/account")
    assert "You look around as a guest." in guest.words
    assert "Second step" not in guest.words
    adams = visit("adams").get("/account")
    assert "You look around as a guest." not in adams.words
    assert "Second step" in adams.words


@pytest.mark.parametrize(
    "there", ["password", "second-step", "second-step/app", "recovery-codes", "passkeys/new"]
)
def test_a_guest_meets_no_form_that_asks_for_a_password(visit: Visits, open_door: None, there: str):
    guest = visit("nobody").get("/").press("Look around as a student").visit
    assert guest.get(f"/account/{there}").path == "/account"
    sent = guest.send(f"/account/{there}", password="x")
    assert (sent.status_code, sent.headers.get("Location")) in {(303, "/account"), (405, None)}
    assert visit("adams").get(f"/account/{there}").path != "/account"


def test_too_many_within_an_hour_are_asked_to_come_again(
    visit: Visits, open_door: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(guests, "MOST_AN_HOUR", 1)
    visit("nobody").get("/").press("Look around as a student")
    refused = visit("nobody").get("/").press("Look around as a student")
    assert refused.status == HTTPStatus.CONFLICT
    assert "Try again in an hour" in refused.words


def test_a_day_later_a_guest_is_erased_and_nobody_else(
    visit: Visits, open_door: None, app: Flask, database: Database
):
    visit("nobody").get("/").press("Look around as a student")

    def rounds(later: timedelta) -> None:
        guests.see_off(Round(database, app.extensions["pme_settings"], lambda: datetime.now(UTC) + later))

    rounds(timedelta(hours=23))
    assert guests_of(database) == 1
    rounds(timedelta(hours=25))
    assert guests_of(database) == 0
    assert visit("adams").get("/learn").status == HTTPStatus.OK
