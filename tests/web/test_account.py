"""One's own account: the password, the browsers, the factors, the academy that one goes on at."""

import re

import pytest
from sqlalchemy import select, update

from pme.assessment.models import Attempt
from pme.audit import AuditEntry
from pme.db import Database
from pme.people.models import Academy, BrowserSession, Person, Personnel, Role
from pme.people.service import PER_ADDRESS, grant
from tests.conftest import Visits
from tests.support.cast import AWAY, CAST, HOME, NOBODY, PASSWORD, email_of
from tests.support.client import Visit
from tests.support.clock import Clock
from tests.support.factors import set_up_app
from tests.support.student import pass_quiz

NEW = "five quiet boats at dawn"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def is_in(visit: Visit) -> bool:
    """Whether the browser is signed in."""
    return visit.fetch("/account").status_code == 200


def test_everybody_has_an_account_page_in_the_navigation(visit: Visits):
    for name in CAST:
        if name != NOBODY:
            page = visit(name).get("/")
            assert page.follow("Account").title == "Your account", name


def test_another_password_signs_the_other_browsers_out_and_keeps_this_one(visit: Visits, database: Database):
    here, there = visit("adams"), visit("adams")
    page = here.get("/account").follow("Change: Password")
    page = page.submit(current=PASSWORD, password=NEW, again=NEW)
    assert "Every other browser is signed out" in page.words
    assert (is_in(here), is_in(there)) == (True, False)
    old = visit(NOBODY).get("/sign-in").submit(email=email_of("adams"), password=PASSWORD)
    assert old.status == 422
    new = visit(NOBODY).get("/sign-in").submit(email=email_of("adams"), password=NEW)
    assert new.path == "/learn"
    with database.session() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "password changed")).one()
    assert entry.detail == {}


@pytest.mark.alike
@pytest.mark.parametrize(
    ("current", "password", "again", "says"),
    [
        ("not mine", NEW, NEW, "This is not your password"),
        (PASSWORD, NEW, NEW + "!", "The two new passwords differ"),
        (PASSWORD, "short", "short", "Use at least 15 characters"),
        (PASSWORD, "passwordpassword", "passwordpassword", "one that people guess first"),
        ("", NEW, NEW, "Enter your password"),
    ],
)
def test_a_password_is_not_changed_without_the_old_one_or_to_a_bad_one(
    visit: Visits, current: str, password: str, again: str, says: str
):
    here, there = visit("adams"), visit("adams")
    page = here.get("/account/password").submit(current=current, password=password, again=again)
    assert page.status == 422
    assert says in page.words
    assert is_in(there)


def test_an_open_screen_cannot_be_used_to_guess_the_password(visit: Visits):
    adams = visit("adams")
    for _ in range(PER_ADDRESS):
        adams.get("/account/password").submit(current="a guess", password=NEW, again=NEW)
    page = adams.get("/account/password").submit(current=PASSWORD, password=NEW, again=NEW)
    assert page.status == 422
    assert "too many attempts" in page.words


def test_browsers_are_listed_and_ended_one_by_one_or_all_others(visit: Visits, database: Database):
    here, baker = visit("adams"), visit("baker")
    there = Visit(here.http.application, NOBODY)
    there.http.environ_base |= {"HTTP_USER_AGENT": FIREFOX, "REMOTE_ADDR": "192.0.2.77"}
    there.name = "adams"
    there.sign_in()
    page = here.get("/account/browsers")
    assert page.words.count("This browser") == 1
    assert "Firefox on Linux" in page.words
    assert "From the network 192.0.2.0/24" in page.words
    assert "192.0.2.77" not in page.text
    with database.session() as session:
        whose = dict(
            session.execute(
                select(Person.email, BrowserSession.id)
                .join_from(BrowserSession, Person, Person.id == BrowserSession.person_id)
                .order_by(BrowserSession.id)
            ).all()
        )
        kept = session.scalars(select(BrowserSession.network)).all()
    assert "192.0.2.77" not in kept
    assert baker.send(f"/account/browsers/{whose[email_of('adams')]}/end").status_code == 404, "not one's own"
    assert is_in(there)
    assert here.send(f"/account/browsers/{whose[email_of('adams')]}/end").status_code == 303
    assert (is_in(here), is_in(there)) == (True, False)
    others = [visit("adams"), visit("adams")]
    page = here.get("/account/browsers").press("End all others")
    assert "You are signed in nowhere else" in page.words
    assert [is_in(each) for each in (here, baker, *others)] == [True, True, False, False]


def test_an_app_is_removed_with_the_password_only_and_the_codes_go_with_it(visit: Visits, clock: Clock):
    adams = visit("adams")
    set_up_app(adams, clock)
    asked = adams.get("/account/second-step").follow("Remove the app")
    assert asked.press("Remove the app", current="a guess").status == 422
    page = asked.press("Remove the app", current=PASSWORD)
    assert "Set up an app" in page.words
    assert "recovery code" not in page.words
    assert visit("adams").get("/learn").path == "/learn", "the password is enough again"


def test_fresh_recovery_codes_are_shown_once_and_never_stand_readable_in_the_cookie(
    visit: Visits, clock: Clock
):
    adams = visit("adams")
    app = set_up_app(adams, clock)
    assert len(app.recovery) == 10
    sent = adams.send("/account/recovery-codes", current=PASSWORD)
    with adams.http.session_transaction() as cookie:
        assert "-" not in cookie["codes"]
    first, second = adams.get(sent.headers["Location"]), adams.get(sent.headers["Location"])
    assert (first.title, second.title) == ("Your recovery codes", "Recovery codes")
    assert not any(code in first.text for code in app.recovery)


def at_both(database: Database, name: str = "clarke") -> None:
    """Give somebody of the home academy a role at the other one too."""
    with database.writing() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == email_of(name))).one()
        away = session.scalars(select(Academy.id).where(Academy.slug == AWAY)).one()
        grant(session, person_id, away, Role.STUDENT)


def test_who_belongs_to_two_academies_chooses_at_sign_in_and_changes_later(visit: Visits, database: Database):
    at_both(database)
    clarke = visit(NOBODY)
    page = clarke.get("/teach/core").submit(email=email_of("clarke"), password=PASSWORD)
    assert page.title == "Choose the academy"
    assert page.choices("academy").keys() == {"Away Academy Student", "Home Academy Instructor"}
    page = page.submit()
    assert page.path == "/teach/core", "the deep link is kept"
    page = clarke.get("/account").follow("Change: Academy")
    page = page.submit(academy=page.choices("academy")["Away Academy Student"])
    assert page.path == "/learn"
    assert clarke.fetch("/teach/core").status_code == 403
    assert "Away Academy" in clarke.get("/account").words
    again = visit(NOBODY).get("/sign-in").submit(email=email_of("clarke"), password=PASSWORD)
    assert again.tree is not None
    assert again.tree.xpath("//input[@checked]/following-sibling::span")[0].text.strip() == "Away Academy"


def test_one_reads_what_the_academy_knows_of_oneself_and_of_nobody_else(visit: Visits, database: Database):
    with database.writing() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == email_of("adams"))).one()
        here = Personnel.person_id == person_id
        session.execute(update(Personnel).where(here).values(unit="Third Bridge Company", external_id="B-17"))
    page = visit("adams").get("/account")
    assert "Unit Third Bridge Company Number at your academy B-17" in page.words
    assert "Third Bridge" not in visit("baker").get("/account").words


def test_a_student_reads_who_opened_their_attempts_and_nobody_else_does(visit: Visits, database: Database):
    adams, clarke = visit("adams"), visit("clarke")
    pass_quiz(adams)
    assert "Nobody has opened one" in adams.get("/account/opened").words
    with database.session() as session:
        attempt_id = session.scalars(select(Attempt.id)).one()
    assert clarke.get(f"/teach/attempts/{attempt_id}").status == 200
    page = adams.get("/account").follow("Who opened your attempts")
    assert re.search(r"UTC Captain Clarke Person Answers and decisions .*, attempt 1", page.words)
    for name in ("baker", "clarke", "evans"):
        assert "Nobody has opened one" in visit(name).get("/account/opened").words


def test_nobody_goes_to_an_academy_that_they_do_not_belong_to(visit: Visits, database: Database):
    adams = visit("adams")
    with database.session() as session:
        ids = dict(session.execute(select(Academy.slug, Academy.id)).all())
    foreign = adams.send("/account/academy", academy=ids[AWAY])
    unknown = adams.send("/account/academy", academy=999_999)
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert "Away Academy" not in adams.get("/account").words
    assert adams.send("/account/academy", academy=ids[HOME]).status_code == 303


def test_where_the_platform_has_no_name_passkeys_are_not_offered(visit: Visits):
    adams = visit("adams")
    cookie = adams.http.get_cookie("pme")
    assert cookie is not None
    adams.http.set_cookie("pme", cookie.value, domain="127.0.0.1")
    for where in ("/account/second-step", "/account/passkeys/new"):
        said = adams.http.get(where, base_url="http://127.0.0.1").get_data(as_text=True)
        assert "passkeys need a name" in said
        assert "Create the passkey" not in said
