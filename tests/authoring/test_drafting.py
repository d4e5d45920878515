"""A draft from the first word to the student's screen, in the browser without JavaScript."""

import pytest
from sqlalchemy import select

from pme.authoring.models import Draft, DraftStatus
from pme.content import catalogue
from pme.db import Database
from tests.conftest import Visits
from tests.content.small_library import PAGE, QUIZ, SCENARIO, Shelf
from tests.support.client import Page, Visit

pytestmark = pytest.mark.alike

JSON = {"Accept": "application/json"}


def begin(visit: Visit, title: str = "Clearer words") -> str:
    """Begin a draft; gives its address."""
    page = visit.get("/author").press("Begin", title=title)
    assert page.title == title
    return page.path


def change(visit: Visit, draft: str, path: str, old: str, new: str) -> Page:
    """Change a piece of a file in a draft."""
    page = visit.get(f"{draft}/file/{path}")
    text = page.form("Save in the draft").xpath(".//textarea")[0].text
    assert old in text
    return page.press("Save in the draft", content=text.replace(old, new))


def title_of_quiz(database: Database) -> str:
    with database.session() as session:
        quiz = catalogue.current(session).quiz("listening-check")
        assert quiz is not None
        return quiz.content.title


def test_a_change_is_drafted_checked_and_published(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    assert "Nothing changed yet" in clarke.get(draft).words
    saved = change(clarke, draft, QUIZ, "A check", "A clearer check")
    assert "Saved at" in saved.words
    assert title_of_quiz(database) == "A check"
    checked = clarke.get(draft).press("Check everything")
    assert "Nothing stops this draft" in checked.words
    done = checked.follow("Publish").press("Publish")
    assert "Students see it from now on" in done.words
    assert title_of_quiz(database) == "A clearer check"
    assert "Publish" not in [button.text for button in done.tree.xpath("//main//button")]
    assert "This draft is published" in done.words
    assert "Check again" not in done.words
    assert "Another version was published since" not in done.words
    assert clarke.get("/author").words.count("Clearer words") == 0


def test_what_is_wrong_is_told_with_its_line_and_nothing_is_published(
    published: Shelf, database: Database, visit: Visits
):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "title: A check", "title: A check\ntitle: Twice")
    told = clarke.post(f"{draft}/publish")
    assert "Nothing was published: the check found errors" in told.words
    assert "is already there at line" in told.words
    assert QUIZ in told.words
    assert "What the last check said" in clarke.get(f"{draft}/file/{QUIZ}").words
    assert title_of_quiz(database) == "A check"


def test_an_old_report_is_known_as_such(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "A check", "A clearer check")
    clarke.get(draft).press("Check everything")
    change(clarke, draft, QUIZ, "A clearer check", "The clearest check")
    assert "has changed since this check" in clarke.get(draft).words


def test_two_people_who_edit_one_file_never_overwrite_each_other(published: Shelf, visit: Visits):
    clarke, davis = visit("clarke"), visit("davis")
    draft = begin(clarke)
    first, second = (one.get(f"{draft}/file/{PAGE}") for one in (clarke, davis))
    first.press("Save in the draft", content="# Clarke's title\n")
    refused = second.press("Save in the draft", content="# Davis's title\n")
    assert refused.status == 409
    assert "Somebody else has saved this file" in refused.words
    merged = refused.tree.xpath("//textarea")[0].text
    assert "# Clarke's title" in merged
    assert "# Davis's title" in merged
    undecided = refused.press("Save the merged text")
    assert undecided.status == 422
    assert "keep one of the two versions there, and delete" in undecided.words
    kept = undecided.press("Save in the draft", content="# Both titles\n")
    assert kept.status == 200
    assert clarke.get(f"{draft}/file/{PAGE}").tree.xpath("//textarea")[0].text.strip() == "# Both titles"


def test_a_draft_begun_on_an_older_version_is_not_published_over_the_newer(
    published: Shelf, database: Database, visit: Visits
):
    clarke, davis = visit("clarke"), visit("davis")
    mine, theirs = begin(clarke, "Mine"), begin(davis, "Theirs")
    change(clarke, mine, QUIZ, "A check", "My check")
    change(davis, theirs, QUIZ, "A check", "Their check")
    davis.get(theirs).follow("Publish").press("Publish")
    assert "Another version was published since" in clarke.get(mine).words
    refused = clarke.post(f"{mine}/publish")
    assert "Another version was published since you began" in refused.words
    assert title_of_quiz(database) == "Their check"


def test_a_file_can_be_taken_out_and_a_draft_discarded(published: Shelf, database: Database, visit: Visits):
    clarke = visit("clarke")
    draft = begin(clarke)
    change(clarke, draft, SCENARIO, "At the gate", "At the other gate")
    page = clarke.get(draft).press("Take out: At the other gate")
    assert "Nothing changed yet" in page.words
    clarke.get(draft).press("Discard the draft")
    with database.session() as session:
        assert session.scalars(select(Draft.status)).all() == [DraftStatus.DISCARDED]
    assert clarke.send(f"{draft}/file/{QUIZ}", content="x", seen="0").status_code == 409


def test_saving_by_script_gives_the_revision_and_refuses_an_older_one(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    where = f"{begin(clarke)}/file/{PAGE}"
    first = clarke.send(where, headers=JSON, content="# One\n", seen="0")
    assert first.get_json()["seen"] == 1
    again = clarke.send(where, headers=JSON, content="# Two\n", seen="0")
    assert again.status_code == 409
    assert "compare" in again.get_json()["error"]
    bad = clarke.send(where, headers=JSON, content="# Two\x00\n", seen="1")
    assert bad.status_code == 422


@pytest.mark.parametrize(
    "path", ["modules/a/media/x.svg", "x", "..%2f..%2fetc%2fpasswd", "modules/../../etc/passwd"]
)
def test_what_is_no_text_file_of_the_content_is_not_there(published: Shelf, visit: Visits, path: str):
    clarke = visit("clarke")
    draft = begin(clarke)
    assert clarke.fetch(f"{draft}/file/{path}").status_code == 404
    assert clarke.send(f"{draft}/file/{path}", content="x").status_code == 404


def test_a_draft_needs_a_name_and_something_in_it(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    page = clarke.get("/author").press("Begin", title=" ")
    assert page.status == 422
    assert "Give the draft a name" in page.words
    too_long = clarke.get("/author").press("Begin", title="x" * 121)
    assert too_long.status == 422
    draft = begin(clarke)
    assert "There is nothing in this draft yet" in clarke.post(f"{draft}/publish").words
