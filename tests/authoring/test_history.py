"""Every publication is kept: listed, compared, brought back as a new one."""

import pytest
from sqlalchemy import select

from pme.authoring import history
from pme.authoring.queries import published_file
from pme.content.models import ContentVersion, Publication, PublicationFile
from pme.content.publish import newest
from pme.db import Database
from tests.authoring.reviewing import reviewer
from tests.authoring.test_changes import put_file
from tests.authoring.test_drafting import begin, change, title_of_quiz
from tests.conftest import Visits
from tests.content.small_library import FIGURE, PAGE, QUIZ, Shelf
from tests.support.client import Page, Visit

BACK = "/author/history/bring-back"


def publish(visit: Visit, old: str, new: str, path: str = QUIZ) -> None:
    """Publish one change."""
    draft = begin(visit, f"From {old} to {new}")
    change(visit, draft, path, old, new)
    assert "Students see it" in visit.post(f"{draft}/publish").words


def newest_id(database: Database) -> int:
    with database.session() as session:
        found = newest(session)
        assert found is not None
        return found.id


def note_of_the_newest(database: Database) -> str:
    with database.session() as session:
        found = newest(session)
        assert found is not None
        return found.note


def test_publications_are_listed_compared_and_brought_back_in_one_press(
    published: Shelf, database: Database, visit: Visits
):
    clarke, first = visit("clarke"), newest_id(database)
    publish(clarke, "A check", "Another check")
    publish(clarke, "First steps", "The first steps", PAGE)
    with database.session() as session:
        versions = {row.id: row.sha256 for row in session.scalars(select(ContentVersion))}
    listed = clarke.get("/author").follow("What was published")
    assert "From A check to Another check" in listed.words
    assert "Clarke Person" in listed.words
    assert f"Changed: {QUIZ}" in listed.words
    compared = listed.follow(f"Compare with now: publication {first}")
    assert compared.words.count("Changed") == 2
    file = compared.follow("Another check")
    assert [each.xpath("string()") for each in file.tree.xpath("//main//ins")] == ["added: Another "]
    button = f"Publish this file as it was in publication {first}"
    with database.session() as session:
        at = session.get_one(Publication, first).at
    suggested = f"It is again as it was on {at.day} {at:%B %Y}."
    assert file.tree.xpath("//input[@name='note']/@value") == [suggested]
    assert "Keep this under 120 characters." in file.press(button, note="x" * 121).words
    assert title_of_quiz(database) == "Another check"
    done = file.press(button)
    assert "Students see it" in done.words
    assert note_of_the_newest(database) == suggested
    assert title_of_quiz(database) == "A check"
    assert newest_id(database) == first + 3
    with database.session() as session:
        now = {row.id: row.sha256 for row in session.scalars(select(ContentVersion))}
        left = history.differing(session, first, first + 3)
    assert [each.name.path for each in left] == [PAGE]
    assert now == versions


def test_everything_as_it_was_is_a_draft_like_any_other(published: Shelf, database: Database, visit: Visits):
    clarke, first = visit("clarke"), newest_id(database)
    draft = begin(clarke)
    change(clarke, draft, QUIZ, "A check", "Another check")
    put_file(database, draft, FIGURE, None)
    change(
        clarke,
        draft,
        PAGE,
        '![Three boxes in a row: listen, offer, act](media/steps.svg "The three steps")',
        "",
    )
    assert "Students see it" in clarke.post(f"{draft}/publish").words
    compared = clarke.get(f"/author/history/compare?older={first}")
    begun = compared.press(f"Begin a draft with everything as it was in publication {first}")
    assert "As it was on" in begun.title
    assert "Students see it" in begun.follow("Publish").press("Publish").words
    with database.session() as session:
        assert history.differing(session, first, newest_id(database)) == []


def test_students_read_what_its_author_writes_of_an_edition_that_is_brought_back(
    published: Shelf, database: Database, visit: Visits
):
    clarke, first = visit("clarke"), newest_id(database)
    publish(clarke, "A check", "Another check")
    page = clarke.get(f"/author/history/compare?older={first}")
    page.press(
        f"Publish everything as it was in publication {first}", note=" The earlier words were clearer. "
    )
    assert note_of_the_newest(database) == "The earlier words were clearer."


def test_where_approval_is_required_going_back_is_reviewed_too(
    published: Shelf, database: Database, visit: Visits
):
    clarke, first = visit("clarke"), newest_id(database)
    publish(clarke, "A check", "Another check")
    baker = reviewer(database, visit, "baker", "Legal adviser")
    page = clarke.get(f"/author/history/compare?older={first}&path={QUIZ}")
    assert "Publish this file" not in page.words
    sneaked = clarke.post(BACK, publication=str(first), act="publish")
    assert "A draft holds the files as they were then" in sneaked.words
    assert "Approval is still missing from: Legal adviser" in clarke.post(f"{sneaked.path}/publish").words
    assert title_of_quiz(database) == "Another check"
    assert "Begin a draft" not in baker.get(f"/author/history/compare?older={first}").words
    assert baker.send(BACK, publication=str(first)).status_code == 404


def test_what_is_published_now_and_what_was_not_kept_cannot_be_brought_back(
    published: Shelf, database: Database, visit: Visits
):
    clarke, first = visit("clarke"), newest_id(database)
    assert "nothing would change" in clarke.post(BACK, publication=str(first)).words
    publish(clarke, "A check", "Another check")
    assert "nothing would change" in clarke.post(BACK, publication=str(first), path=PAGE).words
    with database.writing() as session:
        for file in session.scalars(select(PublicationFile).where(PublicationFile.publication_id == first)):
            session.delete(file)
    assert "were not kept" in clarke.post(BACK, publication=str(first)).words


def test_pictures_are_compared_as_pictures(published: Shelf, database: Database, visit: Visits):
    clarke, first = visit("clarke"), newest_id(database)
    draft = begin(clarke)
    with database.session() as session:
        figure = published_file(session, FIGURE)[1]
    assert figure is not None
    put_file(database, draft, FIGURE, figure.replace(b"Three steps", b"The steps"))
    assert "Students see it" in clarke.post(f"{draft}/publish").words
    page: Page = clarke.get(f"/author/history/compare?older={first}&path={FIGURE}")
    before, after = page.tree.xpath("//main//img/@src")
    assert clarke.fetch(before).data == figure
    assert b"The steps" in clarke.fetch(after).data


def test_a_long_history_is_told_in_parts(published: Shelf, visit: Visits, monkeypatch: pytest.MonkeyPatch):
    clarke = visit("clarke")
    for number in range(3):
        publish(clarke, "A check" if not number else f"Check {number - 1}", f"Check {number}")
    monkeypatch.setattr(history, "SHOWN", 2)
    page = clarke.get("/author/history")
    assert "to Check 0" not in page.words
    assert "to Check 0" in page.follow("Older publications").words


def test_publications_that_never_were_are_not_there(published: Shelf, visit: Visits):
    clarke = visit("clarke")
    for query in ("older=999", "older=x", "newer=-1", "older=1&path=nowhere"):
        assert clarke.fetch(f"/author/history/compare?{query}").status_code == 404
    assert clarke.fetch("/author/history?before=x").status_code == 200
    assert clarke.send(BACK, publication="x").status_code == 404
