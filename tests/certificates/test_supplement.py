"""The supplement of a course: what its certificates stand for, read from the edition, in four languages, on paper."""

from dataclasses import fields
from http import HTTPStatus
from types import SimpleNamespace

import page
import pypdfium2
import pytest
from flask import Flask, render_template

from pme.certificates.models import Certificate
from pme.certificates.press.languages import words_for as printed_in
from pme.certificates.queries import latest_of
from pme.certificates.supplement import described
from pme.certificates.supplement_words import words_for
from pme.content.catalogue import current
from pme.content.editions import content_of, current_edition
from pme.db import Database
from pme.handouts.handout import Handout
from pme.handouts.pdf import render
from pme.handouts.words import words_for as page_words_for
from tests.conftest import Visits
from tests.support.cast import START
from tests.support.clock import Clock
from tests.support.graduates import graduate

STANDARDS = ("3a", "ua1")
LANGUAGES = ("en", "fr", "uk", "ar")


def text_of(paper: bytes) -> str:
    """What a reader reads."""
    document = pypdfium2.PdfDocument(paper)
    return " ".join(" ".join(sheet.get_textpage().get_text_range() for sheet in document).split())


def faults(paper: bytes) -> list[str]:
    """What an independent checker says against each of the two standards."""
    reports = [page.validate_pdf_bytes(paper, profile=standard) for standard in STANDARDS]
    return [f"{each.rule_id}: {each.message}" for report in reports for each in report.failures]


@pytest.fixture
def certificate(database: Database, clock: Clock) -> Certificate:
    """What Adams earned at home."""
    clock.at = START
    with database.writing() as session:
        enrolment = graduate(session, "adams", at=START)
        found = latest_of(session, enrolment.academy_id, enrolment.id)
        assert found is not None
        session.expunge(found)
    return found


def test_it_tells_what_the_course_itself_asks(database: Database) -> None:
    with database.session() as session:
        edition = current_edition(session, current(session), "core")
        assert edition is not None
        content = content_of(session, edition)
    told = described(content)
    assert told.title == content.course.title
    assert [task.title for task in told.tasks if not task.is_scenario] == [content.quizzes["check"].title]
    quiz = content.quizzes["check"]
    (of_quiz,) = (task for task in told.tasks if not task.is_scenario)
    assert (of_quiz.pass_percent, of_quiz.attempts) == (quiz.pass_rule.min_percent, quiz.attempts)
    assert set(of_quiz.forms) == {item.type for item in quiz.items}
    assert {task.title for task in told.tasks if task.is_scenario} <= {
        each.title for each in content.scenarios.values()
    }
    drawn = quiz.model_copy(update={"pass_rule": quiz.pass_rule.model_copy(update={"min_percent": 91})})
    other = described(type(content)(content.course, content.modules, {"check": drawn}, content.scenarios))
    assert [task.pass_percent for task in other.tasks if not task.is_scenario] == [91]


def test_staff_and_whoever_has_a_code_read_it_and_it_names_no_person(
    certificate: Certificate, visit: Visits
) -> None:
    public = visit("nobody").get(f"/verify/{certificate.code}")
    assert public.tree is not None
    assert f"/verify/{certificate.code}/supplement.pdf" in public.tree.xpath("//a/@href")
    response = visit("nobody").http.get(f"/verify/{certificate.code}/supplement.pdf")
    paper, text = response.get_data(), text_of(response.get_data())
    assert response.mimetype == "application/pdf"
    assert faults(paper) == []
    for said in (certificate.course_title, "not a person", "Pass mark", certificate.edition_sha256):
        assert said in text
    assert certificate.holder_name not in text
    assert certificate.number not in text
    editions = visit("evans").get("/academy/editions/core")
    assert editions.tree is not None
    assert "/academy/editions/core/1/supplement.pdf" in editions.tree.xpath("//a/@href")
    own = visit("evans").fetch("/academy/editions/core/1/supplement.pdf").get_data()
    assert certificate.course_title in text_of(own)
    assert visit("nobody").http.get(f"/verify/{'Z' * 24}/supplement.pdf").status_code == HTTPStatus.NOT_FOUND
    assert (
        visit("evans").fetch("/academy/editions/core/99/supplement.pdf").status_code == HTTPStatus.NOT_FOUND
    )


@pytest.mark.alike
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_archivable_and_accessible_in_each_language(
    app: Flask, database: Database, language: str
) -> None:
    with database.session() as session:
        edition = current_edition(session, current(session), "core")
        assert edition is not None
        content = content_of(session, edition)
    words, press = words_for(language), printed_in(language)
    spoken = content.course.model_copy(update={"language": language})
    told = described(type(content)(spoken, content.modules, content.quizzes, content.scenarios))
    with app.test_request_context("/"):
        html = render_template(
            "print/supplement.html",
            academy=SimpleNamespace(name="Академія الأكاديمية", nation="Nowhere", is_demo=True),
            course=told,
            original=language,
            edition="1",
            digest=edition.digest,
            credits=1.5,
            frameworks=[["EQF", "5"], ["SQF-MILOF", "Level 5"]],
            verify="https://pme.example/verify",
            issuer="https://pme.example/academies/x/issuer",
            builds_on=["Another course"],
            validity=(words.valid, words.for_good),
            words=words,
            press=press,
            page_words=page_words_for(language),
            at=START,
        )
    paper = render(Handout(html=html, address="https://pme.example/verify", is_archival=True), within=60)
    assert faults(paper) == []
    assert len(paper) < 300_000


def test_every_word_is_there_in_each_language() -> None:
    english = words_for("en")
    for language in LANGUAGES[1:]:
        other = words_for(language)
        assert other.language == language
        assert set(other.forms) == set(english.forms)
        same = {
            each.name for each in fields(english) if getattr(other, each.name) == getattr(english, each.name)
        }
        assert same <= {"page", "minutes", "questions"}
