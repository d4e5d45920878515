"""Where a mail server is set: links go by letter and are shown to nobody; asking tells a stranger nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select, update

from pme import inviting
from pme.config import Settings
from pme.config_mail import Mail
from pme.db import Database
from pme.outbox.models import Letter
from pme.people import links
from pme.people.asking import PER_ADDRESS
from pme.people.models import Membership, Role, Standing
from pme.people.models_links import AccountLink
from pme.people.personnel import Facts, add_member
from tests.conftest import Visits
from tests.support.cast import NOBODY, PASSWORD, email_of
from tests.support.people import academy_id_of, administrator, id_of, member_of
from tests.support.work import run_jobs

FRESH = "harbour lantern willow granite"


@pytest.fixture(autouse=True)
def _with_mail(app: Flask) -> Iterator[None]:
    own: Settings = app.extensions["pme_settings"]
    app.extensions["pme_settings"] = replace(
        own, mail=Mail("127.0.0.1", 1, "none", "", "", "pme@home.example")
    )
    yield
    app.extensions["pme_settings"] = own


def letters(database: Database) -> list[Letter]:
    """All that were written."""
    with database.session() as session:
        return list(session.scalars(select(Letter).order_by(Letter.id)))


def test_an_invitation_goes_by_letter_and_its_link_is_shown_to_nobody(database: Database, visit: Visits):
    irving = visit("irving")
    page = irving.get("/academy/people/new").press(
        "Add and invite", email="new@home.example", name="New Person", language="fr"
    )
    assert "The invitation is on its way" in page.words
    assert "/activate/" not in page.text
    (letter,) = letters(database)
    assert (letter.address, letter.template, letter.language) == ("new@home.example", "invitation", "fr")
    assert "/activate/" not in letter.body
    path = "/" + letter.secrets["link"].split("/", 3)[3]
    visit(NOBODY).get(path).submit(password=FRESH, again=FRESH)
    assert "In use" in irving.get(page.path).words


def test_asking_for_a_new_password_tells_nobody_which_addresses_have_an_account(
    database: Database, visit: Visits
):
    with database.writing() as session:
        baker = id_of(session, "baker")
        session.execute(
            update(Membership).where(Membership.person_id == baker).values(standing=Standing.SUSPENDED)
        )
    guest = visit(NOBODY)
    told = set()
    for email in (email_of("adams"), email_of("baker"), "nobody@home.example"):
        page = guest.get("/forgotten").submit(email=email)
        assert page.status == 200
        told.add(page.words)
    assert len(told) == 1
    assert [letter.address for letter in letters(database)] == [email_of("adams")]
    assert guest.get("/forgotten").submit(email="adams").status == 422
    path = "/" + letters(database)[0].secrets["link"].split("/", 3)[3]
    assert guest.get(path).submit(password=FRESH, again=FRESH).path == "/sign-in"
    assert "The password of your account was changed" in letters(database)[-1].body
    signed_in = guest.get("/sign-in").submit(email=email_of("adams"), password=FRESH)
    assert signed_in.path == "/learn"


def test_a_new_address_is_confirmed_by_letter_and_the_old_one_is_told(database: Database, visit: Visits):
    with database.session() as session:
        adams = id_of(session, "adams")
    page = visit("irving").get(f"/academy/people/{adams}")
    assert "on its way to the new address" in page.press("Change the address", email="a@new.example").words
    (letter,) = letters(database)
    assert letter.address == "a@new.example"
    visit(NOBODY).get("/" + letter.secrets["link"].split("/", 3)[3]).submit(password=PASSWORD)
    told = letters(database)[-1]
    assert (told.address, "Another address counts" in told.body) == (email_of("adams"), True)


def test_all_who_wait_are_invited_at_once_by_letter_and_nobody_twice(
    app: Flask, database: Database, visit: Visits
):
    with database.writing() as session:
        for number in range(inviting.AT_ONCE + 2):
            add_member(
                session,
                academy_id_of(session),
                email=f"n{number}@home.example",
                facts=Facts(name=f"New Person {number}"),
                roles={Role.INSTRUCTOR if number == 1 else Role.STUDENT},
                by=administrator(session),
            )
        links.invite(
            session,
            member_of(session, "n0@home.example"),
            replace(administrator(session), at=datetime.now(UTC)),
        )
    irving = visit("irving")
    page = irving.get("/academy/people?standing=invited").press("Invite all 51 who have no open invitation")
    assert run_jobs(app) == 1
    assert irving.get(page.path).status == 200
    addresses = [letter.address for letter in letters(database)]
    assert len(addresses) == len(set(addresses)) == inviting.AT_ONCE
    assert "n0@home.example" not in addresses, "has an open invitation"
    assert "n1@home.example" not in addresses, "a registrar does not invite an instructor"
    path = "/" + letters(database)[-1].secrets["link"].split("/", 3)[3]
    assert visit(NOBODY).get(path).title == "Accept the invitation"
    assert "Invite the one who" in irving.get("/academy/people?standing=invited").words


def test_who_asks_again_and_again_gets_few_letters_and_only_the_newest_link_opens(
    app: Flask, database: Database, visit: Visits
):
    guest = visit(NOBODY)
    for _ in range(PER_ADDRESS + 2):
        assert "on its way" in guest.get("/forgotten").submit(email=email_of("adams")).words
    written = letters(database)
    assert len(written) == PER_ADDRESS
    paths = ["/" + letter.secrets["link"].split("/", 3)[3] for letter in written]
    assert [guest.fetch(path).status_code for path in paths] == [410, 410, 200]
    with database.session() as session:
        assert all(link.academy_id is None for link in session.scalars(select(AccountLink)))
    statuses = [guest.send("/forgotten", email=f"who{n}@home.example").status_code for n in range(30)]
    assert statuses[0] == 303
    assert statuses[-1] == 429
    assert guest.get("/sign-in").submit(email=email_of("adams"), password="x" * 20).status == 422
