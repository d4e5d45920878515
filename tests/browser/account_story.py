"""The account pages as Baker meets them: the password, a second step of each kind, browsers, two academies."""

from datetime import datetime, timedelta

import pyotp
from sqlalchemy import select

from pme.db import Database
from pme.people.factors_models import Passkey
from pme.people.models import Academy, Person, Role
from pme.people.service import grant
from tests.browser.album import Album
from tests.support.cast import AWAY, PASSWORD, START, email_of
from tests.support.client import Visit

ACCOUNT = "/account"
STEP = f"{ACCOUNT}/second-step"


def played(album: Album, database: Database) -> None:
    """Set everything up, sign in with it, and take it away again."""
    baker = Visit(album.app, "baker")
    pages = ("", "/password", "/browsers", "/recovery-codes", "/passkeys/new", "/second-step", "/opened")
    album.walk(baker, [ACCOUNT + page for page in pages], "with a password only")
    wrong = {"current": "a guess", "password": "short", "again": "short"}
    album.take(baker.get(f"{ACCOUNT}/password").submit(**wrong), "not the password")
    page = album.take(baker.get(STEP).press("Set up an app"), "to be confirmed")
    album.take(page.press("Set it up", code="12"), "not confirmed")
    assert page.tree is not None
    app = pyotp.TOTP("".join(page.tree.xpath("string(//main//code)").split()))
    now: datetime = album.app.extensions["pme_clock"]()
    page = page.press("Set it up", code=app.at(now), current=PASSWORD)
    album.take(page, "shown once")
    passkey_id = _more(database)
    Visit.sign_in(second := _named("baker", Visit(album.app)))
    album.take(second.get("/sign-in/second"), "after the password")
    page = album.take(second.get("/sign-in/second").press("Go on", code="1"), "not the code")
    page = page.press("Go on", code=app.at(now + timedelta(seconds=30)))
    album.take(page, "with two academies")
    all_pages = ("", "/browsers", "/second-step", "/second-step/app/remove", "/recovery-codes", "/academy")
    album.walk(baker, [ACCOUNT + page for page in (*all_pages, f"/passkeys/{passkey_id}")], "with everything")
    album.walk(Visit(album.app, "adams"), [f"{ACCOUNT}/opened"], "opened by Clarke")
    evans = Visit(album.app, "evans")
    album.take(evans.get("/academy/second-step"), "not asked")
    album.take(evans.get(f"/academy/people/{_id_of(database, 'baker')}/second-step"), "with everything")
    one = baker.get(f"{ACCOUNT}/passkeys/{passkey_id}")
    album.take(one.press("Save the name", name=""), "without a name")
    one.press("Remove the passkey", current=PASSWORD)
    baker.get(f"{STEP}/app/remove").press("Remove the app", current=PASSWORD)


def _named(name: str, visit: Visit) -> Visit:
    visit.name = name
    return visit


def _id_of(database: Database, name: str) -> int:
    with database.session() as session:
        return session.scalars(select(Person.id).where(Person.email == email_of(name))).one()


def _more(database: Database) -> int:
    """Give Baker a passkey, which only a browser makes, and a role at the other academy."""
    person_id = _id_of(database, "baker")
    with database.writing() as session:
        away = session.scalars(select(Academy.id).where(Academy.slug == AWAY)).one()
        grant(session, person_id, away, Role.STUDENT)
        passkey = Passkey(
            person_id=person_id,
            site="localhost",
            credential="AAAA",
            public_key=b"",
            name="work laptop",
            made_at=START,
            used_at=START,
        )
        session.add(passkey)
        session.flush()
        return passkey.id
