"""The second step of signing in: what it takes, what it keeps, and what wrong guesses cost."""

import json
import re
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update

from pme.audit import AuditEntry
from pme.config import Settings
from pme.db import Database
from pme.outbox.models import Letter
from pme.people.factors_models import HalfSignIn, Passkey
from pme.people.models import Academy, BrowserSession, Membership, Person, Role, Standing
from pme.people.service import PER_ADDRESS, grant
from tests.conftest import Visits
from tests.support.authenticator import Authenticator
from tests.support.cast import AWAY, NOBODY, PASSWORD, email_of
from tests.support.client import Page, Visit
from tests.support.clock import Clock
from tests.support.factors import first_step, set_up_app

pytestmark = pytest.mark.by_form

VARIES = re.compile(r'name="csrf_token"[^>]*value="[^"]+"|<span class="code">[0-9a-f]{12}</span>')
FIRST = "/learn/core/basics/first"


def is_in(visit: Visit) -> bool:
    """Whether the browser is signed in."""
    return visit.fetch("/account").status_code == 200


def test_with_an_app_the_password_alone_opens_nothing(visit: Visits, clock: Clock, database: Database):
    app = set_up_app(visit("adams"), clock)
    again = visit(NOBODY)
    page = first_step(again, "adams", f"{FIRST}?from=mail")
    assert not is_in(again)
    wrong = page.press("Go on", code="12345")
    assert wrong.status == 422
    assert "is not right" in wrong.words
    there = wrong.press("Go on", code=app.code())
    assert there.response.request.full_path == f"{FIRST}?from=mail", "the deep link is kept"
    with database.session() as session:
        acts = session.execute(select(AuditEntry.act, AuditEntry.detail).order_by(AuditEntry.id)).all()
        steps = session.scalars(select(BrowserSession.second_step).order_by(BrowserSession.id)).all()
    assert [tuple(each) for each in acts[-2:]] == [
        ("second step failed", {}),
        ("signed in", {"second_step": "app"}),
    ]
    assert steps == ["", "app"]


def test_what_was_written_travels_through_both_steps(visit: Visits, clock: Clock, database: Database):
    adams = visit("adams")
    app = set_up_app(adams, clock)
    token = adams.token()
    with database.writing() as session:
        session.execute(update(BrowserSession).values(ended_at=clock()))
    late = adams.http.post("/account/language", data={"language": "fr", "csrf_token": token})
    assert late.status_code == 401
    page = Page(adams, late).submit(email=email_of("adams"), password=PASSWORD)
    assert page.title == "Second step"
    page = page.press("Go on", code="000")
    page = page.press("Go on", code=app.code())
    assert page.title == "Send what you wrote"
    assert page.press("Send it now").path == "/account"


def test_a_recovery_code_stands_in_once(visit: Visits, clock: Clock):
    adams = visit("adams")
    app = set_up_app(adams, clock)
    assert "10 of 10" in adams.get("/account/recovery-codes").words, "they are shown once"
    page = first_step(visit(NOBODY), "adams").press("Go on", code=app.recovery[0])
    assert "9 are left" in page.words
    assert first_step(visit(NOBODY), "adams").press("Go on", code=app.recovery[0]).status == 422


def test_guesses_at_the_second_step_run_out_and_a_right_password_does_not_renew_them(
    visit: Visits, clock: Clock
):
    app = set_up_app(visit("adams"), clock)
    for _ in range(PER_ADDRESS):
        assert first_step(visit(NOBODY), "adams").press("Go on", code="000000").status == 422
    page = first_step(visit(NOBODY), "adams").press("Go on", code=app.code())
    assert page.status == 429
    assert "Try again in 1" in page.words
    clock.move(minutes=16)
    late = visit(NOBODY)
    first_step(late, "adams").press("Go on", code=app.code())
    assert is_in(late)


def test_the_second_step_needs_the_first_one_in_this_browser_and_not_long_ago(visit: Visits, clock: Clock):
    app = set_up_app(visit("adams"), clock)
    stranger = visit(NOBODY)
    assert stranger.fetch("/sign-in/second?next=/learn").headers["Location"] == "/sign-in?next=/learn"
    assert stranger.send("/sign-in/second", code=app.code()).status_code == 401
    late = visit(NOBODY)
    page = first_step(late, "adams")
    clock.move(minutes=11)
    page = page.press("Go on", code=app.code())
    assert page.status == 401
    assert "took too long" in page.words
    assert not is_in(late)


@pytest.mark.parametrize("act", ["suspended", "password changed", "signed out elsewhere"])
def test_a_first_step_ends_with_what_it_stood_on(visit: Visits, clock: Clock, database: Database, act: str):
    adams = visit("adams")
    app = set_up_app(adams, clock)
    half = visit(NOBODY)
    page = first_step(half, "adams")
    if act == "suspended":
        with database.writing() as session:
            session.execute(update(Membership).values(standing=Standing.SUSPENDED))
    elif act == "password changed":
        new = "five quiet boats at dawn"
        adams.get("/account/password").submit(current=PASSWORD, password=new, again=new)
    else:
        adams.post("/account/browsers/end-others")
    page = page.press("Go on", code=app.code())
    assert page.status == 401
    assert not is_in(half)


def question_of(page: Page) -> str:
    """What the page asks a passkey to sign."""
    assert page.tree is not None
    return str(json.loads(page.tree.xpath("//form[@data-passkey]/@data-options")[0])["challenge"])


def add_passkey(visit: Visit, device: Authenticator) -> Page:
    """Let a device make a passkey on the account page."""
    page = visit.get("/account/passkeys/new")
    answer = device.make(question_of(page))
    return page.press("Create the passkey", name="work laptop", current=PASSWORD, answer=answer)


def test_a_passkey_takes_the_second_step_for_its_person_only(visit: Visits):
    device, other = Authenticator(), Authenticator()
    assert add_passkey(visit("adams"), device).title == "Your recovery codes"
    add_passkey(visit("baker"), other)
    adams = visit(NOBODY)
    page = first_step(adams, "adams", FIRST)
    for wrong in (other.use(question_of(page)), device.use("A" * 43), "nothing that is signed"):
        page = page.press("Use a passkey", answer=wrong)
        assert page.status == 422
        assert "could not be checked" in page.words
    there = page.press("Use a passkey", answer=device.use(question_of(page)))
    assert there.path == FIRST
    assert "password and passkey" in adams.get("/account/browsers").words


def test_a_passkey_is_made_for_the_browser_that_was_asked_and_with_the_password(visit: Visits):
    here, there = visit("adams"), visit("adams")
    page = here.get("/account/passkeys/new")
    answer = Authenticator().make(question_of(page))
    assert page.tree is not None
    ceremony = page.tree.xpath("//input[@name='ceremony']/@value")[0]
    fields = {"name": "laptop", "answer": answer, "ceremony": ceremony}
    refused = [
        there.post("/account/passkeys/new", current=PASSWORD, **fields),
        here.post("/account/passkeys/new", current="a guess", **fields),
        here.post("/account/passkeys/new", current=PASSWORD, **fields | {"answer": ""}),
        here.post("/account/passkeys/new", current=PASSWORD, **fields | {"ceremony": ceremony[:-1]}),
    ]
    assert [each.status for each in refused] == [422] * 4
    assert all("laptop" in each.text for each in refused), "the name is still there"
    assert here.post("/account/passkeys/new", current=PASSWORD, **fields).title == "Your recovery codes"


def test_a_passkey_of_somebody_else_answers_like_none(visit: Visits, database: Database):
    baker = visit("baker")
    add_passkey(baker, Authenticator())
    with database.session() as session:
        (own,) = session.scalars(select(Passkey.id))
    assert baker.fetch(f"/account/passkeys/{own}").status_code == 200
    adams = visit("adams")
    pages = {VARIES.sub("", adams.get(f"/account/passkeys/{one}").text) for one in (own, 999_999)}
    assert len(pages) == 1
    for act in ("name", "remove"):
        assert adams.send(f"/account/passkeys/{own}/{act}", name="mine", current=PASSWORD).status_code == 404
    assert "work laptop" in baker.get("/account/second-step").words


def test_only_hashes_of_half_done_sign_ins_are_kept(
    app: Flask, visit: Visits, clock: Clock, database: Database
):
    set_up_app(visit("adams"), clock)
    half = visit(NOBODY)
    first_step(half, "adams")
    with half.http.session_transaction() as cookie:
        token = cookie["half"]
    with database.session() as session:
        assert token not in session.scalars(select(HalfSignIn.token_sha256)).one()
    assert half.fetch("/sign-in/second").headers["Cache-Control"] == "no-store"


def test_staff_are_led_to_set_up_what_their_academy_asks_for(visit: Visits, clock: Clock):
    evans, adams, jensen = visit("evans"), visit("adams"), visit("jensen")
    page = evans.get("/academy/settings").follow("Second step of staff at sign-in")
    assert "Captain Jensen Person" in page.words
    assert "Adams" not in page.words, "a student may do without"
    must = page.choices("asks")["must set up a second step before going on"]
    asked = page.submit(asks=must)
    assert asked.path == "/account/second-step", "who asks for it is asked too"
    assert evans.get("/academy").path == "/account/second-step"
    assert "Set up a second step first" in jensen.get("/academy/time").words
    refused = jensen.send("/academy/completions.csv")
    assert (refused.status_code, "second step" in refused.get_data(as_text=True)) == (403, True)
    assert adams.get("/learn").path == "/learn", "students are not asked"
    set_up_app(evans, clock)
    listed = evans.get("/academy/second-step").words
    assert ("Evans Person" in listed.partition("Who has none yet")[2], "Jensen Person" in listed) == (
        False,
        True,
    )
    kept = evans.get("/account/second-step/app/remove").press("Remove the app", current=PASSWORD)
    assert kept.status == 409
    assert "last way to take it. Set up another first" in kept.words


def test_who_has_lost_everything_is_reset_by_their_academy(visit: Visits, clock: Clock, database: Database):
    adams, evans = visit("adams"), visit("evans")
    app = set_up_app(adams, clock)
    person_id = person_of(database, "adams")
    page = visit("irving").get(f"/academy/people/{person_id}").follow("Second step: lost and to be reset")
    assert "Recovery codes left 10" in page.words
    assert app.totp.secret not in page.text
    page = page.press("Reset the second step")
    assert page.path == f"/academy/people/{person_id}"
    assert not is_in(adams), "signed out everywhere"
    assert visit("adams").get("/learn").path == "/learn"
    with database.session() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "second step reset")).one()
    assert entry.detail["before"] == {"apps": 1, "passkeys": 0, "codes": 10}
    assert entry.detail["after"] == {"apps": 0, "passkeys": 0, "codes": 0}
    set_up_app(evans, clock)
    own = evans.post(f"/academy/people/{person_of(database, 'evans')}/second-step")
    assert "on your account page" in own.words
    assert "Authenticator app" in evans.get("/account").words, "nobody resets their own this way"
    above = visit("irving").send(f"/academy/people/{person_of(database, 'evans')}/second-step")
    assert above.status_code == 403, "nor that of somebody who may do more"


def test_an_academy_does_not_reset_who_signs_in_at_another_one_too(
    visit: Visits, clock: Clock, database: Database
):
    set_up_app(visit("adams"), clock)
    person_id = person_of(database, "adams")
    with database.writing() as session:
        away = session.scalars(select(Academy.id).where(Academy.slug == AWAY)).one()
        grant(session, person_id, away, Role.STUDENT)
    page = visit("evans").post(f"/academy/people/{person_id}/second-step")
    assert "cannot be reset here" in page.words
    first_step(visit(NOBODY), "adams")
    lund = visit("lund")
    form = lund.get("/install").follow("Reset a second step")
    refused = form.press("Reset the second step", email=email_of("adams"))
    assert refused.status == 422
    assert "Confirm this first: afterwards the password alone signs the person in" in refused.words
    for nobodys in (email_of("baker"), "nobody@nowhere.example"):
        refused = form.press("Reset the second step", email=nobodys, known="y")
        assert refused.status == 422
        assert "Nobody with this address has a second step set up." in refused.words
    set_up_app(lund, clock)
    own = form.press("Reset the second step", email=email_of("lund"), known="y")
    assert "on your account page" in own.words
    done = form.press("Reset the second step", email=email_of("adams"), known="y")
    assert "the password alone signs this person in" in done.words
    assert visit("adams").get("/learn").path == "/learn"
    with database.session() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "second step reset")).one()
    assert entry.detail["before"]["apps"] == 1


def test_whoever_signs_in_hears_by_letter_of_changes_to_that(
    app: Flask, visit: Visits, clock: Clock, database: Database, monkeypatch: pytest.MonkeyPatch
):
    own: Settings = app.extensions["pme_settings"]
    with_mail = replace(own, mail=replace(own.mail, host="mail.example"))
    monkeypatch.setitem(app.extensions, "pme_settings", with_mail)
    adams = visit("adams")
    adams.send("/account/language", language="fr")
    phone = set_up_app(adams, clock)
    first_step(visit(NOBODY), "adams").press("Go on", code=phone.recovery[0])
    clock.move(minutes=1)
    new = "five quiet boats at dawn"
    adams.get("/account/password").submit(current=PASSWORD, password=new, again=new)
    visit("evans").send(f"/academy/people/{person_of(database, 'adams')}/second-step")
    with database.session() as session:
        letters = session.scalars(select(Letter).order_by(Letter.id)).all()
    assert {(each.address, each.language) for each in letters} == {(email_of("adams"), "fr")}
    told = [
        "application d’authentification a été configurée",
        "codes de secours",
        "mot de passe",
        "réinitialisé",
    ]
    assert [words in each.body for words, each in zip(told, letters, strict=True)] == [True] * 4
    assert not any(phone.totp.secret in each.body or phone.recovery[0] in each.body for each in letters)


def person_of(database: Database, name: str) -> int:
    """The id of a member of the cast."""
    with database.session() as session:
        return session.scalars(select(Person.id).where(Person.email == email_of(name))).one()
