"""Bad input gets a sentence, keeps what was typed, and never an inside view: every form, every address."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.routing import AnyConverter, Rule

from pme.assessment.models import Attempt, Decision, Reflection, Response
from pme.assessment.service import LONGEST_REFLECTION
from pme.db import Database
from pme.web import LARGEST_FORM
from tests.conftest import Visits
from tests.support import student
from tests.support.belongings import Belongings, give, keep_pdf
from tests.support.cast import NOBODY, PASSWORD, email_of
from tests.support.client import Page, Visit

pytestmark = pytest.mark.alike

MARKUP = "<script>alert(1)</script>\"'&<b>"
STRANGE = "a\x00ba\x01ba\x1bba\x7fba\x85ba\ufffeba\ufdd0ba\U0001ffffb"
CANNOT_BE_KEPT = "characters that cannot be kept"
LETTERS = "Ça ira: Ελλάδα, العربية, 日本語, 👩🏽‍✈️, e\u0301, \u200fright\u200e, \t tab"
INSIDES = re.compile(
    r"Traceback|sqlalchemy|psycopg|sqlite|werkzeug|KeyError|File \"|\.py\b|SELECT |/pme/", re.IGNORECASE
)
JSON = {"Accept": "application/json"}
HUGE = "x" * (LARGEST_FORM + 1)
BAD_IDS = [
    "abc",
    "-1",
    "1.5",
    "1e3",
    "٣",
    "0",
    str(2**31),
    str(2**63),
    "9" * 40,
    "9" * 5000,
    "%00",
    "1%00",
    "1%0a",
    "%ff",
    ".",
]
BAD_SLUGS = [
    "%00",
    "core%00",
    "%01",
    "%c3%28",
    "x" * 2000,
    quote(MARKUP.replace("/", "")),
    "%E2%80%AE",
    "core%20",
    "CORE",
    "%2e%2e",
]


@pytest.fixture
def own(app: Flask, database: Database) -> Belongings:
    """What Adams owns."""
    found = give(database, "adams")
    keep_pdf(app, found)
    return found


def alone(page: Page, says: str) -> Page:
    """A page that refuses, in a sentence that stands in the summary and beside the field."""
    assert page.status == 422, page.words
    assert page.words.count(says) >= 2, page.words
    assert "Error: " in page.text.partition("</title>")[0]
    return page


def value_of(page: Page, name: str) -> str:
    """What stands in a field."""
    assert page.tree is not None
    (field,) = page.tree.xpath(f"//*[@name='{name}']")
    return str(field.get("value") if field.tag == "input" else (field.text or "").removeprefix("\n"))


def explains(page: Page) -> None:
    """An error page: the request's id, a next step, nothing of the inside."""
    assert page.response.headers["X-Request-Id"] in page.words
    assert "Go to the first page" in page.words
    assert not INSIDES.search(page.text), INSIDES.search(page.text)
    assert page.response.headers["Cache-Control"] == "no-store"


def sign_in(visit: Visit, **fields: Any) -> Page:
    return Page(visit, visit.send("/sign-in", **fields))


def _one(rule: Rule, name: str) -> Any:
    """Something that may stand in this place of an address."""
    converter = rule._converters[name]
    return min(converter.items) if isinstance(converter, AnyConverter) else 1


def test_signing_in_asks_for_what_is_missing(visit: Visits):
    page = alone(sign_in(visit(NOBODY)), "Enter your e-mail address.")
    assert page.words.count("Enter your password.") == 2
    page = alone(sign_in(visit(NOBODY), email="a@b.example"), "Enter your password.")
    assert value_of(page, "email") == "a@b.example"


@pytest.mark.parametrize("email", ["x" * 255, MARKUP, LETTERS, "no address at all"])
def test_an_address_that_cannot_be_one_stays_in_its_field(visit: Visits, email: str):
    page = sign_in(visit(NOBODY), email=email, password=PASSWORD)
    assert page.status == 422
    assert value_of(page, "email") == email
    assert page.tree is not None
    assert page.tree.xpath("//main//script") == []


def test_an_endless_password_is_refused_before_it_costs_anything(visit: Visits):
    alone(sign_in(visit(NOBODY), email=email_of("adams"), password="p" * 1025), "This password is too long.")


@pytest.mark.parametrize(("text", "left"), [("a\x00b", "ab"), (STRANGE, "ab" * 8)], ids=["NUL", "all"])
def test_signs_that_nobody_types_are_taken_out_and_told_of(visit: Visits, text: str, left: str):
    page = alone(sign_in(visit(NOBODY), email=text, password=PASSWORD), CANNOT_BE_KEPT)
    assert value_of(page, "email") == left
    page = alone(visit(NOBODY).get(f"/verify?code={quote(text)}"), CANNOT_BE_KEPT)
    assert value_of(page, "code") == left
    adams = visit("adams")
    page = alone(student.reflect(student.play(adams), text), CANNOT_BE_KEPT)
    assert value_of(page, "prompt_0") == left
    told = adams.send(page.path, headers=JSON, prompt_0=text)
    assert told.status_code == 422
    assert CANNOT_BE_KEPT in told.get_json()["error"]


def test_a_password_may_hold_any_sign(visit: Visits):
    assert (
        "do not belong together"
        in sign_in(visit(NOBODY), email=email_of("adams"), password="a\x00b" * 9).words
    )


def test_verifying_asks_for_a_code(visit: Visits):
    alone(visit(NOBODY).get("/verify?code="), "Enter the code that is printed")
    page = alone(visit(NOBODY).get(f"/verify?code={'A' * 61}"), "A code has 24 letters and digits.")
    assert value_of(page, "code") == "A" * 61


def test_a_code_that_nobody_has_is_told_so_and_stays_in_its_field(visit: Visits):
    nobody = visit(NOBODY)
    for code in (MARKUP, LETTERS, "2" * 24, "' OR 1=1 --", "%"):
        for where in (f"/verify?code={quote(code)}", f"/verify/{quote(code, safe='')}"):
            page = nobody.get(where)
            assert page.status == 404
            if "/" not in code or "?" in where:
                assert "No certificate has this code" in page.words
                assert value_of(page, "code") == code


def test_a_code_is_read_in_capitals_small_letters_and_groups(visit: Visits, own: Belongings):
    for code in (own.code, own.code.lower(), "-".join(re.findall("....", own.code)), f" {own.code} "):
        assert visit(NOBODY).get(f"/verify?code={quote(code)}").path == f"/verify/{own.code}"


ANSWERS: list[dict[str, Any]] = [
    {"answer": "99"},
    {"answer": "0"},
    {"answer": "CANARY-alpha-right"},
    {"answer": "9" * 5000},
    {"answer": "1\x00"},
    {"answer": ["1", "1"]},
    {"row-1": "x", "order": ["1", "2"]},
    {"order": ["1", "1", "2"], "move": "up:3"},
    {"order": ["1", "2", "3"], "move": "up:\x00", "row-1": "\x00"},
]


def test_an_answer_that_was_not_offered_is_refused_or_counts_as_none(
    visit: Visits, own: Belongings, database: Database
):
    adams = visit("adams")
    for fields in ANSWERS:
        refused = 0
        for number in range(1, 6):
            where = f"/attempts/quiz/{own.open_quiz}/questions/{number}"
            told = adams.send(where, headers=JSON, **fields)
            if told.status_code == 422:
                refused += 1
                assert told.get_json()["error"].endswith("Choose among the answers shown.")
                alone(Page(adams, adams.send(where, **fields)), told.get_json()["error"])
            else:
                assert told.status_code == 200
        assert refused, fields
    with database.session() as session:
        kept = session.scalars(select(Response.answer).where(Response.attempt_id == own.open_quiz)).all()
    assert "\x00" not in str(kept)


def test_a_decision_asks_for_a_choice_and_takes_only_what_it_offers(
    visit: Visits, own: Belongings, database: Database
):
    adams, here = visit("adams"), f"/attempts/scenario/{own.open_scenario}"
    for choice in ("", "x", "1.0", "9" * 5000):
        alone(
            Page(adams, adams.send(here, step="1", choice=choice)),
            "Choose what you should do, then continue.",
        )
    for choice in ("0", "-1", "4", "9" * 40):
        alone(Page(adams, adams.send(here, step="1", choice=choice)), "Choose one of the answers shown.")
    for step in ("", "x", "9" * 40, "9" * 5000):
        assert adams.send(here, step=step, choice="1").status_code == 303
    with database.session() as session:
        assert session.scalar(select(func.count()).where(Decision.attempt_id == own.open_scenario)) == 0


def test_a_reflection_that_is_too_long_or_empty_is_still_there(
    visit: Visits, own: Belongings, database: Database
):
    adams, where = visit("adams"), f"/attempts/scenario/{own.debrief}/debrief"
    long = "é" * (LONGEST_REFLECTION + 1)
    page = alone(adams.post(where, prompt_0=long, prompt_1="Kept too."), "Keep this under 5,000 characters.")
    assert (value_of(page, "prompt_0"), value_of(page, "prompt_1")) == (long, "Kept too.")
    told = adams.send(where, headers=JSON, prompt_0=long)
    assert (told.status_code, told.get_json()) == (422, {"error": "Keep this under 5,000 characters."})
    alone(adams.post(where, prompt_0=" \n\t "), "Write at least one answer")
    alone(adams.post(where, prompt_9="Not asked."), "Write at least one answer")
    with database.session() as session:
        assert session.scalar(select(func.count()).where(Reflection.text != "")) == 0
    assert adams.post(where, prompt_0=long[:-1]).status == 200


def test_words_are_kept_and_shown_as_they_were_written(visit: Visits, own: Belongings):
    adams = visit("adams")
    for text in (MARKUP, LETTERS, "</textarea><h1>Mine</h1>", "{{ 7 * 7 }}", "\n\nTwo lines down"):
        page = adams.post(f"/attempts/scenario/{own.debrief}/debrief", prompt_0=text)
        assert value_of(page, "prompt_0") == text.strip()
        assert page.title == "Debrief"


def test_more_than_a_form_takes_is_refused(visit: Visits, own: Belongings):
    adams = visit("adams")
    for where in (
        "/sign-in",
        "/sign-out",
        "/learn/core/basics/first",
        f"/attempts/quiz/{own.open_quiz}/questions/1",
        f"/attempts/scenario/{own.debrief}/debrief",
    ):
        page = Page(adams, adams.send(where, prompt_0=HUGE, answer=HUGE, email=HUGE))
        assert page.status == 413
        assert "larger than this form accepts" in page.words
        assert "Go back: your text is still there." in page.words
        explains(page)


def test_an_id_that_is_none_is_not_found(visit: Visits, own: Belongings):
    adams, clarke = visit("adams"), visit("clarke")
    for bad in BAD_IDS:
        quiz, scenario = f"/attempts/quiz/{bad}", f"/attempts/scenario/{bad}"
        question = f"/attempts/quiz/{own.open_quiz}/questions/{bad}"
        for where in (quiz, f"{quiz}/result", question, f"{scenario}/debrief"):
            assert adams.fetch(where).status_code == 404, where
        for where in (f"{quiz}/finish", f"{quiz}/questions/1", f"{scenario}", f"{scenario}/close"):
            assert adams.send(where, step="1", choice="1").status_code == 404, where
        for where in (f"/teach/attempts/{bad}", f"/teach/core/students/{bad}"):
            assert clarke.fetch(where).status_code == 404, where
    explains(adams.get(f"/attempts/quiz/{BAD_IDS[0]}"))


def test_a_name_that_is_none_is_not_found(visit: Visits, own: Belongings):
    adams, clarke, nobody = visit("adams"), visit("clarke"), visit(NOBODY)
    for bad in BAD_SLUGS:
        acts = [f"/learn/core/basics/{bad}x", f"/learn/core/basics/quiz/{bad}"]
        reads = [f"/learn/{bad}", f"/learn/{bad}/basics/", f"/learn/core/{bad}/"]
        files = [f"/certificates/{bad}.pdf", f"/static/{bad}/app.css", f"/media/{bad}/x"]
        for where in (*acts, *reads, *files):
            assert adams.fetch(where).status_code == 404, where
        assert adams.send(acts[1]).status_code == 404, acts[1]
        back = adams.post(acts[0])
        assert back.status == 404 or back.path == "/learn/core/basics/", acts[0]
        assert clarke.fetch(f"/teach/{bad}").status_code == 404
        assert nobody.get(f"/verify/{bad}").status == 404
    explains(adams.get(f"/learn/{BAD_SLUGS[0]}"))


def test_a_page_number_that_is_none_shows_a_page_all_the_same(visit: Visits):
    clarke = visit("clarke")
    for number in ("x", "-1", "0", "9" * 40, "9" * 5000, "%00", "1%00", "", "2"):
        response = clarke.fetch(f"/teach/core?page={number}")
        assert "Adams Person" in response.get_data(as_text=True), number


def test_an_address_used_in_the_wrong_way_says_so(app: Flask, visit: Visits):
    adams = visit("adams")
    token, tried = adams.token(), set()
    for rule in app.url_map.iter_rules():
        with app.test_request_context():
            named = {name: _one(rule, name) for name in rule.arguments}
            where = app.url_for(rule.endpoint, **named)
        allowed = app.url_map.bind("").allowed_methods(where)
        method = next(method for method in ("POST", "GET", "DELETE") if method not in allowed)
        page = Page(adams, adams.http.open(where, method=method, data={"csrf_token": token}))
        assert page.status == 405, (method, where)
        assert set(page.response.headers["Allow"].split(", ")) == set(allowed)
        assert "It may have been reloaded after a form was sent." in page.words
        explains(page)
        tried.add(method)
    assert tried >= {"GET", "POST"}


def test_every_kind_of_no_is_explained(visit: Visits):
    adams, nobody = visit("adams"), visit(NOBODY)
    for page, status in (
        (Page(adams, adams.http.post("/sign-out")), 400),
        (adams.get("/academy"), 403),
        (adams.get("/nowhere"), 404),
        (nobody.get("/nowhere"), 404),
        (Page(nobody, nobody.fetch("/", headers={"Host": "evil.example"})), 400),
    ):
        assert page.status == status
        explains(page)


def test_a_fault_of_ours_shows_nothing_of_the_inside(visit: Visits, own: Belongings, database: Database):
    adams = visit("adams")
    with database.writing() as session:
        session.execute(
            update(Attempt).where(Attempt.id == own.open_quiz).values(draw={"nonsense": "CANARY"})
        )
    page = adams.get(f"/attempts/quiz/{own.open_quiz}")
    assert page.status == 500
    assert "The fault is ours and has been noted. What you saved before is safe." in page.words
    assert "CANARY" not in page.text
    explains(page)
    assert adams.get("/learn").status == 200
