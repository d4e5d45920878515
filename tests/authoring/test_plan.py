"""What publishing will change, and for how many: told before, as counts."""

from sqlalchemy import select

from pme.assessment.service import begin as begin_attempt
from pme.content import catalogue
from pme.content.publish import newest
from pme.db import Database
from pme.enrolment.models import Enrolment, EnrolmentStatus
from pme.progress.models import ModuleCompletion, PageRead
from tests.authoring.question_forms import value
from tests.authoring.reviewing import require, reviewer
from tests.authoring.test_changes import put_file
from tests.authoring.test_drafting import begin, change, title_of_quiz
from tests.conftest import Visits
from tests.content.small_library import MODULE, PAGE, QUIZ, SCENARIO, SECOND, Shelf
from tests.support.cast import START
from tests.support.client import Page


def row(page: Page, table: str, title: str) -> list[str]:
    """The cells of a row of a table."""
    cells = page.tree.xpath(f"//section[@aria-labelledby='{table}']//tr[th[normalize-space()='{title}']]/td")
    return [cell.xpath("string()").strip() for cell in cells]


def study(database: Database) -> None:
    """Adams and Gray are in the middle of the module, Baker has completed it; attempts of the two are open."""
    with database.writing() as session:
        found = catalogue.current(session)
        module, quiz = found.modules_by_slug["listening"], found.quizzes_by_slug["listening-check"]
        for number, enrolment in enumerate(session.scalars(select(Enrolment).order_by(Enrolment.id)).all()):
            for page in ("first-steps", "next-steps"):
                session.add(
                    PageRead(
                        enrolment_id=enrolment.id,
                        module="listening",
                        page=page,
                        version_id=module.version_id,
                        read_at=START,
                    )
                )
            if number == 1:
                session.add(
                    ModuleCompletion(
                        enrolment_id=enrolment.id,
                        module="listening",
                        version_id=module.version_id,
                        completed_at=START,
                    )
                )
            else:
                begin_attempt(session, enrolment, quiz, module="listening", at=START)


def test_it_is_told_for_how_many_and_nothing_is_published_yet(
    published: Shelf, database: Database, visit: Visits
):
    study(database)
    clarke = visit("clarke")
    draft, other = begin(clarke), begin(clarke, "Another")
    change(clarke, draft, QUIZ, "A check", "A clearer check")
    change(clarke, other, QUIZ, "A check", "Another check")
    page = clarke.get(draft).follow("Publish")
    assert "A clearer check Quiz Changed" in page.words
    assert row(page, "under-way", "Listening") == ["1", "2"]
    assert row(page, "attempts", "A clearer check") == ["1", "2"]
    assert "1 other draft changes the same files" in page.words
    assert "Completed by another rule" not in page.words
    assert title_of_quiz(database) == "A check"
    for name in ("Adams", "Gray", "Another check"):
        assert name not in page.words


def test_who_has_left_is_not_counted(published: Shelf, database: Database, visit: Visits):
    study(database)
    with database.writing() as session:
        for enrolment in session.scalars(select(Enrolment)):
            enrolment.status = EnrolmentStatus.WITHDRAWN
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, PAGE, "First steps", "The first steps")
    assert row(clarke.get(f"{draft}/publish"), "under-way", "Listening") == ["0", "0"]


def test_another_rule_a_new_page_and_a_retired_scenario_are_told(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    put_file(database, draft, SCENARIO, None)
    put_file(database, draft, SECOND, b"# Next steps\n\nYou write down what you saw.\n")
    change(clarke, draft, MODULE, "  scenarios: [gate]\n", "")
    page = clarke.get(f"{draft}/publish")
    assert "At the gate Scenario Retired" in page.words
    assert "Completed by another rule" in page.words


def test_what_hinders_is_told_without_a_button(published: Shelf, database: Database, visit: Visits):
    clarke, baker = visit("clarke"), reviewer(database, visit)
    require(database, "Legal adviser", "baker")
    draft = begin(clarke)
    assert "There is nothing in this draft yet" in clarke.get(f"{draft}/publish").words
    change(clarke, draft, QUIZ, "title: A check", "title: A check\ntitle: Twice")
    page = clarke.get(f"{draft}/publish")
    assert "Approval is still missing from: Legal adviser" in page.words
    assert "the check found errors" in page.words
    assert not page.tree.xpath("//main//button")
    assert baker.fetch(f"{draft}/publish").status_code == 403


def test_what_was_shown_is_what_is_published(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "A check", "A clearer check")
    page = clarke.get(f"{draft}/publish")
    change(clarke, draft, QUIZ, "A clearer check", "Something else")
    refused = page.press("Publish")
    assert "has changed since you looked" in refused.words
    assert "Something else Quiz Changed" in refused.words
    assert title_of_quiz(database) == "A check"
    refused.press("Publish")
    with database.session() as session:
        first = newest(session)
    assert "published or discarded already" in page.press("Publish").words
    with database.session() as session:
        second = newest(session)
    assert first is not None
    assert second is not None
    assert first.id == second.id


def test_students_read_the_name_of_the_draft_or_what_its_author_writes_instead(
    published: Shelf, database: Database, visit: Visits
):
    clarke, notes = visit("clarke"), []
    for number, typed in enumerate(({}, {"note": " It says more of the gate. "}, {"note": ""}), start=1):
        draft = begin(clarke, f"Draft {number}")
        change(clarke, draft, PAGE, "First steps", "First steps too")
        page = clarke.get(f"{draft}/publish")
        assert value(page, "note") == f"Draft {number}"
        if number == 1:
            refused = page.press("Publish", note="x" * 121)
            assert refused.status == 422
            assert "Keep this under 120 characters." in refused.words
        page.press("Publish", **typed)
        with database.session() as session:
            current = newest(session)
        assert current is not None
        notes.append(current.note)
    assert notes == ["Draft 1", "It says more of the gate.", ""]
