"""Content in the language that a student reads: chosen once, kept by attempts, graded alike, told to machines."""

import pytest
from flask import Flask
from sqlalchemy import event, select

from pme.assessment.models import Attempt
from pme.content.catalogue import current
from pme.content.publish import publish
from pme.db import Database
from pme.people.models import Person
from tests.conftest import Visits
from tests.support import student
from tests.support.cast import START, email_of
from tests.support.client import Page, Visit
from tests.support.in_french import in_french, publish_in_french
from tests.support.library import library
from tests.support.student import BASICS, RIGHT
from tests.web.test_answer_keys import NEVER, QUIZ, SECRETS, Watched, secrets_in

pytestmark = pytest.mark.alike

FRENCH = "Français"
IN_FRENCH = {f"FR {stem}": [f"FR {each}" for each in said] for stem, said in RIGHT.items()}


@pytest.fixture
def french(database: Database) -> None:
    """Everything can be had in French."""
    publish_in_french(database, library())


def choose(visit: Visit, where: str = f"{BASICS}/") -> Page:
    return visit.get(where).press(FRENCH)


def answered_in_french(visit: Visit) -> Page:
    page = visit.get(QUIZ).press("Begin")
    while "Question" in page.title:
        if "belongs together" in page.words:
            page = page.press("Save and continue", **_pairs(page))
        else:
            page = student.answer(page, IN_FRENCH, order=tuple(f"FR {s}" for s in student.ORDER))
    return page


def _pairs(page: Page) -> dict[str, str]:
    assert page.tree is not None
    filled, wanted = {}, {f"FR {left}": f"FR {right}" for left, right in student.PAIRS.items()}
    for menu in page.tree.xpath("//main//select"):
        left = " ".join(page.tree.xpath(f"string(//label[@for='{menu.get('id')}'])").split())
        for option in menu.xpath(".//option"):
            if " ".join(option.xpath("string()").split()).partition(". ")[2] == wanted.get(left):
                filled[menu.get("name")] = option.get("value")
    return filled


def test_a_language_is_chosen_in_place_and_remembered(visit: Visits, french: None, database: Database):
    adams = visit("adams")
    page = adams.get(f"{BASICS}/first")
    assert "FR " not in page.words
    chosen = page.press(FRENCH)
    assert chosen.path == f"{BASICS}/first"
    assert "FR Page first" in chosen.words
    assert "FR The basics" in adams.get(f"{BASICS}/").words
    with database.session() as session:
        person = session.scalars(select(Person).where(Person.email == email_of("adams"))).one()
        assert person.reading_language == "fr"
    again = visit("adams")
    assert "FR The basics" in again.get(f"{BASICS}/").words
    assert "FR " not in again.get(f"{BASICS}/").press("English").words


def test_every_text_says_its_language(visit: Visits, french: None):
    adams = visit("adams")
    choose(adams)
    for where in ("/learn", "/learn/core", f"{BASICS}/", f"{BASICS}/first", QUIZ, f"{BASICS}/whole-module",
                  f"{BASICS}/scenario/checkpoint"):  # fmt: skip
        page = adams.get(where)
        assert page.tree is not None
        texts = page.tree.xpath("//main//text()[contains(., 'FR ') and not(parent::option)]")
        assert texts, where
        for text in texts:
            tongue = text.getparent().xpath("ancestor-or-self::*[@lang][1]/@lang")
            assert tongue == ["fr"], (where, text)
        assert "&lt;span" not in page.text


def test_the_switch_is_only_where_there_is_a_choice(visit: Visits):
    page = visit("adams").get(f"{BASICS}/")
    assert FRENCH not in page.tree.xpath("string(//main)")


@pytest.mark.parametrize(
    ("behind", "place", "says"),
    [
        (("pages.first",), "first", "Parts of this page are newer than its translation."),
        (("pages.first", "pages.first.title", "pages.first.text"), "first", "not translated yet"),
        (("pages.second",), "first", ""),
        (("summary",), "", "Parts of this page are newer"),
    ],
)
def test_what_is_not_up_to_date_is_told_at_the_top(
    behind: tuple[str, ...], place: str, says: str, visit: Visits, database: Database
):
    publish_in_french(database, library(), behind=behind)
    adams = visit("adams")
    choose(adams)
    words = adams.get(f"{BASICS}/{place}").words
    assert says in words
    assert bool(says) == ("translat" in words)


def test_another_language_asks_the_database_nothing_more(
    visit: Visits, french: None, database: Database, app: Flask
):
    adams = visit("adams")
    asked: list[str] = []
    engine = app.extensions["pme_database"].engine

    def count(where: str) -> int:
        adams.get(where)
        asked.clear()
        adams.get(where)
        return len([each for each in asked if each.startswith("SELECT")])

    event.listen(engine, "before_cursor_execute", lambda *sent: asked.append(sent[2]))
    places = (f"{BASICS}/", f"{BASICS}/first", QUIZ, f"{BASICS}/scenario/checkpoint")
    english = [count(where) for where in places]
    choose(adams)
    assert [count(where) for where in places] == english


def test_a_get_changes_no_language_and_a_bad_one_is_not_known(visit: Visits, french: None):
    adams = visit("adams")
    assert adams.fetch("/learn/language").status_code in (404, 405)
    assert adams.send("/learn/language", language="xx", back="/learn").status_code == 404
    for back in ("https://evil.example/", "//evil.example/", "/\\evil.example", ""):
        answer = adams.send("/learn/language", language="fr", back=back)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/learn")


def test_an_attempt_keeps_its_language_and_its_words(visit: Visits, french: None, database: Database):
    adams = visit("adams")
    choose(adams)
    question = adams.get(QUIZ).press("Begin")
    assert "FR " in question.words
    adams.get(f"{BASICS}/").press("English")
    assert "FR " in adams.get(question.path).words, "the attempt was begun in French"
    edited = library().entries
    with database.writing() as session:
        publish(session, in_french(type(library())(edited), behind=("title",)), by_id=None, at=START, note="")
        publish(session, library(), by_id=None, at=START, note="the translation is gone")
        quiz = current(session).quiz("check")
        assert quiz is not None
        assert quiz.content.languages == ("en",)
    assert "FR " in adams.get(question.path).words, "the words are those of its version"
    with database.session() as session:
        assert session.scalars(select(Attempt.language)).all() == ["fr"]


def test_every_language_is_graded_alike(visit: Visits, french: None, database: Database):
    adams = visit("adams")
    choose(adams)
    result = answered_in_french(adams).press("Hand in")
    assert "Passed" in result.words
    assert "FR CANARY feedback alpha" in result.words
    gate = student.begin_scenario(adams)
    debrief = student.decide(student.decide(gate, "FR Do listen"), "FR Do help")
    assert "You reached 100" in debrief.words
    assert "FR What will you say?" in debrief.words
    with database.session() as session:
        number = session.scalars(select(Attempt.id).where(Attempt.slug == "check")).one()
    clarke = visit("clarke")
    as_written = clarke.get(f"/teach/attempts/{number}")
    assert "FR " not in as_written.words
    assert "Taken in Français" in as_written.words
    assert "FR Which one?" in as_written.follow("Show what the student saw").words
    adams.get(f"{BASICS}/").press("English")
    page = adams.get(QUIZ).press("Take it again")
    while "Question" in page.title:
        page = student.answer(page, RIGHT)
    page.press("Hand in")
    with database.session() as session:
        first, second = session.scalars(
            select(Attempt).where(Attempt.slug == "check").order_by(Attempt.id)
        ).all()
    assert (first.language, second.language) == ("fr", None)
    assert first.result == second.result
    assert (first.percent, first.is_passed) == (second.percent, second.is_passed) == (100.0, True)


def test_no_key_leaks_in_any_language(visit: Visits, french: None, app: Flask):
    both = secrets_in(in_french(library()))
    other = both - SECRETS
    assert len(other) > 20, "the translation carries secrets of its own"
    adams = Watched(app, visit("adams"))
    adams.visit.get(QUIZ).press("Begin")
    adams.crawl()
    choose(adams.visit)
    student.begin_scenario(adams.visit)
    adams.crawl()
    for where, text in adams.seen:
        leaked = {secret for secret in both | NEVER if secret in text}
        assert not leaked, (where, leaked)


def test_a_check_on_a_page_is_one_check_in_both_languages(visit: Visits, french: None):
    adams = visit("adams")
    english = adams.get(f"{BASICS}/first")
    assert english.tree is not None
    asked = english.tree.xpath("//input[@name='asked']/@value")
    other = english.press(FRENCH)
    assert other.tree is not None
    assert asked
    assert other.tree.xpath("//input[@name='asked']/@value") == asked
