"""Signing in and out: what a cookie is worth, what a stranger can find out, what every answer says."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from pme import create_app
from pme.audit import AuditEntry, alias_of
from pme.config import Settings
from pme.db import Database
from pme.people.models import BrowserSession, FailedSignIn, Membership, Person, Standing
from pme.people.passwords import Hashing
from pme.people.service import PER_ADDRESS, find_by_password
from pme.people.tries import WINDOW
from tests.conftest import Visits
from tests.support.cast import CHEAP, NOBODY, PASSWORD, email_of
from tests.support.client import Page, Visit

pytestmark = pytest.mark.by_form

VARIES = re.compile(
    r'name="csrf_token"[^>]*value="[^"]+"|<span class="code">[0-9a-f]{12}</span>|value="[^"]+@[^"]+"'
)
WRONG = "a short walk by the river"


def cookie_of(visit: Visit) -> str:
    """What the browser holds."""
    cookie = visit.http.get_cookie("pme", "localhost")
    assert cookie is not None
    return cookie.value


def holding(app: Flask, cookie: str) -> Visit:
    """Another browser with a copy of a cookie."""
    thief = Visit(app, NOBODY)
    thief.http.set_cookie("pme", cookie)
    return thief


def is_in(visit: Visit) -> bool:
    """Whether the browser is signed in."""
    response = visit.fetch("/learn")
    assert response.status_code in (200, 303)
    return response.status_code == 200


def attempt(visit: Visit, password: str = WRONG, *, email: str = "", where: str = "/sign-in") -> Page:
    """Try to sign in, as Adams unless another address is given."""
    data = {"email": email or email_of("adams"), "password": password, "csrf_token": visit.token()}
    return Page(visit, visit.http.post(where, data=data))


def set_session(database: Database, **values: datetime) -> None:
    """Turn the clock of every browser session."""
    with database.writing() as session:
        session.execute(update(BrowserSession).values(**values))


def ago(**length: float) -> datetime:
    return datetime.now(UTC) - timedelta(**length)


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, visit: Visits):
    adams = visit("adams")
    thief = holding(app, cookie_of(adams))
    assert is_in(thief)
    adams.post("/sign-out")
    assert not is_in(adams)
    assert not is_in(thief)


def test_signing_in_again_ends_the_session_that_the_browser_had(
    app: Flask, visit: Visits, database: Database
):
    adams = visit("adams")
    before = cookie_of(adams)
    assert attempt(adams, PASSWORD).status == 303
    assert cookie_of(adams) != before
    assert is_in(adams)
    assert not is_in(holding(app, before))
    with database.session() as session:
        ended = session.scalars(select(BrowserSession.ended_at).order_by(BrowserSession.id)).all()
    assert [moment is not None for moment in ended] == [True, False]


def test_nothing_of_the_cookie_before_signing_in_counts_after_it(app: Flask, visit: Visits):
    adams = visit(NOBODY)
    token, before = adams.token(), cookie_of(adams)
    assert attempt(adams, PASSWORD).status == 303
    assert not is_in(holding(app, before))
    refused = adams.http.post("/learn/core/basics/first", data={"csrf_token": token})
    assert refused.status_code == 400


def test_two_browsers_of_one_person_do_not_end_each_other(visit: Visits):
    desk, phone = visit("adams"), visit("adams")
    desk.post("/sign-out")
    assert is_in(phone)


def test_only_the_hash_of_the_secret_is_kept(visit: Visits, database: Database):
    adams = visit("adams")
    with adams.http.session_transaction() as cookie:
        token = cookie["_user_id"]
    with database.session() as session:
        kept = session.scalars(select(BrowserSession.token_sha256)).one()
    assert len(token) >= 43
    assert token not in kept


def test_a_wrong_password_and_an_unknown_address_are_told_the_same_words(visit: Visits, database: Database):
    known = attempt(visit(NOBODY))
    unknown = attempt(visit(NOBODY), PASSWORD, email="nobody@home.example")
    with database.writing() as session:
        session.execute(update(Membership).values(standing=Standing.SUSPENDED))
    suspended = attempt(visit(NOBODY), PASSWORD)
    told = [VARIES.sub("", page.text) for page in (known, unknown, suspended)]
    assert known.status == unknown.status == suspended.status == 422
    assert told[0] == told[1] == told[2]
    assert "do not belong together" in known.words
    assert [name for name, _ in known.response.headers] == [name for name, _ in unknown.response.headers]


def test_an_unknown_address_costs_a_look_at_a_password_all_the_same(database: Database):
    looked_at = []

    class Noted(Hashing):
        def matches(self, kept: str | None, password: str) -> bool:
            looked_at.append(kept)
            return super().matches(kept, password)

    with database.session() as session:
        for email in (email_of("adams"), "nobody@home.example"):
            assert find_by_password(session, Noted(CHEAP), email=email, password=WRONG) is None
    assert [kept is None for kept in looked_at] == [False, True]


def test_the_address_stays_and_the_password_does_not(visit: Visits):
    page = attempt(visit(NOBODY))
    assert page.tree is not None
    assert page.tree.xpath("//input[@name='email']")[0].get("value") == email_of("adams")
    assert WRONG not in page.text


def test_an_address_may_be_written_in_capitals(visit: Visits):
    assert attempt(visit(NOBODY), PASSWORD, email=" Adams@HOME.example ").status == 303


def test_after_many_failures_one_address_waits_and_others_do_not(visit: Visits, database: Database):
    adams = visit(NOBODY)
    for _ in range(PER_ADDRESS):
        assert attempt(adams).status == 422
    for password in (WRONG, PASSWORD):
        page = attempt(adams, password, email="ADAMS@home.example")
        assert page.status == 429
        assert re.search(
            r"too many attempts to sign in. Try again in 15 minutes, or ask your academy", page.words
        )
    assert not is_in(adams)
    assert attempt(adams, PASSWORD, email=email_of("baker")).status == 303
    with database.writing() as session:
        session.execute(update(FailedSignIn).values(at=ago(seconds=WINDOW.total_seconds() + 1)))
    assert attempt(visit(NOBODY), PASSWORD).status == 303


def test_signing_in_wipes_earlier_failures(visit: Visits):
    for _ in range(2):
        adams = visit(NOBODY)
        for _ in range(PER_ADDRESS - 1):
            assert attempt(adams).status == 422
        assert attempt(adams, PASSWORD).status == 303


def test_who_is_suspended_is_out_at_once(visit: Visits, database: Database):
    adams, baker = visit("adams"), visit("baker")
    with database.writing() as session:
        person = select(Person.id).where(Person.email == email_of("adams")).scalar_subquery()
        session.execute(
            update(Membership).where(Membership.person_id == person).values(standing=Standing.SUSPENDED)
        )
    assert not is_in(adams)
    assert is_in(baker)


def test_a_session_that_nobody_uses_ends(visit: Visits, database: Database):
    adams = visit("adams")
    set_session(database, renewed_at=ago(minutes=239))
    assert is_in(adams)
    set_session(database, renewed_at=ago(minutes=241))
    assert not is_in(adams)


def test_a_session_ends_in_the_evening_however_much_it_is_used(visit: Visits, database: Database):
    adams = visit("adams")
    set_session(database, started_at=ago(hours=11.9))
    assert is_in(adams)
    set_session(database, started_at=ago(hours=12.1), renewed_at=ago(minutes=1))
    assert not is_in(adams)


def test_acts_renew_a_session_and_reading_does_not(visit: Visits, database: Database):
    adams = visit("adams")
    then = ago(minutes=30)
    set_session(database, renewed_at=then)
    adams.get("/learn/core/basics/first")
    with database.session() as session:
        assert session.scalars(select(BrowserSession.renewed_at)).one() == then
    adams.post("/learn/core/basics/first")
    with database.session() as session:
        assert session.scalars(select(BrowserSession.renewed_at)).one() > then


def test_signing_in_is_on_record_without_the_secret(visit: Visits, database: Database):
    visit("adams")
    with database.session() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        person = session.scalars(select(Person.id).where(Person.email == email_of("adams"))).one()
        alias = alias_of(session, person)
    assert entry is not None
    assert (entry.act, entry.actor, entry.detail) == ("signed in", alias, {})
    assert entry.source == "127.0.0.0/24", "from where, as coarsely as it serves"


@pytest.mark.alike
@pytest.mark.parametrize("token", [None, "", "made up", "IjEyMyI.aaaa.bbbb"])
def test_a_form_without_its_token_changes_nothing(visit: Visits, database: Database, token: str | None):
    adams = visit("adams")
    response = adams.http.post("/sign-out", data={} if token is None else {"csrf_token": token})
    page = Page(adams, response)
    assert page.status == 400
    assert "Nothing was changed" in page.words
    assert "Go back, reload the page" in page.words
    assert is_in(adams)
    with database.session() as session:
        assert session.scalar(select(func.count()).where(BrowserSession.ended_at.is_not(None))) == 0


def test_a_token_of_another_browser_is_refused(visit: Visits):
    adams, baker = visit("adams"), visit("baker")
    assert adams.http.post("/sign-out", data={"csrf_token": baker.token()}).status_code == 400


@pytest.mark.alike
@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "[::1]", "", "a b"]
)
def test_a_foreign_host_is_refused(visit: Visits, host: str):
    response = visit("adams").fetch("/learn", headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.get_data(as_text=True)


@pytest.mark.alike
@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1", "127.0.0.1:8000", "LOCALHOST"])
def test_its_own_hosts_are_answered_to(visit: Visits, host: str):
    assert visit(NOBODY).fetch("/robots.txt", headers={"Host": host}).status_code == 200


@pytest.mark.alike
@pytest.mark.parametrize(
    "where", ["/", "/sign-in", "/learn", "/learn/core/basics/first", "/certificates", "/nothing", "/readyz"]
)
def test_every_answer_keeps_the_browser_strict(visit: Visits, where: str):
    for name in ("adams", NOBODY):
        headers = visit(name).fetch(where).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy.pop("img-src") == "'self' data:"  # the icon is within the page
        assert set(policy.values()) == {"'none'", "'self'"}
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert re.fullmatch(r"[0-9a-f]{12}", headers["X-Request-Id"])
        assert "Server" not in headers
        if name == "adams" or where == "/sign-in":
            assert headers["Cache-Control"] == "no-store"


def test_a_redirect_to_sign_in_and_the_answer_to_a_form_are_not_kept_either(visit: Visits):
    assert visit("adams").send("/learn/core/basics/first").headers["Cache-Control"] == "no-store"
    assert visit(NOBODY).send("/learn/core/basics/first").headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_for_ever_and_carry_nothing_personal(visit: Visits):
    adams = visit("adams")
    sheet = re.search(r'href="(/static/[^"]+app\.css)"', adams.get("/learn").text)
    assert sheet is not None
    response = adams.fetch(sheet[1])
    assert "immutable" in response.headers["Cache-Control"]
    assert "Set-Cookie" not in response.headers


def test_over_tls_the_cookie_and_the_browser_demand_it(environment: dict[str, str]):
    app = create_app(Settings.from_environment(environment | {"PME_PUBLIC_URL": "https://pme.example"}))
    client = app.test_client()
    response = client.get("/sign-in", base_url="https://pme.example")
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(response.headers["Set-Cookie"].split("; "))
    assert response.headers["Strict-Transport-Security"].startswith("max-age=")
    app.extensions["pme_database"].dispose()


@pytest.mark.alike
@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https://evil.example/",
        "https:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        "///evil.example",
        "/%5c\\evil.example",
    ],
)
def test_after_signing_in_nobody_is_sent_away(visit: Visits, wanted: str):
    adams = visit(NOBODY)
    with adams.http.application.test_request_context():
        where = adams.http.application.url_for("public.sign_in", next=wanted)
    response = attempt(adams, PASSWORD, where=where).response
    assert response.status_code == 303
    assert response.headers["Location"] == "/learn"


def test_who_had_to_sign_in_goes_on_where_they_wanted_to(visit: Visits):
    adams = visit(NOBODY)
    form = adams.get("/learn/core/basics/first?from=mail")
    assert form.path == "/sign-in"
    page = form.submit(email=email_of("adams"), password=PASSWORD)
    assert page.response.request.full_path == "/learn/core/basics/first?from=mail"


def test_who_is_signed_in_is_not_asked_again(visit: Visits):
    for name, first in (("adams", "/learn"), ("clarke", "/teach"), ("evans", "/academy")):
        person = visit(name)
        for where in ("/", "/sign-in"):
            assert person.fetch(where).headers["Location"] == first
